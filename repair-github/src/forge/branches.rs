//! Branches that are ours.

use crate::GitHub;
use crate::client::Request;
use repair_core::forge::{BRANCH_PREFIX, Forge, ForgeError, ForgeErrorKind, RepositoryName};
use serde_json::json;

/// Compares and swaps in one step, which nothing in the REST interface does.
const MOVE: &str = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
/// What a branch points to that does not exist.
const NOTHING: &str = "0000000000000000000000000000000000000000";
impl GitHub {
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
}

/// Only branches that are ours are ever written to.
pub(super) fn refuse_others(branch: &str, doing: &str) -> Result<(), ForgeError> {
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
}
