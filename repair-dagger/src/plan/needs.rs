//! Which files of the repository a step needs.
//!
//! A step that is known to need only a few need not be repeated when others change. What is not known needs all.

use super::requirements::{follow, is_local, join};
use super::system::plain;
use repair_core::{RepoPath, Snapshot};
use repair_fixers::shell::Script;
use std::collections::BTreeSet;
use toml_edit::{DocumentMut, Item};

/// The files that the script needs, run in `folder`; `None` if that is not known, and it needs all.
pub(super) fn needs(script: &str, folder: Option<&str>, files: &Snapshot) -> Option<Vec<String>> {
    let mut found = Found { folder, files, names: BTreeSet::new() };
    if script.replace("<<", "").contains('<') {
        return None;
    }
    let parsed = Script::parse(script);
    for command in parsed.commands() {
        found.command(&plain(command))?;
    }
    found.mentioned(script)?;
    // A folder to run in has to be there.
    (folder.is_none() || !found.names.is_empty()).then(|| found.names.into_iter().collect())
}

struct Found<'a> {
    folder: Option<&'a str>,
    files: &'a Snapshot,
    names: BTreeSet<String>,
}

impl Found<'_> {
    /// Adds files that stand in the script as words, such as in `[ -f requirements.txt ]`; a folder needs all.
    fn mentioned(&mut self, script: &str) -> Option<()> {
        for word in script.split(|c: char| c.is_whitespace() || ";\"'()[]=&|".contains(c)) {
            let Some(path) = join(self.folder, word).filter(|path| !path.is_empty() && !word.is_empty()) else {
                continue;
            };
            let is_folder = || {
                let folder = format!("{path}/");
                word.contains('/') && self.files.paths().any(|file| file.as_str().starts_with(&folder))
            };
            match RepoPath::new(&path) {
                Ok(file) if self.files.contains(&file) => _ = self.names.insert(path),
                _ if is_folder() => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn command(&mut self, words: &[&str]) -> Option<()> {
        let (program, arguments) = words.split_first()?;
        match (*program, arguments) {
            ("pip" | "pip3", _) => self.pip(arguments),
            ("python" | "python3", ["-m", module, rest @ ..]) => match *module {
                "pip" => self.pip(rest),
                "venv" | "virtualenv" | "ensurepip" => Some(()),
                "pipx" => pipx(rest),
                "poetry" | "pdm" | "uv" | "pipenv" => self.command(&words[2..]),
                _ => None,
            },
            ("python" | "python3", ["--version" | "-V" | "-VV"]) => Some(()),
            ("uv", ["pip", rest @ ..]) => {
                self.existing(&["pyproject.toml", "uv.toml"]);
                self.pip(rest)
            }
            ("uv", ["sync", rest @ ..]) => self.uv(rest),
            ("uv", ["venv" | "python" | "tool" | "cache" | "self" | "--version", rest @ ..]) => nothing_local(rest),
            ("poetry", ["install" | "sync", rest @ ..]) => self.poetry(rest),
            ("poetry", ["config" | "self" | "env" | "--version", ..]) => {
                self.existing(&["pyproject.toml"]);
                Some(())
            }
            ("poetry", ["check" | "lock", ..]) => self.manifests(&["pyproject.toml", "poetry.lock"]),
            ("pdm", ["install" | "sync", rest @ ..]) => self.pdm(rest),
            ("pdm", ["config" | "use" | "--version" | "venv", ..]) => self.manifests(&["pyproject.toml", "pdm.lock"]),
            ("pipenv", ["install" | "sync", ..]) => self.pipenv(),
            ("pipx", rest) => pipx(rest),
            ("apt" | "apt-get" | "curl" | "wget" | "gpg" | "locale-gen" | "npm", rest) => nothing_local(rest),
            ("echo" | "printf" | "export" | "set" | "true" | "which" | "type" | "mkdir" | "sleep" | "hash", rest) => {
                nothing_local(rest)
            }
            ("git", ["config" | "--version", ..]) => Some(()),
            ("source" | ".", [script]) => script.contains("/bin/activate").then_some(()),
            _ => None,
        }
    }

    fn pip(&mut self, arguments: &[&str]) -> Option<()> {
        let order = arguments.iter().position(|word| !word.starts_with('-'));
        let Some(order) = order else { return Some(()) };
        match arguments[order] {
            "install" | "sync" | "download" => {}
            "list" | "freeze" | "check" | "cache" | "config" | "debug" | "show" | "uninstall" => return Some(()),
            _ => return None,
        }
        let mut rest = arguments[order + 1..].iter();
        while let Some(word) = rest.next() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) if word.starts_with("--") => (option, Some(value)),
                _ => (*word, None),
            };
            let mut value = || value.or_else(|| rest.next().copied());
            match option {
                "-r" | "--requirement" | "-c" | "--constraint" => self.requirements(value()?)?,
                "-e" | "--editable" | "-f" | "--find-links" => return None,
                "--group" => self.manifests(&["pyproject.toml"])?,
                "-i" | "--index-url" | "--extra-index-url" | "-t" | "--target" | "--prefix" | "--root"
                | "--timeout" | "--retries" | "--python" | "-p" | "--trusted-host" | "--platform"
                | "--upgrade-strategy" | "--python-version" | "--no-binary" | "--only-binary" | "--progress-bar"
                | "--cert" | "--index" | "--resolution" | "--prerelease" | "--config-settings" | "--exclude-newer" => {
                    _ = value()?
                }
                short if short.starts_with("-r") && !short.starts_with("--") => self.requirements(&short[2..])?,
                local if is_local(local) => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn requirements(&mut self, name: &str) -> Option<()> {
        let path = join(self.folder, name)?;
        if path.ends_with(".toml") || path.ends_with("setup.py") || path.ends_with("setup.cfg") {
            return self.manifests(&[name]);
        }
        follow(&path, self.files, &mut self.names)
    }

    fn uv(&mut self, arguments: &[&str]) -> Option<()> {
        let bare = arguments.iter().any(|word| matches!(*word, "--no-install-project" | "--only-group" | "--only-dev"));
        let project = self.project()?;
        let tool = |name: &str| project.get("tool").and_then(|tool| tool.get("uv")?.get(name)).cloned();
        let local = |item: &Item| item.to_string().contains("path =") || item.to_string().contains("workspace =");
        if tool("workspace").is_some() || tool("sources").is_some_and(|sources| local(&sources)) {
            return None;
        }
        let package = tool("package").and_then(|package| package.as_bool());
        let builds = package.unwrap_or(project.get("build-system").is_some());
        if builds && !bare {
            return None;
        }
        self.existing(&["uv.toml", ".python-version"]);
        self.manifests(&["pyproject.toml", "uv.lock"])
    }

    fn poetry(&mut self, arguments: &[&str]) -> Option<()> {
        let project = self.project()?;
        let tool = project.get("tool").and_then(|tool| tool.get("poetry"));
        let package = tool.and_then(|tool| tool.get("package-mode")?.as_bool()).unwrap_or(true);
        let bare = arguments.contains(&"--no-root");
        let local = tool.is_some_and(|tool| tool.to_string().contains("path ="));
        if local || (package && !bare) {
            return None;
        }
        self.existing(&["poetry.toml"]);
        self.manifests(&["pyproject.toml", "poetry.lock"])
    }

    fn pdm(&mut self, arguments: &[&str]) -> Option<()> {
        let bare = arguments.contains(&"--no-self");
        if !bare || self.project()?.to_string().contains("file:///${PROJECT_ROOT}") {
            return None;
        }
        self.manifests(&["pyproject.toml", "pdm.lock"])
    }

    fn pipenv(&mut self) -> Option<()> {
        let path = RepoPath::new(&join(self.folder, "Pipfile")?).ok()?;
        let text = self.files.text(&path).ok()?;
        if text.contains("path =") {
            return None;
        }
        self.manifests(&["Pipfile", "Pipfile.lock"])
    }

    fn project(&self) -> Option<DocumentMut> {
        let path = RepoPath::new(&join(self.folder, "pyproject.toml")?).ok()?;
        self.files.text(&path).ok()?.parse().ok()
    }

    /// Adds the files of which the first has to be there.
    fn manifests(&mut self, names: &[&str]) -> Option<()> {
        let first = join(self.folder, names.first()?)?;
        self.existing(names);
        self.names.contains(&first).then_some(())
    }

    /// Adds those of the files that are there.
    fn existing(&mut self, names: &[&str]) {
        let paths = names.iter().filter_map(|name| join(self.folder, name));
        let there = |path: &String| RepoPath::new(path).is_ok_and(|path| self.files.contains(&path));
        let there: Vec<String> = paths.filter(there).collect();
        self.names.extend(there);
    }
}

/// Nothing is needed by `pipx install black`, but all by `pipx install .`.
fn pipx(arguments: &[&str]) -> Option<()> {
    matches!(*arguments, ["install" | "ensurepath" | "list" | "inject" | "upgrade" | "--version", ..]).then_some(())?;
    nothing_local(&arguments[1..])
}

fn nothing_local(arguments: &[&str]) -> Option<()> {
    let local =
        |word: &&str| *word == "." || word.starts_with("./") || word.starts_with(".[") || word.starts_with("../");
    (!arguments.iter().any(local)).then_some(())
}

#[cfg(test)]
#[path = "needs_tests.rs"]
mod tests;
