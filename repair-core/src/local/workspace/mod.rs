//! A private copy of a snapshot.

mod artefacts;
mod editable;
mod files;
mod git;
mod mark;

use super::{Interpreter, LocalError, Sandbox, is_there};
use crate::fs::{ListedFiles, is_checkout};
use crate::{Folder, RepoPath, Snapshot};
use files::Files;
use git::GitFolder;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// A private copy of a snapshot in a temporary folder, which is removed when the workspace is dropped.
///
/// Beside the files of the snapshot it has what lies in the repository's folder and is ignored by git, such as compiled
/// extensions and generated version files, but neither caches nor files that may hold secrets; virtual environments and
/// `node_modules` are reached where they are.
/// It has a `.git` folder of its own with the history of the repository's, so that tools that ask git work.
/// Nothing is ever written to the repository's folder.
#[derive(Debug)]
pub struct Workspace {
    dir: TempDir,
    root: PathBuf,
    home: PathBuf,
    cache: PathBuf,
    temporary: PathBuf,
    source: Option<PathBuf>,
    seen_at: PathBuf,
    files: Files,
    git: GitFolder,
    /// Folders that are too large to copy, relative to the repository.
    mounts: Vec<PathBuf>,
    current: Option<Snapshot>,
    notes: Vec<String>,
    runs: AtomicU64,
}

impl Workspace {
    /// An empty workspace for jobs of `sandbox`.
    ///
    /// `source` is the folder of the repository, where ignored files and the history are found.
    pub fn new(source: Option<&Path>, sandbox: &Sandbox) -> Result<Self, LocalError> {
        let temporary = std::env::temp_dir();
        let dir =
            tempfile::Builder::new().prefix("ci-repair-").tempdir().map_err(LocalError::io("write", &temporary))?;
        let root = dir.path().canonicalize().map_err(LocalError::io("find", dir.path()))?;
        let source = source.map(|folder| folder.canonicalize().map_err(LocalError::io("find", folder))).transpose()?;
        for name in ["repo", "home", "cache", "tmp"] {
            let folder = root.join(name);
            std::fs::create_dir(&folder).map_err(LocalError::io("create", &folder))?;
        }
        let copy = root.join("repo");
        let seen_at = source.clone().filter(|_| sandbox.moves_the_copy()).unwrap_or_else(|| copy.clone());
        Ok(Self {
            files: Files::new(&copy),
            git: GitFolder::new(&root, sandbox.moves_the_copy()),
            dir,
            home: root.join("home"),
            cache: root.join("cache"),
            temporary: root.join("tmp"),
            root,
            source,
            seen_at,
            mounts: Vec::new(),
            current: None,
            notes: Vec::new(),
            runs: AtomicU64::new(0),
        })
    }

    /// Makes the copy one of `snapshot`. Only files that differ from what is there are written.
    pub fn update(&mut self, snapshot: &Snapshot) -> Result<(), LocalError> {
        match self.current.clone() {
            None => self.fill(snapshot)?,
            Some(old) => {
                self.reset()?;
                let paths: BTreeSet<&RepoPath> = old.paths().chain(snapshot.paths()).collect();
                let changed = paths.into_iter().filter(|path| !old.same_file(snapshot, path));
                self.files.next_moment();
                // What goes makes room: a folder may take the place of a file.
                let (come, gone): (Vec<_>, Vec<_>) = changed.partition(|path| snapshot.contains(path));
                gone.into_iter().try_for_each(|path| self.files.remove(path))?;
                come.into_iter().try_for_each(|path| self.files.write(snapshot, path, self.source.as_deref()))?;
            }
        }
        self.current = Some(snapshot.clone());
        Ok(())
    }

    /// Puts everything back that jobs made, changed or removed.
    pub fn reset(&mut self) -> Result<(), LocalError> {
        let Some(snapshot) = &self.current else { return Ok(()) };
        self.files.reset(snapshot, self.source.as_deref(), true)?;
        self.git.install(&self.files.root().join(".git"))
    }

    /// Puts the files of the snapshot back, and leaves what jobs made besides.
    pub fn restore(&mut self) -> Result<(), LocalError> {
        let Some(snapshot) = &self.current else { return Ok(()) };
        self.files.reset(snapshot, self.source.as_deref(), false)
    }

    /// The files as jobs have left them, without what git ignores and what tools cache.
    ///
    /// The difference to the snapshot that the workspace was made of is what the jobs did.
    pub fn outcome(&self) -> Result<Snapshot, LocalError> {
        let Some(snapshot) = &self.current else { return Ok(Snapshot::from_files::<Vec<u8>>([])) };
        let now = Folder::open(self.files.root())?.snapshot()?;
        let touched = |path: &RepoPath| !self.files.is_untouched(path);
        let gone = snapshot.paths().filter(|path| !is_there(&self.files.full(path))).map(|path| (path.clone(), None));
        let mut changes: Vec<_> = gone.collect();
        for path in now.paths().filter(|path| touched(path)) {
            if let (Some(mode), Ok(file)) = (now.mode(path), now.file(path)) {
                changes.push((path.clone(), Some((mode, file.bytes().to_vec()))));
            }
        }
        Ok(snapshot.with(changes))
    }

    /// Where the repository appears to jobs: a prefix of the absolute paths that they print.
    pub fn seen_at(&self) -> &Path {
        &self.seen_at
    }

    /// What is different from the repository's own folder, for the report.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn fill(&mut self, snapshot: &Snapshot) -> Result<(), LocalError> {
        let source = self.source.clone();
        for path in snapshot.paths() {
            self.files.write(snapshot, path, source.as_deref())?;
        }
        if let Some(source) = &source {
            self.bring_artefacts(source, snapshot)?;
        }
        let checkout = source.as_deref().filter(|source| is_checkout(source) && is_there(&source.join(".git")));
        match checkout.map(|source| self.git.prepare_from(source)) {
            Some(Ok(())) => {}
            Some(Err(error)) => self.notes.push(format!("the history is not there: {error}")),
            None => self.git.prepare_new(self.files.root())?,
        }
        self.git.install(&self.files.root().join(".git"))
    }

    fn bring_artefacts(&mut self, source: &Path, snapshot: &Snapshot) -> Result<(), LocalError> {
        let found = artefacts::find(source, &ListedFiles::of(source)?);
        self.notes.extend(found.notes);
        for file in found.files {
            if file.to_str().and_then(|text| RepoPath::new(text).ok()).is_none_or(|path| !snapshot.contains(&path)) {
                self.files.bring(source, &file)?;
            }
        }
        for folder in found.folders {
            if self.files.mount(source, &folder, self.seen_at == *source)? {
                self.mounts.push(folder);
            }
        }
        Ok(())
    }

    /// The folder that holds everything.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the copy really is.
    pub(super) fn repository(&self) -> &Path {
        self.files.root()
    }

    pub(super) fn source(&self) -> Option<&Path> {
        self.source.as_deref()
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn cache(&self) -> &Path {
        &self.cache
    }

    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// What must be mounted read-only where the copy is moved to the repository's place: from where, to where.
    pub(super) fn mounts(&self) -> Vec<(PathBuf, PathBuf)> {
        let objects = self.git.objects().map(|(from, to)| (from.to_path_buf(), to.to_path_buf()));
        let folders = self
            .source
            .iter()
            .flat_map(|source| self.mounts.iter().map(|folder| (source.join(folder), self.seen_at.join(folder))));
        folders.chain(objects).collect()
    }

    /// Files of the repository's folder that may hold credentials.
    pub(super) fn secrets(&self) -> Vec<PathBuf> {
        self.git.secrets()
    }

    /// A text that no other run has.
    pub(super) fn next_mark(&self) -> String {
        let name = self.dir.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        format!("{name}-{}", self.runs.fetch_add(1, Ordering::Relaxed))
    }

    /// Lets an environment that imports the repository's folder import the copy, where the copy is not in its place.
    pub(super) fn python_path(&self, interpreter: &Interpreter, variables: &mut BTreeMap<String, OsString>) {
        let Some(source) = self.source.as_deref().filter(|source| **source != self.seen_at) else { return };
        let roots = editable::roots(interpreter, source);
        if roots.is_empty() {
            return;
        }
        let own = roots.iter().map(|root| self.seen_at.join(root));
        let set = variables.get("PYTHONPATH").cloned().unwrap_or_default();
        let all = own.chain(std::env::split_paths(&set).filter(|path| !path.as_os_str().is_empty()));
        if let Ok(joined) = std::env::join_paths(all) {
            variables.insert("PYTHONPATH".into(), joined);
        }
    }
}

#[cfg(test)]
mod tests;
