//! How results are printed.

pub(crate) mod evidence;
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
