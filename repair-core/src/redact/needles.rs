//! One search for all families: it says which of them a line has to be looked at for.

use super::families::{FAMILIES, Family, Place};
use super::names::STEMS;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::{LazyLock, OnceLock};

/// What was found at a place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A needle of the family with this index.
    Family(usize),
    /// A part of a name that may be secret.
    Stem,
    /// A key that stands in several lines, or a document of Kubernetes, may begin.
    Block,
}

/// Where a block may begin.
const BLOCKS: &[&str] = &["BEGIN", "Private-Lines:", "apiVersion", "kind", "LS0tLS1CRUdJTi"];

struct Needles {
    search: AhoCorasick,
    marks: Vec<Mark>,
}

/// As written.
static EXACT: LazyLock<Needles> = LazyLock::new(|| {
    let blocks = BLOCKS.iter().map(|needle| (*needle, Mark::Block));
    Needles::new(of_families(|family| family.place != Place::Context).chain(blocks).collect(), false)
});

/// In any case.
static CASELESS: LazyLock<Needles> = LazyLock::new(|| {
    let stems = STEMS.iter().map(|stem| (*stem, Mark::Stem));
    Needles::new(of_families(|family| family.place == Place::Context).chain(stems).collect(), true)
});

fn of_families(which: fn(&Family) -> bool) -> impl Iterator<Item = (&'static str, Mark)> {
    let families = FAMILIES.iter().enumerate().filter(move |(_, family)| which(family));
    families.flat_map(|(index, family)| family.needles.iter().map(move |needle| (*needle, Mark::Family(index))))
}

impl Needles {
    fn new(needles: Vec<(&str, Mark)>, caseless: bool) -> Self {
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(caseless);
        let search = builder.build(needles.iter().map(|(needle, _)| needle)).expect("the needles are few and short");
        Self { search, marks: needles.into_iter().map(|(_, mark)| mark).collect() }
    }
}

/// Every mark in `text` with the range of its needle, by the end of the range.
pub(super) fn marks(text: &[u8]) -> Vec<(Mark, usize, usize)> {
    let found = |needles: &'static Needles| {
        let matches = needles.search.find_overlapping_iter(text);
        matches.map(|found| (needles.marks[found.pattern().as_usize()], found.start(), found.end()))
    };
    let mut marks: Vec<(Mark, usize, usize)> = found(&EXACT).chain(found(&CASELESS)).collect();
    marks.sort_by_key(|(_, _, end)| *end);
    marks
}

/// What members of a family look like.
pub(super) fn pattern(family: usize) -> &'static Regex {
    static PATTERNS: LazyLock<Vec<OnceLock<Regex>>> =
        LazyLock::new(|| FAMILIES.iter().map(|_| OnceLock::new()).collect());
    PATTERNS[family].get_or_init(|| {
        let Family { pattern, place, .. } = &FAMILIES[family];
        let whole =
            if *place == Place::Apart { format!("(?:^|[^A-Za-z0-9])({pattern})") } else { (*pattern).to_owned() };
        let mut builder = RegexBuilder::new(&whole);
        builder.unicode(false).case_insensitive(*place == Place::Context);
        builder.build().expect("every pattern of the table is valid")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_as_it_is_used() {
        (0..FAMILIES.len()).for_each(|family| assert!(!pattern(family).as_str().is_empty()));
    }

    #[test]
    fn marks_come_in_the_order_of_their_ends() {
        let marks = marks(b"AKIA and a Token, ghp_ -----BEGIN");
        assert!(marks.windows(2).all(|pair| pair[0].2 <= pair[1].2), "{marks:?}");
        assert!(
            marks.iter().any(|(mark, ..)| *mark == Mark::Stem) && marks.iter().any(|(mark, ..)| *mark == Mark::Block)
        );
        assert_eq!(marks.iter().filter(|(mark, ..)| matches!(mark, Mark::Family(_))).count(), 2);
    }
}
