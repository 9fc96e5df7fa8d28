//! Dependencies that are not declared.

mod entries;
mod manifest;
mod missing_module;
mod table;

use repair_core::FixGenerator;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![Box::new(missing_module::MissingModule)]
}
