//! Tests as what they check, and what a change takes from them.

mod arrange;
mod check;
mod collection;
mod data;
mod doubles;
mod extract;
mod generated;
mod guard;
mod inventory;
mod judge;
mod skips;
mod spelling;
mod spoken;
mod tokens;
mod vanished;

pub(super) use doubles::Doubles;
pub(super) use guard::Tests;

pub(super) use skips::Skips;
pub(super) use spoken::{asked_and_expected, stands_in_tests};
pub(super) use tokens::{is_literal, literals, names};
