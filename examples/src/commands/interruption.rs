//! Ctrl-C: what is under way is dropped, which ends its processes and removes its copies.

use crate::exit;
use anyhow::{Context, Result};
use std::fmt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// The error of a run that was interrupted.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted; nothing was written")
    }
}

impl std::error::Error for Interrupted {}

/// The outcome of `work`, or [`Interrupted`] if the first signal comes before; a second one ends the process at once.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T> {
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        signals.next().await;
        // Nobody listens any more if the work is done; what follows it takes no time.
        let _ = tell.send(());
        signals.next().await;
        std::process::exit(exit::INTERRUPTED.into());
    });
    tokio::select! {
        done = work => Ok(done),
        _ = told => Err(Interrupted.into()),
    }
}

/// What a terminal or a runner sends to end a process.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
