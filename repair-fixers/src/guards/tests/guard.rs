//! Refuses changes after which the tests check less.

use super::check::{Check, Strength};
use super::collection::Collection;
use super::inventory::{Function, Inventory, Role};
use super::judge::Surroundings;
use super::tokens::{is_subsequence, likeness, literals, renamed};
use super::{arrange, data, generated, vanished};
use crate::guards::commands::Weakness;
use crate::guards::place;
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Compares the tests before and after.
pub(in crate::guards) struct Tests;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "test-lost",
        manual: "No test may be lost: deleted, emptied, renamed so that it is not collected, shadowed by another of the same \
                 name, moved out of where the runner looks, or left out by the runner's configuration. A test may be moved, \
                 renamed, merged or parametrised, as long as every one of its checks is still made by a collected test.",
    },
    Rule {
        id: "assertion-lost",
        manual: "No assertion and no parametrised case may be lost, nor be put where it does not run or where its failure is \
                 swallowed.",
    },
    Rule {
        id: "assertion-weakened",
        manual: "No assertion may say less: equality must not become membership, a range, a type, a length or truthiness; a \
                 tolerance must not grow; an expected error must not become a broader one or lose its message; no assertion \
                 may hold by construction. An expected value or an input is not rewritten to fit what the code does: where \
                 the code changes with it, a person decides.",
    },
    Rule {
        id: "fixture-doctored",
        manual: "Fixtures, helpers, fakes and data that tests use must not be changed so that a failing test passes. Where \
                 the code changes with them, a person decides.",
    },
    Rule {
        id: "test-data-changed",
        manual: "Files that tests read (golden files, samples, snapshots) must not be rewritten or deleted to make a test pass; \
                 adding new ones is welcome.",
    },
];

impl Guard for Tests {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let comparison = Comparison::new(before, after, changes);
        let mut found = comparison.objections();
        found.extend(data::objections(before, after, changes, comparison.source_changes));
        found
    }
}

struct Comparison<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    source_changes: bool,
    was: Arc<Collection>,
    is: Arc<Collection>,
    paths: Vec<&'a RepoPath>,
}

/// A check of the new tests that no old one was found for.
struct Spare {
    check: Check,
    taken: bool,
}

impl<'a> Comparison<'a> {
    fn new(before: &'a Snapshot, after: &'a Snapshot, changes: &'a ChangeSet) -> Self {
        let (was, is) = (before.derived(Collection::of), after.derived(Collection::of));
        let python = before.paths().chain(after.paths().filter(|path| !before.contains(path)));
        let concerned = |path: &&RepoPath| {
            let uncollected = was.has(path) && !is.has(path);
            place::is_python(path)
                && (uncollected
                    || changes.get(path).is_some() && (place::is_test(path) || was.has(path) || is.has(path)))
        };
        let paths = python.filter(concerned).collect();
        let source = |path: &RepoPath| {
            place::is_python(path)
                && !place::is_test(path)
                && !was.has(path)
                && (before.contains(path) || after.contains(path))
        };
        let source_changes = changes.paths().any(|path| source(path) && meaning_differs(before, after, path));
        Self { before, after, source_changes, was, is, paths }
    }

    fn objections(&self) -> Vec<Objection> {
        let mut spares = self.spares();
        let mut found = Vec::new();
        for path in &self.paths {
            let Some(old) = Inventory::at(self.before, path) else { continue };
            let new = Inventory::at(self.after, path).unwrap_or_default();
            let collected = self.was.has(path);
            let still = self.is.has(path) && self.after.contains(path);
            for function in &old.functions {
                let partner = new.function(&function.name).filter(|it| still || it.role == Role::Helper);
                match (function.role, partner) {
                    (Role::Test, Some(partner)) if partner.role == Role::Test => {
                        found.extend(self.compare(path, (&old, function), (&new, partner), &mut spares));
                    }
                    (Role::Helper, None) => {
                        let weakness = vanished::prepared(
                            (self.before, self.after),
                            path,
                            function,
                            &self.paths,
                            self.source_changes,
                        );
                        found.extend(weakness.map(|it| it.objection(&RULES[3]).at(path, function.line)));
                    }
                    (Role::Test, _) if collected => found.extend(self.lost(path, &old, &new, function, &mut spares)),
                    (Role::Helper, Some(partner)) if partner.role == Role::Helper => {
                        found.extend(self.compare(path, (&old, function), (&new, partner), &mut spares));
                        found.extend(self.arranged(path, &old, &new, function, partner));
                    }
                    _ => {}
                }
            }
            found.extend(arrange::stand_ins(path, &old, &new));
            found.extend(self.constants(path, &old, &new));
        }
        found
    }

    /// The visible checks of collected tests that are new in their test, from every changed file.
    fn spares(&self) -> Vec<Spare> {
        let mut spares = Vec::new();
        for path in self.paths.iter().filter(|path| self.is.has(path)) {
            let old = Inventory::at(self.before, path).unwrap_or_default();
            let Some(new) = Inventory::at(self.after, path) else { continue };
            for function in new.tests() {
                let partner = old.function(&function.name).filter(|it| it.role == Role::Test);
                let mut known: Vec<String> = partner.map(visible).unwrap_or_default().iter().map(Check::key).collect();
                for check in visible(function) {
                    match known.iter().position(|key| *key == check.key()) {
                        Some(index) => drop(known.swap_remove(index)),
                        None => spares.push(Spare { check, taken: false }),
                    }
                }
            }
        }
        spares
    }

    /// What became of the checks of one function.
    fn compare(
        &self,
        path: &RepoPath,
        old: (&Inventory, &Function),
        new: (&Inventory, &Function),
        spares: &mut [Spare],
    ) -> Vec<Objection> {
        let bases = |name: &str| base_classes(self.after, name);
        let around =
            Surroundings { old: old.0, new: new.0, source_changes: self.source_changes, bases: &bases, moved: false };
        let (old, new) = (old.1, new.1);
        let mut left: Vec<Option<&Check>> = new.checks.iter().map(Some).collect();
        let mut open: Vec<&Check> = Vec::new();
        let mut found = Vec::new();
        for check in old.checks.iter().filter(|check| check.hidden.is_none()) {
            let key = check.key();
            let same = |other: &&mut Option<&Check>| other.is_some_and(|it| it.key() == key && it.hidden.is_none());
            match left.iter_mut().find(same) {
                Some(other) => {
                    found.extend(other.take().and_then(|it| conditional(check, it)).map(|it| (it, check.line)))
                }
                None => open.push(check),
            }
        }
        for check in open {
            if take(spares, check) && new.role == Role::Test {
                continue;
            }
            let hidden = left.iter().flatten().find(|it| it.key() == check.key() && it.hidden.is_some());
            if let Some(reason) = hidden.and_then(|it| it.hidden) {
                found.push((Weakness::refuse(format!("`{}` no longer counts: {reason}", check.title())), check.line));
                continue;
            }
            if check.strength == Strength::Runs {
                continue;
            }
            let best = best_match(check, &left);
            match best.and_then(|index| left[index].take()) {
                Some(other) => {
                    let weakness = around.judge(check, other).or_else(|| conditional(check, other));
                    found.extend(weakness.map(|it| (it, other.line)));
                }
                None => found.push((
                    Weakness::refuse(format!("the check `{}` is gone from `{}`", check.title(), old.name)),
                    check.line,
                )),
            }
        }
        let computed = arrange::computed_cases(old, new);
        found.extend(computed.map(|it| (it, new.line)));
        found.extend(generated::inputs(old, new).map(|it| (it, new.line)));
        if new.role == Role::Test {
            found.extend(arrange::steps(old, new, self.source_changes).map(|it| (it, new.line)));
        }
        let rule = |weakness: &Weakness| {
            if weakness.reason.contains("gone from") || weakness.reason.contains("no longer counts") {
                &RULES[1]
            } else {
                &RULES[2]
            }
        };
        found
            .into_iter()
            .map(|(weakness, line)| {
                let rule = rule(&weakness);
                weakness.objection(rule).at(path, line)
            })
            .collect()
    }

    /// A test that is gone: fine if all of its checks are made elsewhere.
    fn lost(
        &self,
        path: &RepoPath,
        old: &Inventory,
        new: &Inventory,
        function: &Function,
        spares: &mut [Spare],
    ) -> Option<Objection> {
        let checks: Vec<&Check> = function.checks.iter().filter(|check| check.hidden.is_none()).collect();
        let missing: Vec<&&Check> = checks.iter().filter(|check| !take_alike(spares, check, old, new, self)).collect();
        if missing.is_empty() && !checks.is_empty() {
            return None;
        }
        let first = missing.first().map(|check| format!(", with `{}`", check.title())).unwrap_or_default();
        let reason = format!("the test `{}` is gone{first}", function.name);
        let feature = self.feature_removed(old, function);
        let weakness = if feature { Weakness::needs_person(reason) } else { Weakness::refuse(reason) };
        Some(weakness.objection(&RULES[0]).at(path, function.line))
    }

    /// Whether the change removes from the source what the test tests.
    fn feature_removed(&self, old: &Inventory, function: &Function) -> bool {
        let used = super::tokens::names(&function.body)
            .into_iter()
            .filter(|name| old.bindings.get(name).is_some())
            .collect::<BTreeSet<_>>();
        let defined = |snapshot: &Snapshot, name: &str| {
            let mut sources = snapshot.paths().filter(|path| place::is_python(path) && !place::is_test(path));
            sources.any(|path| {
                Inventory::at(snapshot, path).is_some_and(|it| {
                    it.function(name).is_some() || it.classes.contains_key(name) || it.data.contains_key(name)
                })
            })
        };
        self.source_changes && used.iter().any(|name| defined(self.before, name) && !defined(self.after, name))
    }

    fn arranged(
        &self,
        path: &RepoPath,
        old: &Inventory,
        new: &Inventory,
        was: &Function,
        is: &Function,
    ) -> Option<Objection> {
        let weakness = arrange::helper(old, new, was, is, self.source_changes)?;
        Some(weakness.objection(&RULES[3]).at(path, is.line))
    }

    /// Names of the module or of classes whose values changed.
    fn constants(&self, path: &RepoPath, old: &Inventory, new: &Inventory) -> Vec<Objection> {
        let mut found = Vec::new();
        for (name, was) in &old.data {
            let Some(is) = new.data.get(name).filter(|is| *is != was) else { continue };
            let kept = literals(is);
            let lost =
                literals(was).into_iter().any(|(literal, count)| kept.get(literal).is_none_or(|now| *now < count));
            let fine = is_subsequence(was, is) && !is.contains(" if ")
                || renamed(was, is).is_some()
                || !lost && likeness(was, is) > 0.5;
            if lost || !fine {
                let reason = format!("`{name}`, which tests use, changed");
                let weakness =
                    if self.source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) };
                found.push(weakness.objection(&RULES[3]).at(path, None));
            }
        }
        found
    }
}

fn visible(function: &Function) -> Vec<Check> {
    function.checks.iter().filter(|check| check.hidden.is_none()).cloned().collect()
}

/// Takes a spare check that is the same as `check`.
fn take(spares: &mut [Spare], check: &Check) -> bool {
    let key = check.key();
    match spares.iter_mut().find(|spare| !spare.taken && spare.check.key() == key) {
        Some(spare) => {
            spare.taken = true;
            true
        }
        None => false,
    }
}

/// Takes a spare check that says at least what `check` says about the same subject.
fn take_alike(
    spares: &mut [Spare],
    check: &Check,
    old: &Inventory,
    new: &Inventory,
    comparison: &Comparison<'_>,
) -> bool {
    if take(spares, check) {
        return true;
    }
    let text = |check: &Check| format!("{} {} {}", check.operation, check.left, check.right).replace("self.", "");
    let bases = |name: &str| base_classes(comparison.after, name);
    let around = Surroundings { old, new, source_changes: false, bases: &bases, moved: true };
    let bare = |check: &Check| {
        let text = |text: &str| text.replace("self.", "");
        Check { left: text(&check.left), right: text(&check.right), ..check.clone() }
    };
    let alike = |spare: &&mut Spare| {
        let other = &spare.check;
        let strong = other.strength >= check.strength && !other.is_tautology();
        let same = text(check) == text(other);
        let close = likeness(&text(check), &text(other)) > 0.7
            && literals(&text(check)) == literals(&text(other))
            && around.judge(&bare(check), &bare(other)).is_none();
        !spare.taken && strong && (same || close)
    };
    match spares.iter_mut().find(alike) {
        Some(spare) => {
            spare.taken = true;
            true
        }
        None => false,
    }
}

/// The check among `left` that is most like `check`.
fn best_match(check: &Check, left: &[Option<&Check>]) -> Option<usize> {
    let text = |check: &Check| format!("{} {} {}", check.left, check.operation, check.right);
    let score = |other: &Check| {
        let kind = f64::from(u8::from(other.operation == check.operation));
        likeness(&text(check), &text(other)) + 0.2 * kind + if other.left == check.left { 0.5 } else { 0.0 }
    };
    let visible = left.iter().enumerate().filter_map(|(index, it)| Some((index, it.filter(|it| it.hidden.is_none())?)));
    let best = visible.map(|(index, it)| (index, score(it))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(index, _)| index)
}

/// Whether `new` runs only under a condition that `old` did not have.
fn conditional(old: &Check, new: &Check) -> Option<Weakness> {
    let condition = new.condition.as_ref().filter(|condition| old.condition.as_ref() != Some(*condition))?;
    let platform = ["sys.version_info", "sys.platform", "os.name", "platform."].iter().any(|it| condition.contains(it));
    let reason = format!("`{}` is checked only if `{condition}`", new.title());
    match (platform, &old.condition) {
        (true, _) | (_, Some(_)) => Some(Weakness::needs_person(reason)),
        _ => Some(Weakness::refuse(format!("{reason}, so that it no longer counts otherwise"))),
    }
}

/// The bases of a class that the repository defines.
fn base_classes(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let classes = snapshot.derived(Classes::of);
    classes.0.get(name).cloned().unwrap_or_default()
}

/// Classes of the repository, by name, with their bases.
struct Classes(BTreeMap<String, Vec<String>>);

impl Classes {
    fn of(snapshot: &Snapshot) -> Self {
        let mut all = BTreeMap::new();
        for path in snapshot.paths().filter(|path| place::is_python(path)) {
            let Some(inventory) = Inventory::at(snapshot, path) else { continue };
            for (name, bases) in &inventory.classes {
                let bases = bases.trim_matches(['(', ')']).split(',').map(|base| base.trim().to_owned()).collect();
                all.insert(name.clone(), bases);
            }
        }
        Self(all)
    }
}

/// Whether the code of a file differs, comments and layout aside.
fn meaning_differs(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> bool {
    let text = |snapshot: &Snapshot| {
        crate::python::Module::at(snapshot, path).map(|module| crate::python::canonical(&module, module.root()))
    };
    text(before) != text(after)
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
