//! When the jobs run, as GitHub's own reader of expressions says.

use super::tools::evaluate;
use super::{shipped, yaml};
use serde_json::{Value, json};

/// An event, and whether it should start a repair.
type Case = (Value, bool);

/// The condition of the first job is true for each event for which it should be.
#[track_caller]
fn check(cases: &[Case]) {
    let workflow = yaml(&shipped());
    let situations: Vec<Value> = cases.iter().map(|(situation, _)| situation.clone()).collect();
    let starts = evaluate(workflow["jobs"]["repair"]["if"].as_str().unwrap(), &situations);
    for ((situation, expected), starts) in cases.iter().zip(starts) {
        assert_eq!(starts, json!(expected), "{situation}");
    }
}

fn run(conclusion: &str, branch: &Value, switch: &Value) -> Value {
    let event = json!({ "workflow_run": { "conclusion": conclusion, "head_branch": branch } });
    json!({ "github": { "event_name": "workflow_run", "event": event }, "vars": { "CI_REPAIR": switch } })
}

fn check_run(conclusion: &str, app: &str, branch: &Value) -> Value {
    let suite = json!({ "head_branch": branch });
    let check = json!({ "conclusion": conclusion, "app": { "slug": app }, "check_suite": suite });
    json!({ "github": { "event_name": "check_run", "event": { "check_run": check } }, "vars": {} })
}

#[test]
fn only_what_failed_starts_a_repair() {
    let conclusions = ["success", "cancelled", "skipped", "neutral", "action_required", "stale", "startup_failure"];
    let all = conclusions.map(|name| (name, false)).into_iter().chain([("failure", true), ("timed_out", true)]);
    let both = |(name, expected): (&str, bool)| {
        let main = json!("main");
        [(run(name, &main, &json!("")), expected), (check_run(name, "pre-commit-ci", &main), expected)]
    };
    check(&all.flat_map(both).collect::<Vec<Case>>());
}

#[test]
fn our_own_branches_never_do() {
    let branches = [
        (json!("ci-repair/0123abcd"), false),
        (json!("CI-Repair/0123abcd"), false),
        (json!("ci-repair"), true),
        (json!("feature/ci-repair/x"), true),
        (Value::Null, true),
    ];
    let both = |(branch, expected): &(Value, bool)| {
        [(run("failure", branch, &Value::Null), *expected), (check_run("failure", "codecov", branch), *expected)]
    };
    check(&branches.iter().flat_map(both).collect::<Vec<Case>>());
}

#[test]
fn check_runs_of_github_actions_are_left_to_the_other_event() {
    check(&[(check_run("failure", "github-actions", &json!("main")), false)]);
}

#[test]
fn the_switch_stops_all_of_it() {
    let switches = [(json!("off"), false), (json!("OFF"), false), (json!("on"), true), (Value::Null, true)];
    check(&switches.map(|(switch, expected)| (run("failure", &json!("main"), &switch), expected)));
    // Past the condition, the program sees it, too.
    assert_eq!(yaml(&shipped())["env"]["CI_REPAIR"], "${{ vars.CI_REPAIR }}");
}

#[test]
fn a_fork_is_never_checked_out() {
    let workflow = yaml(&shipped());
    let steps = workflow["jobs"]["repair"]["steps"].as_array().unwrap();
    let of = |name: Value| json!({ "workflow_run": { "head_repository": { "full_name": name } } });
    let events = [of(json!("us/it")), of(json!("them/it")), of(Value::Null), json!({ "check_run": {} })];
    let situations = events.map(|event| json!({ "github": { "event": event, "repository": "us/it" } }));
    assert!(steps[0]["uses"].as_str().unwrap().starts_with("actions/checkout@"));
    let checked_out = evaluate(steps[0]["if"].as_str().unwrap(), &situations);
    assert_eq!(checked_out, [json!(true), json!(false), json!(false), json!(false)]);
    // The program is told of the checkout where there is one.
    let folder = steps.iter().find(|step| step["id"] == "repair").unwrap()["with"]["repo"].as_str().unwrap();
    let folder = folder.strip_prefix("${{ ").unwrap().strip_suffix(" }}").unwrap();
    assert_eq!(evaluate(folder, &situations), [json!("repository"), json!(""), json!(""), json!("")]);
}

#[test]
fn the_second_job_runs_only_if_there_is_something_to_publish() {
    let workflow = yaml(&shipped());
    let with = |publish| json!({ "needs": { "repair": { "outputs": { "publish": publish } } } });
    let runs = evaluate(workflow["jobs"]["publish"]["if"].as_str().unwrap(), &["true", "false", ""].map(with));
    assert_eq!(runs, [json!(true), json!(false), json!(false)]);
}

/// Two events are in one group if they are about one workflow, or one check, on one branch of one repository.
#[test]
fn groups_are_told_apart_by_workflow_repository_and_branch() {
    let run = |workflow: u64, repository: u64, branch: &str| {
        let head = json!({ "id": repository });
        let run = json!({ "workflow_id": workflow, "head_repository": head, "head_branch": branch });
        json!({ "github": { "event": { "workflow_run": run } } })
    };
    let check = |name: &str, branch: &str| {
        let check = json!({ "name": name, "check_suite": { "head_branch": branch } });
        json!({ "github": { "event": { "check_run": check } } })
    };
    let different = [
        run(1, 7, "main"),
        run(2, 7, "main"),
        run(1, 8, "main"),
        run(1, 7, "next"),
        check("lint", "main"),
        check("docs", "main"),
        check("lint", "next"),
    ];
    let situations: Vec<Value> = different.iter().chain(&different).cloned().collect();
    let workflow = yaml(&shipped());
    let text = workflow["concurrency"]["group"].as_str().unwrap();
    let parts = text.split("${{").skip(1).map(|part| evaluate(part.split_once("}}").unwrap().0.trim(), &situations));
    let parts: Vec<Vec<Value>> = parts.collect();
    let groups: Vec<Vec<&Value>> =
        (0..situations.len()).map(|at| parts.iter().map(|part| &part[at]).collect()).collect();
    let (first, second) = groups.split_at(different.len());
    assert_eq!(first, second);
    for (at, group) in first.iter().enumerate() {
        assert!(!first[..at].contains(group), "{} shares its group with another", different[at]);
    }
}
