//! Making a [`LocalValidator`].

use super::LocalValidator;
use crate::local::{Interpreter, Sandbox};
use crate::{Check, Failure, OutputReader};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Narrows a check to what tells whether failures are gone.
///
/// `None` is the check as it is, an empty command is nothing: none of the failures is the check's.
pub type Narrow = Arc<dyn Fn(&Check, &[Failure]) -> Option<String> + Send + Sync>;

/// Collects what a [`LocalValidator`] is made of.
pub struct LocalValidatorBuilder {
    folder: Option<PathBuf>,
    reader: Arc<dyn OutputReader>,
    checks: Vec<Check>,
    interpreter: Option<Interpreter>,
    narrow: Option<Narrow>,
    time_limit: Duration,
    output_cap: usize,
    sandbox: Option<Sandbox>,
}

impl LocalValidatorBuilder {
    pub(super) fn new(folder: Option<PathBuf>, reader: Arc<dyn OutputReader>) -> Self {
        Self {
            folder,
            reader,
            checks: Vec::new(),
            interpreter: None,
            narrow: None,
            time_limit: Duration::from_secs(600),
            output_cap: 16 << 20,
            sandbox: None,
        }
    }

    /// Adds checks, which run in this order.
    pub fn checks(mut self, checks: impl IntoIterator<Item = Check>) -> Self {
        self.checks.extend(checks);
        self
    }

    /// Runs them in this environment. Without one they find what is in `PATH`.
    pub fn interpreter(self, interpreter: Interpreter) -> Self {
        Self { interpreter: Some(interpreter), ..self }
    }

    /// Narrows checks in targeted runs. Without it they run in full.
    pub fn narrow(self, narrow: Narrow) -> Self {
        Self { narrow: Some(narrow), ..self }
    }

    /// Kills each check after this time instead of 10 minutes.
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { time_limit: limit, ..self }
    }

    /// Kills a check that has printed more bytes than this, instead of 16 MiB.
    pub fn output_cap(self, bytes: usize) -> Self {
        Self { output_cap: bytes, ..self }
    }

    /// Runs them in this sandbox instead of the strictest that works.
    pub fn sandbox(self, sandbox: Sandbox) -> Self {
        Self { sandbox: Some(sandbox), ..self }
    }

    /// The validator.
    pub fn build(self) -> LocalValidator {
        LocalValidator {
            folder: self.folder,
            checks: self.checks,
            interpreter: self.interpreter,
            reader: self.reader,
            narrow: self.narrow,
            time_limit: self.time_limit,
            output_cap: self.output_cap,
            sandbox: self.sandbox.unwrap_or_else(Sandbox::detect),
            workspace: Arc::default(),
        }
    }
}
