//! The steps of the shipped workflow's two jobs, as a runner runs them: the event that GitHub documents, the script of
//! `action.yml`, the bundle and its digest handed from one to the other.

use super::pull_requests;
use crate::harness::{Home, Ran, python};
use crate::running::{FILES, ruff};
use crate::support::webhooks::example;
use crate::support::{RunScript, Universe};
use repair_examples::toolbox::workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A job's machine.
struct Machine {
    dir: TempDir,
}

impl Machine {
    /// One that has an event and the program.
    fn new(event: &str) -> Self {
        let machine = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(machine.at("work")).unwrap();
        fs::write(machine.at("event.json"), event).unwrap();
        machine
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The step that uses the action with these inputs: how it ended, and its outputs.
    fn step(&self, universe: &Universe, inputs: &[(&str, &str)]) -> (Ran, BTreeMap<String, String>) {
        let home = Home::new();
        let mut command = home.command("bash", &self.at("work"));
        command.arg(workspace().join("action/half.sh"));
        for name in ["COMMAND", "BUNDLE", "DIGEST", "REPO", "PYTHON", "ARGS"] {
            command.env(format!("INPUT_{name}"), "");
        }
        command.envs(inputs.iter().copied());
        let programs = Path::new(env!("CARGO_BIN_EXE_ci-repair")).parent().unwrap();
        command.env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
        command.env("GITHUB_ACTIONS", "true").env("GITHUB_TOKEN", universe.token());
        command.env("GITHUB_API_URL", universe.url()).env("GITHUB_REPOSITORY", universe.repository());
        command.env("GITHUB_EVENT_NAME", "workflow_run").env("GITHUB_EVENT_PATH", self.at("event.json"));
        command.env("GITHUB_OUTPUT", self.at("outputs")).env("GITHUB_STEP_SUMMARY", self.at("summary"));
        let ran = Ran::new(&command.output().unwrap());
        let outputs = fs::read_to_string(self.at("outputs")).unwrap_or_default();
        (ran, crate::running::outputs(&outputs))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_jobs_of_the_workflow_make_one_pull_request() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let run = universe.run(RunScript::red("main", ruff("lint"))).await;
    let mut event = example("workflow_run", "completed");
    event["workflow_run"]["id"] = run.id.into();
    event["repository"]["full_name"] = universe.repository().into();
    let repair = Machine::new(&event.to_string());
    let inputs = [
        ("INPUT_COMMAND", "run"),
        ("INPUT_BUNDLE", "bundle"),
        ("INPUT_PYTHON", &python()),
        ("INPUT_ARGS", "--exit-zero\n--offline"),
    ];
    let (ran, outputs) = repair.step(&universe, &inputs);
    assert_eq!((ran.code, outputs["publish"].as_str()), (Some(0), "true"), "{ran:?}");
    assert!(universe.requests().iter().all(|call| call.method == "GET" || call.path == "/graphql"));
    // The other job has another machine: all that comes over is the artifact and the outputs.
    let publish = Machine::new(&event.to_string());
    fs::create_dir(publish.at("work/bundle")).unwrap();
    for name in ["bundle.json", "changes.patch", "report.md"] {
        fs::copy(repair.at("work/bundle").join(name), publish.at("work/bundle").join(name)).unwrap();
    }
    let inputs = [("INPUT_COMMAND", "publish"), ("INPUT_BUNDLE", "bundle"), ("INPUT_DIGEST", &outputs["digest"])];
    let (ran, outputs) = publish.step(&universe, &inputs);
    assert_eq!((ran.code, outputs["outcome"].as_str()), (Some(0), "opened"), "{ran:?}");
    assert_eq!(pull_requests(&universe).await.len(), 1);
}
