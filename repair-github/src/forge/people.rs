//! What people may do, and what they have set.

use super::get;
use crate::GitHub;
use crate::models::{PermissionModel, VariableModel};
use repair_core::forge::{ForgeError, ForgeErrorKind, Permission, RepositoryName};

impl GitHub {
    pub(super) async fn read_permission(
        &self,
        repository: &RepositoryName,
        login: &str,
    ) -> Result<Permission, ForgeError> {
        let path = ["collaborators", login, "permission"];
        let request = get(repository, &path, format!("read what `{login}` may do"));
        let found: Option<PermissionModel> = self.client.json_if_any(&request).await?;
        Ok(match found.as_ref().map(|found| found.permission.as_str()) {
            Some("admin" | "maintain" | "write") => Permission::Write,
            Some("triage" | "read") => Permission::Read,
            _ => Permission::None,
        })
    }

    pub(super) async fn read_variable(
        &self,
        repository: &RepositoryName,
        name: &str,
    ) -> Result<Option<String>, ForgeError> {
        let request = get(repository, &["actions", "variables", name], format!("read the variable `{name}`"));
        let found: Result<Option<VariableModel>, _> = self.client.json_if_any(&request).await;
        match found {
            Ok(found) => Ok(found.map(|variable| variable.value)),
            // A workflow's own token may not see variables.
            Err(error) if error.kind() == ForgeErrorKind::Forbidden => Ok(None),
            Err(error) => Err(error),
        }
    }
}
