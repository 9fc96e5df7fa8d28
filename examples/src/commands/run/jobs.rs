//! The logs of a run's failed jobs.

use super::annotations;
use crate::github::Connection;
use crate::progress::Progress;
use anyhow::{Context, Result};
use repair_core::forge::{Annotation, Forge, ForgeErrorKind, Job, Run};
use repair_fixers::logs::{Part, Reader};
use std::io::{BufReader, Seek};

/// Logs that are longer than this are on disk while they are read.
const IN_MEMORY: usize = 4 << 20;
/// The most failed jobs whose logs are read.
const MOST_JOBS: usize = 100;

/// What the failed jobs say.
#[derive(Default)]
pub(super) struct Told {
    /// The names of the jobs that failed.
    pub(super) names: Vec<String>,
    /// Their logs.
    pub(super) reader: Reader,
    /// What is said of lines of the source, by jobs whose logs cannot be had.
    pub(super) annotations: Vec<Annotation>,
    /// What is to be said of them.
    pub(super) notes: Vec<String>,
}

/// Reads the logs of the jobs that failed in the run's attempt, one after another.
pub(super) async fn read(connection: &Connection, run: &Run, progress: &Progress) -> Result<Told> {
    let jobs = connection.github.jobs(run).await.map_err(|error| connection.told(error))?;
    let failed: Vec<Job> =
        jobs.into_iter().filter(|job| job.conclusion.is_some_and(|conclusion| conclusion.is_failure())).collect();
    let mut told = Told { names: failed.iter().map(|job| job.name.clone()).collect(), ..Told::default() };
    told.notes.extend(failed.iter().filter_map(elsewhere));
    if failed.len() > MOST_JOBS {
        told.notes.push(format!("{} jobs failed; the logs of the first {MOST_JOBS} are read", failed.len()));
    }
    for job in failed.iter().take(MOST_JOBS) {
        progress.step(format!("reading the log of `{}`", crate::output::clean(&job.name)));
        one(connection, run, job, &mut told).await?;
    }
    Ok(told)
}

/// What to say of a job that asked for another system than the checks have.
fn elsewhere(job: &Job) -> Option<String> {
    let is_other = |label: &&String| {
        let label = label.to_ascii_lowercase();
        let system = ["windows", "macos"].into_iter().find(|system| label.starts_with(system));
        system.is_some_and(|system| system != std::env::consts::OS)
    };
    let label = job.labels.iter().find(is_other)?;
    Some(format!("the job `{}` ran on `{label}`, and the checks here do not", job.name))
}

async fn one(connection: &Connection, run: &Run, job: &Job, told: &mut Told) -> Result<()> {
    let mut log = tempfile::spooled_tempfile(IN_MEMORY);
    let name = &job.name;
    match connection.github.log(&run.repository, job.id, &mut log).await {
        Ok(_) => {
            log.rewind().context("cannot read what was downloaded")?;
            told.reader.read(&Part::job(name), BufReader::with_capacity(1 << 16, log))?;
            return Ok(());
        }
        Err(error) if matches!(error.kind(), ForgeErrorKind::Gone | ForgeErrorKind::NotFound) => {
            told.notes.push(format!("the log of the job `{name}` is gone; its annotations are read instead"));
        }
        Err(error) if error.kind() == ForgeErrorKind::TooLarge => {
            told.notes.push(format!("the log of the job `{name}` is too long; its annotations are read instead"));
        }
        Err(error) => return Err(connection.told(error)),
    }
    let said = connection.github.annotations(&run.repository, job).await.map_err(|error| connection.told(error))?;
    told.reader.read(&Part::job(name), annotations::as_log(&said).as_bytes())?;
    told.annotations.extend(said);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_system_is_told() {
        let mut job = Job::new(1, "test (3.12)");
        job.labels = vec!["self-hosted".to_owned(), "Windows-2022".to_owned()];
        let told = elsewhere(&job).unwrap();
        assert_eq!(told, "the job `test (3.12)` ran on `Windows-2022`, and the checks here do not");
        job.labels = vec!["ubuntu-latest".to_owned()];
        assert_eq!(elsewhere(&job), None);
    }
}
