//! The values of a matrix, by the name of a job that has them.

use std::collections::BTreeMap;
use yaml_serde::Value;

/// Values by the names that expressions have for them: `matrix.python`.
pub(super) type Values = BTreeMap<String, String>;

/// The values in the `(3.11, ubuntu-latest)` behind the name of a job; `None` if the matrix has no such values.
pub(super) fn values(matrix: &Value, suffix: &str) -> Option<Values> {
    let given: Vec<&str> = suffix.split(", ").collect();
    let axes: Vec<(&str, &Value)> = matrix
        .as_mapping()?
        .iter()
        .filter_map(|(name, values)| Some((name.as_str()?, values)))
        .filter(|(name, _)| !matches!(*name, "include" | "exclude"))
        .collect();
    let included: Vec<Values> =
        matrix.get("include").and_then(Value::as_sequence).into_iter().flatten().map(entry).collect();
    let crossed = !axes.is_empty() && given.len() >= axes.len();
    let crossed = crossed && axes.iter().zip(&given).all(|((_, values), given)| may_be(values, given));
    if crossed {
        let mut found: Values =
            axes.iter().zip(&given).map(|((name, _), given)| (named(name), (*given).to_owned())).collect();
        // What is included for these values belongs to them.
        let axes: Vec<String> = axes.iter().map(|(name, _)| named(name)).collect();
        let fits =
            |more: &&Values| axes.iter().all(|name| more.get(name).is_none_or(|value| found.get(name) == Some(value)));
        let more: Vec<Values> = included.iter().filter(fits).cloned().collect();
        more.into_iter().for_each(|more| found.extend(more));
        return Some(found);
    }
    let is_it = |entry: &&Values| {
        let mut left: Vec<&str> = given.clone();
        let all = entry.values().all(|value| {
            let at = left.iter().position(|given| given == value);
            at.map(|at| left.remove(at)).is_some()
        });
        all && left.is_empty()
    };
    included.iter().find(is_it).cloned()
}

/// Whether an axis may have the value. One that is computed may have any.
fn may_be(values: &Value, given: &str) -> bool {
    match values.as_sequence() {
        Some(values) => values.iter().any(|value| text(value).is_none_or(|value| value == given)),
        None => true,
    }
}

fn entry(entry: &Value) -> Values {
    let pairs = entry.as_mapping().into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((named(name.as_str()?), text(value)?))).collect()
}

fn named(name: &str) -> String {
    format!("matrix.{name}")
}

/// A plain value as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(matrix: &str, suffix: &str) -> Option<Vec<(String, String)>> {
        let matrix = yaml_serde::from_str(matrix).unwrap();
        values(&matrix, suffix).map(|values| values.into_iter().collect())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(pairs.iter().map(|(name, value)| (format!("matrix.{name}"), (*value).to_owned())).collect())
    }

    #[test]
    fn values_stand_in_the_order_of_the_axes() {
        let matrix = "python: ['3.9', 3.11]\nos: [linux, mac]\nexclude: [{os: mac}]\n";
        assert_eq!(found(matrix, "3.11, linux"), pairs(&[("os", "linux"), ("python", "3.11")]));
        assert_eq!(found(matrix, "linux, 3.11"), None);
        assert_eq!(found(matrix, "3.9"), None);
    }

    #[test]
    fn included_values_belong_to_theirs_or_stand_alone() {
        let matrix = "python: ['3.9', '3.10']\ninclude:\n- {python: '3.9', old: true}\n- {python: '3.13', rc: 1}\n";
        assert_eq!(found(matrix, "3.9, true"), pairs(&[("old", "true"), ("python", "3.9")]));
        assert_eq!(found(matrix, "3.10"), pairs(&[("python", "3.10")]));
        assert_eq!(found(matrix, "3.13, 1"), pairs(&[("python", "3.13"), ("rc", "1")]));
        assert_eq!(found("python: ${{ fromJSON(x) }}", "3.8"), pairs(&[("python", "3.8")]));
    }
}
