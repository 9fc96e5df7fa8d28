//! The cheapest edits after which a text is Python.
//!
//! The edits near the first problem are tried, cheapest first, and the strict parser judges: an edit counts if the
//! text then parses, or if the first problem moves on, so that the search goes on from there.

use super::site::{Candidate, Class, Site};
use super::{brackets, colon, indent, keywords, pasted, python2, strings, tabs, words};
use crate::python::{SyntaxProblem, syntax_problem_of_3_13};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// A text that parses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Repair {
    pub(super) text: String,
    /// The classes of its edits, in the order of the search.
    pub(super) classes: Vec<Class>,
    pub(super) cost: f32,
}

/// The repairs of one text, the best first.
#[derive(Debug, Clone, Default)]
pub(super) struct Repairs(pub(super) Vec<Repair>);

/// How many bytes may be parsed for one file; keeps the search below a second.
const BYTES: usize = 6_000_000;
/// How many repairs are collected.
const MOST_REPAIRS: usize = 6;
/// How much worse than the best the last may be.
const SLACK: f32 = 0.8;
/// How many edits that are not certain one repair may have.
const MOST_EDITS: usize = 6;
/// What an edit costs extra that does not move the problem on.
const STANDSTILL: f32 = 0.7;

struct State {
    repair: Repair,
    problem: Option<SyntaxProblem>,
    uncertain: usize,
}

/// The first reason why `text` is not Python, inconsistent tabs included.
pub(super) fn problem(text: &str) -> Option<SyntaxProblem> {
    syntax_problem_of_3_13(text).or_else(|| tabs::problem(text))
}

impl Repairs {
    /// The repairs of `text`; none if it is Python already or if nothing helps.
    pub(super) fn of(text: &str) -> Self {
        Search::new(text).run()
    }
}

struct Search {
    states: Vec<Option<State>>,
    queue: BinaryHeap<Reverse<(u32, usize)>>,
    seen: BTreeSet<String>,
    bytes: usize,
}

impl Search {
    fn new(text: &str) -> Self {
        let mut search = Self { states: Vec::new(), queue: BinaryHeap::new(), seen: BTreeSet::new(), bytes: 0 };
        if let Some(problem) = problem(text) {
            let repair = Repair { text: text.to_owned(), classes: Vec::new(), cost: 0.0 };
            search.push(State { repair, problem: Some(problem), uncertain: 0 });
        }
        search
    }

    fn push(&mut self, state: State) {
        let rank = (state.repair.cost * 1000.0) as u32;
        self.queue.push(Reverse((rank, self.states.len())));
        self.states.push(Some(state));
    }

    fn run(mut self) -> Repairs {
        let mut found: Vec<Repair> = Vec::new();
        while let Some(Reverse((_, index))) = self.queue.pop() {
            let Some(state) = self.states[index].take() else { continue };
            if found.first().is_some_and(|best| state.repair.cost > best.cost + SLACK) || found.len() == MOST_REPAIRS {
                break;
            }
            match &state.problem {
                None => found.push(state.repair),
                Some(_) if self.bytes < BYTES => self.expand(&state),
                Some(_) => {}
            }
        }
        Repairs(found)
    }

    fn expand(&mut self, state: &State) {
        let Some(problem) = &state.problem else { return };
        let site = Site::new(&state.repair.text, problem);
        let mut candidates = candidates(&site);
        candidates.sort_by(|a, b| b.certain.cmp(&a.certain).then(a.cost.total_cmp(&b.cost)));
        for candidate in candidates {
            if self.bytes >= BYTES || !candidate.certain && state.uncertain >= MOST_EDITS {
                return;
            }
            let certain = candidate.certain;
            let Some(next) = self.follow(state, problem, candidate) else { continue };
            let moved_on = next.problem.as_ref().is_none_or(|problem| self.is_beyond(state, &next, problem.offset));
            self.push(next);
            if certain && moved_on {
                return;
            }
        }
    }

    /// The state after `candidate`; `None` if the text was seen before.
    fn follow(&mut self, state: &State, before: &SyntaxProblem, candidate: Candidate) -> Option<State> {
        let text = candidate.apply(&state.repair.text)?;
        if !self.seen.insert(text.clone()) {
            return None;
        }
        self.bytes += text.len() + 64;
        let after = problem(&text);
        let mut cost = state.repair.cost + candidate.cost;
        if let Some(after) = &after {
            let left = |text: &str, problem: &SyntaxProblem| text.len() - problem.offset.min(text.len());
            if left(&text, after) >= left(&state.repair.text, before) {
                cost += STANDSTILL;
            }
        }
        let mut classes = state.repair.classes.clone();
        classes.push(candidate.class);
        let uncertain = state.uncertain + usize::from(!candidate.certain);
        Some(State { repair: Repair { text, classes, cost }, problem: after, uncertain })
    }

    /// Whether the next problem lies on a later line than the one before.
    fn is_beyond(&self, state: &State, next: &State, offset: usize) -> bool {
        let rest = |text: &str, offset: usize| text[offset.min(text.len())..].matches('\n').count();
        let before = state.problem.as_ref().map_or(0, |problem| problem.offset);
        let floor = |text: &str, mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (old, new) = (&state.repair.text, &next.repair.text);
        rest(new, floor(new, offset)) < rest(old, floor(old, before))
    }
}

fn candidates(site: &Site<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    pasted::candidates(site, &mut all);
    python2::candidates(site, &mut all);
    colon::candidates(site, &mut all);
    tabs::candidates(site, &mut all);
    indent::candidates(site, &mut all);
    strings::candidates(site, &mut all);
    brackets::candidates(site, &mut all);
    keywords::candidates(site, &mut all);
    words::candidates(site, &mut all);
    all
}
