//! Logs that try to fool their reader, or that came to harm on their way: one module per class of trick.
//!
//! Every log is made here, by the functions of [`build`].
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod build;
mod characters;
mod damage;
mod identity;
mod markers;
mod paths;
mod pieces;
mod sizes;
mod summaries;
mod terminal;
