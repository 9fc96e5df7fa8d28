//! How long lines may be.

use regex::Regex;
use repair_core::{RepoPath, Snapshot};
use std::sync::LazyLock;

/// The longest line that the project's formatter or linter allows; 88 where it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(pub usize);

impl Width {
    /// The width of `snapshot`. Get it through [`Snapshot::derived`].
    pub fn of(snapshot: &Snapshot) -> Self {
        static SETTING: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(?m)^\s*(?:line[-_]length|max[-_]line[-_]length)\s*=\s*(\d+)").ok());
        let files = ["ruff.toml", ".ruff.toml", "pyproject.toml", ".flake8", "setup.cfg", "tox.ini"];
        let setting = |file: &&str| {
            let text = snapshot.text(&RepoPath::new(file).ok()?).ok()?;
            SETTING.as_ref()?.captures(text)?[1].parse().ok()
        };
        Self(files.iter().find_map(setting).unwrap_or(88))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    #[test]
    fn the_configuration_is_asked() {
        let width = |text| Width::of(&Fixture::new(text).snapshot).0;
        assert_eq!(width("#- a.py\n"), 88);
        assert_eq!(width("#- pyproject.toml\n[tool.ruff]\nline-length = 100\n"), 100);
        assert_eq!(width("#- setup.cfg\n[flake8]\nmax-line-length = 120\n"), 120);
    }
}
