//! Logs.

use super::{folder, open};
use anyhow::{Context, Result, ensure};
use repair_core::{Log, Output};
use repair_fixers::logs::{Part, Reader, parts};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The log at `path` of a run of the repository in `root`, which may have run right there: paths into it are made
/// relative.
pub(crate) fn log_of(path: &Path, root: &Path) -> Result<Log> {
    let mut log = logs(&[path.to_owned()])?;
    let inside = format!("{}/", root.display());
    for step in &mut log.steps {
        if step.output.iter().any(|line| line.contains(&inside)) {
            step.output = relative(&step.output, &inside);
        }
    }
    Ok(log)
}

fn relative(output: &Output, inside: &str) -> Output {
    let mut all = Output::default();
    for (index, line) in output.iter().enumerate() {
        all.push(output.number(index), &line.replace(inside, ""));
    }
    all
}

/// Reads logs as one: files, folders of them, and standard input. Without any the log is empty, and nothing is said of it.
pub(crate) fn logs(paths: &[PathBuf]) -> Result<Log> {
    if paths.is_empty() {
        return Ok(Log::default());
    }
    let mut reader = Reader::default();
    let mut notes = Vec::new();
    for path in paths {
        if path.is_dir() {
            notes.extend(folder_of_logs(path, &mut reader)?);
        } else {
            let part = if paths.len() > 1 { part_of(path) } else { Part::default() };
            file(path, &part, &mut reader)?;
        }
    }
    let mut log = reader.finish();
    log.notes.extend(notes);
    Ok(log)
}

fn file(path: &Path, part: &Part, reader: &mut Reader) -> Result<()> {
    let read = reader.read(part, BufReader::with_capacity(1 << 16, open(path)?));
    read.with_context(|| format!("cannot read the log `{}`; give a file that you may read", path.display()))
}

/// One of several logs: a job of its own, called like its file.
fn part_of(path: &Path) -> Part {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let named = parts(&[name.as_ref()]).pop().map(|(_, part)| part);
    let mut part = named.unwrap_or_else(|| Part::job(&name));
    part.file = Some(path.display().to_string());
    part
}

/// Reads the logs in a folder. Gives what is to be said about the rest.
fn folder_of_logs(path: &Path, reader: &mut Reader) -> Result<Vec<String>> {
    let mut found = folder::files(path)?;
    let names: Vec<&str> = found.files.iter().map(|(_, name)| name.as_str()).collect();
    let logs = parts(&names);
    ensure!(!logs.is_empty(), "there are no logs in the folder `{}`; give one with .log or .txt files", path.display());
    for (index, part) in logs {
        file(&found.files[index].0, &part, reader)?;
    }
    Ok(std::mem::take(&mut found.notes))
}
