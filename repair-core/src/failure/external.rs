//! What is likely not the code's fault, and how that is known.

use crate::text::is_invisible;
use std::fmt;

/// The longest evidence that is kept, in characters.
const LONGEST: usize = 300;

/// Why a failure is likely not the code's fault.
///
/// It says where the trouble probably came from, not that the failure may be ignored: the same failure, again and again,
/// is worth a look whatever its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct External {
    /// Where the trouble came from.
    pub kind: ExternalKind,
    /// The log's own line that says so, without control characters and not longer than a few hundred characters.
    pub evidence: String,
}

impl External {
    /// Trouble of this kind, known by `line` of the log.
    pub fn new(kind: ExternalKind, line: &str) -> Self {
        let text = line.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c));
        let mut evidence: String = visible.take(LONGEST + 1).collect();
        if let Some((end, _)) = evidence.char_indices().nth(LONGEST) {
            evidence.truncate(end);
            evidence.push('…');
        }
        Self { kind, evidence }
    }
}

/// Where trouble comes from that is likely not the code's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ExternalKind {
    /// A host could not be reached: name resolution, connections, TLS, a transfer that broke off.
    Network,
    /// A service on another host answered that it cannot serve now.
    Service,
    /// A service answered that there were too many requests.
    RateLimit,
    /// The runner was lost, shut down or never found.
    Runner,
    /// Somebody, or a newer run, canceled the job.
    Canceled,
    /// Disk, memory or another resource of the machine was used up, or a process was killed for it.
    Resource,
    /// A limit on the wall clock was reached.
    TimeLimit,
    /// A secret or permission is missing, as in runs for a fork.
    Access,
    /// The same code passed and failed, or failed differently each time.
    Flaky,
}

impl ExternalKind {
    /// Every kind.
    pub const ALL: [ExternalKind; 9] = [
        Self::Network,
        Self::Service,
        Self::RateLimit,
        Self::Runner,
        Self::Canceled,
        Self::Resource,
        Self::TimeLimit,
        Self::Access,
        Self::Flaky,
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Service => "service",
            Self::RateLimit => "rate_limit",
            Self::Runner => "runner",
            Self::Canceled => "canceled",
            Self::Resource => "resource",
            Self::TimeLimit => "time_limit",
            Self::Access => "access",
            Self::Flaky => "flaky",
        }
    }
}

impl fmt::Display for ExternalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_one_clean_line_of_bounded_length() {
        let evidence = |line: &str| External::new(ExternalKind::Network, line).evidence;
        assert_eq!(evidence("\n  Read timed out.\u{1b}[31m\r\nmore"), "Read timed out. [31m");
        assert_eq!(evidence("a\u{202e}b\u{200b}c\u{e0041}d\0e"), "abcd e");
        assert_eq!(evidence(&"é".repeat(400)).chars().count(), LONGEST + 1);
        assert_eq!(evidence(""), "");
    }

    #[test]
    fn names_are_those_of_the_serialised_form() {
        let names: std::collections::BTreeSet<_> = ExternalKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ExternalKind::ALL.len());
        #[cfg(feature = "serde")]
        for kind in ExternalKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
    }
}
