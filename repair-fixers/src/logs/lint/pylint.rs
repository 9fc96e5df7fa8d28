//! pylint: its text, parseable, msvs and GitHub forms.

use super::Reader;
use super::found::{Found, Place, Refine, finding, leading_code, leading_number, located, property};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "************* Module",
        ".py:",
        ".py(",
        "::error file=",
        "::warning file=",
        "::notice file=",
        "rated at 10",
    ],
    read,
};

pub(super) const TOOL: &str = "pylint";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let mut module = None;
    for (index, line) in section.lines() {
        module = line.strip_prefix("************* Module ").or(module);
        let failure =
            text(line).or_else(|| msvs(line)).or_else(|| github(line)).or_else(|| of_module(module?.trim(), line));
        match failure {
            Some(failure) => found.at(section, index, failure),
            None => found.passed |= line.starts_with("Your code has been rated at 10.00/10"),
        }
    }
}

/// `path:line:column: C0114: message (symbol)` and `path:line: [C0114(symbol), object] message`.
fn text(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let rest = rest.strip_prefix(": ")?;
    if rest.starts_with('[') {
        return bracketed(&place, rest);
    }
    let (code, message) = leading_code(rest)?;
    is_code(code).then_some(())?;
    let message = message.strip_prefix(": ")?;
    // A duplicated block goes on for lines, and the symbol stands behind the last.
    let message = match message.rfind(" (") {
        Some(open) if message.ends_with(')') && is_symbol(&message[open + 2..message.len() - 1]) => &message[..open],
        _ => message,
    };
    Some(report(&place, code, message))
}

fn is_symbol(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `[C0114(symbol), object] message`; old versions print `[C0114, object]`.
fn bracketed(place: &Place<'_>, text: &str) -> Option<Failure> {
    let (head, message) = text.strip_prefix('[')?.split_once(']')?;
    let (code, rest) = leading_code(head)?;
    (is_code(code) && rest.starts_with(['(', ','])).then(|| report(place, code, message))
}

/// `path(line): [C0114(symbol), object] message`.
fn msvs(line: &str) -> Option<Failure> {
    let (path, rest) = line.split_once('(').filter(|(path, _)| path.ends_with(".py"))?;
    let (number, rest) = leading_number(rest)?;
    bracketed(&Place { path, line: number, column: None }, rest.strip_prefix("): ")?)
}

/// `::error file=a.py,line=1,endline=,col=17,title=E0001::message`.
fn github(line: &str) -> Option<Failure> {
    let rest = ["::error ", "::warning ", "::notice "].iter().find_map(|mark| line.strip_prefix(mark))?;
    let (properties, message) = rest.split_once("::")?;
    let value = |name| property(properties, name, ',');
    let code = value("title").filter(|code| is_code(code))?;
    let place = Place {
        path: value("file")?,
        line: value("line")?.parse().ok()?,
        column: value("col").and_then(|column| column.parse().ok()),
    };
    Some(report(&place, code, message))
}

/// `W0301:435,0:function: message` below `************* Module a.b`, as pylint 1 printed: the file is known by its
/// module alone.
fn of_module(module: &str, line: &str) -> Option<Failure> {
    let (code, rest) = leading_code(line).filter(|(code, _)| is_code(code))?;
    let (number, rest) = leading_number(rest.strip_prefix(':')?.trim_start())?;
    let (column, rest) = leading_number(rest.strip_prefix(',')?.trim_start())?;
    let (_, message) = rest.split_once(": ")?;
    let path = format!("{}.py", module.replace('.', "/"));
    Some(report(&Place { path: &path, line: number, column: Some(column) }, code, message))
}

/// Whether a rule id is one of pylint's: a letter for its kind and four or five digits.
pub(super) fn is_code(code: &str) -> bool {
    matches!(code.len(), 5 | 6)
        && code.starts_with(['C', 'R', 'W', 'E', 'F', 'I'])
        && code[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// Builds the failure. pylint counts columns from 0.
pub(super) fn report(place: &Place<'_>, code: &str, message: &str) -> Failure {
    let category = if code == "E0001" { Category::Syntax } else { Category::Quality };
    let place = Place { column: place.column.map(|column| column.saturating_add(1)), ..*place };
    let subject = match code {
        "W0611" => message.trim().strip_prefix("Unused import ").or_else(|| unused_from(message)),
        "E0602" => message.split('\'').nth(1),
        _ => None,
    };
    finding(category, TOOL, &place, Some(code), message).with_subject(subject.map(str::to_owned))
}

/// The name of `Unused Optional imported from typing`.
fn unused_from(message: &str) -> Option<&str> {
    message.trim().strip_prefix("Unused ")?.split_once(" imported from ").map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    const TEXT: &str = "************* Module shop.cart\nshop/cart.py:1:0: W0611: Unused import sys (unused-import)\nshop/cart.py:3:0: W0611: Unused Optional imported from typing (unused-import)\nshop/bad.py:1:17: E0001: Parsing failed: 'expected ':' (shop.bad, line 1)' (syntax-error)\n\n---\nYour code has been rated at 0.00/10";

    #[test]
    fn the_text_of_the_first_versions_names_modules() {
        let log = "************* Module shop.cart\nW0301:435,0: Unnecessary semicolon\nC0103: 40,18:Cart.add: Invalid name \"x\" (should match [a-z]+$)\nW0: no";
        check(
            None,
            log,
            &[
                "quality pylint W0301 shop/cart.py:435:1 Unnecessary semicolon",
                "quality pylint C0103 shop/cart.py:40:19 Invalid name \"x\" (should match [a-z]+$)",
            ],
        );
    }

    #[test]
    fn text_is_read() {
        let expected = [
            "quality pylint W0611 shop/cart.py:1:1 Unused import sys <sys>",
            "quality pylint W0611 shop/cart.py:3:1 Unused Optional imported from typing <Optional>",
            "syntax pylint E0001 shop/bad.py:1:18 Parsing failed: 'expected ':' (shop.bad, line 1)'",
        ];
        check(Some("pylint shop"), TEXT, &expected);
        check(None, TEXT, &expected);
        passes(Some("pytest"), TEXT);
    }

    #[test]
    fn other_forms_are_read() {
        for log in [
            "shop/cart.py:6: [W0102(dangerous-default-value), total] Dangerous default value [] as argument",
            "shop/cart.py:6: [W0102, total] Dangerous default value [] as argument",
            "shop/cart.py(6): [W0102(dangerous-default-value), total] Dangerous default value [] as argument",
        ] {
            check(
                Some("pylint shop"),
                log,
                &["quality pylint W0102 shop/cart.py:6 Dangerous default value [] as argument"],
            );
        }
        let github = "::warning file=shop/cart.py,line=7,endline=7,col=0,title=W0311::Bad indentation. Found 1 spaces";
        check(Some("pylint shop"), github, &["quality pylint W0311 shop/cart.py:7:1 Bad indentation. Found 1 spaces"]);
    }

    #[test]
    fn full_marks_pass() {
        assert!(
            parse(Some("pylint shop"), "Your code has been rated at 10.00/10 (previous run: 9.00/10, +1.00)").passed
        );
    }
}
