//! What failed.

mod external;
mod fingerprint;
mod normal;

use crate::RepoPath;
use std::fmt;

pub use external::{External, ExternalKind};
pub use fingerprint::Fingerprint;

/// One thing that a failed job reported, wherever it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Failure {
    /// What kind of failure it is.
    pub category: Category,
    /// How far the job had come.
    pub phase: Phase,
    /// The tool that reported it (`pytest`, `ruff`, `pip`, …); below a wrapper, the inner one.
    pub tool: String,
    /// The rule id, or the last part of the exception's class name.
    pub code: Option<String>,
    /// The file: for a traceback the deepest frame inside the repository.
    pub path: Option<RepoPath>,
    /// 1-based line.
    pub line: Option<u32>,
    /// 1-based column.
    pub column: Option<u32>,
    /// The test's id, as its runner prints it.
    pub test_id: Option<String>,
    /// The text without exception name and rule id.
    pub message: Option<String>,
    /// What the failure is about when the tool says so apart from the message: a module, a distribution, a hook.
    pub subject: Option<String>,
    /// First and last 1-based line of the log that say so.
    pub log_lines: Option<(u64, u64)>,
    /// Why it is likely not the code's fault, if anything says so. No part of the fingerprint.
    #[cfg_attr(feature = "serde", serde(default))]
    pub external: Option<External>,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Category {
    /// Source that does not parse.
    Syntax,
    /// A module or name that cannot be imported.
    Import,
    /// A failing test.
    Test,
    /// A failing test that needs more than the repository: a service, a browser, a cluster.
    IntegrationTest,
    /// Coverage below its threshold.
    Coverage,
    /// A linter's or formatter's finding.
    Quality,
    /// A type checker's finding.
    TypeCheck,
    /// Dependencies that cannot be resolved or installed.
    Dependency,
    /// A security scanner's finding.
    Security,
    /// Documentation that does not build.
    Documentation,
    /// A package, wheel or extension that does not build.
    Build,
    /// Not the code's fault: runner, network, time limit, disk.
    Infrastructure,
}

impl Category {
    /// Every category.
    pub const ALL: [Category; 12] = [
        Self::Syntax,
        Self::Import,
        Self::Test,
        Self::IntegrationTest,
        Self::Coverage,
        Self::Quality,
        Self::TypeCheck,
        Self::Dependency,
        Self::Security,
        Self::Documentation,
        Self::Build,
        Self::Infrastructure,
    ];

    /// Its name in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Import => "import",
            Self::Test => "test",
            Self::IntegrationTest => "integration_test",
            Self::Coverage => "coverage",
            Self::Quality => "quality",
            Self::TypeCheck => "type_check",
            Self::Dependency => "dependency",
            Self::Security => "security",
            Self::Documentation => "documentation",
            Self::Build => "build",
            Self::Infrastructure => "infrastructure",
        }
    }

    /// The phase in which such a failure usually happens.
    pub fn usual_phase(self) -> Phase {
        match self {
            Self::Dependency | Self::Infrastructure | Self::Build => Phase::Install,
            Self::Syntax => Phase::Parse,
            Self::Import => Phase::Import,
            Self::Coverage => Phase::Measure,
            _ => Phase::Run,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a job had come when it failed. A failure of an early phase masks those of later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Phase {
    /// Setting up and installing.
    Install,
    /// Reading source.
    Parse,
    /// Importing modules, collecting tests.
    Import,
    /// Running tests and checks.
    Run,
    /// Comparing what was measured with a threshold.
    Measure,
}

impl Failure {
    /// A failure of `category` reported by `tool`, in the category's usual phase; everything else unknown.
    pub fn new(category: Category, tool: impl Into<String>) -> Self {
        Self {
            category,
            phase: category.usual_phase(),
            tool: tool.into(),
            code: None,
            path: None,
            line: None,
            column: None,
            test_id: None,
            message: None,
            subject: None,
            log_lines: None,
            external: None,
        }
    }

    /// Where it is, in short: its test, or its file and line; nothing if the log does not say.
    pub fn place(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        match (&self.test_id, &self.path) {
            (Some(id), _) => id.clone(),
            (None, Some(path)) => format!("{path}{line}"),
            (None, None) => String::new(),
        }
    }
}
