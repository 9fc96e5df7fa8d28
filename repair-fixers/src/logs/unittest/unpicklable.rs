//! Django's parallel runner without tblib: a failure that cannot be sent from one process to another ends the run.

use super::failure::identity;
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use crate::logs::traceback::{self, Frame};
use repair_core::{Category, Failure, Output, RepoPath};

/// How many lines above the sentence the test's name is looked for.
const ABOVE: usize = 30;

/// What a process says of a failure before it gives up, and the traceback that another process shows.
pub(super) fn all(output: &Output, tool: &str, roots: &Roots) -> Vec<Failure> {
    let mut failures: Vec<Failure> = (0..output.len()).filter_map(|index| told(output, index, tool)).collect();
    if failures.is_empty() {
        return failures;
    }
    for index in (0..output.len()).filter(|index| output.line(*index).contains("RemoteTraceback:")) {
        let Some((exception, place)) = original(output, index + 2, roots) else { continue };
        let code = exception.code();
        let same = |failure: &&mut Failure| failure.code.as_deref() == Some(code) && said(failure) == exception.message;
        if let Some(failure) = failures.iter_mut().find(same) {
            let (path, line) = place.unzip();
            exception::place(failure, path, line);
            continue;
        }
        let mut failure = Failure::new(exception::test_category(code, &exception.message, &[]), tool);
        exception::write(&mut failure, &exception);
        let (path, line) = place.unzip();
        exception::place(&mut failure, path, line);
        failure.log_lines = Some((output.number(index), output.number(index + 2)));
        failures.push(failure);
    }
    failures
}

fn said(failure: &Failure) -> &str {
    failure.message.as_deref().unwrap_or_default()
}

/// `test_a (shop.tests.TestA) failed:` and the exception below it, above `Unfortunately, … cannot be pickled, …`.
fn told(output: &Output, index: usize, tool: &str) -> Option<Failure> {
    let line = output.line(index);
    if !line.starts_with("Unfortunately, ") || !line.contains(" cannot be pickled") {
        return None;
    }
    let mut above = (index.saturating_sub(ABOVE)..index).rev();
    let start = above.find(|index| output.line(*index).ends_with(" failed:"))?;
    let below = || (start + 1..index).map(|index| output.line(index).trim()).filter(|line| !line.is_empty());
    let head = output.line(start).strip_suffix(" failed:")?;
    let name = below().find_map(|line| line.strip_prefix("test: ")).unwrap_or(head);
    let (id, _) = identity(name);
    let mut failure = Failure::new(Category::Test, tool);
    if let Some(exception) = below().find_map(represented) {
        failure.category = exception::test_category(exception.code(), &exception.message, &[&id]);
        exception::write(&mut failure, &exception);
    }
    failure.test_id = Some(id);
    failure.log_lines = Some((output.number(start), output.number(index)));
    Some(failure)
}

/// The exception of `AssertionError('404 != 200')`.
fn represented(text: &str) -> Option<Exception> {
    let (class, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')').unwrap_or(rest).trim_end_matches(',');
    let message = inner.strip_prefix(['\'', '"']).map_or(inner, |inner| inner.trim_end_matches(['\'', '"']));
    let exception = Exception::read(class)?;
    Some(Exception { message: message.lines().next().unwrap_or_default().to_owned(), ..exception })
}

/// The exception of the test, which the one of the pickler follows, and its place.
fn original(output: &Output, start: usize, roots: &Roots) -> Option<(Exception, Option<(RepoPath, u32)>)> {
    let indented = |index: &usize| output.line(*index).starts_with(' ');
    let frames = || (start + 1..output.len()).take_while(indented);
    let found: Vec<Frame> = frames().filter_map(|index| traceback::frame(output.line(index))).collect();
    if found.iter().any(|frame| frame.path.ends_with("multiprocessing/pool.py")) {
        return None;
    }
    let exception = Exception::read(output.line(frames().last()? + 1))?;
    let inside = |frame: &Frame| Some((roots.relative(&frame.path)?, frame.line));
    Some((exception, found.iter().rev().find_map(inside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMOTE: &str = "multiprocessing.pool.RemoteTraceback: \n\"\"\"\nTraceback (most recent call last):\n  File \
                          \"/usr/lib/python3.9/unittest/case.py\", line 59, in run\n    yield\n  File \
                          \"shop/tests.py\", line 7, in test_a\n    self.fail('bad')\nAssertionError: bad\n\nDuring handling of \
                          the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \
                          \"/usr/lib/python3.9/multiprocessing/pool.py\", line 125, in worker\n    result = (True, func())\n\
                          TypeError: cannot pickle 'traceback' object\n\"\"\"\n";
    const TOLD: &str = "test_a (shop.tests.TestA) failed:\n\n    AssertionError('bad')\n\nUnfortunately, tracebacks cannot be \
                        pickled, making it impossible for the\nparallel test runner to handle this exception cleanly.\n";

    fn found(text: &str) -> Vec<Failure> {
        all(&Output::from_iter(text.lines()), "django", &Roots::default())
    }

    #[test]
    fn the_test_is_told_by_one_process_and_its_place_by_the_other() {
        let found = found(&format!("{REMOTE}\n{TOLD}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].test_id.as_deref(), Some("shop.tests.TestA.test_a"));
        assert_eq!((found[0].code.as_deref(), found[0].message.as_deref()), (Some("AssertionError"), Some("bad")));
        assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("shop/tests.py", Some(7)));
    }

    #[test]
    fn a_traceback_of_another_test_is_a_failure_of_its_own() {
        let found = found(&format!("{}\n{TOLD}", REMOTE.replace("AssertionError: bad", "shop.Refused: it")));
        let codes: Vec<_> = found.iter().map(|failure| failure.code.as_deref().unwrap()).collect();
        assert_eq!(codes, ["AssertionError", "Refused"]);
        assert_eq!((found[0].line, found[1].line), (None, Some(7)));
    }

    #[test]
    fn a_subtest_is_told_by_its_test() {
        let text = "Subtest failed:\n\n    test: test_a (shop.tests.TestA)\n subtest: (n=2)\n\nUnfortunately, the subtest that \
                    failed cannot be pickled, so the parallel\n";
        let found = found(text);
        assert_eq!(found[0].test_id.as_deref(), Some("shop.tests.TestA.test_a"));
        assert!(super::tests::found(REMOTE).is_empty(), "no test is named");
    }
}
