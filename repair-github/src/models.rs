//! What GitHub answers, as far as it is used. Whatever GitHub may leave out is optional here.

use repair_core::forge::{Annotation, Artifact, Conclusion, Job, JobStep, PullRequest, RepositoryName, Run};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct RunModel {
    id: u64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    event: String,
    #[serde(default)]
    conclusion: Option<String>,
    head_sha: String,
    #[serde(default)]
    head_branch: Option<String>,
    #[serde(default)]
    head_repository: Option<RepositoryModel>,
    #[serde(default = "first")]
    run_attempt: u32,
    #[serde(default)]
    actor: Option<UserModel>,
    #[serde(default)]
    triggering_actor: Option<UserModel>,
    #[serde(default)]
    html_url: String,
}

fn first() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryModel {
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    pub(crate) default_branch: Option<String>,
    #[serde(default)]
    pub(crate) node_id: Option<String>,
}

impl RepositoryModel {
    fn name(&self) -> Option<RepositoryName> {
        self.full_name.parse().ok()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct UserModel {
    pub(crate) login: String,
}

impl RunModel {
    pub(crate) fn into_run(self, repository: RepositoryName) -> Run {
        let mut run = Run::new(repository, self.id, self.head_sha);
        run.attempt = self.run_attempt;
        run.workflow = self.name;
        // A workflow of another branch is named `path@branch`.
        run.workflow_path = self.path.map(|path| path.split('@').next().unwrap_or_default().to_owned());
        run.event = self.event;
        run.conclusion = self.conclusion.as_deref().map(conclusion);
        run.head_branch = self.head_branch;
        run.head_repository = self.head_repository.and_then(|repository| repository.name());
        run.actor = self.actor.map(|user| user.login);
        run.triggering_actor = self.triggering_actor.map(|user| user.login);
        run.url = self.html_url;
        run
    }
}

fn conclusion(word: &str) -> Conclusion {
    match word {
        "success" => Conclusion::Success,
        "failure" | "startup_failure" => Conclusion::Failure,
        "cancelled" => Conclusion::Cancelled,
        "timed_out" => Conclusion::TimedOut,
        "skipped" => Conclusion::Skipped,
        _ => Conclusion::Other,
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct JobsModel {
    pub(crate) jobs: Vec<JobModel>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct JobModel {
    id: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    conclusion: Option<String>,
    #[serde(default)]
    steps: Vec<StepModel>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    check_run_url: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct StepModel {
    number: u64,
    name: String,
    #[serde(default)]
    conclusion: Option<String>,
}

impl From<JobModel> for Job {
    fn from(model: JobModel) -> Self {
        let mut job = Job::new(model.id, model.name);
        job.conclusion = model.conclusion.as_deref().map(conclusion);
        let step = |step: StepModel| JobStep::new(step.number, step.name, step.conclusion.as_deref().map(conclusion));
        job.steps = model.steps.into_iter().map(step).collect();
        job.labels = model.labels;
        job.check_run = model.check_run_url.and_then(|url| url.rsplit('/').next()?.parse().ok());
        job.url = model.html_url;
        job
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct AnnotationModel {
    path: String,
    start_line: u32,
    #[serde(default)]
    annotation_level: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl From<AnnotationModel> for Annotation {
    fn from(model: AnnotationModel) -> Self {
        let text = Option::unwrap_or_default;
        Self::new(model.path, model.start_line, text(model.annotation_level), text(model.message))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ArtifactsModel {
    pub(crate) artifacts: Vec<ArtifactModel>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ArtifactModel {
    id: u64,
    name: String,
    #[serde(default)]
    size_in_bytes: u64,
    #[serde(default)]
    expired: bool,
}

impl ArtifactModel {
    pub(crate) fn into_artifact(self, repository: RepositoryName) -> Artifact {
        let mut artifact = Artifact::new(repository, self.id, self.name, self.size_in_bytes);
        artifact.expired = self.expired;
        artifact
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct PullModel {
    number: u64,
    #[serde(default)]
    pub(crate) node_id: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    pub(crate) draft: bool,
    #[serde(default)]
    mergeable: Option<bool>,
    #[serde(default)]
    user: Option<UserModel>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    merged_at: Option<String>,
    head: EndModel,
    base: EndModel,
    #[serde(default)]
    labels: Vec<LabelModel>,
    #[serde(default)]
    html_url: String,
}

#[derive(Debug, Deserialize)]
struct EndModel {
    sha: String,
    #[serde(rename = "ref")]
    branch: String,
    #[serde(default)]
    repo: Option<RepositoryModel>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabelModel {
    pub(crate) name: String,
}

impl From<PullModel> for PullRequest {
    fn from(model: PullModel) -> Self {
        let mut request = PullRequest::new(model.number, model.head.sha, model.head.branch);
        request.head_repository = model.head.repo.and_then(|repository| repository.name());
        request.base_branch = model.base.branch;
        request.open = model.state == "open";
        request.merged = model.merged_at.is_some();
        request.draft = model.draft;
        request.mergeable = model.mergeable;
        request.author = model.user.map(|user| user.login);
        request.body = model.body.unwrap_or_default();
        request.labels = model.labels.into_iter().map(|label| label.name).collect();
        request.url = model.html_url;
        request
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct BranchModel {
    pub(crate) commit: CommitModel,
    #[serde(default)]
    pub(crate) protected: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CommitModel {
    pub(crate) sha: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PermissionModel {
    #[serde(default)]
    pub(crate) permission: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VariableModel {
    pub(crate) value: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_may_lack_almost_everything() {
        let model: RunModel = serde_json::from_value(json!({
            "id": 7, "head_sha": "abc", "name": null, "head_branch": null, "head_commit": null, "head_repository": null,
            "conclusion": "a_new_word", "event": "dynamic"
        }))
        .unwrap();
        let run = model.into_run("o/n".parse().unwrap());
        assert_eq!((run.attempt, run.conclusion, run.head_branch), (1, Some(Conclusion::Other), None));
        assert_eq!(run.head_repository, None);
    }

    #[test]
    fn the_number_of_a_check_run_is_the_end_of_its_address() {
        let model: JobModel = serde_json::from_value(
            json!({ "id": 1, "name": "t", "conclusion": null, "check_run_url": "https://x/repos/o/n/check-runs/99" }),
        )
        .unwrap();
        let job = Job::from(model);
        assert_eq!((job.check_run, job.conclusion), (Some(99), None));
    }
}
