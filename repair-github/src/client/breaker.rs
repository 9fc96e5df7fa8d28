//! Stops asking a server that is down.

use super::{Failed, Request, Stage};
use repair_core::forge::{ForgeError, ForgeErrorKind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// So many failures in a row open it.
const FAILURES: u32 = 12;
/// So long it stays open. Then one request is let through, and what comes of it decides.
const OPEN: Duration = Duration::from_secs(30);

/// A circuit breaker.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// An error while it is open.
    pub(super) fn check(&self, request: &Request) -> Result<(), ForgeError> {
        let mut state = self.state();
        match state.open_until {
            Some(until) if Instant::now() < until => {
                let reason = format!("GitHub failed {FAILURES} times in a row; try again in a minute");
                Err(ForgeError::new(ForgeErrorKind::Unavailable, request.doing(), reason))
            }
            Some(_) => {
                // Others stay out until it is known what comes of this one.
                state.open_until = Some(Instant::now() + OPEN);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A request was answered.
    pub(super) fn worked(&self) {
        *self.state() = State::default();
    }

    /// A request failed. A refusal is an answer, too.
    pub(super) fn saw(&self, failed: &Failed) {
        if matches!(failed.stage, Stage::Refused(_)) {
            return self.worked();
        }
        let mut state = self.state();
        state.failures += 1;
        if state.failures >= FAILURES {
            state.open_until = Some(Instant::now() + OPEN);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(stage: Stage) -> Failed {
        Failed { error: ForgeError::new(ForgeErrorKind::Unavailable, "x", "y"), stage }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_and_lets_one_through_after_a_while() {
        let (breaker, request) = (Breaker::default(), Request::get(&["x"], "x"));
        for _ in 0..FAILURES {
            assert!(breaker.check(&request).is_ok());
            breaker.saw(&failed(Stage::Broken));
        }
        assert!(breaker.check(&request).is_err());
        tokio::time::advance(OPEN).await;
        assert!(breaker.check(&request).is_ok());
        assert!(breaker.check(&request).is_err());
        breaker.worked();
        assert!(breaker.check(&request).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_do_not_open_it() {
        let breaker = Breaker::default();
        (0..3 * FAILURES).for_each(|_| breaker.saw(&failed(Stage::Refused(None))));
        assert!(breaker.check(&Request::get(&["x"], "x")).is_ok());
    }
}
