//! What stands for a secret.

use crate::hash::Hash128;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How every placeholder begins.
pub(super) const OPENING: &str = "<<REDACTED:";
const CLOSING: &str = ">>";
const LONGEST_KIND: usize = 40;
/// The secrets with a number of their own. Those after them share one, so that memory is bounded.
const MOST: usize = 100_000;

/// The length of the placeholder with which `bytes` begin. Its number is too short to be a secret.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(OPENING.as_bytes())?;
    let kind = rest.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'_').count();
    let digits = rest.get(kind + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let complete = rest[kind] == b'#' && rest[kind + 1 + digits..].starts_with(CLOSING.as_bytes());
    let fits = (1..=LONGEST_KIND).contains(&kind) && (1..=6).contains(&digits);
    (complete && fits).then_some(OPENING.len() + kind + 1 + digits + CLOSING.len())
}

/// `kind` as it stands in a placeholder: small letters and underscores.
pub(super) fn kind(kind: &str) -> String {
    let clean = |letter: char| if letter.is_ascii_alphabetic() { letter.to_ascii_lowercase() } else { '_' };
    let clean: String = kind.chars().take(LONGEST_KIND).map(clean).collect();
    if clean.chars().any(|letter| letter != '_') { clean } else { "secret".to_owned() }
}

/// The numbers that secrets were given. Of the secrets themselves only digests are kept.
#[derive(Default)]
pub(super) struct Numbers {
    given: BTreeMap<Hash128, String>,
    last: BTreeMap<String, u32>,
}

impl Numbers {
    /// Writes the placeholder of the secret with this digest, the same for the same secret.
    pub(super) fn write(&mut self, kind: &str, digest: Hash128, out: &mut String) {
        if let Some(known) = self.given.get(&digest) {
            out.push_str(known);
            return;
        }
        let full = self.given.len() >= MOST;
        let last = self.last.entry(kind.to_owned()).or_default();
        let number = if full { 0 } else { *last + 1 };
        let mut made = String::new();
        // Writing to a string cannot fail.
        _ = write!(made, "{OPENING}{kind}#{number}{CLOSING}");
        out.push_str(&made);
        if !full {
            *last = number;
            self.given.insert(digest, made);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(numbers: &mut Numbers, kind: &str, secret: &str) -> String {
        let mut out = String::new();
        numbers.write(kind, Hash128::of(secret.as_bytes()), &mut out);
        out
    }

    #[test]
    fn the_same_secret_has_the_same_number_and_another_has_another() {
        let mut numbers = Numbers::default();
        assert_eq!(written(&mut numbers, "token", "a"), "<<REDACTED:token#1>>");
        assert_eq!(written(&mut numbers, "token", "b"), "<<REDACTED:token#2>>");
        assert_eq!(written(&mut numbers, "password", "c"), "<<REDACTED:password#1>>");
        assert_eq!(written(&mut numbers, "password", "a"), "<<REDACTED:token#1>>");
    }

    #[test]
    fn only_a_whole_placeholder_is_one() {
        assert_eq!(length(b"<<REDACTED:private_key#12>> x"), Some(27));
        for text in [
            "<<REDACTED:",
            "<<REDACTED:a",
            "<<REDACTED:a#",
            "<<REDACTED:a#1",
            "<<REDACTED:#1>>",
            "<<REDACTED:A1#1>>",
            "<<REDACTED:a#1234567>>",
        ] {
            assert_eq!(length(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_kind_is_made_of_small_letters() {
        assert_eq!(kind("DEEPSEEK_API_KEY"), "deepseek_api_key");
        assert_eq!(kind("9>>"), "secret");
        assert_eq!(kind(&"x".repeat(99)).len(), LONGEST_KIND);
    }
}
