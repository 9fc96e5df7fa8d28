//! Commits: those between two others, and new ones.

use super::branches::refuse_others;
use super::get;
use crate::GitHub;
use crate::client::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use repair_core::forge::{Commit, ForgeError, ForgeErrorKind, NewCommit, RepositoryName};
use serde::Deserialize;
use serde_json::{Value, json};

const COMMIT: &str =
    "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }";

/// The most commits between two; a repair has a handful.
const COMMITS: usize = 250;
const PER_PAGE: usize = 100;

#[derive(Deserialize)]
struct ComparedModel {
    total_commits: usize,
    commits: Vec<ComparedCommitModel>,
}

#[derive(Deserialize)]
struct ComparedCommitModel {
    sha: String,
    #[serde(default)]
    author: Option<AccountModel>,
    commit: WrittenModel,
    #[serde(default)]
    parents: Vec<Value>,
}

/// An account, or an empty object where there is none.
#[derive(Deserialize)]
struct AccountModel {
    #[serde(default)]
    login: Option<String>,
}

#[derive(Deserialize)]
struct WrittenModel {
    message: String,
    #[serde(default)]
    verification: Option<VerificationModel>,
}

#[derive(Deserialize)]
struct VerificationModel {
    verified: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommittedModel {
    create_commit_on_branch: CommitMadeModel,
}

#[derive(Deserialize)]
struct CommitMadeModel {
    commit: OidModel,
}

#[derive(Deserialize)]
struct OidModel {
    oid: String,
}

impl From<ComparedCommitModel> for Commit {
    fn from(model: ComparedCommitModel) -> Self {
        let mut commit = Self::new(model.sha, model.commit.message);
        commit.author = model.author.and_then(|account| account.login);
        commit.verified = model.commit.verification.is_some_and(|verification| verification.verified);
        commit.is_merge = model.parents.len() > 1;
        commit
    }
}

impl GitHub {
    pub(super) async fn compare(
        &self,
        repository: &RepositoryName,
        base: &str,
        head: &str,
    ) -> Result<Vec<Commit>, ForgeError> {
        let request =
            get(repository, &["compare", &format!("{base}...{head}")], format!("compare `{base}` and `{head}`"));
        let mut commits: Vec<Commit> = Vec::new();
        for page in 1.. {
            let asked = request.clone().query("per_page", PER_PAGE).query("page", page);
            let found: ComparedModel = self.client.json(&asked).await?;
            if found.total_commits > COMMITS {
                let reason =
                    format!("there are {} commits between them, and at most {COMMITS} are read", found.total_commits);
                return Err(ForgeError::new(ForgeErrorKind::TooLarge, request.doing(), reason));
            }
            let came = found.commits.len();
            commits.extend(found.commits.into_iter().map(Commit::from));
            if commits.len() >= found.total_commits {
                break;
            }
            if came == 0 {
                let reason = "GitHub's answer is not what it documents: there are fewer commits than it counts";
                return Err(ForgeError::new(ForgeErrorKind::Malformed, request.doing(), reason));
            }
        }
        Ok(commits)
    }

    pub(super) async fn write_commit(
        &self,
        repository: &RepositoryName,
        branch: &str,
        parent: &str,
        commit: &NewCommit,
    ) -> Result<String, ForgeError> {
        let doing = format!("commit to the branch `{branch}`");
        refuse_others(branch, &doing)?;
        let standing = self.standing(repository, parent, commit).await?;
        if standing.has_executables() {
            let made = self.commit_tree(repository, parent, commit, &standing).await?;
            return self.swap(repository, branch, Some(parent), Some(&made)).await.map(|()| made);
        }
        let input = json!({
            "branch": { "repositoryNameWithOwner": repository.to_string(), "branchName": branch },
            "expectedHeadOid": parent,
            "message": { "headline": commit.headline, "body": commit.body },
            "fileChanges": changes(commit),
        });
        let request = Request::graphql(COMMIT, json!({ "input": input }), doing);
        let made: CommittedModel = self.client.data(&request).await?;
        Ok(made.create_commit_on_branch.commit.oid)
    }
}

/// What changes, in GitHub's form, which has no modes: all files come out as plain ones.
fn changes(commit: &NewCommit) -> Value {
    let written = commit.files.iter().filter_map(|(path, content)| Some((path, content.as_ref()?)));
    let gone = commit.files.iter().filter(|(_, content)| content.is_none());
    json!({
        "additions": written
            .map(|(path, content)| json!({ "path": path.as_str(), "contents": STANDARD.encode(content) }))
            .collect::<Vec<Value>>(),
        "deletions": gone.map(|(path, _)| json!({ "path": path.as_str() })).collect::<Vec<Value>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_travel_encoded_and_what_goes_is_named() {
        let path = |path: &str| repair_core::RepoPath::new(path).unwrap();
        let files = vec![(path("a b.py"), Some(vec![0, 255])), (path("old"), None), (path("empty"), Some(Vec::new()))];
        let commit = NewCommit { headline: "x".to_owned(), body: String::new(), files, created: Vec::new() };
        let expected = json!({
            "additions": [{ "path": "a b.py", "contents": "AP8=" }, { "path": "empty", "contents": "" }],
            "deletions": [{ "path": "old" }],
        });
        assert_eq!(changes(&commit), expected);
    }

    #[test]
    fn a_commit_of_nobody_known_is_read() {
        for author in [json!(null), json!({})] {
            let model: ComparedCommitModel = serde_json::from_value(
                json!({ "sha": "a", "author": author, "commit": { "message": "m" }, "parents": [{}, {}] }),
            )
            .unwrap();
            let commit = Commit::from(model);
            assert_eq!((commit.author, commit.verified, commit.is_merge), (None, false, true));
        }
    }
}
