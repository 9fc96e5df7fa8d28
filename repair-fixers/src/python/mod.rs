//! Python source: syntax trees, edits, the layout of a project.

pub mod imports;
pub mod insert;
pub mod layout;
mod module;
pub mod names;
mod oracle;
pub mod stdlib;
pub mod width;

pub use module::Module;
pub use oracle::{SyntaxProblem, syntax_problem};
