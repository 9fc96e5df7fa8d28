//! Markdown for a job summary.

mod document;
mod repair;

pub(super) use repair::report;

use super::findings::{Detection, Finding, Findings, flat};
use super::{counted, evidence, steps};
use document::Document;
use repair_core::markdown::{block, cell, code};
use repair_core::{Failure, Objection, Ruling, State, TestCounts};

/// How many failures are listed.
const LISTED: usize = 200;
/// Of how many the log is quoted.
const QUOTED: usize = 20;

/// The findings as a document.
pub(super) fn findings(findings: &Findings<'_>) -> String {
    let mut document = Document::default();
    match findings {
        Findings::Failures(detection) => detected(&mut document, detection),
        Findings::Objections(objections) => vetted(&mut document, findings, objections),
    }
    document.finish()
}

fn detected(document: &mut Document, detection: &Detection) {
    let present = detection.present();
    let title = match detection.conclusion() {
        "failed" => format!("Failed: {}", counted(present.len(), "failure")),
        "passed" => "Passed".to_owned(),
        _ => "No verdict: the log does not say how the job ended".to_owned(),
    };
    document.push(&format!("## {title}\n\n"));
    document.push(&detection.diagnosis.counts.map(|counts| format!("{}.\n\n", sentence(counts))).unwrap_or_default());
    document.push(&comparison(detection));
    for step in detection
        .diagnosis
        .failed_steps
        .iter()
        .filter_map(|step| steps::described(step, &detection.diagnosis.failures, code))
    {
        document.push(&format!("- {step}\n"));
    }
    let found = flat(&Findings::Failures(detection));
    let (gone, here): (Vec<Finding>, Vec<Finding>) =
        found.into_iter().partition(|finding| finding.state == Some(State::Gone));
    table(document, &here);
    quotes(document, detection, &present.iter().map(|(failure, _)| *failure).collect::<Vec<_>>());
    if !gone.is_empty() {
        document.push("\n### No longer failing\n");
        table(document, &gone);
    }
    notes(document, &detection.diagnosis.notes);
}

fn sentence(counts: TestCounts) -> String {
    format!("{} tests ran, {} failed, {} were skipped", counts.run, counts.failed, counts.skipped)
}

fn comparison(detection: &Detection) -> String {
    if detection.compared.is_none() {
        return String::new();
    }
    let counts: Vec<String> =
        State::ALL.iter().map(|state| format!("{} {}", detection.count(*state), state.name())).collect();
    format!("Compared with the earlier run: {}.\n\n", counts.join(", "))
}

/// The findings as a table; the columns that no finding has are left out.
fn table(document: &mut Document, found: &[Finding]) {
    if found.is_empty() {
        return;
    }
    let states = found.iter().any(|finding| finding.state.is_some());
    let state = |text: &str| if states { format!("| {text} ") } else { String::new() };
    document.push(&format!("\n{}| where | what | message |\n{}| --- | --- | --- |\n", state(""), state("---")));
    for finding in found.iter().take(LISTED) {
        let first = state(finding.state.map_or("", State::name));
        let (place, rule, text) = (cell(&place(finding)), cell(&finding.rule), cell(&finding.text));
        document.push(&format!("{first}| {place} | {rule} | {text}{} |\n", remarks(finding)));
    }
    if found.len() > LISTED {
        document.push(&format!("\n… and {} more.\n", found.len() - LISTED));
    }
}

fn remarks(finding: &Finding) -> String {
    let was = finding.was.as_deref().map(|was| format!(" (was {})", cell(was))).unwrap_or_default();
    match &finding.external {
        Some(external) => {
            format!("{was} (likely not the code's fault: {}: {})", external.kind, cell(&external.evidence))
        }
        None => was,
    }
}

fn place(finding: &Finding) -> String {
    let mut place = finding.path.clone().unwrap_or_default();
    for number in [finding.line, finding.column].into_iter().flatten() {
        place = format!("{place}:{number}");
    }
    place
}

/// What the log says of the first failures.
fn quotes(document: &mut Document, detection: &Detection, failures: &[&Failure]) {
    let quoted: Vec<_> =
        failures.iter().filter_map(|failure| Some((failure, evidence::excerpt(&detection.log, failure)?))).collect();
    if quoted.is_empty() {
        return;
    }
    document.push("\n### What the log says\n");
    for (failure, (lines, cut)) in quoted.iter().take(QUOTED) {
        let name = [&failure.test_id, &failure.path.as_ref().map(ToString::to_string), &Some(failure.tool.clone())];
        let name = name.into_iter().flatten().next().map(|name| code(name)).unwrap_or_default();
        let place = failure.log_lines.map(|(first, last)| format!(", lines {first} to {last}")).unwrap_or_default();
        let more = if *cut { "…\n" } else { "" };
        let lines = more.lines().chain(lines.iter().copied());
        document.push(&format!("\n{name}{place}\n\n{}", block("text", lines)));
    }
}

fn notes(document: &mut Document, notes: &[String]) {
    if !notes.is_empty() {
        document.push("\n");
    }
    notes.iter().for_each(|note| document.push(&format!("- note: {}\n", code(note))));
}

fn vetted(document: &mut Document, findings: &Findings<'_>, objections: &[Objection]) {
    let verdict = match Ruling::of(objections) {
        Ruling::Allow => "Allowed: no guard objects".to_owned(),
        Ruling::NeedsPerson => format!("A person should look: {}", counted(objections.len(), "objection")),
        Ruling::Refuse => format!("Refused: {}", counted(objections.len(), "objection")),
    };
    document.push(&format!("## {verdict}\n"));
    table(document, &flat(findings));
    if !objections.is_empty() {
        document.push("\n`ci-repair explain RULE` tells what a rule forbids and why.\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::{detected, detection, failure};
    use repair_core::{Category, compare};

    const LOG: &str = "##[group]Run pytest\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: bash\n##[endgroup]\n\
        =================================== FAILURES ===================================\n\
        ____________________________________ test_b ____________________________________\n\
        \n    def test_b():\n>       assert f() == 1\nE       AssertionError: ``` @octocat <img src=x> [a](http://b)\n\
        \ntests/test_a.py:3: AssertionError\n\
        =========================== short test summary info ============================\n\
        FAILED tests/test_a.py::test_b - AssertionError: ``` @octocat <img src=x> [a](http://b)\n\
        1 failed, 2 passed in 0.10s\n##[error]Process completed with exit code 1.\n";

    #[test]
    fn a_failure_is_told_with_its_step_its_place_and_its_evidence() {
        let text = findings(&Findings::Failures(&detected(LOG)));
        for part in
            ["## Failed: 1 failure\n", "3 tests ran, 1 failed", "`pytest -q`", "exit code 1", "`tests/test_a.py:3`"]
        {
            assert!(text.contains(part), "no {part} in\n{text}");
        }
        assert!(text.contains("### What the log says") && text.contains(">       assert f() == 1"), "{text}");
    }

    #[test]
    fn what_a_log_says_is_never_markup() {
        let text = findings(&Findings::Failures(&detected(LOG)));
        // What is left when all code is taken away is ours.
        let mut rest = String::new();
        let mut fence: Option<&str> = None;
        for line in text.lines() {
            match fence {
                Some(open) if line == open => fence = None,
                Some(_) => {}
                None if line.starts_with("```") => fence = Some(line.trim_end_matches("text")),
                None => rest += &outside_of_code(line),
            }
        }
        assert!(!rest.contains(['<', '@', '[']) && rest.contains("What the log says"), "{rest}");
    }

    /// `line` without its spans of code, read as Markdown reads them.
    fn outside_of_code(line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            out += &rest[..start];
            let run = rest[start..].chars().take_while(|c| *c == '`').count();
            let fence = "`".repeat(run);
            let body = &rest[start + run..];
            let closes = |at: &usize| !body[..*at].ends_with('`') && !body[at + run..].starts_with('`');
            let Some((end, _)) = body.match_indices(fence.as_str()).find(|(at, _)| closes(at)) else {
                return out + &rest[start..];
            };
            rest = &body[end + run..];
        }
        out + rest
    }

    #[test]
    fn a_comparison_has_a_column_of_its_own_and_what_is_gone_below() {
        let (old, new) = (failure(Category::Test, Some("a.py"), None), failure(Category::Test, Some("b.py"), None));
        let mut detection = detection(vec![new.clone()]);
        detection.compared = Some(compare(&[old], &[new]));
        let text = findings(&Findings::Failures(&detection));
        assert!(text.contains("1 new, 0 changed, 0 same, 1 gone"), "{text}");
        assert!(text.contains("| new | `b.py` |") && text.contains("### No longer failing"), "{text}");
    }

    #[test]
    fn many_failures_are_cut() {
        let many = (0..5000).map(|line| failure(Category::Quality, Some("a.py"), Some(line))).collect();
        let text = findings(&Findings::Failures(&detection(many)));
        assert!(text.len() < 100_000 && text.contains("… and 4800 more."), "{}", text.len());
    }
}
