//! How fast logs are read and understood, beside others that look at the same text in the same run: ripgrep's own
//! library with patterns for what the parsers know, and a scan with one regular expression a line, as a quick script
//! would do it.
//!
//! `cargo bench -p repair-benches --bench reading` prints megabytes a second of one core, and ratios.

mod common;

use common::clock::best;
use common::synthetic::{FORMS, Form, KINDS, Kind, Synthetic};
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::{Searcher, SearcherBuilder, Sink, SinkMatch};
use regex::bytes::Regex;
use repair_fixers::logs::{diagnose, read};
use std::hint::black_box;
use std::time::Duration;

/// Megabytes of a large log.
const LARGE: u64 = 50;
/// How often each is run; the fastest run counts.
const REPEATS: u64 = 5;

/// What somebody would search for who wanted to find what the parsers find.
const PATTERNS: [&str; 12] = [
    r"^(.*\d )?(FAILED|ERROR|FAIL|UNEXPECTED SUCCESS)[: ]",
    r" (FAILED|ERROR) +\[ *\d+%\]",
    r"^(.*Z )?E  ",
    r"=+ .*\b\d+ (failed|passed|errors?)\b.* =+$",
    r"Traceback \(most recent call last\)",
    r"\.pyi?:\d+(:\d+)?:? [A-Z]+\d+ ",
    r": (error|fatal error|warning): ",
    r"\b[A-Z]\w*(Error|Exception): ",
    r"##\[error\]|Process completed with exit code \d+",
    r"would reformat |Would reformat: |\.\.\.Failed$",
    r"No matching distribution found|ResolutionImpossible|ERROR: Could not ",
    r"No space left on device|Could not resolve host|Connection (timed out|reset)|Read timed out|rate limit exceeded",
];

fn main() {
    let naive = Regex::new(r"(?i)\b(error|failed|exception|traceback)\b").expect("a valid pattern");
    let patterns =
        RegexMatcherBuilder::new().line_terminator(Some(b'\n')).build_many(&PATTERNS).expect("valid patterns");
    println!("MB/s of one core, {LARGE} MB; `1 MB` is the time per byte there, over that here");
    println!("form   kind      naive   ripgrep      read       all   all:naive   all:ripgrep   1 MB");
    for (form_name, form) in FORMS {
        for (kind_name, kind) in KINDS {
            println!("{form_name:<6} {kind_name:<7} {}", row(form, kind, &naive, &patterns));
        }
    }
}

/// One row of the table.
fn row(form: Form, kind: Kind, naive: &Regex, patterns: &RegexMatcher) -> String {
    let text = Synthetic::text(form, kind, LARGE * 1_000_000);
    let speed = |time: Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
    let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').filter(|line| naive.is_match(line)).count();
    let naive = speed(best(REPEATS, || lines(&text)));
    let ripgrep = speed(best(REPEATS, || matches(&text, patterns)));
    let reading = speed(best(REPEATS, || read(&text[..])));
    let all = speed(best(REPEATS, || read(&text[..]).map(|log| diagnose(&log))));
    let small = Synthetic::text(form, kind, 1_000_000);
    let many = || (0..LARGE).for_each(|_| _ = black_box(read(&small[..]).map(|log| diagnose(&log))));
    let ratio = all / (small.len() as f64 * LARGE as f64 / 1e6 / best(REPEATS, many).as_secs_f64());
    format!(
        "{naive:>7.0} {ripgrep:>9.0} {reading:>9.0} {all:>9.0} {:>11.2} {:>13.2} {ratio:>6.2}",
        all / naive,
        all / ripgrep
    )
}

/// How many lines match, with their numbers counted.
fn matches(text: &[u8], patterns: &RegexMatcher) -> u64 {
    let mut count = Count(0);
    let mut searcher: Searcher = SearcherBuilder::new().line_number(true).build();
    searcher.search_slice(patterns, text, &mut count).expect("memory can be read");
    count.0
}

struct Count(u64);

impl Sink for Count {
    type Error = std::io::Error;

    fn matched(&mut self, _: &Searcher, _: &SinkMatch<'_>) -> Result<bool, Self::Error> {
        self.0 += 1;
        Ok(true)
    }
}
