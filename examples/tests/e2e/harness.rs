//! Runs the command as a person would, with nothing of the test's own environment.

use crate::schemas;
use repair_examples::toolbox;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A home of its own for one run: home folder, folder for temporary files.
pub(crate) struct Home {
    dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        ["home", "tmp"].iter().for_each(|name| fs::create_dir(dir.path().join(name)).unwrap());
        Self { dir }
    }

    /// `program` in `folder`, with a scrubbed environment.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(folder).stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LANG", "C.UTF-8");
        command.env("HOME", self.dir.path().join("home")).env("TMPDIR", self.dir.path().join("tmp"));
        command
    }

    /// The command under test in `folder`.
    pub(crate) fn ci_repair(&self, folder: &Path) -> Command {
        self.command(env!("CARGO_BIN_EXE_ci-repair"), folder)
    }

    /// What lies in the folder for temporary files.
    pub(crate) fn left_behind(&self) -> Vec<PathBuf> {
        fs::read_dir(self.dir.path().join("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// Runs the command in `folder` with `args`.
#[track_caller]
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ran {
    run_with(folder, args, |_| {})
}

/// [`run`] with a change of the command.
#[track_caller]
pub(crate) fn run_with(folder: &Path, args: &[&str], prepare: impl FnOnce(&mut Command)) -> Ran {
    let home = Home::new();
    let mut command = home.ci_repair(folder);
    command.args(args);
    prepare(&mut command);
    let ran = Ran::new(&command.output().unwrap());
    assert_eq!(home.left_behind(), Vec::<PathBuf>::new(), "temporary files are left: {ran:?}");
    schemas::check(args, &ran.stdout);
    ran
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// No run may panic, whatever it is given.
    #[track_caller]
    pub(crate) fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the command prints UTF-8");
        let ran = Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) };
        assert!(!ran.stderr.contains("panicked") && !ran.stdout.contains("panicked"), "{ran:?}");
        ran
    }

    /// It ends with `code`.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard error has each of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        words.iter().for_each(|word| assert!(self.stderr.contains(word), "no `{word}` in:\n{}", self.stderr));
        self
    }

    /// Standard output has each of `words`.
    #[track_caller]
    pub(crate) fn prints(self, words: &[&str]) -> Self {
        words.iter().for_each(|word| assert!(self.stdout.contains(word), "no `{word}` in:\n{}", self.stdout));
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The Python that has the tools.
pub(crate) fn python() -> String {
    toolbox::python().unwrap().to_str().unwrap().to_owned()
}

/// Whether a process with `mark` in its command line runs.
pub(crate) fn runs(mark: &str) -> bool {
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        // A process may end while we look.
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(mark)
    })
}
