//! What the command's tests, the demo and the benchmarks share.

pub mod install;
pub mod linters;
pub mod toolbox;
