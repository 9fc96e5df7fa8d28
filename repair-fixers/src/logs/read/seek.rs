//! Says of one line after another whether something occurs in it, with one search over the block that they stand in.

use memchr::memmem::Finder;
use std::ops::Range;

/// What is searched for.
#[derive(Debug)]
enum Wanted {
    Either(u8, u8),
    Text(Box<Finder<'static>>),
}

/// The place of the next occurrence, kept from line to line.
#[derive(Debug)]
pub(super) struct Seek {
    wanted: Wanted,
    /// The first occurrence from the last line on; `usize::MAX` if there is none in the block.
    next: Option<usize>,
}

impl Seek {
    /// Searches for one of two bytes.
    pub(super) fn either(one: u8, other: u8) -> Self {
        Self { wanted: Wanted::Either(one, other), next: None }
    }

    /// Searches for a text.
    pub(super) fn text(text: &'static str) -> Self {
        Self { wanted: Wanted::Text(Box::new(Finder::new(text))), next: None }
    }

    /// Another block begins.
    pub(super) fn restart(&mut self) {
        self.next = None;
    }

    /// Whether there is an occurrence in `line` of `block`. Lines come in their order.
    pub(super) fn is_in(&mut self, block: &[u8], line: &Range<usize>) -> bool {
        let next = match self.next {
            Some(next) if next >= line.start => next,
            _ => self.find(&block[line.start..]).map_or(usize::MAX, |at| line.start + at),
        };
        self.next = Some(next);
        next < line.end
    }

    fn find(&self, text: &[u8]) -> Option<usize> {
        match &self.wanted {
            Wanted::Either(one, other) => memchr::memchr2(*one, *other, text),
            Wanted::Text(finder) => finder.find(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_told_apart_from_its_neighbors() {
        let block = b"one\ntwo x\n\nx\nthree";
        let lines = [0..3, 4..9, 10..10, 11..12, 13..18];
        let mut seek = Seek::either(b'x', b'y');
        assert!(lines.iter().map(|line| seek.is_in(block, line)).eq([false, true, false, true, false]));
        seek.restart();
        assert!(!seek.is_in(b"none", &(0..4)));
        let mut seek = Seek::text("two");
        assert!(lines.iter().map(|line| seek.is_in(block, line)).eq([false, true, false, false, false]));
    }
}
