//! Where credentials usually lie.

use super::super::environment::home;
use crate::local::{Job, Workspace};
use std::path::{Path, PathBuf};

/// In the home folder.
const IN_HOME: [&str; 30] = [
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".netrc",
    ".git-credentials",
    ".pypirc",
    ".npmrc",
    ".pip",
    ".config/pip",
    ".config/gh",
    ".config/hub",
    ".config/glab-cli",
    ".config/gcloud",
    ".config/git/credentials",
    ".config/pypoetry/auth.toml",
    ".config/containers",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".cache/huggingface/token",
    ".local/share/keyrings",
    ".vault-token",
    ".terraform.d",
    ".databrickscfg",
    ".bash_history",
    ".zsh_history",
    ".python_history",
    ".gitconfig",
];

/// Elsewhere: mounted secrets, and sockets of services that would do anything for us.
const ELSEWHERE: [&str; 7] = [
    "/run/secrets",
    "/run/user",
    "/run/docker.sock",
    "/run/podman",
    "/run/containerd",
    "/run/dbus",
    "/var/run/secrets",
];

/// The files and folders that exist and that the job must not read. What holds something that it needs stays.
pub(super) fn of(workspace: &Workspace, job: &Job) -> Vec<PathBuf> {
    let own = home().into_iter().flat_map(|home| IN_HOME.map(|name| home.join(name)));
    let runner = std::env::var_os("RUNNER_TEMP").map(PathBuf::from);
    let all = own.chain(ELSEWHERE.map(PathBuf::from)).chain(runner).chain(workspace.secrets());
    let real = all.filter_map(|path| path.canonicalize().ok());
    let mut found: Vec<PathBuf> = real.filter(|path| !is_needed(path, workspace, job)).collect();
    found.sort();
    found.dedup();
    found
}

fn is_needed(path: &Path, workspace: &Workspace, job: &Job) -> bool {
    let own = job.interpreter.iter().flat_map(|interpreter| interpreter.folders());
    let mut needed = own.chain([workspace.root()]).chain(workspace.source());
    needed.any(|folder| folder.starts_with(path))
}
