//! Moving branches through GraphQL, all at once and only from where they are.
//!
//! What the mutation does is documented; with which type it refuses is not.

use super::call::Call;
use super::front::Front;
use super::graphql::{Refusal, refusal, text, told};
use super::passing::{act, look};
use serde_json::{Value, json};

const NOTHING: &str = "0000000000000000000000000000000000000000";

/// One of the moves: the name below `refs/`, and what it points to before and after.
struct Move {
    name: String,
    before: Option<String>,
    after: Option<String>,
}

/// Looks at all moves first, and does all or none.
pub(crate) async fn update(front: &Front, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let _one_at_a_time = front.committing.lock().await;
    let git = format!("/repos/{}/git", repository(front, call, text(&input["repositoryId"])?).await?);
    let mut moves = Vec::new();
    for update in input["refUpdates"].as_array().into_iter().flatten() {
        moves.push(checked(front, call, &git, update).await?);
    }
    for Move { name, before, after } in moves {
        let path = format!("{git}/refs/{name}");
        let done = match (before, after) {
            (None, Some(sha)) => {
                let new = json!({ "ref": format!("refs/{name}"), "sha": sha });
                act(front, call, "POST", &format!("{git}/refs"), &new).await
            }
            (_, Some(sha)) => act(front, call, "PATCH", &path, &json!({ "sha": sha, "force": true })).await,
            (_, None) => act(front, call, "DELETE", &path, &Value::Null).await,
        };
        done.map_err(|answer| told(&answer))?;
    }
    Ok(json!({ "clientMutationId": null }))
}

/// The name of the repository with this global identifier.
async fn repository(front: &Front, call: &Call, node: &str) -> Result<String, Refusal> {
    let names = front.scene().repositories.clone();
    for name in names {
        let about = look(front, call, &format!("/repos/{name}")).await.map_err(|answer| told(&answer))?;
        if about["node_id"] == node {
            return Ok(name);
        }
    }
    Err(refusal("NOT_FOUND", &format!("Could not resolve to a node with the global id of '{node}'")))
}

async fn checked(front: &Front, call: &Call, git: &str, update: &Value) -> Result<Move, Refusal> {
    let whole = text(&update["name"])?;
    let name = whole.strip_prefix("refs/").ok_or_else(|| refusal("UNPROCESSABLE", "The name must be a full ref"))?;
    let now = look(front, call, &format!("{git}/ref/{name}")).await.ok();
    let now = now.and_then(|now| now["object"]["sha"].as_str().map(str::to_owned));
    let after = text(&update["afterOid"])?;
    if let Some(before) = update["beforeOid"].as_str()
        && before != now.as_deref().unwrap_or(NOTHING)
    {
        return Err(refusal("UNPROCESSABLE", &format!("{whole} is not at {before}")));
    }
    if after != NOTHING {
        let there = look(front, call, &format!("{git}/commits/{after}")).await;
        there.map_err(|_| refusal("UNPROCESSABLE", &format!("{after} is no object of the repository")))?;
    }
    if let (Some(now), false, true) = (&now, update["force"] == true, after != NOTHING) {
        let compare = format!("{}/compare/{now}...{after}", git.trim_end_matches("/git"));
        let compared = look(front, call, &compare).await.map_err(|answer| told(&answer))?;
        if compared["behind_by"] != 0 {
            return Err(refusal("UNPROCESSABLE", &format!("{whole} is not a fast-forward")));
        }
    }
    let after = (after != NOTHING).then(|| after.to_owned());
    Ok(Move { name: name.to_owned(), before: now, after })
}
