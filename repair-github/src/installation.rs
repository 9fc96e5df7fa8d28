//! Where an App is installed.

use crate::GitHub;
use crate::client::Request;
use repair_core::forge::{ForgeError, RepositoryName};
use serde::Deserialize;

#[derive(Deserialize)]
struct InstallationModel {
    id: u64,
}

impl GitHub {
    /// The number of the App's installation in a repository. For whoever is signed in as
    /// [the App itself](crate::SignIn::app_itself).
    pub async fn installation(&self, repository: &RepositoryName) -> Result<u64, ForgeError> {
        let path = ["repos", repository.owner(), repository.name(), "installation"];
        let doing = format!("find out where the App is installed for `{repository}`");
        let found: InstallationModel = self.client.json(&Request::get(&path, doing)).await?;
        Ok(found.id)
    }
}
