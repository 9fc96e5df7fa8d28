//! Output that was cut, or copied without its white space, or that stands below another tool.

use super::form;
use super::tests::{only, row};
use repair_core::Category;

#[test]
fn the_summary_of_tox_is_no_test() {
    let section = |name: &str| format!("{:_^40}\n", format!(" {name} "));
    let captured = "---- Captured stdout call ----\nhello\n";
    let text = format!(
        "{:=^40}\n{}>   assert 0\nE   assert 0\n\na.py:3: AssertionError\n{captured}{:=^40}\n{}ERROR:   py27: commands \
         failed",
        " FAILURES ",
        section("test_a"),
        " 1 failed in 0.02 seconds ",
        section("summary")
    );
    assert_eq!(row(&only(&text)), ("a.py::test_a", Some("AssertionError"), Some("assert 0"), Some(("a.py", Some(3)))));
}

#[test]
fn a_module_whose_traceback_is_missing_could_still_not_be_imported() {
    let text = "====== ERRORS ======\n_____ ERROR collecting a/test_a.py _____\nImportError while importing test module \
                '/x/a/test_a.py'.\n";
    let failure = only(text);
    assert_eq!((failure.category, failure.code.as_deref()), (Category::Import, Some("ImportError")));
}

#[test]
fn lines_that_lost_their_white_space_are_read() {
    let text = "====== FAILURES ======\n_____ test_a _____\na.py:2: in test_a\nf()\nb.py:3: in f\nraise OSError(1)\n\
                E x.CodeError: bad\n";
    let failure = only(text);
    assert_eq!((failure.code.as_deref(), failure.message.as_deref()), (Some("CodeError"), Some("bad")));
    assert_eq!((failure.line, form::error_text("E or not")), (Some(3), None));
}
