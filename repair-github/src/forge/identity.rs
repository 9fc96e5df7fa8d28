//! Who we are, and what GitHub calls a repository.

use super::get;
use crate::GitHub;
use crate::client::Request;
use crate::models::{RepositoryModel, UserModel};
use repair_core::forge::{ForgeError, ForgeErrorKind, RepositoryName};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::sync::{Mutex, OnceCell};

/// `GET /user` is for people alone; this answers workflows and Apps too.
const VIEWER: &str = "query { viewer { login } }";

/// What does not change while a client lives.
#[derive(Default)]
pub(crate) struct Known {
    login: OnceCell<String>,
    /// The global identifiers of repositories, by name.
    nodes: Mutex<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct ViewerModel {
    viewer: UserModel,
}

#[derive(Deserialize)]
struct WorkflowPermissionsModel {
    can_approve_pull_request_reviews: bool,
}

impl GitHub {
    pub(super) async fn read_login(&self) -> Result<String, ForgeError> {
        let ask = || async {
            let request = Request::graphql(VIEWER, json!({}), "ask who the token is for");
            let found: ViewerModel = self.client.data(&request).await?;
            Ok(found.viewer.login)
        };
        self.known.login.get_or_try_init(ask).await.cloned()
    }

    /// The setting stands in the way of workflows alone; who may not see it is told nothing.
    pub(super) async fn read_may_open(&self, repository: &RepositoryName) -> Result<Option<bool>, ForgeError> {
        if !self.client.is_workflow() {
            return Ok(Some(true));
        }
        let path = ["actions", "permissions", "workflow"];
        let request = get(repository, &path, "read whether workflows may open pull requests");
        let found: Result<WorkflowPermissionsModel, _> = self.client.json(&request).await;
        match found {
            Ok(found) => Ok(Some(found.can_approve_pull_request_reviews)),
            Err(error) if matches!(error.kind(), ForgeErrorKind::Forbidden | ForgeErrorKind::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The repository's global identifier, which mutations ask for.
    pub(super) async fn node(&self, repository: &RepositoryName) -> Result<String, ForgeError> {
        let mut nodes = self.known.nodes.lock().await;
        if let Some(node) = nodes.get(&repository.to_string()) {
            return Ok(node.clone());
        }
        let request = get(repository, &[], "read the repository");
        let found: RepositoryModel = self.client.json(&request).await?;
        let node = found.node_id.ok_or_else(|| {
            let reason = "GitHub's answer is not what it documents: the repository has no `node_id`";
            ForgeError::new(ForgeErrorKind::Malformed, request.doing(), reason)
        })?;
        nodes.insert(repository.to_string(), node.clone());
        Ok(node)
    }
}
