//! Answers that are lost, refused or garbage, at every call of publishing: nothing is duplicated, nothing is left
//! half-done that the next try does not finish.

use super::{BROKEN, REPAIRED, Story};
use crate::support::Fault;
use repair_core::publish::Published;
use std::time::Duration;

/// Every kind of call that publishing a pull request makes, and how often.
const CALLS: [(&str, usize); 11] = [
    ("GET /repos/*/*/actions/runs/*", 1),
    ("GET /repos/*/*/issues", 2),
    ("GET /repos/*/*/pulls", 2),
    ("GET /repos/*/*/compare/**", 1),
    ("GET /repos/*/*/tarball/**", 1),
    ("GET /repos/*/*/branches/**", 3),
    ("GET /repos/*/*/collaborators/*/permission", 1),
    ("GET /repos/*/*", 1),
    ("POST /graphql", 3),
    ("POST /repos/*/*/pulls", 1),
    ("POST /repos/*/*/issues/*/labels", 1),
];

const FAULTS: [Fault; 13] = [
    Fault::Slow(Duration::from_secs(30)),
    Fault::Status(401),
    Fault::Status(403),
    Fault::Status(404),
    Fault::Status(409),
    Fault::Status(410),
    Fault::Status(422),
    Fault::TooMany(Some(60)),
    Fault::Status(502),
    Fault::Cut,
    Fault::Garbage,
    Fault::Refused,
    Fault::Lost,
];

/// The next try finishes what the first one left, whatever came of that.
async fn suffer(calls: &'static str, spared: usize) {
    for fault in FAULTS {
        let story = Story::begins().await;
        let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
        story.universe.fault_after(spared, calls, fault);
        let first = story.try_to_publish(&work).await;
        story.universe.heal();
        let about = format!("{calls}, call {spared}, {fault:?}: {first:?}");
        assert!(story.pull_requests().await.len() <= 1, "{about}");
        if let Err(error) = &first {
            assert!(!format!("{error:?} {error}").contains(&story.universe.token()), "{about}");
        }
        let again = story.publish(&work).await;
        let there = matches!(again, Published::Opened { .. } | Published::Unchanged { .. } | Published::Updated { .. });
        assert!(there, "{about}, then {again:?}");
        let pulls = story.pull_requests().await;
        assert_eq!((pulls.len(), pulls[0]["state"].as_str()), (1, Some("open")), "{about}");
        assert_eq!(pulls[0]["labels"][0]["name"], "ci-repair", "{about}");
        assert_eq!(story.our_branches().await.len(), 1, "{about}, then {again:?}");
        // These two are answers: pull requests are not permitted, and nobody knows who caused the run.
        let reported = calls == "POST /repos/*/*/pulls" && matches!(fault, Fault::Status(403))
            || calls.ends_with("/permission") && matches!(fault, Fault::Status(404));
        assert_eq!(story.issues().await.len(), usize::from(reported), "{about}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_goes_wrong_once_there_is_one_pull_request_in_the_end() {
    let mut all = tokio::task::JoinSet::new();
    for (calls, times) in CALLS {
        (0..times).for_each(|spared| drop(all.spawn(suffer(calls, spared))));
    }
    all.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lost_answer_to_a_report_makes_no_second_issue() {
    for calls in ["POST /repos/*/*/issues", "POST /graphql", "PATCH /repos/*/*/issues/*"] {
        for spared in 0..3 {
            let mut story = Story::begins().await;
            let run = story.red("main").await;
            let work = story.diagnosed(&run, "main", "app.py");
            story.universe.fault_after(spared, calls, Fault::Lost);
            let first = story.try_to_publish(&work).await;
            story.universe.heal();
            story.now += Duration::from_secs(600);
            let again = story.try_to_publish(&work).await;
            assert_eq!(story.issues().await.len(), 1, "{calls}, call {spared}: {first:?}, then {again:?}");
            assert!(story.our_branches().await.is_empty(), "{calls}, call {spared}: {first:?}, then {again:?}");
        }
    }
}
