//! The forms of single lines.

use super::Tally;
use repair_core::TestCounts;

/// The title of a line `===== title =====`.
pub(super) fn banner(line: &str) -> Option<&str> {
    framed(line, '=')
}

/// The title of a line `_____ title _____`.
pub(super) fn heading(line: &str) -> Option<&str> {
    framed(line, '_').filter(|title| title.contains(|c| c != '_' && c != ' '))
}

/// The text of a line `!!!!! text !!!!!`.
pub(super) fn shout(line: &str) -> Option<&str> {
    framed(line, '!')
}

/// Whether a line begins a part with what a test printed: `----- Captured stdout call -----`.
pub(super) fn is_captured(line: &str) -> bool {
    framed(line, '-').is_some_and(|title| title.starts_with("Captured ") || title.starts_with("generated "))
}

fn framed(line: &str, mark: char) -> Option<&str> {
    let line = line.trim_end();
    if !line.starts_with(mark) || !line.ends_with(mark) {
        return None;
    }
    let (_, rest) = line.split_once(' ')?;
    let (title, after) = rest.rsplit_once(' ')?;
    let only = |text: &str| !text.is_empty() && text.chars().all(|c| c == mark);
    let before = &line[..line.len() - rest.len() - 1];
    (only(before) && only(after)).then(|| title.trim())
}

/// The numbers of a line such as `1 failed, 2 passed in 0.35s`, with or without a frame.
pub(super) fn tally(line: &str) -> Option<Tally> {
    let text = banner(line).unwrap_or(line).trim();
    let starts = text.starts_with(|c: char| c.is_ascii_digit()) || text.starts_with("no tests ran");
    if !starts || line.len() > 400 {
        return None;
    }
    let (text, time) = text.rsplit_once(" in ").or_else(|| banner(line).map(|text| (text, "0s")))?;
    if !time.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if text == "no tests ran" {
        return Some(Tally { nothing: true, ..Tally::default() });
    }
    let mut counts = TestCounts::default();
    let mut known = false;
    for item in text.split(", ") {
        known |= count(&mut counts, item)?;
    }
    known.then_some(Tally { counts, nothing: counts.run + counts.skipped == 0 })
}

/// The numbers of the last line, as text: `1 failed, 2 passed`.
pub(super) fn result(line: &str) -> Option<&str> {
    let text = banner(line).unwrap_or(line).trim();
    tally(line)?;
    Some(text.rsplit_once(" in ").map_or(text, |(text, _)| text))
}

/// Adds `3 failed` to `counts`; whether it is a word of pytest. `None` if it is no number and word.
fn count(counts: &mut TestCounts, item: &str) -> Option<bool> {
    let (number, word) = item.split_once(' ')?;
    let number: u64 = number.parse().ok()?;
    match word {
        "passed" | "xfailed" | "xpassed" => counts.run += number,
        "failed" | "error" | "errors" => {
            counts.run += number;
            counts.failed += number;
        }
        "skipped" => counts.skipped += number,
        "deselected" | "rerun" | "reruns" | "warning" | "warnings" | "pytest-warnings" | "seconds" => {}
        word => return word.starts_with("subtest").then_some(true),
    }
    Some(true)
}

/// File and letters of a line such as `tests/test_a.py ..F.E   [ 50%]`; without a file, the letters that go on.
pub(super) fn letters(line: &str) -> Option<(Option<&str>, &str)> {
    let text = match line.trim_end().strip_suffix("%]").and_then(|text| text.rsplit_once('[')) {
        Some((text, share)) if share.trim().parse::<u8>().is_ok() => text.trim_end(),
        _ => line.trim_end(),
    };
    let known = |text: &str| !text.is_empty() && text.bytes().all(|letter| b".FEsxXRupP,-".contains(&letter));
    match text.split_once(' ') {
        Some((file, letters)) => (is_file(file) && known(letters)).then_some((Some(file), letters)),
        None => known(text).then_some((None, text)),
    }
}

fn is_file(text: &str) -> bool {
    [".py", ".rst", ".txt", ".md"].iter().any(|end| text.ends_with(end))
}

/// How a test ended, as a verbose line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// `FAILED`.
    Failed,
    /// `ERROR`.
    Error,
    /// Anything else.
    Fine,
}

/// Test id and verdict of a line of verbose output. Without a verdict the test has only begun.
pub(super) fn progress(line: &str) -> Option<(&str, Option<Verdict>)> {
    if !line.contains("::") || line.starts_with(' ') {
        return None;
    }
    if let Some(rest) = line.strip_prefix("[gw") {
        let rest = rest.split_once("] ")?.1;
        let rest = rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(rest, |(_, rest)| rest);
        let (word, id) = rest.split_once(' ')?;
        return Some((id.trim(), Some(verdict(word)?)));
    }
    const WORDS: [&str; 7] = ["PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS", "RERUN"];
    let word_at = |at: usize| WORDS.into_iter().find(|word| line[at + 1..].starts_with(word));
    let found = memchr::memchr_iter(b' ', line.as_bytes()).find_map(|at| Some((at, word_at(at)?)));
    let Some((at, word)) = found else {
        let (id, rest) = line.split_once(' ')?;
        let begun = id.contains(".py::")
            && (rest.is_empty()
                || rest.starts_with("+++")
                || rest.starts_with("<- ")
                || rest.starts_with("Fatal Python"));
        return begun.then_some((id, None));
    };
    let id = &line[..at];
    let id = id.split_once(" <- ").map_or(id, |(id, _)| id);
    (id.contains("::") && id.split("::").next().is_some_and(|file| !file.contains(' ')))
        .then_some((id, Some(verdict(word)?)))
}

/// The verdict that a word begins with.
pub(super) fn verdict(word: &str) -> Option<Verdict> {
    let fine = ["PASSED", "SKIPPED", "XFAIL", "XPASS", "RERUN"];
    match word {
        word if word.starts_with("FAILED") => Some(Verdict::Failed),
        word if word.starts_with("ERROR") => Some(Verdict::Error),
        word if fine.iter().any(|fine| word.starts_with(fine)) => Some(Verdict::Fine),
        _ => None,
    }
}

/// A line of the short test summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summary<'a> {
    /// `ERROR` rather than `FAILED`.
    pub(super) error: bool,
    /// The test's id.
    pub(super) id: String,
    /// The rest; it may have been cut.
    pub(super) message: Option<&'a str>,
}

/// What pytest before version 8 calls the collector of all tests; in the summary it has no name.
pub(super) const EVERYTHING: &str = "test session";

/// Reads a line of the short test summary that reports a failure.
pub(super) fn summary(line: &str) -> Option<Summary<'_>> {
    // The plugin for subtests describes them first: `[text] (i=1) SUBFAIL id - message`.
    let line = match line.split_once(" SUBFAIL ") {
        Some((before, rest)) if before.starts_with(['[', '(']) => &line[line.len() - rest.len() - "SUBFAIL ".len()..],
        _ => line,
    };
    let (word, rest) = line.split_once(' ')?;
    let error = match word {
        "FAILED" | "FAIL" | "SUBFAIL" => false,
        "ERROR" => true,
        word if word.starts_with("SUBFAILED") => false,
        _ => return None,
    };
    let rest = match word.starts_with("SUBFAILED") && !word.ends_with([']', ')']) {
        // The description of a subtest may have spaces: `SUBFAILED[a b] id` or `SUBFAILED(i=1, j=2) id`.
        true => rest.split_once("] ").or_else(|| rest.split_once(") ")).map_or(rest, |(_, rest)| rest),
        false => rest,
    };
    if let Some(message) = rest.strip_prefix(" - ") {
        return Some(Summary { error, id: EVERYTHING.to_owned(), message: Some(message.trim()) });
    }
    let rest = rest.trim();
    let end = id_end(rest);
    let message = rest[end..].strip_prefix(" - ").map(str::trim).filter(|message| !message.is_empty());
    (!rest.is_empty()).then(|| Summary { error, id: rest[..end].replace("::()::", "::"), message })
}

/// Where the id ends: before ` - `, but not inside the brackets of its parameters.
fn id_end(text: &str) -> usize {
    let first = text.find(" - ");
    let bracket = text.find('[').filter(|bracket| first.is_none_or(|first| *bracket < first));
    if bracket.is_none() {
        return first.unwrap_or(text.len());
    }
    match text.find("] - ") {
        Some(end) => end + 1,
        None if text.ends_with(']') => text.len(),
        None => first.unwrap_or(text.len()),
    }
}

/// Whether a text that lost its indentation is an exception with its message, or a comparison.
fn is_bare_exception(text: &str) -> bool {
    let class = text.split(": ").next().unwrap_or(text);
    let class = class.rsplit('.').next().unwrap_or(class);
    text.starts_with("assert ") || class.ends_with("Error") && class.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The text behind the mark `E`.
pub(super) fn error_text(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('E')?;
    // Where the log was copied without its white space.
    if let Some(text) = rest.strip_prefix(' ').filter(|text| is_bare_exception(text)) {
        return Some(text);
    }
    (rest.is_empty() || rest.starts_with("  ")).then(|| rest.strip_prefix("   ").unwrap_or(rest))
}

/// A line `path:12: tail` of a traceback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The path as printed.
    pub(super) path: &'a str,
    /// 1-based line.
    pub(super) line: u32,
    /// `in function`, the exception's class, or nothing.
    pub(super) tail: &'a str,
}

impl<'a> Entry<'a> {
    /// The exception's class, where the entry names it.
    pub(super) fn class(&self) -> Option<&'a str> {
        (!self.tail.is_empty() && !self.tail.starts_with("in ")).then_some(self.tail)
    }
}

/// Reads `path:12: tail`, where the tail is one of pytest's.
pub(super) fn entry(line: &str) -> Option<Entry<'_>> {
    let (path, line, tail) = located(line)?;
    let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let fits = tail.is_empty() || tail.starts_with("in ") || name(tail);
    fits.then_some(Entry { path, line, tail })
}

/// Path, line and rest of `path:12: rest` or `path:12`.
pub(super) fn located(line: &str) -> Option<(&str, u32, &str)> {
    if line.starts_with([' ', 'E', '>']) && !line.contains(".py:") || line.starts_with(' ') {
        return None;
    }
    let mut from = 0;
    while let Some(colon) = line[from..].find(':').map(|at| at + from) {
        let rest = &line[colon + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let after = &rest[digits..];
        if digits > 0 && (after.is_empty() || after.starts_with(':')) {
            let path = &line[..colon];
            let number = rest[..digits].parse().ok()?;
            let plausible = path.contains(['.', '/', '<']) && !path.starts_with(['"', '\'', '(', '{', '[']);
            return plausible.then(|| (path, number, after.trim_start_matches(':').trim()));
        }
        from = colon + 1;
    }
    None
}
