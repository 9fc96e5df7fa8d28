//! Who may have what done.

use super::{FILES, Step, assert_manners, red, ruff};
use crate::harness::python;
use crate::support::{JobScript, RunScript, StartedRun, Universe};
use repair_core::bundle::Conclusion;
use std::os::unix::fs::PermissionsExt;

/// Runs with an interpreter that leaves a mark whenever it is started; whether it was.
fn marked(universe: &Universe, run: &StartedRun) -> (super::Came, bool) {
    let step = Step::new(universe);
    let mark = step.file("mark", "");
    let script = format!("#!/bin/sh\necho ran >> '{}'\nexec '{}' \"$@\"\n", mark.display(), python());
    let interpreter = step.file("python", script);
    std::fs::set_permissions(&interpreter, PermissionsExt::from_mode(0o755)).unwrap();
    let args = ["run", "--python", interpreter.to_str().unwrap(), "--offline", "--output", "bundle", "--run-id"];
    let came = step.runs(&[&args[..], &[&run.id.to_string()]].concat());
    let ran = !std::fs::read_to_string(mark).unwrap().is_empty();
    (came, ran)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_a_fork_is_diagnosed_and_nothing_is_executed() {
    let (universe, ours) = red("main").await;
    let (fork, sha) = universe.fork_commits("mallory", "patch-1", &FILES).await;
    let theirs = universe.run(RunScript::red("patch-1", ruff("lint")).of_fork(&fork, &sha)).await;
    let (came, executed) = marked(&universe, &theirs);
    came.ends(1, "diagnosed", true);
    assert!(!executed, "the interpreter was started");
    let bundle = came.bundle();
    assert_eq!((bundle.conclusion, bundle.failures.len(), came.patch()), (Conclusion::Diagnosed, 1, ""));
    assert!(bundle.before.is_none() && bundle.fixes.is_empty(), "{bundle:?}");
    assert!(bundle.notes.iter().any(|note| note.contains("nothing executed: the run is of a fork")), "{bundle:?}");
    assert!(universe.requests().iter().all(|call| !call.path.contains("/tarball/")), "no file was fetched");
    assert_manners(&universe);
    let (came, executed) = marked(&universe, &ours);
    assert!(executed, "the mark would have been seen: {came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_a_stranger_is_diagnosed() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let run = universe.run(RunScript::red("main", ruff("lint")).by("mallory")).await;
    let (came, executed) = marked(&universe, &run);
    came.ends(1, "diagnosed", true);
    assert!(!executed && came.summary.contains("F401"), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_branches_are_left_alone() {
    let (universe, run) = red("ci-repair/0123abcd").await;
    Step::new(&universe).of(&run, &[]).is_left("left_alone", "a branch of ours");
    assert!(universe.requests().iter().all(|call| !call.path.contains("/jobs")), "no log was read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_branch_has_moved_is_left_alone() {
    let (universe, run) = red("main").await;
    universe.commit("main", &[("more.txt", "x")]).await;
    Step::new(&universe).of(&run, &[]).is_left("left_alone", "has moved since");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_green_run_and_one_under_way_have_nothing_to_repair() {
    let universe = Universe::start().await;
    for conclusion in [Some("success"), Some("cancelled"), None] {
        let run = universe.run(RunScript::red("main", JobScript::passed("test")).ended(conclusion)).await;
        Step::new(&universe).of(&run, &[]).is_left("nothing_to_do", "the run has not failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_stops_everything_wherever_it_is() {
    let (universe, run) = red("main").await;
    universe.forget_requests();
    Step::new(&universe).with("CI_REPAIR", "off").of(&run, &[]).is_left("left_alone", "switched off");
    assert_eq!(universe.requests().len(), 0, "nothing was asked");
    universe.set_variable("CI_REPAIR", "off");
    Step::new(&universe).of(&run, &[]).is_left("left_alone", "switched off");
}

/// Looks for what only `ci-repair` may know, in its own environment and that of every process; tells it backwards, so that
/// no redaction hides it.
const SPY: &str = "import glob, os


def test_spy():
    seen, found = 0, [name for name in os.environ if 'TOKEN' in name]
    for name in glob.glob('/proc/[0-9]*/environ'):
        try:
            text = open(name, 'rb').read()
        except OSError:
            continue
        seen += 1
        found += [value[::-1] for value in text.split(b'\\0') if value.startswith(b'GITHUB_TOKEN=')]
    assert False, f'{seen > 0} {found}'
";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_executed_sees_no_token() {
    let universe = Universe::start().await;
    universe.commit("main", &[("test_spy.py", SPY)]).await;
    let summary = "=========================== short test summary info ============================\n\
                   FAILED test_spy.py::test_spy - AssertionError: True []\n=== 1 failed in 0.10s ===";
    let log = crate::job_log::step("python -m pytest", summary, 1);
    let run = universe.run(RunScript::red("main", JobScript::failed("test", &log))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(1, "failures_remain", true);
    let tail = &came.bundle().before.as_ref().unwrap().runs[0].tail;
    assert!(tail.contains("AssertionError: True []"), "{tail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_label_on_a_pull_request_stops_its_repair() {
    let universe = Universe::start().await;
    universe.commit("feature", &FILES).await;
    let number = universe.person_opens("octocat", "feature", "main").await;
    let labels = serde_json::json!({ "labels": ["ci-repair:off"] });
    universe.owner_does("POST", &format!("issues/{number}/labels"), &labels).await;
    let run = universe.run(RunScript::red("feature", ruff("lint"))).await;
    Step::new(&universe).of(&run, &[]).is_left("left_alone", "switched off");
}
