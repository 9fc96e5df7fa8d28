//! Which files a test run collects.

use crate::guards::config::Effective;
use crate::guards::place;
use crate::python::{Module, canonical};
use globset::{GlobBuilder, GlobMatcher};
use repair_core::{RepoPath, Snapshot};

/// What pytest would collect, by its configuration and the `collect_ignore` of the `conftest.py` files.
#[derive(Debug)]
pub(super) struct Collection {
    roots: Vec<String>,
    files: Vec<GlobMatcher>,
    skipped_folders: Vec<GlobMatcher>,
    ignored: Vec<GlobMatcher>,
}

impl Collection {
    /// What is collected in `snapshot`.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let effective = snapshot.derived(Effective::of);
        let settings = effective.get("", "pytest").map(|chosen| chosen.settings).unwrap_or_default();
        let list = |key: &str| settings.iter().find(|setting| setting.key == key).map(|setting| setting.value.list());
        let words = settings
            .iter()
            .find(|setting| setting.key == "addopts")
            .map(|setting| setting.value.words())
            .unwrap_or_default();
        let check = crate::guards::commands::Check::with_arguments("pytest", &words);
        let mut ignored: Vec<String> = check
            .values("--ignore")
            .flat_map(|path| [path.trim_matches('/').to_owned(), format!("{}/**", path.trim_matches('/'))])
            .collect();
        ignored.extend(check.values("--ignore-glob").map(str::to_owned));
        ignored.extend(
            snapshot
                .paths()
                .filter(|path| path.file_name() == "conftest.py")
                .flat_map(|path| ignored_by(snapshot, path)),
        );
        let files = list("python-files").unwrap_or_else(|| ["test*.py", "*_test.py"].map(str::to_owned).to_vec());
        let folders = ["*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"];
        let folders = list("norecursedirs").unwrap_or_else(|| folders.map(str::to_owned).to_vec());
        Self {
            roots: list("testpaths")
                .unwrap_or_default()
                .into_iter()
                .map(|root| root.trim_start_matches("./").trim_matches('/').to_owned())
                .collect(),
            files: globs(&files),
            skipped_folders: globs(&folders),
            ignored: globs(&ignored),
        }
    }

    /// Whether the file is collected.
    pub(super) fn has(&self, path: &RepoPath) -> bool {
        let text = path.as_str();
        let hits = |globs: &[GlobMatcher], text: &str| globs.iter().any(|glob| glob.is_match(text));
        let skipped =
            path.parent().is_some_and(|parent| parent.components().any(|part| hits(&self.skipped_folders, part)));
        place::is_python(path)
            && (self.roots.is_empty() || self.roots.iter().any(|root| is_within(text, root)))
            && hits(&self.files, path.file_name())
            && !skipped
            && !hits(&self.ignored, text)
    }
}

fn is_within(text: &str, root: &str) -> bool {
    let glob = root.contains('*').then(|| GlobBuilder::new(&format!("{root}/**")).build().ok()).flatten();
    matches!(root, "" | ".")
        || text == root
        || text.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
        || glob.is_some_and(|glob| glob.compile_matcher().is_match(text))
}

fn globs(texts: &[String]) -> Vec<GlobMatcher> {
    let glob = |text: &String| GlobBuilder::new(text.trim_start_matches("./")).literal_separator(false).build();
    texts.iter().filter_map(|text| glob(text).ok()).map(|glob| glob.compile_matcher()).collect()
}

/// The patterns in `collect_ignore` and `collect_ignore_glob` of a `conftest.py`.
fn ignored_by(snapshot: &Snapshot, path: &RepoPath) -> Vec<String> {
    let Some(module) = Module::at(snapshot, path) else { return Vec::new() };
    let folder = path.parent().map(|parent| format!("{parent}/")).unwrap_or_default();
    let statements = module.nodes_of_kind("expression_statement");
    let named = statements.filter(|node| canonical(&module, *node).starts_with("collect_ignore"));
    let strings = named.flat_map(|node| {
        let inside = module.walk(node).filter(|it| it.kind() == "string_content");
        inside.map(|it| module.text_of(it).to_owned()).collect::<Vec<_>>()
    });
    strings
        .flat_map(|text| [format!("{folder}{text}"), format!("{folder}{text}/**"), format!("{folder}**/{text}")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    fn collected(files: &str) -> Vec<String> {
        let snapshot = Fixture::new(files).snapshot;
        let collection = Collection::of(&snapshot);
        snapshot.paths().filter(|path| collection.has(path)).map(|path| path.as_str().to_owned()).collect()
    }

    const FILES: &str = "#- tests/test_a.py\n#- tests/sub/b_test.py\n#- src/test_c.py\n#- tests/helper.py\n";

    #[test]
    fn configuration_decides_what_is_collected() {
        let with = |config: &str| collected(&format!("{FILES}{config}"));
        assert_eq!(with(""), ["src/test_c.py", "tests/sub/b_test.py", "tests/test_a.py"]);
        assert_eq!(with("#- pytest.ini\n[pytest]\ntestpaths = tests\n"), ["tests/sub/b_test.py", "tests/test_a.py"]);
        assert_eq!(with("#- pytest.ini\n[pytest]\npython_files = b_*.py\n"), ["tests/sub/b_test.py"]);
        assert_eq!(with("#- pytest.ini\n[pytest]\nnorecursedirs = sub src\n"), ["tests/test_a.py"]);
        assert_eq!(
            with("#- pytest.ini\n[pytest]\naddopts = --ignore=tests/sub --ignore-glob=src/*\n"),
            ["tests/test_a.py"]
        );
        assert_eq!(with("#- tests/conftest.py\ncollect_ignore = ['test_a.py', 'sub']\n"), ["src/test_c.py"]);
        assert_eq!(with("#- conftest.py\ncollect_ignore_glob = ['tests/*']\n"), ["src/test_c.py"]);
    }
}
