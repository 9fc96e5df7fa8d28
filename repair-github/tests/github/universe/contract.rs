//! What is held against GitHub's description of its interface.

use super::asking::{client, get, request};
use crate::support::Universe;
use crate::support::contract::contract;
use crate::support::webhooks;
use reqwest::Method;
use serde_json::{Value, json};

/// What the contract says of one request.
async fn said(universe: &Universe, method: Method, rest: &str, body: Option<Value>) -> Result<(), String> {
    universe.forget_requests();
    let mut wanted = request(universe, method, rest);
    if let Some(body) = body {
        wanted = wanted.json(&body);
    }
    wanted.send().await.unwrap();
    contract().check(&universe.requests())
}

#[tokio::test]
async fn right_requests_are_valid() {
    let universe = Universe::start().await;
    let right = [
        (Method::GET, "actions/runs/7/jobs?per_page=100&page=2&filter=latest", None),
        (Method::GET, "git/ref/heads/ci-repair/a/b", None),
        (Method::GET, "branches/feature/one", None),
        (Method::GET, "pulls?head=octocat:a&state=open", None),
        (Method::GET, "contents/src/a/b.py?ref=main", None),
        (Method::GET, "tarball/main", None),
        (Method::POST, "pulls", Some(json!({ "title": "a", "head": "b", "base": "c", "draft": true }))),
        (Method::POST, "issues", Some(json!({ "title": "a", "labels": ["x"] }))),
        (Method::PATCH, "git/refs/heads/a", Some(json!({ "sha": "abc", "force": false }))),
        (
            Method::POST,
            "git/trees",
            Some(json!({ "tree": [{ "path": "a", "mode": "100644", "type": "blob", "sha": null }] })),
        ),
        (Method::DELETE, "git/refs/heads/ci-repair/1", None),
    ];
    for (method, rest, body) in right {
        said(&universe, method, rest, body).await.unwrap();
    }
}

#[tokio::test]
async fn wrong_requests_are_refused_with_what_is_wrong() {
    let universe = Universe::start().await;
    let wrong = [
        (Method::GET, "actions/run/7", None, "no such operation"),
        (Method::PUT, "pulls", None, "no such operation"),
        (Method::GET, "actions/runs/seven", None, "`run_id=seven`"),
        (Method::GET, "actions/runs?per_pages=100", None, "knows no `per_pages`"),
        (Method::GET, "actions/runs?per_page=500", None, "100 entries"),
        (Method::GET, "actions/runs?per_page=many", None, "`per_page=many`"),
        (Method::GET, "pulls?state=opened", None, "`state=opened`"),
        (Method::POST, "pulls", Some(json!({ "title": "a", "head": "b" })), "\"base\" is a required property"),
        (Method::POST, "pulls", Some(json!({ "head": "b", "base": "c", "drafts": true })), "drafts"),
        (Method::POST, "pulls", Some(json!({ "head": "b", "base": "c", "draft": "yes" })), "/draft"),
        (Method::PATCH, "pulls/1", Some(json!({ "draft": false })), "draft"),
        (Method::POST, "pulls", None, "the body is missing"),
        (Method::GET, "pulls/1", Some(json!({ "a": 1 })), "it takes no body"),
        (Method::POST, "git/trees", Some(json!({ "tree": [{ "mode": "0644" }] })), "/tree/0/mode"),
    ];
    for (method, rest, body, what) in wrong {
        let error = said(&universe, method, rest, body).await.expect_err(rest);
        assert!(error.contains(what), "{rest}: {error}");
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_each_wrong_one_is_named() {
    let universe = Universe::start().await;
    let nameless = reqwest::Client::builder().no_proxy().build().unwrap();
    nameless.get(format!("{}/repos/{}", universe.url(), universe.repository())).send().await.unwrap();
    get(&universe, "").await;
    get(&universe, "wrong").await;
    let error = contract().check(&universe.requests()).unwrap_err();
    assert_eq!(error.lines().count(), 2, "{error}");
    assert!(error.contains("no User-Agent"), "{error}");
}

#[tokio::test]
async fn answers_can_be_wrong_too() {
    let universe = Universe::start().await;
    get(&universe, "actions/runs").await;
    let call = &universe.requests()[0];
    contract().check_answer(call, 200, &json!({ "total_count": 0, "workflow_runs": [] })).unwrap();
    let error = contract().check_answer(call, 200, &json!({ "total_count": 0 })).unwrap_err();
    assert!(error.contains("workflow_runs"), "{error}");
    assert!(contract().check_answer(call, 299, &json!({})).is_err());
}

#[tokio::test]
async fn a_graphql_question_is_valid_by_the_public_schema() {
    let universe = Universe::start().await;
    let input =
        |name: &str| format!("mutation($input: {name}Input!) {{ {name}(input: $input) {{ clientMutationId }} }}");
    let moves = |update: Value| {
        let query = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
        json!({ "query": query, "variables": { "input": { "repositoryId": "R_1", "refUpdates": [update] } } })
    };
    let oid = "0".repeat(40);
    let cases = [
        (json!({ "query": "{ viewer { login } }", "variables": {} }), None),
        (moves(json!({ "name": "refs/heads/a", "beforeOid": oid, "afterOid": oid, "force": true })), None),
        (json!({ "variables": {} }), Some("no GraphQL query")),
        (json!({ "query": "{ viewer { login } }", "variables": [] }), Some("the variables are no object")),
        (json!({ "query": "{ viewer {" }), Some("Syntax Error")),
        (json!({ "query": "{ viewer { password } }" }), Some("Cannot query field \"password\"")),
        (json!({ "query": "{ viewer { login } }", "variables": { "a": 1 } }), Some("no variable $a")),
        (json!({ "query": input("moveEverything") }), Some("Unknown type \"moveEverythingInput\"")),
        (moves(json!({ "name": "refs/heads/a", "beforeOid": oid })), Some("\"afterOid\"")),
        (moves(json!({ "name": "refs/heads/a", "afterOid": oid, "forced": true })), Some("\"forced\"")),
        (moves(json!({ "name": "refs/heads/a", "afterOid": oid, "force": "yes" })), Some("force")),
    ];
    for (body, wrong) in cases {
        universe.forget_requests();
        client().post(format!("{}/graphql", universe.url())).json(&body).send().await.unwrap();
        let told = contract().check(&universe.requests());
        match wrong {
            None => told.unwrap(),
            Some(wrong) => {
                let error = told.expect_err(wrong);
                assert!(error.contains(wrong), "{error}");
            }
        }
    }
}

#[test]
fn payloads_of_webhooks_can_be_read() {
    let payload = webhooks::example("workflow_run", "completed");
    assert!(payload["workflow_run"]["head_sha"].is_string());
    assert!(payload["repository"]["full_name"].is_string());
    assert!(webhooks::examples("check_run").iter().any(|payload| payload["action"] == "completed"));
    assert!(webhooks::examples("nothing").is_empty());
}
