//! What tests prepare: steps, fixtures, helpers, computed cases.

use super::check::Strength;
use super::inventory::{Function, Inventory};
use super::tokens::{is_subsequence, literals, names, renamed};
use crate::guards::commands::Weakness;
use repair_core::{Objection, RepoPath};
use std::collections::BTreeMap;

/// Whether steps of a test lost something that mattered.
pub(super) fn steps(old: &Function, new: &Function, source_changes: bool) -> Option<Weakness> {
    let (gone, come) = difference(&old.steps, &new.steps);
    let matters = |step: &&String| {
        !["sleep(", "print(", "log.", "logging.", "warnings.", "gc."].iter().any(|it| step.contains(it))
    };
    let gone: Vec<&String> = gone.into_iter().filter(matters).collect();
    let checks = |function: &Function| {
        function.checks.iter().flat_map(|check| [check.left.clone(), check.right.clone()]).collect::<Vec<_>>().join(" ")
    };
    let kept = format!("{} {}", join(&come), checks(new));
    let kept = literals(&kept);
    let text = join(&gone);
    let lost: Vec<&str> = literals(&text).into_keys().filter(|literal| !kept.contains_key(literal)).collect();
    let literal = lost.iter().find(|literal| !matches!(**literal, "None" | "True" | "False"))?;
    let reason = format!("what `{}` tests with changed: {literal} is gone", new.name);
    Some(if source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) })
}

/// Whether a fixture, a helper or a fake was changed to make tests pass.
pub(super) fn helper(
    old: &Inventory,
    new: &Inventory,
    was: &Function,
    is: &Function,
    source_changes: bool,
) -> Option<Weakness> {
    if was.body == is.body {
        return None;
    }
    let (gone, come) = difference(&was.steps, &is.steps);
    let (lost, added) = (join(&gone), join(&come));
    let kept = literals(&added);
    let literal_lost = literals(&lost).into_keys().any(|literal| !kept.contains_key(literal));
    let overwrites = come.iter().find(|step| {
        let left = step.split('=').next().unwrap_or_default();
        step.contains('=')
            && !step.contains("==")
            && !step.starts_with("let ")
            && left.ends_with(']')
            && !left.contains('(')
    });
    let explain =
        |reason: String| Some(if source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) });
    let title = &is.name;
    if let Some(step) = overwrites {
        return Some(Weakness::refuse(format!("`{title}` overwrites what it hands to the tests: `{step}`")));
    }
    let subject =
        |name: &&str| !names(&was.body).contains(name) && old.bindings.get(name).is_some_and(|it| !is_tool(it));
    if let Some(name) = names(&added).iter().find(|name| subject(name)) {
        return explain(format!("`{title}` now uses `{name}`, which is what is tested"));
    }
    if literal_lost {
        return explain(format!("`{title}`, which tests rely on, prepares something else"));
    }
    let harmless = gone.is_empty() && come.iter().all(|step| step.starts_with("let "))
        || is_subsequence(&lost, &added) && gone.len() == come.len();
    let migrated = renamed(&lost, &added).is_some_and(|pairs| pairs.iter().all(|(a, _)| !new.names.contains(*a)));
    if harmless || migrated || gone.is_empty() && come.is_empty() {
        return None;
    }
    Some(Weakness::needs_person(format!("`{title}`, which tests rely on, changed")))
}

fn is_tool(target: &str) -> bool {
    let first = target.split('.').next().unwrap_or_default();
    matches!(first, "pytest" | "unittest" | "mock") || crate::python::stdlib::is_stdlib(first)
}

/// Whether computed cases became fewer.
pub(super) fn computed_cases(old: &Function, new: &Function) -> Option<Weakness> {
    let (gone, come) = difference(&old.computed_cases, &new.computed_cases);
    let (lost, added) = (join(&gone), join(&come));
    let narrows = [" if ", "filter(", "[:", "[1:", "[0:", "islice", ":]"]
        .iter()
        .any(|it| added.contains(it) && !lost.contains(it));
    let same = literals(&lost) == literals(&added);
    (!gone.is_empty() && !come.is_empty() && (narrows || !same))
        .then(|| Weakness::refuse(format!("the cases of `{}` changed: `{lost}` became `{added}`", new.name)))
}

/// New functions of a test file that take the place of something that was imported or inherited.
pub(super) fn stand_ins(path: &RepoPath, old: &Inventory, new: &Inventory) -> Vec<Objection> {
    let rule = &super::doubles::RULES[0];
    let mut found = Vec::new();
    for function in new.functions.iter().filter(|function| old.function(&function.name).is_none()) {
        let last = function.name.rsplit('.').next().unwrap_or_default();
        let imported = old.bindings.get(&function.name).is_some_and(|it| it.contains('.'));
        if imported {
            let reason = format!("`{last}` was imported to be tested, and is now the test's own");
            found.push(Objection::refuse(rule, reason).at(path, function.line));
        }
        let asserts = super::check::is_assertion(last) && old.names.contains(last);
        let strongest = function.checks.iter().filter(|it| it.hidden.is_none()).map(|it| it.strength).max();
        if asserts && strongest.is_none_or(|it| it < Strength::Near) {
            let reason = format!("`{last}`, which tests call, is replaced by one that checks little");
            found.push(Objection::refuse(&super::guard::RULES[2], reason).at(path, function.line));
        }
    }
    let classes = new.classes.keys().filter(|name| !old.classes.contains_key(*name));
    for name in classes.filter(|name| old.bindings.get(name).is_some()) {
        let reason = format!("`{name}` was imported to be tested, and is now the test's own");
        found.push(Objection::refuse(rule, reason).at(path, None));
    }
    for (name, value) in &new.data {
        let was_imported = old.bindings.get(name).is_some_and(|it| it.contains('.')) && !old.data.contains_key(name);
        let root = |target: &str| target.split('.').next().unwrap_or_default().to_owned();
        let same_root = old.bindings.get(name).is_some_and(|it| value.starts_with(&format!("{}.", root(it))));
        if was_imported && !same_root && !value.contains("importorskip") {
            let reason = format!("`{name}` was imported to be tested, and is now `{value}`");
            found.push(Objection::refuse(rule, reason).at(path, None));
        }
    }
    found
}

fn join(steps: &[&String]) -> String {
    steps.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(" ; ")
}

/// What is in one list and not in the other, both ways.
fn difference<'t>(old: &'t [String], new: &'t [String]) -> (Vec<&'t String>, Vec<&'t String>) {
    let more = |of: &'t [String], than: &'t [String]| {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        than.iter().for_each(|step| *counts.entry(step).or_default() += 1);
        let fresh = of.iter().filter(|step| match counts.get_mut(step).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                false
            }
            None => true,
        });
        fresh.collect::<Vec<_>>()
    };
    (more(old, new), more(new, old))
}
