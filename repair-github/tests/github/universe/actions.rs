//! Runs, jobs, logs, artifacts, annotations, variables, settings.

use super::asking::{client, document, get, header, request, told};
use crate::support::contract::contract;
use crate::support::{ArtifactScript, JobScript, Log, RunScript, Universe, zip};
use reqwest::Method;
use serde_json::Value;

/// What stands in the document, which must be valid by GitHub's description.
async fn valid(universe: &Universe, rest: &str) -> Value {
    universe.forget_requests();
    let shown = document(universe, rest).await;
    contract().check_answer(&universe.requests()[0], 200, &shown).unwrap();
    shown
}

#[tokio::test]
async fn a_run_shows_its_last_attempt_and_each_one_its_own_jobs() {
    let universe = Universe::start().await;
    let script = RunScript::red("main", JobScript::failed("test (3.11)", "E\n"));
    let run =
        universe.run(script.again(vec![JobScript::failed("test (3.11)", "E\n"), JobScript::passed("lint")])).await;
    let shown = valid(&universe, &format!("actions/runs/{}", run.id)).await;
    assert_eq!((&shown["run_attempt"], &shown["head_sha"]), (&2.into(), &run.sha.clone().into()));
    assert_eq!(shown["conclusion"], "failure");
    assert_eq!(shown["head_repository"]["full_name"], universe.repository());
    assert!(run.id > u64::from(u32::MAX));
    let first = valid(&universe, &format!("actions/runs/{}/attempts/1", run.id)).await;
    assert_eq!(first["run_attempt"], 1);
    for (attempt, jobs) in [("attempts/1/", 1), ("attempts/2/", 2), ("", 2)] {
        let list = valid(&universe, &format!("actions/runs/{}/{attempt}jobs", run.id)).await;
        assert_eq!(list["total_count"], jobs, "{attempt}");
    }
    assert_eq!(valid(&universe, &format!("actions/runs/{}/jobs?filter=all", run.id)).await["total_count"], 3);
    assert_eq!(get(&universe, &format!("actions/runs/{}/attempts/3", run.id)).await.status(), 404);
    let job = valid(&universe, &format!("actions/jobs/{}", run.jobs[1][1])).await;
    assert_eq!((&job["name"], &job["conclusion"]), (&"lint".into(), &"success".into()));
}

#[tokio::test]
async fn runs_are_listed_by_what_is_asked() {
    let universe = Universe::start().await;
    let red = universe.run(RunScript::red("main", JobScript::failed("a", ""))).await;
    universe.run(RunScript::red("main", JobScript::passed("a")).ended(Some("success")).by("hubot")).await;
    universe.run(RunScript::red("main", JobScript::passed("a")).ended(None)).await;
    let queries = [("", 3), ("?status=failure", 1), ("?status=completed", 2), ("?actor=hubot", 1), ("?event=push", 3)];
    for (query, count) in queries {
        let list = valid(&universe, &format!("actions/runs{query}")).await;
        assert_eq!(list["total_count"], count, "{query}");
    }
    let of_commit = valid(&universe, &format!("actions/runs?head_sha={}&branch=main", red.sha)).await;
    assert_eq!(of_commit["total_count"], 3);
}

#[tokio::test]
async fn what_may_be_null_can_be() {
    let universe = Universe::start().await;
    let run = universe.run(RunScript::red("main", JobScript::failed("a", "")).bare()).await;
    let shown = valid(&universe, &format!("actions/runs/{}", run.id)).await;
    for field in ["name", "head_branch", "head_commit", "pull_requests"] {
        assert!(shown[field].is_null(), "{field}");
    }
}

#[tokio::test]
async fn a_run_of_a_fork_names_it_as_long_as_it_is_there() {
    let universe = Universe::start().await;
    let (fork, sha) = universe.fork_commits("mallory", "patch-1", &[("a", "b")]).await;
    let script = || RunScript::red("patch-1", JobScript::failed("a", "")).by("mallory");
    let run = universe.run(script().of_fork(&fork, &sha)).await;
    let shown = valid(&universe, &format!("actions/runs/{}", run.id)).await;
    assert_eq!((&shown["head_repository"]["full_name"], &shown["head_sha"]), (&fork.into(), &sha.clone().into()));
    assert_eq!((&shown["actor"]["login"], &shown["event"]), (&"mallory".into(), &"pull_request".into()));
    assert_eq!(shown["pull_requests"], Value::Array(Vec::new()), "GitHub names none for forks");
    let orphan = universe.run(script().of_deleted_fork(&sha)).await;
    let shown = document(&universe, &format!("actions/runs/{}", orphan.id)).await;
    assert!(shown["head_repository"].is_null(), "against the description, yet it happens");
}

#[tokio::test]
async fn a_log_lies_behind_a_signed_address_on_another_host() {
    let universe = Universe::start().await;
    let run = universe.run(RunScript::red("main", JobScript::failed("a", "\u{feff}one\ntwo\n"))).await;
    let answer = get(&universe, &format!("actions/jobs/{}/logs", run.jobs[0][0])).await;
    assert_eq!(answer.status(), 302);
    let address = header(&answer, "location").unwrap().to_owned();
    assert!(address.starts_with(universe.storage_url()) && address.contains("&sig="), "{address}");
    let log = client().get(&address).send().await.unwrap();
    assert_eq!(header(&log, "content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(log.bytes().await.unwrap(), "\u{feff}one\ntwo\n".as_bytes());
    let with_token = client().get(&address).bearer_auth(universe.token()).send().await.unwrap();
    assert_eq!(with_token.status(), 400, "the storage takes nobody's token");
    universe.expire_signatures();
    assert_eq!(client().get(&address).send().await.unwrap().status(), 403, "the address is too old");
    assert_eq!(universe.storage_requests().len(), 3);
}

#[tokio::test]
async fn a_log_can_be_compressed_expired_or_missing_and_is_for_those_who_sign_in() {
    let universe = Universe::start().await;
    let job = |log| JobScript::failed("a", "").log(log);
    let script = RunScript::red("main", job(Log::Compressed(vec![b'x'; 5000])));
    let run = universe.run(script.job(job(Log::Expired)).job(job(Log::Missing))).await;
    let path = |at: usize| format!("actions/jobs/{}/logs", run.jobs[0][at]);
    let answer = get(&universe, &path(0)).await;
    let address = header(&answer, "location").unwrap();
    let raw = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
    let packed = raw.get(address).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(header(&packed, "content-encoding"), Some("gzip"));
    assert!(packed.bytes().await.unwrap().len() < 500);
    assert_eq!(client().get(address).send().await.unwrap().bytes().await.unwrap().len(), 5000);
    assert_eq!(get(&universe, &path(1)).await.status(), 410);
    assert_eq!(get(&universe, &path(2)).await.status(), 404);
    let url = format!("{}/repos/{}/{}", universe.url(), universe.repository(), path(0));
    assert_eq!(client().get(url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn all_logs_of_an_attempt_come_as_one_archive() {
    let universe = Universe::start().await;
    let run = universe.run(RunScript::red("main", JobScript::failed("a", "one")).job(JobScript::passed("b"))).await;
    for path in ["logs", "attempts/1/logs"] {
        let answer = get(&universe, &format!("actions/runs/{}/{path}", run.id)).await;
        let archive = client().get(header(&answer, "location").unwrap()).send().await.unwrap().bytes().await.unwrap();
        let names = names_by_python(&archive);
        assert_eq!(names, "['0_a.txt', '1_b.txt'] one");
    }
}

/// What another program reads in an archive: the names, and the first file.
fn names_by_python(archive: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), archive).unwrap();
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  print(z.namelist(), z.read(z.namelist()[0]).decode(), end='')";
    let output = std::process::Command::new("python3").args(["-c", script]).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn artifacts_are_listed_and_come_by_redirection_until_they_expire() {
    let universe = Universe::start().await;
    let archive = zip(&[("junit.xml", b"<testsuite/>"), ("../outside", b"x")]);
    let script =
        RunScript::red("main", JobScript::failed("a", "")).artifact(ArtifactScript::new("junit", archive.clone()));
    let run = universe.run(script.artifact(ArtifactScript::new("old", Vec::new()).expired())).await;
    let list = valid(&universe, &format!("actions/runs/{}/artifacts", run.id)).await;
    assert_eq!(list["total_count"], 2);
    let named = valid(&universe, &format!("actions/runs/{}/artifacts?name=old", run.id)).await;
    assert_eq!(named["artifacts"][0]["expired"], true);
    let [id, old] = [0, 1].map(|at: usize| list["artifacts"][at]["id"].as_u64().unwrap());
    let one = valid(&universe, &format!("actions/artifacts/{id}")).await;
    assert_eq!(one["size_in_bytes"], archive.len());
    let answer = get(&universe, &format!("actions/artifacts/{id}/zip")).await;
    let content = client().get(header(&answer, "location").unwrap()).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(content, archive);
    assert_eq!(names_by_python(&content), "['junit.xml', '../outside'] <testsuite/>");
    assert_eq!(get(&universe, &format!("actions/artifacts/{old}/zip")).await.status(), 410);
}

#[tokio::test]
async fn a_job_has_a_check_run_with_annotations() {
    let universe = Universe::start().await;
    let job = JobScript::failed("a", "").annotated("src/a.py", 7, "failure", "undefined name");
    let run = universe.run(RunScript::red("main", job)).await;
    let id = run.jobs[0][0];
    let check = document(&universe, &format!("check-runs/{id}")).await;
    assert_eq!((&check["name"], &check["output"]["annotations_count"]), (&"a".into(), &1.into()));
    let said = valid(&universe, &format!("check-runs/{id}/annotations")).await;
    assert_eq!((&said[0]["path"], &said[0]["start_line"]), (&"src/a.py".into(), &7.into()));
}

#[tokio::test]
async fn long_lists_come_in_pages_with_links() {
    let universe = Universe::start().await;
    let mut script = RunScript::red("main", JobScript::failed("0", ""));
    for number in 1..250 {
        script = script.job(JobScript::passed(&number.to_string()));
    }
    let run = universe.run(script).await;
    let (mut next, mut names) = (Some(format!("actions/runs/{}/jobs?per_page=100", run.id)), Vec::new());
    while let Some(rest) = next {
        let answer = get(&universe, &rest).await;
        let links = header(&answer, "link").unwrap().to_owned();
        let jobs: Value = answer.json().await.unwrap();
        assert_eq!(jobs["total_count"], 250);
        names.extend(jobs["jobs"].as_array().unwrap().iter().map(|job| job["name"].as_str().unwrap().to_owned()));
        let base = format!("{}/repos/{}/", universe.url(), universe.repository());
        next = links.split(", ").find(|link| link.ends_with("rel=\"next\"")).map(|link| {
            link.trim_start_matches('<').split_once('>').unwrap().0.strip_prefix(&base).unwrap().to_owned()
        });
    }
    assert_eq!(names, (0..250).map(|number: usize| number.to_string()).collect::<Vec<_>>());
    let capped = document(&universe, &format!("actions/runs/{}/jobs?per_page=500", run.id)).await;
    assert_eq!(capped["jobs"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn variables_and_settings_are_shown_to_those_who_may_see_them() {
    let universe = Universe::start().await;
    universe.set_variable("CI_REPAIR", "off");
    assert_eq!(valid(&universe, "actions/variables/CI_REPAIR").await["value"], "off");
    assert_eq!(get(&universe, "actions/variables/OTHER").await.status(), 404);
    assert_eq!(get(&universe, "actions/permissions/workflow").await.status(), 403, "a bot may not ask");
    let url = format!("{}/repos/{}/actions/permissions/workflow", universe.url(), universe.repository());
    let owner = || client().get(&url).bearer_auth(universe.token_of("octocat")).send();
    assert_eq!(told(owner().await.unwrap()).await.1["can_approve_pull_request_reviews"], true);
    universe.forbid_pull_requests();
    assert_eq!(told(owner().await.unwrap()).await.1["can_approve_pull_request_reviews"], false);
    universe.hide_variables();
    assert_eq!(get(&universe, "actions/variables/CI_REPAIR").await.status(), 403);
    assert_eq!(valid(&universe, "rules/branches/main").await, Value::Array(Vec::new()));
}

#[tokio::test]
async fn permissions_are_told_in_githubs_words() {
    let universe = Universe::start().await;
    universe.lets_in("hubot", "push").await;
    for (login, permission, role) in
        [("octocat", "admin", "admin"), ("hubot", "write", "write"), ("mallory", "read", "read")]
    {
        let shown = document(&universe, &format!("collaborators/{login}/permission")).await;
        assert_eq!((&shown["permission"], &shown["role_name"]), (&permission.into(), &role.into()), "{login}");
    }
    assert_eq!(get(&universe, "collaborators/nobody/permission").await.status(), 404);
    let bot = request(&universe, Method::GET, "collaborators/github-actions%5Bbot%5D/permission").send().await.unwrap();
    assert_eq!(bot.status(), 404, "a bot is no user");
}
