//! Who may have what repaired.

use super::{BRANCH_PREFIX, LABEL_OFF, PullRequest, Run, is_labelled};
use std::fmt;

/// What somebody may do in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Permission {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Write, or more.
    Write,
}

/// What must be known to decide whether a run may be repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// The run.
    pub run: &'a Run,
    /// The open pull request at whose head it ran.
    pub pull_request: Option<&'a PullRequest>,
    /// What the one who caused the run may do.
    pub permission: Permission,
    /// The commit that the run's branch points to now; `None` if the branch is gone.
    pub head_now: Option<&'a str>,
    /// Whether the repository has switched us off.
    pub switched_off: bool,
}

/// What may be done for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// It may be repaired.
    Repair,
    /// It may be diagnosed: read and reported, and nothing of it executed. Why not more.
    Diagnose(Reason),
    /// It is left alone. Why.
    Leave(Reason),
}

/// Why a run is not repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It did not fail, or has not ended.
    NotFailed,
    /// Its branch is one of ours.
    Ours,
    /// The repository, or a label, has switched us off.
    SwitchedOff,
    /// Its branch has moved since, or is gone.
    Moved,
    /// Its commit comes from a fork.
    Fork,
    /// Who caused it may not write to the repository.
    Stranger,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFailed => "the run has not failed",
            Self::Ours => "the run is of a branch of ours, which is never repaired again",
            Self::SwitchedOff => "repairs are switched off, by the variable `CI_REPAIR` or the label `ci-repair:off`",
            Self::Moved => "the branch has moved since the run, or is gone",
            Self::Fork => "the run is of a fork, whose code is not executed here",
            Self::Stranger => "who caused the run may not write to the repository",
        })
    }
}

impl Access {
    /// Decides. The strictest reason is the one that is told.
    pub fn of(circumstances: &Circumstances<'_>) -> Self {
        let Circumstances { run, pull_request, permission, head_now, switched_off } = circumstances;
        let ours = run.head_branch.as_deref().is_some_and(|branch| branch.starts_with(BRANCH_PREFIX));
        let off = pull_request.is_some_and(|request| is_labelled(&request.labels, LABEL_OFF));
        match () {
            () if !run.conclusion.is_some_and(super::Conclusion::is_failure) => Self::Leave(Reason::NotFailed),
            () if ours => Self::Leave(Reason::Ours),
            () if *switched_off || off => Self::Leave(Reason::SwitchedOff),
            () if run.is_from_fork() => Self::Diagnose(Reason::Fork),
            () if *permission < Permission::Write => Self::Diagnose(Reason::Stranger),
            () if *head_now != Some(run.head_sha.as_str()) => Self::Leave(Reason::Moved),
            () => Self::Repair,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Conclusion;
    use super::*;

    fn run() -> Run {
        let repository: super::super::RepositoryName = "octocat/hello".parse().unwrap();
        let mut run = Run::new(repository.clone(), 1, "abc");
        run.conclusion = Some(Conclusion::Failure);
        run.head_branch = Some("feature".to_owned());
        run.head_repository = Some(repository);
        run
    }

    fn access(change: impl FnOnce(&mut Run, &mut Circumstances<'_>)) -> Access {
        let mut run = run();
        let copy = run.clone();
        let mut circumstances = Circumstances {
            run: &copy,
            pull_request: None,
            permission: Permission::Write,
            head_now: Some("abc"),
            switched_off: false,
        };
        change(&mut run, &mut circumstances);
        Access::of(&Circumstances { run: &run, ..circumstances })
    }

    #[test]
    fn a_failed_run_of_somebody_who_may_write_is_repaired() {
        assert_eq!(access(|_, _| {}), Access::Repair);
        assert_eq!(access(|run, _| run.conclusion = Some(Conclusion::TimedOut)), Access::Repair);
    }

    #[test]
    fn what_did_not_fail_is_left_alone() {
        for conclusion in [None, Some(Conclusion::Success), Some(Conclusion::Cancelled), Some(Conclusion::Other)] {
            assert_eq!(access(|run, _| run.conclusion = conclusion), Access::Leave(Reason::NotFailed));
        }
    }

    #[test]
    fn our_own_branches_are_never_repaired() {
        let ours = access(|run, _| run.head_branch = Some("ci-repair/0a1b".to_owned()));
        assert_eq!(ours, Access::Leave(Reason::Ours));
    }

    #[test]
    fn forks_and_strangers_get_a_diagnosis_only() {
        let fork = |run: &mut Run| run.head_repository = "mallory/hello".parse().ok();
        assert_eq!(access(|run, _| fork(run)), Access::Diagnose(Reason::Fork));
        assert_eq!(access(|run, _| run.head_repository = None), Access::Diagnose(Reason::Fork));
        for permission in [Permission::None, Permission::Read] {
            assert_eq!(access(|_, it| it.permission = permission), Access::Diagnose(Reason::Stranger));
        }
    }

    #[test]
    fn a_head_that_moved_since_is_refused() {
        assert_eq!(access(|_, it| it.head_now = Some("def")), Access::Leave(Reason::Moved));
        assert_eq!(access(|_, it| it.head_now = None), Access::Leave(Reason::Moved));
    }

    #[test]
    fn a_switch_stops_everything() {
        assert_eq!(access(|_, it| it.switched_off = true), Access::Leave(Reason::SwitchedOff));
        let mut request = PullRequest::new(1, "abc", "feature");
        request.labels.push(LABEL_OFF.to_owned());
        let run = run();
        let circumstances = Circumstances {
            run: &run,
            pull_request: Some(&request),
            permission: Permission::Write,
            head_now: Some("abc"),
            switched_off: false,
        };
        assert_eq!(Access::of(&circumstances), Access::Leave(Reason::SwitchedOff));
    }
}
