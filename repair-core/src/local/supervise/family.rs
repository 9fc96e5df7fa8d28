//! Finds the processes of a run that left its process group, where no process namespace ends them.
//!
//! A process belongs to the run if it has the run's mark in its environment, works in the run's folder, or was once
//! seen to descend from the run's first process.
//! One that does all of forking twice between two looks, clearing its environment and leaving the folder is not found.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often descendants are looked for while the run lasts.
const INTERVAL: Duration = Duration::from_millis(50);
/// How often the search is repeated at the end: a process may fork while it is searched for.
const ROUNDS: usize = 20;

/// The signs by which processes of a run are known.
#[derive(Debug)]
pub(in crate::local) struct Family {
    mark: Vec<u8>,
    folder: PathBuf,
    /// Each with the moment of its start, since numbers are used again.
    known: BTreeSet<(i32, u64)>,
    next_look: Option<Instant>,
}

/// A line of the process table.
struct Process {
    parent: i32,
    start: u64,
    dead: bool,
}

impl Family {
    /// Processes with this `NAME=value` in their environment, or below `folder`.
    pub(in crate::local) fn new(mark: String, folder: &Path) -> Self {
        Self { mark: mark.into_bytes(), folder: folder.to_path_buf(), known: BTreeSet::new(), next_look: None }
    }

    /// Remembers the descendants that `first` has now, if the last look was long enough ago.
    pub(super) fn look(&mut self, first: u32) {
        let now = Instant::now();
        if self.next_look.is_none_or(|next| next <= now) {
            self.next_look = Some(now + INTERVAL);
            self.add_descendants(first, &table());
        }
    }

    /// Kills everything that belongs to the run, `first` with it.
    pub(super) fn kill(&mut self, first: u32) {
        for _ in 0..ROUNDS {
            let table = table();
            self.add_descendants(first, &table);
            let alive = table.iter().filter(|(_, process)| !process.dead);
            let ours: Vec<i32> =
                alive.filter(|(pid, process)| self.owns(**pid, process)).map(|(pid, _)| *pid).collect();
            if ours.is_empty() {
                return;
            }
            for pid in ours.into_iter().filter_map(Pid::from_raw) {
                // It fails if the process has just ended.
                let _ = kill_process(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn add_descendants(&mut self, first: u32, table: &BTreeMap<i32, Process>) {
        let mut parents: BTreeSet<i32> = self.known.iter().map(|(pid, _)| *pid).collect();
        parents.extend(i32::try_from(first));
        loop {
            let children = table.iter().filter(|(_, process)| parents.contains(&process.parent));
            let new: Vec<(i32, u64)> = children.map(|(pid, process)| (*pid, process.start)).collect();
            let before = self.known.len();
            self.known.extend(&new);
            parents.extend(new.iter().map(|(pid, _)| *pid));
            if self.known.len() == before {
                return;
            }
        }
    }

    fn owns(&self, pid: i32, process: &Process) -> bool {
        if self.known.contains(&(pid, process.start)) {
            return true;
        }
        let folder = Path::new("/proc").join(pid.to_string());
        let works_here = || folder.join("cwd").read_link().is_ok_and(|cwd| cwd.starts_with(&self.folder));
        let marked = || std::fs::read(folder.join("environ")).is_ok_and(|all| self.marks(&all));
        works_here() || marked()
    }

    fn marks(&self, environment: &[u8]) -> bool {
        environment.split(|byte| *byte == 0).any(|variable| variable == self.mark)
    }
}

/// The process table; empty where there is no `/proc`.
fn table() -> BTreeMap<i32, Process> {
    let entries = Path::new("/proc").read_dir().into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| Some((pid, process(pid)?))).collect()
}

/// Reads `/proc/PID/stat`, where the name, in parentheses, may hold anything.
fn process(pid: i32) -> Option<Process> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    Some(Process {
        dead: matches!(*fields.first()?, "Z" | "X"),
        parent: fields.get(1)?.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
    })
}
