//! Lists of rule codes, of which a shorter one stands for all that begin with it.

use super::meaning::{Meaning, meaning};
use super::setting::{Setting, Value};
use std::collections::BTreeMap;

/// The part of a key that says for which modules it holds; empty for all.
pub(super) fn owner(key: &str) -> &str {
    match key.rfind("].") {
        Some(end) => &key[..=end],
        None => "",
    }
}

/// The codes under every key of `owner` with the meaning `wanted`, with the tool's own where a list replaces them.
pub(super) fn union(tool: &str, owner_: &str, of: &BTreeMap<&str, &Setting>, wanted: Meaning) -> Vec<String> {
    let ours = || of.iter().filter(|(key, _)| owner(key) == owner_ && meaning(tool, key) == wanted);
    let listed = |setting: &&Setting| match tool {
        "coverage" => setting.value.lines().to_vec(),
        _ => setting.value.list(),
    };
    let mut codes: Vec<String> = ours().flat_map(|(_, setting)| listed(setting)).collect();
    let replaces = ours().any(|(key, _)| *key == "select");
    if wanted == Meaning::Selected && !replaces {
        codes.extend(defaults(tool).iter().map(|&code| code.to_owned()));
    }
    codes.into_iter().map(|code| present(tool, code)).collect()
}

fn defaults(tool: &str) -> &'static [&'static str] {
    match tool {
        "ruff" => &["E4", "E7", "E9", "F"],
        "flake8" => &["E", "F", "W", "C90"],
        _ => &[],
    }
}

/// The codes of `new` that no code of `old` stands for.
pub(super) fn more(old: &[String], new: &[String]) -> Vec<String> {
    let covers = |outer: &String, code: &String| outer == "ALL" || outer == "all" || code.starts_with(outer.as_str());
    let mut fresh: Vec<String> =
        new.iter().filter(|code| !old.iter().any(|outer| covers(outer, code))).cloned().collect();
    fresh.sort();
    fresh.dedup();
    fresh
}

/// Whether the tool has no such rule any longer, so that naming it does nothing.
pub(super) fn is_gone(tool: &str, code: &str) -> bool {
    const GONE: [&str; 10] = ["ANN101", "ANN102", "E999", "PD901", "PT004", "PT005", "S320", "S410", "UP027", "UP038"];
    tool == "ruff" && GONE.contains(&code)
}

/// The code by its present name: ruff has given some rules another.
fn present(tool: &str, code: String) -> String {
    const RENAMED: [(&str, &str); 6] = [
        ("TCH", "TC"),
        ("PGH001", "S307"),
        ("PGH002", "G010"),
        ("RUF011", "B035"),
        ("TRY200", "B904"),
        ("PLR1701", "SIM101"),
    ];
    let name = RENAMED.iter().find_map(|(old, new)| Some(format!("{new}{}", code.strip_prefix(old)?)));
    name.filter(|_| tool == "ruff").unwrap_or(code)
}

/// Pairs of a pattern and a code that it exempts from.
pub(super) fn per_file(key: &str, value: Option<&Value>) -> Vec<(String, String)> {
    let Some(value) = value else { return Vec::new() };
    if let Some((_, pattern)) = key.split_once("per-file-ignores.") {
        return value.list().into_iter().map(|code| (pattern.to_owned(), code)).collect();
    }
    let mut pairs = Vec::new();
    let mut patterns: Vec<String> = Vec::new();
    let mut in_codes = false;
    for word in value.list() {
        let (left, right) = word.split_once(':').map_or((word.as_str(), None), |(left, right)| (left, Some(right)));
        let is_pattern = right.is_some() || word.contains(['/', '*']) || word.contains(".py");
        if is_pattern {
            if std::mem::take(&mut in_codes) {
                patterns.clear();
            }
            patterns.push(left.to_owned());
            in_codes = right.is_some();
            let code = right.filter(|right| !right.is_empty());
            pairs.extend(code.into_iter().flat_map(|code| patterns.iter().map(|it| (it.clone(), code.to_owned()))));
        } else {
            pairs.extend(patterns.iter().map(|pattern| (pattern.clone(), word.clone())));
        }
    }
    pairs
}

/// Whether the exemption `pair` follows from those given before.
pub(super) fn granted(before: &[(String, String)], pair: &(String, String)) -> bool {
    before.iter().any(|(pattern, code)| *pattern == pair.0 && (pair.1.starts_with(code.as_str()) || code == "ALL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_rules_are_known_by_both_names() {
        let codes =
            |list: &[&str]| -> Vec<String> { list.iter().map(|it| present("ruff", (*it).to_owned())).collect() };
        assert_eq!(more(&codes(&["TCH"]), &codes(&["TC"])), [] as [&str; 0]);
        assert_eq!(more(&codes(&["TC"]), &codes(&["TCH001"])), [] as [&str; 0]);
        assert_eq!(more(&codes(&["E"]), &codes(&["TCH"])), ["TC"]);
        assert_eq!(present("flake8", "TCH".to_owned()), "TCH");
        assert!(!is_gone("ruff", "TCH") && is_gone("ruff", "ANN101"));
    }

    #[test]
    fn a_shorter_code_stands_for_longer_ones() {
        let list = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        assert_eq!(more(&list(&["E", "F401"]), &list(&["E501", "F401", "F4", "W1"])), ["F4", "W1"]);
        assert!(more(&list(&["ALL"]), &list(&["X"])).is_empty());
    }

    #[test]
    fn exceptions_per_file_are_read_from_both_forms() {
        let lines = ["a.py:E1,E2".to_owned(), "b/*: F4, F5".to_owned(), "c.py d.py: W1".to_owned()];
        let pairs = per_file("per-file-ignores", Some(&Value::Text(lines.to_vec())));
        let pair = |pattern: &str, code: &str| (pattern.to_owned(), code.to_owned());
        let expected = [
            pair("a.py", "E1"),
            pair("a.py", "E2"),
            pair("b/*", "F4"),
            pair("b/*", "F5"),
            pair("c.py", "W1"),
            pair("d.py", "W1"),
        ];
        assert_eq!(pairs, expected);
        let table = per_file("per-file-ignores.x_y.py", Some(&Value::List(vec!["E".to_owned()])));
        assert!(granted(&table, &pair("x_y.py", "E501")) && !granted(&table, &pair("x_y.py", "F")));
    }
}
