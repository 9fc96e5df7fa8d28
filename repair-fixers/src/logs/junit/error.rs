//! Why a file is not read as JUnit XML.

use crate::logs::XmlError;

/// Why a file is not read as JUnit XML, as a sentence about the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JunitError {
    /// Its outermost element is another.
    #[error("its outermost element is `{0}`; JUnit's is `testsuites` or `testsuite`")]
    Root(String),
    /// It is no XML that is read.
    #[error(transparent)]
    Xml(#[from] XmlError),
}
