//! Tests as what they check, and what a change takes from them.

mod arrange;
mod check;
mod collection;
mod data;
mod doubles;
mod extract;
mod guard;
mod inventory;
mod judge;
mod skips;
mod tokens;

pub(super) use doubles::Doubles;
pub(super) use guard::Tests;
pub(super) use inventory::{test_literals, test_pairs};
pub(super) use skips::Skips;
pub(super) use tokens::{is_literal, literals, names};
