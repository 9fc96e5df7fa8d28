//! Every call that reads, with everything that can go wrong.

use super::{assert_manners, github, limits, name, read};
use crate::support::{ArtifactScript, Fault, JobScript, RunScript, Universe, zip};
use repair_core::forge::{Artifact, Forge, ForgeError, ForgeErrorKind as Kind, Job, LABEL, Publisher, Run};
use std::time::Duration;

/// What a call says, whatever it would give.
type Told = Result<(), ForgeError>;

/// The calls, with what they ask for.
const CALLS: [(&str, &str); 21] = [
    ("run", "GET /repos/*/*/actions/runs/*"),
    ("jobs", "GET /repos/*/*/actions/runs/*/attempts/*/jobs"),
    ("log", "GET /repos/*/*/actions/jobs/*/logs"),
    ("annotations", "GET /repos/*/*/check-runs/*/annotations"),
    ("artifacts", "GET /repos/*/*/actions/runs/*/artifacts"),
    ("artifact", "GET /repos/*/*/actions/artifacts/*/zip"),
    ("pull_request_of", "GET /repos/*/*/pulls"),
    ("head", "GET /repos/*/*/branches/**"),
    ("is_protected", "GET /repos/*/*/branches/**"),
    ("permission", "GET /repos/*/*/collaborators/*/permission"),
    ("default_branch", "GET /repos/*/*"),
    ("variable", "GET /repos/*/*/actions/variables/*"),
    ("snapshot", "GET /repos/*/*/tarball/**"),
    ("login", "POST /graphql"),
    ("may_open_pull_requests", "GET /repos/*/*/actions/permissions/workflow"),
    ("labelled", "GET /repos/*/*/issues"),
    ("pull_requests_from", "GET /repos/*/*/pulls"),
    ("pull_request", "GET /repos/*/*/pulls/*"),
    ("commits_between", "GET /repos/*/*/compare/**"),
    ("comments", "GET /repos/*/*/issues/*/comments"),
    ("lines_shown", "GET /repos/*/*/pulls/*/files"),
];

/// What goes wrong, what it is, and whether it is tried again.
fn faults() -> Vec<(Fault, Kind, bool)> {
    let told = |seconds| Kind::RateLimited(Some(Duration::from_secs(seconds)));
    vec![
        (Fault::Status(401), Kind::Unauthorized, false),
        (Fault::Status(403), Kind::Forbidden, false),
        (Fault::Status(404), Kind::NotFound, false),
        (Fault::Status(409), Kind::Conflict, false),
        (Fault::Status(410), Kind::Gone, false),
        (Fault::Status(422), Kind::Invalid, false),
        (Fault::TooMany(None), Kind::RateLimited(None), false),
        (Fault::TooMany(Some(60)), told(60), false),
        (Fault::SecondaryLimit(60), told(60), false),
        (Fault::PrimaryLimit(3600), told(3600), false),
        (Fault::Status(500), Kind::Unavailable, true),
        (Fault::Status(503), Kind::Unavailable, true),
        (Fault::Slow(Duration::from_secs(30)), Kind::Unavailable, false),
        (Fault::Cut, Kind::Unavailable, true),
        (Fault::Refused, Kind::Unavailable, true),
        (Fault::Garbage, Kind::Malformed, false),
    ]
}

/// Whether the call takes the trouble for an answer: there is no such thing, or it is not for us.
fn is_an_answer(call: &str, fault: Fault, kind: Kind) -> bool {
    match kind {
        // A redirection has no body that could break off; what it leads to is cut in the other test.
        _ if matches!(fault, Fault::Cut) => {
            matches!(call, "log" | "artifact" | "snapshot" | "may_open_pull_requests")
        }
        Kind::NotFound => {
            matches!(call, "head" | "is_protected" | "permission" | "variable" | "may_open_pull_requests")
        }
        Kind::Forbidden => matches!(call, "variable" | "may_open_pull_requests"),
        // A log may be any text, and an archive is looked into by whoever reads it.
        Kind::Malformed => matches!(call, "log" | "artifact"),
        _ => false,
    }
}

/// A universe with one of everything.
struct World {
    universe: Universe,
    run: Run,
    job: Job,
    artifact: Artifact,
    pull: u64,
}

impl World {
    async fn start() -> Self {
        let universe = Universe::start().await;
        universe.set_variable("CI_REPAIR", "on");
        let job = JobScript::failed("a", "a log\n").annotated("a.py", 1, "failure", "no");
        let script = RunScript::red("main", job).artifact(ArtifactScript::new("x", zip(&[("a", b"b")])));
        let run = read(&universe, &universe.run(script).await).await;
        let job = github(&universe).jobs(&run).await.unwrap().remove(0);
        let artifact = github(&universe).artifacts(&run).await.unwrap().remove(0);
        universe.commit("ci-repair/1", &[("a.py", "b\n")]).await;
        let pull = universe.person_opens("octocat", "ci-repair/1", "main").await;
        Self { universe, run, job, artifact, pull }
    }

    /// Makes a call, with a client that knows nothing yet.
    async fn call(&self, call: &str) -> Told {
        let (github, name) = (github(&self.universe), name(&self.universe));
        self.universe.forget_requests();
        match call {
            "run" => github.run(&name, self.run.id, None).await.map(drop),
            "jobs" => github.jobs(&self.run).await.map(drop),
            "log" => github.log(&name, self.job.id, &mut Vec::new()).await.map(drop),
            "annotations" => github.annotations(&name, &self.job).await.map(drop),
            "artifacts" => github.artifacts(&self.run).await.map(drop),
            "artifact" => github.artifact(&self.artifact, &mut Vec::new()).await.map(drop),
            "pull_request_of" => github.pull_request_of(&self.run).await.map(drop),
            "head" => github.head(&name, "main").await.map(drop),
            "is_protected" => github.is_protected(&name, "main").await.map(drop),
            "permission" => github.permission(&name, "hubot").await.map(drop),
            "default_branch" => github.default_branch(&name).await.map(drop),
            "variable" => github.variable(&name, "CI_REPAIR").await.map(drop),
            "snapshot" => github.snapshot(&name, "main").await.map(drop),
            "login" => github.login().await.map(drop),
            "may_open_pull_requests" => github.may_open_pull_requests(&name).await.map(drop),
            "labelled" => github.labelled(&name, LABEL).await.map(drop),
            "pull_requests_from" => github.pull_requests_from(&name, "ci-repair/1").await.map(drop),
            "pull_request" => github.pull_request(&name, self.pull).await.map(drop),
            "commits_between" => github.commits_between(&name, "main", "ci-repair/1").await.map(drop),
            "comments" => github.comments(&name, self.pull).await.map(drop),
            "lines_shown" => github.lines_shown(&name, self.pull).await.map(drop),
            other => panic!("no call {other}"),
        }
    }
}

/// One call with all faults.
async fn suffer(call: &'static str, calls: &'static str) {
    let world = World::start().await;
    world.call(call).await.unwrap();
    assert_manners(&world.universe);
    for (fault, kind, repeated) in faults() {
        world.universe.fault(calls, fault);
        let told = world.call(call).await;
        let asked = world.universe.requests().len();
        world.universe.heal();
        let answered = is_an_answer(call, fault, kind);
        if answered {
            assert!(told.is_ok(), "{call} with {fault:?}: {told:?}");
        } else {
            let error = told.expect_err(call);
            assert_eq!(error.kind(), kind, "{call} with {fault:?}: {error}");
            assert!(!error.to_string().contains(&world.universe.token()), "{call} with {fault:?}: {error}");
        }
        let most = if repeated && !answered { limits().attempts as usize } else { 1 };
        assert_eq!(asked, most, "{call} with {fault:?}");
        assert_manners(&world.universe);
    }
    world.universe.fault_times(calls, Fault::Status(503), 1);
    world.call(call).await.expect("one failure is overcome");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_tells_every_trouble_and_asks_no_more_than_it_may() {
    let all = CALLS.map(|(call, calls)| tokio::spawn(suffer(call, calls)));
    for one in all {
        one.await.unwrap();
    }
}

#[tokio::test]
async fn the_other_hosts_trouble_is_told_too() {
    let world = World::start().await;
    let kinds = [
        (Fault::Status(403), Kind::Forbidden),
        (Fault::Status(404), Kind::NotFound),
        (Fault::Status(503), Kind::Unavailable),
        (Fault::Cut, Kind::Unavailable),
        (Fault::Refused, Kind::Unavailable),
    ];
    for call in ["log", "artifact", "snapshot"] {
        for (fault, kind) in kinds {
            world.universe.fault("GET /storage/**", fault);
            let error = world.call(call).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{call} with {fault:?}: {error}");
            assert!(world.universe.requests().len() <= limits().attempts as usize, "{call} with {fault:?}");
            world.universe.heal();
            assert_manners(&world.universe);
        }
    }
}
