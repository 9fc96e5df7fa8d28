//! Proves repairs in containers that mirror the failed job, through Dagger.

pub mod plan;
