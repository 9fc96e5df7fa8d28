//! Findings of linters and formatters.

mod own_tool;
mod whitespace;

use repair_core::FixGenerator;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![Box::new(own_tool::OwnTool), Box::new(whitespace::Whitespace)]
}
