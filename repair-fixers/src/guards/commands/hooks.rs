//! Which files the hooks of pre-commit look at.

use super::Weakness;
use crate::guards::config::{is_vendored, left_out};
use crate::guards::place;
use regex::Regex;
use repair_core::{RepoPath, Snapshot};
use yaml_serde::Value;

/// Hooks that look at fewer of the Python files of `snapshot` than before, and hooks that no longer run at all where
/// the settings of the whole file say so.
pub(in crate::guards) fn fewer_files(old: &str, new: &str, snapshot: &Snapshot) -> Vec<Weakness> {
    let mut before = hooks(old);
    let files: Vec<&RepoPath> = snapshot.paths().filter(|path| place::is_python(path) && !is_vendored(path)).collect();
    let mut found = Vec::new();
    for hook in hooks(new) {
        let Some(index) = before.iter().position(|it| it.id == hook.id) else { continue };
        let was = before.remove(index);
        let lost = files.iter().filter(|path| was.sees(path) && !hook.sees(path)).copied().collect();
        found.extend(left_out(&hook.id, lost));
    }
    found
}

struct Hook {
    id: String,
    files: Vec<Regex>,
    exclude: Vec<Regex>,
}

impl Hook {
    fn sees(&self, path: &RepoPath) -> bool {
        let text = path.as_str();
        self.files.iter().all(|it| it.is_match(text)) && !self.exclude.iter().any(|it| it.is_match(text))
    }
}

fn hooks(text: &str) -> Vec<Hook> {
    let Ok(value) = yaml_serde::from_str::<Value>(text) else { return Vec::new() };
    let repositories = value.get("repos").and_then(Value::as_sequence).into_iter().flatten();
    let hooks = repositories.filter_map(|it| it.get("hooks")?.as_sequence()).flatten();
    let pattern = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).and_then(|text| Regex::new(text).ok());
    let read = |hook: &Value| {
        let both = |key: &str| [pattern(&value, key), pattern(hook, key)].into_iter().flatten().collect();
        Hook {
            id: hook.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            files: both("files"),
            exclude: both("exclude"),
        }
    };
    hooks.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    fn fewer(old: &str, new: &str) -> usize {
        let snapshot = Fixture::new("#- app/a.py\n#- docs/conf.py\n").snapshot;
        let text = |(all, own): (&str, &str)| format!("{all}\nrepos:\n- repo: x\n  hooks:\n  - id: ruff\n{own}\n");
        let split = |text: &str| -> (String, String) {
            text.split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default()
        };
        let (old, new) = (split(old), split(new));
        fewer_files(&text((&old.0, &old.1)), &text((&new.0, &new.1)), &snapshot).len()
    }

    #[test]
    fn files_that_a_hook_no_longer_sees_are_told() {
        assert_eq!(fewer("/", "/    exclude: ^app"), 1);
        assert_eq!(fewer("/", "exclude: ^app/"), 1);
        assert_eq!(fewer("/", "/    files: ^docs"), 1);
        assert_eq!(fewer("/", "/    exclude: ^gone"), 0);
        assert_eq!(fewer("/    exclude: ^app", "exclude: ^app/"), 0);
    }
}
