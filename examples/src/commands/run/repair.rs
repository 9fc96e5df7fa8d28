//! The repair of a run that may be repaired.

use super::Working;
use super::ending::{Came, Ending};
use super::evidence::{self, Found};
use super::source::{SourceFiles, configuration};
use crate::commands::interruption::unless_interrupted;
use crate::commands::repairing::{Proof, Repairing};
use crate::github::Connection;
use crate::progress::Progress;
use anyhow::Result;
use repair_core::forge::{Inspected, Run};
use repair_core::publish::Publishing;
use repair_core::{Check, Fingerprint, Log};
use repair_fixers::checks::from_log;
use std::collections::BTreeSet;

/// Reads what failed, repairs and proves it.
pub(super) async fn of(
    working: &Working<'_>,
    connection: &Connection,
    inspected: &Inspected,
    progress: &Progress,
) -> Result<Ending> {
    let prepared = async {
        let mut gathered = evidence::gather(connection, &inspected.run, progress).await?;
        progress.step("fetching the files");
        let source = SourceFiles::of(connection, inspected, working.checkout()).await?;
        if let Some(workflow) = &inspected.run.workflow_path {
            gathered.complete(workflow, &source.snapshot);
        }
        let config = configuration(connection, inspected, &source.snapshot).await?;
        let declined = declined(connection, &inspected.run).await;
        anyhow::Ok((gathered.diagnosed(Some(&source.snapshot), &declined), source, config))
    };
    let (found, source, config) = unless_interrupted(prepared).await??;
    let SourceFiles { snapshot, folder, .. } = &source;
    if found.diagnosis.failures.is_empty() {
        return Ok(Ending::diagnosed(found, "nothing was executed".to_owned()));
    }
    let how = &working.args.how;
    let folder = repair_core::Folder::open(folder.root())?;
    let repairing = Repairing { how, folder, snapshot: snapshot.clone(), config, progress: progress.clone() };
    let checks = repairing
        .given(&working.args.check)
        .unwrap_or_else(|| distinct(from_log(&found.log, &found.diagnosis, snapshot)));
    let came = prove(&repairing, checks, &found).await?;
    Ok(Ending::came(found, came, snapshot.clone()))
}

/// The failures of which people have said that they want no repair. Where that may not be asked, `publish` asks again.
async fn declined(connection: &Connection, run: &Run) -> BTreeSet<Fingerprint> {
    let base = run.head_branch.as_deref().unwrap_or_default();
    Publishing::declined(&connection.github, &run.repository, base).await.unwrap_or_default()
}

async fn prove(repairing: &Repairing<'_>, checks: Vec<Check>, found: &Found) -> Result<Came> {
    if checks.is_empty() {
        let why = "no command of the failed jobs can be run here; name one that shows the failure by `--check`";
        return Ok(Came::NotChecked(vec![why.to_owned()]));
    }
    let interpreter = match repairing.interpreter() {
        Ok(interpreter) => interpreter,
        Err(error) => return Ok(Came::NotChecked(vec![format!("{error:#}")])),
    };
    let mut notes: Vec<String> = other_python(interpreter.version(), &found.log).into_iter().collect();
    Ok(match repairing.prove(checks, &found.diagnosis.failures, &found.log).await? {
        Proof::Made(outcome) => Came::Proven(outcome, notes),
        Proof::NotMade(why) => {
            notes.push(format!("the check could not be made: {why}"));
            Came::NotChecked(notes)
        }
    })
}

/// The checks without those that jobs of a matrix share.
fn distinct(checks: Vec<Check>) -> Vec<Check> {
    let mut seen = BTreeSet::new();
    let key = |check: &Check| {
        (check.command.clone(), check.working_directory.clone(), check.environment.clone(), check.entire)
    };
    checks.into_iter().filter(|check| seen.insert(key(check))).collect()
}

/// What to say if the jobs ran with other versions of Python than the one that is here.
fn other_python(here: Option<&str>, log: &Log) -> Option<String> {
    let minor = |version: &str| version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let here = minor(here?);
    let there: BTreeSet<String> = log.steps.iter().filter_map(|step| step.python.as_deref()).map(minor).collect();
    if there.is_empty() || there.contains(&here) {
        return None;
    }
    let there = there.into_iter().collect::<Vec<_>>().join(", ");
    Some(format!("the jobs ran with Python {there}, and the checks here with {here}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Step;

    #[test]
    fn the_same_check_of_two_jobs_is_made_once() {
        let check = |name: &str, command: &str| Check {
            name: name.to_owned(),
            command: command.to_owned(),
            ..Check::default()
        };
        let all = vec![check("pytest", "pytest"), check("pytest (2)", "pytest"), check("ruff", "ruff check .")];
        let names: Vec<String> = distinct(all).into_iter().map(|check| check.name).collect();
        assert_eq!(names, ["pytest", "ruff"]);
    }

    #[test]
    fn another_python_is_told() {
        let mut step = Step::default();
        step.python = Some("3.9.18".to_owned());
        let mut log = Log::default();
        log.steps.push(step);
        let told = other_python(Some("3.12.1"), &log).unwrap();
        assert_eq!(told, "the jobs ran with Python 3.9, and the checks here with 3.12");
        assert_eq!(other_python(Some("3.9.2"), &log), None);
        assert_eq!(other_python(None, &log), None);
        assert_eq!(other_python(Some("3.12"), &Log::default()), None);
    }
}
