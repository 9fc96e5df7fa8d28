//! The client against GitHub: an emulator, with a front that adds what it lacks.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
#![expect(clippy::disallowed_methods, reason = "tests start the emulator and read its description")]

mod publishing;
mod reading;
mod universe;
mod writing;

#[path = "../support/mod.rs"]
mod support;
