//! Slips of every class, and what the search makes of them.

use super::search::Repairs;
use super::site::Class;
use repair_core::testing::{Fixture, check, check_skipped, propose};
use repair_core::{Applicability, Category, Facts, Failure};

#[track_caller]
fn mended(broken: &str, expected: &str, class: Class) {
    let repairs = Repairs::of(broken);
    let best = repairs.0.first().expect("a repair");
    assert_eq!(best.text, expected, "{repairs:#?}");
    assert_eq!(best.classes[0], class, "{repairs:#?}");
}

#[test]
fn colons_are_added_or_put_in_place_of_another_sign() {
    mended("if x > 1\n    y()\n", "if x > 1:\n    y()\n", Class::MissingColon);
    mended("else_ = 1\nfor a in b  # why\n    c()\n", "else_ = 1\nfor a in b:  # why\n    c()\n", Class::MissingColon);
    mended("if x:\n    y()\nelse\n    z()\n", "if x:\n    y()\nelse:\n    z()\n", Class::MissingColon);
    mended("while True;\n    y()\n", "while True:\n    y()\n", Class::MissingColon);
    mended("class A(B)\n    x = 1\n", "class A(B):\n    x = 1\n", Class::MissingColon);
}

#[test]
fn print_statements_become_calls() {
    mended("print 'a'\n", "print('a')\n", Class::PrintStatement);
    mended("print a, b  # c\n", "print(a, b)  # c\n", Class::PrintStatement);
    mended("print 'x',\n", "print('x', end=' ')\n", Class::PrintStatement);
    mended("print 'a %s' % (\n    b,\n)\n", "print('a %s' % (\n    b,\n))\n", Class::PrintStatement);
    mended("if a: print 'x'; b()\n", "if a: print('x'); b()\n", Class::PrintStatement);
}

#[test]
fn many_print_statements_are_one_repair() {
    let broken = "def f():\n    print 'a'\n".repeat(60);
    let expected = "def f():\n    print('a')\n".repeat(60);
    mended(&broken, &expected, Class::PrintStatement);
}

#[test]
fn the_rest_of_python_2_is_translated() {
    mended("try:\n    a()\nexcept B, b:\n    c()\n", "try:\n    a()\nexcept B as b:\n    c()\n", Class::Python2);
    mended("raise A, 'x'\n", "raise A('x')\n", Class::Python2);
    mended("exec 'x = 1'\n", "exec('x = 1')\n", Class::Python2);
    mended("a = `b`\n", "a = repr(b)\n", Class::Python2);
    mended("a <> b\n", "a != b\n", Class::Python2);
    mended("a = 0755\n", "a = 0o755\n", Class::Python2);
    mended("a = 10L\n", "a = 10\n", Class::Python2);
    mended("a = ur'b'\n", "a = r'b'\n", Class::Python2);
}

#[test]
fn brackets_are_closed_where_the_statement_ends() {
    mended("a = f(b, c\nd = 1\n", "a = f(b, c)\nd = 1\n", Class::UnclosedBracket);
    mended("if f(a:\n    b()\n", "if f(a):\n    b()\n", Class::UnclosedBracket);
    mended("a = [\n    1,\n    2,\n\nb = 1\n", "a = [\n    1,\n    2,\n]\n\nb = 1\n", Class::UnclosedBracket);
    mended("a = f(g(b)\n", "a = f(g(b))\n", Class::UnclosedBracket);
    mended("a = [(1, 2]\n", "a = [(1, 2)]\n", Class::UnclosedBracket);
    mended("a = f(b))\n", "a = f(b)\n", Class::UnmatchedBracket);
    mended("a = [1, 2)\n", "a = [1, 2]\n", Class::UnmatchedBracket);
}

#[test]
fn quotes_are_mended() {
    mended("a = f('b)\n", "a = f('b')\n", Class::UnclosedString);
    mended("a = 'b\n", "a = 'b'\n", Class::UnclosedString);
    mended("a = 'b\"\n", "a = 'b'\n", Class::UnclosedString);
    mended("a = 'don't'\n", "a = 'don\\'t'\n", Class::UnclosedString);
    mended("a = '''b\n", "a = '''b'''\n", Class::UnclosedString);
}

#[test]
fn indentation_is_mended() {
    mended("def f():\nreturn 1\n", "def f():\n    return 1\n", Class::Indentation);
    mended("if a:\nb()\nelse:\nc()\n", "if a:\n    b()\nelse:\n    c()\n", Class::Indentation);
    mended("a = 1\n  b = 2\nc = 3\n", "a = 1\nb = 2\nc = 3\n", Class::Indentation);
    mended("  a = 1\n  b = 2\n", "a = 1\nb = 2\n", Class::Indentation);
    mended("if a:\n    b()\n   c()\n", "if a:\n    b()\n    c()\n", Class::Indentation);
    mended(
        "def f():\n    \"\"\"D.\"\"\"\n\ndef g():\n\ndef h():\n    pass\n",
        "def f():\n    \"\"\"D.\"\"\"\n\ndef g():\n    pass\n\ndef h():\n    pass\n",
        Class::EmptyBody,
    );
    mended("if a:\n        b()\n\tc()\n", "if a:\n        b()\n        c()\n", Class::MixedTabs);
}

#[test]
fn keywords_are_spelled_right() {
    mended("def f():\n    retrun 1\n", "def f():\n    return 1\n", Class::MisspelledKeyword);
    mended("improt os\n", "import os\n", Class::MisspelledKeyword);
    mended("Class A:\n    b = 1\n", "class A:\n    b = 1\n", Class::MisspelledKeyword);
    mended("if a:\n    b()\nelse if c:\n    d()\n", "if a:\n    b()\nelif c:\n    d()\n", Class::MisspelledKeyword);
    mended("function f(a):\n    return a\n", "def f(a):\n    return a\n", Class::MisspelledKeyword);
}

#[test]
fn single_tokens_are_inserted_removed_and_replaced() {
    mended("a = [1, 2 3]\n", "a = [1, 2, 3]\n", Class::MissingToken);
    mended("a = {'b': 1 'c': 2}\n", "a = {'b': 1, 'c': 2}\n", Class::MissingToken);
    mended("def f():\n    return return 1\n", "def f():\n    return 1\n", Class::StrayToken);
    mended("if a = 1:\n    b()\n", "if a == 1:\n    b()\n", Class::WrongToken);
    mended("a = {'b' = 1, 'c' = 2}\n", "a = {'b' : 1, 'c' : 2}\n", Class::WrongToken);
}

#[test]
fn what_was_pasted_with_the_code_goes() {
    mended(">>> a = 1\n>>> if a:\n...     b()\n", "a = 1\nif a:\n    b()\n", Class::PastedText);
    mended("a = 1<br>\nb = 2<br>\n", "a = 1\nb = 2\n", Class::PastedText);
    mended("a = “b”\n", "a = \"b\"\n", Class::PastedText);
    mended("a = 1\nthis is what I tried\n", "a = 1\n# this is what I tried\n", Class::PastedText);
}

#[test]
fn line_ends_and_the_missing_last_one_are_kept() {
    mended("if a\r\n    b()\r\n", "if a:\r\n    b()\r\n", Class::MissingColon);
    mended("class A:\r\n", "class A:\r\n    pass\r\n", Class::EmptyBody);
    mended("print 'a'", "print('a')", Class::PrintStatement);
}

fn syntax_error() -> Failure {
    Failure::new(Category::Syntax, "python")
}

#[test]
fn the_best_repair_has_its_level_and_the_others_are_guesses() {
    let fix = check(
        &super::colon::MissingColon,
        "#- a.py\ndef f()$0\n    return 1\n",
        syntax_error(),
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-def f()\n+def f():\n     return 1\n",
    );
    assert_eq!(fix.applicability(), Applicability::Safe);
    let fixture = Fixture::new("#- a.py\na = f(b)$0)\n");
    let failure = fixture.place(syntax_error());
    let levels: Vec<Applicability> =
        propose(&super::brackets::UnmatchedBracket, &fixture.snapshot, &failure, &Facts::default())
            .unwrap()
            .iter()
            .map(|fix| fix.applicability())
            .collect();
    assert_eq!(levels.iter().filter(|level| **level > Applicability::Speculative).count(), 1);
}

#[test]
fn sound_files_and_other_kinds_are_left_alone() {
    let colon = &super::colon::MissingColon;
    check_skipped(colon, "#- a.py\nx = 1$0\n", syntax_error(), "sound");
    check_skipped(colon, "#- a.py\nx = (1$0\n", syntax_error(), "no edit of this kind");
    check_skipped(colon, "#- a.txt\nx = (1$0\n", syntax_error(), "no Python file");
    check_skipped(colon, "#- a.py\n$0<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", syntax_error(), "merge conflict");
}

#[test]
fn any_text_ends_the_search() {
    for text in [
        "",
        "\u{feff}(",
        "((((((((((",
        "'",
        "\"\"\"",
        "\\",
        "\t\n \n(",
        "def",
        "é“",
        "\0",
        "a\\\n",
        "if\r",
        "))))))",
        "{[(",
    ] {
        let _ = Repairs::of(text);
        let _ = Repairs::of(&text.repeat(8));
    }
}

mod random {
    use super::Repairs;
    use crate::python::syntax_problem_of_3_13;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn whatever_is_proposed_parses(text in "(?s)([a-c]|if |def |print |:|\\(|\\)|\\[|'|\"|\n|\n    |,|=|é|\t){0,24}") {
            for repair in Repairs::of(&text).0 {
                prop_assert_eq!(syntax_problem_of_3_13(&repair.text), None);
            }
        }
    }
}
