//! What `fix` and `exec` do with what came of a repair.

use super::repairing::{Proof, Repairing};
use crate::cli::RepairArgs;
use crate::exit;
use crate::output::repair::Report;
use crate::output::{clean, counted};
use anyhow::{Context, Result};
use repair_core::bundle::Conclusion;
use repair_core::{Check, Failure, Log};

/// Repairs, proves, reports, and writes the changes if asked to; the exit code.
pub(crate) async fn prove(
    repairing: &Repairing<'_>,
    (args, verbose): (&RepairArgs, bool),
    checks: Vec<Check>,
    failures: &[Failure],
    log: &Log,
) -> Result<u8> {
    match repairing.prove(checks, failures, log).await? {
        Proof::Made(outcome) => {
            finish(repairing, (args, verbose), Report::proven(*outcome, failures, &repairing.snapshot)?)
        }
        Proof::NotMade(why) => {
            anstream::eprintln!("ci-repair: the check could not be made: {}", clean(&why));
            Ok(exit::NOT_CHECKED)
        }
    }
}

/// Prints the report, writes the changes if asked to, and gives the exit code.
pub(crate) fn finish(
    repairing: &Repairing<'_>,
    (args, verbose): (&RepairArgs, bool),
    mut report: Report,
) -> Result<u8> {
    if report.conclusion == Conclusion::NotChecked {
        report.notes.iter().for_each(|note| anstream::eprintln!("ci-repair: {}", clean(note)));
    }
    let whole = matches!(report.conclusion, Conclusion::Repaired | Conclusion::Proposed);
    let write = args.write && !report.changes.is_empty();
    if write && (whole || args.partial) {
        repairing.folder.write(&repairing.snapshot, &report.changes).context("nothing was written")?;
        report.notes.push(format!("written: {}", counted(report.changes.paths().count(), "file")));
    } else if write {
        report.notes.push("nothing was written, since failures remain; `--partial` writes what is proven".to_owned());
    }
    anstream::print!("{}", report.render(args.format, verbose)?);
    Ok(exit::of(report.conclusion))
}
