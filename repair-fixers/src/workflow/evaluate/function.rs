//! The functions of expressions that need nothing but their arguments.

use super::Worth;

/// What the function gives; `None` if that is not known.
///
/// Every step that is asked about comes before the one that failed, so nothing has failed yet.
pub(super) fn call(name: &str, arguments: &[Option<Worth>]) -> Option<Worth> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "success" | "always" => return Some(Worth::Bool(true)),
        "failure" | "cancelled" => return Some(Worth::Bool(false)),
        _ => {}
    }
    let arguments: Vec<&Worth> = arguments.iter().map(Option::as_ref).collect::<Option<_>>()?;
    let lower = |worth: &Worth| worth.text().map(|text| text.to_ascii_lowercase());
    match (name.as_str(), arguments.as_slice()) {
        ("contains", [Worth::List(list), wanted]) => Some(Worth::Bool(list.iter().any(|one| one.equals(wanted)))),
        ("contains", [text, part]) => Some(Worth::Bool(lower(text)?.contains(&lower(part)?))),
        ("startswith", [text, part]) => Some(Worth::Bool(lower(text)?.starts_with(&lower(part)?))),
        ("endswith", [text, part]) => Some(Worth::Bool(lower(text)?.ends_with(&lower(part)?))),
        ("format", [text, values @ ..]) => format(&text.text()?, values).map(Worth::Text),
        ("fromjson", [text]) => list(&text.text()?),
        ("join", [Worth::List(list), by @ ..]) => join(list, by).map(Worth::Text),
        _ => None,
    }
}

fn format(text: &str, values: &[&Worth]) -> Option<String> {
    let values: Vec<String> = values.iter().map(|value| value.text()).collect::<Option<_>>()?;
    let holes = values.iter().enumerate();
    let filled = holes.fold(text.to_owned(), |text, (index, value)| text.replace(&format!("{{{index}}}"), value));
    Some(filled.replace("{{", "{").replace("}}", "}"))
}

/// A value that is no object, whose properties nobody could ask for.
fn list(text: &str) -> Option<Worth> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    (!value.is_object()).then(|| value.into())
}

fn join(list: &[Worth], by: &[&Worth]) -> Option<String> {
    let texts: Vec<String> = list.iter().map(Worth::text).collect::<Option<_>>()?;
    Some(texts.join(&by.first().map_or(Some(",".to_owned()), |by| by.text())?))
}
