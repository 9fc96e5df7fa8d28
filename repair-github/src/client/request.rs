//! Requests.

use http::header::ACCEPT;
use http::{Method, request::Builder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

/// What stays as it is in a segment of a path and in a query: RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: Method,
    target: String,
    body: Option<Value>,
    doing: String,
    interface: Interface,
    repeatable: bool,
}

/// GitHub has two interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interface {
    /// One address for each thing.
    Rest,
    /// One address for all, and a language.
    GraphQl,
}

/// The path made of `parts`, each encoded.
fn segments(parts: &[&str]) -> String {
    parts.iter().flat_map(|part| ["/".to_owned(), utf8_percent_encode(part, RESERVED).to_string()]).collect()
}

impl Request {
    /// A request: `doing` says what for, as in `read the run`.
    pub(crate) fn new(method: Method, path: &[&str], doing: impl Into<String>) -> Self {
        let repeatable = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        let (target, doing) = (segments(path), doing.into());
        Self { method, target, body: None, doing, interface: Interface::Rest, repeatable }
    }

    /// A request that reads.
    pub(crate) fn get(path: &[&str], doing: impl Into<String>) -> Self {
        Self::new(Method::GET, path, doing)
    }

    /// A request in GraphQL. A `mutation` may have an effect, a `query` has none.
    pub(crate) fn graphql(document: &str, variables: Value, doing: impl Into<String>) -> Self {
        let asked =
            Self::new(Method::POST, &["graphql"], doing).with(json!({ "query": document, "variables": variables }));
        Self { interface: Interface::GraphQl, repeatable: !document.trim_start().starts_with("mutation"), ..asked }
    }

    /// The request as one that does no harm if it is done twice.
    pub(crate) fn harmless(self) -> Self {
        Self { repeatable: true, ..self }
    }

    /// The request with another parameter in its query.
    pub(crate) fn query(mut self, name: &str, value: impl ToString) -> Self {
        let mark = if self.target.contains('?') { '&' } else { '?' };
        let value = value.to_string();
        self.target.push_str(&format!("{mark}{name}={}", utf8_percent_encode(&value, RESERVED)));
        self
    }

    /// The request with a body.
    pub(crate) fn with(mut self, body: impl Serialize) -> Self {
        self.body = serde_json::to_value(body).ok();
        self
    }

    pub(crate) fn doing(&self) -> &str {
        &self.doing
    }

    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    pub(crate) fn interface(&self) -> Interface {
        self.interface
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// Whether sending it twice does what sending it once does.
    pub(crate) fn repeatable(&self) -> bool {
        self.repeatable
    }

    pub(crate) fn builder(&self) -> Builder {
        Builder::new().method(self.method.clone()).uri(&self.target).header(ACCEPT, "application/vnd.github+json")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place_in_the_address() {
        let request = Request::get(&["repos", "o", "n", "branches", "feature/a?b#c"], "x").query("path", "a&b=c");
        assert_eq!(request.target(), "/repos/o/n/branches/feature%2Fa%3Fb%23c?path=a%26b%3Dc");
    }

    #[test]
    fn only_what_does_no_harm_twice_is_repeatable() {
        for (method, repeatable) in
            [(Method::GET, true), (Method::PUT, true), (Method::POST, false), (Method::PATCH, false)]
        {
            assert_eq!(Request::new(method, &["x"], "x").repeatable(), repeatable);
        }
        for (document, repeatable) in [("query { a }", true), ("{ a }", true), ("mutation($a: B!) { c }", false)] {
            assert_eq!(Request::graphql(document, json!({}), "x").repeatable(), repeatable, "{document}");
        }
        assert!(Request::new(Method::POST, &["x"], "x").harmless().repeatable());
    }
}
