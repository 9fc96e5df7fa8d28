//! One pull request for a failure, from its beginning to its end.

use super::{BROKEN, REPAIRED, Story};
use crate::support::{Call, Fault};
use repair_core::Applicability;
use repair_core::bundle::Conclusion;
use repair_core::publish::{Left, PublishError, Published};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_red_run_becomes_a_pull_request() {
    let story = Story::begins().await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let Published::Opened { number, branch, .. } = story.publish(&work).await else { panic!("not opened") };
    let pulls = story.pull_requests().await;
    assert_eq!((pulls.len(), pulls[0]["number"].as_u64()), (1, Some(number)));
    assert_eq!(pulls[0]["title"], "Repair CI: Remove the import `os`");
    assert_eq!((&pulls[0]["draft"], &pulls[0]["base"]["ref"]), (&json!(false), &json!("main")));
    assert_eq!(branch, format!("ci-repair/{}", work.bundle.answered()[0]));
    assert_eq!(pulls[0]["head"]["ref"], branch.as_str());
    assert_eq!(pulls[0]["labels"][0]["name"], "ci-repair");
    let body = pulls[0]["body"].as_str().unwrap();
    for part in [
        work.bundle.source.url.as_str(),
        "| `app.py:1` | `quality: ruff F401` | `` `os` imported but unused, says @octocat `` |",
        "| safe | `` Remove the import `os` `` | `nothing uses it` | `import/unused` |",
        "| `ruff` | `1 failure, exit 1 (0.3 s)` | `passed (0.3 s)` |",
        "ruff check .",
        "Checks do not start by themselves",
        "CI-Repair-Fingerprint: ",
        "ci-repair:off",
    ] {
        assert!(body.contains(part), "{part} is not in\n{body}");
    }
    let commits = story.universe.owner_sees(&format!("pulls/{number}/commits")).await;
    let message = commits[0]["commit"]["message"].as_str().unwrap();
    assert!(message.starts_with("Repair CI: Remove the import `os`\n\n- Remove"), "{message}");
    assert!(message.contains("\nCI-Repair-Fixer: import/unused\n"), "{message}");
    assert_eq!(commits.as_array().unwrap().len(), 1);
    assert_eq!(story.our_branches().await, [branch]);
    story.ends();
}

#[tokio::test]
async fn what_is_not_safe_becomes_a_draft() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    work.bundle.fixes[0].applicability = Applicability::Unsafe;
    story.publish(&work).await;
    assert_eq!(story.pull_requests().await[0]["draft"], true);
}

#[tokio::test]
async fn the_same_run_delivered_again_changes_nothing() {
    let story = Story::begins().await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    story.publish(&work).await;
    story.universe.forget_requests();
    assert!(matches!(story.publish(&work).await, Published::Unchanged { number: 1, .. }));
    let requests = story.universe.requests();
    let wrote = |call: &&Call| call.method != "GET" && !String::from_utf8_lossy(&call.body).contains("viewer");
    let written: Vec<String> = requests.iter().filter(wrote).map(|call| call.target()).collect();
    assert_eq!(written, [""; 0]);
    story.ends();
}

#[tokio::test]
async fn a_second_red_run_updates_the_pull_request() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let work = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    assert!(matches!(story.publish(&work).await, Published::Updated { number: 1, .. }));
    let pulls = story.pull_requests().await;
    assert_eq!(pulls.len(), 1);
    assert!(pulls[0]["body"].as_str().unwrap().contains("CI-Repair-Attempt: 2\n"));
    let commits = story.universe.owner_sees("pulls/1/commits").await;
    assert_eq!(commits.as_array().unwrap().len(), 1, "it is one commit on top of what failed");
    assert_eq!(commits[0]["parents"][0]["sha"], work.bundle.source.head_sha.as_str());
    assert_eq!(story.our_branches().await.len(), 1, "nothing is left of making it");
    story.ends();
}

#[tokio::test]
async fn a_pull_request_is_found_again_when_one_more_thing_fails() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let mut work = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    let mut other = work.bundle.failures[0].clone();
    other.message = Some("another thing".to_owned());
    let fingerprint = other.fingerprint();
    work.bundle.failures.insert(0, other);
    work.bundle.fixes[0].fingerprints.insert(0, fingerprint);
    assert!(matches!(story.publish(&work).await, Published::Updated { number: 1, .. }));
    assert_eq!(story.pull_requests().await.len(), 1);
}

#[tokio::test]
async fn a_commit_of_a_person_makes_the_branch_theirs_and_the_repair_is_proposed_anew() {
    let story = Story::begins().await;
    let Published::Opened { branch, .. } = story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await
    else {
        panic!("not opened")
    };
    let theirs = story.universe.commit(&branch, &[("note.txt", "mine\n")]).await;
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let work = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    let Published::Opened { number: 2, branch: second, .. } = story.publish(&work).await else { panic!("not anew") };
    assert_eq!(second, format!("{branch}-2"));
    let pulls = story.pull_requests().await;
    assert_eq!((pulls.len(), &pulls[0]["state"], &pulls[1]["state"]), (2, &json!("closed"), &json!("open")));
    assert!(story.comments(1).await[0].contains("it is theirs now"));
    let head = story.universe.owner_sees(&format!("git/ref/heads/{branch}")).await;
    assert_eq!(head["object"]["sha"], theirs.as_str(), "what they committed stays");
    assert!(matches!(story.publish(&work).await, Published::Unchanged { number: 2, .. }), "it is no refusal");
    story.ends();
}

#[tokio::test]
async fn after_the_merge_nothing_is_left() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    story.universe.owner_does("PUT", "pulls/1/merge", &json!({})).await;
    story.universe.commit("main", &[("other.py", BROKEN)]).await;
    let run = story.red("main").await;
    let work = story.repaired(&run, "main", "other.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 2, .. }));
    assert_eq!(story.our_branches().await.len(), 1, "the branch of what was merged is gone");
    story.universe.owner_does("PUT", "pulls/2/merge", &json!({})).await;
    assert!(story.universe.open_pull_requests().await.is_empty());
}

#[tokio::test]
async fn a_pull_request_that_no_longer_fits_is_made_anew_on_the_same_branch() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    let conflicting = "import os\nimport re\nx = 1\n";
    story.universe.commit("main", &[("app.py", conflicting)]).await;
    let work = story.red_and_repaired("main", conflicting, "import re\nx = 1\n").await;
    assert!(matches!(story.publish(&work).await, Published::Updated { number: 1, .. }));
    let files = story.universe.owner_sees("pulls/1/files").await;
    assert_eq!(files[0]["filename"], "app.py");
    let head = story.pull_requests().await[0]["head"]["ref"].as_str().unwrap().to_owned();
    let now = story.universe.owner_sees(&format!("git/ref/heads/{head}")).await;
    let commit = story.universe.owner_sees(&format!("git/commits/{}", now["object"]["sha"].as_str().unwrap())).await;
    assert_eq!(commit["parents"][0]["sha"], work.bundle.source.head_sha.as_str());
}

#[tokio::test]
async fn a_pull_request_that_no_longer_fits_and_did_not_fail_again_is_closed_with_a_sentence() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    story.universe.commit("main", &[("app.py", "import sys\nx = sys.argv\n"), ("other.py", BROKEN)]).await;
    let run = story.red("main").await;
    let work = story.repaired(&run, "main", "other.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 2, .. }));
    let pulls = story.pull_requests().await;
    assert_eq!((pulls[0]["state"].as_str(), pulls[1]["state"].as_str()), (Some("closed"), Some("open")));
    assert!(story.comments(1).await[0].contains("no longer fits"));
    assert_eq!(story.our_branches().await, [pulls[1]["head"]["ref"].as_str().unwrap()]);
    story.universe.commit("main", &[("app.py", BROKEN)]).await;
    let again = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&again).await, Published::Opened { number: 3, .. }), "it was no refusal");
    story.ends();
}

#[tokio::test]
async fn what_was_tried_often_enough_is_left() {
    let mut story = Story::begins().await;
    story.policy.attempts = 2;
    let mut last = None;
    for number in 1..=3 {
        let before = format!("import os\nx = {number}\n");
        story.universe.commit("main", &[("app.py", &before)]).await;
        let work = story.red_and_repaired("main", &before, &format!("x = {number}\n")).await;
        last = Some(story.publish(&work).await);
    }
    let Some(Published::Left(Left::Limit(why))) = last else { panic!("{last:?}") };
    assert!(why.starts_with("2 changes were proposed"), "{why}");
    assert!(story.pull_requests().await[0]["body"].as_str().unwrap().contains("Attempt: 2\n"));
}

#[tokio::test]
async fn a_commit_that_comes_while_the_branch_is_brought_up_to_date_is_not_lost() {
    let story = Story::begins().await;
    let Published::Opened { branch, .. } = story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await
    else {
        panic!("not opened")
    };
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let work = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    story.universe.forget_requests();
    // The first branch that is asked for is the one that failed, the second is ours, when it was found to be ours.
    story.universe.fault_after(1, "GET /repos/*/*/branches/**", Fault::Slow(Duration::from_millis(800)));
    let commits = async {
        let asks = |call: &Call| call.target().contains("/branches/ci-repair");
        while !story.universe.requests().iter().any(asks) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        story.universe.commit(&branch, &[("note.txt", "mine\n")]).await
    };
    let (published, theirs) = tokio::join!(story.publish(&work), commits);
    let head = story.universe.owner_sees(&format!("git/ref/heads/{branch}")).await;
    assert_eq!(head["object"]["sha"], theirs.as_str(), "{published:?}");
    assert!(matches!(published, Published::Opened { number: 2, .. }), "{published:?}");
}

#[tokio::test]
async fn a_text_that_a_person_has_edited_in_a_browser_is_found_again() {
    let story = Story::begins().await;
    story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await;
    let body = story.pull_requests().await[0]["body"].as_str().unwrap().replace('\n', "\r\n");
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "body": body })).await;
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let work = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    assert!(matches!(story.publish(&work).await, Published::Updated { number: 1, .. }));
}

#[tokio::test]
async fn a_pull_request_is_a_draft_exactly_as_long_as_something_still_fails() {
    let mut story = Story::begins().await;
    story.policy.partial = true;
    for (number, whole) in [(1, true), (2, false), (3, true)] {
        let before = format!("import os\nx = {number}\n");
        story.universe.commit("main", &[("app.py", &before)]).await;
        let mut work = story.red_and_repaired("main", &before, &format!("x = {number}\n")).await;
        if !whole {
            let mut other = work.bundle.failures[0].clone();
            other.message = Some("another thing".to_owned());
            work.bundle.remaining.push(other);
            work.bundle.conclusion = Conclusion::FailuresRemain;
        }
        story.publish(&work).await;
        let pulls = story.pull_requests().await;
        assert_eq!((pulls.len(), pulls[0]["draft"].as_bool()), (1, Some(!whole)), "{number}");
        let body = pulls[0]["body"].as_str().unwrap();
        assert_eq!((body.contains("It is a draft"), body.contains("repairs a part")), (!whole, !whole), "{body}");
    }
}

#[tokio::test]
async fn a_template_that_is_broken_leaves_no_branch() {
    let mut story = Story::begins().await;
    story.templates.pull_request = "{% if %}".to_owned();
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let error = story.try_to_publish(&work).await.unwrap_err();
    assert!(matches!(error, PublishError::Template(_)), "{error}");
    assert!(story.our_branches().await.is_empty());
}

#[tokio::test]
async fn a_pull_request_that_we_ended_and_a_person_opened_again_and_closed_is_refused() {
    let story = Story::begins().await;
    let first = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    story.publish(&first).await;
    let body = story.pull_requests().await[0]["body"]
        .as_str()
        .unwrap()
        .replace("\n-->", "\nCI-Repair-Ended-By: ci-repair\n-->");
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "body": body })).await;
    assert!(matches!(story.publish(&first).await, Published::Updated { number: 1, .. }));
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    assert!(matches!(story.publish(&first).await, Published::Left(Left::Declined(_))));
}
