//! doctest: `python -m doctest`, `doctest.testmod()`, the builder of Sphinx, and what unittest shows of it.

use super::exception::{self, Exception};
use super::roots::Roots;
use super::traceback;
use repair_core::{Failure, LogParser, Output, Parsed, RepoPath, Step, StepOutcome};
use std::collections::HashSet;
use std::ops::Range;

/// The line above an example that did not do what its text says.
const FAILED: &str = "Failed example:";
/// What is written at the beginning of a line between `Failed example:` and the end of its report.
const HEADS: [&str; 6] = ["Expected:", "Expected nothing", "Got:", "Got nothing", "Exception raised:", "Differences ("];
/// How many lines of a report are looked at.
const LONGEST: usize = 400;

/// Reads reports that doctest itself prints, each below a line of stars.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Doctest;

impl LogParser for Doctest {
    fn id(&self) -> &'static str {
        "doctest"
    }

    fn needles(&self) -> &[&str] {
        &[FAILED]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let output = &step.output;
        let mut parsed = Parsed::default();
        let ended = || output.iter().any(|line| line.starts_with("***Test Failed***"));
        if !matches!(step.outcome, StepOutcome::Failed(_)) && !ended() {
            return parsed;
        }
        let mut roots = Roots::of(step);
        let heads = || output.iter().filter_map(|line| Some(head(line)?.0));
        roots.add_common(heads());
        let mut seen = HashSet::new();
        for index in 2..output.len() {
            let report = || output.line(index) == FAILED && is_stars(output.line(index - 2));
            let failure = if report() { at(output, index, output.len(), &roots) } else { None };
            // The examples of one docstring are one test.
            let new = failure.filter(|failure| seen.insert((failure.path.clone(), failure.test_id.clone())));
            parsed.failures.extend(new);
        }
        parsed
    }
}

fn is_stars(line: &str) -> bool {
    line.len() >= 70 && line.bytes().all(|byte| byte == b'*')
}

/// The first failed example in a part of the output.
pub(super) fn within(output: &Output, lines: Range<usize>, roots: &Roots) -> Option<Failure> {
    let index = lines.clone().skip(1).find(|index| output.line(*index) == FAILED)?;
    at(output, index, lines.end, roots)
}

/// The failure of the example whose report begins above `index`, and ends before `end`.
fn at(output: &Output, index: usize, end: usize, roots: &Roots) -> Option<Failure> {
    let (path, line, name) = head(output.line(index.checked_sub(1)?))?;
    let lines = index..report_end(output, index + 1, end);
    let path = roots.relative(path);
    let place = raised(output, lines.clone(), roots);
    let (exception, deeper) = place.unzip();
    let code = exception.as_ref().map(|exception| exception.code().to_owned()).unwrap_or_default();
    let message = exception.as_ref().map(|exception| exception.message.clone());
    let said = message.unwrap_or_else(|| difference(output, lines.clone()));
    let places = [name, path.as_ref().map(RepoPath::as_str).unwrap_or_default()];
    let mut failure = Failure::new(exception::test_category(&code, &said, &places), "doctest");
    match &exception {
        Some(exception) => exception::write(&mut failure, exception),
        None => failure.message = Some(said).filter(|said| !said.is_empty()),
    }
    failure.test_id = Some(name.to_owned());
    match deeper.flatten() {
        Some((path, line)) => exception::place(&mut failure, Some(path), Some(line)),
        None => exception::place(&mut failure, path, line),
    }
    failure.log_lines = Some((output.number(index - 1), output.number(lines.end - 1)));
    Some(failure)
}

/// `File "shop.py", line 4, in shop.add`; a line that is not known is a question mark.
fn head(line: &str) -> Option<(&str, Option<u32>, &str)> {
    let (path, rest) = line.strip_prefix("File \"")?.split_once("\", line ")?;
    let (line, name) = rest.split_once(", in ")?;
    Some((path, line.parse().ok(), name.trim()))
}

/// Where a report ends: its lines are indented, empty or well known.
fn report_end(output: &Output, start: usize, end: usize) -> usize {
    let inside = |index: &usize| {
        let line = output.line(*index);
        line.trim().is_empty() || line.starts_with("    ") || HEADS.iter().any(|head| line.starts_with(head))
    };
    let end = (start..end.min(start + LONGEST)).take_while(inside).last().map_or(start, |last| last + 1);
    (start..end).rev().find(|index| !output.line(*index).trim().is_empty()).map_or(start, |last| last + 1)
}

/// The exception that an example raised, and where.
fn raised(output: &Output, lines: Range<usize>, roots: &Roots) -> Option<(Exception, Option<(RepoPath, u32)>)> {
    let mut below = lines.skip_while(|index| output.line(*index) != "Exception raised:");
    let start = below.find(|index| output.line(*index).contains("Traceback (most recent call last)"))?;
    let traceback = traceback::read(output, start)?;
    let place = traceback.place(roots);
    Some((traceback.exception?, place))
}

/// `Expected: 3 Got: 4`: the first line of each part.
fn difference(output: &Output, lines: Range<usize>) -> String {
    let said = |index: usize| {
        let line = output.line(index);
        HEADS.iter().find(|head| line.starts_with(**head))?;
        let first = output.line(index + 1).trim();
        Some(if line.ends_with(':') { format!("{line} {first}") } else { line.to_owned() })
    };
    lines.filter_map(said).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARS: &str = "**********************************************************************";

    fn parse(text: &str, outcome: StepOutcome) -> Vec<Failure> {
        let mut step = Step::default();
        step.output = text.replace("{*}", STARS).lines().collect();
        step.outcome = outcome;
        crate::logs::dispatch::ask(Doctest, &step).failures
    }

    fn only(text: &str) -> Failure {
        let mut found = parse(text, StepOutcome::Failed(Some(1)));
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    const ADD: &str = "{*}\nFile \"/x/shop.py\", line 4, in shop.add\nFailed example:\n    add(1, 2)\nExpected:\n    3\nGot:\n    4\n";

    #[test]
    fn an_example_is_told_by_what_was_expected() {
        let found = only(&format!("Trying:\n    add(1, 2)\nExpecting:\n    3\n{ADD}Trying:\n    add(2, 2)\n"));
        assert_eq!((found.tool.as_str(), found.test_id.as_deref()), ("doctest", Some("shop.add")));
        assert_eq!((found.path.unwrap().as_str(), found.line), ("shop.py", Some(4)));
        assert_eq!((found.code, found.message.as_deref()), (None, Some("Expected: 3 Got: 4")));
        assert_eq!(found.log_lines, Some((6, 12)));
    }

    #[test]
    fn examples_of_one_docstring_are_one_test() {
        let other = ADD.replace("line 4", "line 6");
        let third = ADD.replace("shop.add", "shop.sub");
        let end = "{*}\n2 items had failures:\n   2 of   2 in shop.add\n***Test Failed*** 3 failures.\n";
        let found = parse(&format!("{ADD}{other}{third}{end}"), StepOutcome::Unknown);
        let ids: Vec<_> = found.iter().map(|failure| (failure.test_id.as_deref().unwrap(), failure.line)).collect();
        assert_eq!(ids, [("shop.add", Some(4)), ("shop.sub", Some(4))]);
    }

    #[test]
    fn an_exception_has_its_place_in_the_code() {
        let found = only(
            "{*}\nFile \"/home/runner/work/a/a/shop.py\", line 14, in shop.total\nFailed example:\n    total()\nException \
             raised:\n    Traceback (most recent call last):\n      File \"/usr/lib/python3.9/doctest.py\", line 1336, in \
             __run\n        exec(compile(example.source, filename, \"single\",\n      File \"<doctest shop.total[0]>\", line \
             1, in <module>\n        total()\n      File \"/home/runner/work/a/a/shop.py\", line 17, in total\n        \
             raise LookupError(\"none\")\n    LookupError: none\n{*}\n",
        );
        assert_eq!((found.code.as_deref(), found.message.as_deref()), (Some("LookupError"), Some("none")));
        assert_eq!((found.path.unwrap().as_str(), found.line), ("shop.py", Some(17)));
    }

    #[test]
    fn other_forms_of_a_difference_are_told() {
        let report = |said: &str| {
            let text = format!("{{*}}\nFile \"a.rst\", line ?, in a.rst\nFailed example:\n    f()\n{said}\n{{*}}\n");
            let found = only(&text);
            assert_eq!((found.path.unwrap().as_str(), found.line), ("a.rst", None));
            found.message.unwrap()
        };
        assert_eq!(report("Expected nothing\nGot:\n    4\n\n    5"), "Expected nothing Got: 4");
        assert_eq!(report("Expected:\n    3\nGot nothing"), "Expected: 3 Got nothing");
        let ndiff = "Differences (ndiff with -expected +actual):";
        assert_eq!(report(&format!("{ndiff}\n    - a\n    + b")), format!("{ndiff} - a"));
    }

    #[test]
    fn what_is_no_report_or_did_not_fail_is_none() {
        assert_eq!(parse(ADD, StepOutcome::Unknown), []);
        let failed = StepOutcome::Failed(Some(1));
        assert_eq!(parse("File \"a.py\", line 1, in a\nFailed example:\n    x\n", failed), []);
        assert_eq!(parse("Failed example:\n", failed), []);
    }
}
