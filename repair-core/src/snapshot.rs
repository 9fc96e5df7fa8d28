//! The repository at one moment, immutable.

use crate::memo::Memo;
use crate::{Hash128, RepoPath};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The files of a repository at one moment.
///
/// Immutable and cheap to clone.
/// Files are read when first asked for; what is computed from a file ([`SourceFile::derived`]) or from the whole
/// ([`Snapshot::derived`]) is computed once.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

struct Inner {
    files: BTreeMap<RepoPath, Arc<Entry>>,
    memo: Memo,
}

struct Entry {
    mode: Mode,
    cell: OnceLock<Result<SourceFile, SnapshotError>>,
    loader: Option<Arc<dyn Loader>>,
}

/// Reads a file of a lazy [`Snapshot`] at its first use.
pub trait Loader: Send + Sync {
    /// The bytes of the file, as they were when the snapshot was taken.
    fn load(&self, path: &RepoPath) -> Result<Vec<u8>, SnapshotError>;
}

/// What kind of file a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// An ordinary file.
    #[default]
    Regular,
    /// An ordinary file that may be executed.
    Executable,
    /// A symbolic link; its contents are its target. Never followed, never edited.
    Symlink,
}

/// Why a file of a snapshot cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// There is no such file.
    #[error("`{0}` is not in the repository")]
    NotFound(RepoPath),
    /// The path is a symbolic link.
    #[error("`{0}` is a symbolic link, which is never followed")]
    Symlink(RepoPath),
    /// The file is not UTF-8.
    #[error("`{0}` is not UTF-8 text")]
    NotText(RepoPath),
    /// The file is larger than the limit of whoever took the snapshot.
    #[error("`{path}` has {size} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        path: RepoPath,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file could not be read, or changed since the snapshot was taken.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: RepoPath,
        /// What the system said.
        reason: String,
    },
}

impl Snapshot {
    /// A snapshot of files held in memory.
    ///
    /// ```
    /// # use repair_core::{RepoPath, Snapshot};
    /// let path = RepoPath::new("app.py").unwrap();
    /// let snapshot = Snapshot::from_files([(path.clone(), "x = 1\n")]);
    /// assert_eq!(snapshot.text(&path), Ok("x = 1\n"));
    /// ```
    pub fn from_files<B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (RepoPath, B)>) -> Self {
        Self::from_entries(files.into_iter().map(|(path, bytes)| (path, Mode::Regular, bytes.into())))
    }

    /// The same with the kind of each file.
    pub fn from_entries(files: impl IntoIterator<Item = (RepoPath, Mode, Vec<u8>)>) -> Self {
        Self::new(files.into_iter().map(|(path, mode, bytes)| (path, Arc::new(Entry::loaded(mode, bytes)))).collect())
    }

    /// A snapshot whose files are read by `loader` when first asked for.
    pub fn lazy(files: impl IntoIterator<Item = (RepoPath, Mode)>, loader: Arc<dyn Loader>) -> Self {
        let entry = |mode| Arc::new(Entry { mode, cell: OnceLock::new(), loader: Some(Arc::clone(&loader)) });
        Self::new(files.into_iter().map(|(path, mode)| (path, entry(mode))).collect())
    }

    fn new(files: BTreeMap<RepoPath, Arc<Entry>>) -> Self {
        Self { inner: Arc::new(Inner { files, memo: Memo::default() }) }
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.inner.files.keys()
    }

    /// Whether there is such a file.
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.inner.files.contains_key(path)
    }

    /// The kind of the file, if there is one.
    pub fn mode(&self, path: &RepoPath) -> Option<Mode> {
        self.inner.files.get(path).map(|entry| entry.mode)
    }

    /// The file, read at its first use. A symbolic link is an error.
    pub fn file(&self, path: &RepoPath) -> Result<&SourceFile, SnapshotError> {
        let entry = self.inner.files.get(path).ok_or_else(|| SnapshotError::NotFound(path.clone()))?;
        if entry.mode == Mode::Symlink {
            return Err(SnapshotError::Symlink(path.clone()));
        }
        entry.load(path)
    }

    /// The target of the symbolic link at `path`, as bytes; `None` if it is none.
    pub fn link_target(&self, path: &RepoPath) -> Option<Result<&[u8], SnapshotError>> {
        let entry = self.inner.files.get(path).filter(|entry| entry.mode == Mode::Symlink)?;
        Some(entry.load(path).map(SourceFile::bytes))
    }

    /// The file's text; an error if it is not UTF-8.
    pub fn text(&self, path: &RepoPath) -> Result<&str, SnapshotError> {
        self.file(path)?.text().ok_or_else(|| SnapshotError::NotText(path.clone()))
    }

    /// Data computed from the whole snapshot, once per type.
    pub fn derived<T: Send + Sync + 'static>(&self, make: fn(&Snapshot) -> T) -> Arc<T> {
        self.inner.memo.get(|| make(self))
    }

    /// Whether `path` has the same contents and mode here and in `other` (both may lack it).
    pub fn same_file(&self, other: &Snapshot, path: &RepoPath) -> bool {
        match (self.inner.files.get(path), other.inner.files.get(path)) {
            (None, None) => true,
            (Some(ours), Some(theirs)) => {
                Arc::ptr_eq(ours, theirs)
                    || ours.mode == theirs.mode
                        && matches!((ours.load(path), theirs.load(path)), (Ok(a), Ok(b)) if a.bytes() == b.bytes())
            }
            _ => false,
        }
    }

    /// Whether `other` is a clone of this very snapshot.
    pub(crate) fn is(&self, other: &Snapshot) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// This snapshot with some files replaced (`Some`) or removed (`None`); everything else is shared.
    pub(crate) fn with(&self, files: impl IntoIterator<Item = (RepoPath, Option<(Mode, Vec<u8>)>)>) -> Self {
        let mut all = self.inner.files.clone();
        for (path, contents) in files {
            match contents {
                Some((mode, bytes)) => all.insert(path, Arc::new(Entry::loaded(mode, bytes))),
                None => all.remove(&path),
            };
        }
        Self::new(all)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} files)", self.inner.files.len())
    }
}

impl Entry {
    fn loaded(mode: Mode, bytes: Vec<u8>) -> Self {
        Self { mode, cell: OnceLock::from(Ok(SourceFile::new(bytes))), loader: None }
    }

    fn load(&self, path: &RepoPath) -> Result<&SourceFile, SnapshotError> {
        let read = || match &self.loader {
            Some(loader) => loader.load(path).map(SourceFile::new),
            None => Err(SnapshotError::NotFound(path.clone())),
        };
        self.cell.get_or_init(read).as_ref().map_err(SnapshotError::clone)
    }
}

/// The contents of one file.
#[derive(Debug)]
pub struct SourceFile {
    bytes: Box<[u8]>,
    hash: OnceLock<Hash128>,
    memo: Memo,
}

impl SourceFile {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), hash: OnceLock::new(), memo: Memo::default() }
    }

    /// The raw contents.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The contents as text (a byte-order mark stays), if they are UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The digest of the contents.
    pub fn hash(&self) -> Hash128 {
        *self.hash.get_or_init(|| Hash128::of(&self.bytes))
    }

    /// Data computed from the text, once per type; `None` if the file is not text.
    pub fn derived<T: Send + Sync + 'static>(&self, make: fn(&str) -> T) -> Option<Arc<T>> {
        let text = self.text()?;
        Some(self.memo.get(|| make(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    struct Counted(std::sync::atomic::AtomicUsize);

    impl Loader for Counted {
        fn load(&self, path: &RepoPath) -> Result<Vec<u8>, SnapshotError> {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok(path.as_str().as_bytes().to_vec())
        }
    }

    #[test]
    fn a_file_is_read_once_and_only_when_asked_for() {
        let loader = Arc::new(Counted(0.into()));
        let snapshot = Snapshot::lazy([(path("a"), Mode::Regular), (path("b"), Mode::Regular)], loader.clone());
        assert_eq!(loader.0.load(std::sync::atomic::Ordering::SeqCst), 0);
        assert_eq!(snapshot.text(&path("a")), Ok("a"));
        assert_eq!(snapshot.clone().text(&path("a")), Ok("a"));
        assert_eq!(loader.0.load(std::sync::atomic::Ordering::SeqCst), 1);
    }

    #[test]
    fn derived_data_is_computed_once() {
        static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        fn length(text: &str) -> usize {
            CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            text.len()
        }
        let snapshot = Snapshot::from_files([(path("a"), "abc")]);
        let file = snapshot.file(&path("a")).unwrap();
        assert_eq!(file.derived(length).as_deref(), Some(&3));
        assert_eq!(file.derived(length).as_deref(), Some(&3));
        assert_eq!(CALLS.load(std::sync::atomic::Ordering::SeqCst), 1);
    }

    #[test]
    fn links_and_binaries_are_not_text() {
        let files = [(path("l"), Mode::Symlink)];
        let snapshot = Snapshot::lazy(files, Arc::new(Counted(0.into())));
        assert_eq!(snapshot.text(&path("l")), Err(SnapshotError::Symlink(path("l"))));
        assert_eq!(snapshot.link_target(&path("l")), Some(Ok(&b"l"[..])));
        let snapshot = Snapshot::from_files([(path("b"), vec![0xff, 0xfe])]);
        assert_eq!(snapshot.text(&path("b")), Err(SnapshotError::NotText(path("b"))));
        assert_eq!(snapshot.text(&path("c")), Err(SnapshotError::NotFound(path("c"))));
    }
}
