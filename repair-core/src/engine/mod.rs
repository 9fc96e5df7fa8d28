//! Plans repairs, proves them, and keeps what is proven.

mod budget;
mod event;
mod outcome;
mod plan;
mod repair;
mod trial;

pub use budget::{Budget, Interrupt, Policy};
pub use event::{Event, Observer};
pub use outcome::{Accepted, Outcome, Refusal, RefusalReason, Status, Stop};
#[cfg(feature = "testing")]
pub(crate) use plan::propose_alone;
pub use plan::{Plan, Skipped};
pub use repair::{RepairError, Repairer, RepairerBuilder};
