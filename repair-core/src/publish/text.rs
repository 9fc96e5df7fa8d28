//! What a pull request or a report says, made of a bundle's facts and never of its prose.

use super::case::Case;
use super::template::word;
use crate::bundle::{Bundle, FixNote};
use crate::forge::Run;
use crate::text::counted;
use crate::{CheckRun, Failure};
use minijinja::{Value, context};

/// How many failures are listed.
const LISTED: usize = 50;
/// How many excerpts are quoted.
const QUOTED: usize = 5;
/// How many fixes are listed.
const FIXES: usize = 50;
/// How many characters of a patch are shown in a report.
const DIFF: usize = 20_000;
/// How many characters of an excerpt are shown.
const EXCERPT: usize = 4_000;
/// How many checks, commands and notes are told.
const CHECKS: usize = 20;
/// How many characters a title has, and how many if secrets in it were replaced.
const TITLE: usize = 200;
const REDACTED_TITLE: usize = 250;
/// The most that a text may have; GitHub takes 65,536 characters, and a record follows it.
const LIMIT: usize = 54_000;

/// The values of both templates.
pub(super) fn values(case: &Case<'_>) -> Value {
    let Bundle { failures, remaining, fixes, withheld, notes, .. } = case.bundle;
    context! {
        run => run(&case.run),
        failures => list(failures),
        more_failures => failures.len().saturating_sub(LISTED),
        excerpts => excerpts(case.bundle),
        fixes => fixes.iter().take(FIXES).map(fix).collect::<Vec<_>>(),
        checks => checks(case.bundle),
        environment => case.bundle.after.as_ref().or(case.bundle.before.as_ref()).map(|result| &result.environment),
        remaining => list(remaining),
        withheld => withheld.iter().take(FIXES).map(fix).collect::<Vec<_>>(),
        refused => case.bundle.refused.iter().take(FIXES).map(|refused| {
            context! { title => refused.fix.title.clone(), why => refused.why.clone() }
        }).collect::<Vec<_>>(),
        notes => notes.iter().take(CHECKS).cloned().collect::<Vec<_>>(),
        partial => case.bundle.conclusion != crate::bundle::Conclusion::Repaired,
        for_pull_request => case.pull_request.as_ref().map(|request| request.number),
    }
}

fn run(run: &Run) -> Value {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    let url = if run.url.starts_with("http") && run.url.chars().all(plain) { run.url.as_str() } else { "" };
    let short = run.head_sha.get(..10).unwrap_or(&run.head_sha);
    context! { name => run.workflow.as_deref().unwrap_or("CI"), url => word(url), head => short, id => run.id }
}

fn list(failures: &[Failure]) -> Vec<Value> {
    failures.iter().take(LISTED).map(failure).collect()
}

fn failure(failure: &Failure) -> Value {
    let code = failure.code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
    context! {
        place => failure.place(),
        rule => format!("{}: {}{code}", failure.category, failure.tool),
        message => failure.message.as_deref().unwrap_or_default().lines().next(),
        external => failure.external.as_ref().map(|external| format!("{}: {}", external.kind, external.evidence)),
    }
}

fn excerpts(bundle: &Bundle) -> Vec<Value> {
    let shown = bundle.excerpts.iter().take(QUOTED);
    shown.map(|excerpt| context! { job => excerpt.job.clone(), text => end(&excerpt.text, EXCERPT) }).collect()
}

fn fix(fix: &FixNote) -> Value {
    context! {
        title => fix.title.clone(),
        reason => fix.reason.clone(),
        generator => fix.generator.clone(),
        level => word(fix.applicability.name()),
    }
}

fn checks(bundle: &Bundle) -> Vec<Value> {
    let Some(before) = &bundle.before else { return Vec::new() };
    let after = bundle.after.iter().flat_map(|after| &after.runs).map(|run| (run.name.as_str(), run));
    let after: std::collections::BTreeMap<&str, &CheckRun> = after.collect();
    let rows = before.runs.iter().take(CHECKS).map(|run| {
        let after = after.get(run.name.as_str()).map_or_else(|| "–".to_owned(), |run| run.summary());
        context! { name => run.name.clone(), before => run.summary(), after => after }
    });
    rows.collect()
}

/// The commands that show the failure, after `first` ones.
pub(super) fn commands(bundle: &Bundle, first: &[String]) -> String {
    let runs = bundle.before.iter().flat_map(|result| &result.runs).filter(|run| !run.exit.success());
    let mut lines = first.to_vec();
    lines.extend(runs.map(|run| run.command.trim().to_owned()).filter(|command| !command.is_empty()).take(CHECKS));
    lines.join("\n")
}

/// The patch, as far as there is room for it.
pub(super) fn diff(patch: &str) -> String {
    match patch.char_indices().nth(DIFF) {
        Some((at, _)) => format!("{}\n… the rest is in the bundle", &patch[..at]),
        None => patch.to_owned(),
    }
}

/// The last characters of a text.
fn end(text: &str, most: usize) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(most)).collect()
}

/// What the pull request is called.
pub(super) fn title(bundle: &Bundle) -> String {
    let what = match bundle.fixes.as_slice() {
        [only] => only.title.clone(),
        all => {
            let tools: std::collections::BTreeSet<&str> =
                bundle.failures.iter().map(|failure| failure.tool.as_str()).collect();
            format!("{} for {}", counted(all.len(), "fix"), tools.into_iter().collect::<Vec<_>>().join(", "))
        }
    };
    line(&format!("Repair CI: {what}"))
}

/// What an issue is called.
pub(super) fn issue_title(case: &Case<'_>) -> String {
    let failures = &case.bundle.failures;
    let first = failures.first().map(|failure| {
        let place = failure.place();
        let what = failure.message.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
        [place.as_str(), what].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ")
    });
    let more = failures.len().saturating_sub(1);
    let more = if more == 0 { String::new() } else { format!(" and {}", counted(more, "more failure")) };
    line(&format!("CI is red on {}: {}{more}", case.base, first.unwrap_or_default()))
}

/// One clean line of the length of a title, in which nobody is mentioned.
fn line(text: &str) -> String {
    plain(text, TITLE)
}

/// One clean line of bounded length for where there is no markup and yet names and numbers have a meaning: nobody is
/// mentioned in it, and nothing is referred to, or closed by it.
pub(super) fn plain(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&unlinked(&crate::text::clean(&words.join(" "))), most)
}

/// A title that secrets were taken out of, in which their placeholders may have taken more room.
pub(super) fn title_again(text: &str) -> String {
    cut(text, REDACTED_TITLE)
}

/// Without what a forge makes a link of: `@name`, `#1`, `GH-1`, addresses.
fn unlinked(text: &str) -> String {
    const JOINER: char = '\u{2060}';
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let number = c == '-' && rest.peek().is_some_and(char::is_ascii_digit);
        let issue = number && out.get(out.len().saturating_sub(2)..).is_some_and(|end| end.eq_ignore_ascii_case("gh"));
        let address = c == ':' && rest.peek() == Some(&'/');
        out.push(c);
        if matches!(c, '@' | '#') || issue || address {
            out.push(JOINER);
        }
    }
    out
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The text cut to what fits, where a paragraph ends and no block of code is open.
pub(super) fn fitted(text: String) -> String {
    if text.len() <= LIMIT {
        return text;
    }
    let (mut fence, mut at, mut end) = (None::<usize>, 0, 0);
    for line in text.split_inclusive('\n') {
        if at + line.len() > LIMIT {
            break;
        }
        at += line.len();
        let ticks = line.trim_start().bytes().take_while(|byte| *byte == b'`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open && line.trim().len() == ticks => fence = None,
            _ => {}
        }
        if fence.is_none() && line.trim().is_empty() {
            end = at;
        }
    }
    format!("{}\n… the rest has no room here.\n", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::testing::bundle;

    #[test]
    fn a_title_is_one_line_that_mentions_nobody() {
        let title = line("fix\n@team and #12 \u{202e} now");
        assert_eq!(title, "fix @\u{2060}team and #\u{2060}12 \\u{202e} now");
        assert_eq!(line(&"x".repeat(500)).chars().count(), 201);
        let closing = line("fixes GH-1, gh-2, closes https://github.com/o/r/issues/3; GH-x, a-1, ö-2");
        let plain = "fixes GH-\u{2060}1, gh-\u{2060}2, closes https:\u{2060}//github.com/o/r/issues/3; GH-x, a-1, ö-2";
        assert_eq!(closing, plain);
    }

    #[test]
    fn a_text_is_cut_between_paragraphs_and_outside_of_code() {
        let block = format!("````text\n{}\n\n````\n", "x\n\n```\n".repeat(20_000));
        let cut = fitted(format!("One.\n\nTwo.\n\n{block}"));
        assert_eq!(cut, "One.\n\nTwo.\n\n\n… the rest has no room here.\n");
        assert!(fitted("a\n\n".repeat(40_000)).len() < 65_000);
        assert_eq!(fitted("short".to_owned()), "short");
    }

    #[test]
    fn a_long_patch_is_shown_in_part() {
        assert_eq!(diff("+ä\n"), "+ä\n");
        assert!(diff(&"ä".repeat(DIFF + 1)).ends_with("bundle"));
    }

    #[test]
    fn one_fix_gives_its_name_and_several_their_tools() {
        assert_eq!(title(&bundle()), "Repair CI: 0 fixes for ruff");
    }
}
