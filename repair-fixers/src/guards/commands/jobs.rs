//! Jobs of CI files that nothing runs.

use repair_core::RepoPath;
use yaml_serde::Value;

/// Takes the jobs out of `value` that no pipeline runs: templates of GitLab that nobody extends, and jobs of CircleCI
/// that no workflow names.
pub(super) fn take_unused(path: &RepoPath, text: &str, value: &mut Value) -> Vec<Value> {
    let Some(map) = value.as_mapping_mut() else { return Vec::new() };
    if path.file_name().starts_with(".gitlab-ci") || path.as_str().starts_with(".gitlab/") {
        let unused = |key: &Value| {
            key.as_str()
                .is_some_and(|name| name.starts_with('.') && mentions(text, name) < 2 && !has_anchor(text, name))
        };
        return take(map, unused);
    }
    let Some(workflows) = map.get("workflows").filter(|_| path.as_str().starts_with(".circleci/")) else {
        return Vec::new();
    };
    let named = yaml_serde::to_string(workflows).unwrap_or_default();
    let unused = |key: &Value| key.as_str().is_some_and(|name| mentions(&named, name) == 0);
    map.get_mut("jobs").and_then(Value::as_mapping_mut).map(|jobs| take(jobs, unused)).unwrap_or_default()
}

fn take(map: &mut yaml_serde::Mapping, unused: impl Fn(&Value) -> bool) -> Vec<Value> {
    let keys: Vec<Value> = map.keys().filter(|key| unused(key)).cloned().collect();
    keys.iter().filter_map(|key| map.remove(key)).collect()
}

/// How often `name` stands in `text` as a whole word.
fn mentions(text: &str, name: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let whole = |at: usize| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part);
    text.match_indices(name).filter(|(at, _)| whole(*at)).count()
}

/// Whether the job may be merged into another by an anchor.
fn has_anchor(text: &str, name: &str) -> bool {
    text.lines().any(|line| line.starts_with(name) && line.contains('&'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unused(path: &str, text: &str) -> usize {
        let mut value = yaml_serde::from_str(text).unwrap();
        take_unused(&RepoPath::new(path).unwrap(), text, &mut value).len()
    }

    #[test]
    fn templates_that_nobody_extends_are_unused() {
        assert_eq!(unused(".gitlab-ci.yml", ".lint:\n  script: [ruff]\ntest:\n  script: [pytest]\n"), 1);
        assert_eq!(unused(".gitlab-ci.yml", ".lint:\n  script: [ruff]\nall:\n  extends: .lint\n"), 0);
        assert_eq!(unused(".gitlab-ci.yml", ".lint: &lint\n  script: [ruff]\nall:\n  <<: *lint\n"), 0);
        assert_eq!(unused(".github/workflows/a.yml", "jobs:\n  a: {}\n"), 0);
    }

    #[test]
    fn jobs_that_no_workflow_names_are_unused() {
        let text = |jobs: &str| format!("jobs:\n  a: {{}}\n  a-b: {{}}\nworkflows:\n  m:\n    jobs: [{jobs}]\n");
        assert_eq!(unused(".circleci/config.yml", &text("a, a-b")), 0);
        assert_eq!(unused(".circleci/config.yml", &text("a-b")), 1);
        assert_eq!(unused(".circleci/config.yml", "jobs:\n  build: {}\n"), 0);
    }
}
