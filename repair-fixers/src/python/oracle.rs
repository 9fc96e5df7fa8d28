//! Whether a text is Python.

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// The first reason why a text is not Python.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxProblem {
    /// Byte offset of the place.
    pub offset: usize,
    /// What is wrong, in the parser's words.
    pub message: String,
}

impl SyntaxProblem {
    /// A problem at `offset`.
    pub fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

/// The first reason why `text` is not a Python module; `None` if it is one.
///
/// Stricter than the syntax tree, which has no error for `print 'x'` or a body that is not indented.
/// It accepts the newest syntax, and what only the compiler refuses (`return` outside a function).
pub fn syntax_problem(text: &str) -> Option<SyntaxProblem> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let first = parsed.errors().iter().min_by_key(|error| error.location.start())?;
    Some(SyntaxProblem { offset: first.location.start().to_usize(), message: first.error.to_string() })
}

/// As [`syntax_problem`], for Python 3.13: newer syntax, such as `except A, B:`, is a problem, since it is likelier a
/// relic of Python 2.
pub fn syntax_problem_of_3_13(text: &str) -> Option<SyntaxProblem> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY313);
    let parsed = parse_unchecked(text, options);
    let first = parsed.errors().iter().min_by_key(|error| error.location.start());
    let newer = parsed.unsupported_syntax_errors().iter().min_by_key(|error| error.range.start());
    match (first, newer) {
        (Some(first), _) => Some(SyntaxProblem::new(first.location.start().to_usize(), first.error.to_string())),
        (None, Some(newer)) => Some(SyntaxProblem::new(newer.range.start().to_usize(), newer.to_string())),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::syntax_problem;

    #[test]
    fn python_is_told_from_what_only_looks_like_it() {
        for good in ["", "x = 1\n", "def f():\n    return 1\n", "match x:\n    case 1: pass\n", "\u{feff}x = 1\n"] {
            assert_eq!(syntax_problem(good), None, "{good:?}");
        }
        for bad in ["def f(:\n", "print 'x'\n", "def f():\nreturn 1\n", "x = 08\n", "x = (1\n", "if x\n    y\n"] {
            assert!(syntax_problem(bad).is_some(), "{bad:?}");
        }
    }
}
