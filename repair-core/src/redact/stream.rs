//! Redaction of a stream.

use super::Redactor;
use super::window::{Rest, State, WINDOW, Windows};
use std::io::{self, Write};

/// Redacts what is written to it and hands it on. Made by [`Redactor::stream`].
///
/// What it is given may be cut anywhere. Lines are decided whole; what is kept until then is at most a window of some
/// ten kilobytes. Bytes that are not UTF-8 become the replacement character. The end comes out with
/// [`finish`](Self::finish), or at last when it is dropped; `flush` hands on only what is decided.
pub struct RedactingWriter<W: Write> {
    redactor: Redactor,
    state: State,
    into: Option<W>,
    /// Bytes that are no whole character yet.
    bytes: Vec<u8>,
    text: String,
    decided: usize,
}

impl<W: Write> RedactingWriter<W> {
    pub(super) fn new(redactor: Redactor, into: W) -> Self {
        let (bytes, text) = (Vec::new(), String::new());
        Self { redactor, state: State::default(), into: Some(into), bytes, text, decided: 0 }
    }

    /// Writes the end and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.end()?;
        self.into.take().ok_or_else(|| io::Error::other("the writer is gone"))
    }

    fn end(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        self.text.push_str(&String::from_utf8_lossy(&bytes));
        self.advance(true)?;
        self.into.as_mut().map_or(Ok(()), W::flush)
    }

    /// Takes all of `self.bytes` that are whole characters.
    fn decode(&mut self) {
        let whole = match std::str::from_utf8(&self.bytes) {
            Ok(_) => self.bytes.len(),
            // The last character may go on with the next bytes.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.bytes.len() - unfinished(&self.bytes),
        };
        let rest = self.bytes.split_off(whole);
        self.text.push_str(&String::from_utf8_lossy(&self.bytes));
        self.bytes = rest;
    }

    fn advance(&mut self, complete: bool) -> io::Result<()> {
        let Some(into) = &mut self.into else { return Ok(()) };
        let inner = &self.redactor.inner;
        let state = std::mem::take(&mut self.state);
        let mut windows = Windows { known: &inner.known, numbers: &inner.numbers, state };
        let mut out = String::new();
        let mut context = 0;
        while let Some(step) =
            windows.step(&Rest { text: &self.text[context..], decided: self.decided - context }, complete, &mut out)
        {
            self.decided = context + step.decided;
            context += step.context;
        }
        self.state = windows.state;
        self.text.drain(..context);
        self.decided -= context;
        into.write_all(out.as_bytes())
    }
}

/// How many bytes at the end may be the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3).position(|byte| *byte >= 0xc0);
    let needed = |first: u8| {
        if first >= 0xf0 {
            4
        } else if first >= 0xe0 {
            3
        } else {
            2
        }
    };
    last.map_or(0, |back| if back + 1 < needed(bytes[bytes.len() - 1 - back]) { back + 1 } else { 0 })
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(WINDOW);
        self.bytes.extend_from_slice(&bytes[..taken]);
        self.decode();
        self.advance(false)?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.as_mut().map_or(Ok(()), W::flush)
    }
}

impl<W: Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        if self.into.is_some() {
            // Whoever wants to know of an error calls `finish`.
            _ = self.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_in_two_is_one() {
        for text in ["aé漢😀z", "é", "😀"] {
            let mut writer = Redactor::new().stream(Vec::new());
            text.bytes().for_each(|byte| writer.write_all(&[byte]).unwrap());
            assert_eq!(writer.finish().unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn what_is_no_text_is_marked_and_nothing_is_lost() {
        let mut writer = Redactor::new().stream(Vec::new());
        [&b"a\xffb\xe2"[..], b"\x28c", b"\xf0\x9f"].iter().for_each(|part| writer.write_all(part).unwrap());
        assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), "a\u{fffd}b\u{fffd}(c\u{fffd}");
    }

    #[test]
    fn the_end_comes_out_when_the_writer_is_dropped() {
        let mut out = Vec::new();
        Redactor::new().stream(&mut out).write_all(b"the end").unwrap();
        assert_eq!(out, b"the end");
    }

    #[test]
    fn memory_is_bounded_however_long_a_line_is() {
        let mut writer = Redactor::new().stream(io::sink());
        for _ in 0..100 {
            writer.write_all(&[b'x'; 10_000]).unwrap();
            assert!(writer.text.len() + writer.bytes.len() < 2 * WINDOW, "{}", writer.text.len());
        }
        writer.finish().unwrap();
    }
}
