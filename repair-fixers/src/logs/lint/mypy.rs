//! mypy: `path:line: error: message  [code]`.

use super::Reader;
use super::found::{Found, Place, Refine, failure, finding, located, quoted};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader =
    Reader { needles: &[": error: ", "Success: no issues found", "Stub: in file ", "mypy: can't read file"], read };

const TOOL: &str = "mypy";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let known = section.ran.names(TOOL) || section.any(is_summary);
    let mut continued: Option<(usize, Failure)> = None;
    for (index, line) in section.lines() {
        if let Some((_, failure)) = &mut continued
            && continues(failure, line, section.line(index + 1))
        {
            continue;
        }
        if let Some((first, failure)) = continued.take() {
            found.add(section, first, index.saturating_sub(1).max(first), failure);
        }
        continued = report(line)
            .filter(|failure| known || failure.code.is_some() || is_its_wording(failure))
            .or_else(|| stubtest(section, index, line).filter(|_| known))
            .map(|failure| (index, failure));
        found.passed |= line.starts_with("Success: no issues found in ");
    }
    if let Some((first, failure)) = continued {
        found.at(section, first, failure);
    }
}

/// `Found 3 errors in 1 file (checked 37 source files)`, and `Found 2 errors (checked 1 module)` of stubtest.
fn is_summary(line: &str) -> bool {
    let counts = line.starts_with("Found ") && line.contains(" error");
    counts && (line.contains(" in ") && line.contains(" file") || line.contains(" (checked "))
}

/// Beginnings of its messages, by which versions without codes and summaries are known.
const MESSAGES: &[&str] = &[
    "Incompatible ",
    "Name '",
    "Argument ",
    "Missing return statement",
    "Need type annotation",
    "Function is missing a ",
    "Cannot find ",
    "Unsupported ",
    "Item \"",
    "Module '",
    "Module has no attribute",
    "Too many arguments for ",
    "Too few arguments for ",
    "Returning Any from ",
    "Unexpected keyword argument",
    "Duplicate module named",
    "Value of type ",
    "Call to untyped function",
    "No library stub file for ",
    "Signature of \"",
    "INTERNAL ERROR",
    "Error importing plugin ",
    "mypy: can't read file ",
    "unused 'type: ignore' comment",
];

fn is_its_wording(failure: &Failure) -> bool {
    let message = failure.message.as_deref().unwrap_or_default();
    MESSAGES.iter().any(|start| message.starts_with(start)) || message.contains("\" has no attribute \"")
}

/// `error: mod.name is not present at runtime`, with `Stub: in file mod.pyi:2` below.
fn stubtest(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let message = line.strip_prefix("error: ")?;
    let place = |start: &str| {
        (index + 1..index + 6).find_map(|next| located(section.line(next).strip_prefix(start)?).map(|(place, _)| place))
    };
    let place = place("Stub: in file ").or_else(|| place("Runtime: in file "))?;
    let subject = message.split(' ').next().filter(|name| name.contains('.'));
    Some(finding(Category::TypeCheck, TOOL, &place, None, message).with_subject(subject.map(str::to_owned)))
}

fn report(line: &str) -> Option<Failure> {
    let Some((place, rest)) = located(line) else { return whole_file(line) };
    // With `--show-error-end` the place has an end as well.
    let rest = rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    let text = rest.strip_prefix(" error: ")?;
    is_source(place.path).then(|| build(&place, text))
}

fn build(place: &Place<'_>, text: &str) -> Failure {
    let (message, code) = with_code(text);
    let category =
        if code == Some("syntax") || looks_unparsed(message) { Category::Syntax } else { Category::TypeCheck };
    let subject = match code {
        Some("import" | "import-untyped" | "import-not-found" | "name-defined") => quoted(message).map(str::to_owned),
        _ => None,
    };
    finding(category, TOOL, place, code, message).with_subject(subject)
}

/// Splits `message  [code]`.
fn with_code(text: &str) -> (&str, Option<&str>) {
    let text = text.trim_end();
    let code = text.strip_suffix(']').and_then(|text| text.rsplit_once("  ["));
    match code {
        Some((message, code))
            if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') =>
        {
            (message, Some(code))
        }
        _ => (text, None),
    }
}

/// Messages of versions without codes, for source that does not parse.
fn looks_unparsed(message: &str) -> bool {
    message == "invalid syntax"
        || message.starts_with("expected '")
        || message.starts_with("unexpected EOF while parsing")
}

fn is_source(path: &str) -> bool {
    [".py", ".pyi", ".ipynb", ".ini", ".cfg", ".toml"].iter().any(|extension| path.ends_with(extension))
}

/// `a.py: error: Cannot read file: No such file or directory`, and `a.py: error: Source file found twice …`.
fn whole_file(line: &str) -> Option<Failure> {
    if let Some(path) = line.strip_prefix("mypy: can't read file '").and_then(|rest| rest.split_once("': ")) {
        return Some(failure(Category::TypeCheck, TOOL, line).with_path(repo_path(path.0)));
    }
    let (path, message) = line.split_once(": error: ")?;
    let (message, code) = with_code(message);
    is_source(path).then(|| {
        failure(Category::TypeCheck, TOOL, message).with_path(repo_path(path)).with_code(code.map(str::to_owned))
    })
}

/// With `--pretty` a message goes on in the next lines, until its code or the source that it is about.
fn continues(failure: &mut Failure, line: &str, next: &str) -> bool {
    let fresh = line.is_empty() || line.starts_with([' ', '\t']) || is_summary(line);
    if failure.code.is_some()
        || fresh
        || line.contains(": error: ")
        || line.contains(": note: ")
        || line.starts_with("##[")
    {
        return false;
    }
    let (more, code) = with_code(line);
    let plausible = code.is_some() || line.ends_with(['"', ')']) || next.starts_with("    ");
    if plausible && let Some(message) = &mut failure.message {
        message.push(' ');
        message.push_str(more);
        failure.code = code.map(str::to_owned);
    }
    plausible
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    #[test]
    fn errors_are_read_and_notes_are_not() {
        check(
            Some("mypy --show-error-end shop"),
            "shop/cart.py:12:15:12:21: error: Name \"missing\" is not defined  [name-defined]",
            &["type_check mypy name-defined shop/cart.py:12:15 Name \"missing\" is not defined <missing>"],
        );
        let log = "shop/cart.py:10: error: Incompatible types in assignment  [assignment]\nshop/cart.py:10: note: Maybe you forgot\nshop/cart.py:12:2: error: Name \"thing\" is not defined  [name-defined]\nFound 2 errors in 1 file (checked 1 source file)";
        let expected = [
            "type_check mypy assignment shop/cart.py:10 Incompatible types in assignment",
            "type_check mypy name-defined shop/cart.py:12:2 Name \"thing\" is not defined <thing>",
        ];
        check(Some("mypy shop"), log, &expected);
        check(None, log, &expected);
        passes(Some("pytest"), log);
    }

    #[test]
    fn versions_without_codes_are_known_by_their_words() {
        let line = "shop/cart.py:20: error: Missing return statement";
        check(None, line, &["type_check mypy shop/cart.py:20 Missing return statement"]);
        passes(Some("pytest"), line);
    }

    #[test]
    fn configuration_and_arguments() {
        check(
            Some("mypy shop"),
            "mypy.ini:2: error: Error importing plugin 'x': No module named 'x'",
            &["type_check mypy mypy.ini:2 Error importing plugin 'x': No module named 'x'"],
        );
        let unread = "mypy: can't read file 'a.py': No such file or directory";
        check(Some("mypy a.py"), unread, &[&format!("type_check mypy a.py {unread}")]);
    }

    #[test]
    fn pretty_messages_without_a_code_end_at_the_source() {
        let log = "a.py:7: error: Function is missing a type annotation for one or more\narguments\n    def total(items):\n    ^\nFound 1 error in 1 file (checked 1 source file)";
        check(
            Some("mypy --pretty a.py"),
            log,
            &["type_check mypy a.py:7 Function is missing a type annotation for one or more arguments"],
        );
    }

    #[test]
    fn stubs_are_compared_with_the_runtime() {
        let log = "error: shop.clean.nosuch is not present at runtime\nStub: in file /home/runner/work/s/s/shop/clean.pyi:2\ndef () -> builtins.int\nRuntime:\nMISSING\n\nFound 1 error (checked 1 module)";
        check(
            Some("stubtest shop.clean"),
            log,
            &["type_check mypy shop/clean.pyi:2 shop.clean.nosuch is not present at runtime <shop.clean.nosuch>"],
        );
    }

    #[test]
    fn versions_without_codes_are_read_where_mypy_ran() {
        let line = "shop/cart.py:20: error: The sky is green";
        check(Some("mypy shop"), line, &["type_check mypy shop/cart.py:20 The sky is green"]);
        passes(None, line);
        check(Some("mypy x"), "x.py:1: error: expected ':'", &["syntax mypy x.py:1 expected ':'"]);
    }

    #[test]
    fn source_that_does_not_parse_is_a_syntax_failure() {
        check(
            Some("mypy shop"),
            "a.py:1: error: Expected `:`, found newline  [syntax]\nFound 1 error in 1 file (errors prevented further checking)",
            &["syntax mypy syntax a.py:1 Expected `:`, found newline"],
        );
    }

    #[test]
    fn pretty_messages_are_joined() {
        let log = "a.py:10: error: Incompatible types in assignment (expression has type\n\"float\", variable has type \"int\")  [assignment]\n                    result += items[i]\n                    ^~~~\nFound 1 error in 1 file (checked 1 source file)";
        check(
            Some("mypy --pretty a.py"),
            log,
            &[
                "type_check mypy assignment a.py:10 Incompatible types in assignment (expression has type \"float\", variable has type \"int\")",
            ],
        );
    }

    #[test]
    fn whole_files_and_success() {
        check(
            Some("mypy x.py"),
            "x.py: error: Cannot read file: No such file",
            &["type_check mypy x.py Cannot read file: No such file"],
        );
        assert!(parse(Some("mypy"), "Success: no issues found in 3 source files").passed);
        passes(Some("make"), "main.pyc:3:1: error: expected ';'");
    }
}
