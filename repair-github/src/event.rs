//! Events of GitHub, as far as they tell of something that failed.

use repair_core::forge::{NameError, RepositoryName};
use serde::Deserialize;

/// What an event tells: the repository, and what ended there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trigger {
    /// The repository.
    pub repository: RepositoryName,
    /// What ended.
    pub what: Ended,
}

/// What ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// A run of a workflow of GitHub Actions.
    Run {
        /// Its number.
        id: u64,
        /// Its attempt; the last one if the event does not say.
        attempt: Option<u32>,
    },
    /// A check of another app, of which there are no logs.
    Check(Box<CheckRun>),
}

/// A check of an app other than GitHub Actions: all that is to be had of it, but for its annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckRun {
    /// Its number, by which its annotations are found.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The app, such as `azure-pipelines`.
    pub app: Option<String>,
    /// Whether it ended with a failure.
    pub failed: bool,
    /// The commit.
    pub head_sha: String,
    /// The branch of that commit, where it is known.
    pub head_branch: Option<String>,
    /// The title, the summary and the text that the app gave, as far as it did.
    pub output: Vec<String>,
    /// Its page, for people.
    pub url: String,
}

/// Why an event starts nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It is another one.
    #[error(
        "the event `{0}` tells of no run that ended; `workflow_run` and `check_run` do, or name a run by `--run-id`"
    )]
    Other(String),
    /// It tells of all the checks of an app at once.
    #[error("the event `check_suite` does not say which check failed; use `check_run` or `workflow_run` instead")]
    Suite,
    /// It is not in the form that GitHub documents.
    #[error("the event is not what GitHub documents: {0}")]
    Form(#[from] serde_json::Error),
    /// Its repository has no name.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl Trigger {
    /// Reads the payload of the event `name` (`workflow_run`, `check_run`).
    pub fn parse(name: &str, payload: &[u8]) -> Result<Self, EventError> {
        let (repository, what) = match name {
            "workflow_run" => {
                let payload: RunPayload = serde_json::from_slice(payload)?;
                let RunModel { id, run_attempt } = payload.workflow_run;
                (payload.repository, Ended::Run { id, attempt: run_attempt })
            }
            "check_run" => {
                let payload: CheckPayload = serde_json::from_slice(payload)?;
                (payload.repository, payload.check_run.ended())
            }
            "check_suite" => return Err(EventError::Suite),
            other => return Err(EventError::Other(other.to_owned())),
        };
        Ok(Self { repository: repository.full_name.parse()?, what })
    }
}

#[derive(Deserialize)]
struct RunPayload {
    workflow_run: RunModel,
    repository: RepositoryModel,
}

#[derive(Deserialize)]
struct RunModel {
    id: u64,
    run_attempt: Option<u32>,
}

#[derive(Deserialize)]
struct RepositoryModel {
    full_name: String,
}

#[derive(Deserialize)]
struct CheckPayload {
    check_run: CheckModel,
    repository: RepositoryModel,
}

#[derive(Deserialize)]
struct CheckModel {
    id: u64,
    #[serde(default)]
    name: String,
    head_sha: String,
    conclusion: Option<String>,
    details_url: Option<String>,
    html_url: Option<String>,
    app: Option<AppModel>,
    check_suite: Option<SuiteModel>,
    output: Option<OutputModel>,
}

#[derive(Deserialize)]
struct AppModel {
    slug: Option<String>,
}

#[derive(Deserialize)]
struct SuiteModel {
    head_branch: Option<String>,
}

#[derive(Default, Deserialize)]
struct OutputModel {
    title: Option<String>,
    summary: Option<String>,
    text: Option<String>,
}

impl CheckModel {
    /// The run of a workflow whose job this is, or a check of its own.
    fn ended(self) -> Ended {
        let app = self.app.and_then(|app| app.slug);
        let run = self.details_url.as_deref().and_then(run_in).filter(|_| app.as_deref() == Some("github-actions"));
        if let Some(id) = run {
            return Ended::Run { id, attempt: None };
        }
        let OutputModel { title, summary, text } = self.output.unwrap_or_default();
        Ended::Check(Box::new(CheckRun {
            id: self.id,
            name: self.name,
            app,
            failed: matches!(self.conclusion.as_deref(), Some("failure" | "timed_out")),
            head_sha: self.head_sha,
            head_branch: self.check_suite.and_then(|suite| suite.head_branch),
            output: [title, summary, text].into_iter().flatten().filter(|text| !text.trim().is_empty()).collect(),
            url: self.html_url.unwrap_or_default(),
        }))
    }
}

/// The number of the run in the address of a job: `https://github.com/octocat/hello/actions/runs/7/job/8`.
fn run_in(url: &str) -> Option<u64> {
    let (_, rest) = url.split_once("/actions/runs/")?;
    rest.split(['/', '?', '#']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(app: &str, url: &str) -> Value {
        json!({
            "action": "completed",
            "repository": { "full_name": "octocat/hello" },
            "check_run": {
                "id": 9, "name": "lint", "head_sha": "abc", "conclusion": "failure", "details_url": url,
                "app": { "slug": app }, "check_suite": { "head_branch": "main" },
                "output": { "title": "1 error", "summary": null, "text": "a.py:1:1: F401 x" },
            },
        })
    }

    fn ended(payload: &Value) -> Ended {
        Trigger::parse("check_run", payload.to_string().as_bytes()).unwrap().what
    }

    #[test]
    fn a_check_of_actions_is_a_job_of_a_run() {
        for end in ["", "/job/8", "/job/8?pr=1", "#x"] {
            let url = format!("https://github.com/octocat/hello/actions/runs/7{end}");
            assert_eq!(ended(&check("github-actions", &url)), Ended::Run { id: 7, attempt: None });
        }
    }

    #[test]
    fn a_check_of_another_app_is_all_that_it_says() {
        let url = "https://github.com/octocat/hello/actions/runs/7";
        let Ended::Check(found) = ended(&check("azure-pipelines", url)) else { panic!("a check") };
        assert_eq!((found.id, found.name.as_str(), found.failed), (9, "lint", true));
        assert_eq!((found.head_branch.as_deref(), found.output.len()), (Some("main"), 2));
        assert!(matches!(ended(&check("github-actions", "https://example.org/x")), Ended::Check(_)));
    }

    #[test]
    fn other_events_are_refused_with_a_sentence() {
        let refusal = |name: &str, payload: &str| Trigger::parse(name, payload.as_bytes()).unwrap_err().to_string();
        assert!(refusal("push", "{}").contains("`push` tells of no run"));
        assert!(refusal("check_suite", "{}").contains("use `check_run`"));
        assert!(refusal("workflow_run", "{}").contains("not what GitHub documents"));
        let nameless = json!({ "workflow_run": { "id": 1 }, "repository": { "full_name": "a/../b" } });
        assert!(refusal("workflow_run", &nameless.to_string()).contains("names no repository"));
    }
}
