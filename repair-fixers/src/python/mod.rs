//! Python source: syntax trees, edits, the layout of a project.

mod module;
mod oracle;

pub use module::Module;
pub use oracle::{SyntaxProblem, syntax_problem};
