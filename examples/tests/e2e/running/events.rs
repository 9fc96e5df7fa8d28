//! Started by an event.

use super::{FILES, Step, assert_manners, red};
use crate::support::webhooks::{example, examples};
use crate::support::{JobScript, RunScript, Universe};
use repair_github::{Ended, Trigger};
use serde_json::{Value, json};

fn run_event(universe: &Universe, id: u64) -> Value {
    let mut payload = example("workflow_run", "completed");
    payload["workflow_run"]["id"] = id.into();
    payload["repository"]["full_name"] = universe.repository().into();
    payload
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_a_run_that_ended_says_which() {
    let (universe, run) = red("main").await;
    let step = Step::new(&universe).with("GITHUB_EVENT_NAME", "workflow_run");
    let event = step.file("event.json", run_event(&universe, run.id).to_string());
    let came = step.with("GITHUB_EVENT_PATH", event.to_str().unwrap()).run(&[]);
    came.ends(0, "repaired", true);
    assert_eq!(came.bundle().source.run, run.id);
    assert_manners(&universe);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_a_check_of_actions_leads_to_its_run() {
    let (universe, run) = red("main").await;
    let mut payload = example("check_run", "completed");
    payload["repository"]["full_name"] = universe.repository().into();
    payload["check_run"]["app"]["slug"] = "github-actions".into();
    payload["check_run"]["details_url"] =
        format!("https://github.com/{}/actions/runs/{}/job/1", universe.repository(), run.id).into();
    let step = Step::new(&universe);
    let event = step.file("event.json", payload.to_string());
    let came = step.run(&["--event-name", "check_run", "--event", event.to_str().unwrap()]);
    came.ends(0, "repaired", true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_another_app_is_diagnosed_from_what_it_says() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let job = JobScript::failed("lint", "").annotated("shop/cart.py", 5, "failure", "E302 expected 2 blank lines");
    let run = universe.run(RunScript::red("main", job)).await;
    let mut payload = example("check_run", "completed");
    payload["repository"]["full_name"] = universe.repository().into();
    payload["check_run"]["id"] = run.jobs[0][0].into();
    payload["check_run"]["conclusion"] = "failure".into();
    payload["check_run"]["app"] = json!({ "slug": "azure-pipelines" });
    payload["check_run"]["output"]["text"] = super::RUFF.into();
    let step = Step::new(&universe);
    let event = step.file("event.json", payload.to_string());
    let args = ["--event-name", "check_run", "--event", event.to_str().unwrap()];
    let came = step.run(&args);
    came.ends(1, "diagnosed", false);
    let codes: Vec<_> = came.bundle().failures.iter().filter_map(|failure| failure.code.as_deref()).collect();
    assert_eq!(codes, ["F401", "E302"], "{came:?}");
    assert_manners(&universe);
    payload["check_run"]["conclusion"] = "success".into();
    step.file("event.json", payload.to_string());
    let step = Step::new(&universe);
    let event = step.file("event.json", payload.to_string());
    let args = ["--event-name", "check_run", "--event", event.to_str().unwrap()];
    step.run(&args).is_left("nothing_to_do", "has not failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_event_or_repository_is_refused() {
    let (universe, run) = red("main").await;
    let mut payload = run_event(&universe, run.id);
    let step = Step::new(&universe);
    let event = step.file("event.json", payload.to_string());
    let path = event.to_str().unwrap();
    for (name, words) in [("push", "`push` tells of no run"), ("check_suite", "use `check_run`")] {
        step.run(&["--event-name", name, "--event", path]).ran.ends_with(2).says(&[words]);
    }
    payload["repository"]["full_name"] = "mallory/other".into();
    step.file("event.json", payload.to_string());
    step.run(&["--event", path]).ran.ends_with(2).says(&["of the repository `mallory/other`"]);
}

#[test]
fn every_documented_payload_is_read() {
    let mut seen = 0;
    for name in ["workflow_run", "check_run"] {
        for payload in examples(name) {
            let trigger = Trigger::parse(name, payload.to_string().as_bytes()).unwrap();
            assert_eq!(payload["repository"]["full_name"], trigger.repository.to_string());
            match trigger.what {
                Ended::Run { id, attempt } => {
                    assert_eq!((&payload["workflow_run"]["id"], attempt), (&id.into(), Some(1)));
                }
                Ended::Check(check) => assert_eq!(payload["check_run"]["id"], check.id),
                _ => panic!("another kind"),
            }
            seen += 1;
        }
    }
    assert!(seen >= 14, "{seen}");
}
