//! Findings in five forms: what failed in a log, or what guards have against a change.

use super::{github, human, json, markdown, sarif};
use crate::cli::FindingsFormat;
use anyhow::Result;
use repair_core::{Category, Compared, External, Failure, Gravity, Log, Objection, Phase, State};
use repair_fixers::logs::{Conclusion, Diagnosis};

/// What is printed.
pub(crate) enum Findings<'a> {
    /// What failed in a log.
    Failures(&'a Detection),
    /// What guards have against a change.
    Objections(&'a [Objection]),
}

/// What failed in a log, and all that is told with it.
pub(crate) struct Detection {
    /// The log, for evidence.
    pub(crate) log: Log,
    /// What it says.
    pub(crate) diagnosis: Diagnosis,
    /// The same, compared with an earlier run; `None` if there was none to compare with.
    pub(crate) compared: Option<Vec<Compared>>,
    /// What the log is called, for people and places in it.
    pub(crate) name: String,
}

impl Detection {
    /// The failures of this run, each with how it relates to the earlier one.
    pub(crate) fn present(&self) -> Vec<(&Failure, Option<&Compared>)> {
        match &self.compared {
            Some(compared) => {
                let present = compared.iter().filter(|compared| compared.state != State::Gone);
                present.map(|compared| (&compared.failure, Some(compared))).collect()
            }
            None => self.diagnosis.failures.iter().map(|failure| (failure, None)).collect(),
        }
    }

    /// The failures of the earlier run that are no more.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &Failure> {
        let gone = self.compared.iter().flatten().filter(|compared| compared.state == State::Gone);
        gone.map(|compared| &compared.failure)
    }

    /// How many failures are in `state`.
    pub(crate) fn count(&self, state: State) -> usize {
        self.compared.iter().flatten().filter(|compared| compared.state == state).count()
    }

    /// The conclusion's name in JSON.
    pub(crate) fn conclusion(&self) -> &'static str {
        match self.diagnosis.conclusion {
            Conclusion::Failed => "failed",
            Conclusion::Passed => "passed",
            _ => "unknown",
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It breaks the run, or the change must not be made.
    Error,
    /// It should be looked at.
    Warning,
    /// It is worth knowing.
    Note,
}

/// One finding, whatever it is.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// How much it weighs.
    pub(crate) level: Level,
    /// The rule or code, below the tool that reports it.
    pub(crate) rule: String,
    /// The category; `None` for an objection.
    pub(crate) category: Option<Category>,
    /// The phase of the job; `None` for an objection.
    pub(crate) phase: Option<Phase>,
    /// The file.
    pub(crate) path: Option<String>,
    /// 1-based line.
    pub(crate) line: Option<u32>,
    /// 1-based column.
    pub(crate) column: Option<u32>,
    /// What is wrong.
    pub(crate) text: String,
    /// Its identity, where it has one.
    pub(crate) fingerprint: Option<String>,
    /// How it relates to an earlier run.
    pub(crate) state: Option<State>,
    /// How the same test failed before, if it failed in another way.
    pub(crate) was: Option<String>,
    /// Why it is likely not the code's fault.
    pub(crate) external: Option<External>,
    /// First and last line of the log that say so.
    pub(crate) log_lines: Option<(u64, u64)>,
}

impl Finding {
    /// The tool that reports it; of an objection, its rule.
    pub(crate) fn tool(&self) -> &str {
        self.rule.split('/').next().unwrap_or(&self.rule)
    }

    /// The rule or code without the tool.
    pub(crate) fn code(&self) -> &str {
        self.rule.split_once('/').map_or(&self.rule, |(_, code)| code)
    }
}

/// The findings as text that ends with a line end.
pub(crate) fn render(findings: &Findings<'_>, format: FindingsFormat) -> Result<String> {
    match format {
        FindingsFormat::Json => json::text(&json::findings(findings)),
        FindingsFormat::Sarif => json::text(&sarif::document(findings)),
        FindingsFormat::Github => Ok(github::annotations(findings)),
        FindingsFormat::Markdown => Ok(markdown::findings(findings)),
        FindingsFormat::Human => Ok(human::findings(findings)),
    }
}

/// The findings one after the other, those that are gone last.
pub(super) fn flat(findings: &Findings<'_>) -> Vec<Finding> {
    match findings {
        Findings::Failures(detection) => {
            let present = detection.present().into_iter().map(|(failure, compared)| of_compared(failure, compared));
            let gone = detection.gone().map(|gone| Finding { state: Some(State::Gone), ..of_failure(gone) });
            present.chain(gone).collect()
        }
        Findings::Objections(objections) => objections.iter().map(of_objection).collect(),
    }
}

fn of_compared(failure: &Failure, compared: Option<&Compared>) -> Finding {
    let before = compared.and_then(|compared| compared.before.as_ref());
    let was = before.map(|before| before.code.clone().unwrap_or_else(|| before.category.to_string()));
    Finding { state: compared.map(|compared| compared.state), was, ..of_failure(failure) }
}

fn of_failure(failure: &Failure) -> Finding {
    let subject = [failure.test_id.as_deref(), failure.message.as_deref()];
    let text = subject.into_iter().flatten().collect::<Vec<_>>().join(": ");
    Finding {
        level: level(failure),
        rule: format!("{}/{}", failure.tool, failure.code.as_deref().unwrap_or(failure.category.name())),
        category: Some(failure.category),
        phase: Some(failure.phase),
        path: failure.path.as_ref().map(ToString::to_string),
        line: failure.line,
        column: failure.column,
        text: if text.is_empty() { format!("{} failed", failure.tool) } else { text },
        fingerprint: Some(failure.fingerprint().to_string()),
        state: None,
        was: None,
        external: failure.external.clone(),
        log_lines: failure.log_lines,
    }
}

/// What breaks the program is an error, what a tool finds fault with a warning, what is not the code's fault a note.
fn level(failure: &Failure) -> Level {
    match failure.category {
        _ if failure.external.is_some() => Level::Note,
        Category::Quality | Category::TypeCheck | Category::Coverage | Category::Documentation => Level::Warning,
        Category::Infrastructure => Level::Note,
        _ => Level::Error,
    }
}

fn of_objection(objection: &Objection) -> Finding {
    Finding {
        level: if objection.gravity == Gravity::Refuse { Level::Error } else { Level::Warning },
        rule: objection.rule.clone(),
        category: None,
        phase: None,
        path: objection.path.as_ref().map(ToString::to_string),
        line: objection.line,
        column: None,
        text: objection.reason.clone(),
        fingerprint: None,
        state: None,
        was: None,
        external: None,
        log_lines: None,
    }
}
