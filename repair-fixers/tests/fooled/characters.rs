//! Characters that turn text around, have no width, or stand for something else.

use crate::build::{SESSION, check, failed, found, session};

const BIDI: &str = "\u{202e}dab\u{202c} \u{2066}x\u{2069} \u{200f}";
const NO_WIDTH: &str = "a\u{200b}b\u{200d}c\u{2060}d\u{feff}e";
const TAGS: &str = "x\u{e0041}\u{e0042}\u{e007f}";

#[test]
fn messages_keep_their_characters_and_are_found() {
    for text in [BIDI, NO_WIDTH, TAGS] {
        let log = failed("pytest", &session("").replace("ValueError: bad", &format!("ValueError: {text}")));
        check(log, &[&format!("test ValueError test_a.py:3 test_a.py::test_b {}", text.trim())]);
    }
}

#[test]
fn paths_with_such_characters_are_found() {
    for text in ["a\u{200b}b", "\u{202e}ab", "x\u{e0041}", "naïve", "日本"] {
        let log =
            failed("ruff check .", &format!("src/{text}.py:1:8: F401 [*] `os` imported but unused\nFound 1 error."));
        check(log, &[&format!("quality F401 src/{text}.py:1 - `os` imported but unused")]);
    }
}

#[test]
fn names_of_tests_with_such_characters_are_found() {
    for text in ["a\u{200b}b", "é", "\u{202e}x"] {
        let log = failed("pytest", &session("").replace("test_b", &format!("test_b[{text}]")));
        check(log, &[&format!("test ValueError test_a.py:3 test_a.py::test_b[{text}] bad")]);
    }
}

#[test]
fn secrets_that_are_blotted_out_hide_nothing_else() {
    let text = "/home/runner/work/***/***/src/app.py:3:1: F401 [*] `os` imported but unused\nFound 1 error.";
    check(failed("ruff check .", text), &["quality F401 src/app.py:3 - `os` imported but unused"]);
    let masked = session("").replace("test_b", "test_***").replace("bad", "*** is ***");
    check(failed("pytest", &masked), &["test ValueError test_a.py:3 test_a.py::test_*** *** is ***"]);
    let folder = "src/***/app.py:3:1: F401 [*] `***` imported but unused\nFound 1 error.";
    check(failed("ruff check .", folder), &["quality F401 src/***/app.py:3 - `***` imported but unused"]);
}

#[test]
fn bytes_that_are_no_utf8_are_read_around() {
    let mut log = failed("pytest", &session("")).into_bytes();
    let at = log.windows(9).position(|window| window == b"collected").unwrap();
    log.splice(at..at, *b"\xff\xfe\xc3\x28\xf0\x9f ");
    check(&log, &[SESSION]);
    let latin = failed("pytest", &session("").replace("ValueError: bad", "ValueError: b\u{1}d"));
    let latin: Vec<u8> = latin.bytes().map(|byte| if byte == 1 { 0xe4 } else { byte }).collect();
    assert_eq!(found(latin), ["test ValueError test_a.py:3 test_a.py::test_b b\u{fffd}d"]);
}

#[test]
fn zeros_in_the_output_do_not_make_it_binary() {
    let zeros = "\0".repeat(300);
    check(failed("pytest", &format!("{zeros}\n{}", session(""))), &[SESSION]);
}
