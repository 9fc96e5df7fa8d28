//! One way to ask GitHub for something: signed in, limited, repeated where that is harmless, its errors explained.
//!
//! ```text
//! Request ─ breaker ─ entity tag ─ token ─ octocrab ─▶ answer ─ patience ─▶ again, or Answer, or ForgeError
//! ```

mod answer;
mod breaker;
mod cache;
pub(crate) mod doing;
mod graphql;
mod pages;
mod patience;
mod request;
#[cfg(test)]
mod tests;
mod token;
mod trouble;

pub(crate) use answer::Answer;
use request::Interface;
pub(crate) use request::Request;

use crate::{Limits, SignIn};
use breaker::Breaker;
use cache::Cache;
use http::header::{AUTHORIZATION, HeaderName, IF_NONE_MATCH};
use http::{HeaderValue, StatusCode};
use octocrab::Octocrab;
use octocrab::service::middleware::retry::RetryConfig;
use patience::{Attempts, Next};
use repair_core::forge::{ForgeError, ForgeErrorKind};
use serde::de::DeserializeOwned;
use std::time::Duration;
use token::Tokens;

/// The version of the REST interface that is spoken.
const VERSION: &str = "2022-11-28";
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);

/// Asks GitHub.
pub(crate) struct Client {
    /// The connection to the REST interface.
    octocrab: Octocrab,
    /// The connection to the GraphQL interface.
    graphql: Octocrab,
    tokens: Tokens,
    breaker: Breaker,
    cache: Cache,
    pub(crate) limits: Limits,
}

impl Client {
    /// A client of the interface at `api_url`. Must be called inside a Tokio runtime.
    pub(crate) fn new(api_url: &str, sign_in: SignIn, limits: Limits) -> Result<Self, ForgeError> {
        let refused = |reason: String| ForgeError::new(ForgeErrorKind::Invalid, doing::CONNECTING, reason);
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(refused("a client is made inside a Tokio runtime".to_owned()));
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()
            .map_err(|error| refused(error.to_string()))?;
        let connect = |base: &str| {
            Octocrab::builder()
                .base_uri(base)
                .map_err(|_| refused(format!("`{api_url}` is no address of an interface")))?
                .add_header(HeaderName::from_static("x-github-api-version"), VERSION.to_owned())
                .add_retry_config(RetryConfig::None)
                .build_with_reqwest(http.clone())
                .map_err(|error| refused(trouble::chain(&error)))
        };
        let octocrab = connect(api_url.trim_end_matches('/'))?;
        let graphql = connect(graphql::base(api_url))?;
        let tokens = Tokens::new(sign_in);
        Ok(Self { octocrab, graphql, tokens, breaker: Breaker::default(), cache: Cache::default(), limits })
    }

    /// Whether the token is a workflow's.
    pub(crate) fn is_workflow(&self) -> bool {
        self.tokens.is_workflow()
    }

    /// The answer to a request, as what it says in JSON.
    pub(crate) async fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ForgeError> {
        self.answer(request).await?.json(request)
    }

    /// What a GraphQL request gave.
    pub(crate) async fn data<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ForgeError> {
        let told: graphql::Told<T> = self.json(request).await?;
        Ok(told.data)
    }

    /// Does what a mutation says, of which nothing is to be known afterwards.
    pub(crate) async fn done(&self, request: &Request) -> Result<(), ForgeError> {
        self.data::<graphql::Done>(request).await.map(drop)
    }

    /// The same as [`json`](Self::json), or `None` where there is no such thing.
    pub(crate) async fn json_if_any<T: DeserializeOwned>(&self, request: &Request) -> Result<Option<T>, ForgeError> {
        match self.json(request).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ForgeErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The answer to a request, held in memory.
    pub(crate) async fn answer(&self, request: &Request) -> Result<Answer, ForgeError> {
        let mut attempts = Attempts::new(request, self.limits.attempts, self.limits.call);
        loop {
            self.breaker.check(request)?;
            match attempts.within(self.whole(request)).await {
                Ok(answer) => {
                    self.breaker.worked();
                    return Ok(answer);
                }
                Err(failed) => self.after(failed, &mut attempts).await?,
            }
        }
    }

    /// Writes the answer to a request to `into`, at most `limit` bytes, and gives its size.
    ///
    /// Is repeated only as long as nothing was written.
    pub(crate) async fn download(
        &self,
        request: &Request,
        limit: u64,
        into: &mut (dyn std::io::Write + Send),
    ) -> Result<u64, ForgeError> {
        let mut attempts = Attempts::new(request, self.limits.attempts, self.limits.download);
        loop {
            self.breaker.check(request)?;
            match attempts.within(self.begun(request)).await {
                Ok(response) => {
                    self.breaker.worked();
                    let written = attempts.within(answer::write(request, response, limit, into)).await;
                    return written.map_err(|failed| failed.error);
                }
                Err(failed) => self.after(failed, &mut attempts).await?,
            }
        }
    }

    /// Asks once, and reads the whole answer.
    async fn whole(&self, request: &Request) -> Result<Answer, Failed> {
        let known = self.cache.get(request).await;
        let response = self.send(request, known.as_ref().map(|known| &known.tag)).await?;
        match known {
            Some(known) if response.status() == StatusCode::NOT_MODIFIED => Ok(known.answer),
            _ => {
                let answer = Answer::read(request, response, self.limits.answer).await?;
                if request.interface() == Interface::GraphQl {
                    graphql::refuse_failure(request, &answer)?;
                }
                self.cache.keep(request, &answer).await;
                Ok(answer)
            }
        }
    }

    /// Asks once, and reads nothing of a successful answer yet.
    async fn begun(&self, request: &Request) -> Result<answer::Response, Failed> {
        Answer::refuse_failure(request, self.send(request, None).await?).await
    }

    /// Waits until a request that failed may be sent again, or gives its error.
    async fn after(&self, failed: Failed, attempts: &mut Attempts<'_>) -> Result<(), ForgeError> {
        self.breaker.saw(&failed);
        match attempts.next(&failed) {
            Next::Wait(pause) => {
                tokio::time::sleep(pause).await;
                Ok(())
            }
            Next::GiveUp => Err(failed.error),
        }
    }

    /// Sends a request once.
    async fn send(&self, request: &Request, tag: Option<&HeaderValue>) -> Result<answer::Response, Failed> {
        let mut builder = request.builder();
        if let Some(header) = self.tokens.header(&self.octocrab).await? {
            builder = builder.header(AUTHORIZATION, header);
        }
        if let Some(tag) = tag {
            builder = builder.header(IF_NONE_MATCH, tag);
        }
        let octocrab = match request.interface() {
            Interface::Rest => &self.octocrab,
            Interface::GraphQl => &self.graphql,
        };
        let built = octocrab.build_request(builder, request.body()).map_err(|error| Failed::unsent(request, &error))?;
        octocrab.execute(built).await.map_err(|error| Failed::unanswered(request, &error))
    }
}

/// A request that failed, with what decides whether it is sent again.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: ForgeError,
    /// How far it got.
    pub(crate) stage: Stage,
}

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It was not sent, so that nothing can have happened.
    Unsent,
    /// It was sent, and no whole answer came.
    Unanswered,
    /// It was answered with a refusal: nothing has happened. To be repeated after a while, if the answer says so.
    Refused(Option<Duration>),
    /// It was answered with an error of the server: something may have happened.
    Broken,
}
