//! Pull requests, commits by mutation, forks.

use super::asking::{document, get, request, told};
use crate::support::Universe;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

async fn open(universe: &Universe, head: &str) -> (u16, Value) {
    let new = json!({ "title": "Repair", "head": head, "base": "main", "draft": true });
    told(request(universe, Method::POST, "pulls").json(&new).send().await.unwrap()).await
}

async fn mutate(universe: &Universe, name: &str, input: Value) -> Value {
    let query = format!("mutation($input: {name}Input!) {{ {name}(input: $input) {{ clientMutationId }} }}");
    let asked = json!({ "query": query, "variables": { "input": input } });
    let url = format!("{}/graphql", universe.url());
    let answer = super::asking::client().post(url).bearer_auth(universe.token()).json(&asked).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn commit(universe: &Universe, branch: &str, expected: &str, changes: Value) -> Value {
    json!({
        "branch": { "repositoryNameWithOwner": universe.repository(), "branchName": branch },
        "expectedHeadOid": expected, "message": { "headline": "Repair", "body": "Why" }, "fileChanges": changes,
    })
}

#[tokio::test]
async fn a_second_pull_request_of_the_same_branches_is_refused() {
    let universe = Universe::start().await;
    universe.commit("ci-repair/1", &[("a", "b")]).await;
    let (status, first) = open(&universe, "ci-repair/1").await;
    assert_eq!((status, &first["draft"], &first["user"]["login"]), (201, &json!(true), &json!("github-actions[bot]")));
    let (status, second) = open(&universe, "octocat:ci-repair/1").await;
    let message = "A pull request already exists for octocat:ci-repair/1.";
    assert_eq!((status, &second["errors"][0]["message"]), (422, &json!(message)));
    assert_eq!(universe.open_pull_requests().await.len(), 1);
    universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    assert_eq!(open(&universe, "ci-repair/1").await.0, 201, "a closed one is no hindrance");
}

#[tokio::test]
async fn many_who_open_the_same_pull_request_at_once_open_one() {
    let universe = Universe::start().await;
    universe.commit("ci-repair/1", &[("a", "b")]).await;
    let once = || open(&universe, "ci-repair/1");
    let (a, b, c, d) = tokio::join!(once(), once(), once(), once());
    let mut statuses = [a.0, b.0, c.0, d.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422, 422, 422]);
}

#[tokio::test]
async fn a_pull_request_needs_a_branch_with_something_in_it() {
    let universe = Universe::start().await;
    let (status, told) = open(&universe, "nothing").await;
    assert_eq!((status, &told["errors"][0]["field"]), (422, &json!("head")));
    let main = universe.owner_sees("git/ref/heads/main").await;
    let new = json!({ "ref": "refs/heads/same", "sha": main["object"]["sha"] });
    universe.owner_does("POST", "git/refs", &new).await;
    let (status, told) = open(&universe, "same").await;
    assert_eq!((status, &told["errors"][0]["message"]), (422, &json!("No commits between main and same")));
}

#[tokio::test]
async fn the_setting_against_pull_requests_stops_actions_alone() {
    let universe = Universe::start().await;
    universe.commit("ci-repair/1", &[("a", "b")]).await;
    universe.forbid_pull_requests();
    let (status, told) = open(&universe, "ci-repair/1").await;
    let message = "GitHub Actions is not permitted to create or approve pull requests.";
    assert_eq!((status, &told["message"]), (403, &json!(message)));
    assert_eq!(universe.person_opens("octocat", "ci-repair/1", "main").await, 1);
}

#[tokio::test]
async fn a_pull_request_follows_its_branch_and_ends_with_it() {
    let universe = Universe::start().await;
    universe.commit("ci-repair/1", &[("a", "b")]).await;
    let number = universe.person_opens("octocat", "ci-repair/1", "main").await;
    universe.lets_in("hubot", "push").await;
    let newer = universe.person_commits("hubot", "ci-repair/1", &[("src/c.py", "d\n")]).await;
    let pull = document(&universe, &format!("pulls/{number}")).await;
    assert_eq!((&pull["head"]["sha"], &pull["commits"]), (&json!(newer), &json!(2)));
    let commits = document(&universe, &format!("pulls/{number}/commits")).await;
    let authors: Vec<&Value> = commits.as_array().unwrap().iter().map(|commit| &commit["author"]["login"]).collect();
    assert_eq!(authors, ["octocat", "hubot"]);
    let files = document(&universe, &format!("pulls/{number}/files")).await;
    let names: Vec<&Value> = files.as_array().unwrap().iter().map(|file| &file["filename"]).collect();
    assert_eq!(names, ["a", "src/c.py"]);
    let of_commit = document(&universe, &format!("commits/{newer}/pulls")).await;
    assert_eq!(of_commit[0]["number"], number);
    let gone = request(&universe, Method::DELETE, "git/refs/heads/ci-repair/1").send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(document(&universe, &format!("pulls/{number}")).await["state"], "closed");
    assert!(universe.open_pull_requests().await.is_empty());
}

#[tokio::test]
async fn merging_takes_what_the_branch_has_now() {
    let universe = Universe::start().await;
    universe.commit("feature", &[("a", "b")]).await;
    let number = universe.person_opens("octocat", "feature", "main").await;
    universe.commit("feature", &[("a", "newer")]).await;
    universe.owner_does("PUT", &format!("pulls/{number}/merge"), &json!({})).await;
    let merged = document(&universe, "contents/a").await;
    assert_eq!(STANDARD.decode(merged["content"].as_str().unwrap().trim()).unwrap(), b"newer");
    let pull = document(&universe, &format!("pulls/{number}")).await;
    assert_eq!((&pull["merged"], &pull["state"]), (&json!(true), &json!("closed")));
}

#[tokio::test]
async fn a_fork_shares_history_and_its_pull_request_is_found_by_commit() {
    let universe = Universe::start().await;
    let base = universe.commit("main", &[("a", "b")]).await;
    let (fork, sha) = universe.fork_commits("mallory", "patch-1", &[("a", "c")]).await;
    let number = universe.person_opens("mallory", "mallory:patch-1", "main").await;
    let pulls = document(&universe, &format!("commits/{sha}/pulls")).await;
    assert_eq!((&pulls[0]["number"], &pulls[0]["head"]["repo"]["full_name"]), (&json!(number), &json!(fork)));
    assert_eq!(pulls[0]["base"]["sha"], base);
    let commits = document(&universe, &format!("pulls/{number}/commits")).await;
    assert_eq!(commits.as_array().unwrap().len(), 1);
    assert_eq!(get(&universe, &format!("tarball/{sha}")).await.status(), 302);
}

#[tokio::test]
async fn a_commit_by_mutation_is_signed_and_only_made_on_the_head_that_is_expected() {
    let universe = Universe::start().await;
    let head = universe.commit("ci-repair/1", &[("a", "1"), ("old", "x")]).await;
    let changes =
        json!({ "additions": [{ "path": "a", "contents": STANDARD.encode("2") }], "deletions": [{ "path": "old" }] });
    let input = commit(&universe, "ci-repair/1", &head, changes.clone());
    let made = mutate(&universe, "createCommitOnBranch", input.clone()).await;
    let oid = made["data"]["createCommitOnBranch"]["commit"]["oid"].as_str().unwrap();
    let shown = document(&universe, &format!("commits/{oid}")).await;
    assert_eq!(shown["commit"]["verification"]["verified"], true);
    assert_eq!(shown["commit"]["message"], "Repair\n\nWhy");
    assert_eq!((&shown["author"]["login"], &shown["parents"][0]["sha"]), (&json!("github-actions[bot]"), &json!(head)));
    assert_eq!(get(&universe, &format!("contents/old?ref={oid}")).await.status(), 404);
    assert_eq!(document(&universe, "git/ref/heads/ci-repair/1").await["object"]["sha"], oid);
    let again = mutate(&universe, "createCommitOnBranch", input).await;
    assert_eq!(again["errors"][0]["type"], "STALE_DATA");
    assert!(again["data"]["createCommitOnBranch"].is_null());
    let nowhere = mutate(&universe, "createCommitOnBranch", commit(&universe, "nowhere", &head, changes)).await;
    assert_eq!(nowhere["errors"][0]["type"], "NOT_FOUND");
}

#[tokio::test]
async fn a_draft_becomes_ready_by_mutation() {
    let universe = Universe::start().await;
    universe.commit("ci-repair/1", &[("a", "b")]).await;
    let (_, pull) = open(&universe, "ci-repair/1").await;
    for (name, draft) in [("markPullRequestReadyForReview", false), ("convertPullRequestToDraft", true)] {
        let told = mutate(&universe, name, json!({ "pullRequestId": pull["node_id"] })).await;
        assert_eq!(told["data"][name]["pullRequest"]["isDraft"], draft);
        assert_eq!(document(&universe, "pulls/1").await["draft"], draft);
    }
}
