//! Paths of every shape.

use crate::build::{check, failed, session};

/// What ruff finds in a file, as far as the place is concerned.
#[track_caller]
fn check_path(printed: &str, expected: &str) {
    let log = failed("ruff check .", &format!("{printed}:3:8: F401 [*] `os` imported but unused\nFound 1 error."));
    check(log, &[&format!("quality F401 {expected} - `os` imported but unused")]);
}

#[test]
fn spaces_and_colons_belong_to_names() {
    check_path("src/my file.py", "src/my file.py:3");
    check_path("src/a:b.py", "src/a:b.py:3");
    check_path("src/a (1).py", "src/a (1).py:3");
    check_path("src/a[1].py", "src/a[1].py:3");
}

#[test]
fn windows_names_its_files_in_its_own_way() {
    check_path(r"src\app.py", "src/app.py:3");
    check_path(r"D:\a\shop\shop\src\app.py", "src/app.py:3");
    check_path(r"\\?\D:\a\shop\shop\src\app.py", "src/app.py:3");
}

#[test]
fn what_lies_outside_of_the_checkout_has_no_path() {
    check_path("/home/runner/work/a/a/../../../../../etc/app.py", "-");
    check_path("src/../../../etc/app.py", "-");
    for outside in ["/etc/app.py", "/usr/lib/python3.11/json/decoder.py", "/home/runner/work/a/a/../../../x/app.py"] {
        let text = format!(
            "Traceback (most recent call last):\n  File \"/home/runner/work/a/a/tool.py\", line 2, in f\n    x\n  File \"{outside}\", line \
             9, in g\n    y\nValueError: bad"
        );
        check(failed("python tool.py", &text), &["test ValueError tool.py:2 - bad"]);
    }
}

#[test]
fn steps_up_that_stay_inside_are_followed() {
    check_path("src/../lib/app.py", "lib/app.py:3");
    check_path("./src/app.py", "src/app.py:3");
    check_path("/home/runner/work/shop/shop/src/../lib/app.py", "lib/app.py:3");
}

#[test]
fn numbers_that_are_too_big_are_no_lines() {
    for number in ["4294967296", "99999999999999999999999999"] {
        let log = failed(
            "ruff check .",
            &format!("src/app.py:{number}:8: F401 [*] `os` imported but unused\nFound 1 error."),
        );
        let found = crate::build::diagnosis(log).failures;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, None, "{found:?}");
    }
    let log = failed("pytest", &session("").replace("test_a.py:3:", "test_a.py:99999999999:"));
    assert_eq!(crate::build::diagnosis(log).failures.len(), 1);
}
