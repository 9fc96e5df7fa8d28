//! Sandboxes, workspaces and processes for the tests.

use super::{Backend, Job, RunOutput, Sandbox, Workspace};
use crate::Snapshot;
use crate::fs::testing::path;
use std::path::Path;
use std::time::{Duration, Instant};

/// Every sandbox that works here; those that do not are told.
pub(super) fn sandboxes() -> Vec<Sandbox> {
    let find = |backend| {
        let found = Sandbox::with(backend);
        if found.is_none() {
            println!("skipped for {backend:?}: it does not work here");
        }
        found
    };
    Backend::ALL.into_iter().filter_map(find).collect()
}

/// Those that keep processes in.
pub(super) fn real_sandboxes() -> Vec<Sandbox> {
    sandboxes().into_iter().filter(|sandbox| sandbox.backend() != Backend::None).collect()
}

pub(super) fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    Snapshot::from_files(files.iter().map(|(name, text)| (path(name), *text)))
}

/// A workspace of these files and the source folder, if any.
pub(super) fn workspace(sandbox: &Sandbox, source: Option<&Path>, files: &[(&str, &str)]) -> Workspace {
    let mut workspace = Workspace::new(source, sandbox).unwrap();
    workspace.update(&snapshot(files)).unwrap();
    workspace
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
}

pub(super) fn run(sandbox: &Sandbox, workspace: &Workspace, job: &Job) -> RunOutput {
    block_on(sandbox.run(workspace, job)).unwrap()
}

/// Runs a shell command, which must succeed, and returns what it prints.
pub(super) fn shell(sandbox: &Sandbox, workspace: &Workspace, command: &str) -> String {
    let output = run(sandbox, workspace, &Job::shell(command));
    assert!(output.exit.success(), "{sandbox:?}: `{command}` ended with {}: {}", output.exit, output.output);
    output.output
}

/// How many living processes have `text` among their arguments.
pub(super) fn processes_with(text: &str) -> usize {
    let entries = Path::new("/proc").read_dir().unwrap().flatten();
    let has = |entry: &std::fs::DirEntry| {
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).split('\0').any(|argument| argument == text)
    };
    entries.filter(has).count()
}

/// Waits until `condition` holds.
pub(super) fn eventually(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !condition() {
        assert!(Instant::now() < deadline, "it does not come true");
        std::thread::sleep(Duration::from_millis(5));
    }
}
