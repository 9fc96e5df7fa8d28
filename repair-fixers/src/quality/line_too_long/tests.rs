//! Shapes of lines that were too long.

use super::*;
use repair_core::testing::{Fixture, check_skipped, propose};
use repair_core::{Category, Facts, Failure};

const BLACK: &str = "#- pyproject.toml\n[tool.black]\n";

fn failure(limit: usize) -> Failure {
    let mut failure = Failure::new(Category::Quality, "flake8");
    failure.code = Some("E501".to_owned());
    failure.message = Some(format!("line too long (99 > {limit} characters)"));
    failure
}

#[track_caller]
fn fixed(project: &str, before: &str, after: &str) -> Applicability {
    let fixture = Fixture::new(&format!("#- a.py\n{before}{project}"));
    let failure = fixture.place(failure(30));
    let fixes = propose(&LineTooLong, &fixture.snapshot, &failure, &Facts::default()).expect("a fix");
    let repaired = fixes[0].changes().apply(&fixture.snapshot).unwrap();
    assert_eq!(repaired.text(&fixture.marks[0].0).unwrap(), after);
    fixes[0].applicability()
}

#[track_caller]
fn safe(project: &str, before: &str, after: &str) {
    assert_eq!(fixed(project, before, after), Applicability::Safe);
}

#[track_caller]
fn not_safe(project: &str, before: &str, after: &str) {
    assert_eq!(fixed(project, before, after), Applicability::Unsafe);
}

#[test]
fn comments_are_moved_and_wrapped() {
    safe(
        "",
        "def f():\n    $0x = 1  # a comment that is too long for it\n",
        "def f():\n    # a comment that is too\n    # long for it\n    x = 1\n",
    );
    safe("", "$0# - an item that is too long here\nx = 1\n", "# - an item that is too long\n#   here\nx = 1\n");
    safe(
        "",
        "f(\n    a,\n    $0b,  # a comment of this item\n)\n",
        "f(\n    a,\n    # a comment of this item\n    b,\n)\n",
    );
}

#[test]
fn docstrings_are_wrapped_between_words() {
    not_safe(
        "",
        "def f():\n    $0\"\"\"Say what is to be said of it.\"\"\"\n",
        "def f():\n    \"\"\"Say what is to be said\n    of it.\"\"\"\n",
    );
    not_safe(
        "",
        "def f():\n    \"\"\"Say.\n\n    $0:param a: what is to be said of it\n    \"\"\"\n",
        "def f():\n    \"\"\"Say.\n\n    :param a: what is to be\n        said of it\n    \"\"\"\n",
    );
}

#[test]
fn black_finds_its_own_shapes() {
    safe(BLACK, "$0x = function_name(aaaa, bbbb, cc)\n", "x = function_name(\n    aaaa, bbbb, cc\n)\n");
    safe(BLACK, "$0x = [aaaaaaaaaa, bbbbbbbbb, cccc]\n", "x = [\n    aaaaaaaaaa,\n    bbbbbbbbb,\n    cccc,\n]\n");
    safe(
        BLACK,
        "$0x = function_name(aaaaaaaaa, bbbbbbbbb, cccccc)\n",
        "x = function_name(\n    aaaaaaaaa,\n    bbbbbbbbb,\n    cccccc,\n)\n",
    );
    safe(
        BLACK,
        "$0def function(aaaaaaa, bbbbbbbbb):\n    pass\n",
        "def function(\n    aaaaaaa, bbbbbbbbb\n):\n    pass\n",
    );
    safe(
        BLACK,
        "$0def function(aaaaaaa=bbbbbbbbb):\n    pass\n",
        "def function(\n    aaaaaaa=bbbbbbbbb,\n):\n    pass\n",
    );
    safe(
        BLACK,
        "def f():\n    $0return aaaaaaa and bbbbbbb and ccccc\n",
        "def f():\n    return (\n        aaaaaaa\n        and bbbbbbb\n        and ccccc\n    )\n",
    );
    safe(
        BLACK,
        "$0if aaaaaaa not in bbbbbbb and ccc:\n    pass\n",
        "if (\n    aaaaaaa not in bbbbbbb\n    and ccc\n):\n    pass\n",
    );
    safe(BLACK, "$0from aaaaaaaa import bbbbbbbb, cccc\n", "from aaaaaaaa import (\n    bbbbbbbb,\n    cccc,\n)\n");
}

#[test]
fn the_items_of_a_line_within_a_bracket_get_lines_of_their_own() {
    safe(
        BLACK,
        "f(\n    $0aaaaaaaa, bbbbbbbb(1), ccccccc\n)\n",
        "f(\n    aaaaaaaa,\n    bbbbbbbb(1),\n    ccccccc,\n)\n",
    );
    safe(
        BLACK,
        "$0x = [aaaaa for bbbbb in ccccc if ddddd]\n",
        "x = [\n    aaaaa\n    for bbbbb in ccccc\n    if ddddd\n]\n",
    );
}

#[test]
fn other_projects_keep_their_alignment() {
    safe("", "$0x = function(aaaaaa, bbbbbb, ccc)\n", "x = function(aaaaaa, bbbbbb,\n             ccc)\n");
    safe(
        "",
        "x = f(a,\n      $0bbbbbbbbbbbb, cccccccc, ddddd)\n",
        "x = f(a,\n      bbbbbbbbbbbb, cccccccc,\n      ddddd)\n",
    );
}

#[test]
fn a_string_in_brackets_is_split() {
    not_safe(
        "",
        "raise E(\n    $0'a text that is too long for it'\n)\n",
        "raise E(\n    'a text that is too long '\n    'for it'\n)\n",
    );
    not_safe(
        "",
        "$0x = 'a text that is too long for it'\n",
        "x = (\n    'a text that is too long '\n    'for it'\n)\n",
    );
}

#[test]
fn what_cannot_be_broken_is_left_alone() {
    let skipped = |text: &str, reason| check_skipped(&LineTooLong, text, failure(30), reason);
    skipped("#- a.py\n$0# https://example.org/a/path/that/is/long\n", "no way");
    skipped("#- a.py\n$0x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'\n", "no way");
    skipped("#- a.py\nx = '''\n$0SELECT a FROM b WHERE c AND d OR e'''\n", "no way");
    skipped("#- a.py\n$0x = f(aaaaaaaaaaaaaaa)  # type: ignore\n", "no way");
    skipped("#- a.py\n$0x = 1\n", "short enough");
    skipped("#- a.py\n$0xxxxxxxxxxxxxxxxxx = yyyyyyyyyyyyyyy  # noqa\n", "silent");
}
