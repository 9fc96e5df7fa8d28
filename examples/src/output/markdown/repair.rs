//! What came of a repair, as Markdown.

use super::document::Document;
use crate::output::counted;
use crate::output::repair::{Report, conclusion};
use repair_core::markdown::{block, cell, code};
use repair_core::{CheckRun, Failure, Fix};

/// How many failures of a kind are listed.
const LISTED: usize = 100;

/// The report as a document.
pub(crate) fn report(report: &Report) -> String {
    let mut document = Document::default();
    document.push(&format!("## {}\n", capitalized(&conclusion(report))));
    failures(&mut document, "What failed", &report.failures);
    fixes(&mut document, "Fixes", report.fixes.iter().map(|(fix, _)| fix));
    fixes(&mut document, "Withheld", report.withheld.iter());
    proof(&mut document, report);
    failures(&mut document, "Still failing", &report.remaining);
    failures(&mut document, "In the log, but not seen here", &report.not_reproduced);
    failures(&mut document, "Seen here, but not in the log", &report.foreign);
    if !report.diff.is_empty() {
        document.push(&format!("\n### Diff\n\n{}", block("diff", report.diff.lines())));
    }
    super::notes(&mut document, &report.notes);
    document.finish()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn failures(document: &mut Document, title: &str, failures: &[Failure]) {
    if failures.is_empty() {
        return;
    }
    document.push(&format!("\n### {title}\n\n| where | what | message |\n| --- | --- | --- |\n"));
    for failure in failures.iter().take(LISTED) {
        let rule = format!("{} {}", failure.tool, failure.code.as_deref().unwrap_or_default());
        let message = failure.message.as_deref().unwrap_or_default();
        document.push(&format!("| {} | {} | {} |\n", cell(&failure.place()), cell(&rule), cell(message)));
    }
    if failures.len() > LISTED {
        document.push(&format!("\n… and {} more.\n", failures.len() - LISTED));
    }
}

fn fixes<'a>(document: &mut Document, title: &str, fixes: impl Iterator<Item = &'a Fix>) {
    let lines: Vec<String> = fixes
        .map(|fix| {
            let reason = fix.reason().map(|reason| format!(": {}", code(reason))).unwrap_or_default();
            let (level, generator) = (fix.applicability().name(), &fix.provenance().generator);
            format!("- {} ({level}, `{generator}`){reason}\n", code(fix.title()))
        })
        .collect();
    if !lines.is_empty() {
        document.push(&format!("\n### {title}: {}\n\n", counted(lines.len(), "fix")));
        lines.iter().take(LISTED).for_each(|line| document.push(line));
    }
}

fn proof(document: &mut Document, report: &Report) {
    let Some(before) = &report.before else { return };
    document.push("\n### Proof\n\n| check | before | after |\n| --- | --- | --- |\n");
    for run in &before.runs {
        let after = report.after.as_ref().and_then(|after| after.runs.iter().find(|other| other.name == run.name));
        let after = after.map_or_else(|| "–".to_owned(), CheckRun::summary);
        document.push(&format!("| {} | {} | {} |\n", cell(&run.name), run.summary(), after));
    }
}
