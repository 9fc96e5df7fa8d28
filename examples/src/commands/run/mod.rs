//! `run`: a failed run on GitHub → a bundle with a proven repair, or with what is known.
//!
//! ```text
//! target (which run) ─ inspect (who may) ─▶ evidence (logs, annotations, JUnit) ─▶ source (files) ─ repair ─▶ ending
//! ```
//!
//! This half may execute the repository's code, in the sandbox, and needs permission to read only.

mod annotations;
mod artifacts;
mod ending;
mod evidence;
mod excerpts;
mod jobs;
mod repair;
mod source;
mod target;

use super::interruption::unless_interrupted;
use crate::cli::RunArgs;
use crate::exit;
use crate::github::actions::Actions;
use crate::github::{Connection, Half};
use crate::progress::Progress;
use anyhow::{Context, Result};
use ending::Ending;
use repair_core::Fingerprint;
use repair_core::forge::{Access, Inspected, Reason, SWITCH, inspect, is_off};
use repair_github::Ended;
use std::collections::BTreeSet;
use std::path::Path;
use target::Target;

/// Repairs a run, or says why not; the exit code.
pub(crate) async fn run(args: &RunArgs, quiet: bool, verbose: bool) -> Result<u8> {
    let output = args.output.as_deref().context(
        "name a folder for the bundle by `--output DIR`; `ci-repair publish DIR` makes a pull request of it",
    )?;
    let working = Working { args, quiet, declined: &BTreeSet::new() };
    let ending = working.end().await?;
    let code = ending.finish(output, &Actions::from_environment(), verbose)?;
    Ok(if args.exit_zero && code != exit::USAGE { exit::OK } else { code })
}

/// The work on one run.
struct Working<'a> {
    args: &'a RunArgs,
    quiet: bool,
    /// Failures of which people have said that they want no repair.
    declined: &'a BTreeSet<Fingerprint>,
}

impl Working<'_> {
    async fn end(&self) -> Result<Ending> {
        if std::env::var(SWITCH).is_ok_and(|value| is_off(&value)) {
            return Ok(Ending::left(Reason::SwitchedOff));
        }
        let Target { repository, what } = Target::of(self.args)?;
        let progress = Progress::new(self.quiet);
        progress.step("asking GitHub about the run");
        let connection = Connection::open(&self.args.api_url, &repository, Half::Reading).await?;
        let ending = match what {
            Ended::Run { id, attempt } => {
                let asked = inspect(&connection.github, &repository, id, attempt, &[]);
                let inspected = unless_interrupted(asked).await?.map_err(|error| connection.told(error))?;
                self.of_run(&connection, inspected, &progress).await
            }
            Ended::Check(check) => {
                let told = unless_interrupted(evidence::of_check(&connection, &repository, &check));
                told.await?
            }
            _ => Ok(Ending::left(Reason::NotFailed)),
        };
        progress.done();
        ending
    }

    async fn of_run(&self, connection: &Connection, inspected: Inspected, progress: &Progress) -> Result<Ending> {
        match inspected.access {
            Access::Repair => repair::of(self, connection, &inspected, progress).await,
            Access::Diagnose(reason) => {
                progress.line(&format!("  only diagnosed: {reason}"));
                let gathered = evidence::gather(connection, &inspected.run, progress);
                let gathered = unless_interrupted(gathered).await??;
                let found = gathered.diagnosed(None, self.declined);
                Ok(Ending::diagnosed(found, format!("only diagnosed, and nothing executed: {reason}")))
            }
            Access::Leave(reason) => Ok(Ending::left(reason)),
            _ => Ok(Ending::left(Reason::NotFailed)),
        }
    }

    fn checkout(&self) -> Option<&Path> {
        self.args.repo.as_deref()
    }
}
