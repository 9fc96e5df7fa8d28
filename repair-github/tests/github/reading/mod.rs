//! The client's reading side against the universe.

mod faults;
mod logs;
mod people;
mod runs;

use crate::support::contract::contract;
use crate::support::{StartedRun, Universe};
use repair_core::forge::{Forge, RepositoryName, Run};
use repair_github::{GitHub, Limits, SignIn};
use std::time::Duration;

/// A client with the workflow's token and little patience.
pub(crate) fn github(universe: &Universe) -> GitHub {
    GitHub::builder(SignIn::workflow_token(universe.token())).api_url(universe.url()).limits(limits()).build().unwrap()
}

/// Limits that tests can wait for.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    (limits.attempts, limits.call, limits.download) = (3, Duration::from_secs(4), Duration::from_secs(4));
    limits
}

/// The repository's name.
pub(crate) fn name(universe: &Universe) -> RepositoryName {
    universe.repository().parse().unwrap()
}

/// What the client reads of a run.
pub(crate) async fn read(universe: &Universe, started: &StartedRun) -> Run {
    github(universe).run(&name(universe), started.id, None).await.unwrap()
}

/// Everything that was asked is valid by GitHub's description, and the other host never saw the token.
pub(crate) fn assert_manners(universe: &Universe) {
    contract().check(&universe.requests()).unwrap();
    assert!(!universe.requests().is_empty());
    assert!(universe.storage_requests().iter().all(|call| !call.headers.contains_key("authorization")));
    let sent = String::from_utf8_lossy(&universe.bytes_sent()).into_owned();
    assert!(!sent.contains(&universe.token()), "the token stays in its header");
}
