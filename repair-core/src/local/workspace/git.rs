//! The copy's own `.git` folder.
//!
//! It shares the objects of the repository, read-only, and has its references and index, but not its configuration,
//! which may hold credentials and name programs to run, and not its hooks.

use super::files::remove;
use super::mark::Mark;
use crate::fs::Git;
use crate::local::LocalError;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Who commits in a fresh repository.
const IDENTITY: [&str; 6] =
    ["-c", "user.name=ci-repair", "-c", "user.email=ci-repair@localhost", "-c", "commit.gpgSign=false"];

/// The `.git` folder as it is to be, and what of it is installed.
#[derive(Debug)]
pub(super) struct GitFolder {
    pristine: PathBuf,
    /// Where the repository's objects appear.
    objects_link: PathBuf,
    mounted: bool,
    objects: Option<PathBuf>,
    secrets: Vec<PathBuf>,
    installed: BTreeMap<PathBuf, Mark>,
}

impl GitFolder {
    /// Nothing yet; `root` is where it may keep things. The repository's objects appear by a link or, if `mounted`, by
    /// a mount.
    pub(super) fn new(root: &Path, mounted: bool) -> Self {
        Self {
            pristine: root.join("git"),
            objects_link: root.join("objects"),
            mounted,
            objects: None,
            secrets: Vec::new(),
            installed: BTreeMap::new(),
        }
    }

    /// The repository's objects, and where they must appear.
    pub(super) fn objects(&self) -> Option<(&Path, &Path)> {
        self.objects.as_deref().map(|objects| (objects, self.objects_link.as_path()))
    }

    /// Files of the repository's `.git` folder that may hold credentials.
    pub(super) fn secrets(&self) -> Vec<PathBuf> {
        self.secrets.clone()
    }

    /// Prepares a folder that has the history of the checkout at `source`.
    pub(super) fn prepare_from(&mut self, source: &Path) -> Result<(), LocalError> {
        let git = Git::new(source);
        let answer = git.output(&["rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir"])?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let mut lines = answer.lines().map(PathBuf::from);
        let (own, common) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        self.secrets = [&own, &common].into_iter().flat_map(|dir| secrets_of(dir)).collect();
        self.copy_from(&own, &common).map_err(LocalError::io("copy", &own))
    }

    fn copy_from(&mut self, own: &Path, common: &Path) -> io::Result<()> {
        let objects = common.join("objects").canonicalize()?;
        let info = self.pristine.join("objects/info");
        fs::create_dir_all(&info)?;
        fs::create_dir_all(self.pristine.join("refs"))?;
        fs::write(info.join("alternates"), format!("{}\n", self.objects_link.display()))?;
        fs::write(self.pristine.join("config"), configuration(&common.join("config")))?;
        copy_tree(&common.join("refs"), &self.pristine.join("refs"))?;
        copy_present(common, &self.pristine, |name| matches!(name, "packed-refs" | "shallow"))?;
        copy_present(own, &self.pristine, |name| {
            matches!(name, "HEAD" | "index" | "shallow") || name.starts_with("sharedindex.")
        })?;
        match self.mounted {
            true => fs::create_dir(&self.objects_link)?,
            false => symlink(&objects, &self.objects_link)?,
        }
        self.objects = Some(objects);
        Ok(())
    }

    /// Prepares a folder with one commit of everything in the copy, which lies at `root`. Without git there is none.
    pub(super) fn prepare_new(&mut self, root: &Path) -> Result<(), LocalError> {
        let git = Git::new(root);
        let run = |arguments: &[&str]| {
            let mut command = git.command(arguments);
            command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().is_ok_and(|output| output.status.success())
        };
        let commit: Vec<&str> =
            IDENTITY.into_iter().chain(["commit", "--quiet", "--allow-empty", "--message", "snapshot"]).collect();
        let made = run(&["init", "--quiet", "--template=", "--initial-branch=main"]) && run(&["add", "--all"]);
        let folder = root.join(".git");
        if made && run(&commit) {
            fs::rename(&folder, &self.pristine).map_err(LocalError::io("rename", &folder))?;
        }
        remove(&folder)
    }

    /// Makes the folder at `target` what it is to be, if it is not.
    pub(super) fn install(&mut self, target: &Path) -> Result<(), LocalError> {
        if !self.pristine.is_dir() || !self.installed.is_empty() && marks(target) == self.installed {
            return Ok(());
        }
        remove(target)?;
        copy_tree(&self.pristine, target).map_err(LocalError::io("write", target))?;
        self.installed = marks(target);
        Ok(())
    }
}

fn secrets_of(folder: &Path) -> [PathBuf; 2] {
    ["config", "config.worktree"].map(|name| folder.join(name))
}

/// What must be the same as in the repository for its objects to be read, and nothing else.
fn configuration(original: &Path) -> String {
    let text = fs::read_to_string(original).unwrap_or_default().to_lowercase();
    let sha256 = text.lines().any(|line| line.replace(' ', "").trim() == "objectformat=sha256");
    match sha256 {
        true => "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectformat = sha256\n",
        false => "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
    }
    .to_owned()
}

fn copy_present(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in from.read_dir()?.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(&wanted) && entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// Copies folders and files; links are left out.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()? {
            kind if kind.is_dir() => copy_tree(&entry.path(), &target)?,
            kind if kind.is_file() => drop(fs::copy(entry.path(), target)?),
            _ => {}
        }
    }
    Ok(())
}

/// The marks of everything below `folder`, folders left out.
fn marks(folder: &Path) -> BTreeMap<PathBuf, Mark> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                _ => found.extend(Mark::at(&path).map(|mark| (path, mark))),
            }
        }
    }
    found
}
