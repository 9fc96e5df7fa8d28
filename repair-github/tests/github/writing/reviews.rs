//! Reviews with suggestions.

use super::{assert_manners, github, name};
use crate::support::Universe;
use repair_core::RepoPath;
use repair_core::forge::{ForgeErrorKind, LinesShown, Publisher, Suggestion};
use serde_json::{Value, json};

fn suggestion(path: &str, lines: (u32, u32), text: &str) -> Suggestion {
    Suggestion { path: RepoPath::new(path).unwrap(), lines, text: text.to_owned(), why: "Since it fails".to_owned() }
}

/// A pull request that changes line 10 of 20 of one file and adds another: its number and its commit.
async fn pull(universe: &Universe) -> (u64, String) {
    let lines = |changed: &str| -> String {
        (1..=20).map(|line| if line == 10 { format!("{changed}\n") } else { format!("line {line}\n") }).collect()
    };
    universe.commit("main", &[("a.py", &lines("old")), ("gone.py", "x\n")]).await;
    let sha = universe.commit("feature", &[("a.py", &lines("new")), ("b.py", "one\ntwo\n")]).await;
    (universe.person_opens("octocat", "feature", "main").await, sha)
}

async fn reviews(universe: &Universe, number: u64) -> Vec<Value> {
    universe.owner_sees(&format!("pulls/{number}/reviews")).await.as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_lines_of_the_diff_are_told() {
    let universe = Universe::start().await;
    let (number, _) = pull(&universe).await;
    let shown = github(&universe).lines_shown(&name(&universe), number).await.unwrap();
    let lines = |path: &str, lines| LinesShown { path: path.to_owned(), lines };
    assert_eq!(shown, [lines("a.py", (7, 13)), lines("b.py", (1, 2))]);
    assert_manners(&universe);
}

#[tokio::test]
async fn suggestions_come_in_one_review_that_neither_approves_nor_refuses() {
    let universe = Universe::start().await;
    let (number, sha) = pull(&universe).await;
    let suggestions = [suggestion("a.py", (9, 10), "``` fenced\n"), suggestion("b.py", (2, 2), "2\n")];
    github(&universe).suggest(&name(&universe), number, &sha, "Two ideas", &suggestions).await.unwrap();
    let reviews = reviews(&universe, number).await;
    assert_eq!(reviews.len(), 1);
    let told = [&reviews[0]["state"], &reviews[0]["body"], &reviews[0]["commit_id"], &reviews[0]["user"]["login"]];
    assert_eq!(told, [&json!("COMMENTED"), &json!("Two ideas"), &json!(sha), &json!("github-actions[bot]")]);
    let comments = universe.owner_sees(&format!("pulls/{number}/comments")).await;
    let body = "Since it fails\n\n````suggestion\n``` fenced\n````";
    assert_eq!((&comments[0]["path"], &comments[0]["body"]), (&json!("a.py"), &json!(body)));
    assert_eq!(comments.as_array().unwrap().len(), 2);
    assert_manners(&universe);
}

#[tokio::test]
async fn what_the_diff_does_not_show_is_refused_as_a_whole() {
    let universe = Universe::start().await;
    let (number, sha) = pull(&universe).await;
    for bad in
        [suggestion("a.py", (2, 2), "x\n"), suggestion("a.py", (6, 10), "x\n"), suggestion("gone.py", (1, 1), "x\n")]
    {
        let suggestions = [suggestion("b.py", (1, 1), "1\n"), bad.clone()];
        let error = github(&universe).suggest(&name(&universe), number, &sha, "Ideas", &suggestions).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Invalid, "{bad:?}: {error}");
        assert!(error.to_string().contains("could not be resolved"), "{error}");
    }
    assert!(reviews(&universe, number).await.is_empty());
    assert_manners(&universe);
}
