//! The repository at the run's commit: a checkout that is there, or the files that GitHub has.

use crate::config::Config;
use crate::github::Connection;
use anyhow::{Context, Result, bail, ensure};
use repair_core::forge::{Forge, Inspected};
use repair_core::{Folder, GitRevision, Snapshot};
use std::path::Path;
use tempfile::TempDir;

/// The files of a commit, and a folder that has them.
pub(super) struct SourceFiles {
    /// The files, as they are in the commit, whatever else lies in the folder.
    pub(super) snapshot: Snapshot,
    /// The folder.
    pub(super) folder: Folder,
    /// Keeps the folder, if it is ours, until all is done.
    _temporary: Option<TempDir>,
}

impl SourceFiles {
    /// The files at the head of the inspected run.
    pub(super) async fn of(connection: &Connection, inspected: &Inspected, checkout: Option<&Path>) -> Result<Self> {
        let run = &inspected.run;
        let Some(checkout) = checkout else {
            let snapshot = connection.github.snapshot(&run.repository, &run.head_sha).await;
            let snapshot = snapshot.map_err(|error| connection.told(error))?;
            let temporary = tempfile::Builder::new().prefix("ci-repair-").tempdir()?;
            let folder = Folder::fill(temporary.path(), &snapshot)?;
            return Ok(Self { snapshot, folder, _temporary: Some(temporary) });
        };
        let folder = Folder::open(checkout)?;
        let place = folder.root().display();
        ensure!(folder.root().join(".git").exists(), "`{place}` is not the top of a git checkout");
        let head = GitRevision::open(folder.root(), "HEAD")?;
        let snapshot = head.snapshot()?;
        if head.commit() != run.head_sha {
            let wanted = connection.github.snapshot(&run.repository, &run.head_sha).await;
            let wanted = wanted.map_err(|error| connection.told(error))?;
            if !same(&snapshot, &wanted) {
                bail!(
                    "the checkout in `{place}` is at {}, and the run was at {sha}; check out {sha} (`ref: {sha}` for \
                     actions/checkout), or leave `--repo` away",
                    head.commit(),
                    sha = run.head_sha
                );
            }
        }
        Ok(Self { snapshot, folder, _temporary: None })
    }
}

fn same(one: &Snapshot, other: &Snapshot) -> bool {
    one.paths().chain(other.paths()).all(|path| one.same_file(other, path))
}

/// The configuration that holds for the run: for one of a pull request that of the branch it goes to, since whoever
/// opens a pull request must not configure us; else the commit's own.
pub(super) async fn configuration(connection: &Connection, inspected: &Inspected, files: &Snapshot) -> Result<Config> {
    let run = &inspected.run;
    let requested = &inspected.pull_request;
    if requested.is_none() && !run.event.starts_with("pull_request") {
        return Config::read(files);
    }
    let github = &connection.github;
    let told = |error| connection.told(error);
    let branch = match requested {
        Some(request) => request.base_branch.clone(),
        None => github.default_branch(&run.repository).await.map_err(told)?,
    };
    let head = github.head(&run.repository, &branch).await.map_err(told)?;
    let head = head.with_context(|| format!("the branch `{branch}`, to which the pull request goes, is gone"))?;
    let base = github.snapshot(&run.repository, &head).await.map_err(told)?;
    Config::read(&base).with_context(|| format!("in the branch `{branch}`"))
}
