//! The GraphQL interface: all requests go to one address, and what comes with status 200 may be a refusal.

use super::{Answer, Failed, Request, Stage, trouble};
use http::HeaderMap;
use repair_core::forge::ForgeErrorKind as Kind;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The address below which `graphql` lies: on a server of one's own beside `v3`, not below it.
pub(super) fn base(api_url: &str) -> &str {
    let url = api_url.trim_end_matches('/');
    if url.ends_with("/api/v3") { url.trim_end_matches("/v3") } else { url }
}

/// What a request gave.
#[derive(Deserialize)]
pub(super) struct Told<T> {
    pub(super) data: T,
}

/// What a mutation gave: for its name an object, and not null.
pub(super) type Done = BTreeMap<String, serde_json::Map<String, Value>>;

#[derive(Deserialize)]
struct Refusals {
    #[serde(default)]
    errors: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    message: String,
    /// There where the request itself is not valid.
    #[serde(default)]
    extensions: Option<Value>,
}

/// An error if the answer tells of one. What has an error has not been done.
pub(super) fn refuse_failure(request: &Request, answer: &Answer) -> Result<(), Failed> {
    let told: Option<Refusals> = serde_json::from_slice(&answer.body).ok();
    match told.and_then(|told| told.errors.into_iter().next()) {
        Some(refusal) => Err(refused(request, &refusal, &answer.headers)),
        None => Ok(()),
    }
}

fn refused(request: &Request, refusal: &Refusal, headers: &HeaderMap) -> Failed {
    let limited = refusal.message.to_ascii_lowercase().contains("rate limit");
    let kind = match refusal.kind.as_deref() {
        Some("RATE_LIMITED" | "RATE_LIMIT") => Kind::RateLimited(trouble::wait(headers).flatten()),
        _ if limited => Kind::RateLimited(trouble::wait(headers).flatten()),
        Some("STALE_DATA") => Kind::Conflict,
        Some("NOT_FOUND") => Kind::NotFound,
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Kind::Forbidden,
        Some("UNPROCESSABLE") => Kind::Invalid,
        None if refusal.extensions.is_some() => Kind::Invalid,
        // Trouble of the server has no name, or one that nobody has written down.
        _ => trouble::broken(request),
    };
    let stage = match kind {
        Kind::RateLimited(wait) => Stage::Refused(Some(wait.unwrap_or(trouble::UNTOLD))),
        Kind::Unavailable | Kind::Uncertain => Stage::Broken,
        _ => Stage::Refused(None),
    };
    let name = refusal.kind.as_deref().map(trouble::plain).unwrap_or_default();
    let reason = format!("{} (GraphQL {name}: {})", trouble::advice(kind), trouble::plain(&refusal.message));
    Failed::new(kind, request, reason.replace("GraphQL :", "GraphQL:"), stage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use serde_json::json;
    use std::time::Duration;

    fn failure(document: &str, error: Value, headers: HeaderMap) -> Failed {
        let request = Request::graphql(document, json!({}), "try it");
        let body = Bytes::from(json!({ "data": { "x": null }, "errors": [error] }).to_string());
        refuse_failure(&request, &Answer { headers, body }).unwrap_err()
    }

    #[test]
    fn every_name_has_its_kind() {
        let cases = [
            (json!({ "type": "STALE_DATA" }), Kind::Conflict),
            (json!({ "type": "NOT_FOUND" }), Kind::NotFound),
            (json!({ "type": "FORBIDDEN" }), Kind::Forbidden),
            (json!({ "type": "INSUFFICIENT_SCOPES" }), Kind::Forbidden),
            (json!({ "type": "UNPROCESSABLE" }), Kind::Invalid),
            (json!({ "type": "RATE_LIMITED" }), Kind::RateLimited(None)),
            (json!({ "message": "You have exceeded a secondary rate limit." }), Kind::RateLimited(None)),
            (json!({ "message": "no field", "extensions": { "code": "undefinedField" } }), Kind::Invalid),
        ];
        for (error, kind) in cases {
            for document in ["query { a }", "mutation { a }"] {
                assert_eq!(failure(document, error.clone(), HeaderMap::new()).error.kind(), kind, "{error}");
            }
        }
    }

    #[test]
    fn trouble_without_a_name_leaves_open_whether_a_mutation_was_done() {
        for error in [json!({ "message": "Something went wrong" }), json!({ "type": "INTERNAL" })] {
            let query = failure("query { a }", error.clone(), HeaderMap::new());
            assert_eq!((query.error.kind(), query.stage), (Kind::Unavailable, Stage::Broken));
            let mutation = failure("mutation { a }", error, HeaderMap::new());
            assert_eq!((mutation.error.kind(), mutation.stage), (Kind::Uncertain, Stage::Broken));
        }
    }

    #[test]
    fn the_time_to_wait_is_in_the_headers() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", http::HeaderValue::from_static("7"));
        let failed = failure("mutation { a }", json!({ "type": "RATE_LIMITED" }), headers);
        let wait = Some(Duration::from_secs(7));
        assert_eq!((failed.error.kind(), failed.stage), (Kind::RateLimited(wait), Stage::Refused(wait)));
    }

    #[test]
    fn a_refusal_is_told_in_githubs_words_on_one_line() {
        let failed =
            failure("mutation { a }", json!({ "type": "STALE_DATA", "message": "No\n longer" }), HeaderMap::new());
        let said = "cannot try it: something else has changed it meanwhile (GraphQL STALE_DATA: No  longer)";
        assert_eq!(failed.error.to_string(), said);
    }

    #[test]
    fn the_address_is_beside_the_other_one_on_a_server_of_ones_own() {
        for (api, graphql) in [
            ("https://api.github.com", "https://api.github.com"),
            ("https://api.acme.ghe.com/", "https://api.acme.ghe.com"),
            ("https://github.example.com/api/v3", "https://github.example.com/api"),
            ("https://github.example.com/api/v3/", "https://github.example.com/api"),
        ] {
            assert_eq!(base(api), graphql);
        }
    }

    #[test]
    fn a_mutation_that_gives_nothing_is_not_done() {
        let done = |data: &str| serde_json::from_str::<Told<Done>>(data).is_ok();
        assert!(done(r#"{ "data": { "updateRefs": { "clientMutationId": null } } }"#));
        for data in [r#"{ "data": null }"#, r#"{ "data": { "updateRefs": null } }"#, "{}"] {
            assert!(!done(data), "{data}");
        }
    }

    #[test]
    fn what_worked_is_no_failure() {
        let request = Request::graphql("query { a }", json!({}), "try it");
        for body in [r#"{ "data": { "a": 1 } }"#, r#"{ "data": { "a": 1 }, "errors": [] }"#] {
            let answer = Answer { headers: HeaderMap::new(), body: Bytes::from(body) };
            assert!(refuse_failure(&request, &answer).is_ok());
        }
    }
}
