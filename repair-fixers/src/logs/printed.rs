//! Failures that a failing test only printed.

use repair_core::Failure;

/// The lines of one failing test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    first: u64,
    last: u64,
    tool: String,
}

/// Removes what one tool seems to report in the middle of what another one shows of a failing test: the test printed it.
pub(super) fn remove(failures: &mut Vec<Failure>) {
    let parts = parts(failures);
    failures.retain(|failure| {
        let Some((first, last)) = failure.log_lines else { return true };
        let before = parts.partition_point(|part| part.first < first);
        let around = before.checked_sub(1).and_then(|index| parts.get(index));
        around.is_none_or(|part| part.last < last || part.tool == failure.tool)
    });
}

/// What tests show of their failures, in order; of parts that contain each other the outer one.
fn parts(failures: &[Failure]) -> Vec<Part> {
    let tests = failures.iter().filter(|failure| failure.test_id.is_some());
    let lines = tests.filter_map(|failure| Some((failure.log_lines?, failure.tool.clone())));
    let mut parts: Vec<Part> = lines.map(|((first, last), tool)| Part { first, last, tool }).collect();
    parts.sort();
    let mut end = 0;
    parts.retain(|part| {
        let outer = part.last > part.first && part.last > end;
        end = if outer { part.last } else { end };
        outer
    });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;

    fn failure(tool: &str, test: bool, lines: (u64, u64)) -> Failure {
        let mut failure = Failure::new(Category::Test, tool);
        failure.test_id = test.then(|| format!("{lines:?}"));
        failure.log_lines = Some(lines);
        failure
    }

    #[test]
    fn what_stands_inside_of_another_tools_test_goes() {
        let mut failures = vec![
            failure("unittest", true, (3, 8)),
            failure("pytest", true, (1, 20)),
            failure("ruff", false, (12, 12)),
            failure("pytest", true, (21, 30)),
            failure("pytest", true, (22, 22)),
            failure("ruff", false, (31, 31)),
        ];
        remove(&mut failures);
        let left: Vec<_> = failures.iter().filter_map(|failure| failure.log_lines).collect();
        assert_eq!(left, [(1, 20), (21, 30), (22, 22), (31, 31)]);
    }

    #[test]
    fn failures_of_one_line_contain_nothing() {
        let mut failures = vec![failure("pytest", true, (5, 5)), failure("ruff", false, (5, 5))];
        remove(&mut failures);
        assert_eq!(failures.len(), 2);
    }
}
