//! The `ci-repair` command.

fn main() {}
