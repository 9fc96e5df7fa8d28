//! One module per subcommand. Each returns an exit code, or an error that is wrong usage.

pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod vet;
