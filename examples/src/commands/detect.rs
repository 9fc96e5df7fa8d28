//! `detect`: what failed in a log.

use crate::cli::{DetectArgs, FindingsFormat};
use crate::output::findings::{self, Detection, Findings};
use crate::{exit, input};
use anyhow::{Result, ensure};
use repair_core::{Compared, Log, compare};
use repair_fixers::logs::{self, Conclusion, Diagnosis};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Reads the logs and prints what failed.
pub(crate) fn run(args: &DetectArgs, quiet: bool) -> Result<u8> {
    let log = input::logs(&args.logs)?;
    let mut diagnosis = diagnosis_of(&log, &args.junit)?;
    let compared = match &args.baseline {
        Some(baseline) => Some(compared_with(baseline, args, &mut diagnosis)?),
        None => None,
    };
    let detection = Detection { log, diagnosis, compared, name: name(args) };
    anstream::print!("{}", findings::render(&Findings::Failures(&detection), args.format)?);
    if args.format == FindingsFormat::Human && !quiet {
        advise(args, &detection);
    }
    Ok(exit_code(&detection))
}

fn compared_with(baseline: &Path, args: &DetectArgs, diagnosis: &mut Diagnosis) -> Result<Vec<Compared>> {
    let stdin = |path: &Path| path == Path::new("-");
    ensure!(
        !stdin(baseline) || !args.logs.iter().any(|log| stdin(log)),
        "only one of the log and the baseline can be standard input"
    );
    let before = match baseline.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("xml") => {
            diagnosis_of(&Log::default(), &[baseline.to_owned()])?
        }
        _ => logs::diagnose(&input::logs(&[baseline.to_owned()])?),
    };
    if before.conclusion == Conclusion::Unknown {
        let name = baseline.display();
        diagnosis.notes.push(format!("the baseline `{name}` does not say how its job ended, so all may look new"));
    }
    Ok(compare(&before.failures, &diagnosis.failures))
}

/// What the log and the JUnit files say together.
fn diagnosis_of(log: &Log, junit: &[PathBuf]) -> Result<Diagnosis> {
    let reports = input::reports(junit)?;
    let diagnosis = logs::diagnose(log);
    // No repository is known here that could say which files there are.
    Ok(if reports.is_empty() { diagnosis } else { logs::junit::join(log, diagnosis, &reports, &|_| false) })
}

/// What the log is called in places and advice.
fn name(args: &DetectArgs) -> String {
    match args.logs.as_slice() {
        [log] if log != Path::new("-") => log.display().to_string(),
        [_] => "standard-input".to_owned(),
        _ => "logs".to_owned(),
    }
}

fn exit_code(detection: &Detection) -> u8 {
    match (&detection.compared, detection.diagnosis.conclusion) {
        (_, Conclusion::Passed) => exit::OK,
        (Some(compared), Conclusion::Failed) if !compared.iter().any(|compared| compared.state.is_news()) => exit::OK,
        (_, Conclusion::Failed) => exit::FAILURES_REMAIN,
        _ => exit::USAGE,
    }
}

/// What to do next, for somebody who looks at a terminal.
fn advise(args: &DetectArgs, detection: &Detection) {
    let [log] = args.logs.as_slice() else { return };
    if detection.diagnosis.conclusion == Conclusion::Failed && log != Path::new("-") && std::io::stderr().is_terminal()
    {
        let log = crate::output::clean(&log.display().to_string());
        anstream::eprintln!("next: `ci-repair fix --log {log}`, in a checkout of the repository, repairs what it can");
    }
}
