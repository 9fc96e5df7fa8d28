//! Lines of a stream, with a limit on their length.
//!
//! Lines are slices of one block of memory, into which the stream is read. What is rare in a log is searched for once
//! per block, by [`Seek`], and not once per line.

use super::seek::Seek;
use std::io::{self, Read};
use std::ops::Range;

/// The longest line that is kept whole.
pub(super) const LONGEST: usize = 64 * 1024;
/// How much is read at once. A line that is kept always has room.
const BLOCK: usize = 4 * LONGEST;

/// One line, without its line end.
#[derive(Debug)]
pub(super) struct RawLine<'a> {
    /// Its 1-based number.
    pub(super) number: u64,
    /// Its bytes, at most [`LONGEST`].
    pub(super) bytes: &'a [u8],
    /// Whether the rest was dropped.
    pub(super) cut: bool,
    /// Whether there are control sequences or carriage returns in it.
    pub(super) controls: bool,
    /// Whether it may speak of Python.
    pub(super) python: bool,
    /// Whether it may have marks of Travis.
    pub(super) travis: bool,
}

/// Reads lines one after another.
pub(super) struct Lines<R> {
    input: R,
    block: Vec<u8>,
    /// What was read and is not yet taken.
    rest: Range<usize>,
    number: u64,
    controls: Seek,
    python: Seek,
    travis: Seek,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            block: vec![0; BLOCK],
            rest: 0..0,
            number: 0,
            controls: Seek::either(0x1b, b'\r'),
            python: Seek::text("ython"),
            travis: Seek::text("travis_"),
        }
    }

    /// The next line, `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        let (line, next) = match memchr::memchr(b'\n', &self.block[self.rest.clone()]) {
            Some(length) => (self.rest.start..self.rest.start + length, self.rest.start + length + 1),
            None => match self.long()? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        self.rest.start = next;
        self.number += 1;
        let cut = line.len() > LONGEST;
        let mut line = line.start..line.end.min(line.start + LONGEST);
        while !cut && line.end > line.start && self.block[line.end - 1] == b'\r' {
            line.end -= 1;
        }
        let text = &self.block[..self.rest.end];
        Ok(Some(RawLine {
            number: self.number,
            bytes: &text[line.clone()],
            cut,
            controls: self.controls.is_in(text, &line),
            python: self.python.is_in(text, &line),
            travis: self.travis.is_in(text, &line),
        }))
    }

    /// A line that does not end in what was read so far, and where the next one begins.
    ///
    /// Of what is longer than [`LONGEST`] a byte more is kept, to show that it is.
    fn long(&mut self) -> io::Result<Option<(Range<usize>, usize)>> {
        self.block.copy_within(self.rest.clone(), 0);
        let mut length = self.rest.len();
        [&mut self.controls, &mut self.python, &mut self.travis].into_iter().for_each(Seek::restart);
        loop {
            length = length.min(LONGEST + 1);
            let count = self.fill(length)?;
            self.rest = 0..length + count;
            if count == 0 {
                return Ok((length > 0).then_some((0..length, length)));
            }
            match memchr::memchr(b'\n', &self.block[length..length + count]) {
                Some(end) if length > LONGEST => return Ok(Some((0..length, length + end + 1))),
                Some(end) => return Ok(Some((0..length + end, length + end + 1))),
                None => length += count,
            }
        }
    }

    /// Reads to the block from `start` on; how many bytes, none at the end.
    fn fill(&mut self, start: usize) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.block[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn all(input: impl Read) -> Vec<(u64, usize, bool)> {
        let mut lines = Lines::new(input);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.bytes.len(), line.cut));
        }
        found
    }

    /// Gives at most so many bytes at once.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let room = buffer.len().min(self.1);
            self.0.read(&mut buffer[..room])
        }
    }

    #[test]
    fn lines_are_numbered_and_the_last_needs_no_end() {
        assert_eq!(all(&b"a\n\nbcd"[..]), [(1, 1, false), (2, 0, false), (3, 3, false)]);
        assert_eq!(all(&b"a\n"[..]), [(1, 1, false)]);
        assert_eq!(all(&b"a\r\n\r\nb\r"[..]), [(1, 1, false), (2, 0, false), (3, 1, false)]);
        assert_eq!(all(&b""[..]), []);
    }

    #[test]
    fn a_giant_line_is_cut_and_the_next_one_is_whole() {
        for length in [LONGEST + 1, 3 * LONGEST, BLOCK - 1, BLOCK, BLOCK + 1, 9 * BLOCK] {
            let mut text = vec![b'x'; length];
            text.extend_from_slice(b"\nnext");
            assert_eq!(all(&text[..]), [(1, LONGEST, true), (2, 4, false)], "{length}");
        }
        assert_eq!(all(&vec![b'x'; LONGEST][..]), [(1, LONGEST, false)]);
        assert_eq!(all(&vec![b'x'; LONGEST + 1][..]), [(1, LONGEST, true)]);
    }

    #[test]
    fn lines_are_the_same_however_the_stream_is_cut() {
        let mut text = Vec::new();
        for length in [0, 1, 7, 1000, LONGEST - 1, LONGEST, LONGEST + 1, 3, BLOCK, 12, 2 * BLOCK + 3, 0, 5] {
            text.extend(std::iter::repeat_n(b'y', length));
            text.push(b'\n');
        }
        let whole = all(&text[..]);
        assert_eq!(whole.len(), 13);
        for step in [1, 13, 4096, LONGEST + 1, BLOCK - 1] {
            assert_eq!(all(Slow(&text, step)), whole, "{step}");
        }
        assert_eq!(all(Cursor::new(&text[..100]).chain(&text[100..])), whole);
    }

    #[test]
    fn what_is_rare_is_seen_in_the_line_that_has_it() {
        let plain = "tests/a.py .....\n".repeat(BLOCK / 10);
        let text = format!("{plain}\x1b[1mx\n{plain}a\rb\n{plain}Python 3\ntravis_fold\n{plain}python");
        let mut lines = Lines::new(text.as_bytes());
        let (mut seen, mut number) = (Vec::new(), 0);
        while let Some(line) = lines.next().unwrap() {
            number += 1;
            if line.controls || line.python || line.travis {
                seen.push((line.bytes.to_vec(), line.controls, line.python, line.travis));
            }
        }
        let expected = [
            (b"\x1b[1mx".to_vec(), true, false, false),
            (b"a\rb".to_vec(), true, false, false),
            (b"Python 3".to_vec(), false, true, false),
            (b"travis_fold".to_vec(), false, false, true),
            (b"python".to_vec(), false, true, false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(number, text.lines().count());
    }
}
