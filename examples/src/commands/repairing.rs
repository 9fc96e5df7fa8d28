//! What `fix` and `exec` share: a repository, an environment, and the repair.

use super::interruption::unless_interrupted;
use super::missing_tools;
use crate::cli::RepairArgs;
use crate::config::Config;
use crate::exit;
use crate::output::repair::{Conclusion, Report};
use crate::output::{clean, counted};
use crate::progress::Progress;
use anyhow::{Context, Result};
use repair_core::{
    Applicability, Check, Failure, FixGenerator, Folder, Interpreter, Interrupt, LocalValidator, Log, Policy,
    RepairError, Repairer, RepairerBuilder, Snapshot,
};
use repair_fixers::logs::CheckReader;
use repair_fixers::tools::{Overlay, ProjectTools, WithDependencies};
use repair_fixers::{analyzers, checks, generators, guards};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A repository that is to be repaired, and how.
pub(crate) struct Repairing<'a> {
    /// The command line.
    pub(crate) args: &'a RepairArgs,
    /// The repository's folder.
    pub(crate) folder: Folder,
    /// The repository as it is.
    pub(crate) snapshot: Snapshot,
    /// The repository's configuration.
    pub(crate) config: Config,
    /// What people see.
    pub(crate) progress: Progress,
    verbose: bool,
}

pub(super) const CHECK_TIMEOUT: u64 = 900;
pub(super) const TIMEOUT: u64 = 3600;

impl<'a> Repairing<'a> {
    /// Opens the repository.
    pub(crate) fn open(args: &'a RepairArgs, quiet: bool, verbose: bool) -> Result<Self> {
        let folder = Folder::open(&args.repo)?;
        let snapshot = folder.snapshot()?;
        let config = Config::read(&snapshot)?;
        Ok(Self { args, folder, snapshot, config, progress: Progress::new(quiet), verbose })
    }

    /// The environment in which checks run.
    pub(crate) fn interpreter(&self) -> Result<Interpreter> {
        let configured = || self.config.python.as_ref().map(|python| self.folder.root().join(python));
        let chosen: Option<PathBuf> = self.args.python.clone().or_else(configured);
        Ok(Interpreter::find(chosen.as_deref(), self.folder.root())?)
    }

    /// A repairer that proves its fixes with `checks`.
    fn prover(&self, mut checks: Vec<Check>, interpreter: Interpreter, path: Option<String>) -> (Repairer, Interrupt) {
        for check in &mut checks {
            check.environment.extend(path.iter().map(|path| ("PATH".to_owned(), path.clone())));
        }
        let seconds = self.args.check_timeout.or(self.config.check_timeout).unwrap_or(CHECK_TIMEOUT);
        let limit = Duration::from_secs(seconds);
        let root = self.folder.root().to_owned();
        let overlay = self.overlay(&interpreter);
        if let Some(overlay) = &overlay {
            checks = checks.into_iter().map(|check| overlay.beneath(check)).collect();
        }
        let tools = ProjectTools::new(root.clone(), checks.clone(), Some(interpreter.clone()), limit).path(path);
        let validator = LocalValidator::builder(Some(root), Arc::new(CheckReader))
            .checks(checks)
            .interpreter(interpreter)
            .narrow(Arc::new(checks::narrow))
            .time_limit(limit)
            .build();
        let interrupt = Interrupt::default();
        let builder = self.planner(Applicability::Unsafe).provider(tools);
        let builder = match overlay {
            Some(overlay) => builder.validator(WithDependencies::new(validator, overlay, &self.snapshot)),
            None => builder.validator(validator),
        };
        (builder.observer(self.progress.clone()).interrupt(interrupt.clone()).build(), interrupt)
    }

    /// Where dependencies that a fix adds are installed; `None` if nothing may be installed.
    fn overlay(&self, interpreter: &Interpreter) -> Option<Overlay> {
        let cache = missing_tools::cache(self, interpreter).filter(|_| !self.args.offline)?;
        Overlay::new(cache, interpreter.clone()).ok()
    }

    /// The parts of a repairer that run nothing.
    pub(crate) fn planner(&self, default: Applicability) -> RepairerBuilder {
        let allow = self.args.allow.map(Applicability::from).or(self.config.allow).unwrap_or(default);
        let mut fixers: Vec<Box<dyn FixGenerator>> = generators();
        fixers.retain(|fixer| !self.config.disable.iter().any(|id| id == fixer.meta().id));
        Repairer::builder().generators(fixers).analyzers(analyzers()).guards(guards::all()).policy(Policy { allow })
    }

    /// Repairs `failures`, or whatever `checks` find, proves it, and reports.
    pub(crate) async fn prove(&self, checks: Vec<Check>, failures: &[Failure], log: &Log) -> Result<u8> {
        let interpreter = self.interpreter()?;
        let path = unless_interrupted(missing_tools::install(self, &checks, failures, log, &interpreter)).await?;
        let (repairer, interrupt) = self.prover(checks, interpreter, path);
        let limit = Duration::from_secs(self.args.timeout.or(self.config.timeout).unwrap_or(TIMEOUT));
        let timer = tokio::spawn(async move {
            tokio::time::sleep(limit).await;
            interrupt.stop();
        });
        let outcome = unless_interrupted(repairer.repair(&self.snapshot, failures)).await;
        timer.abort();
        self.progress.done();
        match outcome? {
            Ok(outcome) => self.finish(Report::proven(outcome, failures, &self.snapshot)?),
            Err(RepairError::Validate(error)) => {
                anstream::eprintln!("ci-repair: the check could not be made: {}", clean(&error.to_string()));
                Ok(exit::NOT_CHECKED)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Prints the report, writes the changes if asked to, and gives the exit code.
    pub(crate) fn finish(&self, mut report: Report) -> Result<u8> {
        if report.conclusion == Conclusion::NotChecked {
            report.notes.iter().for_each(|note| anstream::eprintln!("ci-repair: {}", clean(note)));
        }
        let whole = matches!(report.conclusion, Conclusion::Repaired | Conclusion::Proposed);
        let write = self.args.write && !report.changes.is_empty();
        if write && (whole || self.args.partial) {
            self.folder.write(&self.snapshot, &report.changes).context("nothing was written")?;
            report.notes.push(format!("written: {}", counted(report.changes.paths().count(), "file")));
        } else if write {
            report
                .notes
                .push("nothing was written, since failures remain; `--partial` writes what is proven".to_owned());
        }
        anstream::print!("{}", report.render(self.args.format, self.verbose)?);
        Ok(report.conclusion.exit_code())
    }
}
