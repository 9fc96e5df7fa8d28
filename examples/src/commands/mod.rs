//! One module per subcommand. Each returns an exit code, or an error that is wrong usage.

pub(crate) mod detect;
pub(crate) mod exec;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod init;
pub(crate) mod interruption;
mod missing_tools;
pub(crate) mod publish;
pub(crate) mod redact;
mod repairing;
mod reporting;
pub(crate) mod run;
pub(crate) mod vet;
