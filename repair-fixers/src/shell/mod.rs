//! Commands in shell text: which tool they run, and with what arguments.

mod invocation;
mod script;

pub use invocation::Invocation;
pub use script::{Command, Script, Word};
