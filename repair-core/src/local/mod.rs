//! Runs checks as sandboxed child processes on a private copy of the repository.
//!
//! A [`Workspace`] is the copy, a [`Sandbox`] runs a [`Job`] in it, an [`Interpreter`] is the Python environment that
//! the job sees, and [`LocalValidator`] makes a [`Validator`](crate::Validator) of the three.
//! The folder of the user is read and never written.

mod environment;
mod error;
mod interpreter;
mod job;
mod sandbox;
mod supervise;
#[cfg(test)]
mod testing;
mod validator;
mod workspace;

pub use error::LocalError;
pub use interpreter::Interpreter;
pub use job::{Job, RunOutput};
pub use sandbox::{Backend, Sandbox};
pub use validator::{LocalValidator, LocalValidatorBuilder, Narrow};
pub use workspace::Workspace;

use std::path::{Path, PathBuf};

/// The program of this name in `PATH`, whose relative entries do not count.
fn program(name: &str) -> Option<PathBuf> {
    program_in(name, std::env::var_os("PATH")?.as_os_str())
}

fn program_in(name: &str, search: &std::ffi::OsStr) -> Option<PathBuf> {
    std::env::split_paths(search).filter(|folder| folder.is_absolute()).map(|folder| folder.join(name)).find(is_program)
}

#[expect(clippy::ptr_arg, reason = "it is used as a predicate over paths that are owned")]
fn is_program(path: &PathBuf) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && crate::fs::is_executable(&metadata))
}

/// Whether anything is at `path`, be it a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
