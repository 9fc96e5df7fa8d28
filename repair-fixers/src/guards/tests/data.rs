//! Files that tests read.

use super::guard::RULES;
use crate::guards::commands::Weakness;
use crate::guards::place;
use repair_core::{ChangeSet, Objection, RepoPath, Snapshot};

/// What a change does to data files of tests.
pub(super) fn objections(
    before: &Snapshot,
    after: &Snapshot,
    changes: &ChangeSet,
    source_changes: bool,
) -> Vec<Objection> {
    let data = changes.paths().filter(|path| before.contains(path) && is_data(path));
    let changed = data.filter_map(|path| {
        let old = before.file(path).ok()?;
        let moved = changes.paths().filter(|other| *other != path && !before.contains(other));
        let kept = moved.filter_map(|other| after.file(other).ok()).any(|file| file.hash() == old.hash());
        if kept {
            let weakness = Weakness::needs_person("data that tests read was moved");
            return Some(weakness.objection(&RULES[4]).at(path, None));
        }
        let reason = match after.file(path) {
            Err(_) => "data that tests read was deleted",
            Ok(new) if same_meaning(path, old.text(), new.text()) => return None,
            Ok(_) => "data that tests read was rewritten",
        };
        let weakness = if source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) };
        Some(weakness.objection(&RULES[4]).at(path, None))
    });
    changed.collect()
}

fn is_data(path: &RepoPath) -> bool {
    let named = [
        "golden",
        "snapshots",
        "__snapshots__",
        "fixtures",
        "testdata",
        "test_data",
        "cassettes",
        "expected",
        "baseline",
    ];
    let folder = path.parent().is_some_and(|parent| parent.components().any(|part| named.contains(&part)));
    let ignored = matches!(path.extension(), Some("md" | "rst" | "cfg" | "ini" | "toml"));
    (place::is_test(path) || folder || matches!(path.extension(), Some("ambr" | "snap" | "golden")))
        && !place::is_python(path)
        && !ignored
}

/// Whether two texts differ only in layout.
fn same_meaning(path: &RepoPath, old: Option<&str>, new: Option<&str>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let trimmed = |text: &str| {
        let mut lines = lines(text);
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    };
    path.extension() == Some("json") && json(old).is_some() && json(old) == json(new) || trimmed(old) == trimmed(new)
}
