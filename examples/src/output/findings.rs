//! Findings in four forms: what failed in a log, or what guards have against a change.

use super::{clean, counted, github, sarif};
use crate::cli::FindingsFormat;
use anyhow::Result;
use repair_core::{Failure, Gravity, Objection, Ruling};
use repair_fixers::logs::{Conclusion, Diagnosis};
use serde_json::{Value, json};
use std::fmt::Write;

/// What is printed.
pub(crate) enum Findings<'a> {
    /// What failed in a log.
    Failures(&'a Diagnosis),
    /// What guards have against a change.
    Objections(&'a [Objection]),
}

/// One finding, whatever it is.
pub(crate) struct Finding {
    /// `error` or `warning`.
    pub(crate) level: &'static str,
    /// The rule or code.
    pub(crate) rule: String,
    /// The file.
    pub(crate) path: Option<String>,
    /// 1-based line.
    pub(crate) line: Option<u32>,
    /// 1-based column.
    pub(crate) column: Option<u32>,
    /// What is wrong.
    pub(crate) text: String,
}

/// The findings as text that ends with a line end.
pub(crate) fn render(findings: &Findings<'_>, format: FindingsFormat) -> Result<String> {
    Ok(match format {
        FindingsFormat::Json => format!("{}\n", serde_json::to_string_pretty(&to_json(findings))?),
        FindingsFormat::Sarif => format!("{}\n", serde_json::to_string_pretty(&sarif::document(&flat(findings)))?),
        FindingsFormat::Github => flat(findings).iter().map(github::annotation).collect(),
        FindingsFormat::Human => human(findings)?,
    })
}

fn flat(findings: &Findings<'_>) -> Vec<Finding> {
    match findings {
        Findings::Failures(diagnosis) => diagnosis.failures.iter().map(of_failure).collect(),
        Findings::Objections(objections) => objections.iter().map(of_objection).collect(),
    }
}

fn of_failure(failure: &Failure) -> Finding {
    let subject = [failure.test_id.as_deref(), failure.message.as_deref()];
    let text = subject.into_iter().flatten().collect::<Vec<_>>().join(": ");
    Finding {
        level: "error",
        rule: format!("{}/{}", failure.tool, failure.code.as_deref().unwrap_or(failure.category.name())),
        path: failure.path.as_ref().map(ToString::to_string),
        line: failure.line,
        column: failure.column,
        text: if text.is_empty() { format!("{} failed", failure.tool) } else { text },
    }
}

fn of_objection(objection: &Objection) -> Finding {
    Finding {
        level: if objection.gravity == Gravity::Refuse { "error" } else { "warning" },
        rule: objection.rule.clone(),
        path: objection.path.as_ref().map(ToString::to_string),
        line: objection.line,
        column: None,
        text: objection.reason.clone(),
    }
}

fn to_json(findings: &Findings<'_>) -> Value {
    match findings {
        Findings::Failures(diagnosis) => json!({
            "conclusion": conclusion(diagnosis.conclusion),
            "failures": diagnosis.failures.iter().map(failure_json).collect::<Vec<_>>(),
            "counts": diagnosis.counts,
            "notes": diagnosis.notes,
        }),
        Findings::Objections(objections) => json!({
            "verdict": Ruling::of(objections),
            "objections": objections.iter().map(objection_json).collect::<Vec<_>>(),
        }),
    }
}

/// A failure in the documented form; what the log does not say is `null`.
pub(crate) fn failure_json(failure: &Failure) -> Value {
    json!({
        "category": failure.category,
        "tool": failure.tool,
        "code": failure.code,
        "path": failure.path,
        "line": failure.line,
        "column": failure.column,
        "test_id": failure.test_id,
        "message": failure.message,
        "fingerprint": failure.fingerprint().to_string(),
        "log_lines": failure.log_lines,
        "external": failure.external,
    })
}

fn objection_json(objection: &Objection) -> Value {
    json!({
        "rule": objection.rule,
        "gravity": objection.gravity,
        "path": objection.path,
        "line": objection.line,
        "reason": objection.reason,
    })
}

fn conclusion(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Failed => "failed",
        Conclusion::Passed => "passed",
        _ => "unknown",
    }
}

fn human(findings: &Findings<'_>) -> Result<String> {
    let mut text = String::new();
    for finding in flat(findings) {
        writeln!(text, "{}", line(&finding))?;
    }
    match findings {
        Findings::Failures(diagnosis) => {
            for external in diagnosis.failures.iter().filter_map(|failure| failure.external.as_ref()) {
                let evidence = clean(&external.evidence);
                writeln!(text, "note: likely not the code's fault ({}): {evidence}", external.kind)?;
            }
            for note in &diagnosis.notes {
                writeln!(text, "note: {note}")?;
            }
            writeln!(text, "{}: {}", conclusion(diagnosis.conclusion), counted(diagnosis.failures.len(), "failure"))?;
        }
        Findings::Objections([]) => writeln!(text, "allow: no guard objects")?,
        Findings::Objections(objections) => {
            let verdict = if Ruling::of(objections) == Ruling::Refuse { "refuse" } else { "needs a person" };
            writeln!(
                text,
                "{verdict}: {}; `ci-repair explain RULE` tells more",
                counted(objections.len(), "objection")
            )?;
        }
    }
    Ok(text)
}

fn line(finding: &Finding) -> String {
    let mut place = finding.path.clone().unwrap_or_default();
    for number in [finding.line, finding.column].into_iter().flatten() {
        place = format!("{place}:{number}");
    }
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    format!("{}[{}]: {place}{}", finding.level, finding.rule, finding.text.lines().next().unwrap_or_default())
}
