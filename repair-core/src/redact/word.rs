//! Words that look drawn by lot.

use super::value::{is_digest, is_path, is_random};
use std::ops::Range;

/// A random word without quotes or a name is taken for a secret from this length on.
const SHORTEST_BARE: usize = 32;
/// The same in quotes.
const SHORTEST_QUOTED: usize = 24;
/// A part of a word between dots that belongs to a secret.
const SHORTEST_PART: usize = 6;

/// The secret around the word `run` of the line `text`, if it looks like one. `named` says that the line speaks of a
/// secret before it.
pub(super) fn secret(text: &[u8], run: Range<usize>, named: bool) -> Option<Range<usize>> {
    let word = &text[run.clone()];
    let before = &text[..run.start];
    let digest = is_digest(word);
    let convicted = match (named, digest) {
        (true, true) => word.len() >= SHORTEST_BARE && is_lone(before, word) && is_random(word),
        (true, false) => is_random(word),
        (false, true) => false,
        (false, false) => {
            let quote = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'));
            let quoted = quote(before.last()) && quote(text.get(run.end));
            let rest = without_digests(word);
            let shortest = if quoted || is_marked(before, word) { SHORTEST_QUOTED } else { SHORTEST_BARE };
            word.len() >= shortest && is_lone(before, word) && is_dense(&rest)
        }
    };
    (convicted && !is_path(word)).then(|| with_parts(text, run))
}

/// Whether a part of the token says that it opens something, as in `sk_live_…`.
fn is_marked(before: &[u8], word: &[u8]) -> bool {
    const MARKS: [&[u8]; 9] = [b"live", b"prod", b"sk", b"key", b"token", b"secret", b"apikey", b"pat", b"oauth"];
    let outside = before.iter().rposition(|byte| !is_part(byte)).map_or(before, |at| &before[at + 1..]);
    let parts = |text: &[u8]| text.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| MARKS.contains(&part));
    parts(outside) || parts(word)
}

fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~')
}

/// A secret with its other parts: tokens of several parts have dots between them.
fn with_parts(text: &[u8], run: Range<usize>) -> Range<usize> {
    if text[run.clone()].contains(&b'/') {
        return run;
    }
    let before = text[..run.start].iter().rev().take_while(|byte| is_part(byte)).count();
    let after = text[run.end..].iter().take_while(|byte| is_part(byte)).count();
    let long = |length: usize| if length > SHORTEST_PART { length } else { 0 };
    run.start - long(before)..run.end + long(after)
}

/// Whether a name is one near which a random word is a secret.
pub(super) fn is_name_of_secret(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| super::names::strength(name).is_some())
}

/// Whether `word`, after `before`, is not a digest with its name or the data of an address.
fn is_lone(before: &[u8], word: &[u8]) -> bool {
    const ALGORITHMS: [&[u8]; 6] = [b"sha256", b"sha512", b"sha384", b"sha1", b"md5", b"h1"];
    const DATA: [&[u8]; 2] = [b"base64,", b"blake2b:"];
    let named = ALGORITHMS.iter().any(|name| {
        let inside = word.strip_prefix(*name).is_some_and(|rest| rest.starts_with(b"-") || rest.starts_with(b"="));
        let outside = before.strip_suffix(b":").or(before.strip_suffix(b"=")).or(before.strip_suffix(b"-"));
        inside || outside.is_some_and(|before| before.ends_with(name))
    });
    !named && !DATA.iter().any(|data| before.ends_with(data))
}

/// Whether a word without any context is dense enough to be a secret: letters of both cases, and digits all over it, or
/// one long part of letters of one case and digits that is no digest.
fn is_dense(word: &[u8]) -> bool {
    let has = |which: fn(&u8) -> bool| word.iter().filter(|byte| which(byte)).count();
    let longest = word.split(|byte| !byte.is_ascii_alphanumeric()).max_by_key(|part| part.len()).unwrap_or_default();
    let digits = if longest.len() >= 24 { 1 } else { 2 };
    let classes =
        has(u8::is_ascii_uppercase) >= 3 && has(u8::is_ascii_lowercase) >= 3 && has(u8::is_ascii_digit) >= digits;
    let whole = longest.len() >= SHORTEST_BARE && !is_digest(longest) && is_random(longest);
    longest.len() >= 12 && classes && is_random(word) || whole && !word.starts_with(b"/")
}

/// `word` without the digests in it: what is left of a path of hashed folders, or of the key of a cache.
fn without_digests(word: &[u8]) -> Vec<u8> {
    let parts = word.split_inclusive(|byte| !byte.is_ascii_alphanumeric());
    let digest = |part: &&[u8]| {
        let bare = part.strip_suffix(b"-").or(part.strip_suffix(b"/")).or(part.strip_suffix(b"_")).unwrap_or(part);
        bare.len() >= 24 && is_digest(bare)
    };
    parts.filter(|part| !digest(part)).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::lines::lines;

    fn found(text: &str) -> Vec<&str> {
        let lines = lines(text.as_bytes());
        let runs = lines.iter().flat_map(|line| line.runs.clone());
        runs.filter_map(|run| secret(text.as_bytes(), run, false)).map(|range| &text[range]).collect()
    }

    #[test]
    fn digests_in_paths_and_keys_of_caches_are_no_secrets() {
        for text in [
            "https://pypi.python.org/packages/6b/f0/a0250248ea260d55748fff586d89a32afbb22656f4498b08d2636a48d4ec/PyYAML-3.12.zip",
            "Cache restored from key: setup-python-Linux-python-3.7.13-pip-b62278f15d5fbebcdb6fadbc4d6290e3f998ab95526b4d7c4316df52a4bccda5",
            "Untagged: x/test-auth@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "\"integrity\": \"sha512-p9v0zVnVj0tFbT1xRv8XqQ4S0Yb7wz2mNcK5uL6hG3sE1aD8fJ0kO7iU2yW4tR==\"",
        ] {
            assert_eq!(found(text), Vec::<&str>::new());
        }
    }

    #[test]
    fn the_parts_between_dots_belong_together() {
        let token = "rvx.q8ZrT2mXw9KpL4vBhJ7x.0pQwErT5yU2iOaSdK3j9x2m5q8w1z7v4";
        assert_eq!(found(&format!("got {token}, thanks")), [token]);
    }
}
