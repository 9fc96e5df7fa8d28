//! What besides its commands a CI file can be weakened by: conditions, triggers, errors that do not count.

use super::commands::{Commands, Weakness};
use super::comments;
use repair_core::{RepoPath, Span};
use std::collections::BTreeMap;
use yaml_serde::Value;

/// In what ways the CI file `new` is weaker than `old`, each with its line if known.
pub(super) fn weaker(old: &str, new: &str) -> Vec<(Weakness, Option<u32>)> {
    let (Ok(was), Ok(is)) = (yaml_serde::from_str::<Value>(old), yaml_serde::from_str::<Value>(new)) else {
        return vec![(Weakness::refuse("the file cannot be read"), None)];
    };
    if new.trim().is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (before, after) = (Facts::of(&was), Facts::of(&is));
    for (fact, count) in &after.facts {
        if before.facts.get(fact).unwrap_or(&0) < count {
            let line = locate(new, &fact.key, &fact.value);
            found.extend(judge(fact, &before, old.trim().is_empty()).map(|weakness| (weakness, line)));
        }
    }
    let triggers = if old.trim().is_empty() { Vec::new() } else { triggers(&was, &is) };
    found.extend(triggers.into_iter().map(|weakness| (weakness, locate(new, "on", ""))));
    found
}

/// A key and a value somewhere in the file that bear on whether checks count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    key: String,
    value: String,
    /// Whether it concerns a part of the file that runs a check.
    checks: bool,
}

#[derive(Debug, Default)]
struct Facts {
    facts: BTreeMap<Fact, usize>,
}

/// Keys that decide whether and how something runs.
const KEYS: [&str; 13] = [
    "enabled",
    "continue-on-error",
    "allow_failure",
    "continueOnError",
    "if",
    "when",
    "rules",
    "only",
    "except",
    "condition",
    "shell",
    "ignoreFailure",
    "failFast",
];

impl Facts {
    fn of(value: &Value) -> Self {
        let mut facts = Self::default();
        facts.read(value, false);
        facts
    }

    fn read(&mut self, value: &Value, checks: bool) {
        match value {
            Value::Mapping(map) => {
                let own =
                    checks || map.keys().any(|key| matches!(key.as_str(), Some("steps" | "run" | "script" | "uses")));
                let checks = own && has_checks(value);
                for (key, inner) in map {
                    let key = key.as_str().unwrap_or_default();
                    if key == "uses" && checks && plain(inner).contains("retry") {
                        self.add("uses", inner, true);
                    }
                    if KEYS.contains(&key) {
                        self.add(key, inner, checks);
                    }
                    match key {
                        "env" | "variables" | "environment" => self.variables(inner),
                        "matrix" => self.matrix(inner),
                        _ => self.read(inner, checks),
                    }
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.read(item, checks)),
            _ => {}
        }
    }

    fn add(&mut self, key: &str, value: &Value, checks: bool) {
        let fact = Fact { key: key.to_owned(), value: plain(value), checks };
        *self.facts.entry(fact).or_default() += 1;
    }

    fn variables(&mut self, value: &Value) {
        for (name, value) in value.as_mapping().into_iter().flatten() {
            self.add(&format!("env {}", name.as_str().unwrap_or_default()), value, false);
        }
    }

    fn matrix(&mut self, value: &Value) {
        for (name, value) in value.as_mapping().into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            for item in value.as_sequence().into_iter().flatten() {
                self.add(&format!("matrix {name}"), item, true);
            }
        }
        self.read(value, false);
    }
}

/// Whether any script in `value` runs a check that counts.
fn has_checks(value: &Value) -> bool {
    let Ok(path) = RepoPath::new(".github/workflows/part.yml") else { return false };
    let text = yaml_serde::to_string(value).unwrap_or_default();
    Commands::of_text(&path, &text).is_some_and(|commands| !commands.checks.is_empty())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => yaml_serde::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

fn judge(fact: &Fact, before: &Facts, is_new: bool) -> Option<Weakness> {
    let value = fact.value.as_str();
    let shown = format!("`{}: {value}`", fact.key);
    match fact.key.as_str() {
        "continue-on-error" | "continueOnError" | "allow_failure" | "ignoreFailure" => {
            (value != "false").then(|| Weakness::refuse(format!("{shown}: failures no longer count")))
        }
        "if" | "condition" if fact.checks => condition(value, before, fact, is_new),
        "uses" => Some(Weakness::refuse(format!("{shown} runs a check again until it passes"))),
        "enabled" => (fact.checks && value == "false").then(|| Weakness::refuse(format!("{shown}: it no longer runs"))),
        "when" if matches!(value, "manual" | "never" | "delayed") => {
            Some(Weakness::refuse(format!("{shown}: it no longer runs by itself")))
        }
        "rules" | "only" | "except" if !is_new => Some(Weakness::needs_person(format!("{shown} decides when it runs"))),
        "shell" => shell(value).then(|| Weakness::refuse(format!("{shown} hides the status of its commands"))),
        "matrix exclude" if !is_new => Some(Weakness::needs_person(format!("{shown} leaves out a part of the matrix"))),
        key => variable(key.strip_prefix("env ")?, value),
    }
}

/// A condition on something that runs checks.
fn condition(value: &str, before: &Facts, fact: &Fact, is_new: bool) -> Option<Weakness> {
    let bare = value.trim_start_matches("${{").trim_end_matches("}}").trim();
    let always = ["always()", "!cancelled()", "success() || failure()", "success()", "true"];
    if always.contains(&bare) || is_new {
        return None;
    }
    let had = before.facts.keys().filter(|other| other.key == fact.key && other.checks).count();
    let shown = format!("`if: {value}` decides whether a check runs");
    Some(if had > 0 && bare != "false" { Weakness::needs_person(shown) } else { Weakness::refuse(shown) })
}

fn shell(value: &str) -> bool {
    let plain = ["bash", "sh", "pwsh", "powershell", "cmd", "python"];
    value.contains("{0}") && value.contains("sh ") && !value.contains("-e") && !value.starts_with("p")
        || !plain.contains(&value) && [";", "||", "|", "&", "+e"].iter().any(|it| value.contains(it))
}

/// An environment variable that tells a tool to do less.
fn variable(name: &str, value: &str) -> Option<Weakness> {
    let weakens = match name {
        "PYTEST_ADDOPTS" => {
            ["-k", "-m", "--ignore", "--deselect", "-W", "-p", "--co", "--lf"].iter().any(|it| value.contains(it))
        }
        "PYTHONWARNINGS" => value.starts_with("ignore") || value.starts_with('i'),
        "SKIP" | "PRE_COMMIT_ALLOW_NO_CONFIG" | "RUFF_NO_FAIL" => !value.is_empty(),
        "PYTHONOPTIMIZE" => value != "0",
        _ => return None,
    };
    weakens.then(|| Weakness::refuse(format!("`{name}={value}` tells a check to do less")))
}

/// Triggers that went or became narrower, and entries of matrices that went.
fn triggers(old: &Value, new: &Value) -> Vec<Weakness> {
    let mut found = Vec::new();
    let (was, is) = (events(old), events(new));
    for (event, filters) in &was {
        match is.get(event) {
            None if event == "workflow_dispatch" || event == "schedule" => {
                found.push(Weakness::needs_person(format!("it is no longer triggered by `{event}`")));
            }
            None => found.push(Weakness::refuse(format!("it is no longer triggered by `{event}`"))),
            Some(now) => found.extend(narrower(event, filters, now)),
        }
    }
    let (before, after) = (Facts::of(old), Facts::of(new));
    for (fact, _) in
        before.facts.iter().filter(|(fact, _)| fact.key.starts_with("matrix ") && fact.key != "matrix exclude")
    {
        if !after.facts.contains_key(fact) {
            found.push(Weakness::needs_person(format!("`{}` is gone from the matrix", fact.value)));
        }
    }
    found
}

fn events(value: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let on = value.as_mapping().and_then(|map| {
        let is_on = |key: &Value| key.as_str() == Some("on") || key.as_bool() == Some(true);
        map.iter().find(|(key, _)| is_on(key)).map(|(_, value)| value)
    });
    let none = |name: &str| (name.to_owned(), BTreeMap::new());
    match on {
        Some(Value::String(name)) => BTreeMap::from([none(name)]),
        Some(Value::Sequence(names)) => names.iter().filter_map(Value::as_str).map(none).collect(),
        Some(Value::Mapping(map)) => map
            .iter()
            .map(|(name, filters)| {
                let filters = filters.as_mapping().into_iter().flatten();
                let filters = filters.map(|(key, value)| (plain(key), plain(value))).collect();
                (plain(name), filters)
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

fn narrower(event: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Weakness> {
    let mut found = Vec::new();
    for (key, value) in new.iter().filter(|(key, _)| *key != "cron") {
        let limits =
            matches!(key.as_str(), "paths" | "paths-ignore" | "branches" | "branches-ignore" | "types" | "tags");
        match old.get(key) {
            None if limits => found.push(Weakness::refuse(format!("`{event}` is limited by `{key}: {value}`"))),
            Some(before) if limits && before != value => {
                let lost = |from: &str, to: &str| from.lines().any(|line| !to.lines().any(|other| other == line));
                let narrowed = if key.ends_with("-ignore") { lost(value, before) } else { lost(before, value) };
                let shown = format!("`{event}` is limited by `{key}: {value}`");
                found.extend(narrowed.then(|| Weakness::refuse(shown)));
            }
            _ => {}
        }
    }
    found
}

fn locate(text: &str, key: &str, value: &str) -> Option<u32> {
    let key = key.split(' ').next_back().unwrap_or(key);
    let first = value.lines().next().unwrap_or_default();
    let hit = text
        .match_indices(&format!("{key}:"))
        .find(|(at, _)| text[*at..].lines().next().unwrap_or_default().contains(first));
    hit.map(|(at, _)| Span::line_of(text, at))
}

/// Check tools that are pinned to an older version than before.
pub(super) fn older_tools(path: &RepoPath, old: &str, new: &str) -> Vec<(Weakness, Option<u32>)> {
    let before = pins(path, old);
    let older = pins(path, new).into_iter().filter_map(|(tool, version, line)| {
        let newest = before.iter().filter(|(name, ..)| *name == tool).map(|(_, version, _)| version.clone()).max();
        (newest? > version)
            .then(|| (Weakness::needs_person(format!("`{tool}` is pinned to an older version")), Some(line)))
    });
    older.collect()
}

fn pins(path: &RepoPath, text: &str) -> Vec<(String, Vec<u64>, u32)> {
    const TOOLS: [&str; 18] = [
        "ruff",
        "mypy",
        "flake8",
        "pylint",
        "black",
        "isort",
        "pyright",
        "bandit",
        "pytest",
        "coverage",
        "codespell",
        "pytest-cov",
        "yamllint",
        "pydocstyle",
        "pycodestyle",
        "pyflakes",
        "zizmor",
        "interrogate",
    ];
    let mut found = Vec::new();
    for (number, line) in comments::without(path, text) {
        let words = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';'));
        for (name, version) in words
            .filter_map(|word| word.split_once("==").or_else(|| word.split_once("<")).or_else(|| word.split_once('@')))
        {
            let numbers: Vec<u64> =
                version.trim_start_matches(['=', 'v']).split('.').map_while(|part| part.parse().ok()).collect();
            if TOOLS.contains(&name) && !numbers.is_empty() {
                found.push((name.to_owned(), numbers, number));
            }
        }
    }
    found
}
