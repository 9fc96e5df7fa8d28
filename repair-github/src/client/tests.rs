//! The client against a server that fails on demand. The server is a stand-in for what no real one does when asked.

use super::*;
use repair_core::forge::ForgeErrorKind as Kind;
use serde_json::{Value, json};
use tokio::time::Instant;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn client(server: &MockServer) -> Client {
    let limits = Limits { answer: 1 << 16, log: 1000, call: Duration::from_secs(20), ..Limits::default() };
    Client::new(&server.uri(), SignIn::token("ghp_planted"), limits).unwrap()
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/x")).respond_with(template).mount(&server).await;
    server
}

async fn failure(template: ResponseTemplate, request: &Request) -> (Kind, usize) {
    let server = answering(template).await;
    let error = client(&server).await.json::<Value>(request).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    (error.kind(), server.received_requests().await.unwrap().len())
}

fn get() -> Request {
    Request::get(&["x"], "try it")
}

fn post() -> Request {
    Request::new(http::Method::POST, &["x"], "try it").with(json!({ "a": 1 }))
}

#[tokio::test]
async fn every_status_has_its_kind_and_only_trouble_is_repeated() {
    let cases = [
        (400, Kind::Invalid, 1),
        (401, Kind::Unauthorized, 1),
        (403, Kind::Forbidden, 1),
        (404, Kind::NotFound, 1),
        (409, Kind::Conflict, 1),
        (410, Kind::Gone, 1),
        (418, Kind::Malformed, 1),
        (422, Kind::Invalid, 1),
        (500, Kind::Unavailable, 4),
        (502, Kind::Unavailable, 4),
        (503, Kind::Unavailable, 4),
    ];
    for (status, kind, requests) in cases {
        assert_eq!(failure(ResponseTemplate::new(status), &get()).await, (kind, requests), "{status}");
    }
}

#[tokio::test]
async fn a_post_is_sent_once_and_what_came_of_it_is_not_guessed() {
    assert_eq!(failure(ResponseTemplate::new(502), &post()).await, (Kind::Uncertain, 1));
    assert_eq!(failure(ResponseTemplate::new(422), &post()).await, (Kind::Invalid, 1));
    let unreadable = ResponseTemplate::new(200).set_body_string("<html>");
    assert_eq!(failure(unreadable, &get()).await, (Kind::Malformed, 1));
}

#[tokio::test]
async fn limits_are_waited_for_even_by_a_post() {
    let server = MockServer::start().await;
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "1");
    Mock::given(method("POST")).respond_with(limited).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(201).set_body_json(json!({}))).mount(&server).await;
    let begun = Instant::now();
    client(&server).await.json::<Value>(&post()).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_limit_beyond_the_time_that_is_left_is_an_error_at_once() {
    let hour = ResponseTemplate::new(403).insert_header("retry-after", "3600");
    assert_eq!(failure(hour, &get()).await, (Kind::RateLimited(Some(Duration::from_secs(3600))), 1));
    let primary = ResponseTemplate::new(403)
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "1800000600")
        .insert_header("date", "Fri, 15 Jan 2027 08:00:00 GMT");
    assert_eq!(failure(primary, &get()).await, (Kind::RateLimited(Some(Duration::from_secs(600))), 1));
    let secondary =
        ResponseTemplate::new(403).set_body_json(json!({ "message": "You have exceeded a secondary rate limit" }));
    assert_eq!(failure(secondary, &get()).await, (Kind::RateLimited(None), 1));
}

#[tokio::test]
async fn githubs_own_words_are_passed_on_without_control_characters() {
    let body =
        json!({ "message": "Validation\u{1b}[2J Failed", "errors": [{ "message": "No commits between a and b" }] });
    let server = answering(ResponseTemplate::new(422).set_body_json(body)).await;
    let error = client(&server).await.json::<Value>(&post()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot try it: GitHub refuses the request (HTTP 422: Validation [2J Failed: No commits between a and b)"
    );
}

#[tokio::test]
async fn an_answer_beyond_its_limit_is_refused() {
    let large = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 1 << 17]);
    assert_eq!(failure(large, &get()).await, (Kind::TooLarge, 1));
}

#[tokio::test]
async fn a_known_answer_is_asked_for_with_its_tag() {
    let server = MockServer::start().await;
    let unchanged = ResponseTemplate::new(304);
    Mock::given(header("if-none-match", "\"1\"")).respond_with(unchanged).with_priority(1).mount(&server).await;
    let fresh = ResponseTemplate::new(200).set_body_json(json!([1])).insert_header("etag", "\"1\"");
    Mock::given(path("/x")).respond_with(fresh).expect(1).mount(&server).await;
    let client = client(&server).await;
    for _ in 0..3 {
        assert_eq!(client.json::<Value>(&get()).await.unwrap(), json!([1]));
    }
}

#[tokio::test]
async fn a_download_follows_to_the_store_without_the_token() {
    let (server, store) = (MockServer::start().await, MockServer::start().await);
    let moved = ResponseTemplate::new(302).insert_header("location", format!("{}/signed?sig=1", store.uri()));
    Mock::given(path("/x")).and(header("authorization", "Bearer ghp_planted")).respond_with(moved).mount(&server).await;
    Mock::given(path("/signed")).respond_with(ResponseTemplate::new(200).set_body_string("a log")).mount(&store).await;
    let mut log = Vec::new();
    let client = client(&server).await;
    assert_eq!(client.download(&get(), client.limits.log, &mut log).await.unwrap(), 5);
    assert_eq!(log, b"a log");
    let received = store.received_requests().await.unwrap();
    assert!(received.iter().all(|request| !request.headers.contains_key("authorization")), "{received:?}");
}

#[tokio::test]
async fn a_log_that_is_gone_or_too_long_is_an_error() {
    for (template, kind) in [
        (ResponseTemplate::new(410).set_body_json(json!({ "message": "Gone" })), Kind::Gone),
        (ResponseTemplate::new(404), Kind::NotFound),
        (ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 1001]), Kind::TooLarge),
    ] {
        let server = answering(template).await;
        let client = client(&server).await;
        let mut log = Vec::new();
        assert_eq!(client.download(&get(), client.limits.log, &mut log).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be() {
    let limits = Limits { attempts: 2, ..Limits::default() };
    let client = Client::new("http://127.0.0.1:9", SignIn::nobody(), limits).unwrap();
    let error = client.json::<Value>(&post()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().starts_with("cannot try it: GitHub did not answer"), "{error}");
}

#[tokio::test]
async fn silence_ends_with_the_time_of_the_call() {
    let server = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    let limits = Limits { call: Duration::from_millis(300), ..Limits::default() };
    let client = Client::new(&server.uri(), SignIn::nobody(), limits).unwrap();
    assert_eq!(client.json::<Value>(&get()).await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(client.json::<Value>(&post()).await.unwrap_err().kind(), Kind::Uncertain);
}

#[tokio::test]
async fn pages_are_asked_for_by_number() {
    let server = MockServer::start().await;
    let next = ResponseTemplate::new(200)
        .set_body_json(json!([1, 2]))
        .insert_header("link", "<https://elsewhere.example/x?page=2>; rel=\"next\"");
    Mock::given(wiremock::matchers::query_param("page", "1")).respond_with(next).mount(&server).await;
    let last = ResponseTemplate::new(200).set_body_json(json!([3]));
    Mock::given(wiremock::matchers::query_param("page", "2")).respond_with(last).mount(&server).await;
    let all = client(&server).await.all(&get(), |page: Vec<u32>| page).await.unwrap();
    assert_eq!(all, [1, 2, 3]);
}
