//! Cobertura's XML, as coverage.py and many others write it.

use super::{CoverageError, LONGEST_PATH, Lines, Report};
use crate::logs::xml::{Visitor, attribute, push, walk};
use quick_xml::events::BytesStart;
use std::io::BufRead;

/// The most folders that paths may start from.
const MOST_SOURCES: usize = 10;

/// Reads a report. A document type that is only named is no harm, since it is never fetched.
pub(super) fn read(input: impl BufRead, report: &mut Report) -> Result<(), CoverageError> {
    let mut state = State { report, source: None, class: None, refused: Ok(()) };
    walk(input, &mut state)?;
    state.refused
}

/// What is open while a file is read.
struct State<'a> {
    report: &'a mut Report,
    /// The depth of the open folder.
    source: Option<usize>,
    /// The open file, and the depth that it stands at.
    class: Option<(String, Lines, usize)>,
    /// What was wrong at the end of an element.
    refused: Result<(), CoverageError>,
}

impl Visitor for State<'_> {
    type Error = CoverageError;

    fn root(&mut self, name: &str, _: bool) -> Result<(), CoverageError> {
        if name == "coverage" { Ok(()) } else { Err(CoverageError::Form) }
    }

    fn start(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<(), CoverageError> {
        std::mem::replace(&mut self.refused, Ok(()))?;
        let local = start.local_name();
        match (local.as_ref(), &mut self.class) {
            ("source", None) if self.report.sources.len() < MOST_SOURCES => {
                self.report.sources.push(String::new());
                self.source = Some(depth);
            }
            ("class", None) => {
                let path = attribute(start, "filename")?.unwrap_or_default();
                self.class = Some((path, Lines::default(), depth));
            }
            ("line", Some((_, lines, _))) => {
                let number = attribute(start, "number")?.and_then(|number| number.parse().ok());
                let hits = attribute(start, "hits")?.unwrap_or_default();
                lines.add(number.unwrap_or_default(), super::lcov::is_hit(&hits));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, depth: usize) {
        if let (Some(at), Some(source)) = (self.source, self.report.sources.last_mut())
            && at == depth
        {
            push(source, text, LONGEST_PATH);
        }
    }

    fn end(&mut self, depth: usize) {
        if self.source == Some(depth) {
            self.source = None;
        }
        if self.class.as_ref().is_some_and(|(_, _, at)| *at == depth)
            && let Some((path, lines, _)) = self.class.take()
        {
            self.refused = self.report.add(&path, lines);
        }
    }
}
