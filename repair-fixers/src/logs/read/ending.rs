//! How a step ended, told from what programs print that looks like its end.
//!
//! A program can print every marker of the runner: `##[error]Process completed with exit code 1.`, the header of a step,
//! `Post job cleanup.` What it cannot do is to make the runner stop after it. So an end is believed only when the step
//! says nothing more, and inside of what pytest shows of a test's output no step begins or ends.

use super::outcome::{self, STOPPING};
use crate::logs::consequence;

/// Lines of the runner that may follow the end of a step although they are no marker.
const FOLLOWING: [&str; 7] = [
    "Post job cleanup.",
    "Cleaning up orphan processes",
    "Terminate orphan process",
    "Prepare all required actions",
    "Getting action download info",
    "Download action repository",
    "Current runner version: ",
];

/// Beginnings of lines that begin or end a step.
const BOUNDARIES: [&str; 6] = [
    "##[group]Run ",
    "##[debug]Starting: ",
    "Post job cleanup.",
    "Cleaning up orphan processes",
    "Current runner version: ",
    "Complete job name: ",
];

/// What the output of a step has said so far about its end.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// `Some(exit code)` if it failed.
    pub(super) failed: Option<Option<i32>>,
    /// It failed by a message behind which it may go on.
    stopping: bool,
    /// It went on after that.
    went_on: bool,
    /// Inside of what pytest shows of a test's output.
    captured: bool,
    /// How many steps began in there and did not end.
    nested: usize,
    /// The last line ended a session of pytest.
    tally: bool,
    /// The last line ended the step, as it seems.
    ended: bool,
}

impl Ending {
    /// Takes a line of the output. `strict` says that only the runner's own log is read, where nothing follows the end of
    /// a step.
    pub(super) fn take(&mut self, text: &str, strict: bool) {
        if text.is_empty() {
            return;
        }
        match outcome::failure(text) {
            Some(code) => self.fail(code, text),
            None => {
                self.ended = false;
                if strict && self.failed.is_some() {
                    self.go_on(text);
                }
                self.frame(text);
            }
        }
    }

    /// The system that ran the step says that it failed. An exit code that is known already stays.
    pub(super) fn fails(&mut self, code: Option<i32>) {
        self.failed = Some(self.failed.flatten().or(code));
    }

    fn fail(&mut self, code: Option<i32>, text: &str) {
        self.failed = Some(code.or(self.failed.flatten()));
        self.stopping = STOPPING.iter().any(|message| text.contains(message));
        self.ended = self.stopping || self.nested == 0 && self.tally;
        self.nested = self.nested.saturating_sub(usize::from(!self.stopping));
        self.tally = false;
    }

    /// What was taken for the end is followed by more.
    fn go_on(&mut self, text: &str) {
        let follows = consequence::is_notice(text) || FOLLOWING.iter().any(|line| text.starts_with(line));
        if text.starts_with("##[") || text.trim().is_empty() || follows {
            return;
        }
        if self.stopping {
            self.went_on = true;
        } else {
            self.failed = None;
        }
    }

    /// Lines of pytest that begin and end what it shows of a test's output.
    fn frame(&mut self, text: &str) {
        self.tally = false;
        match text.as_bytes().first() {
            Some(b'-') if !self.captured => {
                self.captured =
                    text.starts_with("---") && text.contains(" Captured ") && text.trim_end().ends_with("---");
            }
            Some(b'=') if self.captured && text.starts_with("=====") => self.captured = false,
            Some(b'_') if self.captured && text.starts_with("_____") => self.captured = false,
            Some(b'0'..=b'9') if self.captured => self.tally = text.contains(" in ") && text.contains("ed"),
            _ => {}
        }
        if !self.captured {
            self.nested = 0;
        }
    }

    /// Whether a line that looks like the boundary of a step is only what a test printed.
    pub(super) fn is_printed(&mut self, text: &str) -> bool {
        if !self.captured || self.ended || !BOUNDARIES.iter().any(|start| text.starts_with(start)) {
            return false;
        }
        self.nested += usize::from(text.starts_with("##[group]"));
        true
    }

    /// Another step begins: whoever goes on to it was not stopped before.
    pub(super) fn next_step(&mut self) {
        if self.went_on {
            self.failed = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lines: &[&str]) -> Ending {
        let mut ending = Ending::default();
        lines.iter().for_each(|line| ending.take(line, true));
        ending
    }

    const END: &str = "##[error]Process completed with exit code 1.";
    const CAPTURED: &str = "------ Captured stdout call ------";

    #[test]
    fn an_end_that_is_followed_by_output_was_none() {
        assert_eq!(after(&["x", END]).failed, Some(Some(1)));
        assert_eq!(after(&[END, "x"]).failed, None);
        assert_eq!(after(&[END, "", "##[warning]x", "Prepare all required actions"]).failed, Some(Some(1)));
        assert_eq!(after(&["##[error]Process completed with exit code 3.", END]).failed, Some(Some(1)));
        assert_eq!(after(&[END, "Node 18 is being deprecated. This workflow runs on Node 20."]).failed, Some(Some(1)));
        let mut lenient = Ending::default();
        [END, "x"].iter().for_each(|line| lenient.take(line, false));
        assert_eq!(lenient.failed, Some(Some(1)));
    }

    #[test]
    fn a_step_that_is_being_stopped_may_go_on_but_not_to_another() {
        let mut ending = after(&["##[error]The runner has received a shutdown signal.", "x"]);
        assert_eq!(ending.failed, Some(None));
        ending.next_step();
        assert_eq!(ending.failed, None);
    }

    #[test]
    fn inside_of_what_a_test_printed_steps_neither_begin_nor_end() {
        let boundary = "##[group]Run x";
        assert!(!after(&["x"]).is_printed(boundary));
        assert!(after(&[CAPTURED]).is_printed(boundary));
        assert!(after(&[CAPTURED, "x", END]).is_printed("Post job cleanup."));
        assert!(!after(&[CAPTURED, "====== 1 failed ======"]).is_printed(boundary));
        assert!(!after(&[CAPTURED, "x", "1 failed in 0.1s", END]).is_printed(boundary));
        assert!(!after(&[CAPTURED, "##[error]The operation was canceled."]).is_printed(boundary));
        let mut nested = after(&[CAPTURED]);
        assert!(nested.is_printed(boundary));
        ["1 failed in 0.1s", END].iter().for_each(|line| nested.take(line, true));
        assert!(nested.is_printed("Post job cleanup."));
    }
}
