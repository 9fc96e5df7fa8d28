//! What `fix`, `exec` and `run` share: a repository, an environment, and the repair.

use super::interruption::unless_interrupted;
use super::missing_tools;
use crate::cli::HowArgs;
use crate::config::Config;
use crate::progress::Progress;
use anyhow::Result;
use repair_core::{
    Applicability, Check, Failure, FixGenerator, Folder, Interpreter, Interrupt, LocalValidator, Log, Outcome, Policy,
    RepairError, Repairer, RepairerBuilder, Snapshot,
};
use repair_fixers::logs::CheckReader;
use repair_fixers::tools::{Overlay, ProjectTools, WithDependencies};
use repair_fixers::{analyzers, checks, generators, guards};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A repository that is to be repaired, and how.
pub(crate) struct Repairing<'a> {
    /// The command line.
    pub(crate) how: &'a HowArgs,
    /// The repository's folder.
    pub(crate) folder: Folder,
    /// The repository as it is.
    pub(crate) snapshot: Snapshot,
    /// The repository's configuration.
    pub(crate) config: Config,
    /// What people see.
    pub(crate) progress: Progress,
}

/// What came of an attempt to prove a repair.
pub(crate) enum Proof {
    /// The checks ran.
    Made(Box<Outcome>),
    /// They could not be made. Why.
    NotMade(String),
}

pub(super) const CHECK_TIMEOUT: u64 = 900;
pub(super) const TIMEOUT: u64 = 3600;

impl<'a> Repairing<'a> {
    /// Opens the repository in a folder.
    pub(crate) fn open(repo: &Path, how: &'a HowArgs, quiet: bool) -> Result<Self> {
        let folder = Folder::open(repo)?;
        let snapshot = folder.snapshot()?;
        let config = Config::read(&snapshot)?;
        Ok(Self { how, folder, snapshot, config, progress: Progress::new(quiet) })
    }

    /// The commands that are given, by the command line or the configuration, instead of those of a log.
    pub(crate) fn given(&self, checks: &[String]) -> Option<Vec<Check>> {
        let given = if checks.is_empty() { &self.config.checks } else { checks };
        let check = |command: &String| Check { name: command.clone(), command: command.clone(), ..Check::default() };
        (!given.is_empty()).then(|| given.iter().map(check).collect())
    }

    /// The environment in which checks run.
    pub(crate) fn interpreter(&self) -> Result<Interpreter> {
        let configured = || self.config.python.as_ref().map(|python| self.folder.root().join(python));
        let chosen: Option<PathBuf> = self.how.python.clone().or_else(configured);
        Ok(Interpreter::find(chosen.as_deref(), self.folder.root())?)
    }

    /// A repairer that proves its fixes with `checks`.
    fn prover(&self, mut checks: Vec<Check>, interpreter: Interpreter, path: Option<String>) -> (Repairer, Interrupt) {
        for check in &mut checks {
            check.environment.extend(path.iter().map(|path| ("PATH".to_owned(), path.clone())));
        }
        let seconds = self.how.check_timeout.or(self.config.check_timeout).unwrap_or(CHECK_TIMEOUT);
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
        let cache = missing_tools::cache(self, interpreter).filter(|_| !self.how.offline)?;
        Overlay::new(cache, interpreter.clone()).ok()
    }

    /// The parts of a repairer that run nothing.
    pub(crate) fn planner(&self, default: Applicability) -> RepairerBuilder {
        let allow = self.how.allow.map(Applicability::from).or(self.config.allow).unwrap_or(default);
        let mut fixers: Vec<Box<dyn FixGenerator>> = generators();
        fixers.retain(|fixer| !self.config.disable.iter().any(|id| id == fixer.meta().id));
        Repairer::builder().generators(fixers).analyzers(analyzers()).guards(guards::all()).policy(Policy { allow })
    }

    /// Repairs `failures`, or whatever `checks` find, and proves it.
    pub(crate) async fn prove(&self, checks: Vec<Check>, failures: &[Failure], log: &Log) -> Result<Proof> {
        let interpreter = self.interpreter()?;
        let path = unless_interrupted(missing_tools::install(self, &checks, failures, log, &interpreter)).await?;
        let (repairer, interrupt) = self.prover(checks, interpreter, path);
        let limit = Duration::from_secs(self.how.timeout.or(self.config.timeout).unwrap_or(TIMEOUT));
        let timer = tokio::spawn(async move {
            tokio::time::sleep(limit).await;
            interrupt.stop();
        });
        let outcome = unless_interrupted(repairer.repair(&self.snapshot, failures)).await;
        timer.abort();
        self.progress.done();
        match outcome? {
            Ok(outcome) => Ok(Proof::Made(Box::new(outcome))),
            Err(RepairError::Validate(error)) => Ok(Proof::NotMade(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}
