//! `detect --baseline`.

use crate::job_log;
use crate::project::Project;
use serde_json::Value;

fn log(tests: &[(&str, &str)]) -> String {
    let line = |(name, error): &(&str, &str)| format!("FAILED tests/test_a.py::{name} - {error}\n");
    let summary: String = tests.iter().map(line).collect();
    if tests.is_empty() {
        return job_log::step("pytest -q", "..\n2 passed in 0.1s", 0);
    }
    let rule = "=".repeat(27);
    let output =
        format!("{rule} short test summary info {rule}\n{summary}{rule} {} failed in 0.1s {rule}", tests.len());
    job_log::step("pytest -q", &output, 1)
}

fn states(report: &Value, key: &str) -> Vec<String> {
    let failures = report[key].as_array().unwrap().iter();
    failures
        .map(|failure| format!("{} {}", failure["state"].as_str().unwrap(), failure["test_id"].as_str().unwrap()))
        .collect()
}

#[test]
fn what_is_new_changed_same_and_gone_is_told_in_every_form() {
    let project = Project::of(&[]);
    let old = project.beside(
        "old.log",
        log(&[("test_one", "ValueError: a"), ("test_two", "KeyError: 'b'"), ("test_three", "OSError: c")]),
    );
    let new = project.beside(
        "new.log",
        log(&[("test_one", "ValueError: z"), ("test_two", "TypeError: b"), ("test_four", "OSError: d")]),
    );
    let args = |format: &'static str| {
        [
            "detect".to_owned(),
            new.clone(),
            "--baseline".to_owned(),
            old.clone(),
            "--format".to_owned(),
            format.to_owned(),
        ]
    };
    let run = |format| project.run(&args(format).each_ref().map(String::as_str)).ends_with(1);
    let report = run("json").json();
    let id = "tests/test_a.py::";
    assert_eq!(
        states(&report, "failures"),
        [format!("same {id}test_one"), format!("changed {id}test_two"), format!("new {id}test_four")]
    );
    assert_eq!(states(&report, "gone"), [format!("gone {id}test_three")]);
    assert_eq!(report["failures"][1]["before"]["code"], "KeyError");
    assert_eq!(report["comparison"], serde_json::json!({ "new": 1, "changed": 1, "same": 1, "gone": 1 }));
    run("human").prints(&["1 new, 1 changed, 1 same, 1 gone", "no longer failing", "was KeyError"]);
    run("markdown").prints(&["1 new, 1 changed, 1 same, 1 gone", "| new |", "### No longer failing"]);
    let sarif = run("sarif").json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let baseline: Vec<&str> = results.iter().map(|result| result["baselineState"].as_str().unwrap()).collect();
    assert_eq!(baseline, ["unchanged", "updated", "new", "absent"]);
    let annotations = run("github").stdout;
    assert!(!annotations.contains("test_three") && annotations.lines().count() == 3, "{annotations}");
}

#[test]
fn the_exit_code_says_whether_something_is_new() {
    let project = Project::of(&[]);
    let two = project.beside("two.log", log(&[("test_one", "ValueError: a"), ("test_two", "KeyError: 'b'")]));
    let one = project.beside("one.log", log(&[("test_one", "ValueError: a")]));
    let passed = project.beside("passed.log", log(&[]));
    project
        .run(&["detect", &one, "--baseline", &two])
        .ends_with(0)
        .prints(&["failed: 1 failure (0 new, 1 same, 1 gone)"]);
    project.run(&["detect", &two, "--baseline", &one]).ends_with(1);
    project.run(&["detect", &two, "--baseline", &two]).ends_with(0);
    project.run(&["detect", &one, "--baseline", &passed]).ends_with(1);
    project.run(&["detect", &passed, "--baseline", &one]).ends_with(0);
    project.run(&["detect", &one, "--baseline", "no-such.log"]).ends_with(2).says(&["no-such.log"]);
    project.run(&["detect", "-", "--baseline", "-"]).ends_with(2).says(&["standard input"]);
    let text = project.beside("readme.txt", "no log at all\n");
    project
        .run(&["detect", &one, "--baseline", &text])
        .ends_with(1)
        .prints(&["readme.txt", "does not say how its job ended"]);
}
