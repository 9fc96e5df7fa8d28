//! What the steps behind a job's last one prove about how the job went.
//!
//! Some actions clean up in every case, others only after a job that succeeded. If more cleanings ran than run in every
//! case, then the job succeeded, and what failed in it was allowed to fail (`continue-on-error`).

/// How an action cleans up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cleaning {
    Never,
    Always,
    AfterSuccess,
}

/// Actions of which it is known.
const KNOWN: [(&str, Cleaning); 16] = [
    ("actions/cache", Cleaning::AfterSuccess),
    ("actions/cache/restore", Cleaning::Never),
    ("actions/cache/save", Cleaning::Never),
    ("actions/checkout", Cleaning::Always),
    ("actions/download-artifact", Cleaning::Never),
    ("actions/github-script", Cleaning::Never),
    ("actions/labeler", Cleaning::Never),
    ("actions/setup-dotnet", Cleaning::AfterSuccess),
    ("actions/setup-go", Cleaning::AfterSuccess),
    ("actions/setup-java", Cleaning::AfterSuccess),
    ("actions/setup-node", Cleaning::AfterSuccess),
    ("actions/setup-python", Cleaning::AfterSuccess),
    ("actions/upload-artifact", Cleaning::Never),
    ("codecov/codecov-action", Cleaning::Never),
    ("pypa/gh-action-pypi-publish", Cleaning::Never),
    ("snok/install-poetry", Cleaning::Never),
];

/// Counts the actions and the cleanings of a job.
#[derive(Debug, Default)]
pub(super) struct Posts {
    /// Whether the beginning of the job was seen, and so every action.
    begun: bool,
    always: u32,
    after_success: u32,
    seen: u32,
    unknown: bool,
}

impl Posts {
    /// The job begins.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// An action runs, by the title of its header: `Run actions/checkout@v4`.
    pub(super) fn uses(&mut self, title: &str) {
        let name = title.strip_prefix("Run ").unwrap_or(title).split('@').next().unwrap_or_default();
        match KNOWN.binary_search_by_key(&name, |(known, _)| known).ok().map(|index| KNOWN[index].1) {
            Some(Cleaning::Always) => self.always += 1,
            Some(Cleaning::AfterSuccess) => self.after_success += 1,
            Some(Cleaning::Never) => {}
            None => self.unknown = true,
        }
    }

    /// A cleaning runs. Whether that proves that the job succeeded.
    pub(super) fn clean(&mut self) -> bool {
        self.seen += 1;
        let possible = self.always + 1..=self.always + self.after_success;
        self.begun && !self.unknown && possible.contains(&self.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proven(actions: &[&str], cleanings: usize) -> bool {
        let mut posts = Posts::default();
        posts.begin();
        actions.iter().for_each(|action| posts.uses(action));
        (0..cleanings).map(|_| posts.clean()).last().unwrap_or_default()
    }

    #[test]
    fn more_cleanings_than_run_in_every_case_prove_success() {
        let usual = ["Run actions/checkout@v4", "Run actions/setup-python@v5"];
        assert!(proven(&usual, 2));
        assert!(!proven(&usual, 1));
        assert!(!proven(&["Run actions/checkout@v4"], 1));
        assert!(!proven(&[usual[0], usual[1], "Run some/action@v1"], 3), "it may clean up in every case");
    }

    #[test]
    fn nothing_is_proven_where_the_beginning_is_missing() {
        let mut posts = Posts::default();
        posts.uses("Run actions/setup-python@v5");
        assert!(!posts.clean());
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(KNOWN.is_sorted_by_key(|(name, _)| name));
    }
}
