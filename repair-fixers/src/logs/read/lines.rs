//! Lines of a stream, with a limit on their length.

use std::io::{self, BufRead};

/// The longest line that is kept whole.
pub(super) const LONGEST: usize = 64 * 1024;

/// One line, without its line feed.
#[derive(Debug)]
pub(super) struct RawLine<'a> {
    /// Its 1-based number.
    pub(super) number: u64,
    /// Its bytes, at most [`LONGEST`].
    pub(super) bytes: &'a [u8],
    /// Whether the rest was dropped.
    pub(super) cut: bool,
}

/// Reads lines one after another into one buffer.
pub(super) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), number: 0 }
    }

    /// The next line, `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        self.buffer.clear();
        let mut length = 0usize;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = memchr::memchr(b'\n', available);
            let part = &available[..end.unwrap_or(available.len())];
            let room = LONGEST - self.buffer.len();
            self.buffer.extend_from_slice(&part[..part.len().min(room)]);
            length += part.len();
            let at_end = available.is_empty();
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if at_end && length == 0 {
                return Ok(None);
            }
            if at_end || end.is_some() {
                break;
            }
        }
        self.number += 1;
        Ok(Some(RawLine { number: self.number, bytes: &self.buffer, cut: length > LONGEST }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, usize, bool)> {
        let mut lines = Lines::new(text);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.bytes.len(), line.cut));
        }
        found
    }

    #[test]
    fn lines_are_numbered_and_the_last_needs_no_end() {
        assert_eq!(all(b"a\n\nbcd"), [(1, 1, false), (2, 0, false), (3, 3, false)]);
        assert_eq!(all(b"a\n"), [(1, 1, false)]);
        assert_eq!(all(b""), []);
    }

    #[test]
    fn a_giant_line_is_cut_and_the_next_one_is_whole() {
        let mut text = vec![b'x'; 3 * LONGEST];
        text.extend_from_slice(b"\nnext");
        assert_eq!(all(&text), [(1, LONGEST, true), (2, 4, false)]);
    }
}
