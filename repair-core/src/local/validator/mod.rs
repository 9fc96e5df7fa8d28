//! Checks run on this machine.

mod builder;

pub use builder::{LocalValidatorBuilder, Narrow};

use super::{Interpreter, Job, LocalError, RunOutput, Sandbox, Workspace};
use crate::{
    Check, CheckRun, Exit, Failure, OutputReader, Scope, Snapshot, ValidateError, ValidationRequest, ValidationResult,
    Validator,
};
use async_trait::async_trait;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How much of a check's output goes into the report.
const TAIL: usize = 8 << 10;

/// Runs checks as sandboxed child processes on a private copy of the repository, which is kept between calls.
///
/// The checks of one call run in order in the same copy, as the steps of a job do; files of the repository that one of
/// them changed are put back before the next.
/// Each call begins with a copy that is exactly the snapshot.
pub struct LocalValidator {
    folder: Option<PathBuf>,
    checks: Vec<Check>,
    interpreter: Option<Interpreter>,
    reader: Arc<dyn OutputReader>,
    narrow: Option<Narrow>,
    time_limit: Duration,
    output_cap: usize,
    sandbox: Sandbox,
    workspace: Arc<Mutex<Option<Workspace>>>,
}

/// What of a check is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Task<'a> {
    check: &'a Check,
    command: String,
}

#[async_trait]
impl Validator for LocalValidator {
    fn id(&self) -> &'static str {
        "local"
    }

    async fn validate(&self, request: ValidationRequest<'_>) -> Result<ValidationResult, ValidateError> {
        let (tasks, complete) = self.tasks(request.scope);
        if tasks.is_empty() {
            return Err(ValidateError::NoCheck);
        }
        self.prepare(request.snapshot.clone()).await?;
        let mut workspace = self.workspace.lock().await;
        let workspace = workspace.as_mut().ok_or(ValidateError::Interrupted)?;
        let mut runs = Vec::new();
        for (index, task) in tasks.iter().enumerate() {
            if index > 0 {
                workspace.restore()?;
            }
            runs.push(self.run(workspace, task).await?);
        }
        let result = ValidationResult::new(runs, self.environment(workspace));
        Ok(if complete { result } else { result.narrowed() })
    }
}

impl LocalValidator {
    /// Begins a validator of the repository in `folder`, or of one that has no folder.
    pub fn builder(folder: Option<PathBuf>, reader: Arc<dyn OutputReader>) -> LocalValidatorBuilder {
        LocalValidatorBuilder::new(folder, reader)
    }

    /// What to run, and whether that is everything.
    ///
    /// If nothing were left of a narrowed run, it would say nothing, so then everything runs.
    fn tasks(&self, scope: Scope<'_>) -> (Vec<Task<'_>>, bool) {
        let full = |check| Task { check, command: check.command.clone() };
        let (Scope::Targeted(failures), Some(narrow)) = (scope, &self.narrow) else {
            return (self.checks.iter().map(full).collect(), true);
        };
        let narrowed = self.checks.iter().map(|check| narrowed(narrow, check, failures));
        let tasks: Vec<Task<'_>> = narrowed.flatten().collect();
        let everything: Vec<Task<'_>> = self.checks.iter().map(full).collect();
        let complete = tasks.is_empty() || tasks == everything;
        (if complete { everything } else { tasks }, complete)
    }

    /// Makes the copy one of `snapshot`, in a thread where waiting for the disk holds nobody up.
    async fn prepare(&self, snapshot: Snapshot) -> Result<(), ValidateError> {
        let mut kept = Arc::clone(&self.workspace).lock_owned().await;
        let (folder, sandbox) = (self.folder.clone(), self.sandbox.clone());
        let update = move || -> Result<(), LocalError> {
            let mut workspace = match kept.take() {
                Some(workspace) => workspace,
                None => Workspace::new(folder.as_deref(), &sandbox)?,
            };
            // After an error the copy is in no known state and is not used again.
            workspace.update(&snapshot)?;
            *kept = Some(workspace);
            Ok(())
        };
        let updated = tokio::task::spawn_blocking(update).await;
        Ok(updated.map_err(|_| ValidateError::Interrupted)??)
    }

    async fn run(&self, workspace: &Workspace, task: &Task<'_>) -> Result<CheckRun, ValidateError> {
        let check = task.check;
        let mut job = Job::shell(&task.command).time_limit(self.time_limit).output_cap(self.output_cap);
        job = job.variables(check.environment.clone());
        if let Some(folder) = &check.working_directory {
            job = job.directory(folder);
        }
        if let Some(interpreter) = &self.interpreter {
            job = job.interpreter(interpreter);
        }
        let RunOutput { exit, output, duration } = self.sandbox.run(workspace, &job).await?;
        let output = relative(&output, workspace);
        let parsed = self.reader.read(&task.command, &output, code(exit));
        Ok(CheckRun::new(check, &task.command, exit, parsed, duration).with_tail(tail(&output)))
    }

    fn environment(&self, workspace: &Workspace) -> String {
        let version = self.interpreter.as_ref().and_then(Interpreter::version);
        let python = version.map(|version| format!("Python {version}"));
        let notes = python.into_iter().chain(workspace.notes().iter().cloned());
        notes.fold(self.sandbox.describe().to_owned(), |text, note| format!("{text}; {note}"))
    }
}

/// The task of a check in a targeted run: in full if `narrow` has nothing to say, none if it says that nothing is left.
fn narrowed<'a>(narrow: &Narrow, check: &'a Check, failures: &[Failure]) -> Option<Task<'a>> {
    match narrow(check, failures) {
        None => Some(Task { check, command: check.command.clone() }),
        Some(command) if command.trim().is_empty() => None,
        Some(command) => Some(Task { check, command }),
    }
}

fn code(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(code) => Some(code),
        _ => None,
    }
}

/// The output with paths relative to the repository, so that it reads the same wherever the copy is.
fn relative(output: &str, workspace: &Workspace) -> String {
    match workspace.seen_at().to_str() {
        Some(folder) => output.replace(&format!("{folder}/"), ""),
        None => output.to_owned(),
    }
}

/// The last lines of `output`.
fn tail(output: &str) -> &str {
    let mut start = output.len().saturating_sub(TAIL);
    while !output.is_char_boundary(start) {
        start += 1;
    }
    match output[start..].find('\n') {
        Some(end) if start > 0 => &output[start + end + 1..],
        _ => &output[start..],
    }
}

#[cfg(test)]
mod tests;
