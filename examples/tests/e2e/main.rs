//! The `ci-repair` command from end to end: the real binary, real git, real Python tools.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod action;
mod bad_logs;
mod bad_repositories;
mod comparing;
mod detecting;
mod executing;
mod explaining;
mod harness;
mod initializing;
mod interrupting;
mod job_log;
mod junit;
mod log_forms;
mod main_job;
mod project;
mod publishing;
mod redacting;
mod running;
mod schemas;
mod streaming;
mod text_kept;
mod vetting;
mod workflow;

#[path = "../../../repair-github/tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests of the GitHub crate use the rest")]
mod support;
