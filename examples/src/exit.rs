//! Exit codes, a contract with whoever calls the command.

use repair_core::bundle::Conclusion;

/// Repaired, or nothing to do.
pub(crate) const OK: u8 = 0;
/// Failures remain; for `vet`, the change is refused.
pub(crate) const FAILURES_REMAIN: u8 = 1;
/// Wrong usage, or something is missing on this machine.
pub(crate) const USAGE: u8 = 2;
/// A fix was found, but policy withheld it; for `vet`, a person should look.
pub(crate) const WITHHELD: u8 = 3;
/// The failure cannot be reproduced here.
pub(crate) const NOT_REPRODUCIBLE: u8 = 4;
/// The check could not be made.
pub(crate) const NOT_CHECKED: u8 = 5;
/// Interrupted by a signal: 128 and the number of `SIGINT`, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// The exit code of what came of a repair.
pub(crate) fn of(conclusion: Conclusion) -> u8 {
    match conclusion {
        Conclusion::Repaired | Conclusion::NothingToDo | Conclusion::Proposed => OK,
        Conclusion::Withheld => WITHHELD,
        Conclusion::NotReproducible => NOT_REPRODUCIBLE,
        Conclusion::NotChecked => NOT_CHECKED,
        _ => FAILURES_REMAIN,
    }
}
