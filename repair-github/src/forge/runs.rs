//! Runs, jobs, annotations and artifacts.

use super::get;
use crate::GitHub;
use crate::models::{AnnotationModel, ArtifactsModel, JobsModel, PullModel, RunModel};
use repair_core::forge::{Annotation, Artifact, ForgeError, Job, PullRequest, RepositoryName, Run};

impl GitHub {
    pub(super) async fn read_run(
        &self,
        repository: &RepositoryName,
        run: u64,
        attempt: Option<u32>,
    ) -> Result<Run, ForgeError> {
        let (id, attempt) = (run.to_string(), attempt.map(|attempt| attempt.to_string()));
        let mut path = vec!["actions", "runs", &id];
        path.extend(attempt.iter().flat_map(|attempt| ["attempts", attempt]));
        let found: RunModel = self.client.json(&get(repository, &path, format!("read the run {run}"))).await?;
        Ok(found.into_run(repository.clone()))
    }

    pub(super) async fn read_jobs(&self, run: &Run) -> Result<Vec<Job>, ForgeError> {
        let (id, attempt) = (run.id.to_string(), run.attempt.to_string());
        let path = ["actions", "runs", &id, "attempts", &attempt, "jobs"];
        let request = get(&run.repository, &path, format!("list the jobs of the run {id}"));
        let jobs = self.client.all(&request, |page: JobsModel| page.jobs).await?;
        Ok(jobs.into_iter().map(Job::from).collect())
    }

    pub(super) async fn read_annotations(
        &self,
        repository: &RepositoryName,
        job: &Job,
    ) -> Result<Vec<Annotation>, ForgeError> {
        let Some(check_run) = job.check_run else { return Ok(Vec::new()) };
        let path = ["check-runs", &check_run.to_string(), "annotations"];
        let request = get(repository, &path, format!("list the annotations of the job `{}`", job.name));
        let found = self.client.all(&request, |page: Vec<AnnotationModel>| page).await?;
        Ok(found.into_iter().map(Annotation::from).collect())
    }

    pub(super) async fn read_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, ForgeError> {
        let id = run.id.to_string();
        let path = ["actions", "runs", &id, "artifacts"];
        let request = get(&run.repository, &path, format!("list the artifacts of the run {id}"));
        let found = self.client.all(&request, |page: ArtifactsModel| page.artifacts).await?;
        Ok(found.into_iter().map(|artifact| artifact.into_artifact(run.repository.clone())).collect())
    }

    /// By the head's branch, since neither the event nor the run names the pull request of a fork.
    pub(super) async fn find_pull_request(&self, run: &Run) -> Result<Option<PullRequest>, ForgeError> {
        let (Some(head), Some(branch)) = (&run.head_repository, &run.head_branch) else { return Ok(None) };
        let request = get(&run.repository, &["pulls"], "look for the pull request")
            .query("state", "open")
            .query("head", format!("{}:{branch}", head.owner()));
        let found = self.client.all(&request, |page: Vec<PullModel>| page).await?;
        let wanted =
            |request: &PullRequest| request.head_sha == run.head_sha && request.head_repository.as_ref() == Some(head);
        Ok(found.into_iter().map(PullRequest::from).find(wanted))
    }
}
