//! How results are printed.

pub(crate) mod findings;
mod github;
pub(crate) mod repair;
mod sarif;
mod text;

pub(crate) use text::{clean, counted};
