//! Pull requests.

use super::{assert_manners, github, head, name, proposal, signed_in};
use crate::support::Universe;
use repair_core::forge::{Forge, ForgeErrorKind, ItemEdit, LABEL, Publisher};
use repair_github::SignIn;
use serde_json::json;

const BRANCH: &str = "ci-repair/0a1b";

#[tokio::test]
async fn a_pull_request_is_opened_found_and_read() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let sha = universe.commit(BRANCH, &[("a", "b")]).await;
    assert!(github.pull_requests_from(&name, BRANCH).await.unwrap().is_empty());
    let opened = github.open_pull_request(&name, &proposal(BRANCH, true)).await.unwrap();
    assert_eq!((opened.draft, opened.open, opened.merged, &opened.head_sha), (true, true, false, &sha));
    assert_eq!((opened.author.as_deref(), opened.body.as_str()), (Some("github-actions[bot]"), "What failed"));
    assert_eq!((opened.base_branch.as_str(), opened.head_repository.as_ref()), ("main", Some(&name)));
    github.label(&name, opened.number, LABEL).await.unwrap();
    let read = github.pull_request(&name, opened.number).await.unwrap();
    assert_eq!((read.mergeable, read.labels.as_slice()), (Some(true), [LABEL.to_owned()].as_slice()));
    universe.commit("main", &[("a", "other")]).await;
    assert_eq!(github.pull_request(&name, opened.number).await.unwrap().mergeable, Some(false));
    let found = github.pull_requests_from(&name, BRANCH).await.unwrap();
    assert_eq!((found.len(), found[0].number), (1, opened.number));
    let missing = github.pull_request(&name, 99).await.unwrap_err();
    assert_eq!(missing.kind(), ForgeErrorKind::NotFound);
    assert_manners(&universe);
}

#[tokio::test]
async fn a_second_one_of_the_same_branches_is_a_conflict() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    universe.commit(BRANCH, &[("a", "b")]).await;
    let first = github.open_pull_request(&name, &proposal(BRANCH, false)).await.unwrap();
    let error = github.open_pull_request(&name, &proposal(BRANCH, false)).await.unwrap_err();
    assert_eq!(error.kind(), ForgeErrorKind::Conflict);
    assert!(error.to_string().contains("there is one already"), "{error}");
    github.edit(&name, first.number, &ItemEdit { open: Some(false), ..ItemEdit::default() }).await.unwrap();
    let second = github.open_pull_request(&name, &proposal(BRANCH, false)).await.unwrap();
    let found = github.pull_requests_from(&name, BRANCH).await.unwrap();
    let numbers: Vec<(u64, bool)> = found.iter().map(|request| (request.number, request.open)).collect();
    assert_eq!(numbers, [(second.number, true), (first.number, false)], "newest first, closed ones too");
    assert_manners(&universe);
}

#[tokio::test]
async fn a_pull_request_of_a_fork_is_not_from_the_branch() {
    let universe = Universe::start().await;
    universe.fork_commits("mallory", BRANCH, &[("a", "b")]).await;
    universe.person_opens("mallory", &format!("mallory:{BRANCH}"), "main").await;
    assert!(github(&universe).pull_requests_from(&name(&universe), BRANCH).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let nothing = github.open_pull_request(&name, &proposal("ci-repair/nothing", false)).await.unwrap_err();
    assert_eq!(nothing.kind(), ForgeErrorKind::Invalid);
    universe.commit(BRANCH, &[("a", "b")]).await;
    universe.forbid_pull_requests();
    let forbidden = github.open_pull_request(&name, &proposal(BRANCH, false)).await.unwrap_err();
    assert_eq!(forbidden.kind(), ForgeErrorKind::Forbidden);
    assert!(forbidden.to_string().contains("Settings → Actions → General"), "{forbidden}");
    let person = signed_in(&universe, SignIn::token(universe.token_of("octocat")));
    person.open_pull_request(&name, &proposal(BRANCH, false)).await.expect("the setting is about workflows");
    assert_manners(&universe);
}

#[tokio::test]
async fn a_draft_becomes_ready_and_back_and_stays_as_it_is() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    universe.commit(BRANCH, &[("a", "b")]).await;
    let number = github.open_pull_request(&name, &proposal(BRANCH, true)).await.unwrap().number;
    for (draft, mutations) in [(true, 0), (false, 1), (false, 0), (true, 1)] {
        universe.forget_requests();
        github.set_draft(&name, number, draft).await.unwrap();
        assert_eq!(universe.requests().iter().filter(|call| call.path == "/graphql").count(), mutations);
        assert_eq!(universe.owner_sees(&format!("pulls/{number}")).await["draft"], draft);
        assert_manners(&universe);
    }
}

#[tokio::test]
async fn a_pull_request_is_edited_closed_and_opened_again() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    universe.commit(BRANCH, &[("a", "b")]).await;
    let number = github.open_pull_request(&name, &proposal(BRANCH, true)).await.unwrap().number;
    let (title, body) = (Some("Another title".to_owned()), Some("Another text".to_owned()));
    github.edit(&name, number, &ItemEdit { title, body, open: None }).await.unwrap();
    let seen = universe.owner_sees(&format!("pulls/{number}")).await;
    assert_eq!(
        (&seen["title"], &seen["body"], &seen["state"]),
        (&json!("Another title"), &json!("Another text"), &json!("open"))
    );
    for open in [false, true] {
        github.edit(&name, number, &ItemEdit { open: Some(open), ..ItemEdit::default() }).await.unwrap();
        let read = github.pull_request(&name, number).await.unwrap();
        assert_eq!((read.open, read.body.as_str()), (open, "Another text"));
    }
    universe.forget_requests();
    github.edit(&name, number, &ItemEdit::default()).await.unwrap();
    assert!(universe.requests().is_empty(), "nothing changes, so nothing is asked");
    assert_eq!(head(&universe, BRANCH).await, github.head(&name, BRANCH).await.unwrap());
}

#[tokio::test]
async fn texts_beyond_githubs_limit_are_refused_before_they_are_sent() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let long = "é".repeat(65_537);
    let mut new = proposal(BRANCH, true);
    new.body = long.clone();
    let edit = ItemEdit { body: Some(long.clone()), ..ItemEdit::default() };
    let all = [
        github.open_pull_request(&name, &new).await.unwrap_err(),
        github.edit(&name, 1, &edit).await.unwrap_err(),
        github.open_issue(&name, "A title", &long, &[]).await.unwrap_err(),
        github.open_issue(&name, &"a".repeat(257), "a text", &[]).await.unwrap_err(),
        github.comment(&name, 1, &long).await.unwrap_err(),
        github.edit_comment(&name, 1, &long).await.unwrap_err(),
        github.suggest(&name, 1, "abc", &long, &[]).await.unwrap_err(),
    ];
    for error in all {
        assert_eq!(error.kind(), ForgeErrorKind::Invalid, "{error}");
    }
    assert!(universe.requests().is_empty());
    let fits = github.open_issue(&name, "A title", &"é".repeat(65_536), &[]).await.unwrap();
    assert_eq!(fits.body.chars().count(), 65_536);
}
