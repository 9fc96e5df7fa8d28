//! How results are printed.

pub(crate) mod findings;
mod github;
mod sarif;
