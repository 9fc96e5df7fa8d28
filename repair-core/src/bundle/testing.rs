//! A bundle for tests.

use super::{Bundle, FixNote, Source};
use crate::{Applicability, Category, Confidence, Failure, RepoPath, Snapshot};

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// The files that the bundle is of.
pub(crate) fn base() -> Snapshot {
    Snapshot::from_files([(path("a.py"), "one\ntwo\n")])
}

/// A bundle without changes.
pub(crate) fn bundle() -> Bundle {
    let source = Source {
        repository: "octocat/hello".parse().unwrap(),
        run: 7,
        attempt: 1,
        head_sha: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        head_branch: Some("main".to_owned()),
        workflow: Some("CI".to_owned()),
        jobs: vec!["test".to_owned()],
        url: "https://github.com/octocat/hello/actions/runs/7".to_owned(),
    };
    let message = Some("`os` imported but unused".to_owned());
    Bundle::diagnosed(source, vec![Failure { message, ..Failure::new(Category::Quality, "ruff") }])
}

/// A fix.
pub(crate) fn fix() -> FixNote {
    FixNote {
        generator: "import/unused".to_owned(),
        title: "Remove the import `os`".to_owned(),
        reason: None,
        applicability: Applicability::Safe,
        confidence: Confidence::High,
        fingerprints: bundle().failures.iter().map(Failure::fingerprint).collect(),
        files: vec![path("a.py")],
        verdict: None,
    }
}
