//! Errors before a session begins: wrong arguments, wrong configuration, a `conftest.py` that cannot be loaded.

use super::block;
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use repair_core::{Category, Failure, Output, Phase, RepoPath, Step};
use std::ops::Range;

/// The errors in a step that has no session.
pub(super) fn errors(step: &Step, roots: &Roots) -> Vec<Failure> {
    let lines = step.output.iter().enumerate();
    let conftest = lines.clone().find_map(|(index, line)| conftest(step, roots, index, line));
    let found = conftest.or_else(|| lines.clone().find_map(|(index, line)| usage(step, roots, index, line)));
    found.map_or_else(|| collecting(step, roots), |found| vec![found])
}

/// `ERROR collecting a.py`, without the rules around it: lines that someone picked out of a log.
fn collecting(step: &Step, roots: &Roots) -> Vec<Failure> {
    let output = &step.output;
    let name = |index: usize| output.line(index).trim().strip_prefix("ERROR collecting ").filter(|id| is_module(id));
    let heads: Vec<usize> = (0..output.len()).filter(|index| name(*index).is_some()).collect();
    let ends = heads.iter().skip(1).copied().chain([output.len()]);
    heads.iter().zip(ends).filter_map(|(head, end)| module(output, name(*head)?, *head..end, roots)).collect()
}

fn is_module(id: &str) -> bool {
    id.ends_with(".py") && !id.contains(' ')
}

/// A module that cannot be collected.
fn module(output: &Output, id: &str, lines: Range<usize>, roots: &Roots) -> Option<Failure> {
    let details = block::read(output, lines.clone(), roots);
    let (code, message) = (details.code?, details.message.unwrap_or_default());
    let mut failure = Failure::new(exception::category(&code, &message), "pytest");
    failure.phase = Phase::Import;
    exception::write(&mut failure, &Exception { class: code, message });
    failure.test_id = Some(id.to_owned());
    let (path, line) = details.place.unzip();
    exception::place(&mut failure, path.or_else(|| roots.relative(id)), line);
    failure.log_lines = Some((output.number(lines.start), output.number(lines.end - 1)));
    Some(failure)
}

/// Place and message of `/path/setup.cfg:11: requires pytest-3.4, actual pytest-3.10.0`.
fn configuration<'a>(text: &'a str, roots: &Roots) -> Option<(Option<RepoPath>, u32, &'a str)> {
    let (place, message) = text.split_once(": ")?;
    let (path, line) = place.rsplit_once(':')?;
    let name = path.rsplit(['/', '\\']).next()?;
    let known = matches!(name, "pyproject.toml" | "pytest.ini" | ".pytest.ini" | "setup.cfg" | "tox.ini");
    let line = line.parse().ok().filter(|_| known)?;
    Some((
        roots.relative(path),
        line,
        message.strip_suffix("'").filter(|_| message.contains("actual")).unwrap_or(message),
    ))
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
fn usage(step: &Step, roots: &Roots, index: usize, line: &str) -> Option<Failure> {
    const PROGRAMS: [&str; 4] = ["pytest: error: ", "py.test: error: ", "__main__.py: error: ", "pytest.py: error: "];
    const ERRORS: [&str; 7] = [
        "file not found: ",
        "file or directory not found: ",
        "not found: ",
        "found no collectors for ",
        "while parsing the following warning configuration",
        "Unknown config option: ",
        "Unknown config ini key: ",
    ];
    const CONFIGURATION: [&str; 4] = ["pyproject.toml:", "pytest.ini:", "setup.cfg:", "tox.ini:"];
    let rest = line.strip_prefix("ERROR: ").unwrap_or(line);
    let argument = PROGRAMS.iter().find_map(|program| rest.strip_prefix(program));
    let error = line.strip_prefix("ERROR: ");
    let place = error.and_then(|rest| configuration(rest, roots));
    let known = |rest: &&str| {
        let first = rest.split_whitespace().next().unwrap_or_default();
        ERRORS.iter().any(|error| rest.starts_with(error)) || CONFIGURATION.iter().any(|file| first.ends_with(file))
    };
    let message = argument.or_else(|| error.filter(known)).or(place.as_ref().map(|place| place.2))?.trim();
    if argument.is_some() && !ours(step) {
        return None;
    }
    let mut failure = Failure::new(Category::Test, "pytest");
    failure.phase = Phase::Import;
    failure.code = Some("UsageError".to_owned());
    failure.message = Some(message.to_owned());
    if let Some((path, line, _)) = place {
        exception::place(&mut failure, path, Some(line));
    }
    let number = step.output.number(index);
    failure.log_lines = Some((number, number));
    Some(failure)
}

/// Whether pytest is what the step ran; other programs have a `__main__.py` too.
fn ours(step: &Step) -> bool {
    let names = |text: &str| text.contains("pytest") || text.contains("py.test");
    step.command.as_deref().is_none_or(names) || step.output.iter().any(|line| line.contains("usage:") && names(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Failure> {
        let mut step = Step::default();
        step.output = text.lines().collect();
        errors(&step, &Roots::of(&step))
    }

    #[test]
    fn a_line_of_the_configuration_is_the_place() {
        let found = of("ERROR: /home/runner/work/shop/shop/setup.cfg:11: requires pytest-3.4, actual pytest-3.10.0'");
        assert_eq!(found[0].message.as_deref(), Some("requires pytest-3.4, actual pytest-3.10.0"));
        assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("setup.cfg", Some(11)));
        let elsewhere = of("ERROR: /somewhere/pytest.ini:1: unexpected line: 'nonsense'");
        assert_eq!(elsewhere[0].message.as_deref(), Some("unexpected line: 'nonsense'"));
        assert_eq!((&elsewhere[0].path, elsewhere[0].line), (&None, None));
        assert_eq!(of("ERROR: a.py:3: something"), []);
    }

    #[test]
    fn headings_without_their_rules_name_modules() {
        let found = of(
            "collected 4 items / 2 errors\nERROR collecting tests/test_a.py\nE   ModuleNotFoundError: No module named 'shop'\n\
                        ERROR collecting tests/test_b.py\nE   ValueError: bad\n",
        );
        let seen: Vec<_> = found.iter().map(|found| (found.test_id.as_deref().unwrap(), found.category)).collect();
        assert_eq!(seen, [("tests/test_a.py", Category::Import), ("tests/test_b.py", Category::Test)]);
        assert_eq!(of("ERROR collecting data from the server"), []);
    }
}
