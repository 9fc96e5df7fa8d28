//! How people stop us.

use super::{BROKEN, REPAIRED, Story, Work};
use repair_core::bundle::Conclusion;
use repair_core::forge::Reason;
use repair_core::publish::{Left, Published, Publishing};
use repair_github::{GitHub, SignIn};
use serde_json::json;

async fn proposed(story: &Story) -> Work {
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 1, .. }));
    work
}

async fn next(story: &Story) -> Work {
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await
}

#[tokio::test]
async fn closed_without_merging_means_no() {
    let story = Story::begins().await;
    let first = proposed(&story).await;
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    for work in [first.clone(), next(&story).await] {
        let published = story.publish(&work).await;
        assert!(
            matches!(&published, Published::Left(Left::Declined(url)) if url.ends_with("/1")) || work.run == first.run,
            "{published:?}"
        );
    }
    assert_eq!(story.pull_requests().await.len(), 1);
    assert!(story.issues().await.is_empty());
    let sign_in = SignIn::workflow_token(story.universe.token());
    let github = GitHub::builder(sign_in).api_url(story.universe.url()).build().unwrap();
    let repository = story.universe.repository().parse().unwrap();
    let declined = Publishing::declined(&github, &repository, "main").await.unwrap();
    assert_eq!(declined.into_iter().collect::<Vec<_>>(), first.bundle.answered());
}

#[tokio::test]
async fn no_is_remembered_without_the_label() {
    let story = Story::begins().await;
    proposed(&story).await;
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    story.universe.owner_does("DELETE", "issues/1/labels/ci-repair", &json!({})).await;
    let published = story.publish(&next(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Declined(_))), "{published:?}");
}

#[tokio::test]
async fn the_label_on_the_pull_request_stops_us() {
    let story = Story::begins().await;
    proposed(&story).await;
    story.universe.owner_does("POST", "issues/1/labels", &json!({ "labels": ["ci-repair:off"] })).await;
    let published = story.publish(&next(&story).await).await;
    assert!(matches!(published, Published::Left(Left::SwitchedOff(_))), "{published:?}");
}

#[tokio::test]
async fn the_variable_stops_everything() {
    let story = Story::begins().await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    story.universe.set_variable("CI_REPAIR", "off");
    assert_eq!(story.publish(&work).await, Published::Left(Left::Access(Reason::SwitchedOff)));
    assert!(story.universe.requests().iter().all(|call| call.method == "GET"));
}

#[tokio::test]
async fn a_branch_that_has_moved_is_left() {
    let story = Story::begins().await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    story.universe.commit("main", &[("more.py", "")]).await;
    assert_eq!(story.publish(&work).await, Published::Left(Left::Access(Reason::Moved)));
    assert!(story.pull_requests().await.is_empty() && story.our_branches().await.is_empty());
}

#[tokio::test]
async fn our_own_branches_are_never_repaired() {
    let story = Story::begins().await;
    let Published::Opened { branch, .. } = story.publish(&story.red_and_repaired("main", BROKEN, REPAIRED).await).await
    else {
        panic!("not opened")
    };
    let work = story.red_and_repaired(&branch, REPAIRED, "x = 3\n").await;
    assert_eq!(story.publish(&work).await, Published::Left(Left::Access(Reason::Ours)));
}

#[tokio::test]
async fn a_pull_request_that_a_person_sent_elsewhere_is_left() {
    let story = Story::begins().await;
    proposed(&story).await;
    story.universe.commit("develop", &[("d.txt", "d\n")]).await;
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "base": "develop" })).await;
    let published = story.publish(&next(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Moved(_))), "{published:?}");
}

#[tokio::test]
async fn the_label_that_stops_us_needs_no_other_and_no_small_letters() {
    let story = Story::begins().await;
    proposed(&story).await;
    story.universe.owner_does("POST", "issues/1/labels", &json!({ "labels": ["CI-Repair:Off"] })).await;
    story.universe.owner_does("DELETE", "issues/1/labels/ci-repair", &json!({})).await;
    let published = story.publish(&next(&story).await).await;
    assert!(matches!(published, Published::Left(Left::SwitchedOff(_))), "{published:?}");
    let labels = story.universe.owner_sees("issues/1/labels").await;
    assert_eq!(labels.as_array().unwrap().len(), 1, "the label that was taken off stays off: {labels}");
}

#[tokio::test]
async fn no_is_remembered_of_a_branch_that_is_not_ours_any_more() {
    let story = Story::begins().await;
    proposed(&story).await;
    let branch = story.our_branches().await.remove(0);
    story.universe.commit(&branch, &[("note.txt", "mine\n")]).await;
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    story.universe.owner_does("DELETE", "issues/1/labels/ci-repair", &json!({})).await;
    let published = story.publish(&next(&story).await).await;
    assert!(matches!(published, Published::Left(Left::Declined(_))), "{published:?}");
    assert_eq!(story.pull_requests().await.len(), 1);
}

#[tokio::test]
async fn what_is_proposed_or_refused_is_not_reported_too() {
    let story = Story::begins().await;
    proposed(&story).await;
    let mut work = next(&story).await;
    work.bundle.fixes.clear();
    work.bundle.conclusion = Conclusion::NotReproducible;
    assert!(matches!(story.publish(&work).await, Published::Unchanged { number: 1, .. }));
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    let published = story.publish(&work).await;
    assert!(matches!(published, Published::Left(Left::Declined(_))), "{published:?}");
    assert!(story.issues().await.is_empty());
}

#[tokio::test]
async fn what_carries_the_label_that_stops_us_is_not_tidied_away() {
    let story = Story::begins().await;
    proposed(&story).await;
    story.universe.owner_does("POST", "issues/1/labels", &json!({ "labels": ["ci-repair:off"] })).await;
    story.universe.commit("main", &[("app.py", "import sys\nx = sys.argv\n"), ("other.py", BROKEN)]).await;
    let run = story.red("main").await;
    let work = story.repaired(&run, "main", "other.py", BROKEN, REPAIRED);
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 2, .. }));
    assert_eq!(story.universe.open_pull_requests().await.len(), 2);
}
