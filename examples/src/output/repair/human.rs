//! The report for people.

use super::Report;
use crate::output::text::{Table, heading, styled};
use crate::output::{clean, counted};
use repair_core::bundle::Conclusion;
use repair_core::{Applicability, CheckRun, Failure, Fix, ValidationResult};
use std::collections::BTreeSet;

/// How many lines of a kind are shown before the rest is only counted.
const SHOWN: usize = 12;

/// The report as text.
pub(super) fn render(report: &Report, verbose: bool) -> String {
    let mut text = String::new();
    failures(&mut text, "What failed", &report.failures);
    fixes(&mut text, report);
    proof(&mut text, report);
    withheld(&mut text, &report.withheld);
    if !matches!(report.conclusion, Conclusion::NotReproducible | Conclusion::NothingToDo | Conclusion::NotChecked) {
        failures(&mut text, "Still failing", &report.remaining);
    }
    failures(&mut text, "In the log, but not seen here", &report.not_reproduced);
    failures(&mut text, "Seen here, but not in the log (left alone)", &report.foreign);
    if verbose {
        details(&mut text, report);
    }
    if !report.diff.is_empty() {
        text += &heading("Diff");
        text.extend(report.diff.split_inclusive('\n').map(diff_line));
    }
    text += &heading("Result");
    report.notes.iter().for_each(|note| text += &format!("  note: {}\n", clean(note)));
    text += &format!("  {}\n", conclusion(report));
    text
}

fn failures(text: &mut String, title: &str, failures: &[Failure]) {
    if failures.is_empty() {
        return;
    }
    *text += &heading(title);
    let mut table = Table::default();
    for failure in failures.iter().take(SHOWN) {
        let code = failure.code.as_deref().unwrap_or_default();
        let message = failure.message.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
        table.row([failure.category.name(), &format!("{} {code}", failure.tool), &failure.place(), message]);
    }
    *text += &table.render();
    rest(text, failures.len());
}

fn rest(text: &mut String, number: usize) {
    if number > SHOWN {
        *text += &format!("  … and {} more\n", number - SHOWN);
    }
}

fn level(level: Applicability) -> String {
    match level {
        Applicability::Safe => styled("32", level.name()),
        Applicability::Unsafe => styled("33", level.name()),
        Applicability::Speculative => styled("35", level.name()),
    }
}

fn fixes(text: &mut String, report: &Report) {
    if report.fixes.is_empty() {
        return;
    }
    *text += &heading("Fixes");
    for (fix, _) in report.fixes.iter().take(SHOWN) {
        *text += &fix_lines(fix);
    }
    rest(text, report.fixes.len());
}

fn fix_lines(fix: &Fix) -> String {
    let reason = fix.reason().map(|reason| format!("              {}\n", clean(reason))).unwrap_or_default();
    let (level, gap) = (level(fix.applicability()), " ".repeat(12 - fix.applicability().name().len()));
    let unsaid = fix.changes().paths().map(ToString::to_string).filter(|path| !fix.title().contains(path.as_str()));
    let places: Vec<String> = unsaid.map(|path| format!("`{}`", clean(&path))).collect();
    let place = if places.is_empty() { String::new() } else { format!(" in {}", places.join(", ")) };
    format!("  {level}{gap}{}{place}  [{}]\n{reason}", clean(fix.title()), fix.provenance().generator)
}

fn proof(text: &mut String, report: &Report) {
    let Some(before) = &report.before else { return };
    *text += &heading("Proof");
    let mut table = Table::default();
    table.row(["check", "before", "after"]);
    for run in &before.runs {
        let after = report.after.as_ref().and_then(|after| after.runs.iter().find(|other| other.name == run.name));
        table.row([run.name.as_str(), &run.summary(), &after.map_or_else(|| "–".to_owned(), CheckRun::summary)]);
    }
    *text += &table.render();
    *text += &format!("  run {}\n", clean(&environment(report.after.as_ref().unwrap_or(before))));
}

fn environment(result: &ValidationResult) -> String {
    if result.environment.is_empty() { "in an unnamed environment".to_owned() } else { result.environment.clone() }
}

fn withheld(text: &mut String, fixes: &[Fix]) {
    let Some(lowest) = fixes.iter().map(Fix::applicability).min() else { return };
    *text += &heading("Withheld");
    let lines: BTreeSet<String> = fixes.iter().map(fix_lines).collect();
    text.extend(lines.iter().take(SHOWN).map(String::as_str));
    rest(text, lines.len());
    *text += &format!("  allow with `--allow {}`, and look at the diff\n", lowest.name());
}

fn details(text: &mut String, report: &Report) {
    *text += &heading("Details");
    for refusal in &report.refused {
        *text += &format!("  refused {}: {}\n", clean(refusal.fix.title()), clean(&refusal.reason.to_string()));
    }
    for skipped in &report.skipped {
        *text += &format!("  skipped {}: {}\n", skipped.generator, clean(&skipped.reason));
    }
    for run in report.after.iter().chain(report.before.iter()).flat_map(|result| &result.runs) {
        if !run.exit.success() {
            *text += &format!("  output of `{}`:\n", clean(&run.command));
            run.tail.lines().for_each(|line| *text += &format!("    {}\n", clean(line)));
        }
    }
}

fn diff_line(line: &str) -> String {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    let line = clean(line);
    match line.as_bytes().first() {
        Some(b'+') => styled("32", &line) + end,
        Some(b'-') => styled("31", &line) + end,
        Some(b'@') => styled("36", &line) + end,
        _ => line + end,
    }
}

/// What came of the repair, as a fragment of a sentence.
pub(in crate::output) fn conclusion(report: &Report) -> String {
    let still = counted(report.remaining.len(), "failure");
    match report.conclusion {
        Conclusion::Repaired => {
            format!("repaired and proven: {}", counted(report.fixes.len(), "fix"))
        }
        Conclusion::NothingToDo => "nothing to repair".to_owned(),
        Conclusion::Withheld => format!("{still} left, for which a fix was found and withheld"),
        Conclusion::FailuresRemain if report.remaining.is_empty() => {
            "all that was seen is repaired, but not all of the log was seen here, and a check still fails".to_owned()
        }
        Conclusion::FailuresRemain if report.fixes.is_empty() => format!("no fix found for {still}"),
        Conclusion::FailuresRemain => format!("{still} left; the fixes above are proven and make nothing worse"),
        Conclusion::NotReproducible => "the failure was not seen here, so no fix could be proven; \
             name the environment of the failed job with `--python`, or its command with `--check`"
            .to_owned(),
        Conclusion::NotChecked => "a check could not be made, so nothing can be said or proven".to_owned(),
        Conclusion::Proposed => format!("proposed, not proven; {still} without a fix"),
        _ => format!("{still}, only diagnosed; nothing was executed"),
    }
}
