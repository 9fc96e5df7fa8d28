//! SARIF 2.1.0, with what GitHub's code scanning asks for.

use super::findings::{Finding, Findings, Level, flat};
use crate::explaining;
use repair_core::{Category, State};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Code scanning refuses a run with more results.
const MOST_RESULTS: usize = 25_000;

/// A SARIF log with one run.
pub(super) fn document(findings: &Findings<'_>) -> Value {
    let mut found = flat(findings);
    let mut notes = Vec::new();
    if found.len() > MOST_RESULTS {
        notes.push(format!("{} more results are left out", found.len() - MOST_RESULTS));
        found.truncate(MOST_RESULTS);
    }
    let (job, log) = match findings {
        Findings::Failures(detection) => {
            notes.extend(detection.diagnosis.notes.iter().cloned());
            ("detect", Some(detection.name.as_str()))
        }
        Findings::Objections(_) => ("vet", None),
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run(job, log, &found, &notes)],
    })
}

fn run(job: &str, log: Option<&str>, found: &[Finding], notes: &[String]) -> Value {
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in found {
        rules.entry(&finding.rule).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut results = Vec::new();
    for finding in found {
        let mut result = result(finding, log);
        result["ruleIndex"] = json!(index.get(finding.rule.as_str()));
        if let Some(fingerprint) = &finding.fingerprint {
            let nth = seen.entry(fingerprint).or_default();
            *nth += 1;
            // The first is the name that code scanning looks for; it tells equal findings apart by the number.
            result["partialFingerprints"] = json!({
                "primaryLocationLineHash": format!("{fingerprint}:{nth}"),
                "ciRepairFingerprint/v1": fingerprint,
            });
        }
        results.push(result);
    }
    json!({
        "tool": { "driver": {
            "name": "ci-repair",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.iter().map(|(id, finding)| rule(id, finding)).collect::<Vec<_>>(),
        }},
        // What stands before the last slash is code scanning's category.
        "automationDetails": { "id": format!("ci-repair-{job}/") },
        "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": true,
            "toolExecutionNotifications":
                notes.iter().map(|note| json!({ "level": "note", "message": { "text": plain(note) } })).collect::<Vec<_>>(),
        }],
        "results": results,
    })
}

fn rule(id: &str, finding: &Finding) -> Value {
    let (short, manual) = match finding.category {
        Some(category) => of_category(id, category),
        None => explaining::rule_manual(id),
    };
    let mut tags = vec!["ci-repair".to_owned()];
    tags.extend(finding.category.map(|category| category.name().to_owned()));
    json!({
        "id": id,
        "name": id,
        "shortDescription": { "text": plain(&short) },
        "fullDescription": { "text": plain(&manual) },
        "help": { "text": plain(&manual) },
        "defaultConfiguration": { "level": level(finding.level) },
        "properties": { "tags": tags },
    })
}

fn of_category(id: &str, category: Category) -> (String, String) {
    let (tool, code) = id.split_once('/').unwrap_or((id, ""));
    let about = explaining::about(category);
    let short = if code == category.name() { format!("{tool}: {about}") } else { format!("{tool} {code}: {about}") };
    let fixers: Vec<&str> = explaining::fixers_of(category).into_iter().map(|meta| meta.id).collect();
    let repair = match fixers.as_slice() {
        [] => "No fixer looks at it.".to_owned(),
        fixers => format!("`ci-repair fix` tries: {}.", fixers.join(", ")),
    };
    let manual = format!("{short}, as `{tool}` reported it in the log of a job. {repair}");
    (short, manual)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn result(finding: &Finding, log: Option<&str>) -> Value {
    let in_log = log.zip(finding.log_lines).map(|(log, (first, last))| {
        json!({
            "message": { "text": "where the log says so" },
            "physicalLocation": {
                "artifactLocation": { "uri": uri(log) },
                "region": { "startLine": first.max(1), "endLine": last.max(first).max(1) },
            },
        })
    });
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.level),
        "message": { "text": plain(&finding.text) },
        "locations": [location(finding).or_else(|| in_log.clone()).unwrap_or_else(root)],
    });
    if let (Some(in_log), Some(_)) = (in_log, &finding.path) {
        result["relatedLocations"] = json!([in_log]);
    }
    if let Some(state) = finding.state {
        result["baselineState"] = json!(baseline_state(state));
    }
    result
}

/// The place in the repository. Code scanning wants a line; where only the file is known, the first stands for it.
fn location(finding: &Finding) -> Option<Value> {
    let path = finding.path.as_ref()?;
    let mut region = json!({ "startLine": finding.line.unwrap_or(1).max(1) });
    if let (Some(_), Some(column)) = (finding.line, finding.column) {
        region["startColumn"] = json!(column.max(1));
    }
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(path), "uriBaseId": "%SRCROOT%" },
        "region": region,
    }}))
}

/// The repository as a whole: code scanning refuses a result without a place.
fn root() -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": "./", "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": 1 },
    }})
}

fn baseline_state(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Changed => "updated",
        State::Same => "unchanged",
        State::Gone => "absent",
    }
}

/// Text without what viewers take for a link: `[text](target)`.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// The path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::{detection, failure};
    use repair_core::compare;

    fn sarif(failures: Vec<repair_core::Failure>) -> Value {
        document(&Findings::Failures(&detection(failures)))
    }

    #[test]
    fn equal_failures_have_one_fingerprint_and_two_numbers() {
        let twice = failure(Category::Quality, Some("a b.py"), Some(2));
        let run = &sarif(vec![twice.clone(), twice])["runs"][0];
        let prints: Vec<&Value> =
            run["results"].as_array().unwrap().iter().map(|r| &r["partialFingerprints"]).collect();
        assert_eq!(prints[0]["ciRepairFingerprint/v1"], prints[1]["ciRepairFingerprint/v1"]);
        assert_ne!(prints[0]["primaryLocationLineHash"], prints[1]["primaryLocationLineHash"]);
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"], json!({ "uri": "a%20b.py", "uriBaseId": "%SRCROOT%" }));
        assert_eq!(run["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn what_has_no_file_lies_in_the_log() {
        let mut nowhere = failure(Category::Infrastructure, None, None);
        nowhere.log_lines = Some((7, 9));
        nowhere.message = Some("see [this](http://x)".into());
        let result = &sarif(vec![nowhere])["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&json!("ci.log"), &json!(7)));
        assert_eq!((&result["level"], &result["message"]["text"]), (&json!("note"), &json!("see [this] (http://x)")));
    }

    #[test]
    fn a_comparison_is_the_baseline_state() {
        let (old, new) = (failure(Category::Test, Some("a.py"), None), failure(Category::Test, Some("b.py"), None));
        let mut detection = detection(vec![new.clone()]);
        detection.compared = Some(compare(&[old], &[new]));
        let results = document(&Findings::Failures(&detection))["runs"][0]["results"].clone();
        let states: Vec<&Value> = results.as_array().unwrap().iter().map(|result| &result["baselineState"]).collect();
        assert_eq!(states, ["new", "absent"]);
    }
}
