//! Fixtures and set-ups that are gone: what they prepared must be prepared elsewhere.

use super::inventory::Function;
use super::tokens::{literals, tokens};
use crate::guards::commands::Weakness;
use crate::python::{Module, canonical};
use repair_core::{RepoPath, Snapshot};

/// Whether what `function` prepared for the tests in `path` is no longer there, in any of the changed tests.
pub(super) fn prepared(
    (before, after): (&Snapshot, &Snapshot),
    path: &RepoPath,
    function: &Function,
    changed: &[&RepoPath],
    source_changes: bool,
) -> Option<Weakness> {
    let last = function.name.rsplit('.').next().unwrap_or_default();
    let sets_up = matches!(
        last,
        "setUp"
            | "setUpClass"
            | "asyncSetUp"
            | "setup"
            | "setup_method"
            | "setup_class"
            | "setup_module"
            | "setUpModule"
    );
    let old = Module::at(before, path)?;
    let text = canonical(&old, old.root());
    let used = tokens(&text).into_iter().filter(|token| *token == last).count() > 1;
    let serves = sets_up || function.fixture && used;
    if !serves {
        return None;
    }
    let texts = changed.iter().filter_map(|path| Module::at(after, path));
    let now: String = texts.map(|module| canonical(&module, module.root()) + "\n").collect();
    let kept = literals(&now);
    let lost = literals(&function.body)
        .into_keys()
        .find(|literal| !matches!(*literal, "None" | "True" | "False") && !kept.contains_key(literal))?;
    let reason = format!("`{last}` is gone, and {lost}, which it prepared, is nowhere else");
    Some(if source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) })
}
