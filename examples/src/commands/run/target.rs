//! Which run is meant: by number, or by the event that a workflow was started with.

use crate::cli::RunArgs;
use anyhow::{Context, Result, bail, ensure};
use repair_core::forge::RepositoryName;
use repair_github::{Ended, Trigger};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// GitHub's largest event has 25 MB.
const LARGEST_EVENT: u64 = 32 << 20;

/// What is to be repaired.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The repository.
    pub(super) repository: RepositoryName,
    /// What failed there.
    pub(super) what: Ended,
}

impl Target {
    /// By the command line, which wins, or the event.
    pub(super) fn of(args: &RunArgs) -> Result<Self> {
        if let Some(id) = args.on.run_id {
            let repository = args.on.repository.clone().context("name the repository by `--repository OWNER/NAME`")?;
            return Ok(Self { repository, what: Ended::Run { id, attempt: args.attempt } });
        }
        let Some(path) = &args.on.event else {
            bail!(
                "name the run by `--repository OWNER/NAME --run-id N`, or the event that tells of it by `--event FILE`"
            );
        };
        let Trigger { repository, what, .. } = Trigger::parse(&args.on.event_name, &event(path)?)?;
        ensure!(
            args.on.repository.as_ref().is_none_or(|named| *named == repository),
            "the event is of the repository `{repository}`, and another one is named"
        );
        Ok(Self { repository, what })
    }
}

/// The payload of an event.
pub(crate) fn event(path: &Path) -> Result<Vec<u8>> {
    let mut payload = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_EVENT + 1).read_to_end(&mut payload));
    read.with_context(|| format!("cannot read the event `{}`", path.display()))?;
    ensure!(payload.len() as u64 <= LARGEST_EVENT, "the event is larger than {} MiB", LARGEST_EVENT >> 20);
    Ok(payload)
}
