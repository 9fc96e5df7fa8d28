//! What people see on standard error while a repair runs.

use crate::output::{clean, counted};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use repair_core::{Event, Observer};
use std::time::Duration;

/// A spinner with the present step, and a line for each thing that is settled. Silent if `quiet`.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// Begins to show progress.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, quiet }
    }

    /// Says what is being done.
    pub(crate) fn step(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// Says what is settled.
    pub(crate) fn line(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| anstream::eprintln!("{text}"));
        }
    }

    /// Ends the display.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn on(&self, event: &Event<'_>) {
        match event {
            Event::Reproducing => self.step("running the failed checks on the repository as it is"),
            Event::Reproduced { result } => {
                let failures = result.failures().count();
                self.line(&format!("  reproduced: {} {}", counted(failures, "failure"), clean(&result.environment)));
            }
            Event::Asking { queries } => self.step(format!("asking the project's tools ({queries})")),
            Event::Trying { fixes, full } => {
                let how = if *full { "all checks" } else { "what failed" };
                self.step(format!("running {how} with {}", counted(fixes.len(), "fix")));
            }
            Event::Accepted(fix) => self.line(&format!("  kept: {}", clean(fix.title()))),
            Event::Refused(refusal) => {
                self.line(&format!(
                    "  refused: {}: {}",
                    clean(refusal.fix.title()),
                    clean(&refusal.reason.to_string())
                ));
            }
            Event::Stopped(_) => self.done(),
            _ => {}
        }
    }
}
