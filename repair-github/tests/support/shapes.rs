//! Runs, jobs and artifacts in GitHub's form.

use super::scene::StoredRun;
use super::script::{ArtifactScript, JobScript, Origin};
use serde_json::{Value, json};

const WHEN: &str = "2026-11-20T10:00:00Z";

/// What all shapes need: the interface's address, and the repository's name.
pub(crate) struct Place<'a> {
    pub(crate) api: &'a str,
    pub(crate) repository: &'a str,
}

impl Place<'_> {
    fn url(&self, rest: &str) -> String {
        format!("{}/repos/{}/{rest}", self.api, self.repository)
    }

    fn page(&self, rest: &str) -> String {
        format!("https://github.com/{}/{rest}", self.repository)
    }

    /// An attempt of a run; `repository` and `head` are the repositories in the emulator's words.
    pub(crate) fn run(&self, run: &StoredRun, attempt: usize, repository: &Value, head: &Value) -> Value {
        let script = &run.script;
        let url = self.url(&format!("actions/runs/{}", run.id));
        let status = if script.conclusion.is_some() { "completed" } else { "in_progress" };
        let actor = user(self.api, &script.actor);
        let mut value = json!({
            "id": run.id, "name": "CI", "node_id": "WFR_1", "head_branch": script.branch, "head_sha": run.sha,
            "path": ".github/workflows/ci.yml", "display_title": "A change", "run_number": run.number,
            "event": script.event, "status": status, "conclusion": conclusion(run, attempt), "workflow_id": 77,
            "check_suite_id": run.id + 5, "check_suite_node_id": "CS_1", "url": url,
            "html_url": self.page(&format!("actions/runs/{}", run.id)), "pull_requests": [],
            "created_at": WHEN, "updated_at": WHEN, "run_started_at": WHEN, "run_attempt": attempt,
            "referenced_workflows": [], "actor": actor, "triggering_actor": actor,
            "jobs_url": format!("{url}/jobs"), "logs_url": format!("{url}/logs"),
            "check_suite_url": self.url(&format!("check-suites/{}", run.id + 5)),
            "artifacts_url": format!("{url}/artifacts"), "cancel_url": format!("{url}/cancel"),
            "rerun_url": format!("{url}/rerun"), "workflow_url": self.url("actions/workflows/77"),
            "previous_attempt_url": (attempt > 1).then(|| format!("{url}/attempts/{}", attempt - 1)),
            "head_commit": head_commit(&run.sha), "repository": repository, "head_repository": head,
        });
        if script.bare {
            for field in ["name", "head_branch", "head_commit", "pull_requests"] {
                value[field] = Value::Null;
            }
        }
        value
    }

    /// A job of an attempt.
    pub(crate) fn job(&self, run: &StoredRun, attempt: usize, id: u64, job: &JobScript) -> Value {
        let steps: Vec<Value> = job.steps.iter().enumerate().map(|(at, step)| step_shape(at + 1, step)).collect();
        json!({
            "id": id, "run_id": run.id, "workflow_name": "CI", "head_branch": run.script.branch,
            "run_url": self.url(&format!("actions/runs/{}", run.id)), "run_attempt": attempt, "node_id": "CR_1",
            "head_sha": run.sha, "url": self.url(&format!("actions/jobs/{id}")),
            "html_url": self.page(&format!("actions/runs/{}/job/{id}", run.id)),
            "status": if job.conclusion.is_some() { "completed" } else { "in_progress" },
            "conclusion": job.conclusion, "created_at": WHEN, "started_at": WHEN, "completed_at": WHEN,
            "name": job.name, "steps": steps, "check_run_url": self.url(&format!("check-runs/{id}")),
            "labels": job.labels, "runner_id": 1, "runner_name": "GitHub Actions 1", "runner_group_id": 0,
            "runner_group_name": "GitHub Actions",
        })
    }

    /// A job's check run.
    pub(crate) fn check_run(&self, run: &StoredRun, id: u64, job: &JobScript) -> Value {
        let annotations = self.url(&format!("check-runs/{id}/annotations"));
        json!({
            "id": id, "name": job.name, "node_id": "CR_1", "head_sha": run.sha, "external_id": "",
            "url": self.url(&format!("check-runs/{id}")), "html_url": self.page(&format!("runs/{id}")),
            "details_url": self.page(&format!("actions/runs/{}/job/{id}", run.id)),
            "status": if job.conclusion.is_some() { "completed" } else { "in_progress" },
            "conclusion": job.conclusion, "started_at": WHEN, "completed_at": WHEN,
            "output": {
                "title": null, "summary": null, "text": null, "annotations_count": job.annotations.len(),
                "annotations_url": annotations,
            },
            "check_suite": { "id": run.id + 5 }, "app": null, "pull_requests": [],
        })
    }

    /// What a tool said of a line.
    pub(crate) fn annotation(&self, sha: &str, said: &(String, u32, &'static str, String)) -> Value {
        let (path, line, level, message) = said;
        json!({
            "path": path, "blob_href": self.page(&format!("blob/{sha}/{path}")), "start_line": line, "end_line": line,
            "start_column": null, "end_column": null, "annotation_level": level, "title": "", "message": message,
            "raw_details": "",
        })
    }

    /// Files that a run put aside.
    pub(crate) fn artifact(&self, run: &StoredRun, id: u64, artifact: &ArtifactScript) -> Value {
        let url = self.url(&format!("actions/artifacts/{id}"));
        json!({
            "id": id, "node_id": "A_1", "name": artifact.name, "size_in_bytes": artifact.archive.len(), "url": url,
            "archive_download_url": format!("{url}/zip"), "expired": artifact.expired, "digest": null,
            "created_at": WHEN, "expires_at": "2027-02-20T10:00:00Z", "updated_at": WHEN,
            "workflow_run": {
                "id": run.id, "repository_id": 1, "head_repository_id": 1, "head_branch": run.script.branch,
                "head_sha": run.sha,
            },
        })
    }
}

/// All attempts but the last one were red.
fn conclusion(run: &StoredRun, attempt: usize) -> Option<&'static str> {
    if attempt < run.script.attempts.len() { Some("failure") } else { run.script.conclusion }
}

fn step_shape(number: usize, (name, conclusion): &(String, &'static str)) -> Value {
    json!({
        "name": name, "status": "completed", "conclusion": conclusion, "number": number, "started_at": WHEN,
        "completed_at": WHEN,
    })
}

fn head_commit(sha: &str) -> Value {
    let person = json!({ "name": "octocat", "email": "octocat@example.org" });
    json!({
        "id": sha, "tree_id": sha, "message": "A change", "timestamp": WHEN, "author": person, "committer": person,
    })
}

/// A person or bot, shortly.
fn user(api: &str, login: &str) -> Value {
    let url = format!("{api}/users/{login}");
    let page = format!("https://github.com/{login}");
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    json!({
        "login": login, "id": 3, "node_id": "U_1", "avatar_url": format!("{page}.png"), "gravatar_id": "", "url": url,
        "html_url": page, "followers_url": format!("{url}/followers"), "following_url": format!("{url}/following"),
        "gists_url": format!("{url}/gists"), "starred_url": format!("{url}/starred"),
        "subscriptions_url": format!("{url}/subscriptions"), "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events"),
        "received_events_url": format!("{url}/received_events"), "type": kind, "site_admin": false,
    })
}

/// The repository a run's commit comes from, before it is looked up.
pub(crate) fn head_name<'a>(origin: &'a Origin, repository: &'a str) -> Option<&'a str> {
    match origin {
        Origin::Here => Some(repository),
        Origin::Fork(fork) => Some(fork),
        Origin::Deleted => None,
    }
}
