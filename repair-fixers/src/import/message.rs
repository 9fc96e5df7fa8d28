//! What the messages of interpreters, linters and type checkers are about.

use regex::Regex;
use repair_core::Failure;
use std::sync::LazyLock;

/// An imported name as a linter writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reported {
    /// `a.b.x` or only `x`.
    pub(super) name: String,
    /// The alias, if the linter shows it.
    pub(super) alias: Option<String>,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("a pattern of this file: {error}"))
}

/// The name that is not defined, if that is what the failure says.
pub(super) fn undefined_name(failure: &Failure) -> Option<String> {
    static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r#"(?i)(?:undefined (?:name|variable)|^name) [`'"](?P<a>\w+)[`'"]"#,
            r#"|[`'"](?P<b>\w+)[`'"] (?:is not defined|is undefined)"#,
        ))
    });
    let message = failure.message.as_deref().unwrap_or_default();
    let code = failure.code.as_deref().unwrap_or_default();
    let says_so =
        matches!(code, "NameError" | "F821" | "E0602" | "undefined-variable" | "name-defined" | "undefined-name")
            || code == "reportUndefinedVariable";
    if let Some(found) = MESSAGE.captures(message) {
        let about = message.to_ascii_lowercase();
        if says_so || about.contains("not defined") || about.contains("undefined") {
            return found.name("a").or(found.name("b")).map(|name| name.as_str().to_owned());
        }
    }
    failure.subject.clone().filter(|_| says_so)
}

/// The import that is not used, if that is what the failure says.
pub(super) fn unused_import(failure: &Failure) -> Option<Reported> {
    static RUFF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"^[`'"](?P<name>[\w.]+)(?: as (?P<alias>\w+))?[`'"] imported but (?:never )?unused"#)
    });
    static PYLINT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^Unused (?:import )?(?P<name>[\w.]+)(?: imported)?(?: from (?P<from>[\w.]+))?(?: imported)?(?: as (?P<alias>\w+))?$",
        )
    });
    let message = failure.message.as_deref().unwrap_or_default().trim();
    let message = message.split(';').next().unwrap_or(message).trim();
    let code = failure.code.as_deref().unwrap_or_default();
    if let Some(found) = RUFF.captures(message) {
        return Some(Reported { name: found["name"].to_owned(), alias: text(&found, "alias") });
    }
    if !matches!(code, "W0611" | "unused-import" | "F401") {
        return None;
    }
    match PYLINT.captures(message) {
        Some(found) => {
            let name = &found["name"];
            let name = found.name("from").map_or(name.to_owned(), |from| format!("{}.{name}", from.as_str()));
            Some(Reported { name, alias: text(&found, "alias") })
        }
        None => failure.subject.clone().map(|name| Reported { name, alias: None }),
    }
}

/// The name that is imported twice, if that is what the failure says.
pub(super) fn redefined(failure: &Failure) -> Option<String> {
    static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?i)^redefinition of unused [`'"](?P<a>[\w.]+)[`'"]|^Reimport [`'"](?P<b>[\w.]+)[`'"]"#)
    });
    let found = MESSAGE.captures(failure.message.as_deref()?.trim())?;
    found.name("a").or(found.name("b")).map(|name| name.as_str().to_owned())
}

fn text(found: &regex::Captures<'_>, group: &str) -> Option<String> {
    found.name(group).map(|part| part.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;

    fn failure(code: &str, message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "x");
        failure.code = Some(code.to_owned());
        failure.message = Some(message.to_owned());
        failure
    }

    #[test]
    fn undefined_names_are_read() {
        for (code, message) in [
            ("NameError", "name 'json' is not defined"),
            ("NameError", "name 'json' is not defined. Did you forget to import 'json'?"),
            ("F821", "Undefined name `json`"),
            ("F821", "undefined name 'json'"),
            ("E0602", "Undefined variable 'json'"),
            ("undefined-variable", "Undefined variable 'json'"),
            ("name-defined", "Name \"json\" is not defined"),
            ("reportUndefinedVariable", "\"json\" is not defined"),
        ] {
            assert_eq!(undefined_name(&failure(code, message)).as_deref(), Some("json"), "{message}");
        }
        assert_eq!(undefined_name(&failure("AssertionError", "name 'json'")), None);
        assert_eq!(undefined_name(&failure("F401", "`json` imported but unused")), None);
    }

    #[test]
    fn unused_imports_are_read() {
        for (code, message, name, alias) in [
            ("F401", "`os.path` imported but unused", "os.path", None),
            ("F401", "'numpy as np' imported but unused", "numpy", Some("np")),
            ("F401", "`a` imported but unused; consider using `importlib.util.find_spec`", "a", None),
            ("W0611", "Unused import os", "os", None),
            ("unused-import", "Unused Optional imported from typing", "typing.Optional", None),
            ("W0611", "Unused numpy imported as np", "numpy", Some("np")),
            ("W0611", "Unused import a.b", "a.b", None),
            ("W0611", "Unused foo imported from a.b as c", "a.b.foo", Some("c")),
        ] {
            let expected = Reported { name: name.to_owned(), alias: alias.map(str::to_owned) };
            assert_eq!(unused_import(&failure(code, message)), Some(expected), "{message}");
        }
        assert_eq!(unused_import(&failure("W0612", "Unused variable x")), None);
    }

    #[test]
    fn redefinitions_are_read() {
        for message in [
            "Redefinition of unused `os` from line 1",
            "redefinition of unused 'os' from line 1",
            "Reimport 'os' (imported line 1)",
            "Redefinition of unused `os` from line 1: `os` redefined here",
        ] {
            assert_eq!(redefined(&failure("F811", message)).as_deref(), Some("os"), "{message}");
        }
    }
}
