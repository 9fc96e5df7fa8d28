//! Passing a call on to the emulator.

use super::answer::Answer;
use super::call::Call;
use super::front::Front;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

/// Headers that concern one connection only, or that we answer for ourselves.
const OURS: [&str; 7] =
    ["host", "connection", "content-length", "transfer-encoding", "accept-encoding", "if-none-match", "keep-alive"];

/// What the emulator says to a call, with its addresses turned into the front's.
pub(crate) async fn pass(front: &Front, call: &Call) -> Answer {
    let url = format!("{}{}", front.emulator.url(), call.target());
    let method = call.method.parse().expect("a method");
    let headers = without_ours(&call.headers);
    let sent = front.client.request(method, url).headers(headers).body(call.body.clone()).send().await;
    let answer = sent.expect("the emulator answers");
    let (status, headers) = (answer.status().as_u16(), Box::new(without_ours(answer.headers())));
    let body = answer.bytes().await.expect("the emulator answers wholly");
    turned(front, call, Answer { status, headers, body })
}

/// Asks the emulator for something with the caller's token.
pub(crate) async fn look(front: &Front, call: &Call, path: &str) -> Result<Value, Answer> {
    ask(front, call, "GET", path, Bytes::new()).await
}

/// Asks the emulator to do something with the caller's token.
pub(crate) async fn act(front: &Front, call: &Call, method: &str, path: &str, body: &Value) -> Result<Value, Answer> {
    ask(front, call, method, path, Bytes::from(body.to_string())).await
}

async fn ask(front: &Front, call: &Call, method: &str, path: &str, body: Bytes) -> Result<Value, Answer> {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query.to_owned())));
    let (method, path) = (method.to_owned(), path.to_owned());
    let asked = Call { method, path, query, body, ..call.clone() };
    let answer = pass(front, &asked).await;
    let value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    if (200..300).contains(&answer.status) { Ok(value) } else { Err(answer) }
}

fn without_ours(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Addresses of the emulator become the front's, in bodies and in headers.
fn turned(front: &Front, call: &Call, mut answer: Answer) -> Answer {
    let base = front.base(call);
    let turn = |text: &str| text.replace(front.emulator.url(), &base);
    if let Ok(text) = std::str::from_utf8(&answer.body) {
        answer.body = Bytes::from(turn(text));
    }
    for name in ["link", "location"] {
        let value = answer.headers.get(name).and_then(|value| value.to_str().ok()).map(turn);
        if let Some(value) = value {
            answer = answer.with(name, value);
        }
    }
    answer
}
