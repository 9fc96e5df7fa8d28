//! `--junit`: what the real pytest and unittest write is what their logs say, and more.

use crate::harness::Ran;
use crate::project::Project;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TESTS: &str = r#"
import pytest

class TestCart:
    @pytest.mark.parametrize("text", ["a::b", "c[d].e", "é <&> \"q\""])
    def test_text(self, text):
        assert text == "x"

    class TestInner:
        def test_deep(self):
            assert {"a": 1} == {"a": 2}

@pytest.fixture
def broken():
    raise ValueError("no value")

def test_setup(broken):
    pass

@pytest.fixture
def falling():
    yield
    raise OSError("cannot fall")

def test_teardown(falling):
    pass

def test_raises():
    from shop.cart import total
    total(None)

@pytest.mark.xfail(strict=True)
def test_strict():
    pass

@pytest.mark.skip
def test_skipped():
    pass

def test_passes():
    pass
"#;

fn project() -> Project {
    Project::of(&[
        ("shop/__init__.py", ""),
        ("shop/cart.py", "def total(prices):\n    return sum(prices)\n"),
        ("tests/test_cart.py", TESTS),
        ("tests/unit/test_import.py", "import no_such_module_anywhere\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['.']\n"),
    ])
}

/// What matters of each failure.
fn essence(ran: &Ran) -> BTreeSet<String> {
    let report = ran.json();
    let failures = report["failures"].as_array().unwrap().iter();
    failures
        .map(|f| {
            // Where nothing was raised, only the report knows the line.
            let line = if f["code"].is_null() { &Value::Null } else { &f["line"] };
            json!([f["test_id"], f["category"], f["code"], f["path"], line, f["message"]]).to_string()
        })
        .collect()
}

fn pytest(options: &str) -> String {
    format!("python -m pytest -p no:cacheprovider --continue-on-collection-errors --junitxml=junit.xml {options}")
}

#[test]
fn pytests_report_says_what_its_log_says() {
    for family in ["xunit1", "xunit2"] {
        let project = project();
        let log = project.log_of(&[&pytest(&format!("-o junit_family={family}"))]);
        let from_log = project.run(&["detect", &log, "--format", "json"]).ends_with(1);
        let from_junit = project.run(&["detect", "--junit", "junit.xml", "--format", "json"]).ends_with(1);
        let joined = project.run(&["detect", &log, "--junit", "junit.xml", "--format", "json"]).ends_with(1);
        assert_eq!(essence(&from_junit), essence(&from_log), "{family}");
        assert_eq!(essence(&joined), essence(&from_log), "{family}");
        assert_eq!(essence(&from_log).len(), 9, "{family}");
        for key in ["failed", "skipped"] {
            assert_eq!(from_junit.json()["counts"][key], from_log.json()["counts"][key], "{family} {key}");
        }
        let lines = |ran: &Ran| -> Vec<Value> {
            ran.json()["failures"].as_array().unwrap().iter().map(|failure| failure["log_lines"].clone()).collect()
        };
        assert_eq!(lines(&joined), lines(&from_log), "{family}");
    }
}

#[test]
fn a_report_tells_what_a_quiet_log_does_not() {
    let project = project();
    let log = project.log_of(&[&pytest("-q --tb=no --no-header -rN")]);
    let quiet = project.run(&["detect", &log, "--format", "json"]).ends_with(1);
    assert!(essence(&quiet).len() < 9, "{quiet:?}");
    let joined = project.run(&["detect", &log, "--junit", "junit.xml", "--format", "json"]).ends_with(1);
    assert_eq!(essence(&joined).len(), 9, "{joined:?}");
    let alone = project.run(&["detect", "--junit", "junit.xml", "--format", "json"]).ends_with(1);
    assert_eq!(essence(&joined), essence(&alone));
}

#[test]
fn folders_and_patterns_are_read_and_other_xml_is_passed_over() {
    let project = project();
    project.log_of(&[&pytest("")]);
    project.write("reports/one/junit.xml", &project.read("junit.xml"));
    project.write("reports/coverage.xml", b"<coverage/>");
    for meant in ["reports", "reports/**/*.xml", "reports/one/*.xml"] {
        let ran = project.run(&["detect", "--junit", meant, "--format", "json"]).ends_with(1);
        assert_eq!(essence(&ran).len(), 9, "{meant}");
    }
    project.run(&["detect", "--junit", "reports/coverage.xml"]).ends_with(2).says(&["coverage.xml", "`testsuites`"]);
    project.run(&["detect", "--junit", "shop"]).ends_with(2).says(&["no JUnit file in `shop`"]);
    project.run(&["detect", "--junit", "no*.xml"]).ends_with(2).says(&["no JUnit file in `no*.xml`"]);
    project.run(&["detect", "--junit", "none.xml"]).ends_with(2).says(&["none.xml"]);
    project.write("bomb.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite/>");
    project.run(&["detect", "--junit", "bomb.xml"]).ends_with(2).says(&["bomb.xml", "document type"]);
}

#[test]
fn fix_takes_what_failed_from_the_report() {
    let project = Project::of(&[
        ("shop.py", "def total(prices):\n    return json.dumps(sum(prices))\n"),
        ("test_shop.py", "from shop import total\n\n\ndef test_total():\n    assert total([1]) == '1'\n"),
    ]);
    project.log_of(&["python -m pytest -q -p no:cacheprovider --junitxml=junit.xml"]);
    let ran = project.fix(&["--junit", "junit.xml", "--format", "json"]);
    let report = ran.ends_with(0).json();
    assert_eq!(report["conclusion"], "repaired");
    assert_eq!(report["failures"][0]["test_id"], "test_shop.py::test_total");
    assert!(report["diff"].as_str().unwrap().contains("+import json"), "{report}");
}
