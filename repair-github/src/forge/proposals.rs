//! Pull requests.

use super::{get, post, texts};
use crate::GitHub;
use crate::client::Request;
use crate::models::PullModel;
use repair_core::forge::{ForgeError, NewPullRequest, PullRequest, RepositoryName};
use serde_json::json;

const TO_READY: &str = "mutation($input: MarkPullRequestReadyForReviewInput!) { \
                        markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }";
const TO_DRAFT: &str = "mutation($input: ConvertPullRequestToDraftInput!) { \
                        convertPullRequestToDraft(input: $input) { pullRequest { isDraft } } }";

impl GitHub {
    pub(super) async fn list_pulls_from(
        &self,
        repository: &RepositoryName,
        branch: &str,
    ) -> Result<Vec<PullRequest>, ForgeError> {
        let request = get(repository, &["pulls"], format!("list the pull requests from `{branch}`"))
            .query("state", "all")
            .query("head", format!("{}:{branch}", repository.owner()));
        let found = self.client.all(&request, |page: Vec<PullModel>| page).await?;
        let here = |request: &PullRequest| request.head_repository.as_ref() == Some(repository);
        Ok(found.into_iter().map(PullRequest::from).filter(here).collect())
    }

    pub(super) async fn read_pull(&self, repository: &RepositoryName, number: u64) -> Result<PullModel, ForgeError> {
        let path = ["pulls", &number.to_string()];
        self.client.json(&get(repository, &path, format!("read the pull request #{number}"))).await
    }

    pub(super) async fn write_pull(
        &self,
        repository: &RepositoryName,
        new: &NewPullRequest,
    ) -> Result<PullRequest, ForgeError> {
        let doing = "open the pull request";
        texts::title(&new.title, doing)?;
        texts::body(&new.body, doing)?;
        let request = post(repository, &["pulls"], doing).with(json!({
            "title": new.title, "body": new.body, "head": new.head, "base": new.base, "draft": new.draft,
        }));
        Ok(self.client.json::<PullModel>(&request).await?.into())
    }

    pub(super) async fn change_draft(
        &self,
        repository: &RepositoryName,
        number: u64,
        draft: bool,
    ) -> Result<(), ForgeError> {
        let now = self.read_pull(repository, number).await?;
        if now.draft == draft {
            return Ok(());
        }
        let (document, state) = if draft { (TO_DRAFT, "a draft") } else { (TO_READY, "ready for review") };
        let variables = json!({ "input": { "pullRequestId": now.node_id } });
        let request = Request::graphql(document, variables, format!("make the pull request #{number} {state}"));
        self.client.done(&request).await
    }
}
