//! Whether a failure that was found is the one that a label means.

use repair_core::Failure;
use serde::{Deserialize, Deserializer, Serialize};

/// A failure that a log is known to show. `None` is what the log does not say; `alt_…` count as right, too.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Label {
    pub(crate) category: String,
    pub(crate) tool: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) test_id: Option<String>,
    pub(crate) message: Option<String>,
    /// Neither required nor penalised.
    pub(crate) optional: bool,
    #[serde(skip_serializing, deserialize_with = "said")]
    pub(crate) alt_categories: Vec<String>,
    #[serde(skip_serializing, deserialize_with = "said")]
    pub(crate) alt_tools: Vec<String>,
    #[serde(skip_serializing)]
    pub(crate) alt_codes: Vec<Option<String>>,
    #[serde(skip_serializing, deserialize_with = "said")]
    pub(crate) alt_test_ids: Vec<String>,
    #[serde(skip_serializing, deserialize_with = "said")]
    pub(crate) alt_messages: Vec<String>,
    #[serde(skip_serializing)]
    pub(crate) alt_locations: Vec<Location>,
}

/// Another place of a failure.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Location {
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
}

/// The values of a list without `null`.
fn said<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<String>, D::Error> {
    let values: Vec<Option<String>> = Deserialize::deserialize(list)?;
    Ok(values.into_iter().flatten().collect())
}

/// Label and failure, by index, that belong together: each at most once, the strongest agreement first.
pub(crate) fn pairs(labels: &[Label], found: &[Failure]) -> Vec<(usize, usize)> {
    let all = labels.iter().enumerate().flat_map(|(row, label)| {
        found.iter().enumerate().map(move |(column, failure)| (strength(label, failure), row, column))
    });
    let mut all: Vec<(u32, usize, usize)> = all.filter(|(strength, ..)| *strength > 0).collect();
    all.sort_by_key(|(strength, row, column)| (std::cmp::Reverse(*strength), *row, *column));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, row, column) in all {
        if pairs.iter().all(|(label, failure)| *label != row && *failure != column) {
            pairs.push((row, column));
        }
    }
    pairs
}

/// How much speaks for it; 0 if they are not the same.
fn strength(label: &Label, found: &Failure) -> u32 {
    let category = found.category.name();
    if label.category != category && !label.alt_categories.iter().any(|other| other == category) {
        return 0;
    }
    let mut strength = 0;
    let test_id = found.test_id.as_deref().filter(|id| !id.is_empty());
    let mut ids = label.test_id.iter().chain(&label.alt_test_ids).filter(|id| !id.is_empty());
    if ids.any(|id| same_id(id, test_id.unwrap_or_default())) {
        strength += 4;
    } else if test_id.is_some() && label.test_id.as_ref().is_some_and(|id| !id.is_empty()) {
        return 0;
    }
    strength += place(label, found);
    let message = found.message.as_deref().unwrap_or_default();
    if label.message.iter().chain(&label.alt_messages).any(|text| same_message(text, message)) {
        strength += 2;
    }
    strength += u32::from(same_code(label, found));
    if strength >= 2 { strength } else { 0 }
}

fn place(label: &Label, found: &Failure) -> u32 {
    let path = found.path.as_ref().map(ToString::to_string).unwrap_or_default();
    let own = (label.file.as_deref(), label.line);
    let others = label.alt_locations.iter().map(|place| (place.file.as_deref(), place.line));
    let same = std::iter::once(own).chain(others).find(|(file, _)| file.is_some_and(|file| same_path(file, &path)));
    let Some((_, line)) = same else { return 0 };
    match line.zip(found.line) {
        None => 1,
        Some((there, here)) if there.abs_diff(here) <= 1 => 3,
        Some(_) => 0,
    }
}

/// Whether the code is right, which includes none where the label lets it be none.
pub(crate) fn right_code(label: &Label, found: &Failure) -> bool {
    same_code(label, found) || found.code.is_none() && label.alt_codes.contains(&None)
}

fn same_code(label: &Label, found: &Failure) -> bool {
    let code = found.code.as_deref().unwrap_or_default();
    let mut codes = label.code.iter().chain(label.alt_codes.iter().flatten()).filter(|code| !code.is_empty());
    !code.is_empty() && codes.any(|known| last(known) == last(code))
}

/// Whether the tool is right.
pub(crate) fn same_tool(label: &Label, found: &Failure) -> bool {
    label.tool.iter().chain(&label.alt_tools).any(|tool| *tool == found.tool)
}

/// Whether the line is right, or next to it.
pub(crate) fn same_line(label: &Label, found: &Failure) -> bool {
    let others = label.alt_locations.iter().filter_map(|place| place.line);
    let mut lines = label.line.into_iter().chain(others);
    found.line.is_some_and(|here| lines.any(|there| there.abs_diff(here) <= 1))
}

fn last(code: &str) -> &str {
    code.rsplit('.').next().unwrap_or(code)
}

fn same_path(a: &str, b: &str) -> bool {
    is_tail(&normal_path(a), &normal_path(b), '/')
}

fn normal_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(inner) = rest.strip_prefix("./").or_else(|| rest.strip_prefix("../")) {
        rest = inner;
    }
    rest.to_owned()
}

fn same_id(a: &str, b: &str) -> bool {
    is_tail(&normal_id(a), &normal_id(b), '.')
}

/// `tests/test_a.py::T::test` and `tests.test_a.T.test` are the same test.
fn normal_id(id: &str) -> String {
    let id = id.trim();
    let id = id.strip_suffix(".py").unwrap_or(id).replace(".py::", "::");
    id.split(['/', '.', ':']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

fn is_tail(a: &str, b: &str, separator: char) -> bool {
    let ends = |whole: &str, tail: &str| whole.strip_suffix(tail).is_some_and(|front| front.ends_with(separator));
    !a.is_empty() && !b.is_empty() && (a == b || ends(a, b) || ends(b, a))
}

fn same_message(a: &str, b: &str) -> bool {
    let squash = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (a, b) = (squash(a), squash(b));
    let shorter = a.chars().count().min(b.chars().count());
    shorter > 0 && (a == b || shorter >= 8 && (a.contains(&b) || b.contains(&a)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::{Category, RepoPath};

    fn label(json: &str) -> Label {
        serde_json::from_str(json).unwrap()
    }

    fn finding(path: &str, line: u32, code: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.path = Some(RepoPath::new(path).unwrap());
        failure.line = Some(line);
        failure.code = Some(code.into());
        failure
    }

    #[test]
    fn a_place_by_its_end_and_a_line_next_to_it_are_enough() {
        let label = label(r#"{"category":"quality","file":"./src/a.py","line":3}"#);
        assert_eq!(strength(&label, &finding("x/src/a.py", 4, "E1")), 3);
        assert_eq!(strength(&label, &finding("src/a.py", 5, "E1")), 0);
        assert_eq!(strength(&label, &finding("other_src/a.py", 3, "E1")), 0);
    }

    #[test]
    fn another_category_or_another_test_is_another_failure() {
        let wrong = label(r#"{"category":"test","file":"a.py","line":3}"#);
        assert_eq!(strength(&wrong, &finding("a.py", 3, "E1")), 0);
        let test = label(r#"{"category":"test","test_id":"tests/a.py::T::test_x","file":"a.py","line":3}"#);
        let mut failure = finding("a.py", 3, "E1");
        failure.category = Category::Test;
        failure.test_id = Some("tests.a.T.test_x".into());
        assert_eq!(strength(&test, &failure), 7);
        failure.test_id = Some("tests.a.T.test_y".into());
        assert_eq!(strength(&test, &failure), 0);
    }

    #[test]
    fn a_path_without_line_needs_the_code() {
        let label =
            label(r#"{"category":"quality","file":"a.py","code":"pkg.E1","alt_codes":["E2",null],"alt_tools":[null]}"#);
        assert_eq!(strength(&label, &finding("a.py", 9, "E1")), 2);
        assert_eq!(strength(&label, &finding("a.py", 9, "E2")), 2);
        assert_eq!(strength(&label, &finding("a.py", 9, "E3")), 0);
        let mut without = finding("a.py", 9, "");
        without.code = None;
        assert!(right_code(&label, &without) && !same_code(&label, &without));
    }

    #[test]
    fn messages_are_the_same_if_one_holds_the_other() {
        assert!(same_message("No module  named 'x'", "no module named 'x' at all"));
        assert!(!same_message("no", "no module"), "too short to say anything");
        assert!(same_message("no", "NO") && !same_message("", ""));
    }

    #[test]
    fn each_failure_answers_one_label_and_the_best_pair_goes_first() {
        let one = label(r#"{"category":"quality","file":"a.py","line":3}"#);
        let two = label(r#"{"category":"quality","file":"a.py","line":4,"code":"E1"}"#);
        assert_eq!(pairs(&[one.clone(), two.clone()], &[finding("a.py", 4, "E1")]), [(1, 0)]);
        assert_eq!(pairs(&[one, two], &[finding("a.py", 4, "E1"), finding("a.py", 3, "E9")]), [(1, 0), (0, 1)]);
    }
}
