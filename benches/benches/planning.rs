//! How fast a plan is made for a repository of several hundred files.

#![allow(missing_docs, reason = "criterion's macros make items without documentation")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use repair_core::{Applicability, Category, Failure, Policy, Repairer, RepoPath, Snapshot};
use repair_fixers::{analyzers, generators, guards};
use std::hint::black_box;

const FILES: usize = 400;

fn path(number: usize) -> RepoPath {
    RepoPath::new(format!("shop/part_{}/module_{number}.py", number % 20)).expect("a path")
}

fn source(number: usize) -> String {
    let functions: String = (0..20)
        .map(|index| {
            format!(
                "\n\ndef function_{index}(value):\n    \"\"\"Adds.\"\"\"\n    return value + {number} + sys.maxsize\n"
            )
        })
        .collect();
    match number {
        7 => format!("import os\nimport sys\n{functions}"),
        8 => functions.trim_start().to_owned(),
        9 => format!("import sys\n{functions}\n\nif True\n    pass\n"),
        _ => format!("import sys\n{functions}"),
    }
}

fn failure(category: Category, tool: &str, code: &str, number: usize, line: u32, message: &str) -> Failure {
    let mut failure = Failure::new(category, tool);
    failure.path = Some(path(number));
    (failure.line, failure.code, failure.message) = (Some(line), Some(code.to_owned()), Some(message.to_owned()));
    failure
}

fn failures() -> Vec<Failure> {
    vec![
        failure(Category::Quality, "ruff", "F401", 7, 1, "`os` imported but unused"),
        failure(Category::Quality, "ruff", "F821", 8, 3, "Undefined name `sys`"),
        failure(Category::Syntax, "python", "SyntaxError", 9, 103, "expected ':'"),
    ]
}

fn planning(criterion: &mut Criterion) {
    let files: Vec<(RepoPath, String)> = (0..FILES).map(|number| (path(number), source(number))).collect();
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let repairer = Repairer::builder()
        .generators(generators())
        .analyzers(analyzers())
        .guards(guards::all())
        .policy(Policy { allow: Applicability::Speculative })
        .build();
    let failures = failures();
    let plan = |snapshot: &Snapshot| runtime.block_on(repairer.plan(snapshot, &failures));
    let (first, _) = plan(&Snapshot::from_files(files.clone()));
    assert!(!first.chosen.is_empty(), "there is something to measure");
    let mut group = criterion.benchmark_group("planning");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("a fresh snapshot", |bencher| {
        let fresh = || Snapshot::from_files(files.clone());
        bencher.iter_batched(fresh, |snapshot| plan(black_box(&snapshot)), criterion::BatchSize::LargeInput);
    });
    let known = Snapshot::from_files(files.clone());
    group.bench_function("a known snapshot", |bencher| bencher.iter(|| plan(black_box(&known))));
}

criterion_group!(benches, planning);
criterion_main!(benches);
