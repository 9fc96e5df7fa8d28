//! Runs, jobs, annotations, artifacts, and the pull request of a run.

use super::{assert_manners, github, name, read};
use crate::support::{ArtifactScript, JobScript, RunScript, Universe, zip};
use repair_core::forge::{Conclusion, Forge, ForgeErrorKind};

#[tokio::test]
async fn a_run_is_read_with_the_jobs_of_its_matrix() {
    let universe = Universe::start().await;
    let script = RunScript::red("main", JobScript::failed("test (3.11, ubuntu-latest)", "E\n"));
    let run = universe.run(script.job(JobScript::passed("test (3.12, ubuntu-latest)")).by("hubot")).await;
    let shown = read(&universe, &run).await;
    assert_eq!((shown.id, &shown.head_sha, shown.attempt), (run.id, &run.sha, 1));
    assert_eq!((shown.conclusion, shown.event.as_str()), (Some(Conclusion::Failure), "push"));
    assert_eq!((shown.head_branch.as_deref(), shown.actor.as_deref()), (Some("main"), Some("hubot")));
    assert_eq!(shown.workflow_path.as_deref(), Some(".github/workflows/ci.yml"));
    assert!(!shown.is_from_fork());
    let jobs = github(&universe).jobs(&shown).await.unwrap();
    let names: Vec<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, ["test (3.11, ubuntu-latest)", "test (3.12, ubuntu-latest)"]);
    assert_eq!([jobs[0].conclusion, jobs[1].conclusion], [Some(Conclusion::Failure), Some(Conclusion::Success)]);
    assert_eq!((jobs[0].id, jobs[0].check_run), (run.jobs[0][0], Some(run.jobs[0][0])));
    assert_eq!((jobs[0].steps[1].name.as_str(), jobs[0].steps[1].number), ("Run tests", 2));
    assert_manners(&universe);
}

#[tokio::test]
async fn each_attempt_has_its_own_jobs() {
    let universe = Universe::start().await;
    let script = RunScript::red("main", JobScript::failed("a", "")).again(vec![JobScript::failed("b", "")]);
    let run = universe.run(script).await;
    let github = github(&universe);
    for (attempt, number, job) in [(Some(1), 1, "a"), (Some(2), 2, "b"), (None, 2, "b")] {
        let shown = github.run(&name(&universe), run.id, attempt).await.unwrap();
        assert_eq!((shown.attempt, github.jobs(&shown).await.unwrap()[0].name.as_str()), (number, job));
    }
    let missing = github.run(&name(&universe), run.id, Some(3)).await.unwrap_err();
    assert_eq!(missing.kind(), ForgeErrorKind::NotFound);
    assert_manners(&universe);
}

#[tokio::test]
async fn a_run_of_which_little_is_known_is_read_all_the_same() {
    let universe = Universe::start().await;
    let sha = "0123456789012345678901234567890123456789";
    let script = || RunScript::red("main", JobScript::failed("a", "")).ended(None);
    let run = universe.run(script().of_deleted_fork(sha).bare()).await;
    let shown = read(&universe, &run).await;
    assert_eq!((shown.workflow.as_ref(), shown.head_branch.as_ref(), shown.conclusion), (None, None, None));
    assert!(shown.is_from_fork() && shown.head_sha == sha);
    assert_eq!(github(&universe).pull_request_of(&shown).await.unwrap(), None);
}

#[tokio::test]
async fn more_jobs_than_a_page_has_are_all_read_in_order() {
    let universe = Universe::start().await;
    let mut script = RunScript::red("main", JobScript::failed("0", ""));
    for number in 1..230 {
        script = script.job(JobScript::passed(&number.to_string()));
    }
    let shown = read(&universe, &universe.run(script).await).await;
    universe.forget_requests();
    let jobs = github(&universe).jobs(&shown).await.unwrap();
    assert!(jobs.iter().enumerate().all(|(at, job)| job.name == at.to_string()));
    assert_eq!((jobs.len(), universe.requests().len()), (230, 3));
    assert_manners(&universe);
}

#[tokio::test]
async fn annotations_and_artifacts_are_read() {
    let universe = Universe::start().await;
    let archive = zip(&[("junit.xml", b"<testsuite/>")]);
    let job = JobScript::failed("a", "").annotated("src/a.py", 7, "failure", "undefined name");
    let script = RunScript::red("main", job).artifact(ArtifactScript::new("junit", archive.clone()));
    let run = universe.run(script.artifact(ArtifactScript::new("old", Vec::new()).expired())).await;
    let (github, shown) = (github(&universe), read(&universe, &run).await);
    let job = github.jobs(&shown).await.unwrap().remove(0);
    let said = github.annotations(&name(&universe), &job).await.unwrap();
    assert_eq!((said[0].path.as_str(), said[0].line, said[0].level.as_str()), ("src/a.py", 7, "failure"));
    let artifacts = github.artifacts(&shown).await.unwrap();
    assert_eq!((artifacts[0].size, artifacts[0].expired, artifacts[1].expired), (archive.len() as u64, false, true));
    let mut content = Vec::new();
    assert_eq!(github.artifact(&artifacts[0], &mut content).await.unwrap(), archive.len() as u64);
    assert_eq!(content, archive);
    let gone = github.artifact(&artifacts[1], &mut Vec::new()).await.unwrap_err();
    assert_eq!(gone.kind(), ForgeErrorKind::Gone);
    assert_manners(&universe);
}

#[tokio::test]
async fn the_pull_request_of_a_run_is_found_in_the_repository_and_from_a_fork() {
    let universe = Universe::start().await;
    let here = universe.commit("patch-1", &[("a", "here")]).await;
    let ours = universe.person_opens("octocat", "patch-1", "main").await;
    let (fork, sha) = universe.fork_commits("mallory", "patch-1", &[("a", "there")]).await;
    let theirs = universe.person_opens("mallory", "mallory:patch-1", "main").await;
    let red = || RunScript::red("patch-1", JobScript::failed("a", ""));
    let runs = [(universe.run(red()).await, ours, here), (universe.run(red().of_fork(&fork, &sha)).await, theirs, sha)];
    for (run, number, sha) in runs {
        let shown = read(&universe, &run).await;
        let found = github(&universe).pull_request_of(&shown).await.unwrap().unwrap();
        assert_eq!((found.number, found.head_sha, found.base_branch.as_str()), (number, sha, "main"));
        assert_eq!(shown.is_from_fork(), number == theirs);
    }
    let stale = universe.run(red()).await;
    universe.commit("patch-1", &[("a", "newer")]).await;
    let shown = read(&universe, &stale).await;
    assert_eq!(github(&universe).pull_request_of(&shown).await.unwrap(), None, "its head is another one now");
    assert_manners(&universe);
}
