//! Values whose name says that they are secret: `NAME=value`, `"name": "value"`, `--name value`, `<name>value</name>`.

use super::names::{Strength, strength};
use super::value::{is_code, is_path, is_random, is_stand_in};
use super::view::DONE;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;

/// The longest name.
const LONGEST_NAME: usize = 80;
/// A quote that is not closed after so much is none.
const LONGEST_QUOTED: usize = 4096;
/// So much of a value is looked at, and so much of a line after it.
const LONGEST_LOOK: usize = 256;

/// The name around `at` in `text`.
pub(super) fn name_around(text: &[u8], at: usize) -> Range<usize> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = text[..at].iter().rev().take(LONGEST_NAME).take_while(|byte| part(byte)).count();
    let after = text[at..].iter().take(LONGEST_NAME).take_while(|byte| part(byte)).count();
    let name = at - before..at + after;
    // In prose a key is named by two words.
    let spoken = text[name.clone()].eq_ignore_ascii_case(b"key") && text[..name.start].ends_with(b" ");
    let word = text[..name.start.saturating_sub(1)].iter().rev().take(20).take_while(|byte| part(byte)).count();
    if spoken { name.start - 1 - word..name.end } else { name }
}

/// The secret value that belongs to the name at `name`.
pub(super) fn value_of(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    let spelled = std::str::from_utf8(&text[name.clone()]).ok()?;
    let strength = strength(spelled)?;
    let place = place(text, name.clone())?;
    let value = &text[place.value.clone()];
    // A tag or digest of an image whose name has such a word.
    if strength == Strength::Weak && text[..name.start].ends_with(b"/") && text[name.end] == b':' {
        return None;
    }
    let shell = spelled.bytes().all(|byte| !byte.is_ascii_lowercase());
    let convicted = Candidate { value, strength, shell, place: &place, spelled }.is_secret();
    convicted.then(|| place.value.start..place.value.end + rest_of(text, &place))
}

/// The value of a pair, told in the line `text` after a line that ended with its name.
pub(super) fn paired(text: &[u8]) -> Option<Range<usize>> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?:^|[\s{,"'])value["']?\s*[:=]\s*["']?([^\s"']{6,})"#;
        RegexBuilder::new(pattern).unicode(false).case_insensitive(true).build().expect("the pattern is valid")
    });
    let value = VALUE.captures(text)?.get(1)?;
    (!is_stand_in(value.as_bytes()) && !is_path(value.as_bytes())).then(|| value.range())
}

/// Whether the line `text` ends with the name at `name`.
pub(super) fn is_last(text: &[u8], name: &Range<usize>) -> bool {
    text[name.end..].iter().all(|byte| matches!(byte, b'"' | b'\'' | b',' | b' ' | b'\r'))
}

/// How much longer a value is that was only looked at in part.
fn rest_of(text: &[u8], place: &ValuePlace) -> usize {
    let rest = &text[place.value.end..];
    if place.value.len() < LONGEST_LOOK { 0 } else { rest.iter().position(ends).unwrap_or(rest.len()) }
}

/// Where a value stands.
struct ValuePlace {
    value: Range<usize>,
    quoted: bool,
    /// Nothing but punctuation follows in the line.
    last: bool,
    /// Nothing but a sign of equality stands between the name and it.
    tight: bool,
    /// It is the next of a list, not assigned.
    listed: bool,
}

fn place(text: &[u8], name: Range<usize>) -> Option<ValuePlace> {
    let option = text[name.clone()].starts_with(b"--") || text[name.clone()].starts_with(b"-");
    let mut at = name.end;
    at += count(&text[at..], 4, |byte| matches!(byte, b'"' | b'\'' | b'`' | b']' | b')' | b'\\'));
    let closed = at > name.end;
    let spaces = count(&text[at..], 40, |byte| matches!(byte, b' ' | b'\t'));
    at += spaces;
    at += match &text[at..] {
        [b'=', b'>', ..] | [b':', b'=', ..] | [b'-', b'>', ..] | [b'=', b'=', ..] => 2,
        [b':', b':', ..] => return None,
        [b'=' | b':' | b'|', ..] => 1,
        [b'>', ..] if !closed && spaces == 0 => 1,
        [b',', ..] if closed => 1,
        [b'i', b's', b' ', ..] if spaces > 0 => 3,
        _ if option && !closed && spaces > 0 => 0,
        _ => return None,
    };
    let listed = text[at - 1] == b',';
    let tight = text[at - 1] == b'=' && at == name.end + 1;
    at += count(&text[at..], 40, |byte| matches!(byte, b' ' | b'\t'));
    let prefix = matches!(text.get(at..at + 2), Some([b'b' | b'r' | b'u' | b'f', b'"' | b'\'']));
    at += usize::from(prefix);
    let quote = text.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let value = match quote {
        Some(quote) => quoted(text, at + 1, quote),
        None => at..at + bare(&text[at..]),
    };
    let rest = &text[value.end..];
    let rest = &rest[..rest.len().min(LONGEST_LOOK)];
    let line = rest.iter().position(|byte| *byte == b'\n').map_or(rest, |end| &rest[..end]);
    let last = line.iter().all(|byte| !byte.is_ascii_alphanumeric())
        || line.first().is_some_and(|byte| b",&;<".contains(byte));
    Some(ValuePlace { value, quoted: quote.is_some(), last, tight, listed })
}

fn count(text: &[u8], most: usize, which: fn(&u8) -> bool) -> usize {
    text.iter().take(most).take_while(|byte| which(byte)).count()
}

/// What is between quotes; if they are not closed in this line, up to the next space.
fn quoted(text: &[u8], start: usize, quote: u8) -> Range<usize> {
    let mut escaped = false;
    for (index, byte) in text[start..].iter().enumerate().take(LONGEST_QUOTED) {
        match *byte {
            b'\n' => break,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return start..start + index,
            _ => {}
        }
    }
    start..start + bare(&text[start..])
}

/// How long an unquoted value is.
fn bare(text: &[u8]) -> usize {
    let text = &text[..text.len().min(LONGEST_LOOK)];
    let whole = text.iter().position(ends).unwrap_or(text.len());
    let closing =
        text[..whole].iter().rev().take_while(|byte| matches!(byte, b',' | b')' | b']' | b'}' | b':')).count();
    whole - closing
}

/// Whether `byte` ends an unquoted value.
fn ends(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b';' | b'&' | &DONE)
}

struct Candidate<'a> {
    value: &'a [u8],
    strength: Strength,
    /// The name is written as those of environment variables are.
    shell: bool,
    place: &'a ValuePlace,
    spelled: &'a str,
}

impl Candidate<'_> {
    fn is_secret(&self) -> bool {
        let value = self.value;
        if value.len() < 4 || is_stand_in(value) || is_path(value) || self.repeats_its_name() {
            return false;
        }
        if !self.place.quoted && is_code(value) && !(self.shell && self.place.tight && value.len() >= 16) {
            return false;
        }
        if is_random(value) {
            return true;
        }
        let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
        let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let marks = value.len() - digits - letters;
        let prose = value.contains(&b' ') && (marks < 2 || digits == 0);
        match self.strength {
            Strength::Strong => {
                let told = !self.place.listed && (self.place.quoted || self.place.last);
                let mixed = digits > 3 || digits > 0 && letters > 0;
                let word = value.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
                let set = self.place.tight && (self.shell || !word);
                value.len() >= 6 && (told || mixed || set) && !prose
            }
            Strength::Weak if self.shell => {
                let told = self.place.quoted || self.place.last || self.place.tight;
                value.len() >= 8 && letters > 0 && told && !prose
            }
            Strength::Weak => {
                let cases = value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase);
                let mixed = letters > 2 && (digits > 1 || digits > 0 && cases);
                value.len() >= 8 && mixed && !prose && !is_word(value)
            }
        }
    }

    /// As in `password=password` and `token: my_token`.
    fn repeats_its_name(&self) -> bool {
        if self.value.len() > 2 * LONGEST_NAME {
            return false;
        }
        let bare = |text: &[u8]| -> Vec<u8> {
            text.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
        };
        let (name, value) = (bare(self.spelled.as_bytes()), bare(self.value));
        let digits = self.value.iter().any(u8::is_ascii_digit);
        !value.is_empty() && !digits && (contains(&name, &value) || contains(&value, &name))
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len().max(1)).any(|window| window == part)
}

/// Names of things with a number, such as `test_token_2`, `v1.2.3` or `3.12.1-slim`.
fn is_word(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let plain = |part: &&[u8]| {
        let turns = part.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
        turns <= 1 && part.len() < 20
    };
    parts.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, name: &str) -> Option<String> {
        let at = text.find(name).unwrap();
        let name = name_around(text.as_bytes(), at);
        value_of(text.as_bytes(), name).map(|range| text[range].to_owned())
    }

    #[test]
    fn values_are_found_in_every_form_of_assignment() {
        for text in [
            "DB_PASSWORD=q8ZrT2mX",
            "password: 'q8ZrT2mX'",
            "{\"password\": \"q8ZrT2mX\", \"a\": 1}",
            "--password q8ZrT2mX",
            "--db-password=q8ZrT2mX",
            "<password>q8ZrT2mX</password>",
            "Password=q8ZrT2mX;Database=x",
            "password => \"q8ZrT2mX\"",
            "os.environ['password'] = 'q8ZrT2mX'",
            "connect(password=\"q8ZrT2mX\", user=1)",
            "('password', 'q8ZrT2mX')",
            "password := q8ZrT2mX",
            "password | q8ZrT2mX |",
            "The password is q8ZrT2mX",
            "password=b'q8ZrT2mX'",
        ] {
            let name = if text.contains("PASSWORD") {
                "PASSWORD"
            } else if text.contains("Password") {
                "Password"
            } else {
                "password"
            };
            assert_eq!(found(text, name).as_deref(), Some("q8ZrT2mX"), "{text}");
        }
    }

    #[test]
    fn code_prose_and_stand_ins_are_left_alone() {
        for text in [
            "token: str",
            "token = tokens[0]",
            "token=self.token",
            "token: ${{ secrets.TOKEN }}",
            "TOKEN: ***",
            "token: Unexpected end of file",
            "password: must not be empty at all",
            "password=password",
            "id-token: write",
            "token=\"$TOKEN\"",
            "token=None,",
            "max_tokens=4096",
            "token::value",
            "token /home/x",
            "token: NAME",
            "token=test_token_2",
            "secret: /run/secrets/key",
            "token: 'access'",
        ] {
            let name = ["token", "password", "secret", "TOKEN"].into_iter().find(|name| text.contains(name)).unwrap();
            assert_eq!(found(text, name), None, "{text}");
        }
    }
}
