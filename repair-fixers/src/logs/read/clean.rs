//! Takes a terminal's control sequences out of a line.

use super::controls::obeyed;
use std::borrow::Cow;

const ESCAPE: u8 = 0x1b;

/// The text of a line as a person would have seen it: no colours, no overwritten progress, no invalid UTF-8.
///
/// `controls` says whether there may be control sequences or carriage returns, `scratch` is memory to reuse.
pub(super) fn clean<'a>(bytes: &'a [u8], controls: bool, scratch: &'a mut Vec<u8>) -> Cow<'a, str> {
    let bytes = if controls { last_segment(without_escapes(bytes, scratch)) } else { bytes };
    // Text that is valid, as nearly all is, is found to be so several times as fast in this way.
    obeyed(std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed))
}

/// `bytes` without escape sequences; itself if there is none.
pub(super) fn without_escapes<'a>(bytes: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let Some(first) = memchr::memchr(ESCAPE, bytes) else { return bytes };
    scratch.clear();
    let (mut plain, mut rest) = bytes.split_at(first);
    loop {
        scratch.extend_from_slice(plain);
        rest = &rest[sequence(rest)..];
        match memchr::memchr(ESCAPE, rest) {
            Some(next) => (plain, rest) = rest.split_at(next),
            None => break,
        }
    }
    scratch.extend_from_slice(rest);
    scratch
}

/// How long the escape sequence is that `bytes` begins with.
fn sequence(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'[') => {
            let end = bytes[2..].iter().position(|byte| (0x40..=0x7e).contains(byte) || *byte < 0x20);
            end.map_or(bytes.len(), |end| if bytes[2 + end] < 0x20 { 2 + end } else { 3 + end })
        }
        Some(b']' | b'P' | b'X' | b'^' | b'_') => string_sequence(bytes),
        Some(b'(' | b')' | b'*' | b'+' | b'#' | b'%' | b' ') => bytes.len().min(3),
        Some(0x30..=0x7e) => 2,
        _ => 1,
    }
}

/// A sequence with a text, such as a window title, ended by BEL or `ESC \`.
fn string_sequence(bytes: &[u8]) -> usize {
    match memchr::memchr2(7, ESCAPE, &bytes[2..]) {
        Some(end) if bytes[2 + end] == 7 => end + 3,
        Some(end) if bytes.get(end + 3) == Some(&b'\\') => end + 4,
        Some(end) => end + 2,
        None => 2,
    }
}

/// What is left to see of a line that was overwritten by carriage returns.
fn last_segment(bytes: &[u8]) -> &[u8] {
    if memchr::memchr(b'\r', bytes).is_none() {
        return bytes;
    }
    let visible = |segment: &&[u8]| segment.iter().any(|byte| !byte.is_ascii_whitespace());
    bytes.rsplit(|byte| *byte == b'\r').find(visible).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &[u8], expected: &str) {
        assert_eq!(clean(line, true, &mut Vec::new()), expected);
    }

    #[test]
    fn colours_and_titles_go() {
        check(b"plain", "plain");
        check(b"\x1b[31m\x1b[1m1 failed\x1b[0m, \x1b[32m2 passed\x1b[0m", "1 failed, 2 passed");
        check(b"\x1b]8;;https://example.com\x1b\\F401\x1b]8;;\x1b\\ x", "F401 x");
        check(b"\x1b]0;title\x07text", "text");
        check(b"\x1b(Btext\x1b[0K", "text");
        check(b"\x1b=a\x1b>b", "ab");
    }

    #[test]
    fn broken_sequences_do_no_harm() {
        check(b"a\x1b", "a");
        check(b"a\x1b[31", "a");
        check(b"a\x1b]never ended", "anever ended");
    }

    #[test]
    fn of_a_progress_line_the_last_state_is_left() {
        check(b" 10%\r 50%\r100%\r", "100%");
        check(b"text\r\x1b[K", "text");
        check(b"text\r", "text");
        check(b"\r", "");
    }

    #[test]
    fn invalid_utf8_becomes_a_replacement_character() {
        check(b"caf\xe9 \xff", "caf\u{fffd} \u{fffd}");
        check("naïve – ✓".as_bytes(), "naïve – ✓");
    }
}
