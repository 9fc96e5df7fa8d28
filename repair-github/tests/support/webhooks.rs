//! Payloads of webhooks, as GitHub documents them.

use super::parts;
use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct Event {
    name: String,
    examples: Vec<Value>,
}

/// The documented payloads of an event (`workflow_run`).
pub(crate) fn examples(event: &str) -> &'static [Value] {
    static EVENTS: OnceLock<Vec<Event>> = OnceLock::new();
    let events = EVENTS.get_or_init(|| {
        let path = parts::file("@octokit/webhooks-examples/api.github.com/index.json");
        let text = std::fs::read_to_string(path).expect("the examples are installed");
        serde_json::from_str(&text).expect("the examples are JSON")
    });
    events.iter().find(|known| known.name == event).map_or(&[], |known| &known.examples)
}

/// The first documented payload of an event with an action.
pub(crate) fn example(event: &str, action: &str) -> Value {
    let of_action = |payload: &&Value| payload["action"] == action;
    let found = examples(event).iter().find(of_action);
    found.unwrap_or_else(|| panic!("no example of {event} {action}")).clone()
}
