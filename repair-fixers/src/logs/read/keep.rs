//! Keeps the beginning and the end of a step's output.

use repair_core::Output;
use std::mem;

/// What a line costs apart from its text.
const LINE: usize = 16;

/// Output with a limit: when it is reached, the middle goes.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    limit: usize,
    head: Output,
    full: bool,
    /// The end, in two generations: when `young` is full, `old` goes and `young` becomes `old`.
    old: Output,
    young: Output,
    dropped: u64,
    dropped_from: u64,
}

impl Keeper {
    /// Keeps about `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Whether nothing came yet.
    pub(super) fn is_empty(&self) -> bool {
        self.head.is_empty() && !self.full
    }

    /// Adds a line.
    pub(super) fn push(&mut self, number: u64, line: &str) {
        let cost = line.len() + LINE;
        if !self.full && size(&self.head) + cost <= self.limit / 2 {
            return self.head.push(number, line);
        }
        self.full = true;
        if size(&self.young) + cost > self.limit / 4 {
            self.drop_old();
        }
        self.young.push(number, line);
    }

    fn drop_old(&mut self) {
        mem::swap(&mut self.old, &mut self.young);
        if self.dropped == 0 {
            self.dropped_from = self.young.number(0);
        }
        self.dropped += self.young.len() as u64;
        self.young.clear();
    }

    /// The output, and how many lines are missing.
    pub(super) fn finish(self) -> (Output, u64) {
        let mut output = self.head;
        if self.dropped > 0 {
            output.push(self.dropped_from, &format!("[{} lines left out]", self.dropped));
        }
        for part in [&self.old, &self.young] {
            for index in 0..part.len() {
                output.push(part.number(index), part.line(index));
            }
        }
        (output, self.dropped)
    }
}

/// Bytes of memory that an output takes.
pub(super) fn size(output: &Output) -> usize {
    output.bytes() + output.len() * LINE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_whole() {
        let mut keeper = Keeper::new(10_000);
        (1..=100).for_each(|number| keeper.push(number, "x"));
        let (output, dropped) = keeper.finish();
        assert_eq!((output.len(), dropped, output.number(99)), (100, 0, 100));
    }

    #[test]
    fn of_too_much_the_middle_goes() {
        let mut keeper = Keeper::new(10_000);
        (1..=10_000).for_each(|number| keeper.push(number, &format!("line {number}")));
        let (output, dropped) = keeper.finish();
        assert!(size(&output) <= 10_000 + 100, "{}", size(&output));
        assert_eq!(output.line(0), "line 1");
        assert_eq!(output.line(output.len() - 1), "line 10000");
        assert_eq!(output.len() as u64 - 1 + dropped, 10_000);
        let note = output.iter().position(|line| line == format!("[{dropped} lines left out]")).unwrap();
        assert_eq!(output.number(note), output.number(note - 1) + 1);
        assert_eq!(output.number(note + 1), output.number(note) + dropped);
    }
}
