//! What comes of `run`: a bundle, outputs, a summary, an exit code.

use super::evidence::Found;
use super::excerpts;
use crate::cli::{FindingsFormat, RepairFormat};
use crate::exit;
use crate::github::actions::Actions;
use crate::github::redactor;
use crate::output::findings::{self, Detection, Findings};
use crate::output::repair::{Report, conclusion_of};
use anyhow::{Context, Result};
use repair_core::bundle::{Bundle, Conclusion};
use repair_core::forge::Reason;
use repair_core::{Outcome, Snapshot};
use std::path::Path;

/// What comes of it.
pub(super) enum Ending {
    /// The run is left alone, and nothing is written.
    Left(Reason),
    /// There is something to tell.
    Told(Box<Telling>),
}

/// How it ended.
pub(super) struct Ended {
    /// The exit code.
    pub(super) code: u8,
    /// Whether there is something to publish.
    pub(super) publish: bool,
}

/// What there is to tell.
pub(super) struct Telling {
    found: Found,
    came: Came,
    files: Option<Snapshot>,
}

/// What came of the attempt to repair.
pub(super) enum Came {
    /// The checks ran.
    Proven(Box<Outcome>, Vec<String>),
    /// They could not be made. Why.
    NotChecked(Vec<String>),
    /// Nothing was to be executed. Why.
    Diagnosed(String),
}

impl Ending {
    /// The run is left alone.
    pub(super) fn left(reason: Reason) -> Self {
        Self::Left(reason)
    }

    /// The run was only read.
    pub(super) fn diagnosed(found: Found, why: String) -> Self {
        Self::Told(Box::new(Telling { found, came: Came::Diagnosed(why), files: None }))
    }

    /// A repair was attempted on `files`.
    pub(super) fn came(found: Found, came: Came, files: Snapshot) -> Self {
        Self::Told(Box::new(Telling { found, came, files: Some(files) }))
    }

    /// Writes the bundle to `output`, and tells the workflow, or whoever looks; the exit code.
    pub(super) fn finish(self, output: &Path, actions: &Actions, verbose: bool) -> Result<Ended> {
        match self {
            Self::Left(reason) => {
                anstream::eprintln!("ci-repair: nothing to do: {reason}");
                let conclusion = if reason == Reason::NotFailed { "nothing_to_do" } else { "left_alone" };
                actions.set(&[("conclusion", conclusion), ("exit-code", "0"), ("publish", "false")])?;
                Ok(Ended { code: exit::OK, publish: false })
            }
            Self::Told(telling) => telling.finish(output, actions, verbose),
        }
    }
}

impl Telling {
    fn finish(self, output: &Path, actions: &Actions, verbose: bool) -> Result<Ended> {
        let Self { found, came, files } = self;
        let redactor = redactor();
        let redacted = |text: &str| redactor.redact(text).into_owned();
        let excerpts = excerpts::of(&found, &redactor);
        let mut notes = found.diagnosis.notes.clone();
        let failures = &found.diagnosis.failures;
        let bundle = Bundle::diagnosed(found.source.clone(), failures.clone());
        let nothing = Snapshot::from_files::<Vec<u8>>([]);
        let files = files.unwrap_or(nothing);
        let (bundle, report) = match came {
            Came::Proven(outcome, more) => {
                notes.extend(more);
                let bundle = bundle.repaired(&outcome, conclusion_of(&outcome, failures));
                (bundle, Report::proven(*outcome, failures, &files)?)
            }
            Came::NotChecked(why) => {
                notes.extend(why);
                let report = Report::told(Conclusion::NotChecked, failures, Vec::new());
                (Bundle { conclusion: Conclusion::NotChecked, ..bundle }, report)
            }
            Came::Diagnosed(why) => {
                notes.push(why);
                (bundle, Report::told(Conclusion::Diagnosed, failures, Vec::new()))
            }
        };
        let mut report = report;
        report.notes.splice(0..0, notes);
        let bundle = Bundle { excerpts, notes: report.notes.clone(), ..bundle }.redacted(&redactor);
        let (bundle, patch) = bundle.with_changes(&report.changes, &files)?;
        let markdown = redacted(&report.render(RepairFormat::Markdown, verbose)?);
        let digest = bundle.write(&patch, &markdown, output).context("cannot write the bundle")?;
        let publish = found.is_run && (!failures.is_empty() || !report.changes.is_empty());
        let code = exit::of(bundle.conclusion);
        actions.set(&[
            ("conclusion", bundle.conclusion.name()),
            ("exit-code", &code.to_string()),
            ("publish", if publish { "true" } else { "false" }),
            ("bundle", &output.to_string_lossy()),
            ("digest", &digest),
        ])?;
        actions.summarize(&markdown)?;
        if actions.inside() {
            let Found { log, diagnosis, .. } = found;
            let detection = Detection { log, diagnosis, compared: None, name: "the run".to_owned() };
            let text = findings::render(&Findings::Failures(&detection), FindingsFormat::Github)?;
            anstream::print!("{}", redacted(&text));
        } else {
            anstream::print!("{}", redacted(&report.render(RepairFormat::Human, verbose)?));
        }
        anstream::eprintln!("ci-repair: {}: the bundle is in `{}`", bundle.conclusion.name(), output.display());
        Ok(Ended { code, publish })
    }
}
