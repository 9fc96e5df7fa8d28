//! The backend that is made of Landlock: rules that the kernel applies to a thread and what it starts.

use super::{Scene, namespaces};
use crate::local::LocalError;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use std::path::{Path, PathBuf};
use std::thread;

/// The newest rules that we know; the kernel applies those that it knows.
const NEWEST: ABI = ABI::V6;

/// Devices that everyone may write.
const DEVICES: [&str; 9] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
    "/dev/ptmx",
    "/dev/pts",
    "/dev/shm",
];

/// What a thread and its processes may still do.
#[derive(Debug, Clone)]
pub(in crate::local) struct Restriction {
    readable: Vec<PathBuf>,
    listable: Vec<PathBuf>,
    writable: Vec<PathBuf>,
    deny_network: bool,
}

impl Restriction {
    /// For a process that has a network of its own, cut off from all others.
    pub(super) fn with_own_network(scene: &Scene<'_>) -> Self {
        let mut restriction = Self::of(scene, false);
        if !namespaces::is_superuser() {
            // `unshare` writes the user mapping there. What belongs to others is safe by its owner.
            restriction.writable.push("/proc".into());
        }
        restriction
    }

    /// For a process that shares the network of all others.
    pub(super) fn with_network_denied(scene: &Scene<'_>) -> Self {
        Self::of(scene, true)
    }

    fn of(scene: &Scene<'_>, deny_network: bool) -> Self {
        let workspace = scene.workspace;
        let folders = [workspace.repository(), workspace.home(), workspace.cache(), workspace.temporary()];
        let mut restriction = Self {
            readable: Vec::new(),
            listable: Vec::new(),
            writable: folders.into_iter().map(Path::to_path_buf).chain(DEVICES.map(PathBuf::from)).collect(),
            deny_network,
        };
        restriction.allow_reading(Path::new("/"), &scene.secrets);
        restriction
    }

    /// Allows reading everything below `folder` but the secrets. Rules only ever add, so the folders on the way to a
    /// secret are left out and their other entries named one by one.
    fn allow_reading(&mut self, folder: &Path, secrets: &[PathBuf]) {
        if secrets.iter().any(|secret| secret == folder) {
            return;
        }
        if !secrets.iter().any(|secret| secret.starts_with(folder)) {
            return self.readable.push(folder.to_path_buf());
        }
        self.listable.push(folder.to_path_buf());
        let entries = folder.read_dir().into_iter().flatten().flatten();
        entries.for_each(|entry| self.allow_reading(&entry.path(), secrets));
    }

    /// Restricts the calling thread, for good.
    pub(in crate::local) fn apply(&self) -> Result<(), LocalError> {
        match self.restrict() {
            Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Ok(()),
            Ok(_) => Err(LocalError::Sandbox("the kernel does not enforce Landlock".into())),
            Err(error) => Err(LocalError::Sandbox(error.to_string())),
        }
    }

    fn restrict(&self) -> Result<RestrictionStatus, RulesetError> {
        let mut rules = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
        rules = rules.handle_access(AccessFs::from_all(NEWEST))?;
        rules = rules.scope(Scope::AbstractUnixSocket | Scope::Signal)?;
        if self.deny_network {
            rules = rules.handle_access(AccessNet::from_all(NEWEST))?;
        }
        rules
            .create()?
            .add_rules(path_beneath_rules(&self.readable, AccessFs::from_read(NEWEST)))?
            .add_rules(path_beneath_rules(&self.listable, AccessFs::ReadDir))?
            .add_rules(path_beneath_rules(&self.writable, AccessFs::from_all(NEWEST)))?
            .restrict_self()
    }
}

/// Whether the kernel applies the rules. A thread that ends at once tries it.
pub(super) fn works() -> bool {
    effective().is_some()
}

/// What the rules amount to, as a sentence fragment.
pub(super) fn describe() -> &'static str {
    match effective() {
        Some(abi) if abi >= ABI::V4 => {
            "under Landlock: no TCP, other network not cut off, nothing writable but a copy of the repository"
        }
        _ => "under Landlock: network not cut off, nothing writable but a copy of the repository",
    }
}

fn effective() -> Option<ABI> {
    let nothing = Restriction { readable: vec!["/".into()], listable: vec![], writable: vec![], deny_network: true };
    let status = thread::spawn(move || nothing.restrict()).join().ok()?.ok()?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. } if status.ruleset != RulesetStatus::NotEnforced => {
            Some(effective_abi)
        }
        _ => None,
    }
}
