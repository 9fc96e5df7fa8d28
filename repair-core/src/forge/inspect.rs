//! Asking a forge what decides who may have a run repaired.

use super::{Access, Circumstances, Forge, ForgeError, ForgeErrorKind, Permission, PullRequest, RepositoryName, Run};

/// The variable of a repository that switches us off.
pub const SWITCH: &str = "CI_REPAIR";

/// Whether a value of [`SWITCH`] switches us off.
pub fn is_off(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "off" | "false" | "no" | "0")
}

/// A run, and what may be done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspected {
    /// The run.
    pub run: Run,
    /// The open pull request at whose head it ran.
    pub pull_request: Option<PullRequest>,
    /// What may be done.
    pub access: Access,
}

/// Asks the forge about a run, of its last attempt if none is named, and decides what may be done for it.
///
/// `trusted` are accounts that count as those who may write although the forge does not say so, such as bots.
pub async fn inspect(
    forge: &dyn Forge,
    repository: &RepositoryName,
    run: u64,
    attempt: Option<u32>,
    trusted: &[String],
) -> Result<Inspected, ForgeError> {
    let run = forge.run(repository, run, attempt).await?;
    let pull_request = forge.pull_request_of(&run).await?;
    let head_now = match &run.head_branch {
        Some(branch) if !run.is_from_fork() => forge.head(repository, branch).await?,
        _ => None,
    };
    let switched_off = forge.variable(repository, SWITCH).await?.as_deref().is_some_and(is_off);
    let permission = weakest(forge, &run, trusted).await?;
    let access = Access::of(&Circumstances {
        run: &run,
        pull_request: pull_request.as_ref(),
        permission,
        head_now: head_now.as_deref(),
        switched_off,
    });
    Ok(Inspected { run, pull_request, access })
}

/// What the weakest of those who caused the run may do; nothing if nobody is known.
async fn weakest(forge: &dyn Forge, run: &Run, trusted: &[String]) -> Result<Permission, ForgeError> {
    let mut weakest = None;
    for login in run.actor.iter().chain(&run.triggering_actor) {
        let permission = match trusted.contains(login) {
            true => Permission::Write,
            false => of(forge, run, login).await?,
        };
        weakest = Some(weakest.map_or(permission, |other: Permission| other.min(permission)));
    }
    Ok(weakest.unwrap_or(Permission::None))
}

async fn of(forge: &dyn Forge, run: &Run, login: &str) -> Result<Permission, ForgeError> {
    match forge.permission(&run.repository, login).await {
        // Bots that are no collaborators are not known there.
        Err(error) if error.kind() == ForgeErrorKind::NotFound => Ok(Permission::None),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_has_a_few_words() {
        for off in ["off", "OFF", " false ", "no", "0"] {
            assert!(is_off(off), "{off}");
        }
        for on in ["", "on", "true", "1", "offline"] {
            assert!(!is_off(on), "{on}");
        }
    }
}
