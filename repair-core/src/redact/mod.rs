//! Takes secrets out of what leaves: prompts, pull requests, issues, logs, errors.
//!
//! A [`Redactor`] knows about a hundred families of secrets (a table, one line each), names that make their values
//! secret, words that look drawn by lot where a secret is meant, and the exact values that it is told of. It matches on
//! the text as a reader would see it: without escape sequences and characters of no width, and once more with
//! percent signs, backslashes, entities, base64 and hexadecimal digits undone. What it finds is replaced in the original
//! by `<<REDACTED:kind#1>>`: the same secret by the same placeholder, so that one can still reason about it, and nothing
//! in it tells the secret's length. Where it doubts, it redacts.
//!
//! ```
//! use repair_core::redact::Redactor;
//!
//! let redactor = Redactor::new().with_known([("deploy_key".to_owned(), "correct horse".to_owned())]);
//! assert_eq!(redactor.redact("opened by correct horse"), "opened by <<REDACTED:deploy_key#1>>");
//! assert_eq!(redactor.redact("https://me:s3cr3t-w0rd@example.com/"), "https://me:<<REDACTED:url_password#1>>@example.com/");
//! assert_eq!(redactor.redact("2 passed in 0.1s"), "2 passed in 0.1s");
//! ```
//!
//! A placeholder is plain text, but `<…>` is markup in HTML and a link in Markdown, and `kind#1` may become a reference
//! on a forge. Publish it in a code block or a code span, or escape `<` and `#`.

mod assignment;
mod block;
mod encode;
mod environment;
mod families;
mod known;
mod lines;
mod names;
mod needles;
mod placeholder;
mod scan;
mod stream;
mod value;
mod view;
mod window;
mod word;

pub use environment::secrets_of_environment;
pub use stream::RedactingWriter;

use std::borrow::Cow;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex};
use window::{Rest, State, Windows};

/// Shorter values are not looked for, since they occur by chance.
const SHORTEST: usize = 8;

/// Takes secrets out of texts. Clones are cheap and number placeholders together.
#[derive(Clone, Default)]
pub struct Redactor {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    known: known::Known,
    numbers: Mutex<placeholder::Numbers>,
}

impl Redactor {
    /// Knows the patterns alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows these secrets, too, each with what its placeholder says (`github_token`): the values themselves and in
    /// base64 at every alignment, hexadecimal, and escaped as in URLs, JSON and XML. Values of less than 8 bytes are
    /// ignored. Numbers given so far are given anew.
    pub fn with_known(self, values: impl IntoIterator<Item = (String, String)>) -> Self {
        let known = self.inner.known.clone().and(values);
        Self { inner: Arc::new(Inner { known, numbers: Mutex::default() }) }
    }

    /// `text` without its secrets. What was redacted before stays as it is.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut windows = Windows { known: &self.inner.known, numbers: &self.inner.numbers, state: State::default() };
        let mut out = String::new();
        let (mut context, mut decided, mut changed) = (0, 0, false);
        while let Some(step) =
            windows.step(&Rest { text: &text[context..], decided: decided - context }, true, &mut out)
        {
            decided = context + step.decided;
            context += step.context;
            changed |= step.changed;
        }
        if changed { Cow::Owned(out) } else { Cow::Borrowed(text) }
    }

    /// A writer that redacts what goes through it into `into`.
    pub fn stream<W: Write>(&self, into: W) -> RedactingWriter<W> {
        RedactingWriter::new(self.clone(), into)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("known", &self.inner.known.len()).finish_non_exhaustive()
    }
}
