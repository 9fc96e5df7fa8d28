//! Imports: missing, unused, twice, from the wrong module.

mod duplicate;
mod edit;
mod message;
mod moved_name;
mod origin;
mod source_folder;
mod undefined_name;
mod unused;

use repair_core::FixGenerator;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![
        Box::new(undefined_name::UndefinedName),
        Box::new(unused::UnusedImport),
        Box::new(duplicate::DuplicateImport),
        Box::new(moved_name::MovedName),
        Box::new(source_folder::SourceFolder),
    ]
}
