//! The backend that is made of the program `unshare`, with Landlock around it.

use super::Scene;
use crate::local::program;
use std::process::{Command, Stdio};

/// Arguments of `setpriv` that give every capability away for good.
pub(super) const POWERLESS: [&str; 5] =
    ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--"];

/// Brings the loopback interface up, gives every capability away, and stays as the first process of the namespace,
/// so that the rest dies with it.
const FIRST: &str = r#"
ip link set lo up 2>/dev/null || python3 -I -S -c '
import fcntl, socket, struct
s = socket.socket()
fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x49, b""))' 2>/dev/null
setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs -- "$@"
exit $?
"#;

/// Whether the programs are there and the system lets them work.
pub(super) fn works() -> bool {
    let Some(mut command) = unshare() else { return false };
    command.arg("true").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The job in namespaces of its own, in the copy.
pub(super) fn command(scene: &Scene<'_>) -> Option<Command> {
    let mut command = unshare()?;
    command.args(scene.arguments()).current_dir(scene.workspace.repository().join(scene.folder));
    Some(command)
}

/// `unshare`, to which the command is to be added. The superuser needs no user namespace, and could not set one up
/// without write access to all of `/proc`.
fn unshare() -> Option<Command> {
    program("setpriv")?;
    let mut command = Command::new(program("unshare")?);
    if !is_superuser() {
        command.args(["--user", "--map-current-user", "--keep-caps"]);
    }
    command.args(["--net", "--pid", "--ipc", "--fork", "--kill-child", "--", "sh", "-c", FIRST, "sh"]);
    Some(command)
}

pub(super) fn is_superuser() -> bool {
    rustix::process::geteuid().is_root()
}
