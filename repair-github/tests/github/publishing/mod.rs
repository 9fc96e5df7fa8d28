//! Stories: what becomes of a red run, from the first pull request to nothing left.

mod crowds;
mod faults;
mod forks;
mod hostile;
mod refusals;
mod reports;
mod secrets;
mod stacked;
mod updates;

use crate::reading::{assert_manners, limits, name};
use crate::support::{JobScript, RunScript, StartedRun, Universe};
use repair_core::bundle::{Bundle, Conclusion, Excerpt, FixNote, Source};
use repair_core::publish::{PublishError, PublishPolicy, Published, Publishing, Templates};
use repair_core::redact::Redactor;
use repair_core::{
    Applicability, Category, ChangeSet, Check, CheckRun, Confidence, Exit, Failure, Guard, Objection, Parsed, RepoPath,
    Rule, Snapshot, ValidationResult, Verdict,
};
use repair_github::{GitHub, SignIn};
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// A repository whose CI is red, and everything that it takes to publish a repair.
pub(crate) struct Story {
    pub(crate) universe: Universe,
    pub(crate) policy: PublishPolicy,
    pub(crate) guards: Vec<Box<dyn Guard>>,
    pub(crate) templates: Templates,
    pub(crate) redactor: Redactor,
    pub(crate) now: SystemTime,
    /// How long one call may take.
    pub(crate) patience: Duration,
}

/// What the first half made of a run.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) run: u64,
    pub(crate) bundle: Bundle,
    pub(crate) patch: String,
}

/// What the redactor knows to be a secret.
pub(crate) const SECRET: &str = "hunter2-hunter2";

pub(crate) const BROKEN: &str = "import os\nx = 1\n";
pub(crate) const REPAIRED: &str = "x = 1\n";

impl Story {
    /// It has one file with an unused import on its default branch.
    pub(crate) async fn begins() -> Self {
        let universe = Universe::start().await;
        universe.commit("main", &[("app.py", BROKEN)]).await;
        let (policy, templates) = (PublishPolicy::default(), Templates::default());
        let redactor = Redactor::new().with_known([("password".to_owned(), SECRET.to_owned())]);
        Self {
            universe,
            policy,
            guards: Vec::new(),
            templates,
            redactor,
            now: SystemTime::now(),
            patience: limits().call,
        }
    }

    /// CI has failed on a branch.
    pub(crate) async fn red(&self, branch: &str) -> StartedRun {
        self.universe.run(RunScript::red(branch, JobScript::failed("lint", "app.py:1:8: F401\n"))).await
    }

    /// CI has failed on a branch, and a repair of `app.py` from one text to the other was proven.
    pub(crate) async fn red_and_repaired(&self, branch: &str, before: &str, after: &str) -> Work {
        let run = self.red(branch).await;
        self.repaired(&run, branch, "app.py", before, after)
    }

    /// A repair of a file was proven.
    pub(crate) fn repaired(&self, run: &StartedRun, branch: &str, file: &str, before: &str, after: &str) -> Work {
        let path = RepoPath::new(file).unwrap();
        let base = Snapshot::from_files([(path.clone(), before)]);
        let changes = ChangeSet::between(&base, &Snapshot::from_files([(path, after)])).unwrap();
        let (mut bundle, patch) = self.diagnosed(run, branch, file).bundle.with_changes(&changes, &base).unwrap();
        bundle.fixes.push(fix(&bundle, file));
        bundle.conclusion = Conclusion::Repaired;
        bundle.remaining.clear();
        let check = Check { name: "ruff".to_owned(), command: "ruff check .".to_owned(), ..Check::default() };
        let ran = |exit, failures: Vec<Failure>| {
            let mut parsed = Parsed::default();
            parsed.failures = failures;
            let run = CheckRun::new(&check, "ruff check .", exit, parsed, Duration::from_millis(300));
            ValidationResult::new(vec![run], "in a sandbox")
        };
        bundle.before = Some(ran(Exit::Code(1), bundle.failures.clone()));
        bundle.after = Some(ran(Exit::Code(0), Vec::new()));
        Work { run: run.id, bundle, patch: String::from_utf8(patch).unwrap() }
    }

    /// Nothing but the log was read.
    pub(crate) fn diagnosed(&self, run: &StartedRun, branch: &str, file: &str) -> Work {
        let source = Source {
            repository: name(&self.universe),
            run: run.id,
            attempt: u32::try_from(run.jobs.len()).unwrap(),
            head_sha: run.sha.clone(),
            head_branch: Some(branch.to_owned()),
            workflow: Some("CI".to_owned()),
            jobs: vec!["lint".to_owned()],
            url: format!("https://github.com/{}/actions/runs/{}", self.universe.repository(), run.id),
        };
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.path = Some(RepoPath::new(file).unwrap());
        (failure.line, failure.code) = (Some(1), Some("F401".to_owned()));
        failure.message = Some("`os` imported but unused, says @octocat".to_owned());
        let mut bundle = Bundle::diagnosed(source, vec![failure]);
        bundle.excerpts = vec![Excerpt {
            job: "lint".to_owned(),
            text: format!("{file}:1:8: F401 `os` imported but unused\n```\n@octocat"),
        }];
        Work { run: run.id, bundle, patch: String::new() }
    }

    /// Publishes with the workflow's own token.
    pub(crate) async fn publish(&self, work: &Work) -> Published {
        self.try_to_publish(work).await.unwrap()
    }

    /// The same, of which it is not said that it works.
    pub(crate) async fn try_to_publish(&self, work: &Work) -> Result<Published, PublishError> {
        let sign_in = SignIn::workflow_token(self.universe.token());
        let mut limits = limits();
        (limits.call, limits.download) = (self.patience, self.patience);
        let github = GitHub::builder(sign_in).api_url(self.universe.url()).limits(limits).build().unwrap();
        self.publish_with(&github, work).await
    }

    async fn publish_with(&self, github: &GitHub, work: &Work) -> Result<Published, PublishError> {
        let publishing = Publishing {
            forge: github,
            guards: &self.guards,
            policy: &self.policy,
            templates: &self.templates,
            redactor: &self.redactor,
            now: self.now,
        };
        publishing.publish(&work.bundle, &work.patch, &name(&self.universe), Some(work.run)).await
    }

    /// The pull requests, open and closed, the oldest first.
    pub(crate) async fn pull_requests(&self) -> Vec<Value> {
        let all = self.universe.owner_sees("pulls?state=all&per_page=100").await;
        let mut all = all.as_array().cloned().unwrap_or_default();
        all.sort_by_key(|pull| pull["number"].as_u64());
        all
    }

    /// The open issues.
    pub(crate) async fn issues(&self) -> Vec<Value> {
        let all = self.universe.owner_sees("issues?state=open&per_page=100").await;
        let issues = all.as_array().cloned().unwrap_or_default();
        issues.into_iter().filter(|issue| issue.get("pull_request").is_none_or(Value::is_null)).collect()
    }

    /// The comments on a pull request or an issue.
    pub(crate) async fn comments(&self, number: u64) -> Vec<String> {
        let all = self.universe.owner_sees(&format!("issues/{number}/comments?per_page=100")).await;
        let all = all.as_array().cloned().unwrap_or_default();
        all.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    }

    /// The names of our branches.
    pub(crate) async fn our_branches(&self) -> Vec<String> {
        let all = self.universe.owner_sees("branches?per_page=100").await;
        let names = all.as_array().cloned().unwrap_or_default();
        let names = names.iter().map(|branch| branch["name"].as_str().unwrap().to_owned());
        names.filter(|name| name.starts_with("ci-repair/")).collect()
    }

    /// What was asked of GitHub was well-behaved.
    pub(crate) fn ends(&self) {
        assert_manners(&self.universe);
    }
}

fn fix(bundle: &Bundle, file: &str) -> FixNote {
    FixNote {
        generator: "import/unused".to_owned(),
        title: "Remove the import `os`".to_owned(),
        reason: Some("nothing uses it".to_owned()),
        applicability: Applicability::Safe,
        confidence: Confidence::High,
        fingerprints: bundle.failures.iter().map(Failure::fingerprint).collect(),
        files: vec![RepoPath::new(file).unwrap()],
        verdict: Some(Verdict::Fixed),
    }
}

/// A guard that objects to every change.
pub(crate) struct Never;

const NEVER: &[Rule] = &[Rule { id: "never", manual: "Nothing may change." }];

impl Guard for Never {
    fn rules(&self) -> &'static [Rule] {
        NEVER
    }

    fn check(&self, _before: &Snapshot, _after: &Snapshot, _changes: &ChangeSet) -> Vec<Objection> {
        vec![Objection::refuse(&NEVER[0], "it may not")]
    }
}
