//! Foreign text made harmless, and words for numbers.

use std::fmt::Write;

/// Text from a log or a repository without what a terminal or a runner would obey or hide: control, bidirectional and
/// zero-width characters, and what begins a runner's command (`##[…]` anywhere in a line, `::…` at its beginning), are
/// shown as escapes.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let command = text.trim_start().starts_with("::").then(|| text.find(':')).flatten();
    for (at, c) in text.char_indices() {
        match c {
            '\t' => out.push(c),
            '[' if in_command(&out) => _ = write!(out, "{}", c.escape_unicode()),
            ':' if command == Some(at) => _ = write!(out, "{}", c.escape_unicode()),
            c if c.is_control() || is_invisible(c) => _ = write!(out, "{}", c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a bracket behind `before` begins a command: `##[`, `##vso[`, `##teamcity[`.
fn in_command(before: &str) -> bool {
    before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).ends_with("##")
}

/// Characters that turn the text around them or have no width: they hide what a line says.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// `1 fix`, `2 fixes`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = match noun {
        noun if number == 1 => noun.to_owned(),
        noun if noun.ends_with('x') => format!("{noun}es"),
        noun => format!("{noun}s"),
    };
    format!("{number} {plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\r"), "a\\u{1b}[31mb\\u{202e}c\\u{d}");
    }

    #[test]
    fn what_a_runner_would_obey_is_shown() {
        assert_eq!(clean(" ::add-mask::x a::b"), " \\u{3a}:add-mask::x a::b");
        assert_eq!(clean("a ##[group]b ##vso[task]c #[d] e::f"), "a ##\\u{5b}group]b ##vso\\u{5b}task]c #[d] e::f");
    }

    #[test]
    fn numbers_have_their_nouns() {
        let counted = [counted(1, "fix"), counted(2, "fix"), counted(0, "failure")];
        assert_eq!(counted, ["1 fix", "2 fixes", "0 failures"]);
    }
}
