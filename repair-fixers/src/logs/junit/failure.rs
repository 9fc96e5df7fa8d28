//! From a case to a failure.

use super::id::{self, Known, Runner};
use super::{Case, Problem};
use crate::logs::exception::{self, Exception};
use crate::logs::pytest::{self, Details};
use crate::logs::read;
use crate::logs::roots::Roots;
use repair_core::{Failure, Output, Phase};

/// Every failure of a case: the test may fail and then not be torn down.
pub(super) fn all(case: &Case, roots: &Roots, known: &Known<'_>) -> Vec<Failure> {
    let runner = Runner::of(case);
    let (id, collecting) = id::of(case, runner, known);
    case.problems.iter().map(|problem| failure(case, problem, (&id, collecting), runner, roots)).collect()
}

/// The lines of a failure's text. pytest writes an escape as text, since XML cannot hold it.
pub(super) fn lines(problem: &Problem) -> Output {
    read::plain(&problem.text.replace("#x1B[", "\u{1b}["))
}

fn failure(case: &Case, problem: &Problem, (id, collecting): (&str, bool), runner: Runner, roots: &Roots) -> Failure {
    let output = lines(problem);
    let mut details = pytest::details(&output, 0..output.len(), roots);
    complete(&mut details, problem);
    let code = details.code.unwrap_or_default();
    let message = details.message.unwrap_or_default();
    let file = id.split("::").next().filter(|file| file.ends_with(".py")).and_then(|file| roots.relative(file));
    let (path, line) = details.place.unzip();
    let line = line.or_else(|| case.line.filter(|_| path.is_none() && file.is_some()).map(|line| line + 1));
    let place = path.as_ref().map(|path| path.as_str()).unwrap_or_default();
    let category = match collecting {
        true => exception::category(&code, &message),
        false => exception::test_category(&code, &message, &[id, place]),
    };
    let mut failure = Failure::new(category, runner.tool());
    if collecting {
        failure.phase = Phase::Import;
    }
    exception::write(&mut failure, &Exception { class: code, message });
    failure.code = failure.code.filter(|code| !code.is_empty());
    failure.test_id = Some(id.to_owned());
    exception::place(&mut failure, path.or(file), line);
    failure
}

/// Adds what only the attributes say.
fn complete(details: &mut Details, problem: &Problem) {
    let said = problem.message.as_deref().map(without_stage).unwrap_or_default();
    let first = said.lines().next().unwrap_or_default().trim();
    let exception = Exception::recognize(first);
    if details.code.is_none() {
        let class = exception.as_ref().map(|exception| exception.class.as_str()).or(problem.kind.as_deref());
        let class = class.filter(|class| !class.starts_with("pytest.") && !class.contains(' '));
        details.code = class.and_then(|class| class.rsplit('.').next()).map(str::to_owned);
    }
    if details.message.is_none() && !is_empty_word(first) {
        details.message = Some(exception.map_or_else(|| first.to_owned(), |exception| exception.message));
        details.message = details.message.take().filter(|message| !message.is_empty());
    }
    let asserts = details.message.as_deref().is_some_and(|message| message.starts_with("assert "));
    if details.code.is_none() && asserts {
        details.code = Some("AssertionError".to_owned());
    }
}

/// `failed on setup with "…"` without what surrounds it.
fn without_stage(message: &str) -> &str {
    let stages = ["failed on setup with \"", "failed on teardown with \""];
    let inner = stages.iter().find_map(|stage| message.strip_prefix(stage));
    inner.map_or(message, |inner| inner.strip_suffix('"').unwrap_or(inner))
}

/// What pytest says where it has nothing to say.
fn is_empty_word(message: &str) -> bool {
    matches!(message, "" | "collection failure" | "test setup failure" | "test teardown failure" | "test failure")
}
