//! What leaves contains none of the planted secrets.

use super::{BROKEN, REPAIRED, SECRET, Story};
use repair_core::publish::PublishError;

#[tokio::test]
async fn secrets_in_a_bundle_do_not_leave() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let token = format!("ghp_{}", "aB3dE5gH7j".repeat(4).chars().take(36).collect::<String>());
    let secret = format!("it says {SECRET} and {token} there");
    let secret = secret.as_str();
    work.bundle.fixes[0].title = secret.to_owned();
    work.bundle.fixes[0].reason = Some(secret.to_owned());
    work.bundle.failures[0].message = Some(secret.to_owned());
    work.bundle.excerpts[0].text = secret.to_owned();
    work.bundle.excerpts[0].job = secret.to_owned();
    work.bundle.notes.push(secret.to_owned());
    work.bundle.before.as_mut().unwrap().runs[0].command = secret.to_owned();
    work.bundle.before.as_mut().unwrap().environment = secret.to_owned();
    story.publish(&work).await;
    story.universe.forbid_pull_requests();
    work.bundle.source.run = story.red("main").await.id;
    work.run = work.bundle.source.run;
    work.bundle.fixes.clear();
    work.bundle.failures[0].code = Some("F402".to_owned());
    story.publish(&work).await;
    assert_eq!((story.pull_requests().await.len(), story.issues().await.len()), (1, 1));
    let sent = String::from_utf8_lossy(&story.universe.bytes_sent()).into_owned();
    assert!(!sent.contains(SECRET) && !sent.contains(&token[8..16]), "{sent}");
    assert!(sent.contains("REDACTED:password#1"), "{sent}");
}

#[tokio::test]
async fn a_patch_with_a_secret_is_refused() {
    let story = Story::begins().await;
    let run = story.red("main").await;
    let work = story.repaired(&run, "main", "app.py", BROKEN, &format!("x = '{SECRET}'\n"));
    let error = story.try_to_publish(&work).await.unwrap_err();
    assert!(matches!(error, PublishError::Secret(_)), "{error}");
    assert!(story.our_branches().await.is_empty() && story.pull_requests().await.is_empty());
}

#[tokio::test]
async fn a_secret_that_was_there_before_does_not_hinder_the_repair_of_its_line() {
    let story = Story::begins().await;
    let before = format!("import os\nx = '{SECRET}';\n");
    story.universe.commit("main", &[("app.py", &before)]).await;
    let work = story.red_and_repaired("main", &before, &format!("x = '{SECRET}'\n")).await;
    story.publish(&work).await;
    assert_eq!(story.pull_requests().await.len(), 1);
}
