//! Half-open ranges of bytes.

use std::ops::Range;

/// A half-open range of bytes of one file, `start..end` with `start <= end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Ends"))]
pub struct Span {
    start: usize,
    end: usize,
}

/// A span as it is read, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Ends {
    start: usize,
    end: usize,
}

#[cfg(feature = "serde")]
impl TryFrom<Ends> for Span {
    type Error = &'static str;

    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        let ordered = ends.start <= ends.end;
        ordered.then(|| Self::new(ends.start, ends.end)).ok_or("a span ends before it starts")
    }
}

impl Span {
    /// The bytes `start..end`; an end before the start counts as the start.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end
    }

    /// Bytes covered.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` lies within.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range, to index with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The whole 1-based `line` of `text` without its line end, if there is such a line.
    ///
    /// ```
    /// # use repair_core::Span;
    /// assert_eq!(Span::of_line("a\nbc\r\n", 2), Some(Span::new(2, 4)));
    /// ```
    pub fn of_line(text: &str, line: u32) -> Option<Self> {
        let mut start = 0;
        for (index, part) in text.split_inclusive('\n').enumerate() {
            if index + 1 == line as usize {
                return Some(Self::new(start, start + part.trim_end_matches(['\n', '\r']).len()));
            }
            start += part.len();
        }
        None
    }

    /// The 1-based line on which byte `offset` of `text` lies.
    pub fn line_of(text: &str, offset: usize) -> u32 {
        let upto = &text.as_bytes()[..offset.min(text.len())];
        u32::try_from(upto.iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}
