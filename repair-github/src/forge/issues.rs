//! Issues, comments, and what pull requests have in common with issues.

use super::{get, patch, post, texts};
use crate::GitHub;
use crate::models::{LabelModel, UserModel};
use chrono::{DateTime, Utc};
use repair_core::forge::{Comment, ForgeError, Item, ItemEdit, RepositoryName};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct IssueModel {
    number: u64,
    #[serde(default)]
    state: String,
    #[serde(default)]
    state_reason: Option<String>,
    #[serde(default)]
    pull_request: Option<PullPartModel>,
    #[serde(default)]
    user: Option<UserModel>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    labels: Vec<AnyLabelModel>,
    created_at: DateTime<Utc>,
    #[serde(default)]
    html_url: String,
}

/// Is there where the issue is a pull request.
#[derive(Deserialize)]
struct PullPartModel {
    #[serde(default)]
    merged_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AnyLabelModel {
    Name(String),
    Label(LabelModel),
}

#[derive(Deserialize)]
struct CommentModel {
    id: u64,
    #[serde(default)]
    user: Option<UserModel>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Deserialize)]
struct NumberModel {
    #[serde(rename = "number")]
    _number: u64,
}

impl From<IssueModel> for Item {
    fn from(model: IssueModel) -> Self {
        let mut item = Self::new(model.number, model.created_at.into());
        item.is_pull_request = model.pull_request.is_some();
        item.merged = model.pull_request.is_some_and(|pull| pull.merged_at.is_some());
        item.open = model.state == "open";
        item.not_planned = model.state_reason.as_deref() == Some("not_planned");
        item.author = model.user.map(|user| user.login);
        item.body = model.body.unwrap_or_default();
        item.labels = model.labels.into_iter().map(AnyLabelModel::into_name).collect();
        item.url = model.html_url;
        item
    }
}

impl AnyLabelModel {
    fn into_name(self) -> String {
        match self {
            Self::Name(name) | Self::Label(LabelModel { name }) => name,
        }
    }
}

impl From<CommentModel> for Comment {
    fn from(model: CommentModel) -> Self {
        let mut comment = Self::new(model.id, model.body.unwrap_or_default());
        comment.author = model.user.map(|user| user.login);
        comment
    }
}

impl GitHub {
    /// All of them or an error: an old one that is left out could be somebody's "no".
    pub(super) async fn list_labelled(
        &self,
        repository: &RepositoryName,
        label: &str,
    ) -> Result<Vec<Item>, ForgeError> {
        let request = get(repository, &["issues"], format!("list what carries the label `{label}`"))
            .query("labels", label)
            .query("state", "all")
            .query("sort", "created")
            .query("direction", "desc");
        let found = self.client.all(&request, |page: Vec<IssueModel>| page).await?;
        // What is opened between two pages moves others on to the next page.
        let mut seen = BTreeSet::new();
        Ok(found.into_iter().filter(|issue| seen.insert(issue.number)).map(Item::from).collect())
    }

    pub(super) async fn change(
        &self,
        repository: &RepositoryName,
        number: u64,
        edit: &ItemEdit,
    ) -> Result<(), ForgeError> {
        let doing = format!("change #{number}");
        edit.title.iter().try_for_each(|title| texts::title(title, &doing))?;
        edit.body.iter().try_for_each(|body| texts::body(body, &doing))?;
        let state = edit.open.map(|open| if open { "open" } else { "closed" });
        let changes = [("title", edit.title.as_deref()), ("body", edit.body.as_deref()), ("state", state)];
        let changes: Map<String, Value> =
            changes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let request = patch(repository, &["issues", &number.to_string()], doing).with(changes);
        self.client.json::<NumberModel>(&request).await.map(drop)
    }

    pub(super) async fn write_issue(
        &self,
        repository: &RepositoryName,
        title: &str,
        body: &str,
        labels: &[&str],
    ) -> Result<Item, ForgeError> {
        let doing = "open the issue";
        texts::title(title, doing)?;
        texts::body(body, doing)?;
        for label in labels {
            self.make_label(repository, label).await?;
        }
        let request =
            post(repository, &["issues"], doing).with(json!({ "title": title, "body": body, "labels": labels }));
        Ok(self.client.json::<IssueModel>(&request).await?.into())
    }

    pub(super) async fn list_comments(
        &self,
        repository: &RepositoryName,
        number: u64,
    ) -> Result<Vec<Comment>, ForgeError> {
        let path = ["issues", &number.to_string(), "comments"];
        let request = get(repository, &path, format!("list the comments on #{number}"));
        let found = self.client.all(&request, |page: Vec<CommentModel>| page).await?;
        Ok(found.into_iter().map(Comment::from).collect())
    }

    pub(super) async fn write_comment(
        &self,
        repository: &RepositoryName,
        number: u64,
        body: &str,
    ) -> Result<(), ForgeError> {
        let doing = format!("comment on #{number}");
        texts::body(body, &doing)?;
        let path = ["issues", &number.to_string(), "comments"];
        let request = post(repository, &path, doing).with(json!({ "body": body }));
        self.client.json::<CommentModel>(&request).await.map(drop)
    }

    pub(super) async fn change_comment(
        &self,
        repository: &RepositoryName,
        comment: u64,
        body: &str,
    ) -> Result<(), ForgeError> {
        let doing = format!("change the comment {comment}");
        texts::body(body, &doing)?;
        let path = ["issues", "comments", &comment.to_string()];
        let request = patch(repository, &path, doing).with(json!({ "body": body }));
        self.client.json::<CommentModel>(&request).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn an_issue_may_lack_almost_everything_and_its_labels_may_be_names() {
        let model: IssueModel = serde_json::from_value(json!({
            "number": 7, "state": "closed", "state_reason": "not_planned", "created_at": "1970-01-01T00:01:00Z", "user": null, "body": null,
            "labels": ["a", { "name": "b" }], "pull_request": { "merged_at": "2026-01-01T00:00:00Z" },
        }))
        .unwrap();
        let item = Item::from(model);
        assert_eq!((item.number, item.open, item.merged, item.is_pull_request), (7, false, true, true));
        assert!(item.not_planned);
        assert_eq!((item.author, item.body.as_str(), item.labels), (None, "", vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(item.created, SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    }
}
