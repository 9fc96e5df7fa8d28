//! Small repositories on disk.

use crate::harness::{self, Home, Ran};
use crate::job_log;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A git repository with one commit, in a folder of its own; logs are written beside it.
pub(crate) struct Project {
    dir: TempDir,
}

/// Every file with its mode and contents; links with their targets.
pub(crate) type State = BTreeMap<PathBuf, (u32, Vec<u8>)>;

impl Project {
    /// A repository of these files.
    pub(crate) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let project = Self::without_commit(files);
        project.commit();
        project
    }

    /// A repository of these texts.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self::new(files.iter().map(|(name, text)| (*name, text.as_bytes())))
    }

    /// A folder of these files that git does not know.
    pub(crate) fn without_commit<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let project = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(project.root()).unwrap();
        files.into_iter().for_each(|(name, bytes)| project.write(name, bytes));
        project
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.root().join(name)).unwrap()
    }

    /// Puts `text` beside the repository and gives its path.
    pub(crate) fn beside(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Commits all there is.
    pub(crate) fn commit(&self) {
        self.git(&["init", "--quiet", "--initial-branch=main"]);
        self.git(&["add", "--all"]);
        let author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
        self.git(&[&author[..], &["commit", "--quiet", "--allow-empty", "-m", "commit"]].concat());
    }

    /// Runs git and gives what it prints.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = Home::new().command("git", &self.root()).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the command in the repository.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        harness::run(&self.root(), args)
    }

    /// Runs `fix` with the tools' Python.
    #[track_caller]
    pub(crate) fn fix(&self, args: &[&str]) -> Ran {
        self.run(&[&["fix", "--python", &harness::python()], args].concat())
    }

    /// [`fix`](Self::fix), which must leave the repository as it is, byte for byte.
    #[track_caller]
    pub(crate) fn fix_leaves_all(&self, args: &[&str]) -> Ran {
        let before = self.state();
        let ran = self.fix(args);
        assert!(before == self.state(), "the repository has changed: {ran:?}");
        ran
    }

    /// The log of a job in which `commands` really ran here.
    pub(crate) fn log_of(&self, commands: &[&str]) -> String {
        self.beside("job.log", job_log::of(&self.root(), commands))
    }

    /// All that is there, `.git` included.
    pub(crate) fn state(&self) -> State {
        let mut state = State::new();
        note(&self.root(), &self.root(), &mut state);
        state
    }
}

/// The path of something bundled with the examples.
pub(crate) fn bundled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every file below `folder`.
pub(crate) fn state_of(folder: &Path) -> State {
    let mut state = State::new();
    note(folder, folder, &mut state);
    state
}

fn note(root: &Path, folder: &Path, state: &mut State) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        let contents = match metadata {
            _ if metadata.is_symlink() => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            _ if metadata.is_dir() => {
                note(root, &path, state);
                Vec::new()
            }
            _ => fs::read(&path).unwrap(),
        };
        state.insert(path.strip_prefix(root).unwrap().to_owned(), (metadata.mode(), contents));
    }
}
