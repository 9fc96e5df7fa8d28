//! Answers: read within limits.

use super::{Failed, Request, trouble};
use bytes::Bytes;
use http::header::ETAG;
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use repair_core::forge::{ForgeError, ForgeErrorKind};
use serde::de::DeserializeOwned;
use std::io::Write;

/// An answer whose body is still to come.
pub(super) type Response = http::Response<BoxBody<Bytes, octocrab::Error>>;

/// The most that is read of the body of an error.
const ERROR_LIMIT: u64 = 64 << 10;

/// A successful answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Reads an answer; one that tells of a failure is an error.
    pub(super) async fn read(request: &Request, response: Response, limit: u64) -> Result<Self, Failed> {
        let (parts, body) = Self::refuse_failure(request, response).await?.into_parts();
        let mut bytes = Vec::new();
        collect(request, body, limit, &mut bytes).await?;
        Ok(Self { headers: parts.headers, body: bytes.into() })
    }

    /// The answer itself, if it tells of a success.
    pub(super) async fn refuse_failure(request: &Request, response: Response) -> Result<Response, Failed> {
        if response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let mut bytes = Vec::new();
        // What cannot be read of an error's text is left out: its status says enough.
        drop(collect(request, body, ERROR_LIMIT, &mut bytes).await);
        Err(trouble::of_status(request, parts.status, &parts.headers, &bytes))
    }

    /// What it says.
    pub(crate) fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ForgeError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let (kind, doubt) = if request.repeatable() {
                (ForgeErrorKind::Malformed, "")
            } else {
                (ForgeErrorKind::Uncertain, ", so that nobody knows whether it was done")
            };
            let reason = format!("GitHub's answer is not what it documents{doubt}: {error}");
            ForgeError::new(kind, request.doing(), reason)
        })
    }

    pub(super) fn tag(&self) -> Option<&HeaderValue> {
        self.headers.get(ETAG)
    }
}

/// Writes a body to `into`.
pub(super) async fn write(
    request: &Request,
    response: Response,
    limit: u64,
    into: &mut (dyn Write + Send),
) -> Result<u64, Failed> {
    collect(request, response.into_body(), limit, into).await
}

async fn collect(
    request: &Request,
    mut body: BoxBody<Bytes, octocrab::Error>,
    limit: u64,
    into: &mut (dyn Write + Send),
) -> Result<u64, Failed> {
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failed::unanswered(request, &error))?;
        let Some(data) = frame.data_ref() else { continue };
        size += data.len() as u64;
        if size > limit {
            return Err(Failed::too_large(request, limit));
        }
        into.write_all(data).map_err(|error| Failed::unkept(request, error))?;
    }
    Ok(size)
}
