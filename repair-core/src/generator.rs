//! Who proposes fixes.

use crate::{Analysis, Applicability, Category, Fact, Facts, Fixes, Query, RepoPath, Snapshot, Span};

/// What is known of a generator without running it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratorMeta {
    /// `family/what-is-wrong`, in kebab-case.
    pub id: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Its manual in Markdown: what it repairs, why that is safe or what may change, before, after.
    pub manual: &'static str,
    /// The categories of failures it is asked about.
    pub handles: &'static [Category],
    /// The most that its fixes may claim.
    pub applicability: Applicability,
}

/// Proposes fixes. A pure function of its context: run twice, it proposes the same.
pub trait FixGenerator: Send + Sync {
    /// What is known of it without running it.
    fn meta(&self) -> &'static GeneratorMeta;

    /// What it needs to know before it can generate.
    fn queries(&self, _analysis: &Analysis, _snapshot: &Snapshot) -> Vec<Query> {
        Vec::new()
    }

    /// Proposes fixes for the failure of `ctx`, or says why it has none.
    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip>;
}

/// All that a generator may know.
#[derive(Debug, Clone, Copy)]
pub struct FixContext<'a> {
    /// The repository.
    pub snapshot: &'a Snapshot,
    /// The failure and its suspects.
    pub analysis: &'a Analysis,
    facts: &'a Facts,
}

impl<'a> FixContext<'a> {
    /// A context; the engine makes one per failure.
    pub fn new(snapshot: &'a Snapshot, analysis: &'a Analysis, facts: &'a Facts) -> Self {
        Self { snapshot, analysis, facts }
    }

    /// The first suspect that is text and has a known place: its path, its whole text, and the place.
    pub fn suspect(&self) -> Result<(&'a RepoPath, &'a str, Span), Skip> {
        self.analysis
            .suspects
            .iter()
            .find_map(|suspect| Some((&suspect.path, self.snapshot.text(&suspect.path).ok()?, suspect.span?)))
            .or_skip("no line of a text file is suspected")
    }

    /// The answer to `query`.
    pub fn fact(&self, query: &Query) -> Result<&'a Fact, Skip> {
        match self.facts.get(query) {
            Some(Ok(fact)) => Ok(fact),
            Some(Err(error)) => Err(Skip::new(error.to_string())),
            None => Err(Skip::new("nobody answers its query")),
        }
    }
}

/// Why a generator proposes nothing: a sentence fragment that is shown on request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Skip {
    reason: String,
}

impl Skip {
    /// Says why.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for Option<T> {}
    impl<T, E> Sealed for Result<T, E> {}
}

/// `?` for "not applicable": turns what is missing into a [`Skip`].
pub trait OrSkip<T>: sealed::Sealed {
    /// The value, or a skip for `reason`.
    fn or_skip(self, reason: &str) -> Result<T, Skip>;
}

impl<T> OrSkip<T> for Option<T> {
    fn or_skip(self, reason: &str) -> Result<T, Skip> {
        self.ok_or_else(|| Skip::new(reason))
    }
}

impl<T, E: std::fmt::Display> OrSkip<T> for Result<T, E> {
    fn or_skip(self, reason: &str) -> Result<T, Skip> {
        self.map_err(|error| Skip::new(format!("{reason}: {error}")))
    }
}
