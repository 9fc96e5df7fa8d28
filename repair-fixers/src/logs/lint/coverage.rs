//! Coverage below its threshold: coverage, pytest-cov, diff-cover.

use super::Reader;
use super::found::{Found, failure};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "Coverage failure: total of ",
        "Required test coverage of ",
        "Failure. Coverage is below ",
        "Failure. Quality is below ",
    ],
    read,
};

fn read(section: &Section<'_>, found: &mut Found) {
    let allowed = ["coverage", "pytest", "diff-cover"].iter().any(|tool| section.ran.allows(tool));
    if !allowed {
        return;
    }
    for (index, line) in section.lines() {
        let failure = pytest_cov(line).or_else(|| diff_cover(line));
        if let Some(failure) = failure {
            found.at(section, index, failure);
        }
    }
    // pytest-cov says the same in coverage's words first, so those count only where they stand alone.
    if !found.has("pytest-cov") {
        for (index, line) in section.lines() {
            if let Some(failure) = coverage(section, line) {
                found.at(section, index, failure);
            }
        }
    }
}

/// `FAIL Required test coverage of 90% not reached. Total coverage: 88.10%`
fn pytest_cov(line: &str) -> Option<Failure> {
    let start = line.find("Required test coverage of ")?;
    let intro = line[..start].trim_end();
    let message = &line[start..];
    let ours = intro.is_empty() || intro.ends_with("FAIL") || intro.ends_with("FAIL:") || intro.ends_with("ERROR:");
    (ours && message.contains(" not reached")).then(|| failure(Category::Coverage, "pytest-cov", message))
}

/// `Coverage failure: total of 97 is less than fail-under=100`
fn coverage(section: &Section<'_>, line: &str) -> Option<Failure> {
    let message = line.strip_prefix("ERROR: ").unwrap_or(line);
    message.starts_with("Coverage failure: total of ").then_some(())?;
    let plugin = line.starts_with("ERROR: ") || section.ran.names("pytest") && !section.ran.names("coverage");
    Some(failure(Category::Coverage, if plugin { "pytest-cov" } else { "coverage" }, message))
}

/// `Failure. Coverage is below 90%.`
fn diff_cover(line: &str) -> Option<Failure> {
    let known = line.starts_with("Failure. Coverage is below ") || line.starts_with("Failure. Quality is below ");
    known.then(|| failure(Category::Coverage, "diff-cover", line))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn pytest_cov_says_it_twice_and_counts_once() {
        let log = "tests/test_a.py .\nERROR: Coverage failure: total of 67 is less than fail-under=90\n   [100%]\nTOTAL   6   2   67%\nFAIL Required test coverage of 90% not reached. Total coverage: 66.67%\n=== 1 passed in 0.07s ===";
        let expected = ["coverage pytest-cov Required test coverage of 90% not reached. Total coverage: 66.67%"];
        check(Some("pytest --cov=pay --cov-fail-under=90"), log, &expected);
        check(None, log, &expected);
    }

    #[test]
    fn coverage_alone() {
        let log = "TOTAL   9   2    78%\nCoverage failure: total of 78 is less than fail-under=99";
        check(
            Some("coverage report"),
            log,
            &["coverage coverage Coverage failure: total of 78 is less than fail-under=99"],
        );
    }

    #[test]
    fn diff_cover_and_success() {
        check(
            Some("diff-cover coverage.xml"),
            "Coverage: 25%\n\nFailure. Coverage is below 90%.",
            &["coverage diff-cover Failure. Coverage is below 90%."],
        );
        passes(Some("pytest"), "Required test coverage of 10% reached. Total coverage: 66.67%");
        passes(Some("pytest"), "E   AssertionError: FAILED Required test coverage of 10 not reached");
    }
}
