//! Findings printed as JSON: an array, an object that holds one, or an object per line.

use super::Reader;
use super::coded::{UNFORMATTED, subject, without_exception};
use super::found::{Found, Place, Refine, finding, leading_code, of_file, plain};
use super::section::Section;
use super::types::{self, in_words};
use super::{pylint, pyright};
use repair_core::{Category, Failure};
use serde_json::Value;

pub(super) const READER: Reader = Reader {
    needles: &[
        "\"filename\"",
        "\"description\"",
        "\"message-id\"",
        "\"messageId\"",
        "\"generalDiagnostics\"",
        "\"severity\":",
        "\"test_id\"",
        "\"ruleId\"",
        "\"diagnostics\"",
        "\"errors\"",
        "\"check_name\"",
    ],
    read,
};

/// More text than this is not a linter's.
const LIMIT: usize = 16 << 20;

/// Reads one finding of a tool.
struct Form {
    tool: &'static str,
    read: fn(&Value) -> Option<Failure>,
}

const FORMS: &[Form] = &[
    Form { tool: "ruff", read: ruff },
    Form { tool: "ty", read: ty },
    Form { tool: "pyrefly", read: pyrefly },
    Form { tool: "ruff", read: gitlab },
    Form { tool: "ruff", read: rdjson },
    Form { tool: "ruff", read: sarif },
    Form { tool: "pylint", read: pylint },
    Form { tool: "mypy", read: mypy },
    Form { tool: "pyright", read: |value| pyright("pyright", value) },
    Form { tool: "basedpyright", read: |value| pyright("basedpyright", value) },
    Form { tool: "bandit", read: bandit },
];

fn read(section: &Section<'_>, found: &mut Found) {
    let mut lines = section.lines();
    while let Some((index, line)) = lines.next() {
        match line.chars().next() {
            Some('{') if line.ends_with('}') => {
                if let Ok(value) = serde_json::from_str::<Value>(line) {
                    findings(section, index, index, &value, found);
                }
            }
            Some('[' | '{') if line.trim_end().len() == 1 || line.starts_with("[{") => {
                let (last, text) = document(line, &mut lines, index);
                let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
                if let Some(Ok(value)) = values.next() {
                    findings(section, index, last, &value, found);
                }
            }
            _ => {}
        }
    }
}

/// The lines until the bracket that closes the first line's, which stands at the beginning of its line.
fn document<'a>(first: &str, lines: &mut impl Iterator<Item = (usize, &'a str)>, index: usize) -> (usize, String) {
    let close = if first.starts_with('[') { ']' } else { '}' };
    let mut text = first.to_owned();
    let mut last = index;
    if first.len() > 1 {
        return (last, text);
    }
    for (index, line) in lines {
        last = index;
        text.push_str(line);
        text.push('\n');
        if line.starts_with(close) || text.len() > LIMIT {
            break;
        }
    }
    (last, text)
}

fn findings(section: &Section<'_>, first: usize, last: usize, value: &Value, found: &mut Found) {
    let list = match value {
        Value::Array(list) => Some(list),
        Value::Object(_) => ["messages", "generalDiagnostics", "results", "diagnostics", "errors"]
            .iter()
            .find_map(|key| value[*key].as_array())
            .or_else(|| value["runs"][0]["results"].as_array()),
        _ => None,
    };
    let list = list.map_or(std::slice::from_ref(value), Vec::as_slice);
    let tys = section.ran.names("ty") || list.iter().any(is_tys);
    for value in list {
        let form = FORMS.iter().filter(|form| section.ran.allows(form.tool) && (form.tool == "ty") <= tys);
        if let Some(failure) = form.into_iter().find_map(|form| (form.read)(value)) {
            found.add(section, first, last, failure);
        }
    }
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

fn ruff(value: &Value) -> Option<Failure> {
    let location = &value["location"];
    let place = Place {
        path: value["filename"].as_str()?,
        line: number(&location["row"])?,
        column: number(&location["column"]),
    };
    Some(diagnostic(&place, value["code"].as_str(), value["message"].as_str()?))
}

fn gitlab(value: &Value) -> Option<Failure> {
    let lines = &value["location"]["lines"]["begin"];
    let positions = &value["location"]["positions"]["begin"];
    let line = number(lines).or_else(|| number(&positions["line"]))?;
    let place = Place { path: value["location"]["path"].as_str()?, line, column: number(&positions["column"]) };
    let text = value["description"].as_str()?;
    match described(text).or_else(|| Some((value["check_name"].as_str()?, text))) {
        Some((code, text)) => {
            Some(diagnostic(&place, Some(code), text.trim_start_matches(code).trim_start_matches(": ")))
        }
        None => text.starts_with("SyntaxError: ").then(|| diagnostic(&place, None, text)),
    }
}

/// Whether a finding in GitLab's form has a rule of ty, which are in words, and is no rule of ruff in words.
fn is_tys(value: &Value) -> bool {
    let code = value["check_name"].as_str().filter(|_| value["location"].is_object()).unwrap_or_default();
    in_words(code) && !matches!(code, UNFORMATTED | "invalid-syntax" | "syntax-error") && !code.is_empty()
}

/// The form of GitLab, as ty prints it.
fn ty(value: &Value) -> Option<Failure> {
    let begin = &value["location"]["positions"]["begin"];
    let place = Place {
        path: value["location"]["path"].as_str()?,
        line: number(&begin["line"])?,
        column: number(&begin["column"]),
    };
    let (code, text) = (value["check_name"].as_str()?, value["description"].as_str()?);
    Some(types::ty(&place, code, text.strip_prefix(code).map_or(text, |text| text.trim_start_matches(": "))))
}

fn pyrefly(value: &Value) -> Option<Failure> {
    let place =
        Place { path: value["path"].as_str()?, line: number(&value["line"])?, column: number(&value["column"]) };
    (value["severity"].as_str().unwrap_or("error") == "error").then_some(())?;
    let text = value["concise_description"].as_str().or_else(|| value["description"].as_str())?;
    Some(types::pyrefly_error(&place, value["name"].as_str()?, text.lines().next()?))
}

/// Splits the description of old versions, `(F401) message`.
fn described(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('(')?.split_once(") ").filter(|(code, _)| leading_code(code).is_some())
}

/// The form of reviewdog.
fn rdjson(value: &Value) -> Option<Failure> {
    let start = &value["location"]["range"]["start"];
    let path = value["location"]["path"].as_str()?;
    let place = Place { path, line: number(&start["line"])?, column: number(&start["column"]) };
    Some(diagnostic(&place, value["code"]["value"].as_str(), value["message"].as_str()?))
}

/// A result of SARIF; the paths are URIs.
fn sarif(value: &Value) -> Option<Failure> {
    let location = &value["locations"][0]["physicalLocation"];
    let path = location["artifactLocation"]["uri"].as_str()?;
    let region = &location["region"];
    let place = Place { path, line: number(&region["startLine"])?, column: number(&region["startColumn"]) };
    Some(diagnostic(&place, value["ruleId"].as_str(), value["message"]["text"].as_str()?))
}

fn diagnostic(place: &Place<'_>, code: Option<&str>, message: &str) -> Failure {
    match code {
        Some(UNFORMATTED) => of_file("ruff", place.path, message),
        None | Some("invalid-syntax" | "syntax-error" | "E999") => {
            finding(Category::Syntax, "ruff", place, code.or(Some("invalid-syntax")), without_exception(message))
        }
        Some(code) => {
            finding(Category::Quality, "ruff", place, Some(code), message).with_subject(subject(code, message))
        }
    }
}

fn pylint(value: &Value) -> Option<Failure> {
    let code = value["message-id"].as_str().or_else(|| value["messageId"].as_str())?;
    let place =
        Place { path: value["path"].as_str()?, line: number(&value["line"])?, column: number(&value["column"]) };
    let message = plain(value["message"].as_str()?.lines().next()?);
    Some(pylint::report(&place, code, &message))
}

fn mypy(value: &Value) -> Option<Failure> {
    (value["severity"].as_str()? == "error").then_some(())?;
    let column = number(&value["column"]).map(|column| column.saturating_add(1));
    let place = Place { path: value["file"].as_str()?, line: number(&value["line"])?, column };
    let code = value["code"].as_str();
    let category = if code == Some("syntax") { Category::Syntax } else { Category::TypeCheck };
    Some(finding(category, "mypy", &place, code, value["message"].as_str()?))
}

fn pyright(tool: &str, value: &Value) -> Option<Failure> {
    (value["severity"].as_str()? == "error").then_some(())?;
    let start = &value["range"]["start"];
    let line = number(&start["line"])?.saturating_add(1);
    let place = Place {
        path: value["file"].as_str()?,
        line,
        column: number(&start["character"]).map(|column| column.saturating_add(1)),
    };
    let message = value["message"].as_str()?.lines().next()?;
    Some(pyright::error(tool, &place, value["rule"].as_str(), message))
}

fn bandit(value: &Value) -> Option<Failure> {
    let place = Place { path: value["filename"].as_str()?, line: number(&value["line_number"])?, column: None };
    Some(finding(Category::Security, "bandit", &place, value["test_id"].as_str(), value["issue_text"].as_str()?))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn ruff_in_several_forms() {
        let array = "[\n  {\n    \"code\": \"F401\",\n    \"filename\": \"a.py\",\n    \"location\": {\"row\": 1, \"column\": 8},\n    \"message\": \"`os` imported but unused\"\n  }\n]";
        let line =
            r#"{"code":"F401","filename":"a.py","location":{"column":8,"row":1},"message":"`os` imported but unused"}"#;
        for log in [array, line] {
            check(Some("ruff check"), log, &["quality ruff F401 a.py:1:8 `os` imported but unused <os>"]);
        }
        let null =
            r#"{"code":null,"filename":"a.py","location":{"column":8,"row":1},"message":"SyntaxError: Expected ':'"}"#;
        check(Some("ruff check"), null, &["syntax ruff invalid-syntax a.py:1:8 Expected ':'"]);
        passes(Some("pytest"), line);
        let unformatted = r#"{"code":"unformatted","filename":"a.py","location":{"column":8,"row":1},"message":"File would be reformatted"}"#;
        check(Some("ruff format --check"), unformatted, &["quality ruff a.py File would be reformatted"]);
    }

    #[test]
    fn ruff_for_reviews() {
        let gitlab = "[\n{\"description\": \"(F401) `os` imported but unused\", \"location\": {\"path\": \"a.py\", \"lines\": {\"begin\": 1, \"end\": 1}}}\n]";
        let new = "[\n{\"check_name\": \"F401\", \"description\": \"F401: `os` imported but unused\", \"location\": {\"path\": \"a.py\", \"lines\": {\"begin\": 1}}}\n]";
        let rdjson = "{\n\"diagnostics\": [{\"code\": {\"value\": \"F401\"}, \"location\": {\"path\": \"a.py\", \"range\": {\"start\": {\"line\": 1}}}, \"message\": \"`os` imported but unused\"}]\n}";
        let sarif = "{\n\"runs\": [{\"results\": [{\"ruleId\": \"F401\", \"message\": {\"text\": \"`os` imported but unused\"}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"file:///github/workspace/a.py\"}, \"region\": {\"startLine\": 1}}}]}]}]\n}";
        for log in [gitlab, new, rdjson, sarif] {
            check(Some("ruff check"), log, &["quality ruff F401 a.py:1 `os` imported but unused <os>"]);
        }
    }

    #[test]
    fn gitlab_without_a_rule_is_about_syntax() {
        let log = "[\n{\"description\": \"SyntaxError: Expected ':'\", \"location\": {\"path\": \"a.py\", \"lines\": {\"begin\": 1}}}\n]";
        check(Some("ruff check"), log, &["syntax ruff invalid-syntax a.py:1 Expected ':'"]);
    }

    #[test]
    fn old_pylint_escapes_and_goes_on_for_lines() {
        let log = "[\n{\"type\": \"convention\", \"path\": \"a.py\", \"line\": 2, \"column\": 0, \"message-id\": \"C0326\", \"message\": \"No space before -&gt;\\ndef f() -&gt; int:\"}\n]";
        check(Some("pylint -f json a"), log, &["quality pylint C0326 a.py:2:1 No space before ->"]);
    }

    #[test]
    fn others() {
        let pylint = "[\n{\"type\": \"warning\", \"path\": \"a.py\", \"line\": 2, \"column\": 0, \"message-id\": \"W0611\", \"message\": \"Unused import os\"}\n]";
        check(Some("pylint -f json a"), pylint, &["quality pylint W0611 a.py:2:1 Unused import os <os>"]);
        let mypy = r#"{"file": "a.py", "line": 4, "column": 0, "message": "Missing return statement", "hint": null, "code": "return", "severity": "error"}"#;
        check(Some("mypy -O json a"), mypy, &["type_check mypy return a.py:4:1 Missing return statement"]);
        let pyright = "{\n\"generalDiagnostics\": [{\"file\": \"a.py\", \"severity\": \"error\", \"message\": \"bad\\nmore\", \"range\": {\"start\": {\"line\": 0, \"character\": 2}}, \"rule\": \"reportX\"}]\n}";
        check(Some("pyright --outputjson"), pyright, &["type_check pyright reportX a.py:1:3 bad"]);
        check(Some("basedpyright --outputjson"), pyright, &["type_check basedpyright reportX a.py:1:3 bad"]);
    }

    #[test]
    fn type_checkers_in_rust() {
        let ty = "[\n{\"check_name\": \"unresolved-import\", \"description\": \"unresolved-import: Cannot resolve `foo`\", \"location\": {\"path\": \"a.py\", \"positions\": {\"begin\": {\"line\": 1, \"column\": 8}}}},\n{\"check_name\": \"invalid-syntax\", \"description\": \"invalid-syntax: Expected `:`\", \"location\": {\"path\": \"b.py\", \"positions\": {\"begin\": {\"line\": 1, \"column\": 9}}}}\n]";
        let expected = [
            "type_check ty unresolved-import a.py:1:8 Cannot resolve `foo`",
            "syntax ty invalid-syntax b.py:1:9 Expected `:`",
        ];
        check(Some("ty check"), ty, &expected);
        check(Some("make types"), ty, &expected);
        let pyrefly = "{\n\"errors\": [{\"line\": 1, \"column\": 8, \"path\": \"a.py\", \"name\": \"import-error\", \"description\": \"Cannot find `foo`\\n more\"}]\n} INFO 1 error";
        check(
            Some("pyrefly check --output-format json"),
            pyrefly,
            &["type_check pyrefly import-error a.py:1:8 Cannot find `foo`"],
        );
    }

    #[test]
    fn data_of_a_program_is_no_finding() {
        passes(None, r#"{"filename": "a.py", "severity": "error"}"#);
        passes(None, "[\n1,\n2\n]\n{\n");
    }
}
