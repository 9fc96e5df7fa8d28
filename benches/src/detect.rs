//! Detection: recorded logs against their labels.
//!
//! A case is `{"id", "log", "failures": [label…]}`; `log` is a file of the folder, see [`Label`] for labels.
//!
//! `--json`: `{"logs", "precision", "recall", "f1", "mean_log_f1", "conclusion", "code", "tool", "line",
//! "false_on_green", "seconds", "bytes", "categories": {NAME: {"found", "missing", "noisy", "f1"}},
//! "groups": {NAME: {"logs", "right", "found", "missing", "noisy", "f1"}},
//! "cases": [{"id", "right", "missing": [label…], "noisy": [failure…]}]}`.
//! `conclusion` is the share of logs whose conclusion is right, `code`, `tool` and `line` the share of found labels for
//! which these are right, `cases` only those with something missing or noisy. `groups` are the logs by the field of the
//! case that `--by` names, such as the `env` and `style` of the logs that `benches/logs/generate.py` makes.

use crate::agree::{self, Label};
use crate::corpus;
use crate::table::{self, f1, ratio};
use anyhow::{Context, Result};
use repair_core::Failure;
use repair_fixers::logs::{Conclusion, Diagnosis, diagnose, read};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    log: String,
    failures: Vec<Label>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

/// What came of all logs.
#[derive(Debug, Default)]
pub(crate) struct Score {
    logs: Vec<Scored>,
    seconds: Duration,
    bytes: u64,
}

/// What came of one log.
#[derive(Debug, Serialize)]
struct Scored {
    id: String,
    right: bool,
    missing: Vec<Label>,
    noisy: Vec<Failure>,
    #[serde(skip)]
    found: Vec<(Label, Failure)>,
    #[serde(skip)]
    green: bool,
    /// What the case has in the field that logs are grouped by.
    #[serde(skip)]
    group: String,
}

#[derive(Debug, Default, Serialize)]
struct Tally {
    found: usize,
    missing: usize,
    noisy: usize,
    f1: f64,
}

/// The logs of one group.
#[derive(Debug, Default, Serialize)]
struct Group {
    logs: usize,
    right: usize,
    #[serde(flatten)]
    tally: Tally,
}

/// Reads every log of `folder`; they are grouped by the field `by` of their cases.
pub(crate) fn score(folder: &Path, by: Option<&str>) -> Result<Score> {
    let mut score = Score::default();
    for case in corpus::cases::<Case>(folder)? {
        let path = folder.join(&case.log);
        let start = Instant::now();
        let file = File::open(&path).with_context(|| format!("cannot open `{}`", path.display()))?;
        score.bytes += file.metadata()?.len();
        let diagnosis = diagnose(&read(BufReader::new(file))?);
        score.seconds += start.elapsed();
        score.logs.push(scored(case, diagnosis, by));
    }
    Ok(score)
}

fn scored(case: Case, diagnosis: Diagnosis, by: Option<&str>) -> Scored {
    let pairs = agree::pairs(&case.failures, &diagnosis.failures);
    let expected = if case.failures.is_empty() { Conclusion::Passed } else { Conclusion::Failed };
    let silent = case.failures.is_empty() && diagnosis.failures.is_empty();
    let right = diagnosis.conclusion == expected || silent && diagnosis.conclusion != Conclusion::Failed;
    let is_missing = |(row, label): &(usize, &Label)| !label.optional && pairs.iter().all(|pair| pair.0 != *row);
    let is_noisy = |(column, _): &(usize, &Failure)| pairs.iter().all(|pair| pair.1 != *column);
    Scored {
        id: case.id,
        right,
        missing: case.failures.iter().enumerate().filter(is_missing).map(|(_, label)| label.clone()).collect(),
        noisy: diagnosis.failures.iter().enumerate().filter(is_noisy).map(|(_, failure)| failure.clone()).collect(),
        found: pairs.iter().map(|(row, col)| (case.failures[*row].clone(), diagnosis.failures[*col].clone())).collect(),
        green: case.failures.is_empty(),
        group: by.and_then(|by| case.others.get(by)?.as_str()).unwrap_or_default().to_owned(),
    }
}

impl Scored {
    fn f1(&self) -> f64 {
        f1(self.found.len(), self.missing.len(), self.noisy.len())
    }
}

impl Score {
    /// As text, or as JSON.
    pub(crate) fn print(&self, json: bool) -> String {
        if json { format!("{:#}\n", self.json()) } else { self.text() }
    }

    fn sums(&self) -> Tally {
        let sum = |count: fn(&Scored) -> usize| self.logs.iter().map(count).sum();
        let (found, missing, noisy) =
            (sum(|log| log.found.len()), sum(|log| log.missing.len()), sum(|log| log.noisy.len()));
        Tally { found, missing, noisy, f1: f1(found, missing, noisy) }
    }

    /// By the label's category; what is noisy, by its own.
    fn categories(&self) -> BTreeMap<&str, Tally> {
        let mut all: BTreeMap<&str, Tally> = BTreeMap::new();
        for log in &self.logs {
            log.found.iter().for_each(|(label, _)| all.entry(&label.category).or_default().found += 1);
            log.missing.iter().for_each(|label| all.entry(&label.category).or_default().missing += 1);
            log.noisy.iter().for_each(|failure| all.entry(failure.category.name()).or_default().noisy += 1);
        }
        all.values_mut().for_each(|tally| tally.f1 = f1(tally.found, tally.missing, tally.noisy));
        all
    }

    /// The share of found labels that say something for which it is right.
    fn share(&self, says: fn(&Label) -> bool, right: fn(&Label, &Failure) -> bool) -> f64 {
        let said: Vec<_> = self.logs.iter().flat_map(|log| &log.found).filter(|(label, _)| says(label)).collect();
        ratio(said.iter().filter(|(label, failure)| right(label, failure)).count(), said.len())
    }

    fn groups(&self) -> BTreeMap<&str, Group> {
        let mut all: BTreeMap<&str, Group> = BTreeMap::new();
        for log in self.logs.iter().filter(|log| !log.group.is_empty()) {
            let group = all.entry(&log.group).or_default();
            group.logs += 1;
            group.right += usize::from(log.right);
            group.tally.found += log.found.len();
            group.tally.missing += log.missing.len();
            group.tally.noisy += log.noisy.len();
        }
        all.values_mut().for_each(|Group { tally, .. }| tally.f1 = f1(tally.found, tally.missing, tally.noisy));
        all
    }

    fn json(&self) -> serde_json::Value {
        let sums = self.sums();
        let logs = self.logs.len();
        let wrong = |log: &&Scored| !log.right || !log.missing.is_empty() || !log.noisy.is_empty();
        serde_json::json!({
            "logs": logs,
            "precision": ratio(sums.found, sums.found + sums.noisy),
            "recall": ratio(sums.found, sums.found + sums.missing),
            "f1": sums.f1,
            "mean_log_f1": self.logs.iter().map(Scored::f1).sum::<f64>() / logs as f64,
            "conclusion": ratio(self.logs.iter().filter(|log| log.right).count(), logs),
            "code": self.share(|label| label.code.is_some(), agree::right_code),
            "tool": self.share(|label| label.tool.is_some(), agree::same_tool),
            "line": self.share(|label| label.line.is_some(), agree::same_line),
            "false_on_green": self.logs.iter().filter(|log| log.green).map(|log| log.noisy.len()).sum::<usize>(),
            "seconds": self.seconds.as_secs_f64(),
            "bytes": self.bytes,
            "categories": self.categories(),
            "groups": self.groups(),
            "cases": self.logs.iter().filter(wrong).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut rows: Vec<_> = self.categories().iter().map(|(name, tally)| row(name, tally)).collect();
        rows.push(row("all", &self.sums()));
        let json = self.json();
        let number = |key: &str| json[key].as_f64().unwrap_or_default();
        let keys = ["precision", "recall", "f1", "mean_log_f1", "conclusion", "code", "tool", "line"];
        let numbers: Vec<String> = keys.iter().map(|key| format!("{key} {:.3}", number(key))).collect();
        let mut text = self.group_table();
        text += &table::render(&["category", "found", "missing", "noisy", "F1"], &rows);
        text += &format!("\n{} logs: {}\n", self.logs.len(), numbers.join(" · "));
        text += &format!("false failures on green logs: {}\n", json["false_on_green"]);
        let megabytes = self.bytes as f64 / 1e6;
        text + &format!("{megabytes:.1} MB in {:.2} s\n", self.seconds.as_secs_f64())
    }

    fn group_table(&self) -> String {
        let groups = self.groups();
        if groups.is_empty() {
            return String::new();
        }
        let rows = groups
            .iter()
            .map(|(name, group)| [row(name, &group.tally), vec![format!("{}/{}", group.right, group.logs)]].concat());
        table::render(&["group", "found", "missing", "noisy", "F1", "right"], &rows.collect::<Vec<_>>()) + "\n"
    }
}

/// A row of a table.
fn row(name: &str, tally: &Tally) -> Vec<String> {
    let counts = [tally.found, tally.missing, tally.noisy].map(|count| count.to_string());
    [vec![name.to_owned()], counts.to_vec(), vec![format!("{:.3}", tally.f1)]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const RUFF: &str = "Run ruff check .\na.py:1:8: F401 [*] `os` imported but unused\n\
                        b.py:2:1: F841 Local variable `x` is assigned to but never used\nFound 2 errors.\n\
                        ##[error]Process completed with exit code 1.\n";
    const CASES: &str = r#"{"id":"1","log":"1.log","failures":[{"category":"quality","tool":"ruff","code":"F401","file":"a.py","line":1},{"category":"quality","tool":"ruff","code":"E501","file":"c.py","line":9},{"category":"syntax","file":"d.py","line":1,"optional":true}]}
{"id":"2","log":"2.log","failures":[],"style":"pytest -q"}"#;

    fn corpus() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("1.log"), RUFF).unwrap();
        fs::write(dir.path().join("2.log"), "Run pytest\n=== 3 passed in 0.01s ===\n").unwrap();
        fs::write(dir.path().join("cases.jsonl"), CASES).unwrap();
        dir
    }

    #[test]
    fn found_missing_and_noisy_are_told_apart() {
        let score = score(corpus().path(), Some("style")).unwrap();
        let json = score.json();
        assert_eq!(json["categories"]["quality"]["found"], 1);
        assert_eq!(json["categories"]["quality"]["missing"], 1);
        assert_eq!(json["categories"]["quality"]["noisy"], 1);
        assert!(json["categories"].get("syntax").is_none(), "an optional label is not missing");
        assert_eq!((&json["f1"], &json["mean_log_f1"]), (&0.5.into(), &0.75.into()));
        assert_eq!(
            (&json["conclusion"], &json["code"], &json["false_on_green"]),
            (&1.0.into(), &1.0.into(), &0.into())
        );
        assert_eq!(json["cases"][0]["missing"][0]["code"], "E501");
        assert_eq!(json["cases"][0]["noisy"][0]["code"], "F841");
        assert_eq!(json["groups"]["pytest -q"]["right"], 1);
        assert_eq!(json["groups"].as_object().unwrap().len(), 1, "a case without the field is in no group");
        assert!(score.print(false).contains("quality       1        1      1  0.500"), "{}", score.print(false));
    }
}
