//! When the jobs run, as GitHub's own reader of expressions says.

use super::tools::evaluate;
use super::{shipped, yaml};
use serde_json::{Value, json};

/// What the first job's condition says of an event.
fn starts(workflow: &Value, event_name: &str, event: &Value, switch: &Value) -> bool {
    let contexts = json!({ "github": { "event_name": event_name, "event": event, "repository": "us/it" },
        "vars": { "CI_REPAIR": switch } });
    let value = evaluate(workflow["jobs"]["repair"]["if"].as_str().unwrap(), &contexts);
    value.as_bool().unwrap_or_else(|| panic!("the condition is {value}"))
}

fn run(conclusion: &str, branch: &Value) -> Value {
    json!({ "workflow_run": { "conclusion": conclusion, "head_branch": branch } })
}

fn check(conclusion: &str, app: &str, branch: &Value) -> Value {
    let suite = json!({ "head_branch": branch });
    json!({ "check_run": { "conclusion": conclusion, "app": { "slug": app }, "check_suite": suite } })
}

#[test]
fn only_what_failed_starts_a_repair() {
    let workflow = yaml(&shipped());
    for (conclusion, expected) in [
        ("failure", true),
        ("timed_out", true),
        ("success", false),
        ("cancelled", false),
        ("skipped", false),
        ("neutral", false),
        ("action_required", false),
        ("startup_failure", false),
    ] {
        let main = json!("main");
        assert_eq!(starts(&workflow, "workflow_run", &run(conclusion, &main), &json!("")), expected, "{conclusion}");
        let check = check(conclusion, "pre-commit-ci", &main);
        assert_eq!(starts(&workflow, "check_run", &check, &json!("")), expected, "{conclusion}");
    }
}

#[test]
fn our_own_branches_never_do() {
    let workflow = yaml(&shipped());
    for (branch, expected) in [
        (json!("ci-repair/0123abcd"), false),
        (json!("CI-Repair/0123abcd"), false),
        (json!("ci-repair"), true),
        (json!("feature/ci-repair/x"), true),
        (Value::Null, true),
    ] {
        let (run, check) = (run("failure", &branch), check("failure", "codecov", &branch));
        assert_eq!(starts(&workflow, "workflow_run", &run, &Value::Null), expected, "{branch}");
        assert_eq!(starts(&workflow, "check_run", &check, &Value::Null), expected, "{branch}");
    }
}

#[test]
fn check_runs_of_github_actions_are_left_to_the_other_event() {
    let check = check("failure", "github-actions", &json!("main"));
    assert!(!starts(&yaml(&shipped()), "check_run", &check, &json!("")));
}

#[test]
fn the_switch_stops_all_of_it() {
    let workflow = yaml(&shipped());
    for (switch, expected) in [(json!("off"), false), (json!("OFF"), false), (json!("on"), true), (Value::Null, true)] {
        let run = run("failure", &json!("main"));
        assert_eq!(starts(&workflow, "workflow_run", &run, &switch), expected, "{switch}");
    }
    assert_eq!(workflow["env"]["CI_REPAIR"], "${{ vars.CI_REPAIR }}");
}

/// What the steps say of the repository that an event's commit is in: whether it is checked out, and where it is then.
fn checkout(event: &Value) -> (Value, Value) {
    let workflow = yaml(&shipped());
    let steps = workflow["jobs"]["repair"]["steps"].as_array().unwrap();
    let contexts = json!({ "github": { "event": event, "repository": "us/it" } });
    let folder = steps.iter().find(|step| step["id"] == "repair").unwrap()["with"]["repo"].as_str().unwrap();
    let folder = folder.trim().strip_prefix("${{").unwrap().strip_suffix("}}").unwrap();
    (evaluate(steps[0]["if"].as_str().unwrap(), &contexts), evaluate(folder, &contexts))
}

#[test]
fn a_fork_is_never_checked_out() {
    let of = |name: &Value| json!({ "workflow_run": { "head_repository": { "full_name": name } } });
    assert_eq!(checkout(&of(&json!("us/it"))), (json!(true), json!("repository")));
    for elsewhere in [of(&json!("them/it")), of(&Value::Null), json!({ "check_run": {} })] {
        assert_eq!(checkout(&elsewhere), (json!(false), json!("")), "{elsewhere}");
    }
}

#[test]
fn the_second_job_runs_only_if_there_is_something_to_publish() {
    let workflow = yaml(&shipped());
    let condition = workflow["jobs"]["publish"]["if"].as_str().unwrap();
    for (publish, expected) in [("true", true), ("false", false), ("", false)] {
        let contexts = json!({ "needs": { "repair": { "outputs": { "publish": publish } } } });
        assert_eq!(evaluate(condition, &contexts), json!(expected), "{publish}");
    }
}
