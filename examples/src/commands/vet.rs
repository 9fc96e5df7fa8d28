//! `vet`: does a change cheat?

use crate::cli::VetArgs;
use crate::exit;
use crate::input::State;
use crate::output::findings::{self, Findings};
use anyhow::{Context, Result};
use repair_core::{ChangeSet, Ruling, vet};
use repair_fixers::guards;

/// Asks the guards about the change between two states and prints what they object to.
pub(crate) fn run(args: &VetArgs) -> Result<u8> {
    let before = State::named(&args.base)?;
    let after = match (&args.head, &args.patch) {
        (_, Some(patch)) => before.patched(patch)?,
        (Some(head), None) => State::named(head)?,
        (None, None) => State::working_tree()?,
    };
    let changes = ChangeSet::between(&before.snapshot, &after.snapshot).context("cannot compare the two states")?;
    let objections = vet(&guards::all(), &before.snapshot, &after.snapshot, &changes);
    anstream::print!("{}", findings::render(&Findings::Objections(&objections), args.format)?);
    Ok(match Ruling::of(&objections) {
        Ruling::Allow => exit::OK,
        Ruling::NeedsPerson => exit::WITHHELD,
        Ruling::Refuse => exit::FAILURES_REMAIN,
    })
}
