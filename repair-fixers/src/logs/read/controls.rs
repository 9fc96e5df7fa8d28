//! Control characters that no escape introduces: backspaces, bells, zeros, and the eight-bit forms of sequences.

use std::borrow::Cow;

/// The text as a terminal would have shown it. Tabs stay.
pub(super) fn obeyed(text: Cow<'_, str>) -> Cow<'_, str> {
    // No early end: the loop without one runs over many bytes at a time.
    let suspicious = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f || byte == 0xc2;
    if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\t' => out.push(c),
            '\u{8}' => _ = out.pop(),
            '\u{9b}' => _ = rest.find(|c| matches!(c, '@'..='~')),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => {
                let mut after = rest.clone();
                if after.any(|c| matches!(c, '\u{7}' | '\u{9c}')) {
                    rest = after;
                }
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(obeyed(Cow::Borrowed(text)), expected, "{text:?}");
    }

    #[test]
    fn backspaces_take_back_what_was_written() {
        check("abx\u{8}c", "abc");
        check("\u{8}\u{8}a", "a");
        check("é\u{8}e", "e");
    }

    #[test]
    fn sequences_of_eight_bits_go() {
        check("\u{9b}31mred\u{9b}0m", "red");
        check("\u{9d}0;title\u{9c}text", "text");
        check("\u{9d}never ended", "never ended");
        check("\u{9b}", "");
    }

    #[test]
    fn the_rest_is_not_seen() {
        check("a\0b\u{7}c\u{c}d\u{7f}e\u{85}f", "abcdef");
        check("a\tb", "a\tb");
        check("naïve £ ✓", "naïve £ ✓");
    }
}
