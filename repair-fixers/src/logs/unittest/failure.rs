//! From the part of a failing test to its failure.

use super::runs::Block;
use crate::logs::doctest;
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use crate::logs::traceback::{self, Traceback};
use repair_core::{Failure, Output, Phase};
use std::ops::Range;

/// The test's dotted name, and whether it stands for a module that could not be loaded.
pub(in crate::logs) fn identity(header: &str) -> (String, bool) {
    if let Some(suite) = header.strip_prefix("test suite for <") {
        return (suite.split('\'').nth(1).unwrap_or(suite).to_owned(), false);
    }
    let Some((name, rest)) = header.split_once(" (").filter(|(name, _)| !name.contains(' ')) else {
        return (header.to_owned(), false);
    };
    let place = rest.split(')').next().unwrap_or(rest);
    if ["unittest.loader.", "unittest2.loader.", "nose2.loader."].iter().any(|loader| place.starts_with(loader)) {
        return (name.to_owned(), true);
    }
    let complete = place.ends_with(&format!(".{name}"));
    (if complete { place.to_owned() } else { format!("{place}.{name}") }, false)
}

/// The failure that a block tells.
pub(super) fn of(output: &Output, block: &Block, tool: &str, roots: &Roots) -> Failure {
    if let Some(failure) = doctest::within(output, block.lines.clone(), roots) {
        return failure;
    }
    let traceback = last_traceback(output, block.lines.clone());
    let place = traceback.as_ref().and_then(|traceback| traceback.place(roots));
    let (mut id, mut collecting) = identity(&block.header);
    if block.header.starts_with("Failure: ") {
        collecting = true;
        id = traceback.as_ref().and_then(|traceback| first_module(traceback, roots)).unwrap_or_default();
    }
    if block.header == "_ErrorHolder" {
        id = traceback.as_ref().and_then(|traceback| module_fixture(traceback, roots)).unwrap_or_default();
    }
    let exception = exception_of(output, block, traceback.as_ref());
    let path = place.as_ref().map(|(path, _)| path.as_str()).unwrap_or_default();
    let category = if collecting {
        exception::category(exception.code(), &exception.message)
    } else {
        exception::test_category(exception.code(), &exception.message, &[&id, path])
    };
    let mut failure = Failure::new(category, tool);
    if collecting {
        failure.phase = Phase::Import;
    }
    exception::write(&mut failure, &exception);
    failure.test_id = Some(id).filter(|id| !id.is_empty() && !is_sentence(id));
    let (path, line) = place.unzip();
    exception::place(&mut failure, path, line);
    let last = block.lines.end.saturating_sub(1).max(block.lines.start);
    failure.log_lines = Some((output.number(block.lines.start), output.number(last)));
    failure
}

/// The last traceback of a block: what the test printed is not looked at.
fn last_traceback(output: &Output, lines: Range<usize>) -> Option<Traceback> {
    let mut found: Option<Traceback> = None;
    for index in lines.clone() {
        let line = output.line(index);
        if line.contains(">> begin captured ") || line == "Stdout:" || line == "Stderr:" {
            break;
        }
        let inside = found.as_ref().is_some_and(|found| index <= found.last);
        if !inside && line.contains("Traceback (most recent call last)") {
            found = traceback::read(output, index).or(found);
        }
    }
    found
}

fn exception_of(output: &Output, block: &Block, traceback: Option<&Traceback>) -> Exception {
    if block.kind == "UNEXPECTED SUCCESS" {
        return Exception { class: "UnexpectedSuccess".to_owned(), message: String::new() };
    }
    let found = traceback.and_then(|traceback| Some((traceback.exception.clone()?, traceback.last)));
    let Some((mut exception, last)) = found else {
        if let Some(exception) = not_loaded(&block.header) {
            return exception;
        }
        return Exception { class: "AssertionError".to_owned(), message: String::new() };
    };
    let next = output.line(last + 1).trim();
    if exception.message.is_empty()
        && last + 1 < block.lines.end
        && !next.starts_with("---")
        && !next.starts_with("===")
    {
        exception.message = next.to_owned();
    }
    exception
}

/// The exception in the heading of what nose could not load: `Failure: ImportError (No module named x)`.
fn not_loaded(header: &str) -> Option<Exception> {
    let (class, rest) = header.strip_prefix("Failure: ")?.split_once(" (")?;
    Some(Exception { class: class.to_owned(), message: rest.strip_suffix(')')?.to_owned() })
}

/// The dotted name of the first module of the repository in a traceback.
fn first_module(traceback: &Traceback, roots: &Roots) -> Option<String> {
    let path = traceback.frames.iter().find_map(|frame| roots.relative(&frame.path))?;
    let module = path.as_str().strip_suffix(".py")?.replace('/', ".");
    Some(module.strip_suffix(".__init__").map_or(module.clone(), str::to_owned))
}

/// The fixture of a module that nose2 does not name: its frame does. That of a class does not name the class.
fn module_fixture(traceback: &Traceback, roots: &Roots) -> Option<String> {
    let frame = traceback.frames.iter().find(|frame| roots.relative(&frame.path).is_some())?;
    let fixture = Some(&frame.function).filter(|name| ["setUpModule", "tearDownModule"].contains(&name.as_str()))?;
    Some(format!("{}.{fixture}", first_module(traceback, roots)?))
}

/// Whether a header is a docstring, by which nose calls a test that has one.
fn is_sentence(header: &str) -> bool {
    header.split('(').next().is_some_and(|name| name.trim().contains(' '))
}
