//! From XML to test cases.

use super::{Case, JunitError, Problem, Report};
use crate::logs::xml::{Visitor, XmlError, attribute, push, walk};
use quick_xml::events::BytesStart;
use std::io::BufRead;

/// How much of a failure's text is kept: its beginning holds the traceback.
const LONGEST_TEXT: usize = 256 << 10;
/// How many failing tests are kept.
const MOST_CASES: usize = 50_000;

/// Reads a file.
pub(super) fn read(input: impl BufRead) -> Result<Report, JunitError> {
    let mut state = State::default();
    walk(input, &mut state)?;
    Ok(state.report)
}

/// What is open while a file is read.
#[derive(Default)]
struct State {
    report: Report,
    suite: String,
    /// The open test case, and the depth that it stands at.
    case: Option<(Case, usize)>,
    /// The depth of the open failure or error, whose text is wanted.
    text_at: Option<usize>,
}

impl Visitor for State {
    type Error = JunitError;

    fn root(&mut self, name: &str, typed: bool) -> Result<(), JunitError> {
        match name {
            "testsuites" | "testsuite" if typed => Err(XmlError::DocumentType.into()),
            "testsuites" | "testsuite" => Ok(()),
            _ => Err(JunitError::Root(name.chars().take(60).collect())),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<(), JunitError> {
        let local = start.local_name();
        match (local.as_ref(), &mut self.case) {
            ("testsuite", None) => self.suite = attribute(start, "name")?.unwrap_or_default(),
            ("testcase", None) => self.case = Some((case(start, &self.suite)?, depth)),
            (name, Some((case, at))) if *at + 1 == depth => {
                let wanted = inside(case, name, start)?;
                self.text_at = wanted.then_some(depth).or(self.text_at);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, depth: usize) {
        if self.text_at == Some(depth) {
            self.text_at = None;
        }
        if self.case.as_ref().is_some_and(|(_, at)| *at == depth)
            && let Some((case, _)) = self.case.take()
        {
            self.report.add(case, MOST_CASES);
        }
    }

    fn text(&mut self, more: &str, depth: usize) {
        let problem = self.case.as_mut().and_then(|(case, _)| case.problems.last_mut());
        if let (Some(at), Some(problem)) = (self.text_at, problem)
            && at == depth
        {
            push(&mut problem.text, more, LONGEST_TEXT);
        }
    }
}

fn case(start: &BytesStart<'_>, suite: &str) -> Result<Case, JunitError> {
    let attribute = |name| attribute(start, name);
    let status = attribute("status")?.or(attribute("result")?);
    Ok(Case {
        suite: suite.to_owned(),
        class: attribute("classname")?.or(attribute("class")?).unwrap_or_default(),
        name: attribute("name")?.unwrap_or_default(),
        file: attribute("file")?.filter(|file| !file.is_empty()),
        line: attribute("line")?.and_then(|line| line.parse().ok()),
        skipped: status.is_some_and(|status| matches!(status.as_str(), "skipped" | "disabled" | "notrun")),
        ..Case::default()
    })
}

/// Notes what an element directly below a test case says; whether its text is wanted.
fn inside(case: &mut Case, name: &str, start: &BytesStart<'_>) -> Result<bool, JunitError> {
    match name {
        "failure" | "error" => {
            let (kind, message) = (attribute(start, "type")?, attribute(start, "message")?);
            case.problems.push(Problem { error: name == "error", kind, message, text: String::new() });
            return Ok(true);
        }
        // An expected failure ran; it is skipped in name only.
        "skipped" => case.skipped |= attribute(start, "type")?.as_deref() != Some("pytest.xfail"),
        "flakyFailure" | "flakyError" => case.flaky = true,
        _ => {}
    }
    Ok(false)
}
