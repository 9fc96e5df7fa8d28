//! A snapshot written to a folder.

use super::{Folder, FsError};
use crate::{Mode, RepoPath, Snapshot};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Component, Path};

impl Folder {
    /// Writes the files of a snapshot, which may come from anyone, to `path`, an empty folder, and opens it.
    ///
    /// Symbolic links are made last, so that nothing is written through one; those that lead out of the folder, or
    /// might, are left out.
    pub fn fill(path: &Path, snapshot: &Snapshot) -> Result<Self, FsError> {
        let folder = Self::open(path)?;
        let (links, files): (Vec<_>, Vec<_>) =
            snapshot.paths().partition(|path| snapshot.mode(path) == Some(Mode::Symlink));
        for path in files {
            put(folder.root(), path, snapshot)?;
        }
        for path in links {
            if let Some(Ok(target)) = snapshot.link_target(path) {
                link(folder.root(), path, target)?;
            }
        }
        Ok(folder)
    }
}

fn put(root: &Path, path: &RepoPath, snapshot: &Snapshot) -> Result<(), FsError> {
    let full = root.join(path.as_str());
    let write = || {
        make_parent(&full)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if snapshot.mode(path) == Some(Mode::Executable) {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o777);
        }
        options.open(&full)
    };
    let bytes = snapshot.file(path).map_err(crate::ApplyError::from)?.bytes();
    let mut file = write().map_err(FsError::io("write", &full))?;
    file.write_all(bytes).map_err(FsError::io("write", &full))
}

fn make_parent(full: &Path) -> std::io::Result<()> {
    full.parent().map_or(Ok(()), fs::create_dir_all)
}

#[cfg(unix)]
fn link(root: &Path, path: &RepoPath, target: &[u8]) -> Result<(), FsError> {
    let full = root.join(path.as_str());
    match std::str::from_utf8(target) {
        Ok(target) if stays_inside(path, target) => {
            let made = make_parent(&full).and_then(|()| std::os::unix::fs::symlink(target, &full));
            made.map_err(FsError::io("write", &full))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn link(_: &Path, _: &RepoPath, _: &[u8]) -> Result<(), FsError> {
    Ok(())
}

/// Whether a link at `path` leads to a place in the folder, whatever other links there are.
///
/// A step up behind a step down could go up from where another link leads, so it is not believed.
fn stays_inside(path: &RepoPath, target: &str) -> bool {
    let depth = path.as_str().split('/').count() - 1;
    let mut components = Path::new(target).components().filter(|part| *part != Component::CurDir).peekable();
    let mut up = 0;
    while components.next_if(|part| *part == Component::ParentDir).is_some() {
        up += 1;
    }
    up <= depth && components.all(|part| matches!(part, Component::Normal(name) if name != ".git"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::testing::path;
    use std::os::unix::fs::PermissionsExt;

    fn snapshot(files: &[(&str, Mode, &str)]) -> Snapshot {
        Snapshot::from_entries(files.iter().map(|(name, mode, text)| (path(name), *mode, text.as_bytes().to_vec())))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            ("a/b.py", Mode::Regular, "x = 1\n"),
            ("run", Mode::Executable, "#!/bin/sh\n"),
            ("a/up", Mode::Symlink, "../run"),
        ];
        let folder = Folder::fill(dir.path(), &snapshot(&files)).unwrap();
        let read = folder.snapshot().unwrap();
        assert!(snapshot(&files).paths().all(|path| read.same_file(&snapshot(&files), path)));
        assert_eq!(dir.path().join("run").metadata().unwrap().permissions().mode() & 0o100, 0o100);
    }

    #[test]
    fn links_that_lead_out_are_not_made() {
        let outside = ["/etc/passwd", "../x", "a/../../x", "..", "a/..", ".git/config", "../../x"];
        for target in outside {
            let dir = tempfile::tempdir().unwrap();
            Folder::fill(dir.path(), &snapshot(&[("link", Mode::Symlink, target)])).unwrap();
            assert!(dir.path().join("link").symlink_metadata().is_err(), "{target}");
        }
        for (name, target) in [("d/e/l", "../../x"), ("l", "./x"), ("l", "a/b"), ("d/l", "../..x")] {
            assert!(stays_inside(&path(name), target), "{name} {target}");
        }
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let target = outside.path().to_str().unwrap().to_owned();
        let files = [("d", Mode::Symlink, target.as_str()), ("d/evil", Mode::Regular, "x")];
        Folder::fill(dir.path(), &snapshot(&files)).unwrap();
        let inner = [("d", Mode::Symlink, "e"), ("d/evil", Mode::Regular, "x")];
        let other = tempfile::tempdir().unwrap();
        assert!(Folder::fill(other.path(), &snapshot(&inner)).is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
