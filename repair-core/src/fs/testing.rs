//! Folders and checkouts for the tests.

use crate::RepoPath;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// Writes a file and the folders that it needs.
pub(crate) fn write(root: &Path, name: &str, text: &str) {
    let full = root.join(name);
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::fs::write(full, text).unwrap();
}

/// Every file below `root` with its bytes; links with their targets.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let full = entry.unwrap().path();
            let name = full.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let metadata = full.symlink_metadata().unwrap();
            if metadata.is_dir() {
                folders.push(full);
            } else if metadata.is_symlink() {
                files.insert(name, full.read_link().unwrap().into_os_string().into_encoded_bytes());
            } else {
                files.insert(name, std::fs::read(&full).unwrap());
            }
        }
    }
    files
}

/// Runs git, which must succeed.
pub(crate) fn git(root: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.args(identity).args(arguments).current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A git checkout in a temporary folder.
pub(crate) struct Checkout(TempDir);

impl Checkout {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        git(dir.path(), &["init", "--quiet", "--initial-branch=main"]);
        files.iter().for_each(|(name, text)| write(dir.path(), name, text));
        Self(dir)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn commit(&self) {
        git(self.root(), &["add", "--force", "."]);
        git(self.root(), &["commit", "--quiet", "--message", "change"]);
    }
}
