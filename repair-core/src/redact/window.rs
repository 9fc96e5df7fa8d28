//! Cuts a text of any length into pieces that are looked at whole.

use super::block::Blocks;
use super::known::Known;
use super::placeholder::Numbers;
use super::scan::{Found, secrets};
use std::sync::{Mutex, PoisonError};

/// How much is looked at at once.
pub(super) const WINDOW: usize = 64 * 1024;
/// How much of a line that is longer is looked at again with what follows.
const OVERLAP: usize = 8 * 1024;
/// How much before a piece of such a line is looked at with it.
const BEFORE: usize = 4 * 1024;
/// How often what is left is looked at again.
const ROUNDS: usize = 4;

/// Goes through a text, piece by piece.
pub(super) struct Windows<'r> {
    pub(super) known: &'r Known,
    pub(super) numbers: &'r Mutex<Numbers>,
    pub(super) state: State,
}

/// Where a reader is.
#[derive(Default)]
pub(super) struct State {
    blocks: Blocks,
    /// A secret goes on at the beginning of the next piece.
    carried: bool,
}

/// A text in which everything before `decided` is out already.
pub(super) struct Rest<'t> {
    pub(super) text: &'t str,
    pub(super) decided: usize,
}

/// What a step did: everything before `decided` is out; what is before `context` is needed no more.
pub(super) struct Step {
    pub(super) decided: usize,
    pub(super) context: usize,
    /// Something was replaced.
    pub(super) changed: bool,
}

impl Windows<'_> {
    /// Decides the next piece of `rest` and writes it to `out`. Gives nothing if more has to be read first.
    pub(super) fn step(&mut self, rest: &Rest<'_>, complete: bool, out: &mut String) -> Option<Step> {
        let left = rest.text.len() - rest.decided;
        if left == 0 || left <= WINDOW && !complete {
            return None;
        }
        let end = rest.text.floor_char_boundary(rest.decided + WINDOW.min(left));
        let newline = rest.text[rest.decided..end].rfind('\n').map(|at| rest.decided + at + 1);
        match newline.filter(|_| left > WINDOW) {
            Some(cut) => Some(self.whole(rest, cut, out)),
            None if left <= WINDOW => Some(self.whole(rest, rest.text.len(), out)),
            None => Some(self.within_line(rest, end, out)),
        }
    }

    /// A piece that ends with a line. What is written holds nothing that would be found in it.
    fn whole(&mut self, rest: &Rest<'_>, cut: usize, out: &mut String) -> Step {
        let before = self.state.blocks.clone();
        let piece = &rest.text[..cut];
        let found = self.found(piece, rest.decided);
        let changed = !found.is_empty();
        let mut written = self.written(piece, rest.decided, &found);
        for _ in 0..if changed { ROUNDS } else { 0 } {
            let context = format!("{}{written}", &rest.text[..rest.decided]);
            let again = secrets(&context, self.known, &mut before.clone());
            if again.iter().all(|found| found.range.end <= rest.decided) {
                break;
            }
            written = self.written(&context, rest.decided, &again);
        }
        out.push_str(&written);
        Step { decided: cut, context: cut, changed }
    }

    /// A piece of a line that is longer than a window.
    fn within_line(&mut self, rest: &Rest<'_>, end: usize, out: &mut String) -> Step {
        let piece = &rest.text[..end];
        let found = self.found(piece, rest.decided);
        let wanted = rest.text.floor_char_boundary(end - OVERLAP);
        let across = found.iter().find(|found| found.range.start < wanted && found.range.end > wanted);
        let cut = across.map_or(wanted, |found| found.range.end);
        self.state.carried = cut == end;
        let decided: Vec<Found> = found.into_iter().filter(|found| found.range.end <= cut).collect();
        out.push_str(&self.written(&piece[..cut], rest.decided, &decided));
        let context = rest.text.floor_char_boundary(cut.saturating_sub(BEFORE));
        Step { decided: cut, context, changed: !decided.is_empty() }
    }

    fn found(&mut self, piece: &str, decided: usize) -> Vec<Found> {
        let mut found = secrets(piece, self.known, &mut self.state.blocks);
        if std::mem::take(&mut self.state.carried) {
            let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | ',');
            let end = piece[decided..].find(ends).map_or(piece.len(), |at| decided + at);
            found.retain(|found| found.range.end > end);
            found.insert(0, Found::rest(decided..end));
        }
        found.retain(|found| found.range.end > decided);
        found
    }

    fn written(&self, text: &str, decided: usize, found: &[Found]) -> String {
        let mut out = String::with_capacity(text.len() - decided);
        let mut at = decided;
        // A panic while it was locked cannot have left it half changed in a way that matters.
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        for found in found {
            let start = found.range.start.max(at);
            if found.range.end <= start {
                continue;
            }
            out.push_str(&text[at..start]);
            if !found.is_rest() {
                numbers.write(&found.kind, found.digest, &mut out);
            }
            at = found.range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}
