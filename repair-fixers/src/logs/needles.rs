//! One search for many texts at once: it says who has anything to look at.

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

/// In how many places the search goes on at once. Each step waits for memory, so that several side by side take little
/// longer than one.
const LANES: usize = 4;

/// The needles of several owners behind one automaton. It takes the same steps for every byte, whatever the text is.
pub(super) struct Needles {
    /// Absent only if it could not be built, and then everyone is concerned.
    search: Option<DFA>,
    /// The owner of each needle.
    owners: Vec<usize>,
    /// Owners without needles.
    always: Vec<bool>,
    longest: usize,
}

impl Needles {
    /// The lists of needles, one for each owner.
    pub(super) fn new(lists: &[&[&str]]) -> Self {
        let needles = || lists.iter().copied().flatten();
        let owners = lists.iter().enumerate().flat_map(|(owner, list)| list.iter().map(move |_| owner));
        let mut builder = DFA::builder();
        builder.match_kind(MatchKind::Standard).start_kind(StartKind::Unanchored).prefilter(false);
        Self {
            search: builder.build(needles()).ok(),
            owners: owners.collect(),
            always: lists.iter().map(|list| list.is_empty()).collect(),
            longest: needles().map(|needle| needle.len()).max().unwrap_or_default(),
        }
    }

    /// Which owners are concerned: one of their needles occurs in `text`, or they have none.
    pub(super) fn seen(&self, text: &str) -> Vec<bool> {
        self.search(text.as_bytes()).unwrap_or_else(|| vec![true; self.always.len()])
    }

    fn search(&self, text: &[u8]) -> Option<Vec<bool>> {
        let search = self.search.as_ref()?;
        let start = search.start_state(Anchored::No).ok()?;
        let mut seen = self.always.clone();
        match lanes(text, self.longest) {
            Some(lanes) => self.walk(search, start, lanes, &mut seen),
            None => self.walk(search, start, [text], &mut seen),
        }
        Some(seen)
    }

    /// Goes through lanes of equal length.
    fn walk<const N: usize>(&self, search: &DFA, start: StateID, lanes: [&[u8]; N], seen: &mut [bool]) {
        let mut states = [start; N];
        for at in 0..lanes[0].len() {
            for (state, lane) in states.iter_mut().zip(&lanes) {
                *state = search.next_state(Anchored::No, *state, lane[at]);
                if search.is_special(*state) && search.is_match(*state) {
                    let found = (0..search.match_len(*state)).map(|index| search.match_pattern(*state, index));
                    found.for_each(|needle| seen[self.owners[needle.as_usize()]] = true);
                }
            }
        }
    }
}

/// Parts of a text that is long enough for it, each with `overlap` bytes of the next one.
fn lanes(text: &[u8], overlap: usize) -> Option<[&[u8]; LANES]> {
    let part = text.len().div_ceil(LANES);
    let length = part + overlap;
    let last = text.len().checked_sub(length)?;
    (part > 2 * overlap).then(|| std::array::from_fn(|lane| &text[(lane * part).min(last)..][..length]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn owners_without_needles_are_always_concerned() {
        let needles = Needles::new(&[&["one", "two"], &[], &["ne"]]);
        assert_eq!(needles.seen(""), [false, true, false]);
        assert_eq!(needles.seen("some one"), [true, true, true]);
        assert_eq!(Needles::new(&[]).seen("x"), [] as [bool; 0]);
    }

    #[test]
    fn a_needle_is_found_wherever_it_stands() {
        let needles = Needles::new(&[&["needle"], &["other"]]);
        for length in [0, 5, 6, 47, 48, 49, 50, 51, 52, 53, 200] {
            for at in 0..=length {
                let text = format!("{}needle{}", "-".repeat(at), "-".repeat(length - at));
                assert_eq!(needles.seen(&text), [true, false], "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_occurs_is_seen(text in "[abc]{0,300}", one in "[abc]{1,5}", other in "[abc]{1,5}") {
            let needles = Needles::new(&[&[&one], &[&other, "x"]]);
            prop_assert_eq!(needles.seen(&text), [text.contains(&one), text.contains(&other)]);
        }
    }
}
