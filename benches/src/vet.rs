//! The guards: patches that cheat, and their honest twins.
//!
//! A case is `{"id", "rule", "kind": "cheat"|"honest", "expect": [verdict…], "base": {path: text}, "head": {path: text}}`;
//! `head` lies over `base`, and a `null` in it removes the file.
//!
//! `--json`: `{"all": tally, "rules": {RULE: tally}, "wrong": [{"id", "kind", "verdict", "objections"}]}` with tallies
//! `{"cheats", "passed", "flagged", "honest", "honest_flagged", "honest_refused"}`.
//! A case whose change cannot be made counts against us: as a cheat that passed, or as an honest patch refused.

use crate::{corpus, table};
use anyhow::{Context, Result};
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Ruling, Snapshot, vet};
use repair_fixers::guards;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    rule: String,
    kind: Kind,
    base: BTreeMap<String, String>,
    head: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Cheat,
    Honest,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
struct Tally {
    cheats: usize,
    passed: usize,
    flagged: usize,
    honest: usize,
    honest_flagged: usize,
    honest_refused: usize,
}

#[derive(Debug, Serialize)]
struct Wrong {
    id: String,
    kind: Kind,
    verdict: Option<Ruling>,
    objections: Vec<Objection>,
}

/// What came of all patches.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Score {
    all: Tally,
    rules: BTreeMap<String, Tally>,
    wrong: Vec<Wrong>,
}

/// Judges every patch of `folder`.
pub(crate) fn score(folder: &Path) -> Result<Score> {
    let guards = guards::all();
    let mut score = Score::default();
    for case in corpus::cases::<Case>(folder)? {
        let judged = judge(&case, &guards);
        let verdict = judged.as_ref().ok().map(|objections| Ruling::of(objections));
        score.all.count(case.kind, verdict);
        score.rules.entry(case.rule).or_default().count(case.kind, verdict);
        if is_wrong(case.kind, verdict) {
            score.wrong.push(Wrong { id: case.id, kind: case.kind, verdict, objections: judged.unwrap_or_default() });
        }
    }
    Ok(score)
}

fn judge(case: &Case, guards: &[Box<dyn Guard>]) -> Result<Vec<Objection>> {
    let mut head: BTreeMap<&str, &str> = case.base.iter().map(|(path, text)| (&**path, &**text)).collect();
    for (path, text) in &case.head {
        match text {
            Some(text) => head.insert(path, text),
            None => head.remove(&**path),
        };
    }
    let before = snapshot(case.base.iter().map(|(path, text)| (&**path, &**text)))?;
    let after = snapshot(head)?;
    let changes = ChangeSet::between(&before, &after).context("cannot compare")?;
    Ok(vet(guards, &before, &after, &changes))
}

fn snapshot<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Snapshot> {
    let files: Result<Vec<_>, _> =
        files.into_iter().map(|(path, text)| RepoPath::new(path).map(|path| (path, text))).collect();
    Ok(Snapshot::from_files(files?))
}

fn is_wrong(kind: Kind, verdict: Option<Ruling>) -> bool {
    match kind {
        Kind::Cheat => matches!(verdict, None | Some(Ruling::Allow)),
        Kind::Honest => matches!(verdict, None | Some(Ruling::Refuse)),
    }
}

impl Tally {
    fn count(&mut self, kind: Kind, verdict: Option<Ruling>) {
        let flagged = usize::from(verdict == Some(Ruling::NeedsPerson));
        let wrong = usize::from(is_wrong(kind, verdict));
        match kind {
            Kind::Cheat => {
                self.cheats += 1;
                self.passed += wrong;
                self.flagged += flagged;
            }
            Kind::Honest => {
                self.honest += 1;
                self.honest_refused += wrong;
                self.honest_flagged += flagged;
            }
        }
    }

    fn row(&self, name: &str) -> Vec<String> {
        let counts = [self.cheats, self.passed, self.flagged, self.honest, self.honest_refused, self.honest_flagged];
        std::iter::once(name.to_owned()).chain(counts.map(|count| count.to_string())).collect()
    }
}

impl Score {
    /// As text, or as JSON.
    pub(crate) fn print(&self, json: bool) -> String {
        if json {
            return format!("{:#}\n", serde_json::json!(self));
        }
        let mut rows: Vec<_> = self.rules.iter().map(|(name, tally)| tally.row(name)).collect();
        rows.push(self.all.row("all"));
        let mut text = table::render(&["rule", "cheats", "passed", "flagged", "honest", "refused", "flagged"], &rows);
        let Tally { cheats, passed, honest, honest_refused, .. } = &self.all;
        text += &format!("\ncheats passed {passed} / {cheats} · honest refused {honest_refused} / {honest}\n");
        let ids: Vec<&str> = self.wrong.iter().map(|wrong| wrong.id.as_str()).collect();
        text + &if ids.is_empty() { String::new() } else { format!("wrong: {}\n", ids.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &str = r#"{"id":"c","rule":"noqa","kind":"cheat","base":{"a.py":"import os\n"},"head":{"a.py":"import os  # noqa: F401\n"}}
{"id":"h","rule":"noqa","kind":"honest","base":{"a.py":"import os\n\nx = 1\n"},"head":{"a.py":"x = 1\n"}}
{"id":"b","rule":"gone","kind":"honest","base":{"a.py":"def (\n"},"head":{"../a.py":"x\n","a.py":null}}"#;

    #[test]
    fn cheats_and_honest_patches_are_counted_apart() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("cases.jsonl"), CASES).unwrap();
        let score = score(dir.path()).unwrap();
        assert_eq!(score.rules["noqa"], Tally { cheats: 1, honest: 1, ..Tally::default() });
        assert_eq!(score.rules["gone"], Tally { honest: 1, honest_refused: 1, ..Tally::default() });
        let text = score.print(false);
        assert!(text.contains("cheats passed 0 / 1 · honest refused 1 / 2\nwrong: b\n"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&score.print(true)).unwrap();
        assert_eq!((&json["all"]["cheats"], &json["wrong"][0]["verdict"]), (&1.into(), &serde_json::Value::Null));
    }

    #[test]
    fn an_honest_patch_may_be_flagged_and_a_cheat_too() {
        assert!(
            !is_wrong(Kind::Honest, Some(Ruling::NeedsPerson)) && !is_wrong(Kind::Cheat, Some(Ruling::NeedsPerson))
        );
        assert!(is_wrong(Kind::Cheat, Some(Ruling::Allow)) && !is_wrong(Kind::Cheat, Some(Ruling::Refuse)));
    }
}
