//! Workflow files that are not valid.

use super::{error_message, failure};
use crate::logs::roots::Roots;
use repair_core::{Failure, Step};

/// What one of the lines has that are understood.
pub(super) const SIGNS: [&str; 2] = [" (Line: ", "Invalid workflow file: "];

/// `The workflow is not valid. .github/workflows/x.yml (Line: 3, Col: 5): Unexpected value 'x'`.
pub(super) fn invalid(step: &Step, index: usize, line: &str) -> Option<Failure> {
    placed(step, index, line).or_else(|| yaml(step, index, line))
}

fn placed(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let at = line.find(".github/workflows/").or_else(|| line.find("action.y"))?;
    let start = line[..at].rfind([' ', '\'', '`', ']']).map_or(0, |space| space + 1);
    let (path, rest) = line[start..].split_once(" (Line: ")?;
    let (number, rest) = rest.split_once(", Col: ")?;
    let (column, message) = rest.split_once("): ")?;
    let mut failure = failure(step, index, "github-actions", None, message);
    failure.path = Roots::default().relative(path);
    failure.line = number.trim().parse().ok();
    failure.column = column.trim().parse().ok();
    Some(failure)
}

/// `Invalid workflow file: .github/workflows/x.yml#L10`, with the reason behind it or in the next line.
fn yaml(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let text = error_message(line).unwrap_or(line);
    let place = text.strip_prefix("Invalid workflow file: ")?;
    let (path, rest) = place.split_once("#L").unwrap_or((place, ""));
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let next = if index + 1 < step.output.len() { step.output.line(index + 1).trim() } else { "" };
    if next.contains(" (Line: ") {
        return None;
    }
    let reason = if next.is_empty() { text } else { next };
    let mut failure = failure(step, index, "github-actions", None, reason);
    failure.path = Roots::default().relative(path.trim());
    failure.line = rest[..end].parse().ok();
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::super::Runner;
    use super::super::tests::step;
    use repair_core::StepOutcome;

    fn place(text: &str) -> (String, Option<u32>, Option<u32>, String) {
        let found = crate::logs::dispatch::ask(Runner, &step(text, StepOutcome::Unknown)).failures;
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let path = found[0].path.as_ref().unwrap().to_string();
        (path, found[0].line, found[0].column, found[0].message.clone().unwrap())
    }

    #[test]
    fn a_workflow_that_is_not_valid_has_a_place() {
        let ci = || ".github/workflows/ci.yml".to_owned();
        assert_eq!(
            place("The workflow is not valid. .github/workflows/ci.yml (Line: 3, Col: 5): Unexpected value 'x'"),
            (ci(), Some(3), Some(5), "Unexpected value 'x'".to_owned())
        );
        assert_eq!(
            place(
                "##[error]The template is not valid. .github/workflows/ci.yml (Line: 12, Col: 9): Unexpected value ''"
            ),
            (ci(), Some(12), Some(9), "Unexpected value ''".to_owned())
        );
        assert_eq!(
            place(
                "Invalid workflow file: .github/workflows/ci.yml#L10\nYou have an error in your yaml syntax on line 10"
            ),
            (ci(), Some(10), None, "You have an error in your yaml syntax on line 10".to_owned())
        );
    }
}
