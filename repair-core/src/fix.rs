//! Proposed repairs.

use crate::{ChangeBuilder, ChangeSet, Fingerprint, Skip, Snapshot};

/// How much can go wrong with a fix, and so how much proof it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Applicability {
    /// May be wrong. Needs the full run and a person who looks at it.
    #[default]
    Speculative,
    /// Should be right, may change behaviour. Needs the full run.
    Unsafe,
    /// Does not change behaviour beyond the repair. Needs the guards and the targeted run.
    Safe,
}

impl Applicability {
    /// Its name in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Speculative => "speculative",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// Which of several fixes to try first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Confidence {
    /// One guess among several.
    Low,
    /// The usual repair.
    #[default]
    Medium,
    /// The evidence leaves hardly a doubt.
    High,
}

/// A proposed repair. Made only by [`Fixes`], so that it applies to its snapshot and says where it comes from.
///
/// ```compile_fail
/// use repair_core::Fix;
/// let forged = Fix { title: "x".into() };
/// ```
/// ```compile_fail
/// use repair_core::Fix;
/// let forged = Fix::default();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fix {
    title: String,
    reason: Option<String>,
    changes: ChangeSet,
    applicability: Applicability,
    confidence: Confidence,
    provenance: Provenance,
    size: usize,
}

/// Where a fix comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Provenance {
    /// The id of the generator.
    pub generator: String,
    /// The failures that it answers, sorted; several if the same change was proposed for each.
    pub fingerprints: Vec<Fingerprint>,
}

impl Fix {
    /// What it does, as an order: "Import `json`".
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Why this is the repair, if the generator says so.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What it changes.
    pub fn changes(&self) -> &ChangeSet {
        &self.changes
    }

    /// How much can go wrong.
    pub fn applicability(&self) -> Applicability {
        self.applicability
    }

    /// Which of several to try first.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Whether it was proposed for a failure with this fingerprint.
    pub fn answers(&self, fingerprint: Fingerprint) -> bool {
        self.provenance.fingerprints.binary_search(&fingerprint).is_ok()
    }

    /// Takes over the failures that `other`, which makes the same change, answers.
    pub(crate) fn answer_also(&mut self, other: &Fix) {
        self.provenance.fingerprints.extend(&other.provenance.fingerprints);
        self.provenance.fingerprints.sort();
        self.provenance.fingerprints.dedup();
    }

    /// Lines that come and go.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// Takes the fixes of one generator for one failure: stamps where they come from, checks that their edits apply, and
/// caps their level.
#[derive(Debug)]
pub struct Fixes<'a> {
    snapshot: &'a Snapshot,
    provenance: Provenance,
    ceiling: Applicability,
    fixes: Vec<Fix>,
}

impl<'a> Fixes<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, provenance: Provenance, ceiling: Applicability) -> Self {
        Self { snapshot, provenance, ceiling, fixes: Vec::new() }
    }

    /// Proposes a fix titled `title`, an order such as "Import `json`", which makes the edits that `edit` asks for.
    ///
    /// `applicability` is capped by the generator's own.
    /// Edits that do not apply, or change nothing, make it a [`Skip`].
    pub fn add(
        &mut self,
        applicability: Applicability,
        title: impl Into<String>,
        edit: impl FnOnce(&mut ChangeBuilder<'_>),
    ) -> Result<Proposal<'_>, Skip> {
        let mut builder = ChangeSet::build_on(self.snapshot);
        edit(&mut builder);
        let changes = builder.build().map_err(|error| Skip::new(error.to_string()))?;
        let lines = changes.line_count(self.snapshot);
        self.fixes.push(Fix {
            title: title.into(),
            reason: None,
            changes,
            applicability: applicability.min(self.ceiling),
            confidence: Confidence::default(),
            provenance: self.provenance.clone(),
            size: lines.added + lines.removed,
        });
        match self.fixes.last_mut() {
            Some(fix) => Ok(Proposal(fix)),
            None => unreachable!("a fix was just pushed"),
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Fix> {
        self.fixes
    }
}

/// A fix that was just proposed, to say more about it.
#[derive(Debug)]
pub struct Proposal<'a>(&'a mut Fix);

impl Proposal<'_> {
    /// Says which of several fixes to try first.
    pub fn confidence(self, confidence: Confidence) -> Self {
        self.0.confidence = confidence;
        self
    }

    /// Says why this is the repair, as a sentence fragment.
    pub fn because(self, reason: impl Into<String>) -> Self {
        self.0.reason = Some(reason.into());
        self
    }
}
