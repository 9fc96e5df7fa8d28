//! What reports say together, of files of the repository.

use super::{Coverage, Report};
use crate::logs::paths::{linted_path, slashed};
use crate::logs::roots::Roots;
use repair_core::{Log, RepoPath, Step, StepOutcome};

/// The deepest path of which the ends are tried.
const DEEPEST: usize = 32;

/// See [`super::join`].
pub(super) fn join(reports: &[Report], log: &Log, is_file: &dyn Fn(&RepoPath) -> bool) -> Coverage {
    let roots = roots(log);
    let mut coverage = Coverage { name: name(reports), ..Coverage::default() };
    for report in reports {
        coverage.left_out += report.left_out;
        for (path, lines) in &report.files {
            match resolved(path, &report.sources, &roots, is_file) {
                Some(path) => coverage.files.entry(path).or_default().join(lines.clone()),
                None => coverage.left_out += 1,
            }
        }
    }
    coverage
}

/// What they are called together.
fn name(reports: &[Report]) -> String {
    match reports {
        [] => String::new(),
        [one] => one.name.clone(),
        [first, rest @ ..] if rest.iter().all(|report| report.name == first.name) => {
            format!("{} of {} jobs or folders", first.name, reports.len())
        }
        [first, rest @ ..] => format!("{} and {} more", first.name, rest.len()),
    }
}

/// Where the repository lies, as the tests' runner or the step that failed says.
fn roots(log: &Log) -> Roots {
    let says = |step: &&Step| step.output.iter().any(|line| line.starts_with("rootdir: "));
    let failed = |step: &&Step| matches!(step.outcome, StepOutcome::Failed(_));
    let step = log.steps.iter().find(says).or_else(|| log.steps.iter().find(failed));
    step.map(Roots::of).unwrap_or_default()
}

/// The repository's file that a report means: one that there is, or else the likeliest.
fn resolved(path: &str, sources: &[String], roots: &Roots, is_file: &dyn Fn(&RepoPath) -> bool) -> Option<RepoPath> {
    let candidates = candidates(path, sources);
    let near = || candidates.iter().filter_map(|path| roots.relative(path));
    near()
        .find(|path| is_file(path))
        .or_else(|| candidates.iter().find_map(|path| end(path, is_file)))
        .or_else(|| near().next())
        .or_else(|| candidates.iter().find_map(|path| linted_path(path)))
}

/// The path below each of the folders that it may start from, and the path itself.
fn candidates(path: &str, sources: &[String]) -> Vec<String> {
    let path = slashed(path);
    let mut all = Vec::new();
    if !path.starts_with('/') && !path.contains(':') {
        let folders = sources.iter().map(|source| slashed(source.trim())).filter(|source| !source.is_empty());
        all.extend(folders.map(|folder| format!("{}/{path}", folder.trim_end_matches('/'))));
    }
    all.push(path);
    all
}

/// The longest end of a path that the repository has as a file.
fn end(path: &str, is_file: &dyn Fn(&RepoPath) -> bool) -> Option<RepoPath> {
    let ends = std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, rest)| rest));
    ends.take(DEEPEST).filter_map(|end| RepoPath::new(end).ok()).find(|path| is_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, sources: &[&str], files: &[&str], expected: Option<&str>) {
        let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
        let is_file = |path: &RepoPath| files.contains(&path.as_str());
        let found = resolved(path, &sources, &Roots::default(), &is_file);
        assert_eq!(found.as_ref().map(RepoPath::as_str), expected, "{path} {sources:?} {files:?}");
    }

    #[test]
    fn a_file_is_found_below_the_folder_that_has_it() {
        let sources = ["/home/runner/work/a/a/src/shop", "/home/runner/work/a/a/tests"];
        let files = ["src/shop/cart.py", "tests/test_cart.py"];
        check("cart.py", &sources, &files, Some("src/shop/cart.py"));
        check("test_cart.py", &sources, &files, Some("tests/test_cart.py"));
        check("cart.py", &sources, &[], Some("src/shop/cart.py"));
        check("src\\shop\\cart.py", &[r"D:\a\a\a"], &files, Some("src/shop/cart.py"));
    }

    #[test]
    fn a_folder_that_nobody_knows_is_no_obstacle() {
        let files = ["src/shop/cart.py"];
        check("cart.py", &["/srv/ci/build-7/src/shop"], &files, Some("src/shop/cart.py"));
        check("/srv/ci/build-7/src/shop/cart.py", &[], &files, Some("src/shop/cart.py"));
        check("shop/cart.py", &[""], &[], Some("shop/cart.py"));
        check("/srv/ci/src/shop/cart.py", &[], &[], Some("srv/ci/src/shop/cart.py"));
    }

    #[test]
    fn what_lies_elsewhere_is_not_of_the_repository() {
        check("/usr/lib/python3/dist-packages/six.py", &[], &["src/shop/cart.py"], None);
        check("<string>", &[], &[], None);
        check("../../../etc/passwd\0", &[], &[], None);
    }
}
