//! How results are printed.

mod evidence;
pub(crate) mod findings;
mod github;
mod human;
mod json;
mod markdown;
pub(crate) mod repair;
mod sarif;
mod steps;
#[cfg(test)]
mod testing;
mod text;

pub(crate) use repair_core::text::{clean, counted};

use repair_core::Failure;

/// Where a failure is, in short: its test, or its file and line.
fn place(failure: &Failure) -> String {
    let line = failure.line.map(|line| format!(":{line}")).unwrap_or_default();
    match (&failure.test_id, &failure.path) {
        (Some(id), _) => id.clone(),
        (None, Some(path)) => format!("{path}{line}"),
        (None, None) => String::new(),
    }
}
