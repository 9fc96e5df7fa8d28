//! Several files changed on disk, all or none.

use super::FsError;
use crate::RepoPath;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile, TempPath};

/// How the names of temporary files begin.
const PREFIX: &str = ".ci-repair-";

/// Changes that are staged next to their targets, and put in place by [`commit`](Self::commit).
///
/// Dropped before that, it leaves nothing behind.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    steps: Vec<Step>,
    folders: Vec<PathBuf>,
    done: bool,
}

/// What is to happen to one file.
#[derive(Debug)]
struct Step {
    target: PathBuf,
    new: Option<NamedTempFile>,
    /// Where the old contents are kept until all is done; `None` if there were none.
    backup: Option<TempPath>,
}

impl Transaction {
    /// Stages a new file, with the folders that it needs.
    pub(super) fn create(&mut self, root: &Path, path: &RepoPath, bytes: &[u8]) -> Result<(), FsError> {
        let target = root.join(path.as_str());
        self.make_folders(root, path)?;
        let new = staged(&target, bytes, None)?;
        self.steps.push(Step { target, new: Some(new), backup: None });
        Ok(())
    }

    /// Stages new contents for a file, which keeps its mode.
    pub(super) fn replace(&mut self, target: &Path, bytes: &[u8]) -> Result<(), FsError> {
        let metadata = target.metadata().map_err(FsError::io("read", target))?;
        if metadata.permissions().readonly() {
            return Err(FsError::io("write", target)(io::ErrorKind::PermissionDenied.into()));
        }
        let new = staged(target, bytes, Some(&metadata))?;
        let backup = Some(backup_of(target)?);
        self.steps.push(Step { target: target.to_path_buf(), new: Some(new), backup });
        Ok(())
    }

    /// Stages the removal of a file.
    pub(super) fn delete(&mut self, target: &Path) -> Result<(), FsError> {
        let backup = Some(backup_of(target)?);
        self.steps.push(Step { target: target.to_path_buf(), new: None, backup });
        Ok(())
    }

    /// Puts everything in place. On an error what was done is undone.
    pub(super) fn commit(mut self) -> Result<(), FsError> {
        for index in 0..self.steps.len() {
            if let Err(error) = self.steps[index].take() {
                let left = self.undo(index);
                return Err(match left.is_empty() {
                    true => error,
                    false => FsError::NotRolledBack { error: Box::new(error), left },
                });
            }
        }
        self.done = true;
        self.steps.iter().for_each(|step| sync_folder(&step.target));
        Ok(())
    }

    /// Undoes the first `count` steps, the last first; what could not be put back stays in the backups returned.
    fn undo(&mut self, count: usize) -> Vec<PathBuf> {
        let done = self.steps.drain(..count).rev();
        done.filter_map(Step::undo).collect()
    }

    fn make_folders(&mut self, root: &Path, path: &RepoPath) -> Result<(), FsError> {
        let mut missing: Vec<PathBuf> = std::iter::successors(path.parent(), RepoPath::parent)
            .map(|parent| root.join(parent.as_str()))
            .take_while(|folder| !folder.is_dir())
            .collect();
        while let Some(folder) = missing.pop() {
            fs::create_dir(&folder).map_err(FsError::io("create", &folder))?;
            self.folders.push(folder);
        }
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.steps.clear();
        if !self.done {
            // Only empty folders go: whatever someone else has put there stays.
            self.folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
        }
    }
}

impl Step {
    fn take(&mut self) -> Result<(), FsError> {
        match (self.new.take(), &self.backup) {
            (Some(new), None) => new.persist_noclobber(&self.target).map(drop).map_err(|error| error.error),
            (Some(new), Some(_)) => new.persist(&self.target).map(drop).map_err(|error| error.error),
            (None, _) => fs::remove_file(&self.target),
        }
        .map_err(FsError::io("write", &self.target))
    }

    /// Puts the old contents back, or says where they are.
    fn undo(self) -> Option<PathBuf> {
        match self.backup {
            None => fs::remove_file(&self.target).err().map(|_| self.target),
            Some(backup) => backup.persist(&self.target).err().and_then(|error| error.path.keep().ok()),
        }
    }
}

/// A file beside `target` that holds `bytes`, on disk for good. New files get the mode that the system gives them.
fn staged(target: &Path, bytes: &[u8], old: Option<&Metadata>) -> Result<NamedTempFile, FsError> {
    let stage = || -> io::Result<NamedTempFile> {
        let mut file = named(target)?;
        file.write_all(bytes)?;
        if let Some(old) = old {
            keep_owner(file.as_file(), old);
            file.as_file().set_permissions(old.permissions())?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    };
    stage().map_err(FsError::io("write", target))
}

/// Gives the file to the owner of the old one. Only the superuser may, and only then it matters.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

fn named(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(target))
}

/// A second name for the old contents of `target`; a copy where the file system has no hard links.
fn backup_of(target: &Path) -> Result<TempPath, FsError> {
    let make = |path: &Path| fs::hard_link(target, path);
    let linked = Builder::new().prefix(PREFIX).suffix(".old").make_in(folder_of(target), make);
    let copied = || -> io::Result<TempPath> {
        let file = named(target)?;
        fs::copy(target, file.path())?;
        Ok(file.into_temp_path())
    };
    linked.map(NamedTempFile::into_temp_path).or_else(|_| copied()).map_err(FsError::io("back up", target))
}

fn folder_of(target: &Path) -> &Path {
    target.parent().unwrap_or(target)
}

/// Makes renames last through a crash, where the system can.
fn sync_folder(target: &Path) {
    if let Ok(folder) = File::open(folder_of(target)) {
        // Some systems cannot sync folders; the files themselves are safe.
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::testing::{path, tree, write};

    fn staged_changes(root: &Path) -> Transaction {
        write(root, "a.py", "old a\n");
        write(root, "b.py", "old b\n");
        write(root, "z.py", "old z\n");
        let mut transaction = Transaction::default();
        transaction.replace(&root.join("a.py"), b"new a\n").unwrap();
        transaction.delete(&root.join("b.py")).unwrap();
        transaction.create(root, &path("made/c.py"), b"new c\n").unwrap();
        transaction.replace(&root.join("z.py"), b"new z\n").unwrap();
        transaction
    }

    #[test]
    fn a_write_that_fails_half_way_is_undone() {
        let dir = tempfile::tempdir().unwrap();
        let transaction = staged_changes(dir.path());
        std::fs::remove_file(dir.path().join("z.py")).unwrap();
        std::fs::create_dir(dir.path().join("z.py")).unwrap();
        let error = transaction.commit().unwrap_err();
        assert!(error.to_string().contains("z.py"), "{error}");
        let wanted = [("a.py".to_owned(), b"old a\n".to_vec()), ("b.py".to_owned(), b"old b\n".to_vec())];
        assert_eq!(tree(dir.path()), wanted.into());
        assert!(!dir.path().join("made").exists());
    }

    #[test]
    fn a_transaction_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let transaction = staged_changes(dir.path());
        assert!(tree(dir.path()).len() > 3, "staged files lie beside their targets");
        drop(transaction);
        let names: Vec<String> = tree(dir.path()).into_keys().collect();
        assert_eq!(names, ["a.py", "b.py", "z.py"]);
        assert!(!dir.path().join("made").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_clear_error() {
        let Some(target) =
            ["/proc/version", "/sys/kernel/uevent_seqnum"].map(Path::new).into_iter().find(|f| f.exists())
        else {
            return println!("skipped: there is no file here that nobody may write");
        };
        let error = Transaction::default().delete(target).unwrap_err().to_string();
        assert!(error.contains("back up") && error.contains("run again"), "{error}");
    }

    #[test]
    fn a_full_disk_is_told_as_such() {
        let full = Path::new("/dev/full");
        let Ok(mut file) = std::fs::OpenOptions::new().write(true).open(full) else {
            return println!("skipped: there is no /dev/full");
        };
        let error = FsError::io("write", full)(file.write_all(b"x").unwrap_err());
        assert!(error.to_string().contains("free some space"), "{error}");
    }
}
