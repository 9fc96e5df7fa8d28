//! Findings for programs. The forms are described by `examples/schemas`.

use super::findings::{Detection, Findings};
use anyhow::Result;
use repair_core::{Compared, Failure, Objection, Ruling, State};
use repair_fixers::logs::FailedStep;
use serde_json::{Value, json};

/// A document as text that ends with a line end.
///
/// A runner that shows the text obeys what looks like a command of its own anywhere in a line, such as `##[add-mask]`;
/// in JSON such a mark can be written in another way that means the same.
pub(crate) fn text(document: &Value) -> Result<String> {
    let text = serde_json::to_string_pretty(document)?;
    Ok(format!("{}\n", text.replace("##", "#\\u0023")))
}

/// The findings in their documented form.
pub(super) fn findings(findings: &Findings<'_>) -> Value {
    match findings {
        Findings::Failures(detection) => detected(detection),
        Findings::Objections(objections) => json!({
            "verdict": Ruling::of(objections),
            "objections": objections.iter().map(objection).collect::<Vec<_>>(),
        }),
    }
}

fn detected(detection: &Detection) -> Value {
    let present = detection.present();
    json!({
        "conclusion": detection.conclusion(),
        "failures": present.iter().map(|(failure, compared)| compared_failure(failure, *compared)).collect::<Vec<_>>(),
        "gone": detection.gone().map(|gone| with_state(failure(gone), Some(State::Gone), None)).collect::<Vec<_>>(),
        "comparison": detection.compared.as_ref().map(|_| counts(detection)),
        "failed_steps": detection.diagnosis.failed_steps.iter().map(step).collect::<Vec<_>>(),
        "counts": detection.diagnosis.counts,
        "notes": detection.diagnosis.notes,
    })
}

fn counts(detection: &Detection) -> Value {
    State::ALL.into_iter().map(|state| (state.name().to_owned(), json!(detection.count(state)))).collect()
}

fn compared_failure(found: &Failure, compared: Option<&Compared>) -> Value {
    let before = compared.and_then(|compared| compared.before.as_ref());
    with_state(failure(found), compared.map(|compared| compared.state), before)
}

fn with_state(mut value: Value, state: Option<State>, before: Option<&Failure>) -> Value {
    value["state"] = json!(state);
    value["before"] = json!(before.map(failure));
    value
}

/// A failure in the documented form; what the log does not say is `null`.
pub(crate) fn failure(failure: &Failure) -> Value {
    json!({
        "category": failure.category,
        "tool": failure.tool,
        "code": failure.code,
        "path": failure.path,
        "line": failure.line,
        "column": failure.column,
        "test_id": failure.test_id,
        "message": failure.message,
        "fingerprint": failure.fingerprint().to_string(),
        "log_lines": failure.log_lines,
        "external": failure.external,
    })
}

fn step(step: &FailedStep) -> Value {
    json!({
        "job": step.job,
        "name": step.name,
        "command": step.command,
        "shell": step.shell,
        "working_directory": step.working_directory,
        "environment": step.environment,
        "python": step.python,
        "runner": step.runner,
        "exit_code": step.exit_code,
        "said": step.said,
        "log_lines": step.log_lines,
        "failures": step.failures,
    })
}

fn objection(objection: &Objection) -> Value {
    json!({
        "rule": objection.rule,
        "gravity": objection.gravity,
        "path": objection.path,
        "line": objection.line,
        "reason": objection.reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_json_can_be_a_command_of_a_runner_and_the_document_stays_the_same() {
        let document = json!({ "message": "##[add-mask]x ###[group] ##vso[task] \\##[x" });
        let text = text(&document).unwrap();
        assert!(!text.contains("##"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    }
}
