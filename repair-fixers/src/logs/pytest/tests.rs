//! pytest output of many kinds.
