//! Environments that import a folder instead of an installed package.

use crate::local::Interpreter;
use std::path::{Path, PathBuf};

/// A larger file is no list of folders.
const SIZE_CAP: u64 = 1 << 20;

/// The folders below `source`, relative to it, that the interpreter's environment imports from, as said by `.pth`
/// files, by egg links and by the finders that build tools generate.
pub(super) fn roots(interpreter: &Interpreter, source: &Path) -> Vec<PathBuf> {
    let Some(wanted) = source.to_str() else { return Vec::new() };
    let entries = interpreter.site_packages().into_iter().filter_map(|folder| folder.read_dir().ok()).flatten();
    let files = entries.flatten().map(|entry| entry.path()).filter(|path| is_pointer(path));
    let mut roots: Vec<PathBuf> = files.filter_map(|path| root(&path, wanted)).flatten().collect();
    roots.sort();
    roots.dedup();
    roots
}

fn is_pointer(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let small = || path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= SIZE_CAP);
    let pointer = name.ends_with(".pth") || name.ends_with(".egg-link") || name.starts_with("__editable__");
    pointer && small()
}

/// The folders named in a file: whole lines of it, or the top and `src` where a program names files below `source`.
fn root(path: &Path, source: &str) -> Option<Vec<PathBuf>> {
    let text = std::fs::read_to_string(path).ok().filter(|text| text.contains(source))?;
    let lines = text.lines().filter_map(|line| Path::new(line.trim()).strip_prefix(source).ok());
    let named: Vec<PathBuf> = lines.map(Path::to_path_buf).collect();
    if !named.is_empty() {
        return Some(named);
    }
    let names = |rest: &str| text.split(source).skip(1).any(|after| after.starts_with(rest));
    Some(vec![if names("/src/") { PathBuf::from("src") } else { PathBuf::new() }])
}
