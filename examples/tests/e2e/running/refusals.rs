//! What cannot be done, and what is said of it.

use super::{Step, red};
use crate::support::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_does_not_exist_is_told() {
    let (universe, _) = red("main").await;
    let came = Step::new(&universe).run(&["--run-id", "4"]);
    came.ran.ends_with(2).says(&["cannot read the run 4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_told_and_not_shown() {
    let (universe, run) = red("main").await;
    let came = Step::new(&universe).with("GITHUB_TOKEN", "ghs_wrong0123456789").of(&run, &[]);
    came.ran.ends_with(2).says(&["token"]);
    let came = Step::new(&universe).with("GITHUB_TOKEN", "ghs_two\nlines").of(&run, &[]);
    came.ran.ends_with(2).says(&["line break"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_it_is_said_that_logs_need_one() {
    let (universe, run) = red("main").await;
    let came = Step::new(&universe).with("GITHUB_TOKEN", "").of(&run, &[]);
    came.ran.ends_with(2).says(&["set `GITHUB_TOKEN`"]);
    assert!(came.outputs.is_empty() && came.bundle.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_read_logs_is_told() {
    let (universe, run) = red("main").await;
    universe.fault("GET /repos/*/*/actions/jobs/*/logs", Fault::Status(403));
    let came = Step::new(&universe).of(&run, &[]);
    came.ran.ends_with(2).says(&["cannot read the job's log"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn artifacts_that_cannot_be_read_stop_nothing() {
    let (universe, run) = red("main").await;
    universe.fault("GET /repos/*/*/actions/runs/*/artifacts", Fault::Status(403));
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    assert!(came.bundle().notes.iter().any(|note| note.starts_with("no artifact is read")), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_on_the_command_line_is_named() {
    let (universe, _) = red("main").await;
    let step = Step::new(&universe);
    step.run(&[]).ran.ends_with(2).says(&["--run-id N", "--event FILE"]);
    step.run(&["--repository", "a/../b", "--run-id", "1"]).ran.ends_with(2).says(&["owner/name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_is_told_and_leaves_no_bundle() {
    let (universe, run) = red("main").await;
    let calls =
        ["actions/runs/*", "actions/runs/*/attempts/*/jobs", "collaborators/*/permission", "branches/*", "pulls"];
    for call in calls.iter().chain(&["tarball/*"]) {
        for fault in [Fault::Status(401), Fault::Status(403), Fault::Status(422), Fault::Garbage] {
            universe.fault(&format!("GET /repos/*/*/{call}"), fault);
            let came = Step::new(&universe).of(&run, &[]);
            assert_eq!(came.ran.code, Some(2), "{call} {fault:?}: {came:?}");
            assert!(came.ran.stderr.contains("ci-repair: cannot "), "{call} {fault:?}: {came:?}");
            assert!(came.bundle.is_none() && came.outputs.is_empty(), "{call} {fault:?}: {came:?}");
            universe.heal();
        }
    }
    Step::new(&universe).of(&run, &[]).ends(0, "repaired", true);
}
