//! Why there is no pull request.

use super::{Bundle, Conclusion};
use crate::Objection;
use crate::forge::Reason;
use std::fmt;

/// Why nothing can be proposed, so that it is only reported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hindrance {
    /// Only the log was read, since of the run's origin.
    Diagnosed(Reason),
    /// There is no proven repair.
    Unproven(Conclusion),
    /// The bundle has no change.
    NoChange,
    /// The guards object to the change.
    Guards(Vec<Objection>),
    /// The repository's settings do not let us open pull requests.
    NotPermitted,
}

impl Hindrance {
    /// What keeps the change of a bundle from being proposed, as far as the bundle tells.
    pub(super) fn of(bundle: &Bundle, partial: bool) -> Option<Self> {
        match bundle.conclusion {
            _ if bundle.fixes.is_empty() || bundle.files.is_empty() => Some(Self::Unproven(bundle.conclusion)),
            Conclusion::Repaired if bundle.is_borne_out() => None,
            Conclusion::Repaired => Some(Self::Unproven(Conclusion::NotChecked)),
            Conclusion::FailuresRemain | Conclusion::Withheld if partial && bundle.after.is_some() => None,
            other => Some(Self::Unproven(other)),
        }
    }

    /// Whether a person should see the patch all the same.
    pub(super) fn shows_patch(&self) -> bool {
        match self {
            Self::NotPermitted | Self::Unproven(_) => true,
            Self::Guards(objections) => crate::Ruling::of(objections) != crate::Ruling::Refuse,
            Self::Diagnosed(_) | Self::NoChange => false,
        }
    }
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagnosed(reason) => write!(f, "{reason}, so that its log was read and nothing was executed"),
            Self::Unproven(Conclusion::Withheld) => {
                f.write_str("a fix was found, and it is not proposed without a person who allows it")
            }
            Self::Unproven(Conclusion::NotReproducible) => f.write_str("the failure was not seen again in the sandbox"),
            Self::Unproven(Conclusion::NotChecked) => f.write_str("the checks could not be made"),
            Self::Unproven(Conclusion::Diagnosed) => f.write_str("only its log was read"),
            Self::Unproven(_) => f.write_str("failures remain for which no fix was found"),
            Self::NoChange => f.write_str("there is nothing to change"),
            Self::Guards(objections) => {
                let rules: Vec<String> = objections.iter().take(5).map(|one| format!("`{}`", one.rule)).collect();
                write!(f, "the guards object to the change ({})", rules.join(", "))
            }
            Self::NotPermitted => f.write_str(
                "no pull request may be opened: the repository does not let Actions do it (Settings, Actions, General, \
                 \"Allow GitHub Actions to create and approve pull requests\"), or the token lacks the permission",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::testing::{base, bundle, path};
    use crate::{ChangeSet, Check, CheckRun, Exit, Parsed, Rule, ValidationResult};
    use std::time::Duration;

    fn with_fix(conclusion: Conclusion) -> Bundle {
        let base = base();
        let mut builder = ChangeSet::build_on(&base);
        builder.create(&path("new.py"), "x\n");
        let (mut bundle, _) = bundle().with_changes(&builder.build().unwrap(), &base).unwrap();
        bundle.fixes = vec![crate::bundle::testing::fix()];
        let ran = |exit, failures: &[crate::Failure]| {
            let parsed = Parsed { failures: failures.to_vec(), ..Parsed::default() };
            let run = CheckRun::new(&Check::default(), "ruff", exit, parsed, Duration::ZERO);
            Some(ValidationResult::new(vec![run], "here"))
        };
        (bundle.before, bundle.after) = (ran(Exit::Code(1), &bundle.failures), ran(Exit::Code(0), &[]));
        bundle.remaining.clear();
        Bundle { conclusion, ..bundle }
    }

    #[test]
    fn only_what_is_repaired_is_proposed_unless_parts_are_allowed() {
        assert_eq!(Hindrance::of(&with_fix(Conclusion::Repaired), false), None);
        for part in [Conclusion::FailuresRemain, Conclusion::Withheld] {
            assert_eq!(Hindrance::of(&with_fix(part), false), Some(Hindrance::Unproven(part)));
            assert_eq!(Hindrance::of(&with_fix(part), true), None);
        }
        for never in [Conclusion::NotChecked, Conclusion::NotReproducible, Conclusion::Diagnosed] {
            assert_eq!(Hindrance::of(&with_fix(never), true), Some(Hindrance::Unproven(never)));
        }
        let empty = Bundle { conclusion: Conclusion::Repaired, ..bundle() };
        assert_eq!(Hindrance::of(&empty, true), Some(Hindrance::Unproven(Conclusion::Repaired)));
    }

    #[test]
    fn what_was_not_seen_to_pass_is_not_repaired() {
        let repaired = || with_fix(Conclusion::Repaired);
        let lies = [
            Bundle { before: None, ..repaired() },
            Bundle { after: None, ..repaired() },
            Bundle { after: repaired().before, ..repaired() },
            Bundle { remaining: repaired().failures, ..repaired() },
        ];
        for lie in lies {
            assert_eq!(Hindrance::of(&lie, true), Some(Hindrance::Unproven(Conclusion::NotChecked)));
        }
        let part = Bundle { after: None, ..with_fix(Conclusion::FailuresRemain) };
        assert_eq!(Hindrance::of(&part, true), Some(Hindrance::Unproven(Conclusion::FailuresRemain)));
    }

    #[test]
    fn a_cheat_is_not_shown_as_a_patch_to_take() {
        let rule = Rule { id: "x", manual: "y" };
        assert!(!Hindrance::Guards(vec![Objection::refuse(&rule, "no")]).shows_patch());
        assert!(Hindrance::Guards(vec![Objection::needs_person(&rule, "look")]).shows_patch());
    }
}
