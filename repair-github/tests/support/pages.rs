//! Long lists, page by page.

use super::answer::Answer;
use super::call::Call;
use serde_json::{Value, json};

/// One page of `items`, counted under `total_count` beside `key`, or as a bare list without one.
pub(crate) fn page(call: &Call, base: &str, key: Option<&str>, items: Vec<Value>) -> Answer {
    let number = |name, default| call.value(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(default);
    let (size, current) = (number("per_page", 30).clamp(1, 100), number("page", 1).max(1));
    let (total, last) = (items.len(), items.len().div_ceil(size).max(1));
    let shown: Vec<Value> = items.into_iter().skip((current - 1) * size).take(size).collect();
    let body = key.map_or_else(|| json!(shown), |key| json!({ "total_count": total, key: shown }));
    let answer = Answer::json(200, &body);
    let links = links(call, base, current, last);
    if links.is_empty() { answer } else { answer.with("link", links.join(", ")) }
}

fn links(call: &Call, base: &str, current: usize, last: usize) -> Vec<String> {
    let others: String = call
        .pairs()
        .iter()
        .filter(|(name, _)| name != "page")
        .fold(String::new(), |text, (name, value)| format!("{text}{name}={}&", value.replace(' ', "+")));
    let link = |page: usize, relation: &str| format!("<{base}{}?{others}page={page}>; rel=\"{relation}\"", call.path);
    let back = (current > 1).then(|| [link(current - 1, "prev"), link(1, "first")]);
    let forth = (current < last).then(|| [link(current + 1, "next"), link(last, "last")]);
    back.into_iter().chain(forth).flatten().collect()
}
