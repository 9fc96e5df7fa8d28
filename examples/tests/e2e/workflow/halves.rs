//! What the two jobs may and do.

use super::{own, shipped, yaml};
use crate::initializing::ACTION;
use serde_json::{Value, json};

/// Each with its name: the workflow that `init` writes, and our own.
fn both() -> [(&'static str, Value); 2] {
    [("init", yaml(&shipped())), ("own", yaml(&own(".github/workflows/ci-repair.yml")))]
}

fn jobs(workflow: &Value) -> impl Iterator<Item = &Value> {
    workflow["jobs"].as_object().unwrap().values()
}

fn steps(job: &Value) -> &Vec<Value> {
    job["steps"].as_array().unwrap()
}

/// The action that a step uses; the empty text for a script.
fn uses(step: &Value) -> &str {
    step["uses"].as_str().unwrap_or_default()
}

/// The only step of a job that uses this action.
#[track_caller]
fn step<'a>(job: &'a Value, action: &str) -> &'a Value {
    let found: Vec<&Value> = steps(job).iter().filter(|step| uses(step).starts_with(action)).collect();
    let [step] = found[..] else { panic!("not one but {} times {action}", found.len()) };
    step
}

#[test]
fn our_own_workflow_is_what_init_writes() {
    let body = |text: &str| text.split_once("#\n# When a workflow has failed").expect("the head ends").1.to_owned();
    let own = body(&own(".github/workflows/ci-repair.yml"));
    assert_eq!(body(&shipped().replace(ACTION, "$/")), own);
}

#[test]
fn each_job_may_what_it_needs_and_no_more() {
    for (name, workflow) in both() {
        assert_eq!(workflow["permissions"], json!({}), "{name}");
        let read = json!({ "contents": "read", "actions": "read", "checks": "read", "pull-requests": "read",
            "issues": "read" });
        assert_eq!(workflow["jobs"]["repair"]["permissions"], read, "{name}");
        let write = json!({ "contents": "write", "pull-requests": "write", "issues": "write", "actions": "read",
            "checks": "read" });
        assert_eq!(workflow["jobs"]["publish"]["permissions"], write, "{name}");
        assert_eq!(jobs(&workflow).count(), 2, "{name}");
    }
}

#[test]
fn the_job_that_may_write_takes_data_alone() {
    for (name, workflow) in both() {
        let publish = &workflow["jobs"]["publish"];
        let [download, ours] = &steps(publish)[..] else { panic!("{name}: {publish}") };
        assert!(uses(download).starts_with("actions/download-artifact@"), "{name}");
        assert_eq!(ours["with"]["command"], "publish", "{name}");
        assert_eq!(ours["with"]["digest"], "${{ needs.repair.outputs.digest }}", "{name}");
        assert_eq!(download["with"]["path"], ours["with"]["bundle"], "{name}");
        assert_eq!(publish["needs"], "repair", "{name}");
    }
}

#[test]
fn what_the_first_job_hands_over_is_what_the_second_takes() {
    for (name, workflow) in both() {
        let repair = &workflow["jobs"]["repair"];
        let ours = steps(repair).iter().find(|step| step["id"] == "repair").unwrap();
        let upload = step(repair, "actions/upload-artifact@");
        let download = step(&workflow["jobs"]["publish"], "actions/download-artifact@");
        assert_eq!(ours["with"]["command"], "run", "{name}");
        assert_eq!(ours["with"]["bundle"], upload["with"]["path"], "{name}");
        assert_eq!(upload["with"]["name"], download["with"]["name"], "{name}");
        assert_eq!(upload["if"], "steps.repair.outputs.publish == 'true'", "{name}");
        let outputs = json!({ "publish": "${{ steps.repair.outputs.publish }}",
            "digest": "${{ steps.repair.outputs.digest }}" });
        assert_eq!(repair["outputs"], outputs, "{name}");
    }
}

#[test]
fn a_checkout_leaves_no_token_and_is_of_one_commit_in_a_folder_of_its_own() {
    for (name, workflow) in both() {
        let checkout = step(&workflow["jobs"]["repair"], "actions/checkout@");
        let with = json!({ "ref": "${{ github.event.workflow_run.head_sha }}", "path": "repository",
            "persist-credentials": false });
        assert_eq!(checkout["with"], with, "{name}");
    }
}

#[test]
fn every_action_is_pinned_and_all_scripts_are_known() {
    for (name, workflow) in both() {
        let scripts: Vec<&Value> = jobs(&workflow).flat_map(steps).filter(|step| uses(step).is_empty()).collect();
        let [script] = scripts[..] else { panic!("{name}: {scripts:?}") };
        let sandbox = "sudo sysctl --ignore --quiet --write kernel.apparmor_restrict_unprivileged_userns=0";
        assert_eq!(script["run"], sandbox, "{name}");
        for action in jobs(&workflow).flat_map(steps).map(uses).filter(|action| !action.is_empty()) {
            let commit = action.rsplit_once('@').map_or("", |(_, commit)| commit);
            let pinned = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(pinned || (name == "own" && action == "$/"), "{name}: {action}");
        }
    }
}

#[test]
fn no_publication_is_broken_off() {
    for (name, workflow) in both() {
        assert_eq!(workflow["concurrency"]["cancel-in-progress"], false, "{name}");
    }
}

#[test]
fn the_workflow_hands_the_action_inputs_that_it_has() {
    let action = yaml(&own("action.yml"));
    for (name, workflow) in both() {
        let ours = jobs(&workflow).flat_map(steps).filter(|step| step["with"].get("command").is_some());
        let inputs: Vec<&String> = ours.flat_map(|step| step["with"].as_object().unwrap().keys()).collect();
        assert!(inputs.len() >= 7, "{name}: {inputs:?}");
        for input in inputs {
            assert!(action["inputs"].get(input).is_some(), "{name}: the action has no input `{input}`");
        }
    }
}

#[test]
fn the_actions_scripts_get_every_input_by_its_name() {
    let action = yaml(&own("action.yml"));
    let steps = action["runs"]["steps"].as_array().unwrap();
    let mut handed: Vec<String> = Vec::new();
    for (name, value) in steps.iter().flat_map(|step| step["env"].as_object().unwrap()) {
        let value = value.as_str().unwrap();
        let input = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).unwrap().to_owned();
        assert!(name == "GITHUB_TOKEN" || *name == format!("INPUT_{}", input.to_uppercase()), "{name}: {value}");
        handed.push(input);
    }
    handed.sort();
    let mut inputs: Vec<String> = action["inputs"].as_object().unwrap().keys().cloned().collect();
    inputs.sort();
    assert_eq!(handed, inputs);
    let install = steps[0]["env"].as_object().unwrap();
    assert!(!install.contains_key("GITHUB_TOKEN"), "what is installed needs no token");
}
