//! Labels.

use super::{get, post};
use crate::GitHub;
use crate::models::LabelModel;
use repair_core::forge::{ForgeError, ForgeErrorKind, LABEL, LABEL_OFF, RepositoryName};
use serde_json::json;

/// The color of a label, and what is said of it.
fn look(label: &str) -> (&'static str, &'static str) {
    match label {
        LABEL => ("0e8a16", "Opened by ci-repair"),
        LABEL_OFF => ("b60205", "Keeps ci-repair away"),
        _ => ("ededed", ""),
    }
}

impl GitHub {
    pub(super) async fn put_label(
        &self,
        repository: &RepositoryName,
        number: u64,
        label: &str,
    ) -> Result<(), ForgeError> {
        self.make_label(repository, label).await?;
        let doing = format!("put the label `{label}` on #{number}");
        let request =
            post(repository, &["issues", &number.to_string(), "labels"], doing).with(json!({ "labels": [label] }));
        self.client.json::<Vec<LabelModel>>(&request).await.map(drop)
    }

    /// Makes a label unless there is one.
    pub(super) async fn make_label(&self, repository: &RepositoryName, label: &str) -> Result<(), ForgeError> {
        let request = get(repository, &["labels", label], format!("look for the label `{label}`"));
        if self.client.json_if_any::<LabelModel>(&request).await?.is_some() {
            return Ok(());
        }
        let (color, description) = look(label);
        let request = post(repository, &["labels"], format!("make the label `{label}`"))
            .with(json!({ "name": label, "color": color, "description": description }));
        match self.client.json::<LabelModel>(&request).await {
            // Somebody else has just made it.
            Err(error) if error.kind() == ForgeErrorKind::Conflict => Ok(()),
            other => other.map(drop),
        }
    }
}
