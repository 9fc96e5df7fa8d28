//! What is read of a run.

use super::{FILES, Step, red, ruff};
use crate::harness::python;
use crate::project::Project;
use crate::support::{ArtifactScript, JobScript, Log, RunScript, Universe, zip};
use repair_core::Category;
use std::process::Command;

fn is_annotation(line: &str) -> bool {
    ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start))
}

const JUNIT: &str = "<testsuite><testcase classname='tests.test_cart' name='test_total'>\
                     <failure message='AssertionError: assert 4 == 3'>tests/test_cart.py:5: AssertionError</failure>\
                     </testcase></testsuite>";

#[tokio::test(flavor = "multi_thread")]
async fn where_the_log_has_expired_annotations_are_read() {
    for log in [Log::Expired, Log::Missing] {
        let universe = Universe::start().await;
        universe.commit("main", &FILES).await;
        let job = JobScript::failed("lint", "")
            .log(log)
            .annotated("shop/cart.py", 1, "failure", "F401 `os` imported but unused")
            .annotated(".github", 9, "failure", "Process completed with exit code 1.");
        let run = universe.run(RunScript::red("main", job)).await;
        let came = Step::new(&universe).of(&run, &[]);
        came.ends(0, "repaired", true);
        let bundle = came.bundle();
        assert_eq!((bundle.failures.len(), bundle.failures[0].code.as_deref()), (1, Some("F401")), "{bundle:?}");
        assert!(bundle.notes.iter().any(|note| note.contains("the log of the job `lint` is gone")), "{bundle:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_says_nothing_is_told_as_such() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let run = universe.run(RunScript::red("main", JobScript::failed("lint", "").log(Log::Expired))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(1, "diagnosed", false);
    assert!(came.bundle().notes.iter().any(|note| note.contains("no failure was found")), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn junit_files_are_joined_with_the_log() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let archive = zip(&[("deep/junit.xml", JUNIT.as_bytes()), ("coverage.xml", b"<coverage/>")]);
    let old = ArtifactScript::new("test-results-old", Vec::new()).expired();
    let script = RunScript::red("main", ruff("lint")).artifact(ArtifactScript::new("reports", archive)).artifact(old);
    let run = universe.run(script).await;
    let came = Step::new(&universe).of(&run, &[]);
    let bundle = came.bundle();
    let tests: Vec<_> = bundle.failures.iter().filter_map(|failure| failure.test_id.as_deref()).collect();
    assert_eq!(tests, ["tests/test_cart.py::test_total"], "{bundle:?}");
    assert_eq!(bundle.failures.len(), 2, "{bundle:?}");
    assert_eq!(bundle.not_reproduced.len(), 1, "the test passes here");
    assert!(came.patch().contains("-import os"), "{came:?}");
}

const CART: &str = "def total(prices):\n    return sum(prices)\n\n\ndef discount(price, member):\n    if member:\n        \
                    # A tenth.\n        return price * 0.9\n    return price\n\n\ndef is_empty(prices):\n    return not prices\n";
const TOTAL: &str = "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n";
const EMPTY: &str = "from shop.cart import is_empty\n\n\ndef test_is_empty():\n    assert is_empty([])\n";
const COVERAGE: [(&str, &str); 5] = [
    ("src/shop/__init__.py", ""),
    ("src/shop/cart.py", CART),
    ("tests/test_total.py", TOTAL),
    ("tests/test_empty.py", EMPTY),
    ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['src']\n"),
];

/// The output of pytest with a threshold for coverage on one of the tests, and the report that it wrote.
fn covered(project: &Project, test: &str, report: &str) -> (String, Vec<u8>) {
    let file = format!("{}-{report}", test.replace('/', "-"));
    let form = report.rsplit('.').next().unwrap().replace("info", "lcov");
    let report = format!("--cov-report={form}:{file}");
    let args = ["-m", "pytest", "--cov=src/shop", "--cov-fail-under=90", &report, test];
    let ran = Command::new(python()).args(args).current_dir(project.root()).output().unwrap();
    (String::from_utf8(ran.stdout).unwrap(), std::fs::read(project.root().join(file)).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_coverage_is_too_low_reports_tell_what_is_missing() {
    let project = Project::of(&COVERAGE);
    for report in ["coverage.xml", "coverage.json", "lcov.info"] {
        let universe = Universe::start().await;
        universe.commit("main", &COVERAGE).await;
        let (output, total) = covered(&project, "tests/test_total.py", report);
        let (_, empty) = covered(&project, "tests/test_empty.py", report);
        let log = crate::job_log::step("pytest --cov=src/shop --cov-fail-under=90 tests/test_total.py", &output, 1);
        let (total, empty) = (zip(&[(&format!("deep/{report}"), &total[..])]), zip(&[(report, &empty[..])]));
        let script = RunScript::red("main", JobScript::failed("test", &log))
            .artifact(ArtifactScript::new("coverage-1", total))
            .artifact(ArtifactScript::new("coverage-2", empty));
        let run = universe.run(script).await;
        let came = Step::new(&universe).of(&run, &[]);
        let bundle = came.bundle();
        assert_eq!(bundle.failures[0].category, Category::Coverage, "{bundle:?}");
        let expected = format!(
            "{report} of 2 jobs or folders: 62 % of 8 lines; most is missing in src/shop/cart.py (3 of 8 lines: 6-9)"
        );
        assert!(bundle.notes.contains(&expected), "{:?}", bundle.notes);
        assert!(came.summary.contains("src/shop/cart.py (3 of 8 lines: 6-9)"), "{}", came.summary);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_coverage_is_not_what_failed_its_reports_tell_nothing() {
    let (universe, _) = red("main").await;
    let report = b"SF:shop/cart.py\nDA:1,0\nend_of_record\n";
    let archive = zip(&[("lcov.info", &report[..])]);
    let script = RunScript::red("main", ruff("lint")).artifact(ArtifactScript::new("coverage", archive));
    let run = universe.run(script).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    assert!(came.bundle().notes.iter().all(|note| !note.contains("lcov.info")), "{:?}", came.bundle().notes);
}

/// Much that is packed small.
fn bomb_of(start: &[u8]) -> Vec<u8> {
    let mut bomb = start.to_vec();
    bomb.resize(300 << 20, b' ');
    bomb
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_artifacts_are_told_and_stop_nothing() {
    let (universe, _) = red("main").await;
    let bomb = bomb_of(b"<testsuite>");
    let many: Vec<String> = (0..25_000).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let artifacts = [
        ("junit-traversal", zip(&[("../../../tmp/junit.xml", JUNIT.as_bytes())])),
        ("junit-bomb", zip(&[("junit.xml", &bomb)])),
        ("junit-many", zip(&many)),
        ("junit-rubbish", b"rubbish".to_vec()),
        (
            "coverage-traversal",
            zip(&[("../../coverage.xml", b"<coverage/>"), ("/lcov.info", b"SF:a.py\nend_of_record\n")]),
        ),
        ("coverage-bomb", zip(&[("coverage.json", &bomb_of(b"{"))])),
        ("coverage-entities", zip(&[("coverage.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><coverage>&b;</coverage>")])),
        ("junit-entities", zip(&[("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><testsuite name='&b;'/>")])),
    ];
    let mut script = RunScript::red("main", ruff("lint"));
    for (name, archive) in &artifacts {
        script = script.artifact(ArtifactScript::new(name, archive.clone()));
    }
    let run = universe.run(script).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(0, "repaired", true);
    for (name, _) in &artifacts {
        let told = came.bundle().notes.iter().any(|note| note.starts_with(&format!("in the artifact `{name}`:")));
        assert!(told, "nothing of {name} in {:?}", came.bundle().notes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_log_leaves() {
    let universe = Universe::start().await;
    let secret = format!("ghp_{}", "A1b2C3d4".repeat(5).get(..36).unwrap());
    let test = "def test_secret():\n    assert open(\"secret.txt\").read() == \"\"\n";
    universe.commit("main", &[("secret.txt", &secret), ("test_secret.py", test)]).await;
    let summary = "=========================== short test summary info ============================";
    let line = format!("FAILED test_secret.py::test_secret - AssertionError: assert '{secret}' == ''");
    let output = format!("{summary}\n{line}\n============ 1 failed in 0.10s ============");
    let log = crate::job_log::step("python -m pytest", &output, 1);
    let run = universe.run(RunScript::red("main", JobScript::failed("test", &log))).await;
    let came = Step::new(&universe).of(&run, &[]);
    came.ends(1, "failures_remain", true);
    let bundle = came.bundle();
    let tails = bundle.before.iter().flat_map(|seen| &seen.runs).map(|run| &run.tail);
    let texts = bundle.excerpts.iter().map(|excerpt| &excerpt.text).chain(tails).chain([&came.summary]);
    for text in texts.chain([&came.ran.stdout, &came.ran.stderr]) {
        assert!(!text.contains(&secret), "{text}");
    }
    assert!(bundle.excerpts[0].text.contains("<<REDACTED:"), "{bundle:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excerpt_is_short_and_obeys_nobody() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let noise: String =
        (0..500).map(|line| format!("shop/cart.py:{}:1: E999 line {line}\u{202e}\n", line + 1)).collect();
    let long = format!("shop/cart.py:1:8: F401 `os` imported but unused {}\n::add-mask::x\n{noise}", "y".repeat(9000));
    let log = crate::job_log::step("flake8", &long, 1);
    let run = universe.run(RunScript::red("main", JobScript::failed("lint", &log)).by("mallory")).await;
    let came = Step::new(&universe).of(&run, &[]);
    let bundle = came.bundle();
    let lines: Vec<&str> = bundle.excerpts.iter().flat_map(|excerpt| excerpt.text.lines()).collect();
    assert!(!lines.is_empty() && lines.len() <= 200, "{}", lines.len());
    assert!(lines.iter().all(|line| line.chars().count() <= 300 && !line.contains('\u{202e}')));
    assert!(came.ran.stdout.lines().all(is_annotation), "{came:?}");
}
