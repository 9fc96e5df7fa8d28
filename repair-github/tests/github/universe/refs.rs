//! Moving branches by mutation: as it is documented, all at once and only from where they are.

use super::asking::{client, document, request, told};
use crate::support::Universe;
use reqwest::Method;
use serde_json::{Value, json};

const NOTHING: &str = "0000000000000000000000000000000000000000";

async fn moved(universe: &Universe, updates: Value) -> Value {
    let node = document(universe, "").await["node_id"].clone();
    let query = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
    let input = json!({ "repositoryId": node, "refUpdates": updates });
    let asked = json!({ "query": query, "variables": { "input": input } });
    let url = format!("{}/graphql", universe.url());
    client().post(url).bearer_auth(universe.token()).json(&asked).send().await.unwrap().json().await.unwrap()
}

fn update(branch: &str, before: &str, after: &str, force: bool) -> Value {
    json!({ "name": format!("refs/heads/{branch}"), "beforeOid": before, "afterOid": after, "force": force })
}

async fn at(universe: &Universe, branch: &str) -> Value {
    universe.owner_sees(&format!("git/ref/heads/{branch}")).await["object"]["sha"].clone()
}

fn worked(answer: &Value) -> bool {
    answer["errors"].is_null() && answer["data"]["updateRefs"].is_object()
}

#[tokio::test]
async fn branches_are_made_and_removed_by_zeros() {
    let universe = Universe::start().await;
    let sha = universe.commit("main", &[("a", "b")]).await;
    assert!(worked(&moved(&universe, json!([update("new", NOTHING, &sha, false)])).await));
    assert_eq!(at(&universe, "new").await, sha);
    assert!(!worked(&moved(&universe, json!([update("new", NOTHING, &sha, true)])).await), "it exists");
    assert!(worked(&moved(&universe, json!([update("new", &sha, NOTHING, false)])).await));
    assert!(at(&universe, "new").await.is_null());
}

#[tokio::test]
async fn nothing_moves_unless_all_are_where_they_should_be() {
    let universe = Universe::start().await;
    let first = universe.commit("one", &[("a", "1")]).await;
    let second = universe.commit("two", &[("a", "2")]).await;
    let stale = json!([update("one", &first, &second, true), update("two", &first, &second, true)]);
    assert!(!worked(&moved(&universe, stale).await));
    assert_eq!((at(&universe, "one").await, at(&universe, "two").await), (json!(first), json!(second)));
    let fresh = json!([update("one", &first, &second, true), update("two", &second, &first, true)]);
    assert!(worked(&moved(&universe, fresh).await));
    assert_eq!((at(&universe, "one").await, at(&universe, "two").await), (json!(second), json!(first)));
}

#[tokio::test]
async fn only_by_force_is_a_branch_moved_elsewhere_than_forward() {
    let universe = Universe::start().await;
    let first = universe.commit("one", &[("a", "1")]).await;
    let second = universe.commit("one", &[("a", "2")]).await;
    assert!(!worked(&moved(&universe, json!([update("one", &second, &first, false)])).await));
    assert!(worked(&moved(&universe, json!([update("one", &second, &first, true)])).await));
    assert!(worked(&moved(&universe, json!([update("one", &first, &second, false)])).await), "forward");
    let nowhere = "1".repeat(40);
    assert!(!worked(&moved(&universe, json!([update("one", &second, &nowhere, true)])).await));
}

#[tokio::test]
async fn a_label_that_is_there_is_not_made_again() {
    let universe = Universe::start().await;
    let new = json!({ "name": "ours", "color": "0e8a16" });
    let make = || async { told(request(&universe, Method::POST, "labels").json(&new).send().await.unwrap()).await };
    assert_eq!(make().await.0, 201);
    let (status, body) = make().await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("already_exists")));
}
