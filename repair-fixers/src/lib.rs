//! What ci-repair knows about Python: how tools report failures, what causes them, how to repair them, and which
//! changes are cheats.

pub mod python;
