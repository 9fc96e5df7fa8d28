//! Whether one setting became weaker.

use super::meaning::Meaning;
use super::setting::Value;
use crate::guards::commands::{Check, Weakness, weaker};
use crate::guards::place;
use repair_core::RepoPath;

/// In what ways `new` is weaker than `old`.
///
/// Lists of codes and patterns are judged together with other keys, not here.
pub(super) fn judge(
    tool: &str,
    key: &str,
    meaning: Meaning,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Vec<Weakness> {
    let number = |value: Option<&Value>| value.and_then(Value::number);
    let refuse = |reason: String| vec![Weakness::refuse(reason)];
    let person = |reason: String| vec![Weakness::needs_person(reason)];
    let shown = |value: Option<&Value>| value.map_or("none".to_owned(), Value::text);
    let change = format!("`{key}` of `{tool}` went from {} to {}", shown(old), shown(new));
    match meaning {
        Meaning::Bar => match (number(old), number(new)) {
            (Some(before), after) if after.is_none_or(|after| after < before) => refuse(change),
            _ => Vec::new(),
        },
        Meaning::Tolerance => {
            let before = number(old).or_else(|| default_limit(tool, key));
            let higher = matches!((before, number(new)), (Some(before), Some(after)) if after > before);
            let gone = number(old).is_some() && new.is_none() && !key.ends_with("line-length");
            if higher || gone || key.ends_with("reruns") && new.is_some() { tolerance(key, change) } else { Vec::new() }
        }
        Meaning::Strict => match (level(old), level(new)) {
            (Some(before), after) if after.unwrap_or(0) < before => refuse(change),
            (None, Some(0)) => person(change),
            _ => Vec::new(),
        },
        Meaning::Lax if new.and_then(Value::flag) == Some(true) => refuse(change),
        Meaning::Matters if key.ends_with("follow-imports") && is_blind(new) && !is_blind(old) => refuse(change),
        Meaning::Matters => person(change),
        Meaning::Names => {
            let before = old.map(Value::list).unwrap_or_default();
            let grown = new.map(Value::list).unwrap_or_default().iter().any(|name| !before.contains(name));
            if grown { person(change) } else { Vec::new() }
        }
        Meaning::Collection if key == "python-functions" || key == "python-classes" => {
            let usual = if key == "python-classes" { "Test" } else { "test" };
            let list = |value: Option<&Value>| value.map_or_else(|| vec![usual.to_owned()], Value::list);
            let (before, after) = (list(old), list(new));
            let covers = |wide: &String, name: &String| name.starts_with(wide.trim_end_matches('*'));
            let narrowed = before.iter().any(|name| !after.iter().any(|wide| covers(wide, name)));
            if narrowed { refuse(change) } else { Vec::new() }
        }
        Meaning::Filters => filters(old, new),
        Meaning::Arguments => {
            let check =
                |value: Option<&Value>| Check::with_arguments("pytest", &value.map(Value::words).unwrap_or_default());
            weaker(&check(old), &check(new))
        }
        _ => Vec::new(),
    }
}

fn tolerance(key: &str, change: String) -> Vec<Weakness> {
    if key.ends_with("line-length") || key.ends_with("doc-length") {
        vec![Weakness::needs_person(change)]
    } else {
        vec![Weakness::refuse(change)]
    }
}

/// Whether imported modules are not looked at.
fn is_blind(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value.text().trim_matches('"'), "skip" | "silent"))
}

fn default_limit(tool: &str, key: &str) -> Option<f64> {
    match (tool, key.rsplit('.').next().unwrap_or(key)) {
        ("ruff" | "black", "line-length") => Some(88.0),
        ("pylint", "max-line-length") => Some(100.0),
        (_, "max-line-length") => Some(79.0),
        ("pylint", _) if key.starts_with("max-") => Some(0.0),
        _ => None,
    }
}

/// How strict a switch is, for switches that know more than on and off.
fn level(value: Option<&Value>) -> Option<u8> {
    let value = value?;
    match value.text().trim_matches('"') {
        "warning" => Some(2),
        "information" => Some(1),
        _ => value.flag().map(|on| if on { 3 } else { 0 }),
    }
}

fn filters(old: Option<&Value>, new: Option<&Value>) -> Vec<Weakness> {
    let lines = |value: Option<&Value>| value.map(|value| value.lines().to_vec()).unwrap_or_default();
    let (before, after) = (lines(old), lines(new));
    let silences = |line: &&String| {
        ["ignore", "default", "once", "module", "always"].iter().any(|action| line.starts_with(action))
    };
    let errors = |line: &&String| line.starts_with("error");
    let narrower = |line: &String, of: &[String]| of.iter().any(|other| line.starts_with(other.as_str()));
    let fails = before.iter().any(|line| errors(&line));
    let added = after.iter().filter(|line| !narrower(line, &before)).filter(silences);
    let added = added.filter(|line| fails || line.starts_with("ignore"));
    let lost = before
        .iter()
        .filter(errors)
        .filter(|line| !after.iter().any(|other| errors(&other) && line.starts_with(other.as_str())));
    let added = added.map(|line| Weakness::refuse(format!("warnings are filtered by `{line}`")));
    added.chain(lost.map(|line| Weakness::refuse(format!("`{line}` is gone, so that these warnings pass")))).collect()
}

/// The patterns in a value: a regular expression of several lines is one.
pub(super) fn patterns(tool: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Text(lines) if matches!(tool, "black" | "mypy") => vec![lines.join("\n")],
        value => value.list(),
    }
}

/// What it means that `tool` does not look at `files` any longer.
pub(in crate::guards) fn left_out(tool: &str, files: Vec<&RepoPath>) -> Option<Weakness> {
    let first = files.first()?;
    let reason = format!("`{tool}` no longer looks at `{first}` ({} files in all)", files.len());
    let generated = |path: &&RepoPath| {
        let name = path.file_name();
        name.ends_with("_pb2.py") || name.ends_with("_pb2_grpc.py") || matches!(name, "_version.py" | "version.py")
    };
    let tests_only = tool == "coverage" && files.iter().all(|path| place::is_test(path));
    Some(if tests_only || files.iter().all(generated) {
        Weakness::needs_person(reason)
    } else {
        Weakness::refuse(reason)
    })
}
