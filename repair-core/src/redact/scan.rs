//! Finds secrets in a piece of text.

use super::block::Blocks;
use super::families::{FAMILIES, Place};
use super::known::Known;
use super::needles::{Mark, marks, pattern};
use super::value::{is_digest, is_path, is_random, is_stand_in};
use super::view::{DONE, View};
use super::{assignment, encode};
use crate::hash::Hash128;
use regex::bytes::Captures;
use std::ops::Range;

/// The shortest run of letters and digits that is looked at for what it may encode, or for looking random.
const SHORTEST_RUN: usize = 20;
/// A random word without quotes or a name is taken for a secret from this length on.
const SHORTEST_BARE: usize = 32;
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

/// A line, and what is in it.
#[derive(Default)]
struct Line {
    range: Range<usize>,
    /// Runs of letters and digits.
    runs: Vec<Range<usize>>,
    /// It has a character that begins an escape.
    escaped: bool,
}

impl Scan<'_, '_> {
    fn run(mut self, blocks: &mut Blocks) {
        let view = self.view;
        let text = &*view.text;
        let known: Vec<_> =
            self.known.find(text).map(|(kind, range, digest)| (kind.to_owned(), range, digest)).collect();
        for (kind, range, digest) in known {
            self.add(&kind, range, digest, Rank::Known);
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
        let text = &self.view.text[line.range.clone()];
        if blocks.is_open() || marks.iter().any(|(mark, ..)| *mark == Mark::Block) {
            for part in blocks.line(text) {
                let range = line.range.start + part.range.start..line.range.start + part.range.end;
                self.add(part.kind, range, part.digest, Rank::Block);
            }
        }
        self.families(line, marks);
        let stems = self.assignments(line, marks);
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

    /// Looks at what is assigned to names that may be secret. Gives where those names end.
    fn assignments(&mut self, line: &Line, marks: &[(Mark, usize, usize)]) -> Vec<usize> {
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
            if is_near_word(&text[name.clone()]) {
                ends.push(name.end);
            }
            if let Some(value) = assignment::value_of(text, name) {
                let digest = Hash128::of(&text[value.clone()]);
                self.add("secret", value, digest, Rank::Assigned);
            }
        }
        ends
    }

    /// Looks at a long run of letters and digits: it may encode a secret, or look like one.
    fn word(&mut self, run: Range<usize>, line: &Line, stems: &[usize]) {
        let word = &self.view.text[run.clone()];
        if self.depth < DEEPEST && self.encoded(run.clone()) {
            return;
        }
        let before = &self.view.text[line.range.start..run.start];
        let quoted = before.last().is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'))
            && self.view.text.get(run.end).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        let named = stems.iter().any(|end| {
            *end <= run.start && run.start - end <= NEAR && !self.view.text[*end..run.start].contains(&DONE)
        });
        let digest = is_digest(word);
        let rest = without_digests(word);
        let apart = if rest.len() < word.len() && !digest { &rest[..] } else { word };
        let secret = match (named, digest) {
            (true, true) => word.len() >= 32 && is_lone(before) && is_random(word),
            (true, false) => is_random(apart),
            (false, true) => false,
            (false, false) => {
                word.len() >= if quoted { 24 } else { SHORTEST_BARE } && is_lone(before) && is_dense(word)
            }
        };
        if secret && !is_path(word) {
            let digest = Hash128::of(word);
            let rank = if named { Rank::Assigned } else { Rank::Random };
            self.add("secret", run, digest, rank);
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

/// Whether a name is one near which a random word is a secret.
fn is_near_word(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| super::names::strength(name).is_some())
}

/// Whether a word after `before` is not the digest of a file or the rest of an address.
fn is_lone(before: &[u8]) -> bool {
    const DIGESTS: [&[u8]; 9] =
        [b"sha256-", b"sha512-", b"sha384-", b"sha1-", b"sha256=", b"sha512=", b"sha256:", b"sha512:", b"md5="];
    let start = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
    let word = &before[start..];
    !DIGESTS.iter().any(|digest| word.ends_with(digest))
}

/// Whether a word without any context is dense enough to be a secret: letters of both cases, and digits all over it.
fn is_dense(word: &[u8]) -> bool {
    let has = |which: fn(&u8) -> bool| word.iter().filter(|byte| which(byte)).count();
    let classes = has(u8::is_ascii_uppercase) >= 3 && has(u8::is_ascii_lowercase) >= 3 && has(u8::is_ascii_digit) >= 2;
    let longest = word.split(|byte| !byte.is_ascii_alphanumeric()).map(<[u8]>::len).max().unwrap_or_default();
    classes && longest >= 12 && is_random(word)
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

/// The text in `bytes`, if most of them are one.
fn printable(bytes: &[u8]) -> Option<String> {
    let plain = |byte: &&u8| matches!(byte, 0x20..=0x7e | b'\n' | b'\r' | b'\t');
    let good = bytes.iter().filter(plain).count();
    (bytes.len() >= 12 && good * 10 >= bytes.len() * 9).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The lines of `text`.
fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    let mut run = 0;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-' | b'=') {
            run += 1;
            continue;
        }
        if run >= SHORTEST_RUN {
            line.runs.push(at - run..at);
        }
        run = 0;
        line.escaped |= matches!(byte, b'%' | b'\\' | b'&');
        if *byte == b'\n' {
            line.range.end = at;
            lines.push(std::mem::take(&mut line));
            line.range.start = at + 1;
        }
    }
    if run >= SHORTEST_RUN {
        line.runs.push(text.len() - run..text.len());
    }
    line.range.end = text.len();
    lines.push(line);
    lines
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
