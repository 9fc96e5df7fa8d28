//! What goes wrong between us and a forge.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A call to a forge that failed. Its text holds no secret and no signed address.
#[derive(Debug)]
pub struct ForgeError {
    kind: ForgeErrorKind,
    doing: String,
    reason: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of trouble it is: what a caller can act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForgeErrorKind {
    /// The token is missing, wrong or expired (401).
    Unauthorized,
    /// The token may not do this (403).
    Forbidden,
    /// It does not exist, or the token may not see it (404).
    NotFound,
    /// It existed once (410).
    Gone,
    /// Something else has changed it meanwhile (409, or a lock that did not hold).
    Conflict,
    /// The forge understood and refuses (400, 422).
    Invalid,
    /// Too many requests; to be tried again after this time, if the forge said so.
    RateLimited(Option<Duration>),
    /// The forge is in trouble, or cannot be reached (5xx, network); nothing has happened.
    Unavailable,
    /// No answer came to a request that may have had an effect: look before it is repeated.
    Uncertain,
    /// More than the limit came.
    TooLarge,
    /// The answer is not what the forge documents.
    Malformed,
}

impl ForgeError {
    /// An error of `kind`: `doing` says what was attempted (`read the run`), `reason` why it failed, and what to do.
    pub fn new(kind: ForgeErrorKind, doing: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind, doing: doing.into(), reason: reason.into(), source: None }
    }

    /// The error with what lies below it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> ForgeErrorKind {
        self.kind
    }
}

impl fmt::Display for ForgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}: {}", self.doing, self.reason)
    }
}

impl Error for ForgeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
