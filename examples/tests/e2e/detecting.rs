//! `detect`.

use crate::harness::{Ran, run};
use crate::project::{Project, bundled};
use serde_json::Value;

fn detect(format: &str) -> Ran {
    let log = bundled("broken-project.log");
    run(&bundled("."), &["detect", log.to_str().unwrap(), "--format", format]).ends_with(1)
}

#[test]
fn json_has_the_documented_form() {
    let report = detect("json").json();
    assert_eq!(report["conclusion"], "failed");
    let failures = report["failures"].as_array().unwrap();
    let unused = failures.iter().find(|failure| failure["code"] == "F401").unwrap();
    let place = (&unused["category"], &unused["tool"], &unused["path"], &unused["line"], &unused["column"]);
    let expected = ("quality", "ruff", "tally/receipts.py", 3, 8);
    assert_eq!(
        place,
        (&expected.0.into(), &expected.1.into(), &expected.2.into(), &expected.3.into(), &expected.4.into())
    );
    assert!(report["failed_steps"].as_array().is_some_and(|steps| steps.iter().any(|step| step["exit_code"] == 1)));
}

#[test]
fn sarif_has_the_required_fields() {
    let sarif = detect("sarif").json();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let runs = sarif["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "ci-repair");
    let rules: Vec<&Value> = driver["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    let results = runs[0]["results"].as_array().unwrap();
    assert!(results.len() >= 4, "{results:?}");
    for result in results {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        assert!(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()), "{result}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
        for location in result["locations"].as_array().into_iter().flatten() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains(' '), "{result}");
            assert!(place["region"].is_null() || place["region"]["startLine"].as_u64().unwrap() > 0, "{result}");
        }
    }
}

#[test]
fn annotations_are_one_command_a_line() {
    let text = detect("github").stdout;
    let commands = ["::error ", "::warning ", "::notice "];
    let is_command = |line: &str| commands.iter().any(|command| line.starts_with(command));
    assert!(text.lines().count() >= 4 && text.lines().all(is_command), "{text}");
    assert!(text.contains("title=ruff/F401,file=tally/receipts.py,line=3,col=8::"), "{text}");
}

#[test]
fn people_get_a_line_for_each_and_a_sum() {
    let ran = detect("human").prints(&["tally/receipts.py:3:8", "F401", "failed: "]);
    assert!(!ran.stdout.contains('\u{1b}'), "no colours, since it is no terminal: {ran:?}");
}

#[test]
fn a_passing_run_is_no_failure() {
    let project = Project::of(&[("test_app.py", "def test_sum():\n    assert 1 + 1 == 2\n")]);
    let log = project.log_of(&["python -m pytest -q -p no:cacheprovider"]);
    let report = project.run(&["detect", &log, "--format", "json"]).ends_with(0).json();
    assert_eq!((&report["conclusion"], &report["counts"]["run"]), (&"passed".into(), &1.into()));
}

#[test]
fn a_missing_log_is_wrong_usage() {
    let project = Project::of(&[]);
    project.run(&["detect", "no-such.log"]).ends_with(2).says(&["no-such.log", "give an existing file, or `-`"]);
    project.run(&["detect"]).ends_with(2).says(&["Usage"]);
}
