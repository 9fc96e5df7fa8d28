//! Real logs, in which nearly nothing is a secret.

use repair_core::redact::Redactor;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Of a hundred lines, at most so many may be changed.
const MOST: f64 = 2.0;

fn logs() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(2);
    let folder = above.map(|folder| folder.join("shared/corpus/logs")).find(|folder| folder.is_dir());
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let entries = entries.map(|entry| entry.path());
    let mut logs: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "log")).collect();
    logs.sort();
    logs
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads logs, and says more when asked")]
fn real_logs_are_hardly_changed() {
    let logs = logs();
    if logs.is_empty() {
        println!("skipped: there is no folder of real logs beside the repository");
        return;
    }
    let (mut lines, mut changed) = (0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for path in &logs {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let left = Redactor::new().redact(&text).into_owned();
        assert_eq!(text.lines().count(), left.lines().count(), "{}: the lines are kept", path.display());
        assert_eq!(Redactor::new().redact(&left), left, "{}: a second time changes nothing", path.display());
        for (before, after) in text.lines().zip(left.lines()) {
            lines += 1;
            if before != after {
                changed += 1;
                let kind = after.split_once("<<REDACTED:").and_then(|(_, rest)| rest.split('#').next()).unwrap_or("?");
                *kinds.entry(kind.to_owned()).or_default() += 1;
                if std::env::var_os("SHOW_REDACTED").is_some() {
                    println!("- {before}\n+ {after}");
                }
            }
        }
    }
    let rate = 1000.0 * f64::from(changed) / f64::from(lines);
    println!("{} logs, {lines} lines, {changed} changed: {rate:.2} of 1,000; {kinds:?}", logs.len());
    assert!(rate <= 10.0 * MOST, "{rate:.2} of 1,000 lines are changed: {kinds:?}");
}
