//! Runs of pull requests: the repair goes on top, or into a review.

use super::hostile::outside_of_code;
use super::{BROKEN, REPAIRED, Story};
use repair_core::bundle::Conclusion;
use repair_core::publish::{Left, Published};
use serde_json::Value;

async fn feature() -> Story {
    let story = Story::begins().await;
    story.universe.commit("main", &[("app.py", REPAIRED)]).await;
    story.universe.commit("feature", &[("app.py", BROKEN)]).await;
    assert_eq!(story.universe.person_opens("octocat", "feature", "main").await, 1);
    story
}

#[tokio::test]
async fn the_repair_of_a_pull_request_goes_onto_its_branch() {
    let story = feature().await;
    let work = story.red_and_repaired("feature", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 2, .. }));
    let pulls = story.pull_requests().await;
    assert_eq!(pulls[1]["base"]["ref"], "feature");
    assert!(pulls[1]["body"].as_str().unwrap().contains("It goes on top of #1"));
    story.ends();
}

#[tokio::test]
async fn the_same_failure_of_another_branch_is_another_matter() {
    let story = feature().await;
    story.publish(&story.red_and_repaired("feature", BROKEN, REPAIRED).await).await;
    story.universe.commit("main", &[("app.py", BROKEN)]).await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 3, .. }));
    assert_eq!(story.our_branches().await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_repaired_is_told_in_one_comment() {
    let story = feature().await;
    let run = story.red("feature").await;
    let mut work = story.diagnosed(&run, "feature", "app.py");
    work.bundle.conclusion = Conclusion::FailuresRemain;
    assert!(matches!(story.publish(&work).await, Published::Reported { number: 1, new: true, .. }));
    assert!(matches!(story.publish(&work).await, Published::Reported { number: 1, new: false, .. }));
    work.bundle.notes.push("something more".to_owned());
    assert!(matches!(story.publish(&work).await, Published::Reported { number: 1, new: false, .. }));
    let comments = story.comments(1).await;
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains("`something more`"), "{}", comments[0]);
    assert!(story.issues().await.is_empty() && story.our_branches().await.is_empty());
    story.ends();
}

#[tokio::test]
async fn a_change_within_the_diff_may_be_suggested() {
    let mut story = feature().await;
    story.policy.suggest = true;
    let work = story.red_and_repaired("feature", BROKEN, REPAIRED).await;
    for _ in 0..2 {
        assert!(matches!(story.publish(&work).await, Published::Suggested { number: 1, .. }));
    }
    let reviews = story.universe.requests().iter().filter(|call| call.path.ends_with("/pulls/1/reviews")).count();
    assert_eq!((reviews, story.pull_requests().await.len()), (1, 1));
    assert!(story.our_branches().await.is_empty());
    story.ends();
}

#[tokio::test]
async fn a_change_beyond_the_diff_is_not_suggested() {
    let mut story = feature().await;
    story.policy.suggest = true;
    let elsewhere = "import os\ny = 1\n";
    story.universe.commit("main", &[("old.py", elsewhere)]).await;
    story.universe.commit("second", &[("new.py", "z = 1\n")]).await;
    story.universe.person_opens("octocat", "second", "main").await;
    let run = story.red("second").await;
    let work = story.repaired(&run, "second", "old.py", elsewhere, "y = 1\n");
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 3, .. }));
}

#[tokio::test]
async fn suggestions_leave_reports_alone_and_come_to_an_end() {
    let mut story = feature().await;
    (story.policy.suggest, story.policy.attempts) = (true, 2);
    let run = story.red("feature").await;
    let mut report = story.diagnosed(&run, "feature", "app.py");
    report.bundle.conclusion = Conclusion::FailuresRemain;
    story.publish(&report).await;
    let told = story.comments(1).await;
    for number in 1..=2 {
        let before = format!("import os\nx = {number}\n");
        story.universe.commit("feature", &[("app.py", &before)]).await;
        let work = story.red_and_repaired("feature", &before, &format!("x = {number}\n")).await;
        assert!(matches!(story.publish(&work).await, Published::Suggested { number: 1, .. }));
    }
    let comments = story.comments(1).await;
    assert_eq!((comments.len(), &comments[0]), (2, &told[0]));
    story.universe.commit("feature", &[("app.py", "import os\nx = 3\n")]).await;
    let work = story.red_and_repaired("feature", "import os\nx = 3\n", "x = 3\n").await;
    let published = story.publish(&work).await;
    assert!(matches!(&published, Published::Left(Left::Limit(why)) if why.contains("2 times")), "{published:?}");
}

#[tokio::test]
async fn a_review_says_nothing_that_is_markup() {
    let mut story = feature().await;
    story.policy.suggest = true;
    let mut work = story.red_and_repaired("feature", BROKEN, REPAIRED).await;
    work.bundle.fixes[0].title = "x` ![a](//evil.example) <img src=//evil.example>".to_owned();
    assert!(matches!(story.publish(&work).await, Published::Suggested { .. }));
    let requests = story.universe.requests();
    let review = requests.iter().find(|call| call.path.ends_with("/pulls/1/reviews")).unwrap();
    let review: Value = serde_json::from_slice(&review.body).unwrap();
    let texts = [&review["body"], &review["comments"][0]["body"]];
    for line in texts.iter().flat_map(|text| outside_of_code(text.as_str().unwrap())) {
        assert!(!line.contains("evil"), "{line}");
    }
}
