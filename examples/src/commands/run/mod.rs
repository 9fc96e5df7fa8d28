//! `run`: a failed run on GitHub → a bundle with a proven repair, or with what is known; published, or kept for
//! `publish`.
//!
//! ```text
//! target (which run) ─ inspect (who may) ─▶ evidence (logs, annotations, reports) ─▶ source (files) ─ repair ─▶ ending
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
use super::publish;
use crate::cli::RunArgs;
use crate::config::Config;
use crate::exit;
use crate::github::actions::Actions;
use crate::github::{Connection, Half};
use crate::progress::Progress;
use anyhow::Result;
use ending::{Ended, Ending};
use repair_core::bundle::{Bundle, Source};
use repair_core::forge::{Access, Inspected, Reason, RepositoryName, SWITCH, inspect, is_off};
use repair_github::Ended as What;
use std::collections::BTreeSet;
use std::path::Path;
use target::Target;

pub(crate) use target::event;

/// Repairs a run, or says why not, and publishes what came of it unless only a bundle is wanted; the exit code.
pub(crate) async fn run(args: &RunArgs, quiet: bool, verbose: bool) -> Result<u8> {
    let actions = Actions::from_environment();
    let ending = Working { args, quiet }.end().await?;
    let own = tempfile::Builder::new().prefix("ci-repair-bundle-").tempdir()?;
    let output = args.output.as_deref().unwrap_or(own.path());
    let Ended { code, publish } = ending.finish(output, &actions, verbose)?;
    if publish && args.output.is_none() {
        let (bundle, patch) = Bundle::read(output, None)?;
        let Source { repository, run, .. } = &bundle.source;
        let published = publish::publish(&args.on.api_url, repository, (&bundle, &patch), Some(*run)).await?;
        publish::tell(&published, &actions)?;
    }
    Ok(if args.exit_zero && code != exit::USAGE { exit::OK } else { code })
}

/// The work on one run.
struct Working<'a> {
    args: &'a RunArgs,
    quiet: bool,
}

impl Working<'_> {
    async fn end(&self) -> Result<Ending> {
        if std::env::var(SWITCH).is_ok_and(|value| is_off(&value)) {
            return Ok(Ending::left(Reason::SwitchedOff));
        }
        let Target { repository, what } = Target::of(self.args)?;
        let progress = Progress::new(self.quiet);
        progress.step("asking GitHub about the run");
        let connection = Connection::open(&self.args.on.api_url, &repository, Half::Reading).await?;
        let ending = match what {
            What::Run { id, attempt } => {
                let inspected = unless_interrupted(inspected(&connection, &repository, id, attempt)).await??;
                self.of_run(&connection, inspected, &progress).await
            }
            What::Check(check) => {
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
                let found = gathered.diagnosed(None, &BTreeSet::new());
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

/// What decides who may have the run repaired. Whom the project trusts is asked only where it matters.
async fn inspected(
    connection: &Connection,
    repository: &RepositoryName,
    run: u64,
    attempt: Option<u32>,
) -> Result<Inspected> {
    let told = |error| connection.told(error);
    let found = inspect(&connection.github, repository, run, attempt, &[]).await.map_err(told)?;
    if found.access != Access::Diagnose(Reason::Stranger) {
        return Ok(found);
    }
    let trusted = Config::read(&connection.default_files(repository).await?)?.publish.trusted;
    if trusted.is_empty() {
        return Ok(found);
    }
    inspect(&connection.github, repository, run, attempt, &trusted).await.map_err(told)
}
