//! The other host: signed addresses that live for a minute and take nobody's token.

use super::answer::Answer;
use super::call::Call;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const LIFE: Duration = Duration::from_secs(60);

/// What lies behind a signed address.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) kind: &'static str,
    pub(crate) content: Vec<u8>,
    /// Whether it travels compressed to those who take it so.
    pub(crate) compressed: bool,
}

/// All that lies there now.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    signed: Mutex<BTreeMap<String, (Stored, Instant)>>,
    count: AtomicU64,
}

impl Storage {
    /// Puts something there and gives the path with its signature.
    pub(crate) fn sign(&self, name: &str, stored: Stored) -> String {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let signature = format!("sig{number:08x}PlantedSignature");
        let path = format!("/storage/{name}?se=2026-11-20T10%3A01%3A00Z&sig={signature}");
        self.signed().insert(signature, (stored, Instant::now()));
        path
    }

    /// All signatures given so far are too old from now on.
    pub(crate) fn expire(&self) {
        self.signed().clear();
    }

    /// What the host says to a call.
    pub(crate) fn answer(&self, call: &Call) -> Answer {
        if call.headers.contains_key("authorization") {
            return refused(400, "InvalidAuthenticationInfo");
        }
        let signature = call.value("sig").unwrap_or_default();
        match self.signed().get(&signature) {
            Some((stored, at)) if at.elapsed() < LIFE => stored.clone().answer(call),
            _ => refused(403, "AuthenticationFailed"),
        }
    }

    fn signed(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (Stored, Instant)>> {
        self.signed.lock().expect("not poisoned")
    }
}

impl Stored {
    fn answer(self, call: &Call) -> Answer {
        let takes = call.header("accept-encoding").is_some_and(|kinds| kinds.contains("gzip"));
        if !(self.compressed && takes) {
            return Answer::new(200, self.kind, self.content);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.content).expect("memory takes it");
        let content = encoder.finish().expect("memory takes it");
        Answer::new(200, self.kind, content).with("content-encoding", "gzip")
    }
}

fn refused(status: u16, code: &str) -> Answer {
    let body = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code></Error>");
    Answer::new(status, "application/xml", body)
}
