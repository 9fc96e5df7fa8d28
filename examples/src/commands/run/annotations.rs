//! What can be told of a job of which there are only annotations.

use repair_core::forge::Annotation;
use repair_core::{Category, Failure, RepoPath};

/// The annotations of failures as a tool would have printed them, so that what a tool says is read like its output.
pub(super) fn as_log(annotations: &[Annotation]) -> String {
    let lines = annotations.iter().filter(|said| is_of_source(said)).map(|said| {
        let message = said.message.lines().next().unwrap_or_default();
        format!("{}:{}:1: {message}\n", said.path, said.line)
    });
    lines.collect()
}

/// The failures that the annotations tell of and that are not among `known`.
pub(super) fn failures(annotations: &[Annotation], known: &[Failure]) -> Vec<Failure> {
    let mut found: Vec<Failure> = Vec::new();
    for said in annotations.iter().filter(|said| is_of_source(said)) {
        let failure = failure(said);
        let place = |other: &Failure| (other.path == failure.path) && other.line == failure.line;
        if !known.iter().any(place) && !found.contains(&failure) {
            found.push(failure);
        }
    }
    found
}

/// Whether it tells of a failure in a file. The runner itself names the folder `.github` for lack of a file.
fn is_of_source(said: &Annotation) -> bool {
    said.level == "failure" && said.path != ".github" && !said.message.trim().is_empty()
}

fn failure(said: &Annotation) -> Failure {
    let path = RepoPath::new(&said.path).ok();
    let is_test = path.as_ref().is_some_and(|path| {
        let name = path.file_name();
        name.starts_with("test_") || name.ends_with("_test.py")
    });
    let mut failure = match is_test {
        true => Failure::new(Category::Test, "pytest"),
        false => Failure::new(Category::Quality, "github-actions"),
    };
    failure.path = path;
    failure.line = Some(said.line);
    failure.message = said.message.lines().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned());
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_fixers::logs::{diagnose, read};

    fn said(path: &str, line: u32, message: &str) -> Annotation {
        Annotation::new(path, line, "failure", message)
    }

    #[test]
    fn what_a_tool_says_is_read_like_its_output() {
        let said = [said("a.py", 3, "F401 `os` imported but unused"), said(".github", 9, "Process completed")];
        let found = diagnose(&read(as_log(&said).as_bytes()).unwrap()).failures;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code.as_deref(), found[0].line), (Some("F401"), Some(3)));
        assert_eq!(failures(&said, &found), []);
    }

    #[test]
    fn what_nobody_understands_is_a_failure_of_its_place() {
        let mut warning = said("a.py", 1, "deprecated");
        warning.level = "warning".to_owned();
        let said = [said("tests/test_a.py", 7, "\n  assert 1 == 2\nmore"), said("x.txt", 1, "bad"), warning];
        let found = failures(&said, &[]);
        let told: Vec<_> = found.iter().map(|it| (it.category, it.message.as_deref())).collect();
        assert_eq!(told, [(Category::Test, Some("assert 1 == 2")), (Category::Quality, Some("bad"))]);
    }
}
