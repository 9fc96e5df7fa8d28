//! The backend that is made of the program `bwrap`.

use super::Scene;
use crate::local::program;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is cut off in every run. Without capabilities nothing of it can be undone from inside.
const BASE: [&str; 18] = [
    "--unshare-user",
    "--unshare-ipc",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--",
];

/// Whether the program is there and the system lets it work.
pub(super) fn works() -> bool {
    let Some(path) = program("bwrap") else { return false };
    let mut command = Command::new(path);
    command.args(BASE).arg("true").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The job in a world where the copy is in the place of the repository.
pub(super) fn command(scene: &Scene<'_>) -> Option<Command> {
    let workspace = scene.workspace;
    let mut command = Command::new(program("bwrap")?);
    command.args(&BASE[..BASE.len() - 1]);
    for folder in ["/tmp", "/var/tmp"].map(Path::new) {
        // A link needs no mount of its own: what it leads to has one, or is read-only.
        if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            mount(&mut command, "--bind", workspace.temporary(), folder);
        }
    }
    let needed = needed(scene);
    needed.iter().for_each(|folder| mount(&mut command, "--ro-bind", folder, folder));
    for secret in &scene.secrets {
        match secret.is_dir() {
            true => drop(command.arg("--tmpfs").arg(secret)),
            false => mount(&mut command, "--ro-bind", Path::new("/dev/null"), secret),
        }
    }
    for folder in [workspace.home(), workspace.cache()] {
        mount(&mut command, "--bind", folder, folder);
    }
    mount(&mut command, "--bind", workspace.repository(), workspace.seen_at());
    for (from, to) in workspace.mounts() {
        mount(&mut command, "--ro-bind", &from, &to);
    }
    // Components make a path without the `.` and the last slash that `PWD` would else show.
    let start: PathBuf = workspace.seen_at().join(scene.folder).components().collect();
    command.arg("--chdir").arg(start).arg("--").args(scene.arguments());
    Some(command)
}

fn mount(command: &mut Command, how: &str, from: &Path, to: &Path) {
    command.args([OsStr::new(how), from.as_os_str(), to.as_os_str()]);
}

/// What the job needs of the folders that are replaced by private ones.
fn needed(scene: &Scene<'_>) -> Vec<PathBuf> {
    let own = scene.job.interpreter.iter().flat_map(|interpreter| interpreter.folders()).map(Path::to_path_buf);
    let search: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let replaced = |path: &PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
    let inside = |path: &PathBuf| scene.workspace.source().is_some_and(|source| path.starts_with(source));
    let mut all: Vec<PathBuf> =
        own.chain(search).filter(|path| replaced(path) && !inside(path) && path.is_dir()).collect();
    all.sort();
    all.dedup();
    all
}
