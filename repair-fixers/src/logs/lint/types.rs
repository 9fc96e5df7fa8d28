//! The rarer type checkers: pytype, pyre, pyrefly and ty.

use super::Reader;
use super::found::{Found, Refine, finding, leading_number, located};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader =
    Reader { needles: &["--> ", ": error: in ", "error[", "]: ", "File \"", "ERROR "], read };

fn read(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let before = index.checked_sub(1).map_or("", |before| section.line(before));
        let failure = arrow(before, line)
            .or_else(|| pyrefly_short(line))
            .or_else(|| ty_short(line))
            .or_else(|| pytype(line))
            .or_else(|| pytype_old(line))
            .or_else(|| pyre(line));
        if let Some(failure) = failure.filter(|failure| section.ran.allows(&failure.tool)) {
            let certain = section.ran.names(&failure.tool) || failure.tool != "pyre" && failure.tool != "pytype";
            if certain {
                found.at(section, index, failure);
            }
        }
    }
}

/// pyrefly's `ERROR message [rule]` and ty's `error[rule]: message`, both above ` --> path:line:column`.
fn arrow(header: &str, line: &str) -> Option<Failure> {
    let (place, _) = located(line.trim_start().strip_prefix("--> ")?.trim_end())?;
    place.path.ends_with(".py").then_some(())?;
    if let Some(text) = header.strip_prefix("ERROR ") {
        let (message, code) = text.strip_suffix(']')?.rsplit_once(" [")?;
        let category = if code == "parse-error" { Category::Syntax } else { Category::TypeCheck };
        return Some(finding(category, "pyrefly", &place, Some(code), message.trim_start_matches("Parse error: ")));
    }
    let (code, message) = ty_rule(header)?;
    Some(finding(ty_category(code), "ty", &place, Some(code), message))
}

/// pyrefly's `ERROR /path/a.py:50:12-67: message [rule]`, its form for other programs and for hooks.
fn pyrefly_short(line: &str) -> Option<Failure> {
    let (place, rest) = located(line.strip_prefix("ERROR ")?)?;
    let rest = rest.strip_prefix('-').and_then(leading_number).map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_prefix(':').and_then(|text| leading_number(text).map(|(_, rest)| rest)).unwrap_or(rest);
    let (message, code) = rest.strip_prefix(": ")?.trim_end().strip_suffix(']')?.rsplit_once(" [")?;
    let ruled = code.contains('-') && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let category = if code == "parse-error" { Category::Syntax } else { Category::TypeCheck };
    ruled.then(|| finding(category, "pyrefly", &place, Some(code), message.trim_start_matches("Parse error: ")))
}

/// `error[rule]: message`, where a rule is in words.
fn ty_rule(text: &str) -> Option<(&str, &str)> {
    let (code, message) = text.strip_prefix("error[")?.split_once("]: ")?;
    code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-').then_some((code, message))
}

fn ty_category(code: &str) -> Category {
    if code == "invalid-syntax" { Category::Syntax } else { Category::TypeCheck }
}

/// `a.py:1:8: error[unresolved-import] message`
fn ty_short(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let (code, message) = rest.strip_prefix(": error[")?.split_once("] ")?;
    Some(finding(ty_category(code), "ty", &place, Some(code), message))
}

/// `a.py:1:2: error: in function: message [rule]`
fn pytype(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let (_, text) = rest.strip_prefix(": error: in ")?.split_once(": ")?;
    let (message, code) = text.strip_suffix(']')?.rsplit_once(" [")?;
    Some(finding(Category::TypeCheck, "pytype", &place, Some(code), message))
}

/// `File "a.py", line 3, in function: message [rule]`
fn pytype_old(line: &str) -> Option<Failure> {
    let (path, rest) = line.strip_prefix("File \"")?.split_once("\", line ")?;
    let (number, rest) = leading_number(rest)?;
    let (_, text) = rest.strip_prefix(", in ")?.split_once(": ")?;
    let (message, code) = text.strip_suffix(']')?.rsplit_once(" [")?;
    let failure = super::found::failure(Category::TypeCheck, "pytype", message);
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
        let pyre = "shop/cart.py:3:5 Incompatible return type [7]: Expected `int` but got `str`.";
        check(Some("pyre check"), pyre, &["type_check pyre 7 shop/cart.py:3:5 Expected `int` but got `str`."]);
        passes(None, pyre);
    }
}
