//! What a path says about a file.

use repair_core::RepoPath;

/// Whether the file tests something, or supports files that do.
pub(super) fn is_test(path: &RepoPath) -> bool {
    let name = path.file_name();
    let folder = |part: &str| {
        matches!(part, "test" | "tests" | "testing" | "unittests" | "integration_tests" | "e2e" | "spec" | "specs")
            || part.starts_with("test_")
            || part.ends_with("_tests")
    };
    let named = name.ends_with(".py")
        && (name.starts_with("test")
            || name.ends_with("_test.py")
            || name.ends_with("_tests.py")
            || name == "conftest.py");
    named || path.parent().is_some_and(|parent| parent.components().any(folder))
}

/// Whether the file is Python.
pub(super) fn is_python(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("py" | "pyi" | "pyw"))
}

/// Whether the file says what a CI service runs.
pub(super) fn is_ci(path: &RepoPath) -> bool {
    let yaml = matches!(path.extension(), Some("yml" | "yaml"));
    let text = path.as_str();
    let folder =
        [".github/", ".circleci/", ".gitlab/", ".buildkite/", ".woodpecker/", ".azure-pipelines/", ".semaphore/"];
    let name = path.file_name();
    let named = [
        ".gitlab-ci",
        "azure-pipelines",
        ".travis",
        "bitbucket-pipelines",
        ".drone",
        "appveyor",
        ".appveyor",
        ".cirrus",
        "cloudbuild",
        ".readthedocs",
        "buildspec",
    ];
    yaml && (folder.iter().any(|folder| text.starts_with(folder)) || named.iter().any(|stem| name.starts_with(stem)))
        || name == "Jenkinsfile"
        || yaml && name == "action.yml"
}

/// Why a change of the file wants a person, if it does. In capitals it is the same file to many a disk.
pub(super) fn protection(path: &RepoPath) -> Option<&'static str> {
    let text = path.as_str().to_lowercase();
    let parts: Vec<&str> = text.split('/').collect();
    let name = parts.last().copied().unwrap_or_default();
    let small = RepoPath::new(&text).ok();
    match () {
        () if text.starts_with(".github/") || small.as_ref().is_some_and(is_ci) || is_ci(path) => {
            Some("it says what CI runs")
        }
        () if matches!(
            name,
            ".pre-commit-config.yaml" | ".pre-commit-hooks.yaml" | "lefthook.yml" | "lefthook.yaml"
        ) =>
        {
            Some("it configures hooks")
        }
        () if parts.iter().any(|part| matches!(*part, ".husky" | ".githooks" | "hooks.d")) => Some("it is a hook"),
        () if matches!(name, "codeowners" | ".gitattributes" | ".gitmodules") => Some("it rules the repository"),
        () if matches!(
            name,
            "agents.md"
                | "claude.md"
                | "gemini.md"
                | ".cursorrules"
                | ".windsurfrules"
                | "copilot-instructions.md"
                | ".mcp.json"
        ) =>
        {
            Some("it instructs agents")
        }
        () if parts.iter().any(|part| matches!(*part, ".cursor" | ".claude" | ".codex" | ".aider" | ".windsurf")) => {
            Some("it instructs agents")
        }
        () if name == "conftest.py" => Some("pytest runs it before every test"),
        () if matches!(name, "sitecustomize.py" | "usercustomize.py") || name.ends_with(".pth") => {
            Some("the interpreter runs it at every start")
        }
        () if matches!(name, "ci-repair.toml" | ".envrc" | ".devcontainer.json") => {
            Some("it configures the tools of the repository")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        for test in ["tests/a.py", "test_a.py", "pkg/a_test.py", "conftest.py", "tests/data/x.json", "app/tests.py"] {
            assert!(is_test(&path(test)), "{test}");
        }
        for source in ["src/app.py", "contest.py", "pkg/attest.py"] {
            assert!(!is_test(&path(source)), "{source}");
        }
        for ci in [".github/workflows/x.yml", ".gitlab-ci.yml", ".circleci/config.yml"] {
            assert!(is_ci(&path(ci)) && protection(&path(ci)).is_some(), "{ci}");
        }
        for protected in [
            "a/conftest.py",
            "sitecustomize.py",
            "x.pth",
            "AGENTS.md",
            ".github/CODEOWNERS",
            ".claude/x.md",
            ".mcp.json",
        ] {
            assert!(protection(&path(protected)).is_some(), "{protected}");
            let capitals = protected.to_uppercase();
            assert!(protection(&path(&capitals)).is_some(), "{capitals}");
        }
        assert_eq!(protection(&path("pyproject.toml")), None);
    }
}
