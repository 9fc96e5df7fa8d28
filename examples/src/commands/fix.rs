//! `fix`: log + repository → proven diff.

use super::repairing::Repairing;
use super::reporting;
use crate::cli::FixArgs;
use crate::input;
use crate::output::repair::Report;
use anyhow::{Result, bail, ensure};
use repair_core::{Applicability, Check, Failure, Log, RepoPath};
use repair_fixers::checks::{configured, equivalent, from_log, unparsable};
use repair_fixers::logs::{Conclusion, diagnose, junit};
use repair_fixers::shell::Script;
use std::collections::BTreeSet;

/// What is to be repaired, and what proves it.
struct Job {
    failures: Vec<Failure>,
    checks: Vec<Check>,
    log: Log,
}

/// Repairs the repository and prints what came of it.
pub(crate) async fn run(args: &FixArgs, quiet: bool, verbose: bool) -> Result<u8> {
    let repairing = Repairing::open(&args.repair.repo, &args.repair.how, quiet)?;
    let mut job = match args.log.is_some() || !args.junit.is_empty() {
        true => from(args, &repairing)?,
        false => without_log(&repairing, args)?,
    };
    if let Some(given) = repairing.given(&args.check) {
        job.checks = given;
    }
    let how = (&args.repair, verbose);
    if args.no_validate {
        return reporting::finish(&repairing, how, unproven(&repairing, &job).await?);
    }
    if job.checks.is_empty() && job.failures.is_empty() {
        let nothing = Report::unproven(Default::default(), Vec::new(), &[], &repairing.snapshot)?;
        return reporting::finish(&repairing, how, nothing);
    }
    reporting::prove(&repairing, how, job.checks, &job.failures, &job.log).await
}

fn from(args: &FixArgs, repairing: &Repairing<'_>) -> Result<Job> {
    let log = args.log.as_ref().map(|log| input::log_of(log, repairing.folder.root())).transpose()?.unwrap_or_default();
    let mut diagnosis = diagnose(&log);
    let reports = input::reports(&args.junit)?;
    if !reports.is_empty() {
        let here: BTreeSet<&RepoPath> = repairing.snapshot.paths().collect();
        diagnosis = junit::join(&log, diagnosis, &reports, &|path| here.contains(path));
    }
    match diagnosis.conclusion {
        Conclusion::Failed => {}
        Conclusion::Passed if args.log.is_none() => bail!("no test failed; give the JUnit XML of a failed run"),
        Conclusion::Passed => bail!("the log is of a run that passed; give the log of a failed job"),
        _ if args.log.is_none() => bail!("no test ran; give the JUnit XML of a failed run"),
        _ => bail!("{}no failure was found in the log; `ci-repair detect` shows what is read", notes(&diagnosis.notes)),
    }
    let places: Vec<_> = diagnosis.failures.iter().filter_map(|failure| failure.path.as_ref()).collect();
    let known =
        |path: &&RepoPath| repairing.snapshot.paths().any(|here| here == *path || here.ends_with(path.as_str()));
    ensure!(
        places.is_empty() || places.iter().any(known),
        "none of the files that the log names is in `{}`; is it the log of another repository, or of another revision?",
        repairing.folder.root().display()
    );
    let checks = match args.log {
        Some(_) => from_log(&log, &diagnosis, &repairing.snapshot),
        None => equivalent(&diagnosis.failures),
    };
    Ok(Job { checks, failures: diagnosis.failures, log })
}

fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| format!("{note}; ")).collect()
}

/// Files that do not parse, and the checks that the project configures and that can run here.
fn without_log(repairing: &Repairing<'_>, args: &FixArgs) -> Result<Job> {
    let broken = unparsable(&repairing.snapshot);
    if args.no_validate {
        return Ok(Job { failures: broken, checks: Vec::new(), log: Log::default() });
    }
    let interpreter = repairing.interpreter()?;
    let installed = |check: &Check| {
        let script = Script::parse(&check.command);
        script.invocations().all(|call| interpreter.folder().join(call.tool).is_file())
    };
    let mut checks = equivalent(&broken);
    checks.extend(configured(&repairing.snapshot).into_iter().filter(installed));
    Ok(Job { failures: Vec::new(), checks, log: Log::default() })
}

async fn unproven(repairing: &Repairing<'_>, job: &Job) -> Result<Report> {
    let (plan, refused) = repairing.planner(Applicability::Safe).build().plan(&repairing.snapshot, &job.failures).await;
    repairing.progress.done();
    Report::unproven(plan, refused, &job.failures, &repairing.snapshot)
}
