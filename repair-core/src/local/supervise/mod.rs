//! Watches a process from its start to the death of the last of its descendants.

mod collect;
mod family;

use super::sandbox::Restriction;
use super::{LocalError, RunOutput};
use crate::Exit;
use collect::Collector;
pub(super) use family::Family;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long it may take between the end of a process and our noticing.
const POLL: Duration = Duration::from_millis(10);

/// A process to start, and its limits.
pub(super) struct Launch {
    pub(super) command: Command,
    /// What the thread that starts the process, and so the process, is to be kept from.
    pub(super) restriction: Option<Restriction>,
    /// Signs of processes that belong to the run; `None` if the sandbox ends them all by itself.
    pub(super) family: Option<Family>,
    pub(super) time_limit: Duration,
    pub(super) output_cap: usize,
}

/// What the watching thread is told.
pub(super) enum Event {
    /// The caller is gone.
    Stop,
    /// There is too much output.
    TooMuch,
}

/// Runs the process to its end. If the future is dropped, the process and its descendants are dead when that returns.
///
/// A thread of its own starts and watches the process: restrictions are per thread, and a sandbox that dies with its
/// parent dies with the thread that started it.
pub(super) async fn supervise(launch: Launch) -> Result<RunOutput, LocalError> {
    let (finished, result) = oneshot::channel();
    let (events, inbox) = mpsc::channel();
    let sender = events.clone();
    let keep = move || {
        // The caller may be gone; then nobody wants the result.
        let _ = finished.send(keep(launch, &sender, &inbox));
    };
    let keeper = thread::Builder::new().name("ci-repair run".into()).spawn(keep).map_err(LocalError::Process)?;
    let _guard = Guard { events, keeper: Some(keeper) };
    let lost = || Err(LocalError::Process(io::Error::other("the watching thread is gone")));
    result.await.unwrap_or_else(|_| lost())
}

/// Stops the run when it is dropped, and waits until that is done.
struct Guard {
    events: Sender<Event>,
    keeper: Option<JoinHandle<()>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // If nobody listens, the run has ended.
        let _ = self.events.send(Event::Stop);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// Why the process is not waited for any longer.
enum End {
    Ended,
    TimedOut,
    TooMuch,
    Stopped,
}

fn keep(mut launch: Launch, events: &Sender<Event>, inbox: &Receiver<Event>) -> Result<RunOutput, LocalError> {
    if let Some(restriction) = &launch.restriction {
        restriction.apply()?;
    }
    let (reader, writer) = io::pipe().map_err(LocalError::Process)?;
    let other = writer.try_clone().map_err(LocalError::Process)?;
    launch.command.stdin(Stdio::null()).stdout(writer).stderr(other).process_group(0);
    let start = Instant::now();
    let mut child = launch.command.spawn().map_err(LocalError::Process)?;
    // The command holds the writing end of the pipe, which must close when the last process ends.
    drop(launch.command);
    let collector = Collector::start(reader, launch.output_cap, events.clone());
    let end = wait(&child, inbox, start + launch.time_limit, launch.family.as_mut());
    let duration = start.elapsed();
    let status = kill_all(&mut child, launch.family.as_mut()).map_err(LocalError::Process)?;
    let (output, whole) = collector.finish();
    let exit = match end {
        End::TimedOut => Exit::TimedOut,
        End::TooMuch => Exit::TooMuchOutput,
        // All may have been printed, and read, between the end of the process and our looking.
        _ if !whole => Exit::TooMuchOutput,
        End::Ended | End::Stopped => exit_of(status),
    };
    Ok(RunOutput { exit, output, duration })
}

fn wait(child: &Child, inbox: &Receiver<Event>, deadline: Instant, mut family: Option<&mut Family>) -> End {
    let mut pause = Duration::from_millis(1);
    loop {
        if has_ended(child) {
            return End::Ended;
        }
        if let Some(family) = family.as_deref_mut() {
            family.look(child.id());
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match inbox.recv_timeout(pause.min(left)) {
            Ok(Event::TooMuch) => return End::TooMuch,
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return End::Stopped,
            Err(RecvTimeoutError::Timeout) if left.is_zero() => return End::TimedOut,
            Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(POLL),
        }
    }
}

/// Whether the process has ended. It stays a zombie, so that its number cannot go to another.
fn has_ended(child: &Child) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    pid(child).is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
}

/// Kills the process, its group, and whatever else belongs to the run.
fn kill_all(child: &mut Child, family: Option<&mut Family>) -> io::Result<ExitStatus> {
    if let Some(pid) = pid(child) {
        // It fails if all of them have ended.
        let _ = kill_process_group(pid, Signal::KILL);
    }
    if let Some(family) = family {
        family.kill(child.id());
    }
    child.wait()
}

fn pid(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(-1),
    }
}
