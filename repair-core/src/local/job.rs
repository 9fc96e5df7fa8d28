//! What to run, and what came of it.

use super::Interpreter;
use crate::Exit;
use std::collections::BTreeMap;
use std::time::Duration;

/// A command to run in a [`Sandbox`](super::Sandbox) on a [`Workspace`](super::Workspace).
#[derive(Debug, Clone)]
pub struct Job {
    pub(super) program: Program,
    pub(super) directory: Option<String>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) interpreter: Option<Interpreter>,
    pub(super) time_limit: Duration,
    pub(super) output_cap: usize,
}

/// How the command is given.
#[derive(Debug, Clone)]
pub(super) enum Program {
    /// As text for a shell.
    Shell(String),
    /// As a program and its arguments.
    Arguments(Vec<String>),
}

impl Job {
    /// A command for `bash`, or `sh` where there is none, which stops at the first error.
    pub fn shell(command: impl Into<String>) -> Self {
        Self::new(Program::Shell(command.into()))
    }

    /// A program and its arguments. The program is looked up in the interpreter's folder, then in `PATH`.
    pub fn program<S: Into<String>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::new(Program::Arguments(arguments.into_iter().map(Into::into).collect()))
    }

    fn new(program: Program) -> Self {
        Self {
            program,
            directory: None,
            variables: BTreeMap::new(),
            interpreter: None,
            time_limit: Duration::from_secs(600),
            output_cap: 16 << 20,
        }
    }

    /// Runs it in this folder, relative to the top of the repository.
    pub fn directory(self, folder: impl Into<String>) -> Self {
        Self { directory: Some(folder.into()), ..self }
    }

    /// Sets variables. `HOME` and `TMPDIR` are private whatever is set here.
    pub fn variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Puts this environment first in `PATH`.
    pub fn interpreter(self, interpreter: &Interpreter) -> Self {
        Self { interpreter: Some(interpreter.clone()), ..self }
    }

    /// Kills it after this time instead of 10 minutes.
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { time_limit: limit, ..self }
    }

    /// Kills it when it has printed more bytes than this, instead of 16 MiB.
    pub fn output_cap(self, bytes: usize) -> Self {
        Self { output_cap: bytes, ..self }
    }
}

/// What came of a [`Job`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunOutput {
    /// How it ended.
    pub exit: Exit,
    /// What it printed to both streams, in order; the end of it if it was too much.
    pub output: String,
    /// How long it took.
    pub duration: Duration,
}
