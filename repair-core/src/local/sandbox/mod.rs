//! What a process may do, and how it is kept to that.

mod bubblewrap;
mod namespaces;
#[cfg(target_os = "linux")]
mod restrict;
mod secrets;

#[cfg(not(target_os = "linux"))]
mod restrict {
    //! There is no Landlock here.
    use crate::local::LocalError;

    /// Never made.
    pub(in crate::local) enum Restriction {}

    impl Restriction {
        pub(in crate::local) fn apply(&self) -> Result<(), LocalError> {
            match *self {}
        }
    }
}

pub(super) use restrict::Restriction;

use super::environment::{MARKER, variables};
use super::job::{Job, Program};
use super::supervise::{Family, Launch, supervise};
use super::{LocalError, RunOutput, Workspace, program};
use crate::RepoPath;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Runs processes that can write their workspace only, reach no network and see no token.
///
/// Environment variables other than locale, time zone and `PATH` are not handed on; home and temporary folder are
/// private; files that usually hold credentials cannot be read.
/// Everything that a process started is dead when it ends, and when the future is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    backend: Backend,
}

/// What keeps processes in, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Backend {
    /// The program `bwrap`: namespaces for files, processes, network and users.
    Bubblewrap,
    /// The program `unshare` for processes and network, Landlock for files.
    Namespaces,
    /// Landlock alone.
    Landlock,
    /// Nothing.
    None,
}

impl Sandbox {
    /// The strictest that works here. Each is tried, once per process.
    pub fn detect() -> Self {
        static FOUND: OnceLock<Backend> = OnceLock::new();
        let strictest = || Backend::ALL.into_iter().find(|backend| backend.works()).unwrap_or(Backend::None);
        Self { backend: *FOUND.get_or_init(strictest) }
    }

    /// This backend, if it works here.
    pub fn with(backend: Backend) -> Option<Self> {
        backend.works().then_some(Self { backend })
    }

    /// What keeps the processes in.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// What it does, as a sentence fragment.
    pub fn describe(&self) -> &'static str {
        match self.backend {
            Backend::Bubblewrap => {
                "in bubblewrap: no network but loopback, nothing writable but a copy of the repository"
            }
            Backend::Namespaces => {
                "in Linux namespaces with Landlock: no network but loopback, nothing writable but a copy of the repository"
            }
            #[cfg(target_os = "linux")]
            Backend::Landlock => restrict::describe(),
            _ => "without a sandbox: on a copy of the repository, but with network and the rights of the user",
        }
    }

    /// Whether the copy appears to processes where the repository really is.
    pub(super) fn moves_the_copy(&self) -> bool {
        self.backend == Backend::Bubblewrap
    }

    /// Runs `job` on `workspace`.
    pub async fn run(&self, workspace: &Workspace, job: &Job) -> Result<RunOutput, LocalError> {
        supervise(self.launch(workspace, job)?).await
    }

    fn launch(&self, workspace: &Workspace, job: &Job) -> Result<Launch, LocalError> {
        let folder = directory(workspace, job)?;
        let mark = workspace.next_mark();
        let scene = Scene { workspace, job, folder: &folder, secrets: secrets::of(workspace, job) };
        let mut command = match self.backend {
            Backend::Bubblewrap => bubblewrap::command(&scene),
            Backend::Namespaces => namespaces::command(&scene),
            Backend::Landlock => scene.powerless_command(),
            Backend::None => scene.plain_command(),
        }
        .ok_or_else(|| LocalError::Sandbox("its program is gone".into()))?;
        let temporary = if self.moves_the_copy() { Path::new("/tmp") } else { workspace.temporary() };
        command.env_clear().envs(variables(job, workspace, temporary, &mark));
        let ends_all = matches!(self.backend, Backend::Bubblewrap | Backend::Namespaces);
        let family = || Family::new(format!("{MARKER}={mark}"), workspace.root());
        Ok(Launch {
            command,
            restriction: self.restriction(&scene),
            family: (!ends_all).then(family),
            time_limit: job.time_limit,
            output_cap: job.output_cap,
        })
    }

    #[cfg(target_os = "linux")]
    fn restriction(&self, scene: &Scene<'_>) -> Option<Restriction> {
        match self.backend {
            Backend::Namespaces => Some(Restriction::with_own_network(scene)),
            Backend::Landlock => Some(Restriction::with_network_denied(scene)),
            _ => None,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn restriction(&self, _: &Scene<'_>) -> Option<Restriction> {
        None
    }
}

impl Backend {
    /// All of them, the strictest first.
    pub const ALL: [Self; 4] = [Self::Bubblewrap, Self::Namespaces, Self::Landlock, Self::None];

    fn works(self) -> bool {
        match self {
            Self::Bubblewrap => bubblewrap::works(),
            Self::Namespaces => landlock_works() && namespaces::works(),
            Self::Landlock => landlock_works(),
            Self::None => true,
        }
    }
}

#[cfg(target_os = "linux")]
fn landlock_works() -> bool {
    restrict::works()
}

#[cfg(not(target_os = "linux"))]
fn landlock_works() -> bool {
    false
}

/// What a backend needs to know to start a job.
struct Scene<'a> {
    workspace: &'a Workspace,
    job: &'a Job,
    /// The working directory, relative to the repository; `.` is its top.
    folder: &'a Path,
    /// Files and folders that must not be read.
    secrets: Vec<PathBuf>,
}

impl Scene<'_> {
    /// The program with its arguments.
    fn arguments(&self) -> Vec<String> {
        let text = |words: &[&str], last: &str| words.iter().copied().chain([last]).map(str::to_owned).collect();
        match &self.job.program {
            Program::Arguments(arguments) => arguments.clone(),
            Program::Shell(script) if program("bash").is_some() => {
                text(&["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c"], script)
            }
            Program::Shell(script) => text(&["sh", "-e", "-c"], script),
        }
    }

    /// The command as it is, started in the copy.
    fn plain_command(&self) -> Option<Command> {
        let arguments = self.arguments();
        let (first, rest) = arguments.split_first()?;
        let mut command = Command::new(first);
        command.args(rest).current_dir(self.workspace.repository().join(self.folder));
        Some(command)
    }

    /// The same without the capabilities of the superuser, who could else read the variables of every process.
    fn powerless_command(&self) -> Option<Command> {
        let Some(setpriv) = program("setpriv").filter(|_| namespaces::is_superuser()) else {
            return self.plain_command();
        };
        let mut command = Command::new(setpriv);
        command.args(namespaces::POWERLESS).args(self.arguments());
        command.current_dir(self.workspace.repository().join(self.folder));
        Some(command)
    }
}

/// The working directory relative to the repository; an error if it is not there.
fn directory(workspace: &Workspace, job: &Job) -> Result<PathBuf, LocalError> {
    let Some(text) = job.directory.as_deref().filter(|text| !matches!(*text, "" | "." | "./")) else {
        return Ok(PathBuf::from("."));
    };
    let unknown = || LocalError::NoDirectory(text.to_owned());
    let path = RepoPath::new(text).map_err(|_| unknown())?;
    let real = workspace.repository().join(path.as_str());
    if real.is_dir() { Ok(PathBuf::from(path.as_str())) } else { Err(unknown()) }
}

#[cfg(test)]
mod tests;
