//! The same log in pieces of any size and in every form, and the time that reading takes.

use crate::build::{failed, job, session, stamped, step};
use proptest::prelude::*;
use repair_core::Failure;
use repair_fixers::logs::{diagnose, read};
use std::io::{self, BufRead, Read};
use std::time::{Duration, Instant};

/// Hands out its bytes in pieces of the given sizes, again and again.
struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: Vec<usize>,
    next: usize,
    left: usize,
}

impl<'a> Pieces<'a> {
    fn new(bytes: &'a [u8], sizes: Vec<usize>) -> Self {
        let left = sizes[0];
        Self { bytes, sizes, next: 0, left }
    }
}

impl BufRead for Pieces<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            self.next = (self.next + 1) % self.sizes.len();
            self.left = self.sizes[self.next];
        }
        Ok(&self.bytes[..self.left.min(self.bytes.len())])
    }

    fn consume(&mut self, amount: usize) {
        self.bytes = &self.bytes[amount..];
        self.left -= amount;
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(into.len());
        into[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

/// Lines with everything that a border between two pieces can break.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("##[group]Run pytest".to_owned()),
        Just("\u{1b}[36;1mpytest\u{1b}[0m".to_owned()),
        Just("shell: /usr/bin/bash -e {0}".to_owned()),
        Just("##[endgroup]".to_owned()),
        Just("##[error]Process completed with exit code 1.".to_owned()),
        Just("Post job cleanup.".to_owned()),
        Just("------ Captured stdout call ------".to_owned()),
        Just("FAILED test_é.py::test_\u{1b}[31mb\u{1b}[0m - ValueError: naïve ✓".to_owned()),
        Just("10%\r20%\rdone\r".to_owned()),
        Just("travis_fold:start:a\r\u{1b}[0K$ x".to_owned()),
        Just("\u{1b}]8;;https://x.y/\u{1b}\\link\u{1b}]8;;\u{1b}\\".to_owned()),
        Just("web-1  | FAILED x.py::y".to_owned()),
        "[ -~\r\t\u{8}\u{1b}\u{9b}é✓\u{200b}]{0,40}",
    ]
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    (
        proptest::collection::vec((line(), any::<bool>(), any::<bool>()), 0..40),
        proptest::collection::vec(any::<u8>(), 0..6),
    )
        .prop_map(|(lines, garbage)| {
            let mut bytes = Vec::new();
            for (line, stamp, windows) in lines {
                let line = if stamp { stamped(&line).trim_end().to_owned() } else { line };
                bytes.extend_from_slice(line.as_bytes());
                bytes.extend_from_slice(if windows { b"\r\n" } else { b"\n" });
            }
            bytes.extend(garbage);
            bytes
        })
}

/// Failures without the lines that they stand at, which differ between forms.
fn failures(text: &str) -> Vec<Failure> {
    let mut found = diagnose(&read(text.as_bytes()).unwrap()).failures;
    found.iter_mut().for_each(|failure| failure.log_lines = None);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pieces_of_any_size_give_the_same_answer(bytes in log(), sizes in proptest::collection::vec(1usize..9, 1..8)) {
        let whole = read(&bytes[..]).unwrap();
        let pieces = read(Pieces::new(&bytes, sizes)).unwrap();
        prop_assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
        prop_assert_eq!(diagnose(&whole), diagnose(&pieces));
    }

    #[test]
    fn any_bytes_are_diagnosed(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        diagnose(&read(&bytes[..]).unwrap());
    }
}

#[test]
fn the_form_of_a_log_does_not_matter() {
    let output = session("printed\n\u{1b}[31mred\u{1b}[0m");
    let raw = failed("pytest", &output);
    let client: String = raw.lines().map(|line| format!("test\tRun pytest\t{line}\n")).collect();
    let numbered = raw.replace('\n', "\r\n");
    let web = step("pytest", &output, Some(1))
        .replace("##[group]", "")
        .replace("\u{1b}[36;1mpytest\u{1b}[0m\nshell", "  pytest\n  shell")
        .replace("env:\n  ", "  env:\n    ")
        .replace("##[endgroup]\n", "")
        .replace("##[error]", "Error: ");
    let expected = failures(&raw);
    assert_eq!(expected.len(), 1);
    for (form, text) in [("client", &client), ("numbered", &numbered), ("web", &web), ("plain", &output)] {
        assert_eq!(failures(text), expected, "{form}:\n{text}");
    }
}

/// The time that this thread had a processor, which other programs do not change; where that is not told, the clock.
#[expect(clippy::disallowed_methods, reason = "the test measures time")]
fn now(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|text| text.split(' ').next()?.parse().ok());
    spent.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// How long it takes to read and diagnose a log, at best.
#[expect(clippy::disallowed_methods, reason = "the test measures time")]
fn time(log: &str) -> Duration {
    let start = Instant::now();
    let once = || {
        let before = now(start);
        diagnose(&read(log.as_bytes()).unwrap());
        now(start).saturating_sub(before)
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn the_work_is_linear_in_the_log() {
    type Make = fn(usize) -> String;
    let shapes: [(&str, Make); 9] = [
        ("tracebacks", |n| {
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\nKeyError: 1\n".repeat(n)
        }),
        ("errors", |n| {
            "Traceback (most recent call last):\n  File \"a.py\", line 1\n    x\nSyntaxError: bad\n".repeat(n)
        }),
        ("starts", |n| "Traceback (most recent call last):\n".repeat(n)),
        ("frames", |n| "  File \"a.py\", line 1, in f\n".repeat(n)),
        ("links", |n| "During handling of the above exception, another exception occurred:\n\n".repeat(n)),
        ("headings", |n| format!("{}\n{}", crate::build::rule("FAILURES"), "____ test_a ____\nE   x\n".repeat(n))),
        ("summaries", |n| {
            let lines: String = (0..n).map(|i| format!("FAILED a.py::t{i} - x\n")).collect();
            format!("{}\n{lines}", crate::build::rule("short test summary info"))
        }),
        ("findings", |n| (0..n).map(|i| format!("a.py:{i}:1: E501 line too long (99 > 79 characters)\n")).collect()),
        ("braces", |n| "{[(\n".repeat(n)),
    ];
    for (name, shape) in shapes {
        let make = |count| job(&[step("pytest && flake8 && python a.py", &shape(count), Some(1))]);
        let (small, large) = (time(&make(1_000)), time(&make(8_000)));
        // Eight times the log; a quadratic reader would need sixty-four times as long.
        assert!(large < small * 32 + Duration::from_millis(50), "{name}: {small:?} for 1,000, {large:?} for 8,000");
    }
}
