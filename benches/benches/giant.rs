//! A log of a gigabyte, made while it is read: how fast, and how much memory at most.
//!
//! `cargo bench -p repair-benches --bench giant -- [megabytes] [form] [kind]`; without arguments a megabyte and a
//! gigabyte of every form and kind.

mod common;

use common::clock::{Clock, best};
use common::synthetic::{FORMS, Form, KINDS, Kind, Synthetic};
use repair_fixers::logs::{diagnose, read};
use std::hint::black_box;
use std::io::{BufReader, copy, sink};
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let named = |name: &str, place: usize| arguments.get(place).is_none_or(|wanted| wanted == name);
    let sizes = match arguments.first().and_then(|size| size.parse().ok()) {
        Some(size) => vec![size],
        None => vec![1, 1000],
    };
    println!("form   kind     megabytes   read MB/s   all MB/s   failures   peak MiB");
    for (form_name, form) in FORMS.into_iter().filter(|(name, _)| named(name, 1)) {
        for (kind_name, kind) in KINDS.into_iter().filter(|(name, _)| named(name, 2)) {
            for size in &sizes {
                let row = measure(form, kind, *size);
                println!("{form_name:<6} {kind_name:<8} {size:>9}   {row}");
            }
        }
    }
}

/// Speed and memory for one log of `megabytes`.
fn measure(form: Form, kind: Kind, megabytes: u64) -> String {
    // The system counts the peak from here on.
    std::fs::write("/proc/self/clear_refs", "5").ok();
    let log = || Synthetic::new(form, kind, megabytes * 1_000_000);
    let repeats = (20 / megabytes).max(1);
    let making = best(repeats, || copy(&mut log(), &mut sink()).expect("a stream that cannot fail"));
    let mut failures = 0;
    let mut diagnosing = Duration::ZERO;
    let all = best(repeats, || {
        let log = read(BufReader::new(log())).expect("a stream that cannot fail");
        let clock = Clock::start();
        failures = black_box(diagnose(&log)).failures.len();
        diagnosing = clock.elapsed();
    });
    let all = all.saturating_sub(making);
    let speed = |time: Duration| megabytes as f64 / time.as_secs_f64();
    let read = all.saturating_sub(diagnosing);
    format!("{:>9.0}   {:>8.0}   {failures:>8}   {:>8.1}", speed(read), speed(all), peak())
}

/// The most memory that this process had so far, in MiB; 0 where the system does not tell.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0) / 1024.0
}
