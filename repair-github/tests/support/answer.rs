//! One answer, and the words in which GitHub refuses.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Box<HeaderMap>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Bytes of a kind.
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Box::default(), body: body.into() }.with("content-type", kind)
    }

    /// A JSON document.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", value.to_string())
    }

    /// A refusal in GitHub's form.
    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        let documentation = "https://docs.github.com/rest";
        let body = json!({ "message": message, "documentation_url": documentation, "status": status.to_string() });
        Self::json(status, &body)
    }

    /// There is no such thing, or it may not be seen.
    pub(crate) fn not_found() -> Self {
        Self::refusal(404, "Not Found")
    }

    /// It lies elsewhere.
    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(302, "text/html;charset=utf-8", Bytes::new()).with("location", to)
    }

    /// The answer with a header.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        let name = HeaderName::try_from(name).expect("a header's name");
        let value = HeaderValue::from_str(&value.to_string()).expect("a header's value");
        self.headers.insert(name, value);
        self
    }
}
