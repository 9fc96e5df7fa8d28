//! What the benchmarks of reading share: logs, and a clock.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

pub(crate) mod clock;
pub(crate) mod synthetic;
