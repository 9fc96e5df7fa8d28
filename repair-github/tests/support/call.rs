//! One request, as the front received it.

use bytes::Bytes;
use http::HeaderMap;
use reqwest::Url;

/// A request as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `GET`, `POST`, ….
    pub(crate) method: String,
    /// The path as it was written, without the prefix of the server edition.
    pub(crate) path: String,
    /// What follows the question mark.
    pub(crate) query: Option<String>,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
    /// What stood before the path: nothing, or `/api/v3`.
    pub(crate) prefix: &'static str,
}

impl Call {
    /// The path's parts, decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.trim_matches('/').split('/').map(decoded).collect()
    }

    /// The query's pairs, decoded.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let address = format!("http://front/?{}", self.query.as_deref().unwrap_or_default());
        let address = Url::parse(&address).expect("a query makes an address");
        address.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// A value of the query.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The token it was signed with.
    pub(crate) fn token(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (_scheme, token) = value.split_once(' ')?;
        Some(token)
    }

    /// Path and query.
    pub(crate) fn target(&self) -> String {
        self.query.as_ref().map_or_else(|| self.path.clone(), |query| format!("{}?{query}", self.path))
    }
}

/// Decodes the percent signs of a part of a path.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
