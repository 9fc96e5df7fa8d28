//! The names by which GitHub knows the repository's workflows.

use super::WORKFLOW_PATHS;
use repair_core::{RepoPath, Snapshot};
use yaml_serde::Value;

/// What the repository's workflow files say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The names of those that run by themselves, in the order of their files.
    pub(super) names: Vec<String>,
    /// Files that could not be read.
    pub(super) unread: Vec<RepoPath>,
}

impl Found {
    fn add(&mut self, name: String) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}

/// The workflows of a repository, without our own.
pub(super) fn of(snapshot: &Snapshot) -> Found {
    let mut found = Found::default();
    for path in snapshot.paths().filter(|path| is_workflow(path)) {
        let text = snapshot.text(path).ok();
        match text.and_then(|text| yaml_serde::from_str::<Value>(text).ok()).filter(Value::is_mapping) {
            Some(document) if is_only_called(&document) => {}
            Some(document) => found.add(name(&document, path)),
            None => found.unread.push(path.clone()),
        }
    }
    found
}

fn is_workflow(path: &RepoPath) -> bool {
    let folder = path.parent().is_some_and(|parent| parent.as_str() == ".github/workflows");
    folder && matches!(path.extension(), Some("yml" | "yaml")) && !WORKFLOW_PATHS.contains(&path.as_str())
}

/// GitHub calls a workflow without a name by its path.
fn name(document: &Value, path: &RepoPath) -> String {
    let name = document.get("name").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    name.unwrap_or(path.as_str()).to_owned()
}

/// Whether other workflows call it and nothing else starts it; its failures are then theirs.
fn is_only_called(document: &Value) -> bool {
    let is_call = |event: &Value| event.as_str() == Some("workflow_call");
    match document.get("on") {
        Some(Value::Mapping(events)) => events.len() == 1 && events.keys().all(is_call),
        Some(Value::Sequence(events)) => events.len() == 1 && events.iter().all(is_call),
        Some(event) => is_call(event),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Found {
        let files = files.iter().map(|(name, text)| (RepoPath::new(name).unwrap(), *text));
        of(&Snapshot::from_files(files))
    }

    #[test]
    fn workflows_have_the_names_that_github_gives_them() {
        let found = found(&[
            (".github/workflows/a.yml", "name: \"Tests: all\"\non: push\n"),
            (".github/workflows/b.yaml", "on: [push]\n"),
            (".github/workflows/c.yml", "name: '  '\non:\n  push:\n"),
            (".github/workflows/d.yml", "name: Lint # quickly\n'on': {pull_request: }\n"),
            (".github/workflows/e.yml", "name: 'Tests: all'\non: push\n"),
        ]);
        assert_eq!(found.names, ["Tests: all", ".github/workflows/b.yaml", ".github/workflows/c.yml", "Lint"]);
        assert_eq!(found.unread, []);
    }

    #[test]
    fn what_runs_only_below_others_is_left_out_and_so_are_we() {
        let found = found(&[
            (".github/workflows/ci-repair.yml", "name: CI repair\non: workflow_run\n"),
            (".github/workflows/one.yml", "name: One\non: workflow_call\n"),
            (".github/workflows/two.yml", "name: Two\non: [workflow_call]\n"),
            (".github/workflows/three.yml", "name: Three\non:\n  workflow_call:\n    inputs: {}\n"),
            (".github/workflows/four.yml", "name: Four\non: [workflow_call, push]\n"),
            (".github/workflows/deeper/five.yml", "name: Five\non: push\n"),
            (".github/workflows/notes.md", "name: Six\n"),
            ("workflows/seven.yml", "name: Seven\non: push\n"),
        ]);
        assert_eq!(found.names, ["Four"]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let found = found(&[
            (".github/workflows/a.yml", "name: [\n"),
            (".github/workflows/b.yml", "just text\n"),
            (".github/workflows/c.yml", "name: Good\non: push\n"),
        ]);
        let unread: Vec<&str> = found.unread.iter().map(RepoPath::as_str).collect();
        assert_eq!(unread, [".github/workflows/a.yml", ".github/workflows/b.yml"]);
        assert_eq!(found.names, ["Good"]);
    }
}
