//! A text as it is matched: without what nobody sees, with escapes undone, and with the way back to the original.

use super::placeholder;
use std::borrow::Cow;
use std::ops::Range;

/// What stands in a view for a placeholder. It is part of no secret.
pub(super) const DONE: u8 = 0x1a;

/// A text for matching. Each of its bytes knows which bytes of the original it stands for.
pub(super) struct View<'t> {
    pub(super) text: Cow<'t, [u8]>,
    /// Absent where both are the same.
    origin: Option<Vec<(u32, u32)>>,
}

impl<'t> View<'t> {
    /// `text` without control characters, escape sequences and characters of no width, and with [`DONE`] for each
    /// placeholder.
    pub(super) fn visible(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| is_suspect(*byte)) && !text.contains(placeholder::OPENING) {
            return Self { text: Cow::Borrowed(bytes), origin: None };
        }
        let mut made = Made::default();
        let mut at = 0;
        while at < bytes.len() {
            let skipped = invisible(&bytes[at..]);
            if skipped > 0 {
                at += skipped;
            } else if let Some(length) = placeholder::length(&bytes[at..]) {
                made.push(DONE, at, at + length);
                at += length;
            } else {
                made.push(bytes[at], at, at + 1);
                at += 1;
            }
        }
        made.view()
    }

    /// The part `range` of this view with percent signs, backslashes and entities undone, as often as they are nested.
    /// Absent if there are none.
    pub(super) fn decoded(&self, range: Range<usize>) -> Option<View<'static>> {
        let original = &self.text[range.clone()];
        let origins: Vec<(u32, u32)> = range.map(|index| self.byte(index)).collect();
        let mut current: (Vec<u8>, Vec<(u32, u32)>) = (original.to_vec(), origins);
        let mut changed = false;
        for _ in 0..NESTED {
            let Some(next) = undo(&current.0, &current.1) else { break };
            current = (next.bytes, next.origin);
            changed = true;
        }
        changed.then_some(View { text: Cow::Owned(current.0), origin: Some(current.1) })
    }

    /// The bytes of the original that `range` of this view stands for.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let first = self.byte(range.start).0;
        let last = self.byte(range.end.max(range.start + 1) - 1).1;
        first as usize..last as usize
    }

    fn byte(&self, index: usize) -> (u32, u32) {
        match &self.origin {
            Some(origin) => {
                origin.get(index).copied().unwrap_or_else(|| origin.last().map_or((0, 0), |last| (last.1, last.1)))
            }
            None => (index as u32, index as u32 + 1),
        }
    }
}

/// How often a text may be escaped: JSON in JSON in a shell's word.
const NESTED: usize = 3;

#[derive(Default)]
struct Made {
    bytes: Vec<u8>,
    origin: Vec<(u32, u32)>,
}

impl Made {
    fn push(&mut self, byte: u8, from: usize, to: usize) {
        self.bytes.push(byte);
        self.origin.push((from as u32, to as u32));
    }

    fn view(self) -> View<'static> {
        View { text: Cow::Owned(self.bytes), origin: Some(self.origin) }
    }
}

/// Whether an invisible character may begin with `byte`.
fn is_suspect(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\n' | b'\t')
        || matches!(byte, 0x7f | 0xc2 | 0xcd | 0xe1 | 0xe2 | 0xe3 | 0xef | 0xf3)
}

/// How many bytes at the beginning of `bytes` nobody sees. A byte that is not UTF-8 was made visible before.
fn invisible(bytes: &[u8]) -> usize {
    match bytes {
        [0x1b, ..] => escape(bytes),
        [b'\r', b'\n', ..] => 0,
        [byte, ..] if *byte < 0x20 && !matches!(*byte, b'\n' | b'\t' | b'\r') || *byte == 0x7f => 1,
        // U+0080 to U+009F, of which U+009B introduces what `ESC [` does, and the soft hyphen.
        [0xc2, 0x9b, ..] => 2 + parameters(&bytes[2..]),
        [0xc2, 0x80..=0x9f | 0xad, ..] | [0xcd, 0x8f, ..] => 2,
        // Joiners, marks of direction, fillers, word joiners, the byte order mark, variation selectors, U+FFFD.
        [0xe1, 0xa0, 0x8b..=0x8f, ..] | [0xe1, 0x85, 0x9f | 0xa0, ..] | [0xe3, 0x85, 0xa4, ..] => 3,
        [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..] | [0xe2, 0x81, 0xa0..=0xaf, ..] => 3,
        [0xef, 0xb8, 0x80..=0x8f, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xb9..=0xbd, ..] => 3,
        [0xf3, 0xa0, ..] => 4.min(bytes.len()),
        _ => 0,
    }
}

/// How long the escape sequence is with which `bytes` begin.
fn escape(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'[') => 2 + parameters(&bytes[2..]),
        // A text such as a window title, which BEL or `ESC \` ends; one that never ends is not taken out.
        Some(b']' | b'P' | b'_' | b'^' | b'X') => {
            let end = bytes[2..].iter().take(4096).position(|byte| matches!(byte, 7 | 0x1b | b'\n'));
            match end.map(|end| (end + 2, bytes[end + 2])) {
                Some((end, 7)) => end + 1,
                Some((end, 0x1b)) => (end + 2).min(bytes.len()),
                _ => 2,
            }
        }
        Some(b'(' | b')' | b'*' | b'+' | b'#' | b'%') => 3.min(bytes.len()),
        Some(b'7' | b'8' | b'=' | b'>' | b'M' | b'c') => 2,
        _ => 1,
    }
}

/// The length of a control sequence after its introducer.
fn parameters(bytes: &[u8]) -> usize {
    let length = bytes.iter().take_while(|byte| (0x20..=0x3f).contains(*byte)).count();
    length + usize::from(bytes.get(length).is_some_and(|byte| (0x40..=0x7e).contains(byte)))
}

/// One layer of escapes undone, if there is any.
fn undo(bytes: &[u8], origin: &[(u32, u32)]) -> Option<Made> {
    let mut made = Made::default();
    let mut at = 0;
    let mut changed = false;
    while at < bytes.len() {
        let (length, decoded) = unescape(&bytes[at..]);
        let (from, to) = (origin[at].0 as usize, origin[at + length - 1].1 as usize);
        match decoded {
            None => made.push(bytes[at], from, to),
            Some(character) => {
                changed = true;
                let mut buffer = [0; 4];
                let visible = invisible(character.encode_utf8(&mut buffer).as_bytes()) == 0;
                let utf8 = if (character as u32) < 0x100 {
                    vec![character as u8]
                } else {
                    buffer[..character.len_utf8()].to_vec()
                };
                utf8.into_iter().filter(|_| visible).for_each(|byte| made.push(byte, from, to));
            }
        }
        at += length;
    }
    changed.then_some(made)
}

/// The escape with which `bytes` begin: how long it is, and what it stands for.
fn unescape(bytes: &[u8]) -> (usize, Option<char>) {
    let found = match bytes {
        [b'%', rest @ ..] => number(rest, 2, 2, 16).map(|(length, code)| (1 + length, code)),
        [b'\\', b'x', rest @ ..] => number(rest, 2, 2, 16).map(|(length, code)| (2 + length, code)),
        [b'\\', b'u', rest @ ..] => number(rest, 4, 4, 16).map(|(length, code)| (2 + length, code)),
        [b'\\', b'0', b'3', b'3', ..] => Some((4, 0x1b)),
        [b'\\', letter, ..] => simple(*letter).map(|code| (2, u32::from(code))),
        [b'&', rest @ ..] => entity(rest).map(|(length, code)| (1 + length, code)),
        _ => None,
    };
    match found.and_then(|(length, code)| Some((length, char::from_u32(code)?))) {
        Some((length, '\u{1b}')) => (length + parameters_after(&bytes[length..]), Some('\u{1b}')),
        Some((length, character)) => (length, Some(character)),
        None => (1, None),
    }
}

/// The rest of a control sequence whose escape was itself escaped.
fn parameters_after(bytes: &[u8]) -> usize {
    if bytes.first() == Some(&b'[') { 1 + parameters(&bytes[1..]) } else { 0 }
}

fn simple(letter: u8) -> Option<u8> {
    match letter {
        b'n' | b'r' => Some(b'\n'),
        b't' => Some(b'\t'),
        b'e' => Some(0x1b),
        b'"' | b'\'' | b'/' | b'\\' | b'`' | b'$' | b'&' | b'=' => Some(letter),
        _ => None,
    }
}

/// The digits with which `bytes` begin, `least` to `most` of them: how many, and their value.
fn number(bytes: &[u8], least: usize, most: usize, radix: u32) -> Option<(usize, u32)> {
    let digits = bytes.iter().take(most).take_while(|byte| (**byte as char).is_digit(radix)).count();
    let text = std::str::from_utf8(&bytes[..digits]).ok()?;
    (digits >= least).then_some((digits, u32::from_str_radix(text, radix).ok()?))
}

/// An entity of XML or HTML after its `&`.
fn entity(bytes: &[u8]) -> Option<(usize, u32)> {
    const NAMED: [(&[u8], u8); 5] =
        [(b"amp;", b'&'), (b"lt;", b'<'), (b"gt;", b'>'), (b"quot;", b'"'), (b"apos;", b'\'')];
    if let Some((name, code)) = NAMED.iter().find(|(name, _)| bytes.starts_with(name)) {
        return Some((name.len(), u32::from(*code)));
    }
    let (prefix, radix) = if bytes.starts_with(b"#x") { (2, 16) } else { (1, 10) };
    let (digits, code) = number(bytes.strip_prefix(b"#")?.get(prefix - 1..)?, 1, 6, radix)?;
    (bytes.get(prefix + digits) == Some(&b';')).then_some((prefix + digits + 1, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(text: &str) -> String {
        String::from_utf8(View::visible(text).text.into_owned()).unwrap()
    }

    fn decoded(text: &str) -> Option<String> {
        let view = View::visible(text);
        view.decoded(0..view.text.len()).map(|view| String::from_utf8(view.text.into_owned()).unwrap())
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(visible("gh\u{1b}[1;31mp_\u{1b}[0mab\u{200b}c\u{ad}d\u{0}e\u{feff}f\u{e0041}g"), "ghp_abcdefg");
        assert_eq!(visible("a\u{1b}]8;;https://x.y\u{1b}\\b\u{1b}]0;t\u{7}c\u{9b}31md"), "abcd");
        assert_eq!(visible("tab\tline\r\nnext é ü 漢"), "tab\tline\r\nnext é ü 漢");
    }

    #[test]
    fn escapes_are_undone_as_often_as_they_are_nested() {
        assert_eq!(decoded("a%2Fb%253D"), Some("a/b=".to_owned()));
        assert_eq!(decoded(r#"{\"k\":\"a\\nb\u0041\"}"#), Some("{\"k\":\"a\nbA\"}".to_owned()));
        assert_eq!(decoded("a&amp;b&#61;&#x41;"), Some("a&b=A".to_owned()));
        assert_eq!(decoded(r"a\u001b[31mb\x1b[0mc\033[1md"), Some("abcd".to_owned()));
        assert_eq!(decoded("100% \\q & plain"), None);
    }

    #[test]
    fn every_part_of_a_view_knows_where_it_comes_from() {
        let text = "x gh\u{1b}[0mp%41z";
        let view = View::visible(text);
        assert_eq!(&view.text[2..5], b"ghp");
        assert_eq!(&text[view.origin(2..5)], "gh\u{1b}[0mp");
        let decoded = view.decoded(0..view.text.len()).unwrap();
        assert_eq!(&decoded.text[2..7], b"ghpAz");
        assert_eq!(&text[decoded.origin(4..6)], "p%41");
    }

    #[test]
    fn a_placeholder_is_one_byte() {
        assert_eq!(visible("a <<REDACTED:token#1>> b"), "a \u{1a} b");
    }
}
