//! unittest and what prints like it: nose, Django's test runner, testtools.
//!
//! ```text
//! lines ─ runs (with progress) ─▶ blocks ─ failure ─▶ Failure
//! ```

mod failure;
mod progress;
mod runs;
#[cfg(test)]
mod tests;
mod unpicklable;

pub(super) use failure::identity;

use super::exception;
use super::fault;
use super::roots::Roots;
use super::traceback;
use repair_core::{Category, Failure, LogParser, Parsed, Phase, Step, StepOutcome};
use runs::Run;
use std::collections::HashSet;

/// How many tests, and how many paths, are enough to see where the repository lies.
const ENOUGH: usize = 300;

/// Reads the output of unittest and its kin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unittest;

impl LogParser for Unittest {
    fn id(&self) -> &'static str {
        "unittest"
    }

    fn needles(&self) -> &[&str] {
        // The last three are of runs that came to no end.
        &[
            "Ran ",
            "ERROR: ",
            "FAIL: ",
            "UNEXPECTED SUCCESS: ",
            "FAILED: ",
            "TIMEOUT: ",
            "Fatal Python error: ",
            "KeyboardInterrupt",
            " cannot be pickled",
        ]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let runs = runs::all(&step.output);
        let mut parsed = Parsed::default();
        let unpicklable = step.output.text().contains(" cannot be pickled");
        if runs.is_empty() && !unpicklable {
            return parsed;
        }
        let tool = tool(step);
        let roots = roots(step, &runs);
        if unpicklable {
            parsed.failures = unpicklable::all(&step.output, tool, &roots);
        }
        for run in &runs {
            if let Some(counts) = run.counts {
                *parsed.counts.get_or_insert_default() += counts;
            }
            if run.passed != Some(true) && !is_printed(run, &runs, &parsed, step) {
                let blocks = run.blocks.iter();
                parsed.failures.extend(blocks.map(|block| failure::of(&step.output, block, tool, &roots)));
                parsed.failures.extend(stopped(run, step, tool, &roots));
            }
        }
        if parsed.failures.is_empty() {
            parsed.failures.extend(unnamed(step, &runs, tool).or_else(|| nothing_ran(step, &runs, tool)));
        }
        parsed.passed =
            parsed.failures.is_empty() && !runs.is_empty() && runs.iter().all(|run| run.passed == Some(true));
        parsed
    }
}

/// Whether what looks like a last run without an end is what the tests printed: standard output that goes to a file or
/// a pipe comes when the process ends, behind what unittest says.
fn is_printed(run: &Run, runs: &[Run], parsed: &Parsed, step: &Step) -> bool {
    let unfinished = run.passed.is_none() && run.counts.is_none() && run.running.is_none();
    let complete = runs.iter().any(|run| run.passed.is_some());
    unfinished && complete && (!parsed.failures.is_empty() || !matches!(step.outcome, StepOutcome::Failed(_)))
}

/// Runners that print like unittest: their names, parts of commands that run them, and what their output may contain.
const KIN: [(&str, &[&str], &[&str]); 5] = [
    ("nose2", &["nose2"], &["site-packages/nose2/", "(nose2.loader."]),
    ("nose", &["nosetests"], &["site-packages/nose/", ">> begin captured "]),
    ("trial", &[], &["\n[ERROR]\n", "\n[FAIL]\n"]),
    (
        "django",
        &["manage.py test"],
        &["Creating test database for alias", "Destroying test database for alias", "System check identified"],
    ),
    ("testtools", &["testtools.run"], &["'testtools.run' found in sys.modules"]),
];

fn tool(step: &Step) -> &'static str {
    let command = step.command.as_deref().unwrap_or_default();
    let says = |signs: &[&str]| signs.iter().any(|sign| step.output.text().contains(sign));
    let mut kin = KIN.iter();
    let found = kin.find(|(_, commands, signs)| commands.iter().any(|part| command.contains(part)) || says(signs));
    found.map_or("unittest", |(name, ..)| name)
}

/// The roots of the step; where the log's paths are unusual, the tests' modules show where they begin.
fn roots(step: &Step, runs: &[Run]) -> Roots {
    let mut roots = Roots::of(step);
    let frames: Vec<traceback::Frame> = step.output.iter().filter_map(traceback::frame).collect();
    let mut seen = HashSet::new();
    let absolute = frames.iter().map(|frame| frame.path.as_str()).filter(|path| path.starts_with('/'));
    let paths: Vec<&str> = absolute.filter(|path| seen.insert(*path)).take(ENOUGH).collect();
    for block in runs.iter().flat_map(|run| &run.blocks).take(ENOUGH) {
        let (id, _) = identity(&block.header);
        for path in &paths {
            if let Some(folder) = folder_before_module(path, &id) {
                roots.add(folder);
            }
        }
    }
    roots.add_common(frames.iter().map(|frame| frame.path.as_str()));
    roots
}

/// `/x/` of `/x/tests/test_a.py`, where the id begins with `tests.test_a`.
fn folder_before_module<'a>(path: &'a str, id: &str) -> Option<&'a str> {
    let mut module = id;
    while !module.is_empty() {
        let file = format!("/{}.py", module.replace('.', "/"));
        if let Some(folder) = path.strip_suffix(&file) {
            return path.get(..=folder.len());
        }
        module = module.rsplit_once('.')?.0;
    }
    None
}

/// The test during which the process was interrupted or died.
fn stopped(run: &Run, step: &Step, tool: &str, roots: &Roots) -> Option<Failure> {
    let (begin, id) = run.running.as_ref().filter(|_| run.passed.is_none())?;
    let lines = *begin..step.output.len();
    let (code, message, place, last) = match fault::find(&step.output, lines.clone(), roots) {
        Some(fault) => (fault.code, fault.message, fault.place, fault.lines.end),
        None => {
            let start =
                lines.clone().find(|index| step.output.line(*index).contains("Traceback (most recent call last)"))?;
            let traceback = traceback::read(&step.output, start)?;
            let exception = traceback.exception.as_ref().filter(|exception| exception.code() == "KeyboardInterrupt")?;
            (Some(exception.code().to_owned()), exception.code().to_owned(), traceback.place(roots), traceback.last + 1)
        }
    };
    let mut failure = Failure::new(exception::test_category("", "", &[id]), tool);
    failure.code = code;
    failure.message = Some(message);
    failure.test_id = Some(id.clone());
    let (path, line) = place.unzip();
    exception::place(&mut failure, path, line);
    failure.log_lines = Some((step.output.number(*begin), step.output.number(last.saturating_sub(1))));
    Some(failure)
}

/// Tests that succeeded against expectation, which Python before 3.11 names only in verbose output.
fn unnamed(step: &Step, runs: &[Run], tool: &str) -> Option<Failure> {
    let run = runs.iter().find(|run| step.output.line(run.end).contains("unexpected successes="))?;
    let mut failure = Failure::new(Category::Test, tool);
    failure.code = Some("UnexpectedSuccess".to_owned());
    failure.message = Some(step.output.line(run.end).trim().to_owned()).filter(|_| run.passed == Some(false));
    failure.log_lines = Some((step.output.number(run.end), step.output.number(run.end)));
    failure.message.is_some().then_some(failure)
}

/// Since Python 3.12 unittest ends with an exit code of its own if there was no test. Django's runner does not.
fn nothing_ran(step: &Step, runs: &[Run], tool: &str) -> Option<Failure> {
    let run = runs.iter().find(|run| step.output.line(run.end).starts_with("NO TESTS RAN"))?;
    match step.outcome {
        StepOutcome::Failed(Some(5) | None) => {}
        StepOutcome::Unknown if tool == "unittest" => {}
        _ => return None,
    }
    let mut failure = Failure::new(Category::Test, tool);
    failure.phase = Phase::Import;
    failure.code = Some("5".to_owned());
    failure.message = Some("no tests ran".to_owned());
    failure.log_lines = Some((step.output.number(run.end), step.output.number(run.end)));
    Some(failure)
}
