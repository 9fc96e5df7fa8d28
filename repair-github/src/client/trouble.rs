//! Turns what went wrong into a sentence, and into what can be done about it.

use super::{Failed, Request, Stage, doing};
use http::{HeaderMap, StatusCode};
use repair_core::forge::{ForgeError, ForgeErrorKind as Kind};
use serde::Deserialize;
use std::error::Error;
use std::time::Duration;

/// How long is waited where GitHub asks for patience and does not say for how long.
pub(super) const UNTOLD: Duration = Duration::from_secs(60);
/// The longest part of GitHub's own words that is repeated.
const WORDS: usize = 300;
/// What to do where a workflow's token may not open pull requests.
const SETTING: &str = "the repository keeps workflows from opening pull requests; somebody who administers it can allow \
                       it under Settings → Actions → General → Workflow permissions";

impl Failed {
    pub(super) fn new(kind: Kind, request: &Request, reason: impl Into<String>, stage: Stage) -> Self {
        Self { error: ForgeError::new(kind, request.doing(), reason), stage }
    }

    /// It could not even be sent.
    pub(super) fn unsent(request: &Request, error: &octocrab::Error) -> Self {
        Self::new(Kind::Invalid, request, chain(error), Stage::Refused(None))
    }

    /// It was sent, or was to be, and no answer came.
    pub(super) fn unanswered(request: &Request, error: &octocrab::Error) -> Self {
        let stage = if is_connect(error) { Stage::Unsent } else { Stage::Unanswered };
        let reason = format!("GitHub did not answer: {}", chain(error));
        Self::new(silence(request, stage), request, reason, stage)
    }

    /// The time is over.
    pub(super) fn too_slow(request: &Request) -> Self {
        let kind = silence(request, Stage::Unanswered);
        Self::new(kind, request, "GitHub took too long; try again later", Stage::Unanswered)
    }

    /// More came than is taken.
    pub(super) fn too_large(request: &Request, limit: u64) -> Self {
        let reason = format!("it is larger than the limit of {} MiB", limit >> 20);
        let kind = if request.repeatable() { Kind::TooLarge } else { Kind::Uncertain };
        Self::new(kind, request, reason, Stage::Refused(None))
    }

    /// It came, and could not be written down.
    pub(super) fn unkept(request: &Request, error: std::io::Error) -> Self {
        let reason = format!("it could not be written down: {error}");
        Self::new(Kind::Unavailable, request, reason, Stage::Refused(None))
    }

    /// The same where the trouble came before the request itself, which was not sent.
    pub(super) fn before(self) -> Self {
        let stage = match self.stage {
            Stage::Unanswered | Stage::Broken => Stage::Unsent,
            other => other,
        };
        Self { stage, ..self }
    }

    /// No token could be had.
    pub(super) fn not_signed_in(reason: impl Into<String>, stage: Stage) -> Self {
        Self { error: ForgeError::new(Kind::Unauthorized, doing::SIGNING_IN, reason), stage }
    }
}

/// What silence means: for a request that may have had an effect, nobody knows.
fn silence(request: &Request, stage: Stage) -> Kind {
    if request.repeatable() || stage == Stage::Unsent { Kind::Unavailable } else { Kind::Uncertain }
}

#[derive(Debug, Default, Deserialize)]
struct Told {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: serde_json::Value,
}

/// What an answer says that tells of a failure.
pub(super) fn of_status(request: &Request, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failed {
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let (limited, words) = (limited(status, headers, &told.message), words(&told));
    let (kind, advice) = match limited {
        Some(wait) => (Kind::RateLimited(wait), advice(Kind::RateLimited(wait))),
        None => by_words(status, &words).unwrap_or_else(|| {
            let kind = by_status(request, status);
            (kind, advice(kind))
        }),
    };
    let stage = match status.as_u16() {
        _ if let Some(wait) = limited => Stage::Refused(Some(wait.unwrap_or(UNTOLD))),
        408 | 500..=599 => Stage::Broken,
        _ => Stage::Refused(None),
    };
    Failed::new(kind, request, format!("{advice} (HTTP {}{words})", status.as_u16()), stage)
}

fn by_status(request: &Request, status: StatusCode) -> Kind {
    match status.as_u16() {
        401 => Kind::Unauthorized,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        410 => Kind::Gone,
        409 | 412 => Kind::Conflict,
        400 | 422 => Kind::Invalid,
        408 | 500..=599 => broken(request),
        _ => Kind::Malformed,
    }
}

/// Refusals that GitHub tells from others of the same status by nothing but their words.
fn by_words(status: StatusCode, words: &str) -> Option<(Kind, &'static str)> {
    let says = |what: &str| words.contains(what);
    match status.as_u16() {
        403 if says("not permitted to create or approve pull requests") => Some((Kind::Forbidden, SETTING)),
        422 if says("already exists") || says("already_exists") => Some((Kind::Conflict, "there is one already")),
        _ => None,
    }
}

/// What trouble of the server means: a request that may have had an effect may have been done.
pub(super) fn broken(request: &Request) -> Kind {
    if request.repeatable() { Kind::Unavailable } else { Kind::Uncertain }
}

/// What is said of a failure, and what to do.
pub(super) fn advice(kind: Kind) -> &'static str {
    match kind {
        Kind::RateLimited(_) => "too many requests; try again later",
        Kind::Unauthorized => "the token is missing, wrong or expired",
        Kind::Forbidden => "the token may not do this; look at its permissions",
        Kind::NotFound => "there is no such thing, or the token may not see it",
        Kind::Gone => "it has expired or was deleted",
        Kind::Conflict => "something else has changed it meanwhile",
        Kind::Invalid => "GitHub refuses the request",
        Kind::Uncertain => "GitHub is in trouble, and may have done it or not",
        Kind::Unavailable => "GitHub is in trouble; try again later",
        _ => "GitHub answers in a way that it does not document",
    }
}

/// GitHub's own words, shortened, on one line.
fn words(told: &Told) -> String {
    let reasons: Vec<&str> = told.errors.as_array().into_iter().flatten().filter_map(reason).collect();
    let mut words = String::new();
    for word in [told.message.as_str()].iter().chain(&reasons).filter(|word| !word.is_empty()) {
        words.push_str(": ");
        words.push_str(&plain(word));
    }
    words
}

/// Somebody else's words as they may be shown.
pub(super) fn plain(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect()
}

fn reason(error: &serde_json::Value) -> Option<&str> {
    error.as_str().or_else(|| error.get("message")?.as_str()).or_else(|| error.get("code")?.as_str())
}

/// Whether an answer asks for patience, and for how long if it says so.
///
/// Primary limits say that nothing remains and when that ends; secondary ones say how long to wait, or only their name.
fn limited(status: StatusCode, headers: &HeaderMap, message: &str) -> Option<Option<Duration>> {
    if !matches!(status.as_u16(), 403 | 429) {
        return None;
    }
    if let Some(told) = wait(headers) {
        return Some(told);
    }
    let named = message.to_ascii_lowercase().contains("rate limit");
    (status.as_u16() == 429 || named).then_some(None)
}

/// Whether the headers say that requests are used up, and for how long.
pub(super) fn wait(headers: &HeaderMap) -> Option<Option<Duration>> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some(Some(Duration::from_secs(seconds)));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let left = number("x-ratelimit-reset").zip(now(headers)).map(|(at, now)| at.saturating_sub(now));
        return Some(left.map(Duration::from_secs));
    }
    None
}

/// The server's time in seconds since 1970, which a reset is to be compared with; ours may be wrong.
fn now(headers: &HeaderMap) -> Option<u64> {
    let date = httpdate::parse_http_date(headers.get(http::header::DATE)?.to_str().ok()?).ok()?;
    date.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Whether no connection came about, so that nothing was sent.
fn is_connect(error: &octocrab::Error) -> bool {
    sources(error)
        .into_iter()
        .any(|error| error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect))
}

/// An error and what lies below it, from the outside in.
fn sources<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut all = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        all.push(error);
        next = error.source();
    }
    all
}

/// The innermost reason of an error: the outer ones repeat it, and may show addresses.
pub(super) fn chain(error: &octocrab::Error) -> String {
    let mut text = sources(error).last().map(ToString::to_string).unwrap_or_default();
    if let Some(end) = text.find("\n") {
        text.truncate(end);
    }
    text
}
