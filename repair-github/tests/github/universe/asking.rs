//! Asking the interface as plainly as can be.

use crate::support::Universe;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

/// A client that follows nothing and hides nothing.
pub(crate) fn client() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).user_agent("a-test").build().unwrap()
}

/// A request below the repository's address, with the workflow's token.
pub(crate) fn request(universe: &Universe, method: Method, rest: &str) -> RequestBuilder {
    let url = format!("{}/repos/{}/{rest}", universe.url(), universe.repository());
    client().request(method, url.trim_end_matches('/')).bearer_auth(universe.token())
}

/// The answer to a question.
pub(crate) async fn get(universe: &Universe, rest: &str) -> Response {
    request(universe, Method::GET, rest).send().await.unwrap()
}

/// A document, which must be there.
pub(crate) async fn document(universe: &Universe, rest: &str) -> Value {
    let answer = get(universe, rest).await;
    assert_eq!(answer.status(), 200, "{rest}");
    answer.json().await.unwrap()
}

/// The status of an answer, and its body as far as it is JSON.
pub(crate) async fn told(answer: Response) -> (u16, Value) {
    (answer.status().as_u16(), serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}

/// A header of an answer.
pub(crate) fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}
