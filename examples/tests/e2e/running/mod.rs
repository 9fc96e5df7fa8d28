//! `run` against GitHub: an emulator with runs, logs and artifacts.

mod access;
mod events;
mod evidence;
mod refusals;
mod repairs;
mod sign_in;

use crate::harness::{Ran, python, run_with};
use crate::job_log;
use crate::schemas::check_bundle;
use crate::support::contract::contract;
use crate::support::{Call, JobScript, RunScript, StartedRun, Universe};
use repair_core::bundle::Bundle;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A step of a workflow that runs `ci-repair run`.
pub(crate) struct Step {
    dir: TempDir,
    environment: Vec<(String, String)>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) ran: Ran,
    /// The step's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
    /// The job's summary.
    pub(crate) summary: String,
    /// The bundle and its patch, if one was written.
    pub(crate) bundle: Option<(Bundle, String)>,
}

impl Step {
    /// A step in the universe's repository, with a workflow's token.
    pub(crate) fn new(universe: &Universe) -> Self {
        let step = Self { dir: tempfile::tempdir().unwrap(), environment: Vec::new() };
        let file = |name: &str| step.dir.path().join(name).to_str().unwrap().to_owned();
        let environment = [
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_API_URL", universe.url().to_owned()),
            ("GITHUB_REPOSITORY", universe.repository().to_owned()),
            ("GITHUB_OUTPUT", file("outputs")),
            ("GITHUB_STEP_SUMMARY", file("summary")),
            ("GITHUB_TOKEN", universe.token()),
        ];
        environment.into_iter().fold(step, |step, (name, value)| step.with(name, &value))
    }

    /// The same with a variable, or with another value of it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A place of its own.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file of its own.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Runs `ci-repair run` with these arguments, with the tools' Python.
    pub(crate) fn run(&self, args: &[&str]) -> Came {
        let python = python();
        let all = [&["run", "--python", &python, "--offline", "--output", "bundle"], args].concat();
        self.runs(&all)
    }

    /// Runs `ci-repair run` on a run.
    pub(crate) fn of(&self, run: &StartedRun, args: &[&str]) -> Came {
        self.run(&[&["--run-id", &run.id.to_string()], args].concat())
    }

    /// Runs the command with exactly these arguments.
    pub(crate) fn runs(&self, args: &[&str]) -> Came {
        let ran = run_with(self.dir.path(), args, |command: &mut Command| {
            command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        });
        for (name, secret) in &self.environment {
            let secret = if name.ends_with("TOKEN") || name.ends_with("KEY") { secret.trim() } else { "" };
            let shown = ran.stdout.contains(secret) || ran.stderr.contains(secret);
            assert!(secret.is_empty() || !shown, "{name} is shown: {ran:?}");
        }
        let read = |name: &str| fs::read_to_string(self.dir.path().join(name)).unwrap_or_default();
        let outputs = outputs(&read("outputs"));
        let folder = self.dir.path().join("bundle");
        let digest = outputs.get("digest").map(String::as_str);
        let bundle = digest.filter(|_| folder.exists() && args[0] == "run");
        let bundle = bundle.map(|digest| {
            check_bundle(&fs::read_to_string(folder.join("bundle.json")).unwrap());
            Bundle::read(&folder, Some(digest)).unwrap()
        });
        Came { ran, outputs, summary: read("summary"), bundle }
    }
}

/// Outputs as the runner reads them.
pub(crate) fn outputs(text: &str) -> BTreeMap<String, String> {
    let (mut found, mut lines) = (BTreeMap::new(), text.lines());
    while let Some(line) = lines.next() {
        let (name, end) = line.split_once("<<").expect("the form with a delimiter");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        found.insert(name.to_owned(), value.join("\n"));
    }
    found
}

impl Came {
    /// It ends with `code`, `conclusion` and `publish` as its outputs say.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, conclusion: &str, publish: bool) -> &Self {
        assert_eq!(self.ran.code, Some(code), "{self:?}");
        let output = |name: &str| self.outputs.get(name).map(String::as_str);
        assert_eq!(output("conclusion"), Some(conclusion), "{self:?}");
        assert_eq!(output("publish"), Some(if publish { "true" } else { "false" }), "{self:?}");
        self
    }

    /// Nothing was written but outputs, and it says why.
    #[track_caller]
    pub(crate) fn is_left(&self, conclusion: &str, why: &str) {
        self.ends(0, conclusion, false);
        assert!(self.bundle.is_none() && self.ran.stdout.is_empty() && self.summary.is_empty(), "{self:?}");
        assert!(self.ran.stderr.contains(why), "{self:?}");
    }

    /// Its bundle.
    #[track_caller]
    pub(crate) fn bundle(&self) -> &Bundle {
        &self.bundle.as_ref().expect("a bundle").0
    }

    /// Its patch.
    #[track_caller]
    pub(crate) fn patch(&self) -> &str {
        &self.bundle.as_ref().expect("a bundle").1
    }
}

/// A project whose linter is red, and whose tests would tell that they ran.
pub(crate) const FILES: [(&str, &str); 4] = [
    ("README.md", "# shop\n"),
    ("shop/__init__.py", ""),
    ("shop/cart.py", "import os\nimport json\n\n\ndef total(prices):\n    return json.dumps(sum(prices))\n"),
    ("tests/test_cart.py", "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == \"3\"\n"),
];

/// What the linter says of it.
pub(crate) const RUFF: &str =
    "shop/cart.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n[*] 1 fixable with the `--fix` option.";

/// The failed job of the linter.
pub(crate) fn ruff(job: &str) -> JobScript {
    JobScript::failed(job, &job_log::step("ruff check --output-format concise .", RUFF, 1))
}

/// A universe whose `branch` has [`FILES`] and a red run there.
pub(crate) async fn red(branch: &str) -> (Universe, StartedRun) {
    let universe = Universe::start().await;
    universe.commit(branch, &FILES).await;
    let run = universe.run(RunScript::red(branch, ruff("lint"))).await;
    (universe, run)
}

/// All that was asked is valid by GitHub's description, nothing was written, and the token stayed in its header.
pub(crate) fn assert_manners(universe: &Universe) {
    let requests = universe.requests();
    contract().check(&requests).unwrap();
    let asks = |call: &Call| call.path == "/graphql" && String::from_utf8_lossy(&call.body).contains("viewer");
    let reads = |call: &Call| call.method == "GET" || call.path.ends_with("/access_tokens") || asks(call);
    assert!(requests.iter().all(reads), "{requests:?}");
    assert!(universe.storage_requests().iter().all(|call| !call.headers.contains_key("authorization")));
    assert!(!String::from_utf8_lossy(&universe.bytes_sent()).contains(&universe.token()));
}
