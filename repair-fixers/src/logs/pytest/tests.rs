//! pytest output of many kinds.

use super::{Pytest, form};
use proptest::prelude::*;
use repair_core::{Category, Failure, LogParser, Parsed, Phase, Step, StepOutcome, TestCounts};

fn parse_with(text: &str, outcome: StepOutcome) -> Parsed {
    let mut step = Step::default();
    step.command = Some("pytest".to_owned());
    step.output = text.lines().collect();
    step.outcome = outcome;
    Pytest.parse(&step)
}

fn parse(text: &str) -> Parsed {
    parse_with(text, StepOutcome::Failed(Some(1)))
}

#[track_caller]
pub(super) fn only(text: &str) -> Failure {
    let mut failures = parse(text).failures;
    assert_eq!(failures.len(), 1, "{failures:?}");
    failures.remove(0)
}

/// Test id, code, message, path and line.
pub(super) type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<(&'a str, Option<u32>)>);

pub(super) fn row(failure: &Failure) -> Row<'_> {
    let place = failure.path.as_ref().map(|path| (path.as_str(), failure.line));
    (failure.test_id.as_deref().unwrap_or_default(), failure.code.as_deref(), failure.message.as_deref(), place)
}

const FAILED: &str = "\
============================= test session starts ==============================
platform linux -- Python 3.11.4, pytest-8.3.5, pluggy-1.6.0
rootdir: /home/runner/work/shop/shop
collected 3 items

tests/test_cart.py F.F                                                   [100%]

=================================== FAILURES ===================================
______________________________ TestCart.test_sum _______________________________

self = <tests.test_cart.TestCart object at 0x7f>

    def test_sum(self):
>       assert total([1, 2]) == 4
E       AssertionError: assert 3 == 4
E        +  where 3 = total([1, 2])

tests/test_cart.py:8: AssertionError
----------------------------- Captured stdout call -----------------------------
======== FAILURES ========
____ test_printed ____
E   ValueError: printed
3 passed in 0.01s
________________________________ test_add[a - b] _______________________________

    def test_add(name):
>       add(name)

tests/test_cart.py:12: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 

    def add(name):
>       raise shop.Refused(name)
E       shop.cart.RefusedError: a - b

shop/cart.py:3: RefusedError
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_sum - AssertionError: assert 3 ==...
FAILED tests/test_cart.py::test_add[a - b] - shop.cart.RefusedError: a...
========================= 2 failed, 1 passed in 0.05s ==========================
";

#[test]
fn sections_and_summary_are_one_failure_per_test() {
    let parsed = parse(FAILED);
    let rows: Vec<_> = parsed.failures.iter().map(row).collect();
    let expected = [
        (
            "tests/test_cart.py::TestCart::test_sum",
            Some("AssertionError"),
            Some("assert 3 == 4"),
            Some(("tests/test_cart.py", Some(8))),
        ),
        ("tests/test_cart.py::test_add[a - b]", Some("RefusedError"), Some("a - b"), Some(("shop/cart.py", Some(3)))),
    ];
    assert_eq!(rows, expected);
    assert_eq!(parsed.counts, Some(TestCounts { run: 3, failed: 2, skipped: 0 }));
    assert_eq!(parsed.failures[0].log_lines, Some((9, 23)));
}

#[test]
fn without_summary_the_sections_tell() {
    let start = FAILED.find("=========================== short").unwrap();
    let end = FAILED.find("========================= 2 failed").unwrap();
    let ids = |text: &str| parse(text).failures.into_iter().map(|failure| failure.test_id.unwrap()).collect::<Vec<_>>();
    let cut = format!("{}{}", &FAILED[..start], &FAILED[end..]);
    assert_eq!(ids(&cut), ids(FAILED));
}

#[test]
fn without_sections_the_summary_tells() {
    let start = FAILED.find("=================================== FAILURES").unwrap();
    let end = FAILED.find("=========================== short").unwrap();
    let parsed = parse(&format!("{}{}", &FAILED[..start], &FAILED[end..]));
    let rows: Vec<_> = parsed.failures.iter().map(row).collect();
    assert_eq!(rows[0].1, Some("AssertionError"));
    assert_eq!(rows[0].2, Some("assert 3 =="));
    assert_eq!(rows[1].0, "tests/test_cart.py::test_add[a - b]");
    assert_eq!(rows[1].3, Some(("tests/test_cart.py", None)));
}

#[test]
fn a_session_that_passed_has_no_failures_whatever_it_printed() {
    let text = "test_a.py .\nFAILED test_a.py::test_x - printed\n=========================== short test summary info \
                ============================\nFAILED test_a.py::test_y\n1 passed, 2 skipped, 1 xfailed in 0.1s";
    let parsed = parse_with(text, StepOutcome::Unknown);
    assert!(parsed.failures.is_empty() && parsed.passed);
    assert_eq!(parsed.counts, Some(TestCounts { run: 2, failed: 0, skipped: 2 }));
}

#[test]
fn a_module_that_cannot_be_imported_is_a_failure_of_import() {
    let found = only(
        "==================================== ERRORS ====================================\n______________________ ERROR \
         collecting tests/test_a.py ______________________\nImportError while importing test module \
         '/home/runner/work/a/a/tests/test_a.py'.\nTraceback:\n/usr/lib/python3.9/importlib/__init__.py:127: in \
         import_module\n    return x\ntests/test_a.py:2: in <module>\n    from app import b\nE   ImportError: cannot import \
         name 'b' from 'app' (/home/runner/work/a/a/app.py)\n=========================== short test summary info \
         ============================\nERROR tests/test_a.py\n!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection \
         !!!!!!!!!!!!!!!!!!!!\n=============================== 1 error in 0.10s ===============================",
    );
    assert_eq!(
        (found.category, found.phase, found.subject.as_deref()),
        (Category::Import, Phase::Import, Some("app.b"))
    );
    assert_eq!(row(&found).3, Some(("tests/test_a.py", Some(2))));
}

#[test]
fn source_that_does_not_parse_is_a_failure_of_syntax_at_its_place() {
    let found = only(
        "==================================== ERRORS ====================================\n______________________ ERROR \
         collecting tests/test_a.py ______________________\ntests/test_a.py:1: in <module>\n    import app\nE     File \
         \"/home/runner/work/a/a/app.py\", line 3\nE       def f(:\nE             ^\nE   SyntaxError: invalid \
         syntax\n=========================== short test summary info ============================\nERROR \
         tests/test_a.py\n=============================== 1 error in 0.10s ===============================",
    );
    assert_eq!((found.category, found.phase), (Category::Syntax, Phase::Parse));
    assert_eq!(
        row(&found),
        ("tests/test_a.py", Some("SyntaxError"), Some("invalid syntax"), Some(("app.py", Some(3))))
    );
}

#[test]
fn errors_of_fixtures_have_the_tests_id() {
    let found = only(
        "==================================== ERRORS ====================================\n_________________________ ERROR at \
         setup of test_list __________________________\nfile /home/runner/work/a/a/tests/test_u.py, line 5\n  def \
         test_list(clinet):\nE       fixture 'clinet' not found\n\n/home/runner/work/a/a/tests/test_u.py:5\n\
         =========================== short test summary info ============================\nERROR \
         tests/test_u.py::test_list\n============================== 1 error in 1.61s ===============================",
    );
    assert_eq!((found.code.as_deref(), found.subject.as_deref()), (None, Some("clinet")));
    assert_eq!(row(&found).3, Some(("tests/test_u.py", Some(5))));
}

#[test]
fn a_conftest_that_cannot_be_loaded_ends_everything() {
    let found = only(
        "ImportError while loading conftest '/home/runner/work/a/a/tests/conftest.py'.\ntests/conftest.py:6: in <module>\n    \
         import app\napp/__init__.py:2: in <module>\n    import yaml\nE   ModuleNotFoundError: No module named 'yaml'\n\
         ##[error]Process completed with exit code 4.",
    );
    assert_eq!((found.category, found.test_id.as_deref()), (Category::Import, Some("tests/conftest.py")));
    assert_eq!(row(&found).3, Some(("app/__init__.py", Some(2))));
}

#[test]
fn a_line_per_failure_finds_its_test() {
    let found = only(
        "=================================== FAILURES ===================================\n\
         /home/runner/work/a/a/test_a.py:3: AssertionError: assert 1 == 2\n=========================== short test summary \
         info ============================\nFAILED test_a.py::test_x - assert 1 == 2\nFAILED test_a.py::test_y\n1 failed in \
         0.1s"
            .replace("FAILED test_a.py::test_y\n", "")
            .replace("- assert", "- AssertionError: assert")
            .as_str(),
    );
    assert_eq!(
        row(&found),
        ("test_a.py::test_x", Some("AssertionError"), Some("assert 1 == 2"), Some(("test_a.py", Some(3))))
    );
}

#[test]
fn the_test_that_ran_into_the_time_limit_is_named() {
    let found = only(
        "============================= test session starts ==============================\nrootdir: \
         /home/runner/work/a/a\ntest_a.py::test_ok PASSED [ 50%]\ntest_a.py::test_hang +++++++++++ Timeout +++++++++++\n~~~~ \
         Stack of MainThread (1) ~~~~\n  File \"/home/runner/work/a/a/test_a.py\", line 9, in test_hang\n    \
         wait()\n+++++++++++ Timeout +++++++++++",
    );
    assert_eq!(row(&found), ("test_a.py::test_hang", Some("Timeout"), Some("Timeout"), Some(("test_a.py", Some(9)))));
}

#[test]
fn wrong_arguments_are_named() {
    let found = only(
        "ERROR: usage: pytest [options] [file_or_dir]\npytest: error: unrecognized arguments: --cov=a\n  rootdir: /x",
    );
    assert_eq!(
        (found.code.as_deref(), found.message.as_deref()),
        (Some("UsageError"), Some("unrecognized arguments: --cov=a"))
    );
    assert_eq!(
        only("ERROR: file or directory not found: test/\n\n").message.as_deref(),
        Some("file or directory not found: test/")
    );
}

#[test]
fn nothing_collected_fails_only_the_step_that_says_so() {
    let text = "collected 0 items\n============================ no tests ran in 0.01s =============================";
    let found = parse_with(text, StepOutcome::Failed(Some(5))).failures;
    assert_eq!((found[0].code.as_deref(), found[0].message.as_deref()), (Some("5"), Some("no tests ran")));
    assert!(parse_with(text, StepOutcome::Failed(Some(1))).failures.is_empty());
}

#[test]
fn an_internal_error_is_told_by_its_traceback() {
    let found = only(
        "============================= test session starts ==============================\nINTERNALERROR> Traceback (most \
         recent call last):\nINTERNALERROR>   File \"/home/runner/work/a/a/conftest.py\", line 4, in hook\nINTERNALERROR>     \
         x\nINTERNALERROR> KeyError: 'x'\n",
    );
    assert_eq!((found.code.as_deref(), row(&found).3), (Some("KeyError"), Some(("conftest.py", Some(4)))));
}

#[test]
fn a_doctest_is_told_by_what_was_expected() {
    let found = only(
        "=================================== FAILURES ===================================\n___________________________ \
         [doctest] roman.to_roman ___________________________\n002 \n003     >>> to_roman(9)\nExpected:\n    'IX'\nGot:\n    \
         'IIIII'\n\n/home/runner/work/r/r/roman.py:3: DocTestFailure\n=========================== short test summary info \
         ============================\nFAILED roman.py::roman.to_roman\n============================== 1 failed in 1.66s \
         ===============================",
    );
    assert_eq!(found.tool, "doctest");
    assert_eq!(
        row(&found),
        (
            "roman.py::roman.to_roman",
            Some("DocTestFailure"),
            Some("Expected: 'IX' Got: 'IIIII'"),
            Some(("roman.py", Some(3)))
        )
    );
}

#[test]
fn a_module_may_be_named_from_the_root_and_from_the_working_folder() {
    let found = parse(
        "==================================== ERRORS ====================================\n\
         ________________ ERROR collecting backend/tests/test_a.py _________________\n\
         test_a.py:2: in <module>\n    from shop import cart\nE   ImportError: cannot import name 'cart' from 'shop'\n\
         =========================== short test summary info ============================\n\
         ERROR tests/test_a.py\n=============================== 1 error in 0.20s ===============================",
    );
    assert_eq!(found.failures.len(), 1);
    assert_eq!(found.failures[0].category, Category::Import);
    assert_eq!(found.failures[0].test_id.as_deref(), Some("tests/test_a.py"));
}

#[test]
fn lines_of_the_summary_are_read() {
    #[track_caller]
    fn check(line: &str, id: &str, message: Option<&str>) {
        let summary = form::summary(line).unwrap();
        assert_eq!((summary.id.as_str(), summary.message), (id, message));
    }
    check("FAILED a.py::t", "a.py::t", None);
    check("FAILED a.py::t - ValueError: a - b", "a.py::t", Some("ValueError: a - b"));
    check("FAILED a.py::t[a - b] - x[0] - y", "a.py::t[a - b]", Some("x[0] - y"));
    check("FAILED a.py::t[x[1]]", "a.py::t[x[1]]", None);
    check("FAILED a.py::t - list[0]", "a.py::t", Some("list[0]"));
    check("FAIL a.py::C::()::t", "a.py::C::t", None);
    check("SUBFAILED(i=1, j=2) a.py::t - x", "a.py::t", Some("x"));
    check("SUBFAILED[a b] a.py::t - x", "a.py::t", Some("x"));
    check("[a b] (i=1) SUBFAIL a.py::t - x", "a.py::t", Some("x"));
    assert_eq!(form::summary("SKIPPED [1] a.py:3: no"), None);
    assert_eq!(form::summary("RERUN a.py::t"), None);
}

#[test]
fn last_lines_are_counted() {
    #[track_caller]
    fn check(line: &str, run: u64, failed: u64, skipped: u64) {
        assert_eq!(form::tally(line).unwrap().counts, TestCounts { run, failed, skipped }, "{line}");
    }
    check("=== 7 failed, 9 passed, 2 skipped, 1 xfailed, 1 xpassed, 3 errors in 0.35s ===", 21, 10, 2);
    check("1 failed, 830 passed, 1 skipped, 1855 warnings in 526.79s (0:08:46)", 831, 1, 1);
    check("== 2 failed, 9 passed, 1 pytest-warnings in 0.28 seconds ==", 11, 2, 0);
    check("1 failed, 2 passed, 3 subtests passed in 0.1s", 3, 1, 0);
    for line in ["3 files in 2s", "12 passed", "= 12 of 13 =", "1 failed at once", "2 deselected in a row"] {
        assert_eq!(form::tally(line), None, "{line}");
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed(lines in proptest::collection::vec(prop_oneof![
        Just("=================================== FAILURES ===================================".to_owned()),
        Just("=========================== short test summary info ============================".to_owned()),
        Just("_ test_a[é] _".to_owned()), Just("E   Err: x".to_owned()), Just("a.py:3: E".to_owned()),
        Just("- Captured stdout call -".to_owned()), Just("FAILED a.py::test_a[é] - x".to_owned()),
        Just("Traceback (most recent call last):".to_owned()), Just("1 failed in 1s".to_owned()),
        Just("INTERNALERROR> x".to_owned()), Just("a.py::t + Timeout +".to_owned()), Just("! KeyboardInterrupt !".to_owned()),
        "[ -~é]{0,30}",
    ], 0..40)) {
        parse(&lines.join("\n"));
    }
}

/// A whole session: what is between its first lines and its end.
fn session(middle: &str) -> String {
    format!("============================= test session starts ==============================\nrootdir: /r\n{middle}")
}

#[test]
fn the_letters_tell_the_file_of_an_error_in_a_fixture() {
    let text = session(
        "collected 3 items\n\ntests/test_a.py .                     [ 33%]\ntests/test_db.py E.E                   [100%]\n\n\
         ==================================== ERRORS ====================================\n\
         _________________________ ERROR at setup of test_setup _________________________\n\n    @pytest.fixture\n    def \
         base():\n>       return db.connect()\n\ntests/conftest.py:6: \n\
         _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ \n\n>   raise OSError(\"no base\")\nE   \
         OSError: no base\n\nshop/db.py:2: OSError\n\
         ________________________ ERROR at teardown of test_both ________________________\n\nE       RuntimeError: \
         x\n\ntests/conftest.py:11: RuntimeError\n\
         ========================= 2 passed, 2 errors in 0.05s ==========================\n",
    );
    let ids: Vec<_> = parse(&text).failures.into_iter().map(|failure| failure.test_id.unwrap()).collect();
    assert_eq!(ids, ["tests/test_db.py::test_setup", "tests/test_db.py::test_both"]);
}

#[test]
fn a_test_may_fail_and_its_fixture_too() {
    let text = session(
        "t.py FE\n\
         ==================================== ERRORS ====================================\n\
         ________________________ ERROR at teardown of test_both ________________________\n\nE   RuntimeError: \
         x\n\nconftest.py:11: RuntimeError\n\
         =================================== FAILURES ===================================\n\
         __________________________________ test_both ___________________________________\n\nE   assert 1 == 2\n\nt.py:4: \
         AssertionError\n{SUMMARY}========================== 1 failed, 1 error in 0.05s ==========================\n",
    );
    let summary = "=========================== short test summary info ============================\nFAILED t.py::test_both - assert 1 == \
                   2\nERROR t.py::test_both - RuntimeError: x\n";
    for summary in ["", summary] {
        let parsed = parse(&text.replace("{SUMMARY}", summary));
        let mut codes: Vec<_> = parsed.failures.iter().map(|failure| failure.code.as_deref().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["AssertionError", "RuntimeError"]);
        assert!(parsed.failures.iter().all(|failure| failure.test_id.as_deref() == Some("t.py::test_both")));
    }
}

#[test]
fn lines_may_come_with_what_was_printed_and_without_a_summary() {
    let text = session(
        "FxF\n\
         =================================== FAILURES ===================================\n\
         E   assert 3 == 4\n     +  where 3 = f()\n\
         ----------------------------- Captured stdout call -----------------------------\n\
         other.py:3: ValueError: printed\n1 failed in 0.01s\n/r/tests/test_a.py:10: assert 3 == 4\n[XPASS(strict)] \
         known\n[XPASS(strict)] known\n2 failed, 1 xfailed in 0.90s\n",
    );
    let parsed = parse(&text);
    let rows: Vec<_> = parsed.failures.iter().map(row).collect();
    let first = ("", Some("AssertionError"), Some("assert 3 == 4"), Some(("tests/test_a.py", Some(10))));
    assert_eq!(rows, [first, ("", None, Some("[XPASS(strict)] known"), None)]);
    assert_eq!(parsed.counts, Some(TestCounts { run: 3, failed: 2, skipped: 0 }));
}

#[test]
fn a_crash_is_tied_to_the_test_that_ran() {
    let stack = "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n  File \
                 \"/usr/lib/python3.9/ctypes/__init__.py\", line 517 in string_at\n  File \"/r/test_a.py\", line 5 in test_b\n";
    let verbose = only(&session(&format!("test_a.py::test_a PASSED [ 50%]\ntest_a.py::test_b {stack}")));
    let place = Some(("test_a.py", Some(5)));
    assert_eq!(row(&verbose), ("test_a.py::test_b", Some("139"), Some("Segmentation fault"), place));
    let quiet = only(&session(&format!("test_a.py .{stack}")));
    assert_eq!(row(&quiet), ("", Some("139"), Some("Segmentation fault"), place));
}

#[test]
fn stacks_of_a_session_that_went_on_are_no_failure() {
    let text = session(
        "Timeout (0:00:01)!\nThread 0x1 (most recent call first):\n  File \"a.py\", line 1 in f\n\
         ============================== 1 passed in 3.00s ===============================\n",
    );
    assert!(parse_with(&text, StepOutcome::Unknown).failures.is_empty());
}

#[test]
fn a_process_that_ends_without_a_word_leaves_the_test_that_ran() {
    let text = session("t.py::test_a PASSED   [ 50%]\nt.py::test_b \n##[error]Process completed with exit code 3.");
    let found = parse_with(&text, StepOutcome::Failed(Some(3))).failures;
    assert_eq!(row(&found[0]), ("t.py::test_b", Some("3"), None, Some(("t.py", None))));
    assert!(parse_with(&text, StepOutcome::Failed(None)).failures.is_empty(), "it may have been cancelled");
}

#[test]
fn a_time_limit_that_ended_a_test_alone_is_its_failure() {
    let text = session(
        "t.py F\n\n\
         +++++++++++++++++++++++++++++++++++ Timeout ++++++++++++++++++++++++++++++++++++\n\
         ~~~~~~~~~~~~~~~ Stack of Thread-1 (139880503396032) ~~~~~~~~~~~~~~~\n  File \"/usr/lib/python3.9/threading.py\", line 9, in \
         run\n+++++++++++++++++++++++++++++++++++ Timeout ++++++++++++++++++++++++++++++++++++\n\
         =========================== short test summary info ============================\nFAILED t.py::test_a - Failed: \
         Timeout (>1.0s) from pytest-timeout.\n\
         ============================== 1 failed in 2.61s ===============================\n",
    );
    assert_eq!(only(&text).message.as_deref(), Some("Timeout (>1.0s) from pytest-timeout."));
}

#[test]
fn an_exit_is_told_behind_the_end() {
    let text = session(
        "t.py::test_a PASSED\nt.py::test_b \n\
         ============================== 1 passed in 5.11s ===============================\n\
         !!!!!!!!!!!!!!!!!!!!! _pytest.outcomes.Exit: enough of it !!!!!!!!!!!!!!!!!!!!!!\n",
    );
    let parsed = parse_with(&text, StepOutcome::Unknown);
    assert_eq!(row(&parsed.failures[0]), ("t.py::test_b", Some("Exit"), Some("enough of it"), Some(("t.py", None))));
}

#[test]
fn the_numbers_count_where_nothing_is_named() {
    let text = session(
        "collected 2 items\n\nt.py FF\n\n============================== 2 failed in 0.02s ===============================\n",
    );
    assert_eq!(row(&only(&text)), ("", Some("1"), Some("2 failed"), None));
    let nothing = session(
        "collected 1 item / 1 deselected\n\n============================ 1 deselected in 0.02s =============================\n",
    );
    let found = parse_with(&nothing, StepOutcome::Unknown).failures;
    assert_eq!(found[0].message.as_deref(), Some("1 deselected"));
    let listed = nothing.replace("\n\n=", "\n<Module t.py>\n=");
    assert!(parse_with(&listed, StepOutcome::Unknown).failures.is_empty(), "the tests were only listed");
}

#[test]
fn a_conftest_in_a_folder_is_the_module_that_cannot_be_collected() {
    let text = session(
        "collected 1 item / 1 error\n\n\
         ==================================== ERRORS ====================================\n\
         ________________________ ERROR collecting test session _________________________\ntests/unit/conftest.py:1: in \
         <module>\n    nowhere\nE   NameError: name 'nowhere' is not defined\n\
         =========================== short test summary info ============================\nERROR  - NameError: name 'nowhere' \
         is not defined\n\
         =============================== 1 error in 0.09s ===============================\n",
    );
    let place = Some(("tests/unit/conftest.py", Some(1)));
    let message = Some("name 'nowhere' is not defined");
    assert_eq!(row(&only(&text)), ("tests/unit/conftest.py", Some("NameError"), message, place));
}

#[test]
fn a_shell_reports_the_crash_of_a_verbose_run() {
    let text = session(
        "t.py::test_a PASSED\nt.py::test_b \nx.sh: line 1:  77 Segmentation fault      (core dumped) pytest -v",
    );
    let found = parse_with(&text, StepOutcome::Unknown).failures;
    assert_eq!(
        row(&found[0]),
        ("t.py::test_b", Some("139"), Some("Segmentation fault      (core dumped) pytest -v"), None)
    );
}
