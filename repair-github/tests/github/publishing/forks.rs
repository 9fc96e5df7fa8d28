//! Forks and strangers: told, and nothing more.

use super::{BROKEN, REPAIRED, Story};
use crate::support::{JobScript, RunScript};
use repair_core::publish::{Left, Published};

#[tokio::test]
async fn the_pull_request_of_a_fork_gets_a_comment_and_no_branch() {
    let story = Story::begins().await;
    let (fork, sha) = story.universe.fork_commits("mallory", "patch-1", &[("app.py", BROKEN)]).await;
    story.universe.person_opens("mallory", "mallory:patch-1", "main").await;
    let script = RunScript::red("patch-1", JobScript::failed("lint", "F401\n")).by("mallory").of_fork(&fork, &sha);
    let run = story.universe.run(script).await;
    let work = story.repaired(&run, "patch-1", "app.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Reported { number: 1, new: true, .. }));
    let comments = story.comments(1).await;
    assert!(comments[0].contains("the run is of a fork, whose code is not executed here"), "{}", comments[0]);
    assert!(!comments[0].contains("proven") && !comments[0].contains("What was run"), "{}", comments[0]);
    assert!(!comments[0].contains("diff --git"), "a bundle that claims a repair all the same is not believed");
    assert!(story.our_branches().await.is_empty() && story.issues().await.is_empty());
    story.ends();
}

#[tokio::test]
async fn a_fork_without_a_pull_request_is_left() {
    let story = Story::begins().await;
    let (fork, sha) = story.universe.fork_commits("mallory", "patch-1", &[("app.py", BROKEN)]).await;
    let script = RunScript::red("patch-1", JobScript::failed("lint", "F401\n")).by("mallory").of_fork(&fork, &sha);
    let run = story.universe.run(script).await;
    let published = story.publish(&story.diagnosed(&run, "patch-1", "app.py")).await;
    assert!(matches!(published, Published::Left(Left::Silent(_))), "{published:?}");
    assert!(story.universe.requests().iter().all(|call| call.method == "GET" || call.path == "/graphql"));
}

#[tokio::test]
async fn a_stranger_in_the_repository_gets_no_pull_request() {
    let story = Story::begins().await;
    let run = story.universe.run(RunScript::red("main", JobScript::failed("lint", "F401\n")).by("mallory")).await;
    let work = story.repaired(&run, "main", "app.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Reported { new: true, .. }));
    assert!(story.pull_requests().await.is_empty() && story.our_branches().await.is_empty());
}

#[tokio::test]
async fn an_account_that_is_trusted_counts_as_one_that_may_write() {
    let mut story = Story::begins().await;
    story.policy.trusted.push("mallory".to_owned());
    let run = story.universe.run(RunScript::red("main", JobScript::failed("lint", "F401\n")).by("mallory")).await;
    let work = story.repaired(&run, "main", "app.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Opened { .. }));
}
