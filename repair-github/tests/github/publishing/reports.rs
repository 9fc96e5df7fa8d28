//! Where nothing can be proposed.

use super::{BROKEN, Never, REPAIRED, Story, Work};
use crate::support::Fault;
use repair_core::bundle::Conclusion;
use repair_core::publish::{Left, Published};
use serde_json::json;

async fn unrepaired(story: &Story) -> Work {
    let run = story.red("main").await;
    let mut work = story.diagnosed(&run, "main", "app.py");
    work.bundle.conclusion = Conclusion::FailuresRemain;
    work
}

#[tokio::test]
async fn what_cannot_be_repaired_becomes_one_issue_that_is_kept_up_to_date() {
    let story = Story::begins().await;
    let first = unrepaired(&story).await;
    assert!(matches!(story.publish(&first).await, Published::Reported { number: 1, new: true, .. }));
    assert!(matches!(story.publish(&first).await, Published::Reported { number: 1, new: false, .. }));
    let issues = story.issues().await;
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0]["labels"][0]["name"], "ci-repair");
    assert_eq!(issues[0]["title"], "CI is red on main: app.py:1: `os` imported but unused, says @\u{2060}octocat");
    let body = issues[0]["body"].as_str().unwrap();
    assert!(body.contains("no repair is proposed: failures remain for which no fix was found."), "{body}");
    assert!(body.contains("````text\napp.py:1:8: F401"), "the fence is longer than the log's\n{body}");
    story.universe.commit("main", &[("more.py", "")]).await;
    let second = unrepaired(&story).await;
    assert!(matches!(story.publish(&second).await, Published::Reported { number: 1, new: false, .. }));
    let body = story.issues().await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains(&second.bundle.source.url) && !body.contains(&first.bundle.source.url));
    assert!(story.our_branches().await.is_empty(), "no lock is left");
    story.ends();
}

#[tokio::test]
async fn an_issue_that_was_closed_as_not_planned_stays_closed() {
    let story = Story::begins().await;
    story.publish(&unrepaired(&story).await).await;
    let closed = json!({ "state": "closed", "state_reason": "not_planned" });
    story.universe.owner_does("PATCH", "issues/1", &closed).await;
    story.universe.commit("main", &[("more.py", "")]).await;
    let published = story.publish(&unrepaired(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Declined(_))), "{published:?}");
    let done = json!({ "state": "closed", "state_reason": "completed" });
    story.universe.owner_does("PATCH", "issues/1", &done).await;
    let published = story.publish(&unrepaired(&story).await).await;
    assert!(matches!(published, Published::Reported { number: 2, new: true, .. }), "{published:?}");
}

#[tokio::test]
async fn a_pull_request_that_is_not_permitted_becomes_an_issue_with_the_patch() {
    let story = Story::begins().await;
    story.universe.forbid_pull_requests();
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&work).await, Published::Reported { number: 1, new: true, .. }));
    let body = story.issues().await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("Allow GitHub Actions to create and approve pull requests"), "{body}");
    assert!(body.contains("```diff\ndiff --git a/app.py b/app.py"), "{body}");
    assert!(story.our_branches().await.is_empty(), "no branch is left without a pull request");
    assert!(story.pull_requests().await.is_empty());
    story.ends();
}

#[tokio::test]
async fn a_change_that_the_guards_refuse_is_not_shown() {
    let mut story = Story::begins().await;
    story.guards.push(Box::new(Never));
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&work).await, Published::Reported { new: true, .. }));
    let body = story.issues().await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("the guards object to the change (`never`)") && !body.contains("diff --git"), "{body}");
    assert!(story.pull_requests().await.is_empty() && story.our_branches().await.is_empty());
}

#[tokio::test]
async fn the_repair_that_comes_later_closes_the_issue() {
    let story = Story::begins().await;
    story.publish(&unrepaired(&story).await).await;
    story.universe.commit("main", &[("app.py", BROKEN), ("more.py", "")]).await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    let pulls = story.pull_requests().await;
    assert!(pulls[0]["body"].as_str().unwrap().contains("\nCloses #1.\n"), "{}", pulls[0]["body"]);
}

#[tokio::test]
async fn reports_can_be_switched_off() {
    let mut story = Story::begins().await;
    story.policy.report = false;
    let published = story.publish(&unrepaired(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Silent(_))), "{published:?}");
    assert!(story.issues().await.is_empty());
}

#[tokio::test]
async fn an_issue_that_a_person_has_edited_in_a_browser_is_found_again() {
    let story = Story::begins().await;
    story.publish(&unrepaired(&story).await).await;
    let body = story.issues().await[0]["body"].as_str().unwrap().replace('\n', "\r\n");
    story.universe.owner_does("PATCH", "issues/1", &json!({ "body": body })).await;
    assert!(matches!(
        story.publish(&unrepaired(&story).await).await,
        Published::Reported { number: 1, new: false, .. }
    ));
    assert_eq!(story.issues().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_runs_that_fail_alike_at_the_same_time_are_one_issue() {
    let story = Story::begins().await;
    let (one, other) = (unrepaired(&story).await, unrepaired(&story).await);
    assert_ne!(one.run, other.run);
    let (one, other) = tokio::join!(story.publish(&one), story.publish(&other));
    assert_eq!(story.issues().await.len(), 1, "{one:?}, {other:?}");
    assert!(story.our_branches().await.is_empty());
}

#[tokio::test]
async fn a_repository_without_issues_is_told_nothing() {
    let story = Story::begins().await;
    story.universe.fault("POST /repos/*/*/issues", Fault::Status(410));
    let published = story.publish(&unrepaired(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Silent(_))), "{published:?}");
    assert!(story.our_branches().await.is_empty());
}
