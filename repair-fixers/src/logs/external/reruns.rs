//! Tests that were run again in the same step, and what came of it.

use repair_core::{External, ExternalKind, Failure, Output};
use std::collections::HashMap;

/// What a step says about tests that were run again, read in one pass.
#[derive(Debug, Default)]
pub(super) struct Reruns<'a> {
    /// Whether Python printed a crash report.
    pub(super) crashed: bool,
    /// By name, the line of the report of the plugin `flaky` that says that a test passed some of its runs.
    unsteady: HashMap<&'a str, &'a str>,
    /// By name, the exceptions with which earlier runs of a test failed, each with its line.
    earlier: HashMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// By id, the line that says that a test passed when those that had failed were run again.
    passed: HashMap<&'a str, &'a str>,
}

/// Which part of the output a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Other,
    /// The report of the plugin `flaky`.
    Report,
    /// Tracebacks of runs that were repeated, of this test.
    Reruns(&'a str),
    /// A session that runs only what failed before.
    LastFailed,
}

impl<'a> Reruns<'a> {
    /// Reads them from a step's output.
    pub(super) fn of(output: &'a Output) -> Self {
        let mut found = Self::default();
        let mut part = Part::Other;
        for index in 0..output.len() {
            let line = output.line(index);
            part = match part_of(line, part) {
                Some(part) => part,
                None => part,
            };
            found.line(line, part);
        }
        found
    }

    fn line(&mut self, line: &'a str, part: Part<'a>) {
        self.crashed |= line.starts_with("Fatal Python error: ");
        match part {
            Part::Other => {}
            Part::Report => {
                let end = line.find(" failed; it passed ");
                let some = |rest: &str| !rest.starts_with('0') && rest.contains(" out of the required ");
                if let Some(end) = end.filter(|end| some(&line[end + " failed; it passed ".len()..])) {
                    self.unsteady.insert(line[..end].trim(), line);
                }
            }
            Part::Reruns(name) => {
                let exception = line.strip_prefix("E  ").map(str::trim_start);
                let class =
                    exception.and_then(|text| text.split([':', ' ']).next()).filter(|class| is_exception(class));
                if let Some(class) = class {
                    let class = class.rsplit('.').next().unwrap_or(class);
                    self.earlier.entry(name).or_default().push((class, line));
                }
            }
            Part::LastFailed => {
                if let Some((id, _)) = line.split_once(" PASSED").filter(|(id, _)| id.contains("::")) {
                    self.passed.insert(id.trim(), line);
                }
            }
        }
    }

    /// Why a failing test is flaky: it passed, or failed in another way, when it was run again.
    pub(super) fn flaky(&self, failure: &Failure) -> Option<External> {
        let id = failure.test_id.as_deref()?;
        let name = id.split_once("::").map_or(id, |(_, name)| name).replace("::", ".");
        let last = id.rsplit("::").next().unwrap_or(id);
        let code = failure.code.as_deref();
        let other = |runs: &Vec<(&'a str, &'a str)>| {
            runs.iter().find(|(class, _)| code.is_some_and(|code| code != *class)).map(|(_, line)| *line)
        };
        let line = self.passed.get(id).or_else(|| self.unsteady.get(last)).copied();
        let line = line.or_else(|| self.earlier.get(name.as_str()).and_then(other))?;
        Some(External::new(ExternalKind::Flaky, line.strip_prefix("E  ").unwrap_or(line)))
    }
}

fn is_exception(class: &str) -> bool {
    class.ends_with("Error") || class.ends_with("Exception") || class.ends_with("Timeout")
}

/// The part that a line begins; `None` if it goes on.
fn part_of<'a>(line: &'a str, part: Part<'a>) -> Option<Part<'a>> {
    if line.starts_with("===Flaky Test Report===") {
        return Some(Part::Report);
    }
    if line.starts_with("===End Flaky Test Report===") {
        return Some(Part::Other);
    }
    if line.starts_with("run-last-failure: rerun previous ") {
        return Some(Part::LastFailed);
    }
    let title = line.trim_matches('=').trim();
    match line.as_bytes().first()? {
        b'=' if title == "RERUNS" => Some(Part::Reruns("")),
        b'=' if line.starts_with("=====") && part != Part::Report => Some(Part::Other),
        b'_' if matches!(part, Part::Reruns(_)) => Some(Part::Reruns(line.trim_matches(['_', ' ']))),
        _ => None,
    }
}
