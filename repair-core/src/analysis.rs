//! Why it failed.

use crate::{Failure, RepoPath, Snapshot, Span};

/// Finds the causes of a failure, best suspect first. A pure function.
pub trait Analyzer: Send + Sync {
    /// The causes, or `None` if this analyzer knows nothing about such a failure.
    fn analyze(&self, failure: &Failure, snapshot: &Snapshot) -> Option<Analysis>;
}

/// What is known about the cause of a failure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Analysis {
    /// The failure.
    pub failure: Failure,
    /// The places that may be at fault, the likeliest first.
    pub suspects: Vec<Suspect>,
}

/// A place that may be at fault.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Suspect {
    /// The file.
    pub path: RepoPath,
    /// The place in it, if known.
    pub span: Option<Span>,
    /// How likely it is, from 0 to 1.
    pub score: f32,
    /// Why it is suspected, as a sentence fragment.
    pub reason: String,
}

impl Suspect {
    /// A suspect without a known place.
    pub fn new(path: RepoPath, score: f32, reason: impl Into<String>) -> Self {
        Self { path, span: None, score, reason: reason.into() }
    }

    /// The same suspect at `span`.
    pub fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }
}

impl Analysis {
    /// An analysis of `failure` with `suspects`, which are put in order: score, then path, then place.
    pub fn new(failure: Failure, mut suspects: Vec<Suspect>) -> Self {
        suspects.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.path.cmp(&b.path)).then_with(|| a.span.cmp(&b.span))
        });
        Self { failure, suspects }
    }

    /// The analysis that needs no knowledge: the place which the failure names.
    ///
    /// A path that the snapshot lacks is looked for as the end of one that it has, since logs often show paths
    /// relative to another folder; it counts only if exactly one file fits.
    pub fn of_location(failure: &Failure, snapshot: &Snapshot) -> Self {
        let suspect = failure.path.as_ref().and_then(|path| locate(path, snapshot)).map(|path| {
            let span = failure.line.and_then(|line| Span::of_line(snapshot.text(&path).ok()?, line));
            Suspect { path, span, score: 1.0, reason: "the failure names it".to_owned() }
        });
        Self::new(failure.clone(), suspect.into_iter().collect())
    }
}

fn locate(path: &RepoPath, snapshot: &Snapshot) -> Option<RepoPath> {
    if snapshot.contains(path) {
        return Some(path.clone());
    }
    let mut fitting = snapshot.paths().filter(|known| known.ends_with(path.as_str()));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}
