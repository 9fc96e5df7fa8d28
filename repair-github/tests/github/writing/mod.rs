//! The client's writing side against the universe.

mod branches;
mod faults;
mod identity;
mod issues;
mod proposals;
mod reviews;

use super::reading::{assert_manners, limits, name};
use crate::support::Universe;
use repair_core::RepoPath;
use repair_core::forge::{NewCommit, NewPullRequest};
use repair_github::{GitHub, SignIn};

/// A client with the workflow's token and little patience.
fn github(universe: &Universe) -> GitHub {
    signed_in(universe, SignIn::workflow_token(universe.token()))
}

fn signed_in(universe: &Universe, sign_in: SignIn) -> GitHub {
    GitHub::builder(sign_in).api_url(universe.url()).limits(limits()).build().unwrap()
}

/// The commit that a branch points to now.
async fn head(universe: &Universe, branch: &str) -> Option<String> {
    let found = universe.owner_sees(&format!("git/ref/heads/{branch}")).await;
    found["object"]["sha"].as_str().map(str::to_owned)
}

/// A commit of these files.
fn changing(files: &[(&str, Option<&str>)]) -> NewCommit {
    let file = |(path, content): &(&str, Option<&str>)| {
        (RepoPath::new(path).unwrap(), content.map(|content| content.as_bytes().to_vec()))
    };
    let files = files.iter().map(file).collect();
    NewCommit {
        headline: "fix: a repair".to_owned(),
        body: "Why\n\nCI-Repair-Fixer: x".to_owned(),
        files,
        created: Vec::new(),
    }
}

/// A pull request from a branch to `main`.
fn proposal(head: &str, draft: bool) -> NewPullRequest {
    let (title, body) = ("A repair".to_owned(), "What failed".to_owned());
    NewPullRequest { title, body, head: head.to_owned(), base: "main".to_owned(), draft }
}
