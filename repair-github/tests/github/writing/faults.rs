//! Every call that writes, with everything that can go wrong: what was done is done once, and what may have been done is
//! said to be uncertain.

use super::{assert_manners, changing, github, head, limits, name, proposal};
use crate::support::{Fault, Universe};
use repair_core::RepoPath;
use repair_core::forge::{ForgeError, ForgeErrorKind as Kind, ItemEdit, Publisher, Suggestion};
use serde_json::{Value, json};
use std::error::Error;
use std::time::Duration;

/// The calls, each with the request that has the effect.
const CALLS: [(&str, &str); 11] = [
    ("move_branch", "POST /graphql"),
    ("commit", "POST /graphql"),
    ("open_pull_request", "POST /repos/*/*/pulls"),
    ("edit", "PATCH /repos/*/*/issues/*"),
    ("set_draft", "POST /graphql"),
    ("label", "POST /repos/*/*/issues/*/labels"),
    ("make_label", "POST /repos/*/*/labels"),
    ("open_issue", "POST /repos/*/*/issues"),
    ("comment", "POST /repos/*/*/issues/*/comments"),
    ("edit_comment", "PATCH /repos/*/*/issues/comments/*"),
    ("suggest", "POST /repos/*/*/pulls/*/reviews"),
];

/// How often the effect may be there afterwards.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Effect {
    Never,
    Once,
    Perhaps,
}

/// What goes wrong, what it is, and what has happened.
fn faults(calls: &str) -> Vec<(Fault, Kind, Effect)> {
    let told = |seconds| Kind::RateLimited(Some(Duration::from_secs(seconds)));
    let mut all = vec![
        (Fault::Status(401), Kind::Unauthorized, Effect::Never),
        (Fault::Status(403), Kind::Forbidden, Effect::Never),
        (Fault::Status(404), Kind::NotFound, Effect::Never),
        (Fault::Status(409), Kind::Conflict, Effect::Never),
        (Fault::Status(410), Kind::Gone, Effect::Never),
        (Fault::Status(422), Kind::Invalid, Effect::Never),
        (Fault::TooMany(None), Kind::RateLimited(None), Effect::Never),
        (Fault::TooMany(Some(60)), told(60), Effect::Never),
        (Fault::SecondaryLimit(60), told(60), Effect::Never),
        (Fault::PrimaryLimit(3600), told(3600), Effect::Never),
        (Fault::Status(500), Kind::Uncertain, Effect::Never),
        (Fault::Status(502), Kind::Uncertain, Effect::Never),
        (Fault::Status(503), Kind::Uncertain, Effect::Never),
        (Fault::Refused, Kind::Uncertain, Effect::Never),
        (Fault::Garbage, Kind::Uncertain, Effect::Never),
        (Fault::Slow(Duration::from_secs(30)), Kind::Uncertain, Effect::Perhaps),
        (Fault::Cut, Kind::Uncertain, Effect::Once),
        (Fault::Lost, Kind::Uncertain, Effect::Once),
    ];
    if calls == "POST /graphql" {
        all.extend([
            (Fault::GraphQl("STALE_DATA"), Kind::Conflict, Effect::Never),
            (Fault::GraphQl("NOT_FOUND"), Kind::NotFound, Effect::Never),
            (Fault::GraphQl("FORBIDDEN"), Kind::Forbidden, Effect::Never),
            (Fault::GraphQl("UNPROCESSABLE"), Kind::Invalid, Effect::Never),
            (Fault::GraphQl("RATE_LIMITED"), Kind::RateLimited(None), Effect::Never),
            (Fault::GraphQl(""), Kind::Uncertain, Effect::Never),
        ]);
    }
    all
}

/// What one call is about.
struct Target {
    /// A branch and, without its slash, a title and a label.
    branch: String,
    /// The issue or the pull request.
    number: u64,
    comment: u64,
}

impl Target {
    fn title(&self) -> String {
        self.branch.replace('/', "-")
    }
}

/// Makes what a call is about, with nothing of the call's effect.
async fn target(universe: &Universe, call: &str, index: usize) -> Target {
    let branch = format!("ci-repair/{call}-{index}");
    let mut target = Target { branch: branch.clone(), number: 0, comment: 0 };
    match call {
        "commit" => {
            let new = json!({ "ref": format!("refs/heads/{branch}"), "sha": head(universe, "main").await });
            universe.owner_does("POST", "git/refs", &new).await;
        }
        "open_pull_request" | "set_draft" | "suggest" => {
            universe.commit(&branch, &[("a.py", &format!("{index}\n"))]).await;
            if call != "open_pull_request" {
                target.number = universe.person_opens("octocat", &branch, "main").await;
            }
        }
        "edit" | "label" | "make_label" | "comment" | "edit_comment" => {
            let made = universe.owner_does("POST", "issues", &json!({ "title": "An issue" })).await;
            target.number = made["number"].as_u64().unwrap();
        }
        _ => {}
    }
    if call == "edit_comment" {
        let path = format!("issues/{}/comments", target.number);
        target.comment = universe.owner_does("POST", &path, &json!({ "body": "old" })).await["id"].as_u64().unwrap();
    }
    if call == "label" {
        universe.owner_does("POST", "labels", &json!({ "name": target.title() })).await;
    }
    target
}

/// Makes a call, with a client that knows nothing yet.
async fn make(universe: &Universe, call: &str, target: &Target) -> Result<(), ForgeError> {
    let (github, name, Target { branch, number, comment }) = (github(universe), name(universe), target);
    let main = head(universe, "main").await.unwrap();
    let changed = || Some("changed".to_owned());
    universe.forget_requests();
    match call {
        "move_branch" => github.move_branch(&name, branch, None, Some(&main)).await,
        "commit" => github.commit(&name, branch, &main, &changing(&[("a", Some("b"))])).await.map(drop),
        "open_pull_request" => github.open_pull_request(&name, &proposal(branch, true)).await.map(drop),
        "edit" => github.edit(&name, *number, &ItemEdit { body: changed(), ..ItemEdit::default() }).await,
        "set_draft" => github.set_draft(&name, *number, true).await,
        "label" | "make_label" => github.label(&name, *number, &target.title()).await,
        "open_issue" => github.open_issue(&name, &target.title(), "Why", &[]).await.map(drop),
        "comment" => github.comment(&name, *number, "a comment").await,
        "edit_comment" => github.edit_comment(&name, *comment, "changed").await,
        "suggest" => {
            let (path, text, why) = (RepoPath::new("a.py").unwrap(), "2\n".to_owned(), "Since".to_owned());
            let suggestion = Suggestion { path, lines: (1, 1), text, why };
            let sha = head(universe, branch).await.unwrap();
            github.suggest(&name, *number, &sha, "An idea", &[suggestion]).await
        }
        other => panic!("no call {other}"),
    }
}

/// How often the call's effect is there.
async fn effects(universe: &Universe, call: &str, target: &Target) -> usize {
    let Target { branch, number, comment } = target;
    let count = |list: Value| list.as_array().map_or(0, Vec::len);
    let named = |list: Value, key: &str| {
        list.as_array().unwrap().iter().filter(|one| one[key] == json!(target.title())).count()
    };
    match call {
        "move_branch" => usize::from(head(universe, branch).await.is_some()),
        "commit" => {
            let compared = universe.owner_sees(&format!("compare/main...{branch}")).await;
            usize::try_from(compared["total_commits"].as_u64().unwrap()).unwrap()
        }
        "open_pull_request" => count(universe.owner_sees(&format!("pulls?state=all&head=octocat:{branch}")).await),
        "edit" => usize::from(universe.owner_sees(&format!("issues/{number}")).await["body"] == "changed"),
        "set_draft" => usize::from(universe.owner_sees(&format!("pulls/{number}")).await["draft"] == true),
        "label" => count(universe.owner_sees(&format!("issues/{number}/labels")).await),
        "make_label" => named(universe.owner_sees("labels?per_page=100").await, "name"),
        "open_issue" => named(universe.owner_sees("issues?state=all&per_page=100").await, "title"),
        "comment" => count(universe.owner_sees(&format!("issues/{number}/comments")).await),
        "edit_comment" => {
            usize::from(universe.owner_sees(&format!("issues/comments/{comment}")).await["body"] == "changed")
        }
        "suggest" => count(universe.owner_sees(&format!("pulls/{number}/reviews")).await),
        other => panic!("no call {other}"),
    }
}

/// How often the request that has the effect was made.
fn asked(universe: &Universe, calls: &str) -> usize {
    let (method, path) = calls.split_once(' ').unwrap();
    let fits = |call: &&crate::support::Call| {
        let (parts, wanted) = (call.segments(), path.trim_matches('/').split('/'));
        let alike = wanted.clone().zip(&parts).all(|(wanted, part)| wanted == "*" || wanted == part);
        call.method == method && wanted.count() == parts.len() && alike
    };
    universe.requests().iter().filter(fits).count()
}

fn assert_no_secret(universe: &Universe, error: &ForgeError) {
    let shown = format!("{error} {error:?} {:?}", error.source().map(ToString::to_string));
    assert!(!shown.contains(&universe.token()), "{shown}");
}

/// One call with all faults.
async fn suffer(call: &'static str, calls: &'static str) {
    let universe = Universe::start().await;
    for (index, (fault, kind, effect)) in faults(calls).into_iter().enumerate() {
        let target = target(&universe, call, index).await;
        assert_eq!(effects(&universe, call, &target).await, 0, "{call} with {fault:?}: there before");
        universe.fault(calls, fault);
        let told = make(&universe, call, &target).await;
        let times = asked(&universe, calls);
        assert_manners(&universe);
        universe.heal();
        // What somebody else has just made is there, and is put on the issue.
        if call == "make_label" && kind == Kind::Conflict {
            told.unwrap();
            continue;
        }
        let error = told.expect_err(call);
        assert_eq!(error.kind(), kind, "{call} with {fault:?}: {error}");
        assert_eq!(times, 1, "{call} with {fault:?} is asked for once");
        assert_no_secret(&universe, &error);
        let happened = effects(&universe, call, &target).await;
        let right = match effect {
            Effect::Never => happened == 0,
            Effect::Once => happened == 1,
            Effect::Perhaps => happened <= 1,
        };
        assert!(right, "{call} with {fault:?}: {happened} times, and it should be {effect:?}");
    }
    overcome(&universe, call, calls).await;
}

/// A request that was refused for the time being is made again, and its effect is there once.
async fn overcome(universe: &Universe, call: &str, calls: &str) {
    let target = target(universe, call, 99).await;
    universe.fault_times(calls, Fault::TooMany(Some(1)), 1);
    make(universe, call, &target).await.unwrap_or_else(|error| panic!("{call}: {error}"));
    assert_eq!(asked(universe, calls), 2, "{call}");
    assert_eq!(effects(universe, call, &target).await, 1, "{call}");
    assert!(limits().call > Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_tells_every_trouble_and_nothing_is_done_twice() {
    let all = CALLS.map(|(call, calls)| tokio::spawn(suffer(call, calls)));
    for one in all {
        one.await.unwrap();
    }
}

#[tokio::test]
async fn what_comes_before_the_effect_may_fail_and_nothing_has_happened() {
    let universe = Universe::start().await;
    let before = [
        ("move_branch", "GET /repos/*/*"),
        ("set_draft", "GET /repos/*/*/pulls/*"),
        ("make_label", "GET /repos/*/*/labels/*"),
    ];
    for (call, calls) in before {
        let target = target(&universe, call, 0).await;
        for (fault, kind) in [
            (Fault::Status(403), Kind::Forbidden),
            (Fault::Status(503), Kind::Unavailable),
            (Fault::Refused, Kind::Unavailable),
            (Fault::Garbage, Kind::Malformed),
        ] {
            universe.fault(calls, fault);
            let error = make(&universe, call, &target).await.expect_err(call);
            assert_eq!(error.kind(), kind, "{call} with {fault:?}: {error}");
            assert_no_secret(&universe, &error);
            universe.heal();
            assert_eq!(effects(&universe, call, &target).await, 0, "{call} with {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_branch_whose_move_was_refused_and_cannot_be_looked_at_keeps_the_first_refusal() {
    let universe = Universe::start().await;
    let target = target(&universe, "move_branch", 0).await;
    universe.fault("POST /graphql", Fault::GraphQl("UNPROCESSABLE"));
    universe.fault("GET /repos/*/*/branches/**", Fault::Status(500));
    let error = make(&universe, "move_branch", &target).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error}");
    assert_eq!(asked(&universe, "POST /graphql"), 1);
}
