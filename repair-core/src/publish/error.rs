//! Why nothing was published.

use super::template::TemplateError;
use crate::ApplyError;
use crate::bundle::BundleError;
use crate::forge::{ForgeError, ForgeErrorKind};

/// What keeps a bundle from being published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The forge did not do what it was asked.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// The bundle cannot be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The changes do not apply.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// A template cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The bundle is not of the run that it is published for.
    #[error("the bundle is not of this run: {0}")]
    Mismatch(String),
    /// The patch would publish a secret.
    #[error("the patch adds what looks like a secret to `{0}`; nothing was published")]
    Secret(crate::RepoPath),
}

impl PublishError {
    /// Others were faster every time.
    pub(super) fn busy() -> Self {
        let reason = "others work on the same branches; run it again later";
        ForgeError::new(ForgeErrorKind::Conflict, "find a place for the repair", reason).into()
    }
}
