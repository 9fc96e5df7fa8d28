//! `exec`: run a command; if it fails, repair and run it again.

use super::repairing::Repairing;
use super::reporting;
use crate::cli::ExecArgs;
use anyhow::Result;
use repair_core::{Check, Log};
use repair_fixers::shell::quoted;

/// Repairs until the command passes or nothing is left to try.
pub(crate) async fn run(args: &ExecArgs, quiet: bool, verbose: bool) -> Result<u8> {
    let repairing = Repairing::open(&args.repair.repo, &args.repair.how, quiet)?;
    let command = match args.words.as_slice() {
        // One word with spaces is shell text, several are a program and its arguments.
        [text] => text.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let check = Check { name: command.clone(), command, ..Check::default() };
    reporting::prove(&repairing, (&args.repair, verbose), vec![check], &[], &Log::default()).await
}
