//! Configuration as parsed settings, and what a change of them means for the checks.

mod codes;
mod compare;
mod effective;
mod ini;
mod judge;
mod meaning;
mod patterns;
mod read;
mod setting;

pub(super) use compare::Configuration;
pub(super) use effective::{Effective, is_vendored};
pub(super) use judge::left_out;
pub(super) use read::of_text;
