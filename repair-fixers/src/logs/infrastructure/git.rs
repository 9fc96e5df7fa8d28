//! What git could not fetch or push.

use super::{error_message, failure};
use repair_core::{Failure, Step};

/// Parts of the sentences behind `fatal:` that are about another machine or a missing object.
const FATAL: [&str; 22] = [
    "unable to access",
    "Could not read from remote",
    "could not read Username",
    "could not read Password",
    "Authentication failed",
    "not found",
    "couldn't find remote ref",
    "early EOF",
    "the remote end hung up",
    "unable to connect",
    "not a git repository",
    "reference is not a tree",
    "detected dubious ownership",
    "Not a valid object name",
    "bad object",
    "bad revision",
    "No url found for submodule path",
    "remote error:",
    "Remote branch",
    "Unable to checkout",
    "not our ref",
    "protocol error",
];

/// Sentences of git and of GitHub's side of a push.
pub(super) const SENTENCES: [&str; 7] = [
    "remote: Permission to ",
    "remote: error: GH",
    "remote: Repository not found.",
    "error: failed to push some refs to ",
    "refusing to allow a GitHub App to create or update workflow",
    "error: pathspec '",
    "A branch or tag with the name '",
];

/// `fatal: unable to access …`, also below pip, and refused pushes.
pub(super) fn failed(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let rest = line.trim_start();
    let rest = error_message(rest).unwrap_or(rest);
    if let Some(message) = rest.strip_prefix("fatal: ").or_else(|| rest.strip_prefix("remote: fatal: ")) {
        return FATAL
            .iter()
            .any(|sign| message.contains(sign))
            .then(|| failure(step, index, "git", Some("128"), message));
    }
    SENTENCES.iter().any(|sign| rest.contains(sign)).then(|| {
        let message = rest.strip_prefix("remote: ").unwrap_or(rest);
        failure(step, index, "git", None, message)
    })
}

#[cfg(test)]
mod tests {
    use super::super::Trouble;
    use super::super::tests::{check, step};
    use repair_core::{LogParser, StepOutcome};

    #[test]
    fn what_could_not_be_fetched() {
        for message in [
            "unable to access 'https://x/': Could not resolve host: x",
            "couldn't find remote ref refs/heads/gone",
            "reference is not a tree: 3f0e",
            "No url found for submodule path 'vendor/x' in .gitmodules",
            "detected dubious ownership in repository at '/__w/a/a'",
        ] {
            check(&Trouble, &format!("fatal: {message}"), "git", Some("128"), message);
            check(&Trouble, &format!("##[error]fatal: {message}"), "git", Some("128"), message);
        }
    }

    #[test]
    fn what_could_not_be_pushed() {
        let denied = "remote: Permission to acme/shop.git denied to github-actions[bot].";
        check(&Trouble, denied, "git", None, "Permission to acme/shop.git denied to github-actions[bot].");
        let both = format!(
            "{denied}\nfatal: unable to access 'https://github.com/acme/shop/': The requested URL returned error: 403"
        );
        check(
            &Trouble,
            &both,
            "git",
            Some("128"),
            "unable to access 'https://github.com/acme/shop/': The requested URL returned error: 403",
        );
    }

    #[test]
    fn other_fatal_errors_are_no_trouble_of_git() {
        let found = Trouble.parse(&step("fatal: my program is sad", StepOutcome::Failed(Some(1))));
        assert_eq!(found.failures, []);
    }
}
