//! Who refuses changes.

use crate::{ChangeSet, RepoPath, Snapshot};

/// Refuses a change by looking at it. The rules against cheating live here.
///
/// A guard has its own rules, one id per rule, so that an objection can be explained.
pub trait Guard: Send + Sync {
    /// Its rules: ids in kebab-case, with what each forbids.
    fn rules(&self) -> &'static [Rule];
    /// All that it has against the change; nothing means that it agrees.
    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection>;
}

/// One thing that a guard forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case, such as `skip-added`.
    pub id: &'static str,
    /// What it forbids and why, in a sentence or several.
    pub manual: &'static str,
}

/// What a guard has against a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Objection {
    /// How grave it is.
    pub gravity: Gravity,
    /// The id of the rule.
    pub rule: String,
    /// The file.
    pub path: Option<RepoPath>,
    /// 1-based line: of the new file, or of the old one if the line went.
    pub line: Option<u32>,
    /// What is wrong, as a sentence fragment.
    pub reason: String,
}

/// How grave an objection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Gravity {
    /// A person should look at the change.
    NeedsPerson,
    /// The change must not be made.
    Refuse,
}

impl Objection {
    /// The change must not be made.
    pub fn refuse(rule: &Rule, reason: impl Into<String>) -> Self {
        Self { gravity: Gravity::Refuse, rule: rule.id.to_owned(), path: None, line: None, reason: reason.into() }
    }

    /// A person should look at the change.
    pub fn needs_person(rule: &Rule, reason: impl Into<String>) -> Self {
        Self { gravity: Gravity::NeedsPerson, ..Self::refuse(rule, reason) }
    }

    /// The same objection at `path`, and `line` if known.
    pub fn at(self, path: &RepoPath, line: impl Into<Option<u32>>) -> Self {
        Self { path: Some(path.clone()), line: line.into(), ..self }
    }
}

/// What several guards say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Ruling {
    /// Nobody objects.
    Allow,
    /// A person should look at the change.
    NeedsPerson,
    /// The change must not be made.
    Refuse,
}

impl Ruling {
    /// The gravest of the objections decides.
    pub fn of(objections: &[Objection]) -> Self {
        match objections.iter().map(|objection| objection.gravity).max() {
            None => Self::Allow,
            Some(Gravity::NeedsPerson) => Self::NeedsPerson,
            Some(Gravity::Refuse) => Self::Refuse,
        }
    }
}

/// Asks every guard; the objections come sorted, the same one once.
pub fn vet(guards: &[Box<dyn Guard>], before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
    let mut objections: Vec<Objection> = guards.iter().flat_map(|guard| guard.check(before, after, changes)).collect();
    objections.sort_by(|a, b| b.gravity.cmp(&a.gravity).then_with(|| a.cmp(b)));
    objections.dedup();
    objections
}
