//! Why a file is not read as JUnit XML.

/// Why a file is not read as JUnit XML, as a sentence about the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JunitError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It holds nothing.
    #[error("it is empty; did the test run come to an end?")]
    Empty,
    /// It is UTF-16 or UTF-32.
    #[error("it is UTF-16 or UTF-32; convert it to UTF-8")]
    Wide,
    /// It names another encoding than UTF-8.
    #[error("it says that its encoding is `{0}`; only UTF-8 is read")]
    Encoding(String),
    /// It is not well-formed XML.
    #[error("it is not well-formed XML at byte {at}: {why}")]
    Malformed {
        /// What is wrong.
        why: String,
        /// Where.
        at: u64,
    },
    /// Its outermost element is another.
    #[error("its outermost element is `{0}`; JUnit's is `testsuites` or `testsuite`")]
    Root(String),
    /// It declares a document type.
    #[error("it declares a document type, which no JUnit file needs and which can make a small file endless")]
    DocumentType,
    /// It refers to an entity that XML does not define.
    #[error("it refers to the entity `{0}`, which XML does not define")]
    Entity(String),
    /// It ends before its outermost element does.
    #[error("it ends in the middle; did the test run come to an end?")]
    Truncated,
    /// Its elements are nested too deeply.
    #[error("its elements are nested more than {0} deep")]
    Depth(usize),
    /// It is too large.
    #[error("it is larger than {0} bytes")]
    Size(u64),
}
