//! Answers that may still hold: asked again with their entity tag, they cost no rate limit.

use super::{Answer, Request};
use http::HeaderValue;
use moka::future::Cache as Store;

/// The most that is held, in bytes.
const CAPACITY: u64 = 32 << 20;
/// The largest answer that is held.
const LARGEST: usize = 1 << 20;

/// The answers of one client, so of one identity.
pub(super) struct Cache(Store<String, Known>);

/// An answer with its tag.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) tag: HeaderValue,
    pub(super) answer: Answer,
}

impl Default for Cache {
    fn default() -> Self {
        let weigh =
            |target: &String, known: &Known| u32::try_from(target.len() + known.answer.body.len()).unwrap_or(u32::MAX);
        Self(Store::builder().max_capacity(CAPACITY).weigher(weigh).build())
    }
}

impl Cache {
    /// The answer that was given to the request.
    pub(super) async fn get(&self, request: &Request) -> Option<Known> {
        if request.is_get() { self.0.get(request.target()).await } else { None }
    }

    /// Keeps an answer, if GitHub says how to ask for it again.
    pub(super) async fn keep(&self, request: &Request, answer: &Answer) {
        let Some(tag) = answer.tag().filter(|_| request.is_get() && answer.body.len() <= LARGEST) else { return };
        self.0.insert(request.target().to_owned(), Known { tag: tag.clone(), answer: answer.clone() }).await;
    }
}
