//! Failed steps in a line.

use repair_core::{Failure, Runner};
use repair_fixers::logs::FailedStep;

/// A failed step in words, with foreign text passed through `quote`; nothing if nothing is known of it. `failures` are
/// those of the diagnosis.
pub(super) fn described(step: &FailedStep, failures: &[Failure], quote: impl Fn(&str) -> String) -> Option<String> {
    let tools: Vec<&str> =
        step.failures.iter().filter_map(|index| failures.get(*index)).map(|failure| failure.tool.as_str()).collect();
    let name = step.name.as_deref().filter(|name| step.command.as_deref().is_none_or(|command| !says(name, command)));
    let parts = [
        name.map(|name| format!("step {}", quote(name))),
        step.job.as_deref().map(|job| format!("job {}", quote(job))),
        step.command.as_deref().map(|command| quote(&short(command, &tools))),
    ];
    let facts = [
        step.exit_code.map(|code| format!("exit code {code}")),
        step.python.as_deref().map(|python| format!("Python {}", quote(python))),
        step.runner.as_ref().and_then(machine).map(|machine| quote(&machine)),
    ];
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(", "));
    let (what, facts) = (joined(parts.into_iter().flatten().collect()), joined(facts.into_iter().flatten().collect()));
    what.as_ref()?;
    Some([what, facts].into_iter().flatten().collect::<Vec<_>>().join(": "))
}

/// Whether the name is the one that a step without a name has: `Run` and its command.
fn says(name: &str, command: &str) -> bool {
    let first = command.lines().next().unwrap_or_default().trim();
    name.strip_prefix("Run ").is_some_and(|name| name.trim() == first)
}

/// One line of a command, with a mark if there are more: the one that calls the tool which found something, else the
/// first.
fn short(command: &str, tools: &[&str]) -> String {
    let lines: Vec<&str> = command.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let word = |line: &str, tool: &str| {
        line.split(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).any(|word| word == tool)
    };
    let calls = |line: &&&str| tools.iter().any(|tool| word(line, tool));
    match (lines.iter().find(calls).or(lines.first()), lines.len()) {
        (Some(line), 1) => (*line).to_owned(),
        (Some(line), _) => format!("{line} …"),
        (None, _) => String::new(),
    }
}

fn machine(runner: &Runner) -> Option<String> {
    runner.image.clone().or_else(|| runner.system.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::detected;

    const STEP: &str = "##[group]Run pytest -q\n\u{1b}[36;1mpytest -q\u{1b}[0m\n\u{1b}[36;1mls\u{1b}[0m\nshell: bash\nenv:\n  \
        pythonLocation: /opt/hostedtoolcache/Python/3.11.7/x64\n##[endgroup]\nx\n##[error]Process completed with exit code 2.\n";

    #[test]
    fn a_step_is_told_in_a_line() {
        let detection = detected(STEP);
        let text = described(&detection.diagnosis.failed_steps[0], &[], |text| format!("<{text}>"));
        assert_eq!(text.as_deref(), Some("<pytest -q …>: exit code 2, Python <3.11.7>"));
    }

    #[test]
    fn the_line_that_calls_the_tool_is_shown() {
        assert_eq!(short("mkdir -p out\npython -m pytest -q\n", &["pytest"]), "python -m pytest -q …");
        assert_eq!(short("mkdir pytest-out\nmake\n", &["pytest"]), "mkdir pytest-out …");
        assert_eq!(short(" make \n", &[]), "make");
    }

    #[test]
    fn plain_output_has_no_step_to_tell_of() {
        let detection = detected("FAILED a.py::t - assert 0\n1 failed in 0.1s\n");
        let steps = &detection.diagnosis.failed_steps;
        assert!(steps.iter().all(|step| described(step, &[], str::to_owned).is_none()), "{steps:?}");
    }
}
