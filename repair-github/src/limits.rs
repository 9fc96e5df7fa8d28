//! Limits of size, time and attempts.

use std::time::Duration;

/// How much is taken, and how long is waited. Beyond a limit a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest job log, in bytes.
    pub log: u64,
    /// The largest artifact's archive, in bytes.
    pub artifact: u64,
    /// The largest answer that is not a download, in bytes.
    pub answer: u64,
    /// The most bytes of source that a snapshot may have.
    pub snapshot: u64,
    /// The most pages of a list.
    pub pages: u32,
    /// How often a request is sent.
    pub attempts: u32,
    /// How long one call may take, its waiting and repeating included.
    pub call: Duration,
    /// How long a download may take.
    pub download: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            log: 1 << 30,
            artifact: 64 << 20,
            answer: 16 << 20,
            snapshot: 512 << 20,
            pages: 30,
            attempts: 4,
            call: Duration::from_secs(90),
            download: Duration::from_secs(600),
        }
    }
}
