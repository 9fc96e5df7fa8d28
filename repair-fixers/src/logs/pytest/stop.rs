//! Sessions that came to no good end: stopped, timed out, crashed, broken inside.

use super::block::Details;
use super::failures::Collector;
use super::form;
use crate::logs::exception::Exception;
use crate::logs::{fault, traceback};
use repair_core::{Failure, Output};
use std::ops::Range;

impl Collector<'_> {
    /// The test that was running when the session was stopped.
    pub(super) fn of_stop(&self) -> Option<Failure> {
        let session = self.session;
        let id = session.running.as_ref().map(|(_, id)| id.as_str());
        // With its other method a time limit ends the test alone, and the session goes on.
        if let Some(index) = session.timeout.filter(|_| session.tally.is_none()) {
            return Some(self.of_timeout(index, id));
        }
        let Some(index) = session.interrupted else { return self.of_fault(id) };
        let text = form::shout(self.output.line(index)).unwrap_or_default();
        let (code, message) = match text.split_once("outcomes.Exit: ") {
            Some((_, message)) => ("Exit", message),
            None => ("KeyboardInterrupt", "KeyboardInterrupt"),
        };
        let place = form::entry(self.output.line(index + 1));
        let place = place.and_then(|entry| Some((self.roots.relative(entry.path)?, entry.line)));
        let details = Details { code: Some(code.into()), message: Some(message.into()), place, file: None };
        Some(self.failure(id.unwrap_or_default(), details, false, index..index + 1))
    }

    /// pytest-timeout with its thread method prints stacks and ends the process.
    fn of_timeout(&self, index: usize, id: Option<&str>) -> Failure {
        let main = (index..self.session.end).find(|index| self.output.line(*index).contains("Stack of MainThread"));
        let frames = main.map_or(index, |main| main + 1)..self.session.end;
        let frames = frames.map_while(|index| {
            let line = self.output.line(index);
            line.starts_with(' ').then_some(line)
        });
        let inside = |frame: traceback::Frame| Some((self.roots.relative(&frame.path)?, frame.line));
        let place = frames.filter_map(traceback::frame).filter_map(inside).last();
        let details = Details { code: Some("Timeout".into()), message: Some("Timeout".into()), place, file: None };
        self.failure(id.unwrap_or_default(), details, false, index..self.session.end)
    }

    /// An internal error: its lines are a traceback with a mark before each.
    pub(super) fn of_internal(&self, lines: Range<usize>) -> Option<Failure> {
        let text = |index: usize| self.output.line(index).strip_prefix("INTERNALERROR>").unwrap_or_default();
        let inner: Output = lines.clone().map(|index| text(index).strip_prefix(' ').unwrap_or(text(index))).collect();
        let traceback = traceback::all(&inner).pop();
        let last = inner.iter().rev().find_map(Exception::recognize);
        let exception = traceback.as_ref().and_then(|traceback| traceback.exception.clone()).or(last)?;
        let details = Details {
            code: Some(exception.code().to_owned()),
            message: Some(exception.message),
            place: traceback.and_then(|traceback| traceback.place(self.roots)),
            file: None,
        };
        Some(self.failure("", details, true, lines))
    }

    /// The process died, and faulthandler says where.
    fn of_fault(&self, id: Option<&str>) -> Option<Failure> {
        let session = self.session;
        if session.tally.is_some() {
            return None;
        }
        let fault = fault::find(self.output, session.start..session.end, self.roots)?;
        let details = Details { code: fault.code, message: Some(fault.message), place: fault.place, file: None };
        Some(self.failure(id.unwrap_or_default(), details, false, fault.lines))
    }
}
