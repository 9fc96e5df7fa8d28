//! One operation of the interface.

use super::super::call::Call;
use super::schema::{faults, plain, resolved};
use serde_json::Value;

/// An operation with what surrounds it.
pub(super) struct Operation<'a> {
    document: &'a Value,
    operation: &'a Value,
    /// What each open part of the path stands for.
    path: Vec<(String, String)>,
}

impl<'a> Operation<'a> {
    /// The operation behind a template and a method; `None` if a part stands for more than it may.
    pub(super) fn find(document: &'a Value, template: &[String], method: &str, parts: &[String]) -> Option<Self> {
        let key = format!("/{}", template.join("/"));
        let operation = document["paths"][&key].get(method)?;
        let mut path: Vec<(String, String)> = Vec::new();
        for (at, known) in template.iter().enumerate().filter(|(_, known)| known.starts_with('{')) {
            let last = at + 1 == template.len();
            let value = if last { parts[at..].join("/") } else { parts[at].clone() };
            path.push((known.trim_matches(['{', '}']).to_owned(), value));
        }
        let found = Self { document, operation, path };
        let longer = parts.len() > template.len();
        (!longer || found.last_is_long()).then_some(found)
    }

    fn last_is_long(&self) -> bool {
        let Some((name, _)) = self.path.last() else { return false };
        self.parameter("path", name).is_some_and(|known| known["x-multi-segment"] == true)
    }

    /// What is wrong with a request for it.
    pub(super) fn faults(&self, call: &Call) -> Vec<String> {
        let pairs = call.pairs();
        let path = self.path.iter().flat_map(|(name, value)| self.value_faults("path", name, value));
        let query = pairs.iter().flat_map(|(name, value)| self.value_faults("query", name, value));
        path.chain(query).chain(self.missing(&pairs)).chain(self.body_faults(call)).collect()
    }

    fn parameters(&self) -> impl Iterator<Item = &'a Value> {
        let (document, list) = (self.document, self.operation["parameters"].as_array());
        list.into_iter().flatten().map(move |parameter| resolved(document, parameter))
    }

    fn parameter(&self, place: &str, name: &str) -> Option<&'a Value> {
        self.parameters().find(|known| known["in"] == place && known["name"] == name)
    }

    fn missing(&self, pairs: &[(String, String)]) -> Vec<String> {
        let required = self.parameters().filter(|known| known["in"] == "query" && known["required"] == true);
        let names = required.filter_map(|known| known["name"].as_str());
        let missing = names.filter(|name| pairs.iter().all(|(known, _)| known != name));
        missing.map(|name| format!("`{name}` is missing in the query")).collect()
    }

    fn value_faults(&self, place: &str, name: &str, value: &str) -> Vec<String> {
        let Some(parameter) = self.parameter(place, name) else {
            return vec![format!("the {place} knows no `{name}`")];
        };
        let schema = plain(self.document, &parameter["schema"], false);
        let limit = value.parse::<u64>().is_ok_and(|number| name == "per_page" && number > 100);
        let mut found: Vec<String> = limit.then(|| "a page has 100 entries at most".to_owned()).into_iter().collect();
        let readings = readings(value);
        if readings.iter().all(|reading| !faults(&schema, reading).is_empty()) {
            found.push(format!("`{name}={value}` in the {place} is not what it should be"));
        }
        found
    }

    fn body_faults(&self, call: &Call) -> Vec<String> {
        let body = resolved(self.document, &self.operation["requestBody"]);
        let schema = &body["content"]["application/json"]["schema"];
        if call.body.is_empty() {
            return if body["required"] == true { vec!["the body is missing".to_owned()] } else { Vec::new() };
        }
        let Ok(sent) = serde_json::from_slice::<Value>(&call.body) else {
            return vec!["the body is not JSON".to_owned()];
        };
        if schema.is_null() {
            let empty = sent.is_null() || sent.as_object().is_some_and(serde_json::Map::is_empty);
            return if empty { Vec::new() } else { vec!["it takes no body".to_owned()] };
        }
        faults(&plain(self.document, schema, true), &sent)
    }

    /// What is wrong with an answer.
    pub(super) fn faults_of_answer(&self, status: u16, body: &Value) -> Vec<String> {
        let Some(answer) = self.operation["responses"].get(status.to_string()) else {
            return vec![format!("{status} is not an answer to it")];
        };
        let schema = &resolved(self.document, answer)["content"]["application/json"]["schema"];
        if schema.is_null() { Vec::new() } else { faults(&plain(self.document, schema, false), body) }
    }
}

/// What a text in an address may mean.
fn readings(value: &str) -> Vec<Value> {
    let text = Value::String(value.to_owned());
    let parsed = serde_json::from_str(value).ok().filter(|value: &Value| value.is_number() || value.is_boolean());
    [Some(text), parsed].into_iter().flatten().collect()
}
