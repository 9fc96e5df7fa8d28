//! Patterns of paths in the dialects of Python's tools.

use super::effective::is_vendored;
use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};
use repair_core::{RepoPath, Snapshot};

/// Patterns of which a path matches one.
#[derive(Debug)]
pub(super) struct Patterns {
    /// The patterns as written, sorted.
    pub(super) texts: Vec<String>,
    globs: Vec<GlobMatcher>,
    regexes: Vec<Regex>,
    everything: bool,
}

impl Patterns {
    /// The patterns `texts` in the dialect of `tool`.
    pub(super) fn new<'t>(tool: &str, texts: impl IntoIterator<Item = &'t String>) -> Self {
        let mut patterns = Self { texts: Vec::new(), globs: Vec::new(), regexes: Vec::new(), everything: false };
        for text in texts {
            patterns.texts.push(text.clone());
            patterns.add(tool, text.trim().trim_matches(['"', '\'']));
        }
        patterns.texts.sort();
        patterns.texts.dedup();
        patterns
    }

    /// What every path matches.
    pub(super) fn everything() -> Self {
        Self { texts: Vec::new(), globs: Vec::new(), regexes: Vec::new(), everything: true }
    }

    fn add(&mut self, tool: &str, text: &str) {
        let negated = text.starts_with('!');
        if text.is_empty() || negated {
            return;
        }
        let regular = matches!(tool, "black" | "mypy" | "pylint") || text.contains(['^', '$', '|', '\\', '(', ')']);
        if regular && tool != "coverage" {
            let built = RegexBuilder::new(text).ignore_whitespace(text.contains('\n')).build();
            if let Ok(regex) = built {
                self.regexes.push(regex);
            }
        }
        if !regular || tool == "pylint" {
            let bare = text.trim_start_matches("./").trim_end_matches('/');
            for form in [bare.to_owned(), format!("**/{bare}"), format!("{bare}/**"), format!("**/{bare}/**")] {
                let glob = GlobBuilder::new(&form).literal_separator(false).build();
                self.globs.extend(glob.map(|glob| glob.compile_matcher()));
            }
            self.everything |= matches!(bare, "" | "." | "*");
        }
    }

    /// Whether `path` matches.
    pub(super) fn matches(&self, path: &RepoPath) -> bool {
        let text = path.as_str();
        let rooted = format!("/{text}");
        self.everything
            || self.globs.iter().any(|glob| glob.is_match(text))
            || self.regexes.iter().any(|regex| regex.is_match(text) || regex.is_match(&rooted))
    }

    /// The Python files of `snapshot` that match.
    pub(super) fn files<'s>(&self, snapshot: &'s Snapshot) -> Vec<&'s RepoPath> {
        let python = |path: &&RepoPath| crate::guards::place::is_python(path) && !is_vendored(path);
        snapshot.paths().filter(python).filter(|path| self.matches(path)).collect()
    }

    /// Whether any Python file of `snapshot` matches.
    pub(super) fn any(&self, snapshot: &Snapshot) -> bool {
        !self.files(snapshot).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(tool: &str, pattern: &str, path: &str) -> bool {
        Patterns::new(tool, [&pattern.to_owned()]).matches(&RepoPath::new(path).unwrap())
    }

    #[test]
    fn dialects_are_understood() {
        assert!(matches("ruff", "legacy.py", "src/legacy.py"));
        assert!(matches("ruff", "src/old", "src/old/a.py"));
        assert!(matches("ruff", "src/*.py", "src/a.py"));
        assert!(!matches("ruff", "old", "src/bold/a.py"));
        assert!(matches("black", "^/src/old/", "src/old/a.py"));
        assert!(matches("black", "(\n  a\n  | old\n)", "src/old/a.py"));
        assert!(matches("mypy", "src/a\\.py$", "src/a.py"));
        assert!(matches("coverage", "*/admin.py", "src/admin.py"));
    }
}
