//! The report for programs.

use super::Report;
use crate::output::json::failure;
use repair_core::{Failure, Fix, ValidationResult, Verdict};
use serde_json::{Value, json};

/// The report in its documented form.
pub(super) fn value(report: &Report) -> Value {
    json!({
        "conclusion": report.conclusion.name(),
        "exit_code": crate::exit::of(report.conclusion),
        "failures": failures(&report.failures),
        "fixes": report.fixes.iter().map(|(found, verdict)| fix(found, *verdict)).collect::<Vec<_>>(),
        "withheld": report.withheld.iter().map(|found| fix(found, None)).collect::<Vec<_>>(),
        "refused": report.refused.iter().map(|refusal| {
            let mut value = fix(&refusal.fix, None);
            value["why"] = json!(refusal.reason.to_string());
            value
        }).collect::<Vec<_>>(),
        "skipped": report.skipped,
        "proof": {
            "before": report.before.as_ref().map(runs),
            "after": report.after.as_ref().map(runs),
        },
        "remaining": failures(&report.remaining),
        "not_reproduced": failures(&report.not_reproduced),
        "foreign": failures(&report.foreign),
        "notes": report.notes,
        "diff": report.diff,
    })
}

fn failures(failures: &[Failure]) -> Vec<Value> {
    failures.iter().map(failure).collect()
}

fn fix(fix: &Fix, verdict: Option<Verdict>) -> Value {
    json!({
        "generator": fix.provenance().generator,
        "title": fix.title(),
        "reason": fix.reason(),
        "applicability": fix.applicability(),
        "confidence": fix.confidence(),
        "fingerprints": fix.provenance().fingerprints,
        "files": fix.changes().paths().collect::<Vec<_>>(),
        "lines": fix.size(),
        "verdict": verdict,
    })
}

fn runs(result: &ValidationResult) -> Value {
    let run = |run: &repair_core::CheckRun| {
        json!({
            "check": run.name,
            "command": run.command,
            "exit": run.exit.to_string(),
            "failures": failures(&run.failures),
            "counts": run.counts,
            "seconds": run.duration.as_secs_f64(),
        })
    };
    json!({ "environment": result.environment, "checks": result.runs.iter().map(run).collect::<Vec<_>>() })
}
