//! Writing changes to a folder.

use super::transaction::Transaction;
use super::{Folder, FsError, first_non_folder};
use crate::{ChangeSet, FileChange, Hash128, RepoPath, Snapshot};
use std::io;
use std::path::Path;

impl Folder {
    /// Makes `changes`, which are for `base`, on disk: all of them or, on any error, none.
    ///
    /// Every file that changes must still be what it is in `base`.
    /// Nothing is written through a symbolic link, and modes are kept.
    /// New contents are written beside the old ones and put in place by renaming, so that no reader sees half a file.
    pub fn write(&self, base: &Snapshot, changes: &ChangeSet) -> Result<(), FsError> {
        let after = changes.apply(base)?;
        for (path, change) in changes.files() {
            verify(self.root(), path, change)?;
        }
        let mut transaction = Transaction::default();
        for (path, change) in changes.files() {
            let full = self.root().join(path.as_str());
            let staged = match change {
                FileChange::Delete { .. } => transaction.delete(&full),
                FileChange::Create { .. } => transaction.create(self.root(), path, contents(&after, path)?),
                FileChange::Edit { .. } => transaction.replace(&full, contents(&after, path)?),
            };
            staged?;
        }
        for (path, change) in changes.files() {
            verify(self.root(), path, change)?;
        }
        transaction.commit()
    }
}

fn contents<'a>(after: &'a Snapshot, path: &RepoPath) -> Result<&'a [u8], FsError> {
    Ok(after.file(path).map_err(crate::ApplyError::from)?.bytes())
}

/// Whether the file is on disk what the change says it is, and reached by real folders only.
fn verify(root: &Path, path: &RepoPath, change: &FileChange) -> Result<(), FsError> {
    let full = root.join(path.as_str());
    if let Some(through) = first_non_folder(root, path).map_err(FsError::io("look at", &full))? {
        return Err(FsError::NotReal { path: path.clone(), through });
    }
    let metadata = match full.symlink_metadata() {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(FsError::io("look at", &full)(error)),
    };
    match (change, metadata) {
        (FileChange::Create { .. }, None) => Ok(()),
        (FileChange::Create { .. }, Some(_)) => Err(FsError::Exists(path.clone())),
        (_, Some(metadata)) if metadata.is_symlink() => {
            Err(FsError::NotReal { path: path.clone(), through: path.clone() })
        }
        (FileChange::Edit { base, .. } | FileChange::Delete { base }, Some(metadata)) if metadata.is_file() => {
            let bytes = std::fs::read(&full).map_err(FsError::io("read", &full))?;
            if Hash128::of(&bytes) == *base { Ok(()) } else { Err(FsError::Changed(path.clone())) }
        }
        _ => Err(FsError::Changed(path.clone())),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::testing::{path, tree, write};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use tempfile::TempDir;

    fn folder(files: &[(&str, &str)]) -> (TempDir, Folder, Snapshot) {
        let dir = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| write(dir.path(), name, text));
        let folder = Folder::open(dir.path()).unwrap();
        let snapshot = folder.snapshot().unwrap();
        (dir, folder, snapshot)
    }

    /// Edits `a.py` and `b.py`, creates `new/deep/c.py` and deletes `d.py`.
    fn changes(snapshot: &Snapshot) -> ChangeSet {
        let mut changes = ChangeSet::build_on(snapshot);
        changes.replace(&path("a.py"), 0..1, "A").replace(&path("b.py"), 0..1, "B");
        changes.create(&path("new/deep/c.py"), "c\r\n").remove(&path("d.py"));
        changes.build().unwrap()
    }

    const FILES: [(&str, &str); 3] = [("a.py", "a = 1\r\n"), ("b.py", "b = 2"), ("d.py", "d = 4\n")];

    #[test]
    fn all_changes_are_made_and_nothing_else() {
        let (dir, folder, snapshot) = folder(&FILES);
        std::fs::set_permissions(dir.path().join("a.py"), PermissionsExt::from_mode(0o751)).unwrap();
        folder.write(&snapshot, &changes(&snapshot)).unwrap();
        let wanted = [("a.py", "A = 1\r\n"), ("b.py", "B = 2"), ("new/deep/c.py", "c\r\n")];
        assert_eq!(tree(dir.path()), wanted.map(|(name, text)| (name.to_owned(), text.into())).into());
        assert_eq!(dir.path().join("a.py").metadata().unwrap().permissions().mode() & 0o777, 0o751);
    }

    #[test]
    fn bytes_that_are_not_text_survive_an_edit() {
        let (dir, folder, _) = folder(&[]);
        std::fs::write(dir.path().join("a.py"), b"# caf\xe9\r\nx=1\r\n").unwrap();
        let snapshot = folder.snapshot().unwrap();
        let mut changes = ChangeSet::build_on(&snapshot);
        changes.replace(&path("a.py"), 8..9, "y");
        folder.write(&snapshot, &changes.build().unwrap()).unwrap();
        assert_eq!(std::fs::read(dir.path().join("a.py")).unwrap(), b"# caf\xe9\r\ny=1\r\n");
    }

    #[test]
    fn a_file_that_changed_stops_everything() {
        let (dir, folder, snapshot) = folder(&FILES);
        let changes = changes(&snapshot);
        write(dir.path(), "d.py", "mine\n");
        let before = tree(dir.path());
        assert!(matches!(folder.write(&snapshot, &changes), Err(FsError::Changed(stale)) if stale == path("d.py")));
        assert_eq!(tree(dir.path()), before);
    }

    #[test]
    fn a_file_in_the_way_stops_everything() {
        let (dir, folder, snapshot) = folder(&FILES);
        let changes = changes(&snapshot);
        write(dir.path(), "new/deep/c.py", "mine\n");
        let before = tree(dir.path());
        assert!(matches!(folder.write(&snapshot, &changes), Err(FsError::Exists(_))));
        assert_eq!(tree(dir.path()), before);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "a.py", "a = 1\r\n");
        let (dir, folder, snapshot) = folder(&FILES);
        let changes = changes(&snapshot);
        symlink(outside.path(), dir.path().join("new")).unwrap();
        assert!(matches!(folder.write(&snapshot, &changes), Err(FsError::NotReal { .. })));
        std::fs::remove_file(dir.path().join("new")).unwrap();
        std::fs::remove_file(dir.path().join("a.py")).unwrap();
        symlink(outside.path().join("a.py"), dir.path().join("a.py")).unwrap();
        let error = folder.write(&snapshot, &changes).unwrap_err();
        assert!(error.to_string().contains("links are never written through"), "{error}");
        assert_eq!(tree(outside.path()).len(), 1);
        assert_eq!(std::fs::read(outside.path().join("a.py")).unwrap(), b"a = 1\r\n");
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let (dir, folder, snapshot) = folder(&FILES);
        std::fs::set_permissions(dir.path().join("b.py"), PermissionsExt::from_mode(0o444)).unwrap();
        let before = tree(dir.path());
        let error = folder.write(&snapshot, &changes(&snapshot)).unwrap_err();
        assert!(error.to_string().contains("make it accessible"), "{error}");
        assert_eq!(tree(dir.path()), before);
    }
}
