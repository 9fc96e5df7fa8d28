//! Which settings are in force: for each tool and folder, those of the file that the tool reads first.

use super::read::{is_config, of_text};
use super::setting::Setting;
use repair_core::{RepoPath, Snapshot};
use std::collections::BTreeMap;

/// The settings in force, by folder (empty at the top) and tool.
#[derive(Debug, Default)]
pub(in crate::guards) struct Effective {
    tools: BTreeMap<(String, String), Chosen>,
    /// Configuration files that are not of their format.
    pub(in crate::guards) unreadable: Vec<RepoPath>,
}

/// The settings of the file that a tool reads.
#[derive(Debug, Clone)]
pub(in crate::guards) struct Chosen {
    /// The file.
    pub(in crate::guards) path: RepoPath,
    /// Its settings for the tool.
    pub(in crate::guards) settings: Vec<Setting>,
}

/// The files that a tool reads, the first one that has a section for it wins.
fn order(tool: &str) -> &'static [&'static str] {
    match tool {
        "pytest" => {
            &["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"]
        }
        "ruff" => &[".ruff.toml", "ruff.toml", "pyproject.toml"],
        "flake8" => &["setup.cfg", "tox.ini", ".flake8"],
        "coverage" => &[".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml"],
        "mypy" => &["mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"],
        "pylint" => &["pylintrc", ".pylintrc", "pyproject.toml", "setup.cfg", "tox.ini"],
        "isort" => &[".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini"],
        "pyright" => &["pyrightconfig.json", "pyproject.toml"],
        "tox" => &["tox.ini", "setup.cfg", "pyproject.toml", "tox.toml"],
        _ => &[],
    }
}

/// Tools that take the nearest configuration file above each source file.
const NEAREST: [&str; 4] = ["ruff", "pytest", "pylint", "isort"];

impl Effective {
    /// The settings in force in `snapshot`.
    pub(in crate::guards) fn of(snapshot: &Snapshot) -> Self {
        let mut effective = Self::default();
        for path in snapshot.paths().filter(|path| is_config(path) && !is_vendored(path)) {
            let Ok(text) = snapshot.text(path) else { continue };
            let read = of_text(path, text);
            if !read.readable {
                effective.unreadable.push(path.clone());
            }
            let mut by_tool: BTreeMap<String, Vec<Setting>> = BTreeMap::new();
            if matches!(path.file_name(), "pytest.ini" | ".pytest.ini") {
                by_tool.entry("pytest".to_owned()).or_default();
            }
            for setting in read.all {
                by_tool.entry(setting.tool.clone()).or_default().push(setting);
            }
            by_tool.into_iter().for_each(|(tool, settings)| effective.offer(tool, path, settings));
        }
        effective
    }

    fn offer(&mut self, tool: String, path: &RepoPath, settings: Vec<Setting>) {
        let rank =
            |path: &RepoPath| order(&tool).iter().position(|name| *name == path.file_name()).unwrap_or(usize::MAX);
        let key = (folder(path), tool.clone());
        if self.tools.get(&key).is_none_or(|held| rank(path) < rank(&held.path)) {
            self.tools.insert(key, Chosen { path: path.clone(), settings });
        }
    }

    /// Every folder and tool that has a file.
    pub(in crate::guards) fn keys(&self) -> impl Iterator<Item = &(String, String)> {
        self.tools.keys()
    }

    /// What is in force for `tool` in `folder`, with what it inherits.
    pub(in crate::guards) fn get(&self, folder: &str, tool: &str) -> Option<Chosen> {
        let own = self.tools.get(&(folder.to_owned(), tool.to_owned()));
        let above = || {
            let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            (NEAREST.contains(&tool) && !folder.is_empty()).then(|| self.get(parent, tool)).flatten()
        };
        match own {
            None => above(),
            Some(own) => {
                let mut own = own.clone();
                if own.settings.iter().any(|setting| setting.tool == "ruff" && setting.key == "extend") {
                    let inherited = above().or_else(|| self.sibling(folder, tool, &own.path));
                    let missing = |setting: &Setting| own.settings.iter().all(|ours| ours.key != setting.key);
                    let more: Vec<Setting> = inherited.into_iter().flat_map(|it| it.settings).filter(missing).collect();
                    own.settings.extend(more);
                }
                Some(own)
            }
        }
    }

    fn sibling(&self, _folder: &str, tool: &str, path: &RepoPath) -> Option<Chosen> {
        self.tools
            .values()
            .find(|other| other.path != *path && other.settings.iter().any(|it| it.tool == tool))
            .cloned()
    }
}

fn folder(path: &RepoPath) -> String {
    path.parent().map(|parent| parent.as_str().to_owned()).unwrap_or_default()
}

/// Whether the file belongs to something installed or copied in.
pub(in crate::guards) fn is_vendored(path: &RepoPath) -> bool {
    path.components().any(|part| {
        matches!(part, "node_modules" | "site-packages" | ".venv" | "venv" | ".tox" | ".nox" | "vendor" | "_vendor")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    fn value(files: &str, folder: &str, tool: &str, key: &str) -> Option<String> {
        let effective = Effective::of(&Fixture::new(files).snapshot);
        effective.get(folder, tool)?.settings.into_iter().find(|it| it.key == key).map(|it| it.value.text())
    }

    #[test]
    fn the_file_that_the_tool_reads_first_wins() {
        let files = "#- pyproject.toml\n[tool.pytest.ini_options]\naddopts = '-q'\n#- pytest.ini\n";
        assert_eq!(value(files, "", "pytest", "addopts"), None);
        let files =
            "#- setup.cfg\n[tool:pytest]\naddopts = -v\n#- pyproject.toml\n[tool.pytest.ini_options]\naddopts = '-q'\n";
        assert_eq!(value(files, "", "pytest", "addopts").as_deref(), Some("-q"));
    }

    #[test]
    fn a_nearer_file_wins_below_its_folder() {
        let files = "#- pyproject.toml\n[tool.ruff]\nline-length = 80\n#- src/ruff.toml\nline-length = 200\n";
        assert_eq!(value(files, "src", "ruff", "line-length").as_deref(), Some("200"));
        assert_eq!(value(files, "docs", "ruff", "line-length").as_deref(), Some("80"));
    }
}
