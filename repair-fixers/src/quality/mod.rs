//! Findings of linters and formatters.

mod blank_lines;
mod comparison;
mod continuation_line;
mod finding;
mod line_too_long;
mod misspelled_name;
mod own_tool;
mod realign;
mod spacing;
mod string_prefix;
mod tokens;
mod unused_variable;
mod whitespace;

use repair_core::FixGenerator;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![
        Box::new(own_tool::OwnTool),
        Box::new(whitespace::Whitespace),
        Box::new(unused_variable::UnusedVariable),
        Box::new(blank_lines::BlankLines),
        Box::new(spacing::Spacing),
        Box::new(continuation_line::ContinuationLine),
        Box::new(comparison::Comparison),
        Box::new(string_prefix::StringPrefix),
        Box::new(line_too_long::LineTooLong),
        Box::new(misspelled_name::MisspelledName),
    ]
}
