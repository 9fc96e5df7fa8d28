//! Folders of logs.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// More files than this are refused.
const MOST_FILES: usize = 20_000;
/// Folders deeper than this are refused.
const DEEPEST: usize = 16;

/// The files below a folder, and what is left out.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The files, each with its name below the folder.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// What is left out and why.
    pub(crate) notes: Vec<String>,
}

/// Finds the files below `root`. Links are not followed, so nothing is read twice and the search ends.
pub(crate) fn files(root: &Path) -> Result<Files> {
    let mut found = Files::default();
    descend(root, root, 0, &mut found)?;
    found.files.sort();
    Ok(found)
}

fn descend(root: &Path, folder: &Path, depth: usize, found: &mut Files) -> Result<()> {
    ensure!(depth <= DEEPEST, "`{}` is too deep; give the folder with the logs itself", folder.display());
    let cannot = || format!("cannot list the folder `{}`; give one that you may read", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let (path, kind) = (entry.path(), entry.file_type().with_context(cannot)?);
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if kind.is_dir() && !name.ends_with(".git") {
            descend(root, &path, depth + 1, found)?;
        } else if kind.is_file() {
            found.files.push((path, name));
        } else if !kind.is_dir() {
            let what = if kind.is_symlink() { "a link" } else { "no regular file" };
            found.notes.push(format!("`{name}` is {what} and is left out"));
        }
        ensure!(
            found.files.len() <= MOST_FILES,
            "`{}` has more than {MOST_FILES} files; give the folder with the logs itself",
            root.display()
        );
    }
    Ok(())
}
