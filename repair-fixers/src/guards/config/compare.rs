//! Refuses configuration that asks less of the checks.

use super::effective::{Chosen, Effective};
use super::meaning::{Meaning, meaning};
use super::patterns::Patterns;
use super::setting::{Setting, Value};
use super::{codes, judge};
use crate::guards::commands::Weakness;
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Compares the settings in force before and after.
pub(in crate::guards) struct Configuration;

const RULES: &[Rule] = &[
    Rule {
        id: "lint-lowered",
        manual: "A linter or formatter must not be asked for less: no rule ignored or deselected, no file excluded, no \
                 per-file exception, no limit raised. Mend the code that the rule names instead. Settings are read from \
                 the file that the tool itself would read, so a new file that shadows the old one counts too.",
    },
    Rule {
        id: "types-lowered",
        manual: "A type checker must not be asked for less: no strict switch turned off, no error code disabled, no module \
                 exempted, no file left out.",
    },
    Rule {
        id: "coverage-lowered",
        manual: "The bar of the coverage must not be lowered, and no code be left out of what is measured. Test the code \
                 that is not covered instead.",
    },
    Rule {
        id: "test-run-narrowed",
        manual: "A test run must not be narrowed by its configuration: no `--ignore`, `-k`, `-m` or `--deselect` in \
                 `addopts`, no reruns, no plugin that reports failures switched off, no strictness turned off.",
    },
    Rule {
        id: "warning-filter-added",
        manual: "Warnings that fail the tests must not be filtered away. Mend what warns instead.",
    },
    Rule {
        id: "config-unreadable",
        manual: "A configuration file must stay readable: a tool that cannot read its settings falls back to its defaults.",
    },
];

impl Guard for Configuration {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let (old, new) = (before.derived(Effective::of), after.derived(Effective::of));
        let changed: BTreeSet<&RepoPath> = changes.paths().collect();
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        let mut found = unreadable(&old, &new);
        for (folder, tool) in keys {
            let (was, is) = (old.get(folder, tool), new.get(folder, tool));
            let touched =
                |chosen: &Option<Chosen>| chosen.as_ref().is_some_and(|chosen| changed.contains(&chosen.path));
            if touched(&was) || touched(&is) {
                let pair = Pair::new(tool, was.as_ref(), is.as_ref(), after);
                found.extend(pair.objections());
            }
        }
        found
    }
}

fn unreadable(old: &Effective, new: &Effective) -> Vec<Objection> {
    let fresh = new.unreadable.iter().filter(|path| !old.unreadable.contains(path));
    fresh.map(|path| Objection::refuse(&RULES[5], "the file is no longer readable").at(path, None)).collect()
}

/// The settings of one tool in one folder, before and after.
struct Pair<'a> {
    tool: &'a str,
    old: BTreeMap<&'a str, &'a Setting>,
    new: BTreeMap<&'a str, &'a Setting>,
    path: Option<&'a RepoPath>,
    snapshot: &'a Snapshot,
}

impl<'a> Pair<'a> {
    fn new(tool: &'a str, old: Option<&'a Chosen>, new: Option<&'a Chosen>, snapshot: &'a Snapshot) -> Self {
        let by_key = |chosen: Option<&'a Chosen>| {
            let settings = chosen.into_iter().flat_map(|chosen| &chosen.settings).filter(|it| !it.key.is_empty());
            settings.map(|setting| (setting.key.as_str(), setting)).collect()
        };
        Self { tool, old: by_key(old), new: by_key(new), path: new.or(old).map(|it| &it.path), snapshot }
    }

    fn objections(&self) -> Vec<Objection> {
        let keys: BTreeSet<&str> = self.old.keys().chain(self.new.keys()).copied().collect();
        let mut found: Vec<Objection> = keys.iter().flat_map(|key| self.objections_to(key)).collect();
        let owners: BTreeSet<&str> = keys.iter().map(|key| codes::owner(key)).collect();
        for owner in owners {
            let union = |of: &BTreeMap<&'a str, &'a Setting>, wanted| codes::union(self.tool, owner, of, wanted);
            let ignored = codes::more(&union(&self.old, Meaning::Ignored), &union(&self.new, Meaning::Ignored));
            let lost = codes::more(&union(&self.new, Meaning::Selected), &union(&self.old, Meaning::Selected));
            let lost = lost.into_iter().filter(|code| !codes::is_gone(self.tool, code)).collect::<Vec<_>>();
            let said = |verb: &str, codes: Vec<String>| {
                (!codes.is_empty()).then(|| Weakness::refuse(format!("`{}` {verb} {}", self.tool, codes.join(", "))))
            };
            let both = [said("now ignores", ignored), said("no longer checks", lost)];
            found.extend(both.into_iter().flatten().map(|weakness| self.objection("", weakness)));
        }
        found.extend(self.files());
        found
    }

    fn objections_to(&self, key: &str) -> Vec<Objection> {
        let value = |of: &BTreeMap<&'a str, &'a Setting>| of.get(key).map(|setting| setting.value.clone());
        let (old, new) = (value(&self.old), value(&self.new));
        if old == new {
            return Vec::new();
        }
        let weaknesses = match meaning(self.tool, key) {
            Meaning::IgnoredPerFile => self.per_file(key, old.as_ref(), new.as_ref()),
            meaning => judge::judge(self.tool, key, meaning, old.as_ref(), new.as_ref()),
        };
        weaknesses.into_iter().map(|weakness| self.objection(key, weakness)).collect()
    }

    fn per_file(&self, key: &str, old: Option<&Value>, new: Option<&Value>) -> Vec<Weakness> {
        let before = codes::per_file(key, old);
        let fresh = codes::per_file(key, new).into_iter().filter(|pair| !codes::granted(&before, pair));
        let bites = |(pattern, _): &(String, String)| Patterns::new(self.tool, [pattern]).any(self.snapshot);
        let old_pairs = self.per_file_pairs(&self.old);
        let exempt = |pair: &(String, String)| {
            let covers = old_pairs.iter().filter(|(_, code)| pair.1.starts_with(code.as_str()));
            let before = Patterns::new(self.tool, covers.map(|(pattern, _)| pattern));
            Patterns::new(self.tool, [&pair.0]).files(self.snapshot).into_iter().all(|path| before.matches(path))
        };
        fresh
            .filter(bites)
            .filter(|pair| !exempt(pair))
            .map(|(pattern, code)| Weakness::refuse(format!("`{}` ignores {code} in `{pattern}`", self.tool)))
            .collect()
    }

    fn per_file_pairs(&self, of: &BTreeMap<&'a str, &'a Setting>) -> Vec<(String, String)> {
        let ours = of.iter().filter(|(key, _)| meaning(self.tool, key) == Meaning::IgnoredPerFile);
        ours.flat_map(|(key, setting)| codes::per_file(key, Some(&setting.value))).collect()
    }

    /// Whether fewer files are looked at.
    fn files(&self) -> Vec<Objection> {
        let patterns = |of: &BTreeMap<&'a str, &'a Setting>, wanted: Meaning| {
            let chosen = of.iter().filter(|(key, _)| meaning(self.tool, key) == wanted);
            let values: Vec<String> =
                chosen.flat_map(|(_, setting)| judge::patterns(self.tool, &setting.value)).collect();
            Patterns::new(self.tool, &values)
        };
        let mut found = Vec::new();
        let (old, new) = (patterns(&self.old, Meaning::Excluded), patterns(&self.new, Meaning::Excluded));
        if old.texts != new.texts {
            let hits = new.files(self.snapshot).into_iter().filter(|path| !old.matches(path)).collect();
            found.extend(judge::left_out(self.tool, hits));
        }
        let (old, new) = (patterns(&self.old, Meaning::Included), patterns(&self.new, Meaning::Included));
        if old.texts != new.texts && !new.texts.is_empty() {
            let before = if old.texts.is_empty() { Patterns::everything() } else { old };
            let hits = before.files(self.snapshot).into_iter().filter(|path| !new.matches(path)).collect();
            found.extend(judge::left_out(self.tool, hits));
        }
        found.into_iter().map(|weakness| self.objection("exclude", weakness)).collect()
    }

    fn objection(&self, key: &str, weakness: Weakness) -> Objection {
        let rule = match self.tool {
            _ if meaning(self.tool, key) == Meaning::Filters => &RULES[4],
            "mypy" | "pyright" | "basedpyright" | "pytype" | "pyre" | "ty" | "pyrefly" => &RULES[1],
            "coverage" | "codecov" => &RULES[2],
            "pytest" | "tox" => &RULES[3],
            _ => &RULES[0],
        };
        let line = self.new.get(key).or(self.old.get(key)).and_then(|setting| setting.line);
        let objection = weakness.objection(rule);
        match self.path {
            Some(path) => objection.at(path, line),
            None => objection,
        }
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
