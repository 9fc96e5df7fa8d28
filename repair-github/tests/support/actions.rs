//! What the emulator lacks: runs, attempts, jobs, logs, artifacts, annotations, variables, settings.

use super::answer::Answer;
use super::archive::zip;
use super::call::Call;
use super::front::Front;
use super::pages::page;
use super::passing::look;
use super::scene::{Scene, StoredRun};
use super::script::{JobScript, Log};
use super::shapes::{Place, head_name};
use super::snapshots::tarball;
use super::storage::Stored;
use serde_json::{Value, json};

type Told = Result<Answer, Answer>;

/// The answer to a call that the emulator has none for.
pub(crate) async fn answer(front: &Front, call: &Call) -> Option<Answer> {
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), &segments[..]) {
        ("GET", ["rate_limit"]) => Some(front.rate_limit()),
        ("GET", ["repos", owner, name, "actions", rest @ ..]) => {
            Some(visible(front, call, &format!("{owner}/{name}"), rest).await)
        }
        ("GET", ["repos", owner, name, rest @ ..]) => other(front, call, &format!("{owner}/{name}"), rest).await,
        ("POST", ["repos", owner, name, "pulls"]) => forbidden_pull(front, call, &format!("{owner}/{name}")),
        _ => None,
    }
}

/// Under `actions`: what may not be seen does not exist.
async fn visible(front: &Front, call: &Call, repository: &str, rest: &[&str]) -> Answer {
    let told = match look(front, call, &format!("/repos/{repository}")).await {
        Ok(about) => match rest {
            ["variables", name] => variable(front, call, repository, name),
            ["permissions", "workflow"] => permissions(front, call, repository),
            ["runs", ..] => runs(front, call, &about, repository, &rest[1..]).await,
            _ => jobs_and_artifacts(front, call, repository, rest),
        },
        Err(refusal) => Err(refusal),
    };
    told.unwrap_or_else(|refusal| refusal)
}

async fn runs(front: &Front, call: &Call, about: &Value, repository: &str, rest: &[&str]) -> Told {
    let base = front.base(call);
    let place = Place { api: &base, repository };
    if rest.is_empty() {
        return list(front, call, about, &place).await;
    }
    let run = found(front.scene().run(repository, number(rest[0])))?;
    let attempts = run.script.attempts.len();
    let attempt = match rest.get(1..3) {
        Some(["attempts", attempt]) => number(attempt) as usize,
        _ => attempts,
    };
    found((1..=attempts).contains(&attempt).then_some(()))?;
    match rest {
        [_] | [_, "attempts", _] => {
            let head = head(front, call, about, &run).await?;
            Ok(Answer::json(200, &place.run(&run, attempt, about, &head)))
        }
        [_, "jobs"] if call.value("filter").as_deref() == Some("all") => {
            let all = (1..=attempts).flat_map(|attempt| jobs(&place, &run, attempt)).collect();
            Ok(page(call, &base, Some("jobs"), all))
        }
        [_, "jobs"] | [_, "attempts", _, "jobs"] => Ok(page(call, &base, Some("jobs"), jobs(&place, &run, attempt))),
        [_, "logs"] | [_, "attempts", _, "logs"] => run_log(front, call, &run, attempt),
        [_, "artifacts"] => {
            let named = |name: &str| call.value("name").is_none_or(|wanted| wanted == name);
            let shown = run.artifacts().filter(|(_, artifact)| named(&artifact.name));
            let shown = shown.map(|(id, artifact)| place.artifact(&run, id, artifact)).collect();
            Ok(page(call, &base, Some("artifacts"), shown))
        }
        _ => Err(Answer::not_found()),
    }
}

/// The repository's runs, newest first, as far as the query wants them.
async fn list(front: &Front, call: &Call, about: &Value, place: &Place<'_>) -> Told {
    let wanted = |name: &str, value: &str| call.value(name).is_none_or(|wanted| wanted == value);
    let runs: Vec<StoredRun> = front.scene().runs_of(place.repository);
    let mut shown = Vec::new();
    for run in runs.iter().rev() {
        let script = &run.script;
        let status = script.conclusion.unwrap_or("in_progress");
        let fits = wanted("head_sha", &run.sha) && wanted("branch", &script.branch) && wanted("actor", &script.actor);
        let fits = fits && wanted("event", script.event);
        if fits && (wanted("status", status) || (script.conclusion.is_some() && wanted("status", "completed"))) {
            let head = head(front, call, about, run).await?;
            shown.push(place.run(run, script.attempts.len(), about, &head));
        }
    }
    Ok(page(call, &front.base(call), Some("workflow_runs"), shown))
}

/// The repository that the run's commit comes from.
async fn head(front: &Front, call: &Call, about: &Value, run: &StoredRun) -> Result<Value, Answer> {
    match head_name(&run.script.origin, &run.repository) {
        Some(name) if name == run.repository => Ok(about.clone()),
        Some(name) => look(front, call, &format!("/repos/{name}")).await,
        None => Ok(Value::Null),
    }
}

fn jobs(place: &Place<'_>, run: &StoredRun, attempt: usize) -> Vec<Value> {
    run.jobs(attempt).map(|(id, job)| place.job(run, attempt, id, job)).collect()
}

fn jobs_and_artifacts(front: &Front, call: &Call, repository: &str, rest: &[&str]) -> Told {
    let base = front.base(call);
    let place = Place { api: &base, repository };
    match rest {
        ["jobs", id] => {
            let (run, attempt, job) = found(front.scene().job(repository, number(id)))?;
            Ok(Answer::json(200, &place.job(&run, attempt, number(id), &job)))
        }
        ["jobs", id, "logs"] => {
            let (_, _, job) = found(front.scene().job(repository, number(id)))?;
            signed_in(call)?;
            job_log(front, &job, id)
        }
        ["artifacts", id] => {
            let (run, artifact) = found(front.scene().artifact(repository, number(id)))?;
            Ok(Answer::json(200, &place.artifact(&run, number(id), &artifact)))
        }
        ["artifacts", id, "zip"] => {
            let (_, artifact) = found(front.scene().artifact(repository, number(id)))?;
            signed_in(call)?;
            if artifact.expired {
                return Err(Answer::refusal(410, "Artifact has expired"));
            }
            let stored = Stored { kind: "application/zip", content: artifact.archive, compressed: false };
            Ok(Answer::redirect(&front.signed(&format!("artifacts/{id}.zip"), stored)))
        }
        _ => Err(Answer::not_found()),
    }
}

/// Logs and archives are for those only who say who they are.
fn signed_in(call: &Call) -> Result<(), Answer> {
    let refusal = || Answer::refusal(403, "Must have admin rights to Repository.");
    call.token().map(|_| ()).ok_or_else(refusal)
}

fn job_log(front: &Front, job: &JobScript, id: &str) -> Told {
    let (content, compressed) = match &job.log {
        Log::Text(text) => (text.clone(), false),
        Log::Compressed(text) => (text.clone(), true),
        Log::Expired => return Err(Answer::refusal(410, "Logs have expired")),
        Log::Missing => return Err(Answer::not_found()),
    };
    let stored = Stored { kind: "text/plain; charset=utf-8", content, compressed };
    Ok(Answer::redirect(&front.signed(&format!("logs/{id}.txt"), stored)))
}

/// All logs of an attempt in one archive: `0_build.txt`.
fn run_log(front: &Front, call: &Call, run: &StoredRun, attempt: usize) -> Told {
    signed_in(call)?;
    let files: Vec<(String, Vec<u8>)> = run
        .jobs(attempt)
        .enumerate()
        .filter_map(|(at, (_, job))| match &job.log {
            Log::Text(text) | Log::Compressed(text) => Some((format!("{at}_{}.txt", job.name), text.clone())),
            Log::Expired | Log::Missing => None,
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let stored = Stored { kind: "application/zip", content: zip(&files), compressed: false };
    Ok(Answer::redirect(&front.signed(&format!("logs/{}.zip", run.id), stored)))
}

fn variable(front: &Front, call: &Call, repository: &str, name: &str) -> Told {
    signed_in(call)?;
    let scene = front.scene();
    if scene.variables_hidden {
        return Err(Answer::refusal(403, "Resource not accessible by integration"));
    }
    let value = found(scene.variables.get(&(repository.to_owned(), name.to_uppercase())))?;
    let when = "2026-11-20T10:00:00Z";
    let shape = json!({ "name": name.to_uppercase(), "value": value, "created_at": when, "updated_at": when });
    Ok(Answer::json(200, &shape))
}

/// What the repository lets Actions do; bots may not ask.
fn permissions(front: &Front, call: &Call, repository: &str) -> Told {
    if call.token().is_none_or(|token| token.starts_with("ghs_")) {
        return Err(Answer::refusal(403, "Resource not accessible by integration"));
    }
    let allowed = !front.scene().pulls_forbidden.contains(repository);
    let shape = json!({ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": allowed });
    Ok(Answer::json(200, &shape))
}

/// The setting that people forget: Actions may not open pull requests.
fn forbidden_pull(front: &Front, call: &Call, repository: &str) -> Option<Answer> {
    let scene: std::sync::MutexGuard<'_, Scene> = front.scene();
    let by_actions = call.token().is_some_and(|token| scene.actions_tokens.contains(token));
    let message = "GitHub Actions is not permitted to create or approve pull requests.";
    (by_actions && scene.pulls_forbidden.contains(repository)).then(|| Answer::refusal(403, message))
}

/// Outside of `actions`.
async fn other(front: &Front, call: &Call, repository: &str, rest: &[&str]) -> Option<Answer> {
    let told = match rest {
        ["tarball", reference @ ..] => tarball(front, call, repository, &reference.join("/")).await,
        ["rules", "branches", ..] => rules(front, call, repository).await,
        ["commits", sha, "pulls"] => pulls_of(front, call, repository, sha).await,
        ["check-runs", id] | ["check-runs", id, "annotations"] => {
            let (run, _, job) = front.scene().job(repository, number(id))?;
            Ok(check_run(front, call, &run, (number(id), &job), rest.len() == 3))
        }
        _ => return None,
    };
    Some(told.unwrap_or_else(|refusal| refusal))
}

async fn rules(front: &Front, call: &Call, repository: &str) -> Told {
    look(front, call, &format!("/repos/{repository}")).await?;
    Ok(Answer::json(200, &json!([])))
}

/// The pull requests at whose head a commit is, or by which it was merged.
async fn pulls_of(front: &Front, call: &Call, repository: &str, sha: &str) -> Told {
    let all = look(front, call, &format!("/repos/{repository}/pulls?state=all&per_page=100")).await?;
    let of_commit = |pull: &&Value| pull["head"]["sha"] == sha || pull["merge_commit_sha"] == sha;
    let pulls: Vec<Value> = all.as_array().into_iter().flatten().filter(of_commit).cloned().collect();
    Ok(page(call, &front.base(call), None, pulls))
}

fn check_run(front: &Front, call: &Call, run: &StoredRun, (id, job): (u64, &JobScript), annotations: bool) -> Answer {
    let base = front.base(call);
    let place = Place { api: &base, repository: &run.repository };
    if annotations {
        let said = job.annotations.iter().map(|said| place.annotation(&run.sha, said)).collect();
        return page(call, &base, None, said);
    }
    Answer::json(200, &place.check_run(run, id, job))
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

fn found<T>(thing: Option<T>) -> Result<T, Answer> {
    thing.ok_or_else(Answer::not_found)
}
