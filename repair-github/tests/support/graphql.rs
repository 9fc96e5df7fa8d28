//! The little of GraphQL that the other interface has no counterpart for.

use super::answer::Answer;
use super::call::Call;
use super::front::Front;
use super::passing::{act, look};
use super::refs;
use serde_json::{Value, json};

/// A mutation that failed, in GraphQL's words.
pub(crate) struct Refusal {
    kind: &'static str,
    message: String,
}

/// The answer to a GraphQL call; `None` for any other call.
pub(crate) async fn answer(front: &Front, call: &Call) -> Option<Answer> {
    if call.path != "/graphql" || call.method != "POST" {
        return None;
    }
    if call.token().is_none() {
        return Some(Answer::refusal(401, "This endpoint requires you to be authenticated."));
    }
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let query = asked["query"].as_str().unwrap_or_default();
    let input = &asked["variables"]["input"];
    let (name, told) = if query.contains("createCommitOnBranch") {
        ("createCommitOnBranch", commit(front, call, input).await)
    } else if query.contains("markPullRequestReadyForReview") {
        ("markPullRequestReadyForReview", draft(front, call, input, false).await)
    } else if query.contains("convertPullRequestToDraft") {
        ("convertPullRequestToDraft", draft(front, call, input, true).await)
    } else if query.contains("updateRefs") {
        ("updateRefs", refs::update(front, call, input).await)
    } else if query.contains("viewer") {
        ("viewer", Ok(json!({ "login": viewer(front, call) })))
    } else {
        let message = "Only mutations with their input in `$input` are known here";
        ("unknown", Err(refusal("NOT_IMPLEMENTED", message)))
    };
    Some(Answer::json(200, &body(name, told)))
}

fn body(name: &str, told: Result<Value, Refusal>) -> Value {
    match told {
        Ok(value) => json!({ "data": { name: value } }),
        Err(Refusal { kind, message }) => json!({
            "data": { name: null },
            "errors": [{ "type": kind, "path": [name], "locations": [{ "line": 1, "column": 1 }], "message": message }],
        }),
    }
}

/// Who the token is for; one that was made since the start is for our app.
fn viewer(front: &Front, call: &Call) -> String {
    let known = call.token().and_then(|token| front.scene().logins.get(token).cloned());
    known.unwrap_or_else(|| "ci-repair[bot]".to_owned())
}

/// Makes a commit if the branch still points where the caller thinks.
async fn commit(front: &Front, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let _one_at_a_time = front.committing.lock().await;
    let repository = text(&input["branch"]["repositoryNameWithOwner"])?;
    let branch = text(&input["branch"]["branchName"])?;
    let expected = text(&input["expectedHeadOid"])?;
    let git = format!("/repos/{repository}/git");
    let head = look(front, call, &format!("{git}/ref/heads/{branch}")).await.map_err(|answer| told(&answer))?;
    if head["object"]["sha"] != expected {
        return Err(stale(expected));
    }
    let parent = look(front, call, &format!("{git}/commits/{expected}")).await.map_err(|answer| told(&answer))?;
    let entries = entries(front, call, &git, &input["fileChanges"]).await?;
    let tree = json!({ "base_tree": parent["tree"]["sha"], "tree": entries });
    let tree = act(front, call, "POST", &format!("{git}/trees"), &tree).await.map_err(|answer| told(&answer))?;
    let message = message(&input["message"])?;
    let made = json!({ "message": message, "tree": tree["sha"], "parents": [expected] });
    let made = act(front, call, "POST", &format!("{git}/commits"), &made).await.map_err(|answer| told(&answer))?;
    let update = json!({ "sha": made["sha"], "force": false });
    let moved = act(front, call, "PATCH", &format!("{git}/refs/heads/{branch}"), &update).await;
    moved.map_err(|answer| told(&answer))?;
    let url = format!("https://github.com/{repository}/commit/{}", made["sha"].as_str().unwrap_or_default());
    let reference = json!({ "name": branch, "target": { "oid": made["sha"] } });
    Ok(json!({ "clientMutationId": null, "commit": { "oid": made["sha"], "url": url, "id": "C_1" }, "ref": reference }))
}

/// The files that change. GitHub documents no modes here, and those who use it say that executables come out plain.
async fn entries(front: &Front, call: &Call, git: &str, changes: &Value) -> Result<Vec<Value>, Refusal> {
    let mut entries = Vec::new();
    for addition in changes["additions"].as_array().into_iter().flatten() {
        let blob = json!({ "content": text(&addition["contents"])?, "encoding": "base64" });
        let blob = act(front, call, "POST", &format!("{git}/blobs"), &blob).await.map_err(|answer| told(&answer))?;
        let path = text(&addition["path"])?;
        entries.push(json!({ "path": path, "mode": "100644", "type": "blob", "sha": blob["sha"] }));
    }
    for deletion in changes["deletions"].as_array().into_iter().flatten() {
        let path = text(&deletion["path"])?;
        entries.push(json!({ "path": path, "mode": "100644", "type": "blob", "sha": null }));
    }
    Ok(entries)
}

fn message(message: &Value) -> Result<String, Refusal> {
    let headline = text(&message["headline"])?;
    let body = message["body"].as_str().filter(|body| !body.is_empty());
    Ok(body.map_or_else(|| headline.to_owned(), |body| format!("{headline}\n\n{body}")))
}

/// Turns a pull request, found by its node, into a draft or back.
async fn draft(front: &Front, call: &Call, input: &Value, draft: bool) -> Result<Value, Refusal> {
    let node = text(&input["pullRequestId"])?;
    let repositories = front.scene().repositories.clone();
    for repository in repositories {
        let pulls = format!("/repos/{repository}/pulls?state=all&per_page=100");
        let pulls = look(front, call, &pulls).await.map_err(|answer| told(&answer))?;
        let number = pulls.as_array().into_iter().flatten().find(|pull| pull["node_id"] == node);
        if let Some(number) = number.map(|pull| pull["number"].clone()) {
            let path = format!("/repos/{repository}/pulls/{number}");
            let changed = act(front, call, "PATCH", &path, &json!({ "draft": draft })).await;
            changed.map_err(|answer| told(&answer))?;
            return Ok(json!({ "pullRequest": { "id": node, "number": number, "isDraft": draft } }));
        }
    }
    Err(refusal("NOT_FOUND", &format!("Could not resolve to a node with the global id of '{node}'")))
}

pub(crate) fn text(value: &Value) -> Result<&str, Refusal> {
    value.as_str().ok_or_else(|| refusal("INVALID", "Variable $input was provided an invalid value"))
}

fn stale(expected: &str) -> Refusal {
    let message = format!("Expected branch to point to \"{expected}\" but it did not. Pull and try again.");
    refusal("STALE_DATA", &message)
}

pub(crate) fn told(answer: &Answer) -> Refusal {
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = said["message"].as_str().unwrap_or("Something went wrong").to_owned();
    match answer.status {
        403 => refusal("FORBIDDEN", "Resource not accessible by integration"),
        404 => refusal("NOT_FOUND", "Could not resolve to a Repository or Ref with that name."),
        _ => refusal("UNPROCESSABLE", &message),
    }
}

pub(crate) fn refusal(kind: &'static str, message: &str) -> Refusal {
    Refusal { kind, message: message.to_owned() }
}
