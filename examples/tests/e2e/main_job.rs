//! A red log and a checkout become a proven diff.

use crate::harness::{self, python};
use crate::job_log;
use crate::project::{Project, bundled, state_of};
use serde_json::Value;
use std::path::Path;

fn log() -> String {
    bundled("broken-project.log").to_str().unwrap().to_owned()
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_bundled_project_is_repaired_and_stays_untouched_without_write() {
    let folder = bundled("broken-project");
    let before = state_of(&folder);
    let args = ["fix", "--repo", ".", "--log", &log(), "--python", &python(), "--format", "json"];
    let report = harness::run(&folder, &args).json();
    assert!(before == state_of(&folder), "the bundled project has changed");
    let diff = report["diff"].as_str().unwrap();
    assert!(diff.contains("-import sys\n") && !diff.contains("-import os\n+"), "{diff}");
    assert!(diff.contains("Item(words[2], Decimal(words[3]), int(words[0]))"), "{diff}");
    let repaired = strings(&report["failures"], "code");
    let remaining = strings(&report["remaining"], "code");
    for code in ["F401", "I001"] {
        assert!(repaired.iter().any(|found| found == code), "{code} in {repaired:?}");
        assert!(!remaining.iter().any(|left| left == code), "{code} in {remaining:?}");
    }
}

/// A project whose linter and formatter are red, its tests green.
fn untidy() -> Project {
    Project::of(&[
        ("shop/__init__.py", ""),
        ("shop/cart.py", "import os\nimport json\n\n\ndef total( prices ):\n    return json.dumps(sum(prices))\n"),
        (
            "tests/test_cart.py",
            "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == \"3\"\n",
        ),
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = [\".\"]\n"),
    ])
}

const CHECKS: &str = "ruff check .\nblack --check .\npython -m pytest -q";
const TIDY: &str = "import json\n\n\ndef total(prices):\n    return json.dumps(sum(prices))\n";

#[test]
fn write_writes_the_whole_repair_and_nothing_else() {
    let project = untidy();
    let log = project.log_of(&["ruff check . || fail=1; black --check . || fail=1; exit $fail"]);
    let mut expected = project.state();
    project.fix(&["--log", &log, "--write"]).ends_with(0).prints(&["repaired and proven", "written: 1 file"]);
    assert_eq!(String::from_utf8(project.read("shop/cart.py")).unwrap(), TIDY);
    let mut after = project.state();
    let repaired = Path::new("shop/cart.py");
    assert_ne!(expected.remove(repaired), after.remove(repaired));
    assert!(expected == after, "another file has changed");
    let log = project.log_of(&CHECKS.lines().collect::<Vec<_>>());
    project.run(&["detect", &log]).ends_with(0).prints(&["passed: 0 failures"]);
}

#[test]
fn json_tells_fixes_and_proof() {
    let project = untidy();
    let log = project.log_of(&["ruff check ."]);
    let ran = project.fix_leaves_all(&["--log", &log, "--format", "json"]).ends_with(0);
    let report = ran.json();
    assert_eq!((&report["conclusion"], &report["exit_code"]), (&"repaired".into(), &0.into()));
    assert_eq!(report["failures"][0]["code"], "F401");
    assert_eq!(report["fixes"][0]["files"], serde_json::json!(["shop/cart.py"]));
    let proof = &report["proof"];
    assert_eq!(proof["before"]["checks"][0]["exit"], "exit 1", "{proof}");
    assert_eq!(proof["after"]["checks"][0]["exit"], "exit 0", "{proof}");
    assert_eq!(report["remaining"], serde_json::json!([]));
}

#[test]
fn git_applies_the_diff_and_the_check_is_green_then() {
    let project = untidy();
    let log = project.log_of(&["ruff check ."]);
    let ran = project.fix_leaves_all(&["--log", &log, "--format", "diff"]).ends_with(0);
    let patch = project.beside("fix.patch", &ran.stdout);
    project.git(&["apply", "--check", &patch]);
    project.git(&["apply", &patch]);
    let log = project.log_of(&["ruff check ."]);
    project.run(&["detect", &log, "--format", "json"]).ends_with(0);
}

#[test]
fn without_a_log_the_configured_checks_are_run() {
    let project = untidy();
    project.write("pyproject.toml", b"[tool.ruff]\nline-length = 100\n[tool.black]\nline-length = 100\n");
    let ran = project.fix_leaves_all(&["--format", "json"]).ends_with(0);
    assert!(ran.json()["diff"].as_str().unwrap().contains("-import os\n"), "{ran:?}");
}

#[test]
fn no_validate_proposes_and_says_that_nothing_is_proven() {
    let project = untidy();
    let log = project.log_of(&["ruff check ."]);
    project
        .fix_leaves_all(&["--log", &log, "--no-validate", "--allow", "unsafe"])
        .ends_with(0)
        .prints(&["-import os", "nothing is proven"]);
}

#[test]
fn a_log_on_standard_input_is_read() {
    let project = untidy();
    let log = project.log_of(&["ruff check ."]);
    let file = std::fs::File::open(log).unwrap();
    let args = ["fix", "--python", &python(), "--log", "-", "--format", "diff"];
    harness::run_with(&project.root(), &args, |command| {
        command.stdin(file);
    })
    .ends_with(0)
    .prints(&["-import os"]);
}

#[test]
fn a_log_with_the_absolute_paths_of_this_very_folder_is_understood() {
    let project = untidy();
    let output = format!("would reformat {}/shop/cart.py\n\n1 file would be reformatted.", project.root().display());
    let log = project.beside("local.log", job_log::step("black --check .", &output, 1));
    project.fix_leaves_all(&["--log", &log]).ends_with(0).prints(&["repaired and proven", "+def total(prices):"]);
}
