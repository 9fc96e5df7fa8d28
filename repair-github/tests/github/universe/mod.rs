//! The universe itself: what it adds to the emulator is what GitHub does.

mod actions;
mod asking;
mod contract;
mod faults;
mod manners;
mod pulls;
mod refs;
mod snapshots;
mod starting;
