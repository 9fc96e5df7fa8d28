//! The commands by which a project checks itself, wherever they are written down.

mod check;
mod compare;
mod hooks;
mod jobs;
mod make;
mod options;
mod shell;
mod sources;

pub(super) use check::Check;
pub(super) use compare::{Weakness, weaker};
pub(super) use hooks::fewer_files;
pub(super) use shell::{Command, Shell, commands, words};
pub(super) use sources::Commands;
