//! Types, traits and engine for repairing red CI runs.
//!
//! A failed job's log becomes [`Failure`]s; [`Analyzer`]s find suspects; [`FixGenerator`]s, pure functions, propose
//! [`Fix`]es; [`Guard`]s refuse what cheats; [`Validator`]s run the checks; a [`Verdict`] is computed from what was
//! seen before and after; the [`Repairer`] goes round until nothing is broken or nothing is left to try.
//!
//! Without features this crate does no I/O and knows no clock.
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `fs` | snapshots of folders and git revisions, writing changes back |
//! | `local` | a validator that runs checks as sandboxed child processes (Unix) |
//! | `redact` | takes secrets out of texts and streams |
//! | `serde` | serialisable forms of the data types |
//! | `patch` | patches in git's form, read as change sets |
//! | `bundle` | what the half that runs code hands to the half that writes to a forge |
//! | `publish` | one pull request, or one issue, out of a bundle |
//! | `testing` | fixtures and a harness for people who write fixers and guards |

mod analysis;
#[cfg(feature = "bundle")]
#[expect(clippy::disallowed_methods, reason = "bundles are written to and read from the disk here")]
pub mod bundle;
mod change;
mod compare;
mod engine;
mod facts;
mod failure;
mod fix;
pub mod forge;
#[cfg(feature = "fs")]
#[expect(clippy::disallowed_methods, reason = "snapshots of the disk are made here, and changes are written here")]
mod fs;
mod generator;
mod guard;
mod hash;
#[cfg(feature = "local")]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "processes are started here, in a sandbox, on a copy, and watched")]
mod local;
mod log;
pub mod markdown;
mod memo;
mod path;
#[cfg(feature = "publish")]
pub mod publish;
#[cfg(feature = "redact")]
pub mod redact;
mod snapshot;
mod span;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
mod validate;

pub use analysis::{Analysis, Analyzer, Suspect};
#[cfg(feature = "patch")]
pub use change::PatchError;
pub use change::{ApplyError, BuildError, ChangeBuilder, ChangeSet, Conflict, Edit, FileChange, LineCount};
pub use compare::{Compared, State, compare};
pub use engine::{
    Accepted, Budget, Event, Interrupt, Observer, Outcome, Plan, Policy, Refusal, RefusalReason, RepairError, Repairer,
    RepairerBuilder, Skipped, Status, Stop,
};
pub use facts::{Fact, FactError, FactProvider, Facts, Query};
pub use failure::{Category, External, ExternalKind, Failure, Fingerprint, Phase};
pub use fix::{Applicability, Confidence, Fix, Fixes, Proposal, Provenance};
#[cfg(feature = "fs")]
pub use fs::{Folder, FsError, GitRevision, SkippedFile};
pub use generator::{FixContext, FixGenerator, GeneratorMeta, OrSkip, Skip};
pub use guard::{Gravity, Guard, Objection, Rule, Ruling, vet};
pub use hash::{Hash128, HashError};
#[cfg(feature = "local")]
#[cfg(unix)]
pub use local::{
    Backend, Interpreter, Job, LocalError, LocalValidator, LocalValidatorBuilder, Narrow, RunOutput, Sandbox, Workspace,
};
pub use log::{Log, LogParser, Output, OutputReader, Parsed, Runner, Step, StepOutcome, TestCounts};
pub use path::{PathError, RepoPath};
pub use snapshot::{Loader, Mode, Snapshot, SnapshotError, SourceFile};
pub use span::Span;
pub use validate::{
    Check, CheckRun, Exit, Scope, ValidateError, ValidationRequest, ValidationResult, Validator, Verdict,
};
