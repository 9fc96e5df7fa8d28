//! Collects what a process prints.

use super::Event;
use std::collections::VecDeque;
use std::io::{PipeReader, Read};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long to wait for the pipe to close after every known process is dead.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was printed: its end, if it was too much.
#[derive(Default)]
struct Kept {
    bytes: VecDeque<u8>,
    cut: bool,
}

impl Kept {
    fn add(&mut self, bytes: &[u8], cap: usize) {
        self.bytes.extend(bytes);
        let excess = self.bytes.len().saturating_sub(cap);
        self.cut |= excess > 0;
        self.bytes.drain(..excess);
    }
}

/// Reads a pipe in a thread of its own.
pub(super) struct Collector {
    kept: Arc<Mutex<Kept>>,
    closed: Receiver<()>,
}

impl Collector {
    /// Reads until the pipe closes, and says so in `events` when there is more than `cap` bytes.
    pub(super) fn start(mut pipe: PipeReader, cap: usize, events: Sender<Event>) -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let (closing, closed) = mpsc::channel();
        let shared = Arc::clone(&kept);
        thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let before = kept.cut;
                kept.add(&buffer[..count], cap);
                if kept.cut && !before {
                    // If nobody listens, the run has ended.
                    let _ = events.send(Event::TooMuch);
                }
            }
            let _ = closing.send(());
        });
        Self { kept, closed }
    }

    /// What was printed, and whether it is all. A process that escaped may hold the pipe open; it is not waited for.
    pub(super) fn finish(self) -> (String, bool) {
        // An error means that the thread is gone, so the pipe is closed as well.
        let _ = self.closed.recv_timeout(PATIENCE);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(kept.bytes.make_contiguous()).into_owned();
        (text, !kept.cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept() {
        let mut kept = Kept::default();
        kept.add(b"abc", 4);
        assert!(!kept.cut);
        kept.add(b"def", 4);
        assert!(kept.cut);
        assert_eq!(kept.bytes, b"cdef");
    }
}
