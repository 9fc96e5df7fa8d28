//! Files as tools write them, and files as nobody should.

use super::*;
use crate::logs::{Conclusion, diagnose, read as read_log};
use proptest::prelude::*;
use repair_core::{Category, Failure, Phase};

fn report(text: &str) -> Report {
    read(text.as_bytes()).unwrap()
}

fn alone(text: &str) -> Diagnosis {
    let log = Log::default();
    join(&log, diagnose(&log), &[report(text)], &|_| false)
}

fn with_log(log: &str, text: &str) -> Diagnosis {
    let log = read_log(log.as_bytes()).unwrap();
    join(&log, diagnose(&log), &[report(text)], &|_| false)
}

type Told<'a> = (Category, &'a str, Option<&'a str>, Option<&'a str>, Option<(&'a str, Option<u32>)>);

fn told(failure: &Failure) -> Told<'_> {
    (
        failure.category,
        failure.test_id.as_deref().unwrap_or_default(),
        failure.code.as_deref(),
        failure.message.as_deref(),
        failure.path.as_ref().map(|path| (path.as_str(), failure.line)),
    )
}

const PYTEST: &str = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest"
 errors="2" failures="1" skipped="2" tests="6" time="0.1"><properties><property name="a" value="b"/></properties>
<testcase classname="tests.test_a.TestX" name="test_y[a&lt;1&gt;]" time="0.001"><failure
 message="AssertionError: one&#10;assert 1 == 2">self = &lt;test_a.TestX object&gt;

    def test_y(self):
&gt;       assert 1 == 2, 'one'
E       AssertionError: one
E       assert 1 == 2

tests/test_a.py:7: AssertionError</failure></testcase>
<testcase classname="tests.test_a" name="test_fixture" time="0.0"><error
 message="failed on setup with &quot;ValueError: no value&quot;">@pytest.fixture
    def value():
&gt;       raise ValueError('no value')
E       ValueError: no value

tests/conftest.py:5: ValueError</error></testcase>
<testcase classname="" name="tests.test_b" time="0.0"><error message="collection failure">ImportError while importing
 test module '/home/runner/work/a/a/tests/test_b.py'.
Traceback:
tests/test_b.py:1: in &lt;module&gt;
    import nope
E   ModuleNotFoundError: No module named 'nope'</error></testcase>
<testcase classname="tests.test_a" name="test_ok" time="0.0"><system-out>E   no failure</system-out></testcase>
<testcase classname="tests.test_a" name="test_x" time="0.0"><skipped type="pytest.xfail" message="known"/></testcase>
<testcase classname="tests.test_a" name="test_s" time="0.0"><skipped type="pytest.skip" message="no">tests/a.py:1: no</skipped></testcase>
</testsuite></testsuites>"#;

#[test]
fn pytest_is_read() {
    let diagnosis = alone(PYTEST);
    let found: Vec<_> = diagnosis.failures.iter().map(told).collect();
    let expected: [Told<'_>; 3] = [
        (
            Category::Test,
            "tests/test_a.py::TestX::test_y[a<1>]",
            Some("AssertionError"),
            Some("one"),
            Some(("tests/test_a.py", Some(7))),
        ),
        (
            Category::Test,
            "tests/test_a.py::test_fixture",
            Some("ValueError"),
            Some("no value"),
            Some(("tests/conftest.py", Some(5))),
        ),
        (
            Category::Import,
            "tests/test_b.py",
            Some("ModuleNotFoundError"),
            Some("No module named 'nope'"),
            Some(("tests/test_b.py", Some(1))),
        ),
    ];
    assert_eq!(found, expected);
    assert_eq!(diagnosis.failures[2].phase, Phase::Import);
    assert_eq!(diagnosis.counts, Some(TestCounts { run: 5, failed: 3, skipped: 1 }));
    assert_eq!(diagnosis.conclusion, Conclusion::Failed);
}

#[test]
fn pytest_before_six_is_read() {
    let text = r#"<testsuite errors="0" failures="1" name="pytest" skipped="0" tests="1"><testcase classname="test_m.T"
        file="test_m.py" line="3" name="test_a" time="0.1"><failure message="assert 0">def test_a():
&gt;       assert 0
E       assert 0

test_m.py:5: AssertionError</failure></testcase></testsuite>"#;
    let found = alone(text).failures;
    assert_eq!(
        found.iter().map(told).collect::<Vec<_>>(),
        [(
            Category::Test,
            "test_m.py::T::test_a",
            Some("AssertionError"),
            Some("assert 0"),
            Some(("test_m.py", Some(5)))
        )]
    );
}

#[test]
fn a_test_that_fails_and_cannot_be_torn_down_failed_once_in_two_ways() {
    let case = |inner: &str| format!("<testcase classname=\"t\" name=\"a\">{inner}</testcase>");
    let text = format!(
        "<testsuite name=\"pytest\">{}{}</testsuite>",
        case("<failure message=\"assert 0\"/>"),
        case("<error message=\"failed on teardown with &quot;OSError: gone&quot;\"/>")
    );
    let diagnosis = alone(&text);
    let codes: Vec<_> = diagnosis.failures.iter().map(|failure| failure.code.as_deref()).collect();
    assert_eq!(codes, [Some("AssertionError"), Some("OSError")]);
    assert_eq!(diagnosis.counts, Some(TestCounts { run: 1, failed: 1, skipped: 0 }));
}

#[test]
fn unittest_xml_reporting_is_read() {
    let text = r#"<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="tests.test_a.TestA-20250301100000"
        tests="2" file="tests/test_a.py" failures="1" errors="0" skipped="0"><testcase classname="tests.test_a.TestA"
        name="test_x" time="0.1" file="tests/test_a.py" line="5"><failure type="AssertionError"
        message="1 != 2"><![CDATA[Traceback (most recent call last):
  File "/srv/ci/app/tests/test_a.py", line 7, in test_x
    self.assertEqual(one(), 2)
  File "/srv/ci/app/app/one.py", line 3, in one
    return helper()
AssertionError: 1 != 2
]]></failure></testcase><testcase classname="tests.test_a.TestA" name="test_ok"/></testsuite></testsuites>"#;
    let diagnosis = alone(text);
    let failure = &diagnosis.failures[0];
    assert_eq!(
        told(failure),
        (
            Category::Test,
            "tests.test_a.TestA.test_x",
            Some("AssertionError"),
            Some("1 != 2"),
            Some(("app/one.py", Some(3)))
        )
    );
    assert_eq!(failure.tool, "unittest");
}

#[test]
fn nose_is_read() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?><testsuite name="nosetests" tests="1" errors="1" failures="0"
        skip="0"><testcase classname="test_m" name="test_a" time="0.001"><error type="exceptions.ValueError"
        message="bad"><![CDATA[Traceback (most recent call last):
  File "/home/travis/build/o/r/test_m.py", line 4, in test_a
    raise ValueError('bad')
ValueError: bad
]]></error></testcase></testsuite>"#;
    let failure = &alone(text).failures[0];
    assert_eq!(
        (failure.tool.as_str(), told(failure)),
        ("nose", (Category::Test, "test_m.test_a", Some("ValueError"), Some("bad"), Some(("test_m.py", Some(4)))))
    );
}

#[test]
fn what_passed_when_run_again_is_noted_and_what_failed_again_is_one_failure() {
    let text = r#"<testsuite name="s" tests="2"><testcase classname="a.b" name="flaky"><flakyFailure
        message="m" type="t">x</flakyFailure></testcase><testcase classname="a.b" name="bad"><failure
        message="ValueError: no">E   ValueError: no</failure><rerunFailure message="ValueError: no"
        type="t">x</rerunFailure></testcase></testsuite>"#;
    let diagnosis = alone(text);
    assert_eq!(diagnosis.failures.len(), 1);
    assert_eq!(diagnosis.failures[0].code.as_deref(), Some("ValueError"));
    assert_eq!(diagnosis.notes, ["1 test failed first and passed when run again"]);
    assert_eq!(diagnosis.counts, Some(TestCounts { run: 2, failed: 1, skipped: 0 }));
}

const STEP: &str = "##[group]Run pytest\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: bash\n##[endgroup]\n";

#[test]
fn the_report_is_believed_and_the_log_says_where_and_what_else() {
    let log = format!(
        "{STEP}=========================== short test summary info ============================\n\
         FAILED tests/test_a.py::TestX::test_y[a<1>] - Asserti...\nFAILED tests/other.py::test_z - KeyError: 'z'\n\
         2 failed in 0.1s\n##[error]Process completed with exit code 1.\n"
    );
    let diagnosis = with_log(&log, PYTEST);
    let ids: Vec<_> = diagnosis.failures.iter().filter_map(|failure| failure.test_id.as_deref()).collect();
    assert_eq!(
        ids,
        [
            "tests/test_a.py::TestX::test_y[a<1>]",
            "tests/other.py::test_z",
            "tests/test_a.py::test_fixture",
            "tests/test_b.py"
        ]
    );
    let first = &diagnosis.failures[0];
    assert_eq!((first.message.as_deref(), first.line, first.log_lines), (Some("one"), Some(7), Some((6, 6))));
    assert_eq!(diagnosis.failed_steps[0].failures, [0, 1, 2, 3]);
    assert_eq!(diagnosis.counts.map(|counts| counts.run), Some(5));
}

#[test]
fn a_step_of_which_only_the_exit_code_is_known_is_explained_by_the_report() {
    let log = format!("{STEP}...\nsomething else\n##[error]Process completed with exit code 1.\n");
    assert_eq!(diagnose(&read_log(log.as_bytes()).unwrap()).failures.len(), 1);
    let diagnosis = with_log(&log, PYTEST);
    assert_eq!(diagnosis.failures.len(), 3);
    assert!(diagnosis.failures.iter().all(|failure| failure.test_id.is_some()), "{:?}", diagnosis.failures);
    assert_eq!(diagnosis.failed_steps[0].failures, [0, 1, 2]);
    let passing = "<testsuite name=\"pytest\"><testcase classname=\"a\" name=\"b\"/></testsuite>";
    assert_eq!(with_log(&log, passing).failures.len(), 1, "a report without failures explains none");
    assert_eq!(alone(passing).conclusion, Conclusion::Passed);
}

#[test]
fn colours_in_a_report_do_not_disturb() {
    let text = "<testsuite name=\"pytest\"><testcase classname=\"t\" name=\"a\"><failure message=\"x\">#x1B[1m#x1B[31mE   \
                ValueError: bad#x1B[0m\n\n#x1B[1m#x1B[31mt.py#x1B[0m:3: ValueError</failure></testcase></testsuite>";
    let found = alone(text).failures;
    assert_eq!(told(&found[0]), (Category::Test, "t.py::a", Some("ValueError"), Some("bad"), Some(("t.py", Some(3)))));
}

#[test]
fn what_two_reports_tell_is_one_failure() {
    let (log, one) = (Log::default(), report(PYTEST));
    let diagnosis = join(&log, diagnose(&log), &[one.clone(), one], &|_| false);
    assert_eq!(diagnosis.failures.len(), 3);
    assert_eq!(diagnosis.counts.map(|counts| counts.run), Some(10));
}

#[track_caller]
fn refused(bytes: &[u8], words: &str) {
    let error = read(bytes).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn hostile_and_broken_files_are_refused_with_a_sentence() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><testsuite>&b;</testsuite>";
    refused(laughs.as_bytes(), "document type");
    let external = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><testsuite name=\"&f;\"/>";
    refused(external.as_bytes(), "document type");
    refused(b"<testsuite><testcase name=\"a\"><failure>&f;</failure></testcase></testsuite>", "entity `f`");
    refused(b"<testsuite name=\"&f;\"/>", "entity");
    refused(b"<coverage line-rate=\"1\"/>", "`coverage`");
    refused(b"", "empty");
    refused(b"  \n", "empty");
    refused(b"no xml at all", "empty");
    refused(&PYTEST.as_bytes()[..PYTEST.len() - 20], "ends in the middle");
    refused(&PYTEST.as_bytes()[..PYTEST.len() / 2], "ends in the middle");
    refused(b"<testsuite><testcase name=\"a", "ends in the middle");
    refused(b"<testsuite></testcase></testsuite>", "not well-formed");
    refused(b"\xff\xfe<\0t\0", "UTF-16");
    refused(b"<\0t\0e\0", "UTF-16");
    refused(b"\0<\0t", "UTF-16");
    refused(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><testsuite/>", "`ISO-8859-1`");
    refused(b"<testsuite name=\"\xff\"/>", "not well-formed");
    refused("<testsuite>".repeat(100).as_bytes(), "nested more than 64");
}

#[test]
fn only_the_text_of_failures_is_kept() {
    let noise = "x".repeat(1 << 20);
    let text = format!(
        "\u{feff}<testsuite name=\"pytest\"><testcase classname=\"t\" name=\"a\"><system-out>{noise}</system-out>\
         <failure message=\"m\">{noise}</failure></testcase></testsuite>"
    );
    let report = report(&text);
    assert_eq!(report.cases[0].problems[0].text.len(), 256 << 10);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(bytes.as_slice());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(<testsuite>|</testsuite>|<testcase name='a' classname='b.C'>|</testcase>|<failure message='x'>|</failure>|<error/>|<skipped/>|&lt;|&#10;|&x;|<!--|-->|<![CDATA[|]]>|E   ValueError: x|\n|a.py:3: X){0,20}") {
        if let Ok(report) = read(text.as_bytes()) {
            let log = Log::default();
            join(&log, diagnose(&log), &[report], &|_| false);
        }
    }
}
