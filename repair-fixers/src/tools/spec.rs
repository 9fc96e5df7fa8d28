//! How each tool is made to repair instead of complain.

use repair_core::{Applicability, Failure};

/// How a tool is made to repair instead of complain. Sources: the tools' `--help`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ToolSpec {
    /// Its name here; `ruff-format` is a tool of its own.
    pub(crate) id: &'static str,
    /// The program, and the subcommand if it has one.
    pub(crate) program: (&'static str, Option<&'static str>),
    /// Options that make it only complain.
    pub(crate) complain: &'static [&'static str],
    /// Of these, the ones with a value of their own.
    pub(crate) complain_valued: &'static [&'static str],
    /// Options that make it repair.
    pub(crate) fix: &'static [&'static str],
    /// Options that make it repair more than it calls safe, if it has such.
    pub(crate) unsafe_fix: Option<&'static [&'static str]>,
    /// What its repairs can change.
    pub(crate) applicability: Applicability,
    /// What it does, as an order.
    pub(crate) order: &'static str,
}

const PLAIN: ToolSpec = ToolSpec {
    id: "",
    program: ("", None),
    complain: &["--check", "--diff"],
    complain_valued: &[],
    fix: &[],
    unsafe_fix: None,
    applicability: Applicability::Safe,
    order: "Format",
};

/// Every tool that is known to repair what it reports.
const SPECS: &[ToolSpec] = &[
    ToolSpec {
        id: "autoflake",
        program: ("autoflake", None),
        complain: &["--check", "-c", "--check-diff", "-cd", "--stdout", "-s", "--quiet"],
        fix: &["--in-place"],
        order: "Remove what is unused from",
        ..PLAIN
    },
    ToolSpec {
        id: "autopep8",
        program: ("autopep8", None),
        complain: &["--diff", "-d", "--exit-code", "-e"],
        fix: &["--in-place"],
        ..PLAIN
    },
    ToolSpec { id: "black", program: ("black", None), complain: &["--check", "--diff", "--color"], ..PLAIN },
    ToolSpec {
        id: "blacken-docs",
        program: ("blacken-docs", None),
        complain: &["--check"],
        order: "Format the code in",
        ..PLAIN
    },
    ToolSpec {
        id: "codespell",
        program: ("codespell", None),
        complain: &["--interactive", "-i"],
        fix: &["--write-changes"],
        applicability: Applicability::Unsafe,
        order: "Correct the spelling of",
        ..PLAIN
    },
    ToolSpec {
        id: "docformatter",
        program: ("docformatter", None),
        complain: &["--check", "-c", "--diff"],
        fix: &["--in-place"],
        order: "Format the docstrings of",
        ..PLAIN
    },
    ToolSpec {
        id: "isort",
        program: ("isort", None),
        complain: &["--check", "--check-only", "-c", "--diff", "--df", "-q", "--quiet"],
        order: "Sort the imports of",
        ..PLAIN
    },
    ToolSpec {
        id: "pycln",
        program: ("pycln", None),
        complain: &["--check", "-c", "--diff", "-d"],
        order: "Remove unused imports from",
        ..PLAIN
    },
    ToolSpec { id: "pyupgrade", program: ("pyupgrade", None), order: "Modernize", ..PLAIN },
    ToolSpec {
        id: "ruff",
        program: ("ruff", Some("check")),
        complain: &["--diff", "--no-fix", "--exit-non-zero-on-fix", "--show-source", "--statistics", "-q", "--quiet"],
        complain_valued: &["--output-format", "--format"],
        fix: &["--fix", "--exit-zero"],
        unsafe_fix: Some(&["--fix", "--unsafe-fixes", "--exit-zero"]),
        order: "Apply ruff's fixes to",
        ..PLAIN
    },
    ToolSpec { id: "ruff-format", program: ("ruff", Some("format")), ..PLAIN },
    ToolSpec {
        id: "yapf",
        program: ("yapf", None),
        complain: &["--diff", "-d", "--quiet", "-q"],
        fix: &["--in-place"],
        ..PLAIN
    },
];

impl ToolSpec {
    /// The tool that repairs what `failure` reports, if it is the one that reported it.
    pub(crate) fn for_failure(failure: &Failure) -> Option<&'static Self> {
        let id = match (failure.tool.as_str(), &failure.code) {
            ("ruff", None) => "ruff-format",
            (tool, _) => tool,
        };
        Self::named(id)
    }

    /// The tool with this id.
    pub(crate) fn named(id: &str) -> Option<&'static Self> {
        SPECS.iter().find(|spec| spec.id == id)
    }

    /// The options for a profile, if the tool has it.
    pub(crate) fn options(&self, profile: &str) -> Option<&'static [&'static str]> {
        match profile {
            super::FIX => Some(self.fix),
            super::UNSAFE_FIX => self.unsafe_fix,
            _ => None,
        }
    }
}
