//! The world the client is tested in.
//!
//! An emulator of GitHub keeps repositories, commits, pull requests and issues ([`emulator`]); a front stands before
//! it, answers from a script what the emulator has not (runs, logs, artifacts, signed addresses), makes trouble when
//! told to, and writes down all it is asked ([`front`]); what was asked is held against GitHub's own description of its
//! interface ([`contract`]). Tests see [`Universe`].

pub(crate) mod contract;
pub(crate) mod webhooks;

mod actions;
mod answer;
mod archive;
mod call;
mod emulator;
mod faults;
mod front;
mod graphql;
#[path = "../../../examples/src/install.rs"]
#[expect(unreachable_pub, reason = "in its own crate others reach it")]
mod install;
mod pages;
mod parts;
mod passing;
mod refs;
mod scene;
mod script;
mod shapes;
mod snapshots;
mod storage;
mod universe;

pub(crate) use archive::zip;
pub(crate) use call::Call;
pub(crate) use faults::Fault;
pub(crate) use script::{ArtifactScript, JobScript, Log, RunScript};
pub(crate) use universe::{StartedRun, Universe};
