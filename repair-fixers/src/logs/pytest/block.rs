//! What the part of one failing test says.

use super::form::{self, Entry};
use crate::logs::exception::Exception;
use crate::logs::roots::Roots;
use crate::logs::traceback;
use repair_core::{Output, RepoPath};
use std::ops::Range;

/// What was found in a block.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::logs) struct Details {
    /// The last part of the exception's class.
    pub(in crate::logs) code: Option<String>,
    /// Its message.
    pub(in crate::logs) message: Option<String>,
    /// The deepest place inside the repository.
    pub(in crate::logs) place: Option<(RepoPath, u32)>,
    /// The outermost place inside the repository, as printed: usually the test's file.
    pub(in crate::logs) file: Option<String>,
}

/// Reads the block at `lines`.
pub(in crate::logs) fn read(output: &Output, lines: Range<usize>, roots: &Roots) -> Details {
    let end = lines.clone().find(|index| form::is_captured(output.line(*index))).unwrap_or(lines.end);
    let lines = lines.start..end;
    let mut details = Details::default();
    let entries: Vec<(usize, Entry<'_>)> =
        lines.clone().filter_map(|index| Some((index, form::entry(output.line(index))?))).collect();
    read_errors(output, lines.clone(), roots, &mut details);
    read_entries(output, &entries, lines.clone(), roots, &mut details);
    if details.message.is_none() && details.code.is_none() || entries.is_empty() {
        read_traceback(output, lines.clone(), roots, &mut details);
    }
    if details.place.is_none() {
        details.place = lines.clone().find_map(|index| fixture_place(output.line(index), roots));
    }
    if details.message.is_none() && details.code.is_none() {
        details.message = other_message(output, lines);
        let import = |message: &String| message.starts_with("ImportError while importing test module");
        details.code = details.message.as_ref().filter(|message| import(message)).map(|_| "ImportError".to_owned());
    }
    details
}

/// The lines that begin with `E`: the last group of them is the exception that counts.
fn read_errors(output: &Output, lines: Range<usize>, roots: &Roots, details: &mut Details) {
    let Some(last) = lines.clone().rev().find(|index| form::error_text(output.line(*index)).is_some()) else { return };
    let first = (lines.start..last).rev().take_while(|index| form::error_text(output.line(*index)).is_some()).last();
    let group: Vec<&str> =
        (first.unwrap_or(last)..=last).filter_map(|index| form::error_text(output.line(index))).collect();
    let start = group.iter().position(|text| !text.trim().is_empty()).unwrap_or(0);
    let named = traceback::frame(group[start]);
    let syntax = || group.iter().rev().find_map(|text| Exception::recognize(text));
    let exception = if named.is_some() { syntax() } else { Exception::read(group[start]) };
    if let Some(frame) = named {
        details.place = roots.relative(&frame.path).map(|path| (path, frame.line));
    }
    match exception {
        Some(exception) => {
            details.code = Some(exception.code().to_owned());
            let next = group.get(start + 1).map(|text| text.trim()).or(Some(""));
            let message = if exception.message.is_empty() { next } else { Some(exception.message.as_str()) };
            details.message = message.filter(|message| !message.is_empty()).map(str::to_owned);
        }
        None => details.message = Some(group[start].trim().to_owned()).filter(|message| !message.is_empty()),
    }
}

fn read_entries(
    output: &Output,
    entries: &[(usize, Entry<'_>)],
    lines: Range<usize>,
    roots: &Roots,
    details: &mut Details,
) {
    let inside = |(_, entry): &(usize, Entry<'_>)| roots.relative(entry.path).map(|path| (path, entry.line));
    let link = lines.rev().find(|index| {
        let line = output.line(*index);
        line.starts_with("During handling of the above") || line.starts_with("The above exception was")
    });
    let split = entries.partition_point(|(index, _)| link.is_some_and(|link| *index < link));
    let (before, last) = entries.split_at(split);
    let deepest = || last.iter().rev().find_map(inside).or_else(|| before.iter().rev().find_map(inside));
    details.place = details.place.take().or_else(deepest);
    // Of a chain the cause comes first, so the first file may be another than the test's.
    let inside = entries.iter().map(|(_, entry)| entry.path).filter(|path| roots.relative(path).is_some());
    let file = inside.clone().find(|path| is_test_file(path)).or_else(|| inside.clone().next());
    details.file = file.map(str::to_owned);
    if let (None, Some(class)) = (&details.code, entries.last().and_then(|(_, entry)| entry.class())) {
        details.code = class.rsplit('.').next().map(str::to_owned);
    }
}

/// Whether pytest would look for tests in a file of this name.
pub(super) fn is_test_file(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.starts_with("test_") || name.ends_with("_test.py")
}

/// A traceback in Python's own form: `--tb=native`, exception groups.
fn read_traceback(output: &Output, lines: Range<usize>, roots: &Roots, details: &mut Details) {
    let start = lines.clone().find(|index| output.line(*index).contains("Traceback (most recent call last)"));
    let Some(traceback) = start.and_then(|start| traceback::read(output, start)) else { return };
    if let Some(place) = traceback.place(roots) {
        details.place = Some(place);
    }
    let inside = traceback.frames.iter().map(|frame| &frame.path).filter(|path| roots.relative(path).is_some());
    let file = inside.clone().find(|path| is_test_file(path)).or_else(|| inside.clone().next());
    details.file = details.file.take().or_else(|| file.cloned());
    let Some(exception) = traceback.exception else { return };
    details.code = Some(exception.code().to_owned());
    let next = Some(output.line(traceback.last + 1).trim()).filter(|_| traceback.last + 1 < lines.end);
    let message = if exception.message.is_empty() { next } else { Some(exception.message.as_str()) };
    details.message = message.filter(|message| !message.is_empty()).map(str::to_owned);
}

/// `file /path/test_a.py, line 3`, as a missing fixture is reported.
fn fixture_place(line: &str, roots: &Roots) -> Option<(RepoPath, u32)> {
    let (path, line) = line.strip_prefix("file ")?.rsplit_once(", line ")?;
    Some((roots.relative(path)?, line.trim().parse().ok()?))
}

/// The message of blocks in other forms: doctests, strict expected failures, crashed workers.
fn other_message(output: &Output, lines: Range<usize>) -> Option<String> {
    let text = |mark: &str| {
        let mut below = lines.clone().skip_while(|index| output.line(*index) != mark).skip(1);
        below.next().map(|index| output.line(index).trim().to_owned())
    };
    if let (Some(expected), Some(got)) = (text("Expected:"), text("Got:")) {
        return Some(format!("Expected: {expected} Got: {got}"));
    }
    let first = lines.clone().skip(1).map(|index| output.line(index).trim());
    let mut first = first.filter(|line| !line.is_empty() && !line.starts_with("[gw") && form::entry(line).is_none());
    first.find(|line| !line.starts_with("0") && !line.starts_with(">>>")).map(str::to_owned)
}

/// The message of a doctest block: what was expected and what came, or the exception.
pub(super) fn doctest(output: &Output, lines: Range<usize>, details: &mut Details) {
    let unexpected = lines.clone().find_map(|index| output.line(index).strip_prefix("UNEXPECTED EXCEPTION: "));
    match unexpected {
        Some(exception) => details.message = Some(exception.trim().to_owned()),
        None => details.message = other_message(output, lines),
    }
}
