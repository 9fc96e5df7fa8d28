//! How fast sets of changes are applied, united and printed.

#![allow(missing_docs, reason = "criterion's macros make items without documentation")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use repair_core::{ChangeSet, RepoPath, Snapshot};
use std::hint::black_box;

const FILES: usize = 200;
const LINE: &str = "value = compute(first, second)  # twelve\n";
const LINES: usize = 500;

fn snapshot() -> Snapshot {
    let path = |number| RepoPath::new(format!("pkg/module_{number}.py")).expect("a path");
    Snapshot::from_files((0..FILES).map(|number| (path(number), LINE.repeat(LINES))))
}

/// Edits every twentieth line of every file, from the line `first` on.
fn edits(snapshot: &Snapshot, first: usize) -> ChangeSet {
    let mut changes = ChangeSet::build_on(snapshot);
    for path in snapshot.paths() {
        for line in (first..LINES).step_by(20) {
            let start = line * LINE.len();
            changes.replace(path, start..start + "value".len(), "result");
        }
    }
    changes.build().expect("disjoint edits")
}

fn changes(criterion: &mut Criterion) {
    let snapshot = snapshot();
    let (one, two) = (edits(&snapshot, 0), edits(&snapshot, 10));
    let after = one.apply(&snapshot).expect("edits that apply");
    let mut group = criterion.benchmark_group("changes");
    group.sample_size(20).throughput(Throughput::Bytes((FILES * LINES * LINE.len()) as u64));
    group.bench_function("apply", |bencher| bencher.iter(|| black_box(&one).apply(&snapshot)));
    group.bench_function("union", |bencher| bencher.iter(|| black_box(&one).union(&two)));
    group.bench_function("to_patch", |bencher| bencher.iter(|| black_box(&one).to_patch(&snapshot)));
    group.bench_function("between", |bencher| bencher.iter(|| ChangeSet::between(black_box(&snapshot), &after)));
}

criterion_group!(benches, changes);
criterion_main!(benches);
