//! Runs that may be repaired.

use super::{FILES, Step, assert_manners, red, ruff};
use crate::project::{Project, bundled};
use crate::support::{JobScript, RunScript, Universe};
use repair_core::bundle::Conclusion;
use repair_core::{Snapshot, Verdict};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn a_red_run_becomes_a_bundle_with_a_proven_repair() {
    let (universe, run) = red("main").await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    assert_eq!(came.outputs["exit-code"], "0");
    assert_eq!(came.outputs["bundle"], "bundle");
    let bundle = came.bundle();
    assert_eq!((bundle.conclusion, bundle.failures.len()), (Conclusion::Repaired, 1), "{bundle:?}");
    assert_eq!((bundle.source.run, bundle.source.attempt, &bundle.source.head_sha), (run.id, 1, &run.sha));
    assert_eq!((bundle.source.head_branch.as_deref(), &bundle.source.jobs), (Some("main"), &vec!["lint".to_owned()]));
    assert_eq!(bundle.fixes[0].verdict, Some(Verdict::Fixed));
    assert_eq!(bundle.answered(), [bundle.failures[0].fingerprint()]);
    assert!(!bundle.before.as_ref().unwrap().success() && bundle.after.as_ref().unwrap().success());
    assert!(bundle.excerpts[0].text.contains("F401") && bundle.excerpts[0].job == "lint", "{:?}", bundle.excerpts);
    let files = FILES.map(|(name, text)| (repair_core::RepoPath::new(name).unwrap(), text));
    let base = Snapshot::from_files(files);
    let after = bundle.changes(came.patch(), &base).unwrap().apply(&base).unwrap();
    assert!(after.text(&repair_core::RepoPath::new("shop/cart.py").unwrap()).unwrap().starts_with("import json\n"));
    assert!(came.summary.contains("Repaired and proven") && came.summary.contains("-import os"), "{}", came.summary);
    assert!(came.ran.stdout.starts_with("::warning title=ruff/F401,file=shop/cart.py,line=1"), "{came:?}");
    assert_manners(&universe);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_proven_is_in_the_bundle_though_another_fix_is_withheld() {
    let universe = Universe::start().await;
    let names = [
        "pyproject.toml",
        "scripts/export.py",
        "tally/__init__.py",
        "tally/receipts.py",
        "tally/report.py",
        "tests/test_receipts.py",
        "tests/test_report.py",
    ];
    let read = |name: &str| fs::read_to_string(bundled(&format!("broken-project/{name}"))).unwrap();
    let texts = names.map(read);
    let files: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    universe.commit("feature", &files).await;
    let log = fs::read_to_string(bundled("broken-project.log")).unwrap();
    let run = universe.run(RunScript::red("feature", JobScript::failed("test", &log))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(3, "withheld", true);
    let bundle = came.bundle();
    assert!(came.patch().contains("-import sys\n") && !bundle.fixes.is_empty(), "{came:?}");
    assert!(!bundle.remaining.is_empty() && bundle.remaining.len() < bundle.failures.len());
    assert!(bundle.excerpts.iter().map(|excerpt| excerpt.text.lines().count()).sum::<usize>() <= 200);
    assert_eq!(Step::new(&universe).of(&run, &["--exit-zero"]).ran.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_failure_of_two_jobs_is_one_and_is_checked_once() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let script = RunScript::red("main", ruff("lint (3.11)")).job(ruff("lint (3.12)")).job(JobScript::passed("docs"));
    let run = universe.run(script).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    let bundle = came.bundle();
    assert_eq!((bundle.failures.len(), bundle.fixes.len()), (1, 1), "{bundle:?}");
    assert_eq!(bundle.source.jobs, ["lint (3.11)", "lint (3.12)"]);
    assert_eq!(bundle.before.as_ref().unwrap().runs.len(), 1, "{bundle:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workflows_file_says_in_which_folder_a_command_ran() {
    let universe = Universe::start().await;
    let workflow = "on: push\ndefaults:\n  run:\n    working-directory: backend\njobs:\n  lint:\n    steps:\n      \
                    - run: ruff check --output-format concise .\n    services:\n      db: {image: postgres:16}\n";
    let files = [(".github/workflows/ci.yml", workflow), ("backend/shop/cart.py", FILES[2].1)];
    universe.commit("main", &files).await;
    let run = universe.run(RunScript::red("main", ruff("lint"))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    assert_eq!(came.bundle().files[0].path.as_str(), "backend/shop/cart.py");
    assert!(came.bundle().notes.iter().any(|note| note.contains("`db` (postgres:16)")), "{:?}", came.bundle().notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_is_used_if_it_has_the_runs_files() {
    let (universe, run) = red("main").await;
    let project = Project::of(&FILES);
    let before = project.state();
    let root = project.root();
    let came = Step::new(&universe).of(&run, &["--repo", root.to_str().unwrap()]);
    came.ends(0, "repaired", true);
    assert!(before == project.state(), "the checkout has changed");
    project.write("more.py", b"x = 1\n");
    project.commit();
    let came = Step::new(&universe).of(&run, &["--repo", root.to_str().unwrap()]);
    let ran = came.ran.ends_with(2);
    ran.says(&["check out", &run.sha, "leave `--repo` away"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_does_not_configure_us() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    universe.commit("feature", &[("ci-repair.toml", "checks = ['true']\n")]).await;
    universe.person_opens("octocat", "feature", "main").await;
    let run = universe.run(RunScript::red("feature", ruff("lint"))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    universe.commit("main", &[("ci-repair.toml", "checks = ['true']\n")]).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(4, "not_reproducible", true);
    assert_eq!(came.patch(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_actions_the_report_is_printed() {
    let (universe, run) = red("main").await;
    let came = Step::new(&universe).with("GITHUB_ACTIONS", "").of(&run, &[]);
    assert!(came.ran.stdout.contains("repaired and proven") && came.ran.stdout.contains("-import os"), "{came:?}");
    assert!(!came.ran.stdout.contains("::warning"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_has_its_own_jobs() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let script = RunScript::red("main", JobScript::failed("old", "the machine was lost\n")).again(vec![ruff("lint")]);
    let run = universe.run(script).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    assert_eq!((came.bundle().source.attempt, &came.bundle().source.jobs), (2, &vec!["lint".to_owned()]));
    let first = Step::new(&universe).of(&run, &["--attempt", "1"]);
    first.ends(1, "diagnosed", false);
    assert_eq!((first.bundle().source.attempt, &first.bundle().source.jobs), (1, &vec!["old".to_owned()]));
}
