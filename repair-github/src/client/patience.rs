//! Whether a request that failed is sent again.

use super::{Failed, Request, Stage};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;
use tokio::time::Instant;

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    request: &'a Request,
    deadline: Instant,
    pauses: ExponentialBackoff,
}

impl<'a> Attempts<'a> {
    /// At most `most` attempts, within `time` altogether.
    pub(super) fn new(request: &'a Request, most: u32, time: Duration) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(10))
            .with_max_times(most.saturating_sub(1) as usize);
        Self { request, deadline: Instant::now() + time, pauses: pauses.build() }
    }

    /// What comes of `attempt`, in the time that is left.
    pub(super) async fn within<T>(&self, attempt: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
        let done = tokio::time::timeout_at(self.deadline, attempt).await;
        done.unwrap_or_else(|_| Err(Failed::too_slow(self.request)))
    }

    /// What to do after a failure.
    pub(super) fn next(&mut self, failed: &Failed) -> Next {
        let left = self.deadline - Instant::now();
        Patience { repeatable: self.request.repeatable(), left }.next(failed, self.pauses.next())
    }
}

/// What is known before the decision.
struct Patience {
    /// Whether sending the request twice does what sending it once does.
    repeatable: bool,
    /// The time that is left for the call.
    left: Duration,
}

/// The decision.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Again, after this pause.
    Wait(Duration),
    /// The error stands.
    GiveUp,
}

impl Patience {
    /// `pause` is how long would be waited if GitHub does not say it; `None` when all attempts are used up.
    fn next(&self, failed: &Failed, pause: Option<Duration>) -> Next {
        let Some(pause) = pause else { return Next::GiveUp };
        let wait = match failed.stage {
            Stage::Unsent => pause,
            Stage::Unanswered | Stage::Broken if self.repeatable => pause,
            Stage::Refused(Some(told)) => told.max(pause),
            Stage::Unanswered | Stage::Broken | Stage::Refused(None) => return Next::GiveUp,
        };
        if wait < self.left { Next::Wait(wait) } else { Next::GiveUp }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Request;
    use super::*;
    use http::{HeaderMap, StatusCode};

    const PAUSE: Option<Duration> = Some(Duration::from_millis(200));

    fn next(repeatable: bool, stage: Stage) -> Next {
        let request = Request::get(&["x"], "x");
        let mut failed = super::super::trouble::of_status(&request, StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"");
        failed.stage = stage;
        Patience { repeatable, left: Duration::from_secs(90) }.next(&failed, PAUSE)
    }

    #[test]
    fn what_may_have_had_an_effect_is_not_sent_again() {
        for stage in [Stage::Broken, Stage::Unanswered] {
            assert_eq!(next(true, stage), Next::Wait(Duration::from_millis(200)));
            assert_eq!(next(false, stage), Next::GiveUp);
        }
    }

    #[test]
    fn what_had_none_is() {
        assert_eq!(next(false, Stage::Unsent), Next::Wait(Duration::from_millis(200)));
        let told = Stage::Refused(Some(Duration::from_secs(5)));
        assert_eq!(next(false, told), Next::Wait(Duration::from_secs(5)));
        assert_eq!(next(true, Stage::Refused(None)), Next::GiveUp);
    }

    #[test]
    fn nobody_waits_longer_than_there_is_time() {
        assert_eq!(next(true, Stage::Refused(Some(Duration::from_secs(3600)))), Next::GiveUp);
    }
}
