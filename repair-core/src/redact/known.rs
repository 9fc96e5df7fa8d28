//! Secrets whose values are known.

use super::{SHORTEST, encode, placeholder};
use crate::hash::Hash128;
use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;

/// A line of a known value that is shorter than this is not looked for alone.
const SHORTEST_LINE: usize = 16;

/// The known values in all their forms.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// Kind and value.
    values: Vec<(String, String)>,
    /// Finds the forms, if there are any.
    search: Option<AhoCorasick>,
    /// The index of the value of each form.
    owners: Vec<usize>,
}

impl Known {
    /// These and `more`.
    pub(super) fn and(mut self, more: impl IntoIterator<Item = (String, String)>) -> Self {
        let more = more.into_iter().map(|(kind, value)| (placeholder::kind(&kind), value));
        self.values.extend(more.filter(|(_, value)| is_usable(value)));
        let mut forms = Vec::new();
        self.owners.clear();
        for (index, (_, value)) in self.values.iter().enumerate() {
            let all = texts(value).into_iter().flat_map(encode::forms);
            all.for_each(|form| {
                forms.push(form);
                self.owners.push(index);
            });
        }
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&forms);
        self.search =
            (!forms.is_empty()).then(|| build().expect("as many values as fit into memory fit into a search"));
        self
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Where they stand in `text`: kind, range, digest.
    pub(super) fn find<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (&'a str, Range<usize>, Hash128)> + 'a {
        let matches = self.search.iter().flat_map(move |search| search.find_iter(text));
        matches.map(|found| {
            let (kind, value) = &self.values[self.owners[found.pattern().as_usize()]];
            (kind.as_str(), found.range(), Hash128::of(value.as_bytes()))
        })
    }
}

/// A part of our own placeholders is no secret.
fn is_usable(value: &str) -> bool {
    value.trim().len() >= SHORTEST && !placeholder::OPENING.contains(value.trim())
}

/// The value itself, without spaces around it and quotes, and its long lines.
fn texts(value: &str) -> Vec<&str> {
    let trimmed = value.trim();
    let mut texts = vec![trimmed, trimmed.trim_matches(['"', '\''])];
    if trimmed.contains('\n') {
        texts.extend(trimmed.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE));
    }
    texts.retain(|text| text.len() >= SHORTEST);
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(known: &Known, text: &str) -> Vec<String> {
        known.find(text.as_bytes()).map(|(kind, range, _)| format!("{kind} {}", &text[range])).collect()
    }

    #[test]
    fn a_value_is_found_plain_and_by_its_lines() {
        let known =
            Known::default().and([("My Key".to_owned(), "first line of a key\nsecond line of it\n".to_owned())]);
        assert_eq!(kinds(&known, "x first line of a key y"), ["my_key first line of a key"]);
        assert_eq!(kinds(&known, "x second line of y"), Vec::<String>::new());
    }

    #[test]
    fn short_values_and_parts_of_placeholders_are_ignored() {
        let values = ["1234567", "  short   ", "REDACTED", ""];
        let known = Known::default().and(values.map(|value| ("k".to_owned(), value.to_owned())));
        assert_eq!(known.len(), 0);
        assert_eq!(kinds(&known, "1234567 REDACTED"), Vec::<String>::new());
    }
}
