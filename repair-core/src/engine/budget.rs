//! How much may be spent, and what may be tried.

use crate::Applicability;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What may be tried without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Policy {
    /// The least level that is tried; fixes below it are withheld and listed.
    pub allow: Applicability,
}

impl Default for Policy {
    /// Whatever the full run can prove.
    fn default() -> Self {
        Self { allow: Applicability::Unsafe }
    }
}

/// How much may be spent on one repair. What is over ends it: nothing more is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Budget {
    /// Rounds of planning and proving.
    pub rounds: u32,
    /// Runs of the validators, the first one included.
    pub validations: u32,
    /// Lines that one fix may add and remove.
    pub lines_per_fix: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { rounds: 12, validations: 60, lines_per_fix: 20_000 }
    }
}

/// Ends a repair from outside: at a time limit, or when the user says so.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Lets the repair end after the run that is under way.
    pub fn stop(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody called [`stop`](Self::stop).
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
