//! Issues, labels, comments.

use super::{assert_manners, github, name, proposal};
use crate::support::Universe;
use repair_core::forge::{ForgeErrorKind, ItemEdit, LABEL, LABEL_OFF, Publisher};
use repair_github::{GitHub, SignIn};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

#[tokio::test]
async fn an_issue_is_opened_with_labels_that_are_made() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let issue = github.open_issue(&name, "It fails", "Why", &[LABEL]).await.unwrap();
    assert_eq!((issue.is_pull_request, issue.open, issue.merged), (false, true, false));
    assert_eq!((issue.author.as_deref(), issue.body.as_str()), (Some("github-actions[bot]"), "Why"));
    assert_eq!(issue.labels, [LABEL]);
    let age = SystemTime::now().duration_since(issue.created).unwrap_or_default();
    assert!(age < Duration::from_secs(60), "{age:?}");
    let made = universe.owner_sees(&format!("labels/{LABEL}")).await;
    assert_eq!((&made["color"], &made["description"]), (&json!("0e8a16"), &json!("Opened by ci-repair")));
    assert_manners(&universe);
}

#[tokio::test]
async fn what_carries_the_label_is_listed_whatever_became_of_it_newest_first() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let issue = github.open_issue(&name, "It fails", "Why", &[LABEL]).await.unwrap();
    github.open_issue(&name, "Another", "without the label", &[]).await.unwrap();
    let mut numbers = Vec::new();
    for branch in ["ci-repair/1", "ci-repair/2", "ci-repair/3"] {
        universe.commit(branch, &[(&branch[10..], "b")]).await;
        let number = github.open_pull_request(&name, &proposal(branch, false)).await.unwrap().number;
        github.label(&name, number, LABEL).await.unwrap();
        numbers.push(number);
    }
    github.edit(&name, numbers[0], &ItemEdit { open: Some(false), ..ItemEdit::default() }).await.unwrap();
    universe.owner_does("PUT", &format!("pulls/{}/merge", numbers[1]), &json!({})).await;
    let found = github.labelled(&name, LABEL).await.unwrap();
    let told: Vec<_> = found.iter().map(|item| (item.number, item.is_pull_request, item.open, item.merged)).collect();
    let expected = [
        (numbers[2], true, true, false),
        (numbers[1], true, false, true),
        (numbers[0], true, false, false),
        (issue.number, false, true, false),
    ];
    assert_eq!(told, expected);
    assert!(github.labelled(&name, LABEL_OFF).await.unwrap().is_empty());
    assert_manners(&universe);
}

#[tokio::test]
async fn a_list_that_is_longer_than_is_read_is_an_error_and_not_half_a_list() {
    let universe = Universe::start().await;
    for number in 0..101 {
        let new = json!({ "title": number.to_string(), "labels": [LABEL] });
        universe.owner_does("POST", "issues", &new).await;
    }
    let of_pages = |pages| {
        let mut limits = super::limits();
        limits.pages = pages;
        let builder = GitHub::builder(SignIn::workflow_token(universe.token())).api_url(universe.url());
        builder.limits(limits).build().unwrap()
    };
    assert_eq!(of_pages(2).labelled(&name(&universe), LABEL).await.unwrap().len(), 101);
    let error = of_pages(1).labelled(&name(&universe), LABEL).await.unwrap_err();
    assert_eq!(error.kind(), ForgeErrorKind::TooLarge);
    assert!(error.to_string().contains("more than 100 entries"), "{error}");
}

#[tokio::test]
async fn a_label_is_made_once_even_by_several_at_once_and_left_as_people_made_it() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let number = github.open_issue(&name, "It fails", "Why", &[]).await.unwrap().number;
    let put = || github.label(&name, number, LABEL);
    let (a, b, c) = tokio::join!(put(), put(), put());
    for told in [a, b, c] {
        told.unwrap();
    }
    let labels = universe.owner_sees("labels").await;
    let ours = |label: &&Value| label["name"] == LABEL;
    assert_eq!(labels.as_array().unwrap().iter().filter(ours).count(), 1);
    universe.owner_does("POST", "labels", &json!({ "name": LABEL_OFF, "color": "123456" })).await;
    github.label(&name, number, LABEL_OFF).await.unwrap();
    assert_eq!(universe.owner_sees(&format!("labels/{LABEL_OFF}")).await["color"], "123456");
    let issue = universe.owner_sees(&format!("issues/{number}")).await;
    assert_eq!(issue["labels"].as_array().unwrap().len(), 2);
    assert_manners(&universe);
}

#[tokio::test]
async fn an_issue_is_edited_and_closed() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let number = github.open_issue(&name, "It fails", "Why", &[]).await.unwrap().number;
    let edit = ItemEdit { title: Some("It failed".to_owned()), body: None, open: Some(false) };
    github.edit(&name, number, &edit).await.unwrap();
    let seen = universe.owner_sees(&format!("issues/{number}")).await;
    assert_eq!((&seen["title"], &seen["body"], &seen["state"]), (&json!("It failed"), &json!("Why"), &json!("closed")));
    assert_manners(&universe);
}

#[tokio::test]
async fn comments_are_written_listed_and_changed() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let number = github.open_issue(&name, "It fails", "Why", &[]).await.unwrap().number;
    let path = format!("issues/{number}/comments");
    for text in 0..101 {
        universe.owner_does("POST", &path, &json!({ "body": text.to_string() })).await;
    }
    github.comment(&name, number, "Ours").await.unwrap();
    let found = github.comments(&name, number).await.unwrap();
    assert_eq!((found.len(), found[0].body.as_str(), found[0].author.as_deref()), (102, "0", Some("octocat")));
    assert_eq!((found[101].body.as_str(), found[101].author.as_deref()), ("Ours", Some("github-actions[bot]")));
    github.edit_comment(&name, found[101].id, "Ours, changed").await.unwrap();
    let found = github.comments(&name, number).await.unwrap();
    assert_eq!((found.len(), found[101].body.as_str()), (102, "Ours, changed"));
    let missing = github.edit_comment(&name, 999_999, "x").await.unwrap_err();
    assert_eq!(missing.kind(), ForgeErrorKind::NotFound);
    assert_manners(&universe);
}
