//! The scoreboard.

fn main() {}
