//! Python source: syntax trees, edits, the layout of a project.

mod bindings;
mod canonical;
pub mod imports;
pub mod insert;
pub mod layout;
mod module;
pub mod names;
mod oracle;
pub mod removal;
pub mod stdlib;
pub mod width;

pub use bindings::Bindings;
pub use canonical::canonical;
pub use module::Module;
pub use oracle::{SyntaxProblem, syntax_problem, syntax_problem_of_3_13};
