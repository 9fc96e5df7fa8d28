//! Both halves.

use super::{Halves, did_nothing, pull_requests};
use crate::running::{FILES, Step, red, ruff};
use crate::support::contract::contract;
use crate::support::{RunScript, Universe};
use serde_json::json;
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_becomes_a_pull_request() {
    let (universe, run) = red("main").await;
    let halves = Halves::first(&universe, &run);
    halves.first.ends(0, "repaired", true);
    universe.forget_requests();
    let came = halves.publish(&[]);
    assert_eq!(came.ran.code, Some(0), "{came:?}");
    let pulls = pull_requests(&universe).await;
    assert_eq!((pulls.len(), pulls[0]["draft"].as_bool()), (1, Some(false)));
    assert_eq!(pulls[0]["user"]["login"], "github-actions[bot]");
    let output = |name: &str| came.outputs.get(name).map(String::as_str);
    assert_eq!((output("outcome"), output("pull-request"), output("issue")), (Some("opened"), Some("1"), Some("")));
    let page = format!("/{}/pull/1", universe.repository());
    assert!(output("url").unwrap().ends_with(&page) && came.ran.stdout.trim().ends_with(&page), "{came:?}");
    assert!(came.ran.stderr.contains("checks do not start"), "{came:?}");
    assert!(pulls[0]["body"].as_str().unwrap().contains("ruff check --output-format concise ."));
    let head = pulls[0]["head"]["ref"].as_str().unwrap();
    let file = universe.owner_sees(&format!("contents/shop/cart.py?ref={head}")).await;
    assert_eq!(file["size"].as_u64(), Some(FILES[2].1.len() as u64 - "import os\n".len() as u64));
    contract().check(&universe.requests()).unwrap();
    let again = halves.publish(&[]);
    assert_eq!((again.ran.code, again.outputs["outcome"].as_str()), (Some(0), "unchanged"), "{again:?}");
    assert_eq!(pull_requests(&universe).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_does_all_of_it() {
    let (universe, run) = red("main").await;
    let python = crate::harness::python();
    let step = Step::new(&universe);
    let came = step.runs(&["run", "--python", &python, "--offline", "--run-id", &run.id.to_string()]);
    assert_eq!((came.ran.code, came.outputs["outcome"].as_str()), (Some(0), "opened"), "{came:?}");
    assert_eq!(pull_requests(&universe).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_is_another_one_is_refused() {
    let (universe, run) = red("main").await;
    let halves = Halves::first(&universe, &run);
    did_nothing(&halves.step.runs(&["publish", "bundle", "--digest", &"0".repeat(64)]).ran, 2, "`bundle.json` is not");
    did_nothing(&halves.publish(&["--run-id", "1"]).ran, 2, "it says run");
    did_nothing(&halves.publish(&["--repository", "mallory/other"]).ran, 2, "");
    let patch = halves.step.file("bundle/changes.patch", "");
    did_nothing(&halves.publish(&[]).ran, 2, "`changes.patch` is not the file");
    fs::remove_file(patch).unwrap();
    did_nothing(&halves.publish(&[]).ran, 2, "changes.patch");
    did_nothing(&halves.step.runs(&["publish", "nowhere"]).ran, 2, "nowhere");
    assert!(pull_requests(&universe).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_stops_the_second_half_too() {
    let (universe, run) = red("main").await;
    let halves = Halves::first(&universe, &run);
    let digest = halves.first.outputs["digest"].clone();
    let step = halves.step.with("CI_REPAIR", "off");
    let came = step.runs(&["publish", "bundle", "--digest", &digest]);
    did_nothing(&came.ran, 0, "nothing was published: repairs are switched off");
    assert_eq!(came.outputs["outcome"], "left");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_refused_is_not_even_worked_on() {
    let (universe, run) = red("main").await;
    Halves::first(&universe, &run).publish(&[]);
    universe.owner_does("PATCH", "pulls/1", &json!({ "state": "closed" })).await;
    universe.commit("main", &[("more.txt", "x\n")]).await;
    let run = universe.run(RunScript::red("main", ruff("lint"))).await;
    let came = Step::new(&universe).of(&run, &[]);
    assert_eq!(came.outputs["publish"], "false", "{came:?}");
    assert!(came.bundle().before.is_none(), "no check ran");
    assert!(came.bundle().notes.iter().any(|note| note.contains("closed unmerged")), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_project_has_its_own_words_and_limits_on_its_default_branch() {
    let universe = Universe::start().await;
    let own = [
        ("ci-repair.toml", "[publish]\ntrusted = ['mallory']\nopen-pull-requests = 1\n"),
        (".github/ci-repair/pull_request.md", "Ours: {{ fixes[0].title }}\n"),
    ];
    universe.commit("main", &[&FILES[..], &own[..]].concat()).await;
    let run = universe.run(RunScript::red("main", ruff("lint")).by("mallory")).await;
    let came = Halves::first(&universe, &run).publish(&[]);
    assert_eq!(came.outputs["outcome"], "opened", "{came:?}");
    let body = pull_requests(&universe).await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.starts_with("Ours: `"), "{body}");
    universe.commit("feature", &[("shop/cart.py", FILES[2].1)]).await;
    let run = universe.run(RunScript::red("feature", ruff("lint"))).await;
    let came = Halves::first(&universe, &run).publish(&[]);
    assert!(came.ran.stderr.contains("1 pull requests of ours are open already"), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_on_the_way_is_told_and_leaves_nothing() {
    let (universe, run) = red("main").await;
    let halves = Halves::first(&universe, &run);
    for (calls, status) in [("POST /repos/*/*/pulls", 422), ("GET /repos/*/*/tarball/**", 404), ("POST /graphql", 401)]
    {
        universe.fault(calls, crate::support::Fault::Status(status));
        let came = halves.publish(&[]);
        universe.heal();
        assert_eq!(came.ran.code, Some(2), "{calls}: {came:?}");
        assert!(came.ran.stderr.contains("ci-repair: cannot ") && came.ran.stdout.is_empty(), "{calls}: {came:?}");
    }
    assert_eq!(halves.publish(&[]).outputs["outcome"], "opened");
    assert_eq!(pull_requests(&universe).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_commands_no_runner() {
    let (universe, run) = red("main").await;
    let halves = Halves::first(&universe, &run);
    let hostile = "{\"version\": 1, \"x\\n::error::y\\n##[group]z\": 1}";
    halves.step.file("bundle/bundle.json", hostile);
    let ran = halves.step.runs(&["publish", "bundle"]).ran;
    did_nothing(&ran, 2, "not in the form");
    let obeyed = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    assert!(ran.stderr.contains("error::y") && !ran.stderr.lines().any(obeyed), "{ran:?}");
}
