//! Findings for people: one line for each, the steps in which they happened, and the sum.

use super::findings::{Detection, Finding, Findings, Level, flat};
use super::steps;
use super::text::{fitting, styled, width};
use super::{clean, counted};
use repair_core::{Failure, Objection, Ruling, State, TestCounts};
use repair_fixers::logs::Conclusion;
use std::collections::{BTreeMap, BTreeSet};

/// How wide the columns of places and codes may become; what is longer shifts only its own line.
const COLUMNS: [usize; 2] = [44, 22];

/// How many findings of a tool are listed, where there are many.
const LISTED: usize = 100;

/// The findings as text.
pub(super) fn findings(findings: &Findings<'_>) -> String {
    match findings {
        Findings::Failures(detection) => detected(detection),
        Findings::Objections(objections) => {
            let lines: String = flat(findings).iter().map(|finding| line(finding, &[0, 0])).collect();
            lines + &verdict(objections)
        }
    }
}

fn detected(detection: &Detection) -> String {
    let mut text = String::new();
    for step in &detection.diagnosis.failed_steps {
        if let Some(step) = steps::described(step, &detection.diagnosis.failures, clean) {
            text += &format!("{}\n", fitting(&format!("failed: {step}"), width()));
        }
    }
    let found = flat(&Findings::Failures(detection));
    let (gone, here): (Vec<Finding>, Vec<Finding>) =
        found.into_iter().partition(|finding| finding.state == Some(State::Gone));
    text += &groups(&here);
    if !gone.is_empty() {
        text += &format!("{}\n", styled("1", "no longer failing"));
        text += &groups(&gone);
    }
    for (kind, evidence) in evidence(detection) {
        text += &format!("note: likely not the code's fault ({kind}): {evidence}\n");
    }
    detection.diagnosis.notes.iter().for_each(|note| text += &format!("note: {}\n", clean(note)));
    text + &sum(detection)
}

/// What says that failures are likely not the code's fault, where their messages do not, each line once.
fn evidence(detection: &Detection) -> BTreeSet<(&'static str, String)> {
    let marked = detection.present().into_iter().filter_map(|(failure, _)| Some((failure, failure.external.as_ref()?)));
    let plain = marked.map(|(failure, external)| {
        let line = external.evidence.as_str();
        (failure, external.kind.name(), line.strip_prefix("##[error]").unwrap_or(line))
    });
    let unsaid =
        |failure: &Failure, line: &str| failure.message.as_deref().is_none_or(|message| !message.contains(line));
    plain.filter(|(failure, _, line)| unsaid(failure, line)).map(|(_, kind, line)| (kind, clean(line))).collect()
}

/// The findings below the tools that report them, the tools in the order of the log.
fn groups(found: &[Finding]) -> String {
    let mut tools: Vec<(&str, Vec<&Finding>)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in found {
        let tool = finding.tool();
        let at = *known.entry(tool).or_insert(tools.len());
        if at == tools.len() {
            tools.push((tool, Vec::new()));
        }
        tools[at].1.push(finding);
    }
    let widest = |column: usize| {
        let lengths = found.iter().map(|finding| cells(finding)[column].chars().count());
        lengths.filter(|length| *length <= COLUMNS[column]).max().unwrap_or_default()
    };
    let widths = [widest(0), widest(1)];
    let mut text = String::new();
    for (tool, found) in &tools {
        text += &format!("{}  {}\n", styled("1", &clean(tool)), found.len());
        text.extend(found.iter().take(LISTED).map(|finding| format!("  {}", line(finding, &widths))));
        if found.len() > LISTED {
            text += &format!("  … and {} more; `--format json` lists all\n", found.len() - LISTED);
        }
    }
    text
}

/// Place and code, as they are shown.
fn cells(finding: &Finding) -> [String; 2] {
    let mut place = finding.path.as_deref().map(clean).unwrap_or_default();
    for number in [finding.line, finding.column].into_iter().flatten() {
        place = format!("{place}:{number}");
    }
    let place = if place.is_empty() { "-".to_owned() } else { place };
    [place, clean(finding.code())]
}

fn line(finding: &Finding, [first, second]: &[usize; 2]) -> String {
    let [place, code] = cells(finding);
    let state = finding.state.filter(|state| *state != State::Gone).map(state).unwrap_or_default();
    let message = clean(told(finding).lines().next().unwrap_or_default());
    let external = finding.external.as_ref();
    let mark = external.map(|external| format!("  [likely not the code: {}]", external.kind)).unwrap_or_default();
    let was = finding.was.as_deref().map(|was| format!("  [was {}]", clean(was))).unwrap_or_default();
    let before = format!("{}{place:first$}  {code:second$}  ", state.0);
    let room = width()
        .map(|width| width.saturating_sub(2 + before.chars().count() + mark.chars().count() + was.chars().count()));
    let code = styled(color(finding.level), &format!("{code:second$}"));
    let message = fitting(&message, room.map(|room| room.max(24)));
    let line = format!("{}{place:first$}  {code}  {message}{}{}", state.1, styled("33", &mark), styled("2", &was));
    format!("{}\n", line.trim_end())
}

/// What is wrong; the file of a test is not said again.
fn told(finding: &Finding) -> &str {
    let path = finding.path.as_deref().unwrap_or_default();
    let rest = finding.text.strip_prefix(path).and_then(|rest| rest.strip_prefix("::"));
    rest.filter(|_| !path.is_empty()).unwrap_or(&finding.text)
}

/// The state as plain and as coloured text.
fn state(state: State) -> (String, String) {
    let color = match state {
        State::New | State::Changed => "31",
        _ => "2",
    };
    let text = format!("{:8}", state.name());
    (text.clone(), styled(color, &text))
}

fn color(level: Level) -> &'static str {
    match level {
        Level::Error => "31",
        Level::Warning => "33",
        Level::Note => "36",
    }
}

/// `failed: 3 failures (1 new, 2 same; 1 gone); 40 tests ran, 3 failed, 2 skipped`.
fn sum(detection: &Detection) -> String {
    let present = detection.present();
    let mut text = format!("{}: {}", detection.conclusion(), counted(present.len(), "failure"));
    if detection.diagnosis.conclusion == Conclusion::Unknown {
        text = "unknown: no failure was found, and the log does not say how the job ended".to_owned();
    }
    if detection.compared.is_some() {
        let counts: Vec<String> = State::ALL
            .iter()
            .map(|state| (detection.count(*state), state.name()))
            .filter(|(count, name)| *count > 0 || *name == "new")
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        text += &format!(" ({})", counts.join(", "));
    }
    text += &detection.diagnosis.counts.map(tests).unwrap_or_default();
    let external = present.iter().filter(|(failure, _)| failure.external.is_some()).count();
    if external > 0 {
        text += &format!("; {external} likely not the code's fault");
    }
    text + "\n"
}

/// `; 40 tests ran, 3 failed, 2 skipped`; nothing if there were none.
fn tests(TestCounts { run, failed, skipped }: TestCounts) -> String {
    let counts = [(run, "tests ran"), (failed, "failed"), (skipped, "skipped")];
    let said: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { String::new() } else { format!("; {}", said.join(", ")) }
}

fn verdict(objections: &[Objection]) -> String {
    let verdict = match Ruling::of(objections) {
        Ruling::Allow => return "allow: no guard objects\n".to_owned(),
        Ruling::NeedsPerson => "needs a person",
        Ruling::Refuse => "refuse",
    };
    format!("{verdict}: {}; `ci-repair explain RULE` tells more\n", counted(objections.len(), "objection"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::{detection, failure};
    use repair_core::{Category, External, ExternalKind, compare};

    fn shown(failures: Vec<Failure>) -> String {
        anstream::adapter::strip_str(&detected(&detection(failures))).to_string()
    }

    fn test(path: &str, line: u32, id: &str, code: &str) -> Failure {
        let mut found = failure(Category::Test, Some(path), Some(line));
        found.tool = "pytest".into();
        (found.test_id, found.code) = (Some(id.into()), Some(code.into()));
        found
    }

    #[test]
    fn each_failure_is_a_line_below_its_tool() {
        let mut unused = failure(Category::Quality, Some("app.py"), Some(3));
        (unused.tool, unused.code, unused.column) = ("ruff".into(), Some("F401".into()), Some(8));
        let text = shown(vec![
            test("tests/test_a.py", 12, "tests/test_a.py::T::test_b[x]", "ValueError"),
            unused,
            test("app.py", 7, "tests/test_a.py::test_c", "KeyError"),
        ]);
        let expected = "pytest  2\n  tests/test_a.py:12  ValueError  T::test_b[x]: it is wrong\n  app.py:7            \
                        KeyError    tests/test_a.py::test_c: it is wrong\nruff  1\n  app.py:3:8          F401        it is \
                        wrong\nunknown";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn what_is_likely_not_the_codes_fault_is_marked_with_what_says_so() {
        let mut lost = failure(Category::Infrastructure, None, None);
        lost.external = Some(External::new(ExternalKind::Network, "##[error]Could not resolve host: x"));
        let text = shown(vec![lost.clone()]);
        assert!(text.contains("it is wrong  [likely not the code: network]\n"), "{text}");
        assert!(text.contains("note: likely not the code's fault (network): Could not resolve host: x\n"), "{text}");
        lost.message = Some("Could not resolve host: x".into());
        assert!(!shown(vec![lost]).contains("note: "), "what the message says is not said again");
    }

    #[test]
    fn states_stand_in_front_and_what_is_gone_below() {
        let (old, new) = (test("t.py", 1, "t.py::a", "KeyError"), test("t.py", 1, "t.py::a", "OSError"));
        let mut detection = detection(vec![new.clone()]);
        detection.compared = Some(compare(&[old, failure(Category::Test, Some("x.py"), None)], &[new]));
        let text = anstream::adapter::strip_str(&detected(&detection)).to_string();
        assert!(text.contains("  changed t.py:1  OSError  a: it is wrong  [was KeyError]\n"), "{text}");
        assert!(text.contains("no longer failing\ntool  1\n") && text.contains("(0 new, 1 changed, 1 gone)"), "{text}");
    }

    #[test]
    fn a_tool_with_many_findings_does_not_fill_the_screen() {
        let many = (0..500).map(|line| failure(Category::Quality, Some("a.py"), Some(line))).collect();
        let text = shown(many);
        assert!(text.lines().count() < 110 && text.contains("… and 400 more"), "{text}");
    }
}
