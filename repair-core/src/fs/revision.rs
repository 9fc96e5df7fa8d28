//! A commit of a git repository.

use super::folder::SkippedFile;
use super::{FsError, Git, SIZE_LIMIT};
use crate::{Loader, Mode, RepoPath, Snapshot, SnapshotError};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// A commit, read with the `git` command. No hook, no filter and no remote takes part.
///
/// ```no_run
/// # use repair_core::GitRevision;
/// let before = GitRevision::open(".".as_ref(), "HEAD~1")?.snapshot()?;
/// # Ok::<(), repair_core::FsError>(())
/// ```
#[derive(Debug)]
pub struct GitRevision {
    git: Git,
    commit: String,
}

impl GitRevision {
    /// The commit that `rev` names in the repository at `repo`: a branch, a tag, a digest, `HEAD~1`, ….
    pub fn open(repo: &Path, rev: &str) -> Result<Self, FsError> {
        if !repo.is_dir() {
            return Err(FsError::NotAFolder(repo.to_path_buf()));
        }
        let git = Git::new(repo);
        git.output(&["rev-parse", "--git-dir"])?;
        let wanted = format!("{rev}^{{commit}}");
        let named = !rev.starts_with('-') && !rev.is_empty();
        let output = named.then(|| git.output(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]));
        match output {
            Some(Ok(commit)) => Ok(Self { git, commit: String::from_utf8_lossy(&commit).trim().to_owned() }),
            _ => Err(FsError::NoRevision(rev.to_owned())),
        }
    }

    /// The commit's digest.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// Its files, all of them, whatever folder of the checkout was given. Contents are read at their first use.
    pub fn snapshot(&self) -> Result<Snapshot, FsError> {
        let Tree { files, .. } = self.list()?;
        let modes: Vec<_> = files.iter().map(|(path, (mode, _))| (path.clone(), *mode)).collect();
        let objects = files.into_iter().map(|(path, (_, object))| (path, object)).collect();
        let loader = GitLoader { git: self.git.clone(), objects, reader: Mutex::default() };
        Ok(Snapshot::lazy(modes, Arc::new(loader)))
    }

    /// What the snapshot leaves out: names that cannot be a [`RepoPath`], and submodules.
    pub fn skipped(&self) -> Result<Vec<SkippedFile>, FsError> {
        Ok(self.list()?.skipped)
    }

    fn list(&self) -> Result<Tree, FsError> {
        let output = self.git.output(&["ls-tree", "-r", "-z", "--full-tree", &self.commit])?;
        let mut tree = Tree::default();
        for entry in output.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            match tree_entry(entry) {
                Ok((path, mode, object)) => drop(tree.files.insert(path, (mode, object))),
                Err(reason) => {
                    let name = entry.splitn(2, |byte| *byte == b'\t').nth(1).unwrap_or(entry);
                    tree.skipped.push(SkippedFile::new(Path::new(&*String::from_utf8_lossy(name)), reason));
                }
            }
        }
        Ok(tree)
    }
}

/// The files of a commit, each with its mode and object, and what was left out.
#[derive(Default)]
struct Tree {
    files: BTreeMap<RepoPath, (Mode, String)>,
    skipped: Vec<SkippedFile>,
}

/// Reads `100644 blob 0a1b…<tab>path`.
fn tree_entry(entry: &[u8]) -> Result<(RepoPath, Mode, String), String> {
    let entry = std::str::from_utf8(entry).map_err(|_| "its name is not UTF-8")?;
    let (head, name) = entry.split_once('\t').ok_or("git listed it in an unknown form")?;
    let mut fields = head.split(' ');
    let mode = match fields.next() {
        Some("100755") => Mode::Executable,
        Some("120000") => Mode::Symlink,
        Some("160000") => return Err("it is a submodule".to_owned()),
        _ => Mode::Regular,
    };
    let object = fields.nth(1).ok_or("git listed it in an unknown form")?;
    let path = RepoPath::new(name).map_err(|error| error.to_string())?;
    Ok((path, mode, object.to_owned()))
}

/// Reads blobs through one `git cat-file`, started when the first is asked for.
struct GitLoader {
    git: Git,
    objects: BTreeMap<RepoPath, String>,
    reader: Mutex<Option<CatFile>>,
}

impl Loader for GitLoader {
    fn load(&self, path: &RepoPath) -> Result<Vec<u8>, SnapshotError> {
        let object = self.objects.get(path).ok_or_else(|| SnapshotError::NotFound(path.clone()))?;
        let unreadable = |error: io::Error| SnapshotError::Unreadable { path: path.clone(), reason: error.to_string() };
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut running = match reader.take() {
            Some(running) => running,
            None => CatFile::start(&self.git).map_err(unreadable)?,
        };
        // A reader that failed is out of step and is not used again.
        let blob = running.read(object).map_err(unreadable)?;
        *reader = Some(running);
        blob.map_err(|size| SnapshotError::TooLarge { path: path.clone(), size, limit: SIZE_LIMIT })
    }
}

/// A running `git cat-file --batch`.
struct CatFile {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl CatFile {
    fn start(git: &Git) -> io::Result<Self> {
        let mut command = git.command(&["cat-file", "--batch"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => Ok(Self { child, questions, answers: BufReader::new(answers) }),
            _ => Err(io::Error::other("git has no pipes")),
        }
    }

    /// The contents of an object, or its size if it is too large.
    fn read(&mut self, object: &str) -> io::Result<Result<Vec<u8>, u64>> {
        writeln!(self.questions, "{object}")?;
        self.questions.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let size = head.trim_end().rsplit_once(" blob ").and_then(|_| head.trim_end().rsplit(' ').next()?.parse().ok());
        let size: u64 = size.ok_or_else(|| io::Error::other(format!("git answers `{}`", head.trim_end())))?;
        let mut rest = (&mut self.answers).take(size + 1);
        if size > SIZE_LIMIT {
            io::copy(&mut rest, &mut io::sink())?;
            return Ok(Err(size));
        }
        let mut bytes = Vec::new();
        rest.read_to_end(&mut bytes)?;
        match bytes.pop() {
            Some(_) if bytes.len() as u64 == size => Ok(Ok(bytes)),
            _ => Err(io::Error::other("git stopped in the middle of the file")),
        }
    }
}

impl Drop for CatFile {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::fs::testing::{Checkout, git, path, write};
    use std::os::unix::fs::symlink;

    #[test]
    fn a_commit_is_read_as_it_was() {
        let checkout = Checkout::new(&[("a.py", "old\r\n"), ("src/big.txt", &"x\n".repeat(50_000))]);
        symlink("a.py", checkout.root().join("link")).unwrap();
        std::fs::write(checkout.root().join("latin"), b"\xe9").unwrap();
        checkout.commit();
        write(checkout.root(), "a.py", "new\n");
        checkout.commit();
        let revision = GitRevision::open(checkout.root(), "HEAD~1").unwrap();
        assert_eq!(revision.commit().len(), 40);
        let snapshot = revision.snapshot().unwrap();
        assert_eq!(snapshot.paths().count(), 4);
        assert_eq!(snapshot.text(&path("a.py")), Ok("old\r\n"));
        assert_eq!(snapshot.text(&path("src/big.txt")).unwrap().len(), 100_000);
        assert_eq!(snapshot.file(&path("latin")).unwrap().bytes(), b"\xe9");
        assert_eq!(snapshot.link_target(&path("link")), Some(Ok(&b"a.py"[..])));
        let head = GitRevision::open(checkout.root(), "HEAD").unwrap().snapshot().unwrap();
        assert_eq!(head.text(&path("a.py")), Ok("new\n"));
    }

    #[test]
    fn an_option_or_an_unknown_name_is_no_revision() {
        let checkout = Checkout::new(&[("a.py", "")]);
        checkout.commit();
        for bad in ["--help", "-p", "", "nowhere", "HEAD:a.py", "HEAD; true"] {
            assert!(matches!(GitRevision::open(checkout.root(), bad), Err(FsError::NoRevision(_))), "{bad}");
        }
        let plain = tempfile::tempdir().unwrap();
        assert!(matches!(GitRevision::open(plain.path(), "HEAD"), Err(FsError::Git { .. })));
    }

    #[test]
    fn what_the_configuration_names_is_not_run() {
        let checkout = Checkout::new(&[("a.py", "")]);
        checkout.commit();
        let mark = checkout.root().join("mark");
        git(checkout.root(), &["config", "core.fsmonitor", &format!("touch {} #", mark.display())]);
        git(checkout.root(), &["config", "core.pager", &format!("touch {}", mark.display())]);
        GitRevision::open(checkout.root(), "HEAD").unwrap().snapshot().unwrap();
        crate::Folder::open(checkout.root()).unwrap().snapshot().unwrap();
        assert!(!mark.exists());
    }

    #[test]
    fn a_submodule_is_reported() {
        let checkout = Checkout::new(&[("a.py", "")]);
        let entry = format!("160000,{},sub", "1".repeat(40));
        git(checkout.root(), &["update-index", "--add", "--cacheinfo", &entry]);
        git(checkout.root(), &["add", "a.py"]);
        git(checkout.root(), &["commit", "--quiet", "--message", "add"]);
        let revision = GitRevision::open(checkout.root(), "HEAD").unwrap();
        assert_eq!(revision.snapshot().unwrap().paths().count(), 1);
        assert_eq!(revision.skipped().unwrap(), [SkippedFile::new(Path::new("sub"), "it is a submodule")]);
    }
}
