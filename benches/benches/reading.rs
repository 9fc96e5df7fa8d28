//! How fast logs are read and understood, next to a scan with one regular expression a line in the same run.

#![allow(missing_docs, reason = "criterion's macros make items without documentation")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use regex::bytes::Regex;
use repair_fixers::logs::{diagnose, read};
use std::fmt::Write;
use std::hint::black_box;
use std::time::Duration;

const SIZE: usize = 20 << 20;

/// About [`SIZE`] bytes of a verbose pytest run, of which one test in `nth` fails; none if 0.
fn log(stamp: &str, nth: usize) -> String {
    let mut text = String::with_capacity(SIZE + (1 << 20));
    let mut line = |line: &str| writeln!(text, "{stamp}{line}").map(|()| text.len()).unwrap_or(SIZE);
    line("##[group]Run pytest -v");
    line("shell: /usr/bin/bash -e {0}");
    line("##[endgroup]");
    line("============= test session starts =============");
    let (mut failed, mut number, mut size) = (Vec::new(), 0, 0);
    while size < SIZE {
        number += 1;
        let fails = nth > 0 && number % nth == 0;
        let word = if fails { "FAILED" } else { "PASSED" };
        size = line(&format!("tests/test_{}.py::test_number_{number}[a-b] {word}       [ 42%]", number % 97));
        if fails {
            failed.push(number);
        }
    }
    for number in &failed {
        line(&format!("FAILED tests/test_{}.py::test_number_{number}[a-b] - assert {number} == 0", number % 97));
    }
    line(&format!("====== {} failed, {} passed in 12.00s ======", failed.len(), number - failed.len()));
    if nth > 0 {
        line("##[error]Process completed with exit code 1.");
    }
    text
}

/// What a quick script would do.
fn naive(text: &[u8], pattern: &Regex) -> usize {
    text.split(|byte| *byte == b'\n').filter(|line| pattern.is_match(line)).count()
}

fn reading(criterion: &mut Criterion) {
    let pattern = Regex::new(r"(?i)\b(error|failed|exception|traceback)\b").expect("a valid pattern");
    let mut group = criterion.benchmark_group("reading");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for (form, stamp) in [("raw", "2025-03-01T10:00:00.0000000Z "), ("plain", "")] {
        for (kind, nth) in [("passing", 0), ("failing", 5000)] {
            let text = log(stamp, nth);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(format!("naive regex/{form}/{kind}"), |bencher| {
                bencher.iter(|| naive(black_box(text.as_bytes()), &pattern));
            });
            group.bench_function(format!("read/{form}/{kind}"), |bencher| {
                bencher.iter(|| read(black_box(text.as_bytes())));
            });
            group.bench_function(format!("read and diagnose/{form}/{kind}"), |bencher| {
                bencher.iter(|| read(black_box(text.as_bytes())).map(|log| diagnose(&log)));
            });
        }
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
