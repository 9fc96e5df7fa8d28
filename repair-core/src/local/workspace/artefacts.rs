//! What lies in the repository's folder and is not in the repository.

use crate::fs::{CACHES, ListedFiles, PACKAGES};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Names, and ends of names, of files that may hold secrets.
const SECRET_NAMES: [&str; 7] =
    [".env", ".envrc", ".netrc", ".pypirc", ".npmrc", "credentials.json", ".git-credentials"];
const SECRET_ENDS: [&str; 5] = [".pem", ".key", ".p12", ".pfx", ".keystore"];

/// A file larger than this is not copied.
const FILE_CAP: u64 = 32 << 20;
/// When this much is copied, the rest is left out.
const TOTAL_CAP: u64 = 512 << 20;
/// When so many files are copied, the rest is left out.
const COUNT_CAP: usize = 50_000;

/// What was found, relative to the folder.
#[derive(Debug, Default)]
pub(super) struct Artefacts {
    /// Files and links to copy.
    pub(super) files: Vec<PathBuf>,
    /// Folders to be reached where they are.
    pub(super) folders: Vec<PathBuf>,
    /// What was left out.
    pub(super) notes: Vec<String>,
    bytes: u64,
    left_out: usize,
}

/// Finds what lies below `source` and is not among its `listed` files.
pub(super) fn find(source: &Path, listed: &ListedFiles) -> Artefacts {
    let mut found = Artefacts::default();
    found.visit(source, Path::new(""), listed);
    if found.left_out > 0 {
        found.notes.push(format!("{} large ignored files are not in the copy", found.left_out));
    }
    found
}

impl Artefacts {
    fn visit(&mut self, source: &Path, folder: &Path, listed: &ListedFiles) {
        let entries = source.join(folder).read_dir().into_iter().flatten().flatten();
        let mut entries: Vec<_> = entries.map(|entry| (entry.file_name(), entry)).collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, entry) in entries {
            let path = folder.join(&name);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.visit_folder(source, path, &name, listed),
                Ok(kind) if (kind.is_file() || kind.is_symlink()) && !is_secret(&name) && !listed.contains(&path) => {
                    self.add(path, entry.metadata().map_or(0, |metadata| metadata.len()));
                }
                _ => {}
            }
        }
    }

    fn visit_folder(&mut self, source: &Path, path: PathBuf, name: &OsStr, listed: &ListedFiles) {
        let full = source.join(&path);
        let is_environment = full.join("pyvenv.cfg").is_file() || full.join("conda-meta").is_dir();
        if is_environment || is_among(name, &PACKAGES) {
            self.folders.push(path);
        } else if !is_among(name, &CACHES) {
            self.visit(source, &path, listed);
        }
    }

    fn add(&mut self, path: PathBuf, size: u64) {
        if path == Path::new(".git") {
            return;
        }
        if size > FILE_CAP || self.bytes + size > TOTAL_CAP || self.files.len() >= COUNT_CAP {
            self.left_out += 1;
        } else {
            self.bytes += size;
            self.files.push(path);
        }
    }
}

fn is_among(name: &OsStr, names: &[&str]) -> bool {
    name.to_str().is_some_and(|name| names.contains(&name))
}

fn is_secret(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    SECRET_NAMES.contains(&&*name) || name.starts_with(".env.") || SECRET_ENDS.iter().any(|end| name.ends_with(end))
}
