//! A clock that other programs on the machine do not disturb.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The time that this thread has had a processor; real time where the system does not tell, or counts in longer units.
pub(crate) struct Clock {
    start: Instant,
    busy: Option<Duration>,
}

impl Clock {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), busy: busy() }
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        let both = self.busy.zip(busy()).map(|(start, now)| now.saturating_sub(start));
        both.filter(|time| *time > UNIT).unwrap_or_else(|| self.start.elapsed())
    }
}

/// Systems count in steps that are shorter than this.
const UNIT: Duration = Duration::from_millis(50);

fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The shortest time of a few runs.
pub(crate) fn best<T>(repeats: u64, mut run: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let clock = Clock::start();
        black_box(run());
        clock.elapsed()
    };
    (0..repeats).map(time).min().unwrap_or_default()
}
