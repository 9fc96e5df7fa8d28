//! The files of the copy: written, watched and put back.
//!
//! Jobs may have put links anywhere, so nothing here follows one.
//! No job runs while files are written.

use super::mark::Mark;
use crate::local::LocalError;
use crate::{Mode, RepoPath, Snapshot, SnapshotError};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Files are dated back by this, so that those written later have later times that are not in the future.
const BACK: Duration = Duration::from_secs(3600);

/// The files of the copy, each as it was written.
#[derive(Debug)]
pub(super) struct Files {
    root: PathBuf,
    known: BTreeMap<PathBuf, Known>,
    /// The modification time of what is written next. Each update has its own whole second: caches that compare
    /// seconds and sizes would else take a new file for the old one.
    moment: SystemTime,
    first: bool,
}

#[derive(Debug)]
struct Known {
    mark: Option<Mark>,
    origin: Origin,
}

/// Where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Snapshot,
    /// The repository's folder.
    Source,
    /// It is a place for a mounted folder, or a link to it.
    Mount,
}

impl Files {
    pub(super) fn new(root: &Path) -> Self {
        let now = SystemTime::now();
        let whole = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(whole).saturating_sub(BACK);
        Self { root: root.to_path_buf(), known: BTreeMap::new(), moment, first: true }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn full(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// Gives what is written from now on a later time.
    pub(super) fn next_moment(&mut self) {
        self.moment += Duration::from_secs(1);
        self.first = false;
    }

    /// Whether the file is as it was written.
    pub(super) fn is_untouched(&self, path: &RepoPath) -> bool {
        let known = self.known.get(Path::new(path.as_str()));
        known.is_some_and(|known| known.mark.is_some() && known.mark == Mark::at(&self.full(path)))
    }

    /// Writes a file of the snapshot. One that is too large to be read is copied from `source`.
    pub(super) fn write(
        &mut self,
        snapshot: &Snapshot,
        path: &RepoPath,
        source: Option<&Path>,
    ) -> Result<(), LocalError> {
        let full = self.full(path);
        self.make_room(&full)?;
        let original = source.map(|source| source.join(path.as_str()));
        let write = LocalError::io("write", &full);
        match snapshot.link_target(path) {
            Some(target) => {
                let target = String::from_utf8_lossy(target?).into_owned();
                symlink(target, &full).map_err(write)?;
            }
            None => match (snapshot.file(path), &original) {
                (Ok(file), _) => write_file(&full, file.bytes(), snapshot.mode(path)).map_err(write)?,
                (Err(SnapshotError::TooLarge { .. }), Some(original)) => {
                    fs::copy(original, &full).map(drop).map_err(write)?;
                }
                (Err(error), _) => return Err(error.into()),
            },
        }
        self.date(&full, original.as_deref().filter(|_| self.first));
        self.remember(PathBuf::from(path.as_str()), Origin::Snapshot);
        Ok(())
    }

    /// Removes a file, and folders that it leaves empty.
    pub(super) fn remove(&mut self, path: &RepoPath) -> Result<(), LocalError> {
        self.known.remove(Path::new(path.as_str()));
        let full = self.full(path);
        remove(&full)?;
        let parents = full.ancestors().skip(1).take_while(|parent| **parent != self.root);
        // The first that is not empty ends it.
        let _ = parents.map(fs::remove_dir).find(Result::is_err);
        Ok(())
    }

    /// Copies a file that is not in the snapshot from the repository's folder, with its time.
    pub(super) fn bring(&mut self, source: &Path, path: &Path) -> Result<(), LocalError> {
        let (from, full) = (source.join(path), self.root.join(path));
        self.make_room(&full)?;
        let copied = match from.read_link() {
            Ok(target) => symlink(target, &full),
            Err(_) => fs::copy(&from, &full).map(drop),
        };
        match copied {
            // A file that vanishes or cannot be read is none that the checks could have used.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
                return remove(&full);
            }
            copied => copied.map_err(LocalError::io("copy", &from))?,
        }
        self.date(&full, Some(&from));
        self.remember(path.to_path_buf(), Origin::Source);
        Ok(())
    }

    /// Makes a place for a folder of the repository's: a folder to mount it on, or a link to it.
    /// Nothing is done where the snapshot has something.
    pub(super) fn mount(&mut self, source: &Path, path: &Path, as_folder: bool) -> Result<bool, LocalError> {
        let full = self.root.join(path);
        if full.symlink_metadata().is_ok() {
            return Ok(false);
        }
        self.make_room(&full)?;
        let made = if as_folder { fs::create_dir(&full) } else { symlink(source.join(path), &full) };
        made.map_err(LocalError::io("write", &full))?;
        self.remember(path.to_path_buf(), Origin::Mount);
        Ok(true)
    }

    /// Puts back what was changed or removed and, if `all`, removes what was made.
    pub(super) fn reset(&mut self, snapshot: &Snapshot, source: Option<&Path>, all: bool) -> Result<(), LocalError> {
        let folders = self.folders();
        self.clean(Path::new(""), &folders, all)?;
        let lost: Vec<(PathBuf, Origin)> = self.lost();
        for (path, origin) in lost {
            match (origin, path.to_str().map(RepoPath::new), source) {
                (Origin::Snapshot, Some(Ok(path)), source) => self.write(snapshot, &path, source)?,
                (Origin::Source, _, Some(source)) => self.bring(source, &path)?,
                (Origin::Mount, _, Some(source)) => {
                    let as_folder = self.known.get(&path).is_some_and(|known| known.mark.is_none());
                    self.mount(source, &path, as_folder)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Known files that are not there as they were written.
    fn lost(&self) -> Vec<(PathBuf, Origin)> {
        let is_lost = |path: &Path, known: &Known| {
            let full = self.root.join(path);
            match known.mark {
                Some(mark) => Mark::at(&full) != Some(mark),
                None => !full.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()),
            }
        };
        let lost = self.known.iter().filter(|(path, known)| is_lost(path, known));
        lost.map(|(path, known)| (path.clone(), known.origin)).collect()
    }

    /// Every folder that holds something known.
    fn folders(&self) -> BTreeSet<PathBuf> {
        self.known.keys().flat_map(|path| path.ancestors().skip(1)).map(Path::to_path_buf).collect()
    }

    /// Removes what stands where something else belongs and, if `all`, what does not belong anywhere.
    fn clean(&self, folder: &Path, folders: &BTreeSet<PathBuf>, all: bool) -> Result<(), LocalError> {
        let full = self.root.join(folder);
        for entry in read_dir(&full).map_err(LocalError::io("read", &full))? {
            let path = folder.join(entry.file_name());
            let real = self.root.join(&path);
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let known = self.known.get(&path);
            match (known.map(|known| known.mark), folders.contains(&path)) {
                _ if path == Path::new(".git") => {}
                (Some(None), _) if is_dir => {}
                (Some(mark), _) if mark.is_some() && Mark::at(&real) == mark => {}
                (None, true) if is_dir => self.clean(&path, folders, all)?,
                (None, false) if !all => {}
                _ => remove(&real)?,
            }
        }
        Ok(())
    }

    /// Makes the folders that `full` needs, and removes what is in its place.
    fn make_room(&self, full: &Path) -> Result<(), LocalError> {
        let mut parents: Vec<&Path> = full.ancestors().skip(1).take_while(|parent| *parent != self.root).collect();
        parents.reverse();
        for parent in parents {
            if !parent.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
                remove(parent)?;
                DirBuilder::new().create(parent).map_err(LocalError::io("create", parent))?;
            }
        }
        remove(full)
    }

    /// Sets the modification time: that of the original, or the present moment.
    fn date(&self, full: &Path, original: Option<&Path>) {
        let metadata = original.and_then(|original| original.symlink_metadata().ok());
        let time = metadata.filter(|old| old.is_file()).and_then(|old| old.modified().ok()).unwrap_or(self.moment);
        if full.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            // A file system without times serves as well.
            let _ = File::open(full).and_then(|file| file.set_modified(time));
        }
    }

    fn remember(&mut self, path: PathBuf, origin: Origin) {
        let full = self.root.join(&path);
        let is_dir = full.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
        let mark = Mark::at(&full).filter(|_| !is_dir);
        self.known.insert(path, Known { mark, origin });
    }
}

fn write_file(full: &Path, bytes: &[u8], mode: Option<Mode>) -> io::Result<()> {
    let bits = if mode == Some(Mode::Executable) { 0o755 } else { 0o644 };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(bits).open(full)?;
    file.write_all(bytes)
}

/// The entries of a folder, which a job may have made unreadable.
fn read_dir(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let entries = fs::read_dir(folder).or_else(|_| {
        fs::set_permissions(folder, Permissions::from_mode(0o755))?;
        fs::read_dir(folder)
    })?;
    entries.collect()
}

/// Removes whatever is at `full`. Links are removed, not followed.
pub(super) fn remove(full: &Path) -> Result<(), LocalError> {
    let gone = match full.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(full).or_else(|_| {
            open_up(full)?;
            fs::remove_dir_all(full)
        }),
        Ok(_) => fs::remove_file(full),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    gone.map_err(LocalError::io("remove", full))
}

/// Makes every folder from `folder` down accessible.
fn open_up(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}
