//! Refuses changes that cheat.

use repair_core::Guard;

/// Every guard.
pub fn all() -> Vec<Box<dyn Guard>> {
    Vec::new()
}
