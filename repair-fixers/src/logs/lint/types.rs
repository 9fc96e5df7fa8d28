//! The rarer type checkers: pytype, pyre, pyrefly and ty.

use super::Reader;
use super::found::{Annotation, Found, Place, Refine, annotation, finding, leading_number, located};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &["--> ", ": error: in ", "error[", "]: ", "File \"", "title=ty (", "title=Pyrefly ", "ERROR ", ".py:"],
    read,
};

fn read(section: &Section<'_>, found: &mut Found) {
    let is_pytype = section.any(|line| line.contains("google.github.io/pytype") || line.contains(" -m pytype.single "));
    for (index, line) in section.lines() {
        let before = index.checked_sub(1).map_or("", |before| section.line(before));
        let failure = arrow(before, section, index, line)
            .or_else(|| ty_short(line))
            .or_else(|| ty_words(section, line))
            .or_else(|| annotated(line))
            .or_else(|| pyrefly_short(line))
            .or_else(|| pytype(line))
            .or_else(|| pytype_old(line))
            .or_else(|| pyre(line));
        if let Some(failure) = failure.filter(|failure| section.ran.allows(&failure.tool)) {
            let certain = match failure.tool.as_str() {
                tool @ ("pyre" | "pytype") => section.ran.names(tool) || tool == "pytype" && is_pytype,
                _ => true,
            };
            if certain {
                found.at(section, index, failure);
            }
        }
    }
}

/// pyrefly's `ERROR message [rule]` and ty's `error[rule]: message`, both above ` --> path:line:column`.
///
/// The first versions of ty say behind the marks under the source what is wrong.
fn arrow(header: &str, section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let (place, _) = located(line.trim_start().strip_prefix("--> ")?.trim_end())?;
    place.path.ends_with(".py").then_some(())?;
    if let Some(text) = header.strip_prefix("ERROR ") {
        return pyrefly(&place, text);
    }
    if let Some(code) =
        header.strip_prefix("error[").and_then(|rest| rest.strip_suffix(']')).filter(|code| in_words(code))
    {
        let marks = |next: &usize| section.line(*next).trim_start_matches(['|', ' ']).starts_with('^');
        let message = section.line((index + 1..index + 8).find(marks)?).trim_start_matches(['|', ' ', '^']);
        return Some(ty(&place, code, message));
    }
    let (code, message) = ty_rule(header)?;
    Some(ty(&place, code, message))
}

/// `message [rule]`
fn pyrefly(place: &Place<'_>, text: &str) -> Option<Failure> {
    let (message, code) = text.trim_end().strip_suffix(']')?.rsplit_once(" [")?;
    Some(pyrefly_error(place, code, message))
}

pub(super) fn pyrefly_error(place: &Place<'_>, code: &str, message: &str) -> Failure {
    let category = if code == "parse-error" { Category::Syntax } else { Category::TypeCheck };
    finding(category, "pyrefly", place, Some(code), message.trim_start_matches("Parse error: "))
}

/// `ERROR a.py:1:8-23: message [rule]`, where the span ends in the same line or another.
fn pyrefly_short(line: &str) -> Option<Failure> {
    let (place, rest) = located(line.strip_prefix("ERROR ")?)?;
    let rest =
        rest.strip_prefix('-').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':'));
    pyrefly(&place, rest.trim_start_matches([':', ' '])).filter(|failure| failure.code.as_deref().is_some_and(in_words))
}

/// Annotations, titled `ty (rule)` or `Pyrefly rule`.
fn annotated(line: &str) -> Option<Failure> {
    let Annotation { title, place, message } = annotation(line)?;
    if let Some(code) = title.strip_prefix("Pyrefly ") {
        return Some(pyrefly_error(&place, code, message));
    }
    let code = title.strip_prefix("ty (")?.strip_suffix(')')?;
    let message = message.split_once(&format!(" {code}: ")).map_or(message, |(_, message)| message);
    line.starts_with("::error ").then(|| ty(&place, code, message))
}

/// `error[rule]: message`, where a rule is in words.
fn ty_rule(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("error[")?.split_once("]: ").filter(|(code, _)| in_words(code))
}

/// Whether a rule's name is in words: `unresolved-import`.
pub(super) fn in_words(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

pub(super) fn ty(place: &Place<'_>, code: &str, message: &str) -> Failure {
    finding(ty_category(code), "ty", place, Some(code), message)
}

fn ty_category(code: &str) -> Category {
    if code == "invalid-syntax" { Category::Syntax } else { Category::TypeCheck }
}

/// `a.py:1:8: error[unresolved-import] message`; the first versions put the rule first.
fn ty_short(line: &str) -> Option<Failure> {
    if let Some((code, rest)) = line.strip_prefix("error[").and_then(|rest| rest.split_once("] ")) {
        let (place, rest) = located(rest)?;
        return in_words(code).then(|| ty(&place, code, rest.trim_start_matches([':', ' '])));
    }
    let (place, rest) = located(line)?;
    let (code, message) = rest.strip_prefix(": error[")?.split_once("] ")?;
    Some(ty(&place, code, message))
}

/// `a.py:1:8: unresolved-import: message`, which is what an annotation of ty looks like in the log of GitHub Actions.
fn ty_words(section: &Section<'_>, line: &str) -> Option<Failure> {
    let (place, rest) = located(line).filter(|_| line.starts_with("##[error]"))?;
    let (code, message) = rest.strip_prefix(": ")?.split_once(": ")?;
    let known = section.ran.names("ty") || code.contains('-') && code != "invalid-syntax";
    (in_words(code) && known).then(|| ty(&place, code, message))
}

/// `a.py:1:2: error: in function: message [rule]`
fn pytype(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let (_, text) = rest.strip_prefix(": error: in ")?.split_once(": ")?;
    let (message, code) = text.strip_suffix(']')?.rsplit_once(" [")?;
    Some(finding(Category::TypeCheck, "pytype", &place, Some(code), message))
}

/// `File "a.py", line 3, in function: message [rule]`; without a function where the file does not parse.
fn pytype_old(line: &str) -> Option<Failure> {
    let (path, rest) = line.strip_prefix("File \"")?.split_once("\", line ")?;
    let (number, rest) = leading_number(rest)?;
    let text = match rest.strip_prefix(": ") {
        Some(text) => text,
        None => rest.strip_prefix(", in ")?.split_once(": ")?.1,
    };
    let (message, code) = text.strip_suffix(']')?.rsplit_once(" [")?;
    let category = if code == "python-compiler-error" { Category::Syntax } else { Category::TypeCheck };
    let failure = super::found::failure(category, "pytype", message);
    Some(failure.with_path(repo_path(path)).with_line(Some(number)).with_code(Some(code.to_owned())))
}

/// `a.py:1:2 Incompatible return type [7]: message`
fn pyre(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let (kind, message) = rest.strip_prefix(' ')?.split_once("]: ")?;
    let (_, code) = kind.rsplit_once(" [")?;
    code.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| finding(Category::TypeCheck, "pyre", &place, Some(code), message))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn pyrefly_and_ty_are_read() {
        let pyrefly = "ERROR Could not find name `thing` [unknown-name]\n  --> shop/cart.py:12:25\n   |\n INFO 1 error";
        check(
            Some("pyrefly check"),
            pyrefly,
            &["type_check pyrefly unknown-name shop/cart.py:12:25 Could not find name `thing`"],
        );
        let short = "ERROR /home/runner/work/shop/shop/shop/cart.py:50:12-67: Object of class `X` has no attribute `y` [missing-attribute]";
        check(
            None,
            short,
            &["type_check pyrefly missing-attribute shop/cart.py:50:12 Object of class `X` has no attribute `y`"],
        );
        let ty = "error[unresolved-import]: Cannot resolve imported module `foo`\n --> shop/cart.py:1:8\n  |\nFound 1 diagnostic";
        check(None, ty, &["type_check ty unresolved-import shop/cart.py:1:8 Cannot resolve imported module `foo`"]);
        check(
            Some("ty check"),
            "a.py:1:8: error[invalid-syntax] Expected",
            &["syntax ty invalid-syntax a.py:1:8 Expected"],
        );
    }

    #[test]
    fn forms_for_machines_and_the_first_versions() {
        let expected = ["type_check ty unresolved-import a.py:1:8 Cannot resolve imported module `foo`"];
        for log in [
            "::error title=ty (unresolved-import),file=/home/runner/work/a/a/a.py,line=1,col=8,endLine=1,endColumn=23::a.py:1:8: unresolved-import: Cannot resolve imported module `foo`",
            "##[error]a.py:1:8: unresolved-import: Cannot resolve imported module `foo`",
            "error[unresolved-import] a.py:1:8: Cannot resolve imported module `foo`",
        ] {
            check(Some("ty check"), log, &expected);
            check(Some("make types"), log, &expected);
            passes(Some("pytest"), log);
        }
        let first = "error[invalid-syntax]\n --> a.py:1:17\n  |\n1 | def broken(a, b)\n  |                 ^ Expected ':', found newline";
        check(Some("ty check"), first, &["syntax ty invalid-syntax a.py:1:17 Expected ':', found newline"]);
        passes(Some("ty check"), "warning[unused-ignore]: x\n --> a.py:1:2\nFound 1 diagnostic");
        for log in [
            "ERROR a.py:1:8-23: Could not find import of `foo` [import-error]",
            "::error file=/home/runner/work/a/a/a.py,line=1,col=8,endLine=1,endColumn=23,title=Pyrefly import-error::Could not find import of `foo`",
        ] {
            check(
                Some("make types"),
                log,
                &["type_check pyrefly import-error a.py:1:8 Could not find import of `foo`"],
            );
        }
    }

    #[test]
    fn pytype_and_pyre_are_read_where_they_ran() {
        let new = "shop/cart.py:3:5: error: in total: No attribute 'x' on int [attribute-error]";
        let old = "File \"shop/cart.py\", line 3, in total: No attribute 'x' on int [attribute-error]";
        check(
            Some("pytype shop"),
            new,
            &["type_check pytype attribute-error shop/cart.py:3:5 No attribute 'x' on int"],
        );
        check(Some("pytype shop"), old, &["type_check pytype attribute-error shop/cart.py:3 No attribute 'x' on int"]);
        passes(None, old);
        check(
            Some("make types"),
            "File \"a.py\", line 1: expected ':' [python-compiler-error]\nFor more details, see https://google.github.io/pytype/errors.html",
            &["syntax pytype python-compiler-error a.py:1 expected ':'"],
        );
        let pyre = "shop/cart.py:3:5 Incompatible return type [7]: Expected `int` but got `str`.";
        check(Some("pyre check"), pyre, &["type_check pyre 7 shop/cart.py:3:5 Expected `int` but got `str`."]);
        passes(None, pyre);
    }
}
