//! Finds secrets in a piece of text.

use super::block::Blocks;
use super::families::{FAMILIES, Place};
use super::known::Known;
use super::lines::{Line, lines};
use super::needles::{Mark, marks, pattern};
use super::value::is_stand_in;
use super::view::{DONE, View};
use super::{assignment, encode, word};
use crate::hash::Hash128;
use regex::bytes::Captures;
use std::ops::Range;

/// How far behind a word such as `token` a random word is taken for one.
const NEAR: usize = 48;
/// How often a text may be encoded.
const DEEPEST: u32 = 3;

/// A secret in a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) kind: String,
    pub(super) digest: Hash128,
    /// Of two that overlap, the one with the lower rank gives the name.
    rank: Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Known,
    Block,
    Token,
    Context,
    Assigned,
    Encoded,
    Random,
    Rest,
}

impl Found {
    /// The rest of a secret whose beginning was replaced before.
    pub(super) fn rest(range: Range<usize>) -> Self {
        Self { range, kind: String::new(), digest: Hash128::of(&[]), rank: Rank::Rest }
    }

    pub(super) fn is_rest(&self) -> bool {
        self.rank == Rank::Rest
    }
}

/// The secrets in `text`, in order and apart from each other.
pub(super) fn secrets(text: &str, known: &Known, blocks: &mut Blocks) -> Vec<Found> {
    let view = View::visible(text);
    let mut found = Vec::new();
    Scan { view: &view, known, depth: 0, found: &mut found }.run(blocks);
    found.iter_mut().for_each(|found| found.range = whole_characters(text, found.range.clone()));
    merged(found)
}

/// One text that is looked at: the original's view, a decoded line of it, or what a run of base64 stands for.
struct Scan<'s, 't> {
    view: &'s View<'t>,
    known: &'s Known,
    depth: u32,
    /// In places of the original.
    found: &'s mut Vec<Found>,
}

impl Scan<'_, '_> {
    fn run(mut self, blocks: &mut Blocks) {
        let view = self.view;
        let text = &*view.text;
        let known = self.known;
        for (kind, range, digest) in known.find(text) {
            self.add(kind, range, digest, Rank::Known);
        }
        let marks = marks(text);
        let mut next = 0;
        for line in lines(text) {
            let here = marks[next..].iter().take_while(|(_, _, end)| *end <= line.range.end).count();
            let marks = &marks[next..next + here];
            next += here;
            self.line(&line, marks, blocks);
        }
    }

    fn line(&mut self, line: &Line, marks: &[(Mark, usize, usize)], blocks: &mut Blocks) {
        let view = self.view;
        let text = &view.text[line.range.clone()];
        if blocks.is_open() || marks.iter().any(|(mark, ..)| *mark == Mark::Block) {
            for part in blocks.line(text) {
                let range = line.range.start + part.range.start..line.range.start + part.range.end;
                self.add(part.kind, range, part.digest, Rank::Block);
            }
        }
        let named = std::mem::take(&mut blocks.named);
        if let Some(value) = named.then(|| assignment::paired(text)).flatten() {
            let digest = Hash128::of(&text[value.clone()]);
            self.add("secret", line.range.start + value.start..line.range.start + value.end, digest, Rank::Assigned);
        }
        self.families(line, marks);
        let stems = self.assignments(line, marks, &mut blocks.named);
        for run in &line.runs {
            self.word(run.clone(), line, &stems);
        }
        if line.escaped
            && self.depth < DEEPEST
            && let Some(view) = self.view.decoded(line.range.clone())
        {
            let scan = Scan { view: &view, known: self.known, depth: self.depth + 1, found: self.found };
            scan.run(&mut Blocks::default());
        }
    }

    /// Looks for the members of each family of which a needle is here.
    fn families(&mut self, line: &Line, marks: &[(Mark, usize, usize)]) {
        let of_family =
            |(mark, ..): &(Mark, usize, usize)| if let Mark::Family(index) = mark { Some(*index) } else { None };
        let mut families: Vec<usize> = marks.iter().filter_map(of_family).collect();
        families.sort_unstable();
        families.dedup();
        let view = self.view;
        let text = &view.text[line.range.clone()];
        for family in families {
            let context = FAMILIES[family].place == Place::Context;
            let rank = if context { Rank::Context } else { Rank::Token };
            for range in members(family, text) {
                let value = &text[range.clone()];
                let empty = value.contains(&DONE) || context && is_stand_in(value);
                if !empty {
                    let place = line.range.start + range.start..line.range.start + range.end;
                    self.add(FAMILIES[family].kind, place, Hash128::of(value), rank);
                }
            }
        }
    }

    /// Looks at what is assigned to names that may be secret. Gives where those names end, and sets `named` if the line
    /// ends with one.
    fn assignments(&mut self, line: &Line, marks: &[(Mark, usize, usize)], named: &mut bool) -> Vec<usize> {
        let view = self.view;
        let text = &view.text[..line.range.end];
        let mut ends = Vec::new();
        let mut done = line.range.start;
        for (_, start, end) in marks.iter().filter(|(mark, ..)| *mark == Mark::Stem) {
            if *start < done {
                continue;
            }
            let name = assignment::name_around(text, *start);
            let name = name.start.max(line.range.start)..name.end.max(*end);
            done = name.end;
            if word::is_name_of_secret(&text[name.clone()]) {
                ends.push(name.end);
                *named |= assignment::is_last(text, &name);
            }
            if let Some(value) = assignment::value_of(text, name) {
                done = value.end;
                let digest = Hash128::of(&text[value.clone()]);
                self.add("secret", value, digest, Rank::Assigned);
            }
        }
        ends
    }

    /// Looks at a long run of letters and digits: it may encode a secret, or look like one.
    fn word(&mut self, run: Range<usize>, line: &Line, stems: &[usize]) {
        if self.depth < DEEPEST && self.encoded(run.clone()) {
            return;
        }
        let text = &self.view.text[line.range.clone()];
        let here = run.start - line.range.start..run.end - line.range.start;
        // The nearest name before it counts; what was taken out between them ends what it says.
        let name = stems[..stems.partition_point(|end| *end <= run.start)].last();
        let named = name.is_some_and(|end| run.start - end <= NEAR && !self.view.text[*end..run.start].contains(&DONE));
        if let Some(secret) = word::secret(text, here, named) {
            let place = line.range.start + secret.start..line.range.start + secret.end;
            let digest = Hash128::of(&self.view.text[place.clone()]);
            self.add("secret", place, digest, if named { Rank::Assigned } else { Rank::Random });
        }
    }

    /// Takes a run for a secret if what it encodes holds one.
    fn encoded(&mut self, run: Range<usize>) -> bool {
        let word = &self.view.text[run.clone()];
        let shifts = (0..4.min(word.len())).map(|shift| encode::from_base64(&word[shift..]));
        let decoded = shifts.chain(encode::from_hex(word));
        for text in decoded.filter_map(|bytes| printable(&bytes)) {
            let view = View::visible(&text);
            let mut inner = Vec::new();
            let scan = Scan { view: &view, known: self.known, depth: self.depth + 1, found: &mut inner };
            scan.run(&mut Blocks::default());
            if let Some(best) =
                inner.into_iter().filter(|found| found.rank < Rank::Random).min_by_key(|found| found.rank)
            {
                self.add(&best.kind, run, best.digest, Rank::Encoded);
                return true;
            }
        }
        false
    }

    fn add(&mut self, kind: &str, range: Range<usize>, digest: Hash128, rank: Rank) {
        self.found.push(Found { range: self.view.origin(range), kind: kind.to_owned(), digest, rank });
    }
}

/// Where members of a family stand in `text`: the groups of its pattern, or all of it.
fn members(family: usize, text: &[u8]) -> Vec<Range<usize>> {
    let parts = |found: Captures<'_>| {
        let groups: Vec<_> = found.iter().skip(1).flatten().map(|group| group.range()).collect();
        if groups.is_empty() { found.get(0).map(|whole| whole.range()).into_iter().collect() } else { groups }
    };
    pattern(family).captures_iter(text).flat_map(parts).collect()
}

/// The text in `bytes`, if most of them are one.
fn printable(bytes: &[u8]) -> Option<String> {
    let plain = |byte: &&u8| matches!(byte, 0x20..=0x7e | b'\n' | b'\r' | b'\t');
    let good = bytes.iter().filter(plain).count();
    (bytes.len() >= 12 && good * 10 >= bytes.len() * 9).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// `range` widened so that it cuts no character.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end)
}

/// The same secrets without overlap.
fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|found| !found.range.is_empty());
    found.sort_by_key(|found| (found.range.start, found.rank));
    let mut merged: Vec<Found> = Vec::new();
    for next in found {
        match merged.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                let end = last.range.end.max(next.range.end);
                let start = last.range.start;
                if next.rank < last.rank {
                    *last = next;
                }
                last.range = start..end;
            }
            _ => merged.push(next),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let found = secrets(text, &Known::default(), &mut Blocks::default());
        found.into_iter().map(|found| text[found.range].to_owned()).collect()
    }

    #[test]
    fn overlapping_secrets_become_one() {
        let token = ["gh", "p_", "q8ZrT2mXw9KpL4vBhJ7x0pQwErT5yU2iOaSd"].concat();
        let text = format!("Authorization: Bearer {token} https://u:{token}@h/x");
        assert_eq!(found(&text), [token.clone(), token]);
    }

    #[test]
    fn a_word_drawn_by_lot_is_a_secret_after_a_name_or_alone_if_it_is_long() {
        assert_eq!(found("the token was 9f86d081884c7d659a2feaa0c55ad015"), ["9f86d081884c7d659a2feaa0c55ad015"]);
        assert_eq!(found("commit 9f86d081884c7d659a2feaa0c55ad015"), Vec::<String>::new());
        let word = "q8ZrT2mXw9KpL4vBhJ7x0pQwErT5yU2iOaSd";
        assert_eq!(found(&format!("it said {word}")), [word]);
        assert_eq!(found(&format!("it said {}", &word[..20])), Vec::<String>::new());
    }
}
