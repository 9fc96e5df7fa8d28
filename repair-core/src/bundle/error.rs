//! What goes wrong with a bundle.

use crate::{ApplyError, PatchError, RepoPath};
use std::path::PathBuf;

/// A bundle that cannot be written, read or applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A file of it cannot be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file of it is larger than any bundle's.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that it may have.
        limit: u64,
    },
    /// `bundle.json` is not in the documented form.
    #[error("`bundle.json` is not in the form that `ci-repair run --output` writes: {0}")]
    Form(#[from] serde_json::Error),
    /// It was written by a program with another form.
    #[error(
        "the bundle has version {found}, and this program reads version {expected}; use the same program for both halves"
    )]
    Version {
        /// The version that it has.
        found: u32,
        /// The version that is read.
        expected: u32,
    },
    /// A file of it is not the one that its digest is of.
    #[error("`{0}` is not the file that the bundle's digest is of; the bundle was changed or torn")]
    Digest(&'static str),
    /// The patch is not one, or not one of these files.
    #[error("the patch cannot be used: {0}")]
    Patch(#[from] PatchError),
    /// The patch does not fit the repository.
    #[error("the patch does not fit the repository at the run's commit: `{path}` {why}")]
    Misfit {
        /// The file.
        path: RepoPath,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The changes do not apply.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}
