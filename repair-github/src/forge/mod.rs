//! GitHub as a forge: what is read here and in `runs` and `people`, what is written in `publish` and the rest.

mod branches;
mod commits;
mod identity;
mod issues;
mod labels;
mod people;
mod proposals;
mod publish;
mod reviews;
mod runs;
mod texts;
mod trees;

pub(crate) use identity::Known;

use crate::GitHub;
use crate::client::Request;
use crate::models::{BranchModel, RepositoryModel};
use crate::tarball;
use async_trait::async_trait;
use http::Method;
use repair_core::Snapshot;
use repair_core::forge::{Annotation, Artifact, Forge, ForgeError, Job, Permission, PullRequest, RepositoryName, Run};
use std::io::Write;

/// The path of something in a repository.
fn in_repository<'a>(repository: &'a RepositoryName, rest: &[&'a str]) -> Vec<&'a str> {
    ["repos", repository.owner(), repository.name()].iter().chain(rest).copied().collect()
}

fn get(repository: &RepositoryName, rest: &[&str], doing: impl Into<String>) -> Request {
    Request::get(&in_repository(repository, rest), doing)
}

fn post(repository: &RepositoryName, rest: &[&str], doing: impl Into<String>) -> Request {
    Request::new(Method::POST, &in_repository(repository, rest), doing)
}

fn patch(repository: &RepositoryName, rest: &[&str], doing: impl Into<String>) -> Request {
    Request::new(Method::PATCH, &in_repository(repository, rest), doing)
}

#[async_trait]
impl Forge for GitHub {
    fn id(&self) -> &'static str {
        "github"
    }

    async fn run(&self, repository: &RepositoryName, run: u64, attempt: Option<u32>) -> Result<Run, ForgeError> {
        self.read_run(repository, run, attempt).await
    }

    async fn jobs(&self, run: &Run) -> Result<Vec<Job>, ForgeError> {
        self.read_jobs(run).await
    }

    async fn log(
        &self,
        repository: &RepositoryName,
        job: u64,
        into: &mut (dyn Write + Send),
    ) -> Result<u64, ForgeError> {
        let request = get(repository, &["actions", "jobs", &job.to_string(), "logs"], "read the job's log");
        self.client.download(&request, self.client.limits.log, into).await
    }

    async fn annotations(&self, repository: &RepositoryName, job: &Job) -> Result<Vec<Annotation>, ForgeError> {
        self.read_annotations(repository, job).await
    }

    async fn artifacts(&self, run: &Run) -> Result<Vec<Artifact>, ForgeError> {
        self.read_artifacts(run).await
    }

    async fn artifact(&self, artifact: &Artifact, into: &mut (dyn Write + Send)) -> Result<u64, ForgeError> {
        let id = artifact.id.to_string();
        let doing = format!("download the artifact `{}`", artifact.name);
        let request = get(&artifact.repository, &["actions", "artifacts", &id, "zip"], doing);
        self.client.download(&request, self.client.limits.artifact, into).await
    }

    async fn pull_request_of(&self, run: &Run) -> Result<Option<PullRequest>, ForgeError> {
        self.find_pull_request(run).await
    }

    async fn head(&self, repository: &RepositoryName, branch: &str) -> Result<Option<String>, ForgeError> {
        Ok(self.branch(repository, branch).await?.map(|branch| branch.commit.sha))
    }

    async fn is_protected(&self, repository: &RepositoryName, branch: &str) -> Result<bool, ForgeError> {
        Ok(self.branch(repository, branch).await?.is_some_and(|branch| branch.protected))
    }

    async fn permission(&self, repository: &RepositoryName, login: &str) -> Result<Permission, ForgeError> {
        self.read_permission(repository, login).await
    }

    async fn default_branch(&self, repository: &RepositoryName) -> Result<String, ForgeError> {
        let found: RepositoryModel = self.client.json(&get(repository, &[], "read the repository")).await?;
        Ok(found.default_branch.unwrap_or_else(|| "main".to_owned()))
    }

    async fn variable(&self, repository: &RepositoryName, name: &str) -> Result<Option<String>, ForgeError> {
        self.read_variable(repository, name).await
    }

    async fn snapshot(&self, repository: &RepositoryName, commit: &str) -> Result<Snapshot, ForgeError> {
        let request = get(repository, &["tarball", commit], format!("read the files at {commit}"));
        let mut packed = Vec::new();
        self.client.download(&request, self.client.limits.snapshot, &mut packed).await?;
        tarball::unpack(&packed, self.client.limits.snapshot, request.doing())
    }
}

impl GitHub {
    async fn branch(&self, repository: &RepositoryName, branch: &str) -> Result<Option<BranchModel>, ForgeError> {
        let request = get(repository, &["branches", branch], format!("read the branch `{branch}`"));
        self.client.json_if_any(&request).await
    }
}
