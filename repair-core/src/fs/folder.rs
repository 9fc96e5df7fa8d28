//! A folder on disk.

use super::list::list;
use super::loader::FolderLoader;
use super::{FsError, SIZE_LIMIT};
use crate::Snapshot;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A repository in a folder on disk.
///
/// In a git checkout its files are those that git sees: tracked, or neither tracked nor ignored.
/// Elsewhere they are all files.
/// Either way what tools build and cache (`node_modules`, `__pycache__`, virtual environments, …) is left out unless
/// it is tracked, and so is what belongs to a repository inside the checkout.
///
/// ```no_run
/// # use repair_core::{ChangeSet, Folder, RepoPath};
/// let folder = Folder::open(".".as_ref())?;
/// let snapshot = folder.snapshot()?;
/// let mut changes = ChangeSet::build_on(&snapshot);
/// changes.create(&RepoPath::new("hello.txt").unwrap(), "hello\n");
/// folder.write(&snapshot, &changes.build().unwrap())?;
/// # Ok::<(), repair_core::FsError>(())
/// ```
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    size_limit: u64,
    skipped: Mutex<Vec<SkippedFile>>,
}

/// A file or folder that is not in the snapshot though it is no build artefact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedFile {
    /// Where it is, relative to the folder.
    pub path: PathBuf,
    /// Why it was skipped.
    pub reason: String,
}

impl SkippedFile {
    pub(super) fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.to_path_buf(), reason: reason.into() }
    }
}

impl Folder {
    /// The folder at `path`.
    pub fn open(path: &Path) -> Result<Self, FsError> {
        let root = path.canonicalize().map_err(|_| FsError::NotAFolder(path.to_path_buf()))?;
        if !root.is_dir() {
            return Err(FsError::NotAFolder(path.to_path_buf()));
        }
        Ok(Self { root, size_limit: SIZE_LIMIT, skipped: Mutex::default() })
    }

    /// The same folder with another limit than 16 MiB for the size of a file. Larger files are listed, but reading one
    /// is [`SnapshotError::TooLarge`](crate::SnapshotError::TooLarge).
    pub fn with_size_limit(self, bytes: u64) -> Self {
        Self { size_limit: bytes, ..self }
    }

    /// Where it is: an absolute path without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its files as they are now.
    ///
    /// Contents are read at their first use; reading a file that was changed in between is
    /// [`SnapshotError::Unreadable`](crate::SnapshotError::Unreadable).
    pub fn snapshot(&self) -> Result<Snapshot, FsError> {
        let listing = list(&self.root)?;
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) = listing.skipped;
        let modes: Vec<_> = listing.files.iter().map(|(path, (mode, _))| (path.clone(), *mode)).collect();
        let stamps = listing.files.into_iter().map(|(path, (_, stamp))| (path, stamp)).collect();
        let loader = FolderLoader { root: self.root.clone(), size_limit: self.size_limit, stamps };
        Ok(Snapshot::lazy(modes, Arc::new(loader)))
    }

    /// What the last [`snapshot`](Self::snapshot) left out: names that are not UTF-8 or cannot be a
    /// [`RepoPath`](crate::RepoPath), devices and sockets, unreadable folders, repositories inside the checkout.
    pub fn skipped(&self) -> Vec<SkippedFile> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::testing::{Checkout, git, path, write};
    use crate::{Mode, SnapshotError};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn paths(folder: &Folder) -> Vec<String> {
        folder.snapshot().unwrap().paths().map(ToString::to_string).collect()
    }

    #[test]
    fn a_checkout_has_what_git_sees() {
        let checkout = Checkout::new(&[(".gitignore", "*.log\nbuilt/\n"), ("app.py", "x = 1\n"), ("kept.log", "k\n")]);
        git(checkout.root(), &["add", "-f", "."]);
        for (name, text) in [("noise.log", ""), ("built/a.py", ""), (".hidden/new.py", ""), ("sub/.gitignore", "z\n")] {
            write(checkout.root(), name, text);
        }
        write(checkout.root(), "sub/z", "ignored by the folder's own file");
        write(checkout.root(), "env/pyvenv.cfg", "");
        write(checkout.root(), "env/lib/a.py", "");
        write(checkout.root(), "pkg/__pycache__/a.pyc", "");
        let seen = paths(&Folder::open(checkout.root()).unwrap());
        assert_eq!(seen, [".gitignore", ".hidden/new.py", "app.py", "kept.log", "sub/.gitignore"]);
    }

    #[test]
    fn a_deleted_tracked_file_is_gone_and_another_repository_is_reported() {
        let checkout = Checkout::new(&[("a.py", ""), ("b.py", "")]);
        git(checkout.root(), &["add", "."]);
        std::fs::remove_file(checkout.root().join("b.py")).unwrap();
        write(checkout.root(), "vendored/x.py", "");
        git(&checkout.root().join("vendored"), &["init", "--quiet"]);
        let folder = Folder::open(checkout.root()).unwrap();
        assert_eq!(paths(&folder), ["a.py"]);
        assert_eq!(folder.skipped()[0].path, Path::new("vendored"));
        assert!(folder.skipped()[0].reason.contains("of its own"));
    }

    #[test]
    fn a_folder_of_a_checkout_obeys_the_rules_above_it() {
        let checkout = Checkout::new(&[(".gitignore", "*.log\n"), ("part/a.py", ""), ("part/a.log", "")]);
        assert_eq!(paths(&Folder::open(&checkout.root().join("part")).unwrap()), ["a.py"]);
    }

    #[test]
    fn a_plain_folder_has_everything_but_artefacts() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".gitignore", "a.log", "node_modules/x/i.js", ".venv/lib/a.py", "src/.tox/x", "src/app.py"] {
            write(folder.path(), name, "*.log\n");
        }
        assert_eq!(paths(&Folder::open(folder.path()).unwrap()), [".gitignore", "a.log", "src/app.py"]);
    }

    #[test]
    fn modes_links_and_bytes_are_kept_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "run.sh", "#!/bin/sh\r\n");
        std::fs::set_permissions(dir.path().join("run.sh"), PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::write(dir.path().join("latin.txt"), b"caf\xe9\r\n").unwrap();
        symlink(".", dir.path().join("loop")).unwrap();
        symlink("/etc/passwd", dir.path().join("outside")).unwrap();
        let snapshot = Folder::open(dir.path()).unwrap().snapshot().unwrap();
        assert_eq!(snapshot.paths().count(), 4, "the loop is not followed");
        assert_eq!(snapshot.mode(&path("run.sh")), Some(Mode::Executable));
        assert_eq!(snapshot.text(&path("run.sh")), Ok("#!/bin/sh\r\n"));
        assert_eq!(snapshot.file(&path("latin.txt")).unwrap().bytes(), b"caf\xe9\r\n");
        assert_eq!(snapshot.link_target(&path("outside")), Some(Ok(&b"/etc/passwd"[..])));
        assert_eq!(snapshot.text(&path("outside")), Err(SnapshotError::Symlink(path("outside"))));
    }

    #[test]
    fn strange_names_and_files_are_reported() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.py", "");
        write(dir.path(), "back\\slash", "");
        std::fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        assert_eq!(paths(&folder), ["a.py"]);
        let reasons: Vec<String> = folder.skipped().into_iter().map(|skipped| skipped.reason).collect();
        for wanted in ["not UTF-8", "neither a file nor a link", "no path here may have"] {
            assert!(reasons.iter().any(|reason| reason.contains(wanted)), "{wanted}: {reasons:?}");
        }
    }

    #[test]
    fn a_file_is_read_late_and_not_after_it_changed() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.py", "b.py", "d/c.py"] {
            write(dir.path(), name, "old\n");
        }
        let snapshot = Folder::open(dir.path()).unwrap().snapshot().unwrap();
        assert_eq!(snapshot.text(&path("a.py")), Ok("old\n"));
        write(dir.path(), "a.py", "newer\n");
        write(dir.path(), "b.py", "newer\n");
        std::fs::rename(dir.path().join("d"), dir.path().join("e")).unwrap();
        symlink("e", dir.path().join("d")).unwrap();
        assert_eq!(snapshot.text(&path("a.py")), Ok("old\n"));
        for name in ["b.py", "d/c.py"] {
            let error = snapshot.text(&path(name)).unwrap_err().to_string();
            assert!(error.contains("changed since"), "{error}");
        }
    }

    #[test]
    fn a_large_file_is_listed_but_not_read() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "big.bin", "0123456789");
        let snapshot = Folder::open(dir.path()).unwrap().with_size_limit(9).snapshot().unwrap();
        let wanted = SnapshotError::TooLarge { path: path("big.bin"), size: 10, limit: 9 };
        assert_eq!(snapshot.text(&path("big.bin")), Err(wanted));
    }

    #[test]
    fn what_is_no_folder_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "file", "");
        for bad in ["file", "missing"] {
            assert!(matches!(Folder::open(&dir.path().join(bad)), Err(FsError::NotAFolder(_))));
        }
    }
}
