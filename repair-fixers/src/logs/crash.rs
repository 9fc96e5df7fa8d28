//! Programs that a signal ended, as a shell reports them.

use super::command;
use repair_core::{Category, Failure, Output, Step};

/// What shells call the signals that end a program for its own fault.
const SIGNALS: [(&str, i32); 6] = [
    ("Segmentation fault", 139),
    ("Aborted", 134),
    ("Bus error", 135),
    ("Illegal instruction", 132),
    ("Floating point exception", 136),
    ("Trace/breakpoint trap", 133),
];

/// A report of a shell.
struct Report<'a> {
    /// What it says, from the signal on.
    text: &'a str,
    /// The exit code that belongs to the signal.
    code: i32,
    /// The command that was ended, if the report names it.
    command: Option<&'a str>,
}

/// The failure of a step that ended because a signal ended its program.
pub(super) fn failure(step: &Step) -> Option<Failure> {
    let output = &step.output;
    let (index, found) = (0..output.len()).rev().find_map(|index| Some((index, report(output.line(index))?)))?;
    let mut named = Step::default();
    named.command = found.command.map(str::to_owned).or_else(|| step.command.clone());
    let tool = named.command.as_deref().and_then(command::tool);
    let test = running(output);
    let category = if test.is_some() { Some(Category::Test) } else { command::category(&named) };
    let mut failure =
        Failure::new(category.unwrap_or(Category::Infrastructure), tool.unwrap_or_else(|| "shell".to_owned()));
    failure.code = Some(found.code.to_string());
    failure.message = Some(found.text.to_owned());
    failure.test_id = test.map(str::to_owned);
    failure.log_lines = Some((output.number(index), output.number(index)));
    Some(failure)
}

/// Whether a line reports that a signal ended a program.
pub(super) fn is_report(line: &str) -> bool {
    report(line).is_some()
}

/// Reads `x.sh: line 1:  4121 Segmentation fault      (core dumped) pytest -v` and `Segmentation fault (core dumped)`.
fn report(line: &str) -> Option<Report<'_>> {
    let (at, code) = SIGNALS.iter().find_map(|(name, code)| line.find(name).map(|at| (at, *code)))?;
    let (before, text) = line.split_at(at);
    let (signal, rest) = text.split_once("(core dumped)").unwrap_or((text, ""));
    let job = before.trim_end().rsplit([' ', ':']).next().is_some_and(|word| word.parse::<u32>().is_ok())
        && before.contains(": line ");
    let alone = before.is_empty() && SIGNALS.iter().any(|(name, _)| signal.trim() == *name);
    let command = Some(rest.trim()).filter(|command| !command.is_empty() && job);
    (job || alone).then(|| Report { text: text.trim_end(), code, command })
}

/// The test that had begun and not ended, where a verbose run of pytest says so.
fn running(output: &Output) -> Option<&str> {
    let last = output.iter().rev().find(|line| line.contains(".py::"))?;
    let (id, rest) = last.split_once(' ').unwrap_or((last, ""));
    (id.contains(".py::") && (rest.trim().is_empty() || report(rest.trim_start()).is_some())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Failure> {
        let mut step = Step::default();
        step.output = text.lines().collect();
        failure(&step)
    }

    #[test]
    fn the_program_that_crashed_is_named_with_its_test() {
        let found = of("a.py::test_x PASSED\n/tmp/1.sh: line 1:  4121 Segmentation fault      (core dumped) coverage run -m pytest -v\na.py::test_y[b] \nError: Process completed with exit code 139.").unwrap();
        assert_eq!((found.tool.as_str(), found.code.as_deref()), ("pytest", Some("139")));
        assert_eq!((found.category, found.test_id.as_deref()), (Category::Test, Some("a.py::test_y[b]")));
        assert!(found.message.unwrap().starts_with("Segmentation fault"));
    }

    #[test]
    fn a_crash_without_a_test_is_that_of_the_command() {
        let found = of("a.py .. [ 5%]\nrun.sh: line 3:  2823 Aborted                 (core dumped) mypy src").unwrap();
        assert_eq!((found.tool.as_str(), found.category), ("mypy", Category::TypeCheck));
        assert_eq!(of("Segmentation fault (core dumped)").unwrap().code.as_deref(), Some("139"));
    }

    #[test]
    fn words_of_a_program_are_no_report() {
        assert_eq!(of("test_segv: expects a Segmentation fault (core dumped) here"), None);
        assert_eq!(of("Aborted with 1 warnings in strict mode!"), None);
    }
}
