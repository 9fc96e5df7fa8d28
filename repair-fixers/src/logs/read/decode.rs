//! Readers that turn what is not UTF-8 text with line feeds into it.

use std::io::{self, Read};

/// Bytes that are decoded at once.
const CHUNK: usize = 16 * 1024;

/// Reads UTF-16 as UTF-8. What is no UTF-16 becomes replacement characters.
pub(super) struct Utf16<R> {
    input: R,
    big: bool,
    /// Bytes that are not decoded yet: half a unit, or the first half of a pair.
    pending: Vec<u8>,
    text: String,
    given: usize,
}

impl<R: Read> Utf16<R> {
    /// `big` says that the high byte comes first.
    pub(super) fn new(input: R, big: bool) -> Self {
        Self { input, big, pending: Vec::new(), text: String::new(), given: 0 }
    }

    /// Decodes the next bytes; whether there were any.
    fn advance(&mut self) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.pending);
        let read = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        let pairs = bytes.chunks_exact(2);
        let half = pairs.remainder().to_vec();
        let unit = |pair: &[u8]| match (self.big, pair) {
            (true, [high, low]) | (false, [low, high]) => u16::from_be_bytes([*high, *low]),
            _ => 0xfffd,
        };
        let mut units: Vec<u16> = pairs.map(unit).collect();
        if read > 0 {
            if let Some(first) = units.pop_if(|last| (0xd800..0xdc00).contains(last)) {
                let bytes = if self.big { first.to_be_bytes() } else { first.to_le_bytes() };
                self.pending.extend(bytes);
            }
            self.pending.extend(half);
        }
        let decoded = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.text = decoded.collect();
        self.given = 0;
        Ok(read > 0 || !self.text.is_empty())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let rest = &self.text.as_bytes()[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

/// Reads carriage returns as line feeds.
pub(super) struct OldLines<R>(pub(super) R);

impl<R: Read> Read for OldLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        buffer[..length].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(length)
    }
}

/// How the reading of compressed data ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// With its end, as far as it was read.
    Whole,
    /// It is cut off or damaged.
    Damaged,
    /// There is more than allowed.
    TooLarge,
}

/// Reads what a decompressor gives, up to a limit, and up to the place where the data is damaged.
pub(super) struct Unpacked<R> {
    input: R,
    left: u64,
    /// How it ended.
    pub(super) ended: Ended,
}

impl<R: Read> Unpacked<R> {
    pub(super) fn new(input: R, limit: u64) -> Self {
        Self { input, left: limit, ended: Ended::Whole }
    }

    /// How many bytes may still come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut one = [0];
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let target = if self.left == 0 { &mut one[..] } else { &mut buffer[..room] };
        match self.input.read(target) {
            Ok(read) if self.left == 0 => {
                if read > 0 {
                    self.ended = Ended::TooLarge;
                }
                Ok(0)
            }
            Ok(read) => {
                self.left -= read as u64;
                Ok(read)
            }
            Err(error) if is_damage(&error) => {
                self.ended = Ended::Damaged;
                Ok(0)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether the data is at fault, and not the disk.
fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput | Other) && error.raw_os_error().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{BufReader, Cursor};

    fn all(mut reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }

    proptest! {
        #[test]
        fn utf16_is_read_whatever_the_pieces(text in "[a-z\u{e9}\u{1f600}\u{2713}\n]{0,9000}", big in any::<bool>(), piece in 1usize..9) {
            let bytes: Vec<u8> =
                text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let decoded = all(Utf16::new(BufReader::with_capacity(piece, Cursor::new(bytes)), big));
            prop_assert_eq!(String::from_utf8(decoded).unwrap(), text);
        }
    }

    #[test]
    fn broken_utf16_is_marked() {
        assert_eq!(all(Utf16::new(&b"a\0\x00\xd8b\0c"[..], false)), "a\u{fffd}b".as_bytes());
        assert_eq!(all(Utf16::new(&b"\x00\xd8"[..], false)), "\u{fffd}".as_bytes());
    }

    #[test]
    fn there_is_a_limit() {
        let mut exact = Unpacked::new(&b"abc"[..], 3);
        assert_eq!((all(&mut exact), exact.ended, exact.left()), (b"abc".to_vec(), Ended::Whole, 0));
        let mut more = Unpacked::new(&b"abcd"[..], 3);
        assert_eq!((all(&mut more), more.ended), (b"abc".to_vec(), Ended::TooLarge));
    }

    #[test]
    fn damage_is_an_end() {
        struct Cut;
        impl Read for Cut {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
        let mut cut = Unpacked::new(b"ab".chain(Cut), 9);
        assert_eq!((all(&mut cut), cut.ended), (b"ab".to_vec(), Ended::Damaged));
    }
}
