//! Listing the files of a folder.

use super::folder::SkippedFile;
use super::loader::Stamp;
use super::{FsError, Git, is_executable};
use crate::{Mode, RepoPath};
use ignore::{DirEntry, WalkBuilder};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::Path;

/// Folders that a check does not need, or makes again.
pub(crate) const CACHES: [&str; 13] = [
    ".git",
    ".hg",
    ".svn",
    "__pycache__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".pytype",
    ".hypothesis",
    ".cache",
    ".ipynb_checkpoints",
];

/// Folders of packages, large and only read.
pub(crate) const PACKAGES: [&str; 4] = ["node_modules", "site-packages", "__pypackages__", ".pixi"];

/// More folders that tools make and nobody edits.
const MADE: [&str; 2] = [".venv", ".eggs"];

/// The files of a folder, and what was left out.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: BTreeMap<RepoPath, (Mode, Stamp)>,
    pub(super) skipped: Vec<SkippedFile>,
}

/// The paths of the files of a folder, for whoever looks for all others.
#[cfg(feature = "local")]
#[cfg(unix)]
pub(crate) struct ListedFiles(BTreeMap<RepoPath, (Mode, Stamp)>);

#[cfg(feature = "local")]
#[cfg(unix)]
impl ListedFiles {
    /// The files below `root`.
    pub(crate) fn of(root: &Path) -> Result<Self, FsError> {
        list(root).map(|listing| Self(listing.files))
    }

    /// Whether the file is one of them.
    pub(crate) fn contains(&self, relative: &Path) -> bool {
        repo_path(relative).is_ok_and(|path| self.0.contains_key(&path))
    }
}

/// Lists the files below `root`: those that git sees if it is a checkout, else all.
pub(super) fn list(root: &Path) -> Result<Listing, FsError> {
    let mut listing = Listing::default();
    let checkout = is_checkout(root);
    for entry in walk(root, checkout) {
        match entry {
            Ok(entry) => listing.add_entry(root, &entry, checkout),
            Err(error) => listing.skipped.push(SkippedFile::new(Path::new(""), error.to_string())),
        }
    }
    if checkout {
        listing.add_tracked(root);
    }
    root.read_dir().map_err(FsError::io("read", root))?;
    Ok(listing)
}

/// Whether git keeps the files of the folder. One that lies in a checkout which ignores it stands for itself.
pub(crate) fn is_checkout(root: &Path) -> bool {
    let is_top = |folder: &Path| folder.join(".git").symlink_metadata().is_ok();
    is_top(root)
        || root.ancestors().skip(1).any(is_top)
            && Git::new(root).succeeds(&["check-ignore", "--quiet", "."]) == Some(false)
}

fn walk(root: &Path, checkout: bool) -> ignore::Walk {
    let inside = root.to_path_buf();
    WalkBuilder::new(root)
        .standard_filters(false)
        .git_ignore(checkout)
        .git_exclude(checkout)
        .git_global(checkout)
        .parents(checkout)
        .require_git(false)
        .follow_links(false)
        .filter_entry(move |entry| entry.depth() == 0 || !is_artefact(entry) && !is_in_other(entry, &inside, checkout))
        .build()
}

/// Whether the entry is a folder of build artefacts or caches, or a virtual environment.
fn is_artefact(entry: &DirEntry) -> bool {
    let lists: [&[&str]; 3] = [&CACHES, &PACKAGES, &MADE];
    let named = entry.file_name().to_str().is_some_and(|name| lists.iter().any(|list| list.contains(&name)));
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        // A worktree's `.git` is a file.
        return entry.file_name() == ".git";
    }
    named || entry.path().join("pyvenv.cfg").is_file() || entry.path().join("conda-meta").is_dir()
}

/// Whether the entry lies in a repository that is inside the checkout. The folder itself passes, to be reported.
fn is_in_other(entry: &DirEntry, root: &Path, checkout: bool) -> bool {
    let parent = entry.path().parent().filter(|parent| *parent != root);
    checkout && parent.is_some_and(is_repository)
}

fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

impl Listing {
    fn add_entry(&mut self, root: &Path, entry: &DirEntry, checkout: bool) {
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        match entry.file_type() {
            Some(kind) if kind.is_dir() => {
                if checkout && entry.depth() > 0 && is_repository(entry.path()) {
                    self.skip(relative, "it is a git repository of its own");
                }
            }
            _ => match entry.path().symlink_metadata() {
                Ok(metadata) => self.add(relative, &metadata),
                Err(error) => self.skip(relative, error.to_string()),
            },
        }
    }

    fn add(&mut self, relative: &Path, metadata: &Metadata) {
        let Some(mode) = mode(metadata) else {
            return self.skip(relative, "it is neither a file nor a link");
        };
        match repo_path(relative) {
            Ok(path) => drop(self.files.insert(path, (mode, Stamp::of(metadata)))),
            Err(reason) => self.skip(relative, reason),
        }
    }

    fn skip(&mut self, relative: &Path, reason: impl Into<String>) {
        self.skipped.push(SkippedFile::new(relative, reason));
    }

    /// Adds the files that are tracked although they are ignored. Without a working git there are none to be known.
    fn add_tracked(&mut self, root: &Path) {
        let Ok(output) = Git::new(root).output(&["ls-files", "-z", "--stage"]) else {
            return self
                .skip(Path::new(""), "git does not list the tracked files; ignored ones among them are missing");
        };
        for entry in output.split(|byte| *byte == 0) {
            let Some((head, name)) = std::str::from_utf8(entry).ok().and_then(|entry| entry.split_once('\t')) else {
                continue;
            };
            let Ok(path) = RepoPath::new(name) else { continue };
            if !head.starts_with("160000") && !self.files.contains_key(&path) {
                self.add_if_there(root, &path);
            }
        }
    }

    fn add_if_there(&mut self, root: &Path, path: &RepoPath) {
        let real = super::first_non_folder(root, path).is_ok_and(|other| other.is_none());
        if let (true, Ok(metadata)) = (real, root.join(path.as_str()).symlink_metadata())
            && !metadata.is_dir()
        {
            self.add(Path::new(path.as_str()), &metadata);
        }
    }
}

fn mode(metadata: &Metadata) -> Option<Mode> {
    match metadata.file_type() {
        kind if kind.is_symlink() => Some(Mode::Symlink),
        kind if !kind.is_file() => None,
        _ if is_executable(metadata) => Some(Mode::Executable),
        _ => Some(Mode::Regular),
    }
}

fn repo_path(relative: &Path) -> Result<RepoPath, String> {
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    let parts = parts.ok_or("its name is not UTF-8")?;
    RepoPath::new(parts.join("/")).map_err(|error| error.to_string())
}
