//! Trouble on demand.

use super::asking::{get, header, request, told};
use crate::support::{Fault, JobScript, RunScript, Universe};
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn calls_that_fit_fail_with_the_status_wanted_and_others_do_not() {
    let universe = Universe::start().await;
    for status in [401, 403, 404, 409, 410, 422, 500, 502, 503] {
        universe.fault("GET /repos/*/*/branches/**", Fault::Status(status));
        assert_eq!(get(&universe, "branches/feature/one").await.status(), status);
        assert_eq!(get(&universe, "").await.status(), 200);
        universe.heal();
    }
    assert_eq!(get(&universe, "branches/main").await.status(), 200);
}

#[tokio::test]
async fn a_fault_ends_after_so_many_times() {
    let universe = Universe::start().await;
    universe.fault_times("* /repos/*/*", Fault::Status(503), 2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&universe, "").await.status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 200]);
}

#[tokio::test]
async fn limits_speak_as_github_does() {
    let universe = Universe::start().await;
    let cases = [
        (Fault::TooMany(Some(7)), 429, Some("7"), false),
        (Fault::TooMany(None), 429, None, false),
        (Fault::SecondaryLimit(60), 403, Some("60"), false),
        (Fault::PrimaryLimit(90), 403, None, true),
    ];
    for (fault, status, after, used_up) in cases {
        universe.fault_times("GET /repos/*/*", fault, 1);
        let answer = get(&universe, "").await;
        assert_eq!(answer.status(), status, "{fault:?}");
        assert_eq!(header(&answer, "retry-after"), after, "{fault:?}");
        assert_eq!(header(&answer, "x-ratelimit-remaining") == Some("0"), used_up, "{fault:?}");
        let (_, body) = told(answer).await;
        assert!(body["message"].as_str().unwrap().contains("rate limit"), "{fault:?}");
    }
}

#[tokio::test]
async fn answers_come_late_or_cut_or_are_garbage() {
    let universe = Universe::start().await;
    universe.fault_times("GET /repos/*/*", Fault::Slow(Duration::from_millis(300)), 1);
    let start = Instant::now();
    assert_eq!(get(&universe, "").await.status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    universe.fault_times("GET /repos/*/*", Fault::Cut, 1);
    let answer = get(&universe, "").await;
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err(), "the body breaks off");
    universe.fault_times("GET /repos/*/*", Fault::Garbage, 1);
    let answer = get(&universe, "").await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, Some("text/html")));
}

#[tokio::test]
async fn a_lost_answer_is_to_something_that_was_done_and_a_refused_call_did_nothing() {
    let universe = Universe::start().await;
    let issue = || request(&universe, Method::POST, "issues").json(&json!({ "title": "once" })).send();
    universe.fault_times("POST /repos/*/*/issues", Fault::Lost, 1);
    assert!(issue().await.is_err());
    assert_eq!(universe.owner_sees("issues").await.as_array().unwrap().len(), 1);
    universe.fault_times("POST /repos/*/*/issues", Fault::Refused, 1);
    assert!(issue().await.is_err());
    assert_eq!(universe.owner_sees("issues").await.as_array().unwrap().len(), 1);
    assert_eq!(universe.requests().len(), 2, "both arrived");
}

#[tokio::test]
async fn the_storage_has_troubles_too() {
    let universe = Universe::start().await;
    let run = universe.run(RunScript::red("main", JobScript::failed("a", "a long log\n"))).await;
    for (fault, status) in [(Fault::Status(404), 404), (Fault::Status(503), 503), (Fault::Cut, 200)] {
        universe.fault_times("GET /storage/**", fault, 1);
        let answer = get(&universe, &format!("actions/jobs/{}/logs", run.jobs[0][0])).await;
        let log = super::asking::client().get(header(&answer, "location").unwrap()).send().await.unwrap();
        assert_eq!((log.status().as_u16(), log.bytes().await.is_err()), (status, matches!(fault, Fault::Cut)));
    }
}
