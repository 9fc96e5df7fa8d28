//! What ci-repair knows about Python: how tools report failures, what causes them, how to repair them, and which
//! changes are cheats.

pub mod checks;
pub mod guards;
pub mod logs;
pub mod python;
pub mod shell;

use repair_core::{Analyzer, FixGenerator};

/// Every fix generator of the enabled families.
pub fn generators() -> Vec<Box<dyn FixGenerator>> {
    Vec::new()
}

/// Every analyzer.
pub fn analyzers() -> Vec<Box<dyn Analyzer>> {
    Vec::new()
}
