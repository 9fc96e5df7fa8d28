//! pylint: its text, parseable, msvs and GitHub forms.

use super::Reader;
use super::custom;
use super::found::{Found, Place, Refine, annotation, failure, finding, leading_code, leading_number, located};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "************* Module",
        ".py:",
        ".py(",
        ".py|",
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
        if let Some(name) = line.strip_prefix("************* Module ") {
            module = Some(name.trim());
        }
        let of_module = || module_line(section, index, module?, line);
        let failure = text(line).or_else(|| msvs(line)).or_else(|| github(line)).or_else(of_module);
        let failure = failure.or_else(|| unfound(module?, line)).or_else(|| chosen(line));
        match failure {
            Some(failure) => found.at(section, index, failure),
            None => found.passed |= line.starts_with("Your code has been rated at 10.00/10"),
        }
    }
}

/// `nosuch:1:0: F0001: No module named nosuch (fatal)`, where there is no file.
fn unfound(module: &str, line: &str) -> Option<Failure> {
    let rest = line.strip_prefix(module)?.strip_prefix(":1:0: ").filter(|rest| rest.starts_with('F'))?;
    let (code, message) = rest.split_once(": ").filter(|(code, _)| is_code(code))?;
    Some(failure(Category::Quality, TOOL, without_symbol(message).0).with_code(Some(code.to_owned())))
}

/// A form that the project chose with `--msg-template`.
fn chosen(line: &str) -> Option<Failure> {
    let (place, code, message) = custom::report(line)?;
    is_code(code).then(|| report(&place, code, without_symbol(message).0))
}

/// `C:  7, 0: message (symbol)` of versions before 2, and `C0114:  7,0: object: message`: the module is in the
/// headline above.
fn module_line(section: &Section<'_>, index: usize, module: &str, line: &str) -> Option<Failure> {
    let (head, rest) = line.split_once(':')?;
    let kind = head.len() == 1 && head.starts_with(['C', 'R', 'W', 'E', 'F', 'I']);
    (kind || is_code(head)).then_some(())?;
    let (number, rest) = leading_number(rest.trim_start())?;
    let column = rest.strip_prefix(',').and_then(|rest| leading_number(rest.trim_start()));
    let (column, rest) = column.map_or((None, rest), |(column, rest)| (Some(column), rest));
    let message = rest.strip_prefix(':')?.trim_start();
    let message = match message.split_once(": ") {
        Some((object, message)) if !kind && !object.contains(' ') => message,
        _ => message,
    };
    let path = module_path(module);
    let place = Place { path: &path, line: number, column };
    let (message, symbol) = match without_symbol(message) {
        (message, None) => (message, (index + 1..index + 4).find_map(|next| without_symbol(section.line(next)).1)),
        found => found,
    };
    let code = if kind { symbol.unwrap_or(head) } else { head };
    Some(report(&place, if code == "syntax-error" { "E0001" } else { code }, message))
}

/// The file of a module, as far as its name tells.
fn module_path(module: &str) -> String {
    if module.ends_with(".py") { module.to_owned() } else { format!("{}.py", module.replace('.', "/")) }
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
    Some(report(&place, code, without_symbol(message).0))
}

/// Splits `message (symbol)`. A message can go on for lines, and then the symbol stands behind the last.
fn without_symbol(message: &str) -> (&str, Option<&str>) {
    let message = message.trim_end();
    match message.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((text, symbol)) if is_symbol(symbol) => (text, Some(symbol)),
        _ => (message, None),
    }
}

fn is_symbol(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
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
    let annotation = annotation(line)?;
    is_code(annotation.title).then(|| report(&annotation.place, annotation.title, annotation.message))
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
    fn old_versions_name_the_module_alone() {
        let log = "************* Module shop.cart\nE:  7, 0: invalid syntax (<string>, line 7) (syntax-error)\n************* Module shop.words\nC:  4, 0: Wrong continued indentation (add 5 spaces).\n    'b': 2}\n    ^    | (bad-continuation)\n";
        let expected = [
            "syntax pylint E0001 shop/cart.py:7:1 invalid syntax (<string>, line 7)",
            "quality pylint bad-continuation shop/words.py:4:1 Wrong continued indentation (add 5 spaces).",
        ];
        check(Some("pylint shop"), log, &expected);
        check(None, log, &expected);
        let own = "************* Module shop.cart\nC0301: 12,0: Cart.add: Line too long (115/100)";
        check(Some("pylint shop"), own, &["quality pylint C0301 shop/cart.py:12:1 Line too long (115/100)"]);
        passes(Some("pylint shop"), "C:  4, 0: no module above");
        let unfound = "************* Module nosuch\nnosuch:1:0: F0001: No module named nosuch (fatal)";
        check(Some("pylint nosuch"), unfound, &["quality pylint F0001 No module named nosuch"]);
        let chosen = "a.py|3|C0116|Missing docstring (missing-docstring)";
        check(Some("make lint"), chosen, &["quality pylint C0116 a.py:3 Missing docstring"]);
    }

    #[test]
    fn full_marks_pass() {
        assert!(
            parse(Some("pylint shop"), "Your code has been rated at 10.00/10 (previous run: 9.00/10, +1.00)").passed
        );
    }
}
