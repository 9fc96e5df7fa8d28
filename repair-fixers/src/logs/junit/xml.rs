//! From XML to test cases, one event at a time.

use super::{Case, JunitError, Problem, Report};
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{BufRead, Read};

/// The largest file that is read.
const MOST_BYTES: u64 = 512 << 20;
/// How deep elements may be nested; JUnit needs six.
const DEEPEST: usize = 64;
/// How much of a failure's text is kept: its beginning holds the traceback.
const LONGEST_TEXT: usize = 256 << 10;
/// How many failing tests are kept.
const MOST_CASES: usize = 50_000;

/// Reads a file. Neither document types nor entities of its own are obeyed: the file is refused.
pub(super) fn read(mut input: impl BufRead) -> Result<Report, JunitError> {
    check_start(&mut input)?;
    let mut reader = Reader::from_reader(Limited { inner: input, left: MOST_BYTES });
    let mut state = State::default();
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer);
        if reader.get_ref().left == 0 {
            return Err(JunitError::Size(MOST_BYTES));
        }
        match event.map_err(|error| explained(error, reader.error_position()))? {
            Event::Eof => break,
            event => state.event(event)?,
        }
        buffer.clear();
    }
    match (state.seen_root, state.depth) {
        (false, _) => Err(JunitError::Empty),
        (true, 0) => Ok(state.report),
        (true, _) => Err(JunitError::Truncated),
    }
}

/// Refuses wide encodings by their first bytes, and skips a byte order mark.
fn check_start(input: &mut impl BufRead) -> Result<(), JunitError> {
    let start = input.fill_buf()?;
    match start {
        [] => Err(JunitError::Empty),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => Err(JunitError::Wide),
        [0xef, 0xbb, 0xbf, ..] => {
            input.consume(3);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn explained(error: Error, at: u64) -> JunitError {
    match error {
        Error::Io(error) => JunitError::Io(std::io::Error::new(error.kind(), error.to_string())),
        Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            JunitError::Malformed { why: "`<!` begins nothing known".into(), at }
        }
        Error::Syntax(_) => JunitError::Truncated,
        error => JunitError::Malformed { why: error.to_string(), at },
    }
}

/// Input that ends after a number of bytes.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(available.len());
        Ok(&available[..most])
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}

/// What is open while a file is read.
#[derive(Default)]
struct State {
    report: Report,
    seen_root: bool,
    depth: usize,
    suite: String,
    /// The open test case, and the depth that it stands at.
    case: Option<(Case, usize)>,
    /// The depth of the open failure or error, whose text is wanted.
    text_at: Option<usize>,
}

impl State {
    fn event(&mut self, event: Event<'_>) -> Result<(), JunitError> {
        match event {
            Event::Decl(decl) => match decl.encoding() {
                Some(Ok(name)) if !is_utf8(&name) => return Err(JunitError::Encoding(name.into_owned())),
                _ => {}
            },
            Event::DocType(_) => return Err(JunitError::DocumentType),
            Event::Start(start) => self.start(&start)?,
            Event::Empty(start) => {
                self.start(&start)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference)?,
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), JunitError> {
        let local = start.local_name();
        let name: &str = local.as_ref();
        if self.depth == 0 && !matches!(name, "testsuites" | "testsuite") {
            return Err(JunitError::Root(name.chars().take(60).collect()));
        }
        self.seen_root = true;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(JunitError::Depth(DEEPEST));
        }
        match (name, &mut self.case) {
            ("testsuite", None) => self.suite = attribute(start, "name")?.unwrap_or_default(),
            ("testcase", None) => self.case = Some((case(start, &self.suite)?, self.depth)),
            (name, Some((case, at))) if *at + 1 == self.depth => {
                let wanted = inside(case, name, start)?;
                self.text_at = wanted.then_some(self.depth).or(self.text_at);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.text_at == Some(self.depth) {
            self.text_at = None;
        }
        if self.case.as_ref().is_some_and(|(_, at)| *at == self.depth)
            && let Some((case, _)) = self.case.take()
        {
            self.report.add(case, MOST_CASES);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, more: &str) {
        let problem = self.case.as_mut().and_then(|(case, _)| case.problems.last_mut());
        if let (Some(at), Some(problem)) = (self.text_at, problem)
            && at == self.depth
        {
            let room = LONGEST_TEXT.saturating_sub(problem.text.len());
            problem.text.push_str(&more[..floor(more, room)]);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), JunitError> {
        let name = reference.xml10_content();
        let mut text = [0; 4];
        let found = match name.as_ref() {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            _ => match reference.resolve_char_ref() {
                Ok(Some(c)) => c.encode_utf8(&mut text),
                _ => return Err(JunitError::Entity(name.chars().take(60).collect())),
            },
        };
        self.text(found);
        Ok(())
    }
}

fn is_utf8(name: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The largest character boundary of `text` up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, JunitError> {
    let wrong = |why: String| JunitError::Malformed { why, at: 0 };
    let Some(found) = start.try_get_attribute(name).map_err(|error| wrong(error.to_string()))? else { return Ok(None) };
    match found.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => Ok(Some(value.into_owned())),
        Err(_) => Err(JunitError::Entity(found.value.chars().take(60).collect())),
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
