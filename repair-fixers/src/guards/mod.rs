//! Refuses changes that cheat.

mod commands;
mod comments;
mod config;
mod parses;
mod pipeline;
mod place;
mod protected;
mod size;
mod source;
mod suppressions;
mod tests;
mod workflow;

use repair_core::Guard;

/// Every guard.
pub fn all() -> Vec<Box<dyn Guard>> {
    vec![
        Box::new(parses::Parses),
        Box::new(config::Configuration),
        Box::new(pipeline::Pipeline),
        Box::new(protected::Protected),
        Box::new(size::Size),
        Box::new(source::Source),
        Box::new(suppressions::Suppressions),
        Box::new(tests::Doubles),
        Box::new(tests::Skips),
        Box::new(tests::Tests),
    ]
}
