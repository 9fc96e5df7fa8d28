//! Why a file is not read as a coverage report.

use crate::logs::XmlError;

/// Why a file is not read as a coverage report, as a sentence about the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It holds nothing.
    #[error("it is empty; did the test run come to an end?")]
    Empty,
    /// It is something else.
    #[error("it is neither Cobertura XML nor the JSON of `coverage json` nor LCOV")]
    Form,
    /// It is no XML that is read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// It is not well-formed JSON.
    #[error("it is not well-formed JSON: {0}")]
    Json(String),
    /// It ends in the middle.
    #[error("it ends in the middle; did the test run come to an end?")]
    Truncated,
    /// It is too large.
    #[error("it is larger than {0} bytes")]
    Size(u64),
    /// It tells of too many lines.
    #[error("it tells of more files and lines than {0}")]
    Lines(usize),
}
