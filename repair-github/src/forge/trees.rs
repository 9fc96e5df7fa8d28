//! Commits that keep modes.
//!
//! The mutation that commits takes contents alone, and an executable file would come out as a plain one. Where one
//! changes, the commit is put together from blobs and a tree, and the branch is moved to it. Nothing of that can be seen
//! before the branch moves, so that all of it may be repeated. GitHub signs such a commit too if a workflow or an App
//! makes it, but not if a person does.

use super::{get, post};
use crate::GitHub;
use crate::models::CommitModel;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use repair_core::forge::{ForgeError, ForgeErrorKind, NewCommit, RepositoryName};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PLAIN: &str = "100644";
const EXECUTABLE: &str = "100755";
const FOLDER: &str = "040000";

/// How the files stand before they change.
pub(super) struct Standing {
    /// The whole tree.
    tree: String,
    /// The modes of those of the files that there are.
    modes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct CommitTreeModel {
    tree: CommitModel,
}

#[derive(Deserialize)]
struct TreeModel {
    tree: Vec<EntryModel>,
}

#[derive(Deserialize)]
struct EntryModel {
    path: String,
    mode: String,
    #[serde(default)]
    sha: String,
}

impl Standing {
    /// Whether one of the files is executable.
    pub(super) fn has_executables(&self) -> bool {
        self.modes.values().any(|mode| mode == EXECUTABLE)
    }

    fn mode(&self, path: &str) -> &str {
        self.modes.get(path).map_or(PLAIN, String::as_str)
    }
}

impl GitHub {
    /// How the files that a commit changes stand at its parent. Links and modules are not changed.
    pub(super) async fn standing(
        &self,
        repository: &RepositoryName,
        parent: &str,
        commit: &NewCommit,
    ) -> Result<Standing, ForgeError> {
        let doing = "look at the files that change";
        let request = get(repository, &["git", "commits", parent], doing);
        let found: CommitTreeModel = self.client.json(&request).await?;
        let mut standing = Standing { tree: found.tree.sha, modes: BTreeMap::new() };
        let mut folders = BTreeMap::new();
        for (path, _) in &commit.files {
            let Some(mode) = self.mode(repository, &standing.tree, path.as_str(), &mut folders).await? else {
                continue;
            };
            if mode != PLAIN && mode != EXECUTABLE {
                let reason = format!("`{path}` is a link, a folder or a module");
                return Err(ForgeError::new(ForgeErrorKind::Invalid, doing, reason));
            }
            if commit.created.contains(path) {
                let reason = format!("`{path}` is to be new, and is there already");
                return Err(ForgeError::new(ForgeErrorKind::Invalid, doing, reason));
            }
            standing.modes.insert(path.as_str().to_owned(), mode);
        }
        Ok(standing)
    }

    /// The mode of a file, found folder by folder; `None` if there is no such file.
    async fn mode(
        &self,
        repository: &RepositoryName,
        tree: &str,
        path: &str,
        folders: &mut BTreeMap<String, TreeModel>,
    ) -> Result<Option<String>, ForgeError> {
        let mut sha = tree.to_owned();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            if !folders.contains_key(&sha) {
                let request = get(repository, &["git", "trees", &sha], "look at the files that change");
                folders.insert(sha.clone(), self.client.json(&request).await?);
            }
            let entry = folders.get(&sha).and_then(|folder| folder.tree.iter().find(|entry| entry.path == part));
            let Some(entry) = entry else { return Ok(None) };
            if parts.peek().is_none() || entry.mode != FOLDER {
                return Ok(Some(entry.mode.clone()));
            }
            sha = entry.sha.clone();
        }
        Ok(None)
    }

    /// Makes a commit that nothing points to yet, and gives it.
    pub(super) async fn commit_tree(
        &self,
        repository: &RepositoryName,
        parent: &str,
        commit: &NewCommit,
        standing: &Standing,
    ) -> Result<String, ForgeError> {
        let mut entries = Vec::new();
        for (path, content) in &commit.files {
            let sha = match content {
                Some(content) => json!(self.store(repository, content).await?),
                None => Value::Null,
            };
            let mode = standing.mode(path.as_str());
            entries.push(json!({ "path": path.as_str(), "mode": mode, "type": "blob", "sha": sha }));
        }
        let tree = json!({ "base_tree": standing.tree, "tree": entries });
        let tree = self.object(repository, "trees", tree).await?;
        let message = format!("{}\n\n{}", commit.headline, commit.body);
        let made = json!({ "message": message.trim_end(), "tree": tree, "parents": [parent] });
        self.object(repository, "commits", made).await
    }

    async fn store(&self, repository: &RepositoryName, content: &[u8]) -> Result<String, ForgeError> {
        self.object(repository, "blobs", json!({ "content": STANDARD.encode(content), "encoding": "base64" })).await
    }

    /// Makes something that nothing points to, so that making it twice does no harm.
    async fn object(&self, repository: &RepositoryName, kind: &str, body: Value) -> Result<String, ForgeError> {
        let request = post(repository, &["git", kind], "put the commit together").with(body).harmless();
        Ok(self.client.json::<CommitModel>(&request).await?.sha)
    }
}
