//! What the engine tells observers.

use super::{Plan, Refusal, Stop};
use crate::{Failure, Fix, ValidationResult, Verdict};

/// Something that happened during a repair.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The checks run on the repository as it is.
    Reproducing,
    /// They ran.
    Reproduced {
        /// What was seen.
        result: &'a ValidationResult,
    },
    /// A round begins.
    Round {
        /// 1-based.
        number: u32,
        /// What is still broken.
        failures: &'a [Failure],
    },
    /// Providers are asked for facts.
    Asking {
        /// How many queries there are.
        queries: usize,
    },
    /// A plan was made.
    Planned(&'a Plan),
    /// Fixes are tried together.
    Trying {
        /// The fixes.
        fixes: &'a [Fix],
        /// Whether everything runs, or only what tells whether their failures are gone.
        full: bool,
    },
    /// They were tried.
    Tried {
        /// What came of it.
        verdict: Verdict,
    },
    /// A fix is kept.
    Accepted(&'a Fix),
    /// A fix is not kept.
    Refused(&'a Refusal),
    /// The repair is over.
    Stopped(&'a Stop),
}

/// Hears of everything that happens during a repair.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn on(&self, event: &Event<'_>);
}
