//! JUnit files: named, in a folder, or meant by a pattern.

use super::open;
use anyhow::{Context, Result, bail, ensure};
use globset::GlobBuilder;
use repair_fixers::logs::junit::{JunitError, Report, read};
use std::fs::read_dir;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// How deep folders are looked through.
const DEEPEST: usize = 16;

/// Reads every file that `names` mean, in order.
pub(crate) fn reports(names: &[PathBuf]) -> Result<Vec<Report>> {
    let mut all = Vec::new();
    for name in names {
        let pattern = name.to_str().filter(|text| text.contains(['*', '?', '[', '{']) && !name.exists());
        match pattern {
            Some(pattern) => all.extend(several(name, matching(pattern)?)?),
            None if name.is_dir() => all.extend(several(name, xml_below(name))?),
            None => all.push(report(name)?.with_context(|| unreadable(name))?),
        }
    }
    Ok(all)
}

fn unreadable(path: &Path) -> String {
    format!("cannot read `{}` as JUnit XML", path.display())
}

fn report(path: &Path) -> Result<Result<Report, JunitError>> {
    Ok(read(BufReader::with_capacity(1 << 16, open(path)?)))
}

/// The JUnit files among `files`; other XML, such as a coverage report, is passed over.
fn several(name: &Path, files: Vec<PathBuf>) -> Result<Vec<Report>> {
    let mut all = Vec::new();
    for file in files {
        match report(&file)? {
            Ok(report) => all.push(report),
            Err(JunitError::Root(_)) => {}
            Err(error) => return Err(error).with_context(|| unreadable(&file)),
        }
    }
    ensure!(!all.is_empty(), "there is no JUnit file in `{}`", name.display());
    Ok(all)
}

fn xml_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = below(folder, DEEPEST);
    files.retain(|file| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")));
    files
}

fn matching(pattern: &str) -> Result<Vec<PathBuf>> {
    let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else {
        bail!("`{pattern}` is neither a file nor a pattern");
    };
    let glob = glob.compile_matcher();
    let fixed = pattern.split(['*', '?', '[', '{']).next().unwrap_or_default();
    let folder = fixed.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    let files = below(Path::new(folder), DEEPEST);
    Ok(files.into_iter().filter(|file| glob.is_match(file.strip_prefix("./").unwrap_or(file))).collect())
}

/// The files below a folder in the order of their names; links are not followed.
fn below(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut entries: Vec<_> = read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => files.extend(below(&entry.path(), depth - 1)),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
}
