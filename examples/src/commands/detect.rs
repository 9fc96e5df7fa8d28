//! `detect`: what failed in a log.

use crate::cli::DetectArgs;
use crate::output::findings::{self, Findings};
use crate::{exit, input};
use anyhow::Result;
use repair_fixers::logs::{self, Conclusion};

/// Reads the logs and prints what failed.
pub(crate) fn run(args: &DetectArgs) -> Result<u8> {
    let diagnosis = logs::diagnose(&input::logs(&args.logs)?);
    anstream::print!("{}", findings::render(&Findings::Failures(&diagnosis), args.format)?);
    Ok(match diagnosis.conclusion {
        Conclusion::Failed => exit::FAILURES_REMAIN,
        Conclusion::Passed => exit::OK,
        _ => exit::USAGE,
    })
}
