//! Branches that are ours, and commits on them.

use super::get;
use crate::GitHub;
use crate::client::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use repair_core::forge::{BRANCH_PREFIX, Commit, Forge, ForgeError, ForgeErrorKind, NewCommit, RepositoryName};
use serde::Deserialize;
use serde_json::{Value, json};

/// Compares and swaps in one step, which nothing in the REST interface does.
const MOVE: &str = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
const COMMIT: &str =
    "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }";

/// What a branch points to that does not exist.
const NOTHING: &str = "0000000000000000000000000000000000000000";
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

    pub(super) async fn swap(
        &self,
        repository: &RepositoryName,
        branch: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), ForgeError> {
        let doing = doing(branch, from, to);
        refuse_others(branch, &doing)?;
        if from.is_none() && to.is_none() {
            let reason = "it is to be moved from nowhere to nowhere";
            return Err(ForgeError::new(ForgeErrorKind::Invalid, doing, reason));
        }
        let update = json!({
            "name": format!("refs/heads/{branch}"), "beforeOid": from.unwrap_or(NOTHING),
            // What is at `from` is known, so nothing is lost by going elsewhere than forward.
            "afterOid": to.unwrap_or(NOTHING), "force": true,
        });
        let input = json!({ "repositoryId": self.node(repository).await?, "refUpdates": [update] });
        let request = Request::graphql(MOVE, json!({ "input": input }), doing);
        match self.client.done(&request).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explained(error, repository, branch, from).await),
        }
    }

    /// GitHub does not document how it refuses to move a branch that is elsewhere, so that is looked up.
    async fn explained(
        &self,
        error: ForgeError,
        repository: &RepositoryName,
        branch: &str,
        from: Option<&str>,
    ) -> ForgeError {
        if !matches!(error.kind(), ForgeErrorKind::Invalid | ForgeErrorKind::NotFound) {
            return error;
        }
        match self.head(repository, branch).await {
            Ok(head) if head.as_deref() != from => {
                let place = head.map_or_else(|| "does not exist".to_owned(), |head| format!("is at {head}"));
                let reason = format!("the branch {place} now; something else has changed it meanwhile");
                ForgeError::new(ForgeErrorKind::Conflict, format!("move the branch `{branch}`"), reason).because(error)
            }
            _ => error,
        }
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

/// What changes, in GitHub's form. A file keeps its mode; a new one is not executable.
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

/// Only branches that are ours are ever written to.
fn refuse_others(branch: &str, doing: &str) -> Result<(), ForgeError> {
    let ours = branch.strip_prefix(BRANCH_PREFIX).is_some_and(|rest| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        rest.chars().all(plain) && !rest.contains("..") && rest.split('/').all(|part| !part.is_empty())
    });
    if ours {
        return Ok(());
    }
    let reason = format!("only branches that begin with `{BRANCH_PREFIX}` are written to");
    Err(ForgeError::new(ForgeErrorKind::Forbidden, doing, reason))
}

fn doing(branch: &str, from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, _) => format!("make the branch `{branch}`"),
        (_, None) => format!("remove the branch `{branch}`"),
        _ => format!("move the branch `{branch}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_branches_of_ours_are_written_to() {
        for ours in ["ci-repair/0a1b", "ci-repair/a/b-c_d.e"] {
            assert!(refuse_others(ours, "x").is_ok(), "{ours}");
        }
        let others = [
            "main",
            "",
            "ci-repair",
            "ci-repair/",
            "CI-repair/a",
            "refs/heads/ci-repair/a",
            "ci-repair/../main",
            "ci-repair//a",
            "ci-repair/a b",
            "ci-repair/a~1",
            " ci-repair/a",
            "x/ci-repair/a",
        ];
        for other in others {
            assert_eq!(refuse_others(other, "x").unwrap_err().kind(), ForgeErrorKind::Forbidden, "{other}");
        }
    }

    #[test]
    fn contents_travel_encoded_and_what_goes_is_named() {
        let path = |path: &str| repair_core::RepoPath::new(path).unwrap();
        let files = vec![(path("a b.py"), Some(vec![0, 255])), (path("old"), None), (path("empty"), Some(Vec::new()))];
        let commit = NewCommit { headline: "x".to_owned(), body: String::new(), files };
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
