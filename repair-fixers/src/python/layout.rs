//! Which file is which module.

use super::stdlib;
use repair_core::{RepoPath, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// The modules of a repository.
///
/// A module's name begins below the outermost folder that has an `__init__.py`, or, without one, below the
/// repository itself and below `src` or `lib`.
#[derive(Debug, Default)]
pub struct Layout {
    by_name: BTreeMap<String, Vec<RepoPath>>,
    tops: BTreeSet<String>,
}

impl Layout {
    /// The layout of `snapshot`. Get it through [`Snapshot::derived`].
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut layout = Self::default();
        for path in snapshot.paths().filter(|path| is_python(path)) {
            for name in names(path, snapshot) {
                layout.tops.insert(name.split('.').next().unwrap_or(&name).to_owned());
                layout.by_name.entry(name).or_default().push(path.clone());
            }
        }
        layout
    }

    /// The file of the module with the dotted `name`, if exactly one file can be meant.
    pub fn file(&self, name: &str) -> Option<&RepoPath> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// Whether the top of the dotted `module` is a module or a folder with modules of this repository.
    pub fn is_first_party(&self, module: &str) -> bool {
        self.tops.contains(module.split('.').next().unwrap_or(module))
    }

    /// Every module name with its files, in order.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &[RepoPath])> {
        self.by_name.iter().map(|(name, paths)| (name.as_str(), paths.as_slice()))
    }
}

/// Whether the path ends like Python source.
pub fn is_python(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("py" | "pyi"))
}

/// Whether the file belongs to tests.
pub fn is_test(path: &RepoPath) -> bool {
    let name = path.file_name();
    name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py" || {
        path.components().any(|part| matches!(part, "tests" | "test" | "testing"))
    }
}

/// The dotted name by which other files import the module at `path`.
pub fn module_name(path: &RepoPath, snapshot: &Snapshot) -> String {
    let root = package_root(path, snapshot);
    let below = match &root {
        Some(root) => path.as_str().strip_prefix(root.as_str()).unwrap_or(path.as_str()).trim_start_matches('/'),
        None => path.as_str(),
    };
    dotted(below)
}

/// All names by which it may be imported.
fn names(path: &RepoPath, snapshot: &Snapshot) -> Vec<String> {
    let mut names = vec![module_name(path, snapshot)];
    if path.as_str().contains('/') {
        names.push(dotted(path.as_str()));
        names.extend(["src/", "lib/"].iter().filter_map(|root| path.as_str().strip_prefix(root)).map(dotted));
    }
    names.retain(|name| !name.is_empty() && name.split('.').all(is_identifier));
    names.sort();
    names.dedup();
    names
}

/// The folder from which absolute imports of `path` begin; `None` for the repository itself.
fn package_root(path: &RepoPath, snapshot: &Snapshot) -> Option<RepoPath> {
    let is_package = |folder: &RepoPath| folder.join("__init__.py").is_ok_and(|init| snapshot.contains(&init));
    let mut folder = path.parent();
    let in_package = folder.as_ref().is_some_and(is_package);
    while let Some(inner) = folder.clone().filter(|folder| is_package(folder)) {
        folder = inner.parent();
    }
    let source_root = |folder: &RepoPath| matches!(folder.as_str(), "src" | "lib");
    match folder {
        Some(folder) if in_package || source_root(&folder) => Some(folder),
        Some(folder) => {
            // Without `__init__.py` it is a script, which sees its own folder, or part of a namespace package.
            let top = folder.components().next().and_then(|top| RepoPath::new(top).ok());
            top.filter(source_root).or(Some(folder))
        }
        None => None,
    }
}

fn dotted(path: &str) -> String {
    let stem = path.trim_end_matches('i').strip_suffix(".py").unwrap_or(path);
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    if stem == "__init__" { String::new() } else { stem.replace('/', ".") }
}

/// Whether `text` can be a name in Python (keywords included).
pub fn is_identifier(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The groups into which import sorters put imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `from __future__`.
    Future,
    /// The standard library.
    Standard,
    /// What is installed.
    ThirdParty,
    /// This repository.
    FirstParty,
    /// Relative imports.
    Local,
}

impl Group {
    /// The group of imports from the dotted `module`.
    pub fn of(module: &str, layout: &Layout) -> Self {
        match module {
            "__future__" => Self::Future,
            relative if relative.starts_with('.') => Self::Local,
            module if stdlib::is_stdlib(module) => Self::Standard,
            module if layout.is_first_party(module) => Self::FirstParty,
            _ => Self::ThirdParty,
        }
    }
}

/// The absolute form of `from` (`.a`, `..`, `b`) in the module at `path`.
pub fn absolute(from: &str, path: &RepoPath, snapshot: &Snapshot) -> String {
    let level = from.chars().take_while(|c| *c == '.').count();
    if level == 0 {
        return from.to_owned();
    }
    let own = module_name(path, snapshot);
    let mut parts: Vec<&str> = own.split('.').filter(|part| !part.is_empty()).collect();
    let up = if path.file_name().starts_with("__init__.") { level - 1 } else { level };
    parts.truncate(parts.len().saturating_sub(up));
    parts.extend(from[level..].split('.').filter(|part| !part.is_empty()));
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    #[test]
    fn modules_have_the_names_by_which_they_are_imported() {
        let snapshot = Fixture::new(
            "#- src/pkg/__init__.py\n#- src/pkg/sub/__init__.py\n#- src/pkg/sub/mod.py\n#- scripts/run.py\n#- setup.py\n\
             #- flat/__init__.py\n#- src/alone.py\n#- src/space/part.py\n",
        )
        .snapshot;
        let names = [
            ("src/pkg/__init__.py", "pkg"),
            ("src/pkg/sub/mod.py", "pkg.sub.mod"),
            ("scripts/run.py", "run"),
            ("setup.py", "setup"),
            ("flat/__init__.py", "flat"),
            ("src/alone.py", "alone"),
            ("src/space/part.py", "space.part"),
        ];
        for (file, name) in names {
            assert_eq!(module_name(&path(file), &snapshot), name);
        }
        let layout = Layout::of(&snapshot);
        assert_eq!(layout.file("pkg.sub.mod"), Some(&path("src/pkg/sub/mod.py")));
        assert_eq!(layout.file("scripts.run"), Some(&path("scripts/run.py")));
        assert!(layout.is_first_party("pkg.other") && !layout.is_first_party("requests"));
    }

    #[test]
    fn relative_imports_have_an_absolute_form() {
        let snapshot =
            Fixture::new("#- pkg/__init__.py\n#- pkg/a.py\n#- pkg/sub/__init__.py\n#- pkg/sub/b.py\n").snapshot;
        assert_eq!(absolute(".c", &path("pkg/a.py"), &snapshot), "pkg.c");
        assert_eq!(absolute("..a", &path("pkg/sub/b.py"), &snapshot), "pkg.a");
        assert_eq!(absolute(".", &path("pkg/sub/__init__.py"), &snapshot), "pkg.sub");
        assert_eq!(absolute("x.y", &path("pkg/a.py"), &snapshot), "x.y");
    }

    #[test]
    fn groups_follow_the_origin() {
        let snapshot = Fixture::new("#- pkg/__init__.py\n").snapshot;
        let layout = Layout::of(&snapshot);
        let groups = ["__future__", "os.path", "yaml", "pkg.a", ".a"].map(|module| Group::of(module, &layout));
        assert_eq!(groups, [Group::Future, Group::Standard, Group::ThirdParty, Group::FirstParty, Group::Local]);
    }
}
