//! Cuts output into runs, and these into the parts of their failing tests.

use super::progress;
use repair_core::{Output, TestCounts};
use std::ops::Range;

/// One failing test: the header's kind and text, the lines below it.
#[derive(Debug)]
pub(super) struct Block {
    /// `FAIL`, `ERROR`, …
    pub(super) kind: String,
    /// What follows in the header.
    pub(super) header: String,
    /// From the header to the next.
    pub(super) lines: Range<usize>,
}

/// One run: from its failures to `Ran 3 tests` and what follows.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// What failed.
    pub(super) blocks: Vec<Block>,
    /// How many tests ran.
    pub(super) counts: Option<TestCounts>,
    /// Whether it ended with `OK`; `None` if it did not come to its end.
    pub(super) passed: Option<bool>,
    /// The test that had begun and not ended, and where.
    pub(super) running: Option<(usize, String)>,
    /// The index of the last line.
    pub(super) end: usize,
}

/// Every run of `output`. The last may have no end.
pub(super) fn all(output: &Output) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = Run::default();
    for index in 0..output.len() {
        let line = output.line(index);
        verbose(&mut open, output, index);
        if is_rule(line, '=') {
            end_block(&mut open, index);
            open.blocks.extend(header(output, index + 1).or_else(|| of_trial(output, index + 1)));
        } else if let Some(ran) = ran(line) {
            end_block(&mut open, index.saturating_sub(1));
            finish(&mut open, output, index, ran);
            name_trials(&mut open, output);
            runs.push(std::mem::take(&mut open));
        }
    }
    end_block(&mut open, output.len());
    if !open.blocks.is_empty() || open.running.is_some() {
        open.end = output.len() - 1;
        name_trials(&mut open, output);
        runs.push(open);
    }
    runs
}

/// Verbose output: which test is running, and which succeeded against expectation.
fn verbose(run: &mut Run, output: &Output, index: usize) {
    let line = output.line(index);
    let own = progress::begun(line);
    if let Some((id, _)) = &own {
        run.running = Some((index, id.clone()));
    }
    let rest = own.map_or(line, |(_, rest)| rest);
    let Some(verdict) = progress::verdict(rest) else { return };
    let Some((_, id)) = run.running.take() else { return };
    if verdict == "unexpected success" {
        run.blocks.push(Block { kind: "UNEXPECTED SUCCESS".to_owned(), header: id, lines: index..index + 1 });
    }
}

fn end_block(run: &mut Run, index: usize) {
    if let Some(block) = run.blocks.last_mut().filter(|block| block.lines.end == 0) {
        block.lines.end = index;
    }
}

/// A line of at least 70 times `mark`.
pub(super) fn is_rule(line: &str, mark: char) -> bool {
    let line = line.trim_end();
    line.len() >= 70 && line.chars().all(|c| c == mark)
}

/// `ERROR: test_a (tests.test_m.TestC.test_a)`, between two rules.
fn header(output: &Output, index: usize) -> Option<Block> {
    let (kind, header) = output.line(index).split_once(": ")?;
    let known = matches!(kind, "ERROR" | "FAIL" | "UNEXPECTED SUCCESS" | "FAILED" | "TIMEOUT");
    // A docstring may stand below the test's name.
    let ruled = (1..=4).any(|below| is_rule(output.line(index + below), '-'));
    let block = || Block { kind: kind.to_owned(), header: header.trim().to_owned(), lines: index..0 };
    (known && (ruled || kind == "UNEXPECTED SUCCESS")).then(block)
}

/// The kind that trial, Twisted's runner, prints below a rule: `[ERROR]`. The tests' names stand at the end.
fn of_trial(output: &Output, index: usize) -> Option<Block> {
    let kind = output.line(index).trim_end();
    let known = matches!(kind, "[ERROR]" | "[FAIL]");
    known.then(|| Block { kind: kind.to_owned(), header: String::new(), lines: index..0 })
}

/// One block of trial's becomes one for each test that it names.
fn name_trials(run: &mut Run, output: &Output) {
    let all = std::mem::take(&mut run.blocks);
    for block in all {
        if !block.kind.starts_with('[') {
            run.blocks.push(block);
            continue;
        }
        let below = block.lines.clone().rev().map(|index| output.line(index).trim_end());
        let mut names: Vec<&str> =
            below.skip_while(|line| line.is_empty() || is_rule(line, '-')).take_while(|line| is_dotted(line)).collect();
        names.reverse();
        let named =
            |name: &&str| Block { kind: block.kind.clone(), header: (*name).to_owned(), lines: block.lines.clone() };
        run.blocks.extend(names.iter().map(named));
    }
}

/// `pkg.test.test_a.TestA.test_x`.
fn is_dotted(line: &str) -> bool {
    line.contains('.')
        && line
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()))
}

/// The number in `Ran 3 tests in 0.1s`.
fn ran(line: &str) -> Option<u64> {
    let (number, rest) = line.strip_prefix("Ran ")?.split_once(' ')?;
    let fits = rest.starts_with("test in ") || rest.starts_with("tests in ") || rest.trim_end() == "tests";
    fits.then(|| number.parse().ok())?
}

/// Reads the lines below `Ran 3 tests`.
fn finish(run: &mut Run, output: &Output, index: usize, ran: u64) {
    run.end = index;
    let mut counts = TestCounts { run: ran, ..TestCounts::default() };
    for below in index + 1..(index + 5).min(output.len()) {
        let line = output.line(below).trim();
        let passed = line == "OK" || line.starts_with("OK (");
        let failed = line == "FAILED" || line.starts_with("FAILED (") || line.starts_with("NO TESTS RAN");
        if passed || failed {
            run.passed = Some(passed);
            run.end = below;
            add(&mut counts, line);
            break;
        }
    }
    counts.run = counts.run.saturating_sub(counts.skipped);
    run.counts = Some(counts);
}

/// Adds the numbers of `FAILED (failures=1, errors=2, skipped=3)`.
fn add(counts: &mut TestCounts, line: &str) {
    let inner = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inner, _)| inner);
    for (key, value) in inner.split(", ").filter_map(|item| item.split_once('=')) {
        let value = value.parse().unwrap_or(0);
        match key.to_ascii_lowercase().as_str() {
            "failures" | "errors" | "unexpected successes" => counts.failed += value,
            "skipped" | "skip" => counts.skipped += value,
            _ => {}
        }
    }
}
