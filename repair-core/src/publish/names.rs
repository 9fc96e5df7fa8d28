//! The names of our branches.

use crate::forge::BRANCH_PREFIX;
use crate::{Fingerprint, Hash128};

/// The branch for a repair of `base`: by the first failure that it answers, and by `base` unless that is the default
/// branch. `number` tells those apart that had to be opened anew.
pub(super) fn branch(first: Fingerprint, base: &str, default: &str, number: usize) -> String {
    let base = if base == default { String::new() } else { format!("-{}", short(base)) };
    let number = if number == 0 { String::new() } else { format!("-{}", number + 1) };
    format!("{BRANCH_PREFIX}{first}{base}{number}")
}

/// A branch on which a commit is made before it takes the place of another.
pub(super) fn staging(first: Fingerprint, patch: &str, head: &str) -> String {
    format!("{BRANCH_PREFIX}staging/{first}-{}", short(&format!("{patch}\n{head}")))
}

/// A branch that only says that somebody is at work on a report of this failure, in the `term`th ten minutes since 1970: what
/// was left behind by somebody who is gone hinders nobody for longer.
///
/// `place` is where the report goes: two runs that fail alike must not report the same twice.
pub(super) fn lock(first: Fingerprint, place: &str, term: u64) -> String {
    format!("{BRANCH_PREFIX}lock/{first}-{}-{term}", short(place))
}

fn short(text: &str) -> String {
    Hash128::of(text.as_bytes()).to_string()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Failure};

    #[test]
    fn a_branch_is_known_by_its_failure_and_its_base() {
        let first = Failure::new(Category::Test, "pytest").fingerprint();
        assert_eq!(branch(first, "main", "main", 0), format!("ci-repair/{first}"));
        assert_eq!(branch(first, "main", "main", 1), format!("ci-repair/{first}-2"));
        let feature = branch(first, "feature/x", "main", 0);
        assert_eq!(feature.len(), "ci-repair/".len() + 32 + 9);
        assert_ne!(feature, branch(first, "feature-x", "main", 0));
        assert!(staging(first, "p", "h").starts_with("ci-repair/") && lock(first, "main", 3).starts_with("ci-repair/"));
    }
}
