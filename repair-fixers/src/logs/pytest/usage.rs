//! Errors before a session begins: wrong arguments, wrong configuration, a `conftest.py` that cannot be loaded.

use super::block;
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use repair_core::{Category, Failure, Phase, Step};

/// The errors in a step that has no session.
pub(super) fn errors(step: &Step, roots: &Roots) -> Vec<Failure> {
    let lines = step.output.iter().enumerate();
    let conftest = lines.clone().find_map(|(index, line)| conftest(step, roots, index, line));
    let found = conftest.or_else(|| lines.clone().find_map(|(index, line)| usage(step, index, line)));
    found.into_iter().collect()
}

/// `ImportError while loading conftest '/path/conftest.py'.` and the traceback below it.
fn conftest(step: &Step, roots: &Roots, index: usize, line: &str) -> Option<Failure> {
    let rest = line.strip_prefix("ImportError while loading conftest '")?;
    let path = roots.relative(rest.split('\'').next()?);
    let output = &step.output;
    let mut end = index + 1;
    while end < output.len() && !output.line(end).starts_with("##[") && !output.line(end).starts_with("Error: Process")
    {
        end += 1;
    }
    let details = block::read(output, index..end, roots);
    let code = details.code.unwrap_or_default();
    let message = details.message.unwrap_or_default();
    let mut failure = Failure::new(exception::category(&code, &message), "pytest");
    failure.phase = Phase::Import;
    exception::write(&mut failure, &Exception { class: code, message });
    failure.test_id = path.as_ref().map(ToString::to_string);
    let (deepest, line) = details.place.unzip();
    exception::place(&mut failure, deepest.or(path), line);
    failure.log_lines = Some((output.number(index), output.number(end - 1)));
    Some(failure)
}

/// A complaint about the command line or the configuration.
fn usage(step: &Step, index: usize, line: &str) -> Option<Failure> {
    const PROGRAMS: [&str; 4] = ["pytest: error: ", "py.test: error: ", "__main__.py: error: ", "pytest.py: error: "];
    const ERRORS: [&str; 4] = [
        "file or directory not found: ",
        "not found: ",
        "found no collectors for ",
        "while parsing the following warning configuration",
    ];
    const CONFIGURATION: [&str; 4] = ["pyproject.toml:", "pytest.ini:", "setup.cfg:", "tox.ini:"];
    let rest = line.strip_prefix("ERROR: ").unwrap_or(line);
    let argument = PROGRAMS.iter().find_map(|program| rest.strip_prefix(program));
    let error = line.strip_prefix("ERROR: ").filter(|rest| {
        let first = rest.split_whitespace().next().unwrap_or_default();
        ERRORS.iter().any(|error| rest.starts_with(error)) || CONFIGURATION.iter().any(|file| first.ends_with(file))
    });
    let message = argument.or(error)?.trim();
    if argument.is_some() && !ours(step) {
        return None;
    }
    let mut failure = Failure::new(Category::Test, "pytest");
    failure.phase = Phase::Import;
    failure.code = Some("UsageError".to_owned());
    failure.message = Some(message.to_owned());
    let number = step.output.number(index);
    failure.log_lines = Some((number, number));
    Some(failure)
}

/// Whether pytest is what the step ran; other programs have a `__main__.py` too.
fn ours(step: &Step) -> bool {
    let names = |text: &str| text.contains("pytest") || text.contains("py.test");
    step.command.as_deref().is_none_or(names) || step.output.iter().any(|line| line.contains("usage:") && names(line))
}
