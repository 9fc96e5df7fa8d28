//! Tokens: one for ever, or one an hour for an App's installation.

use super::{Answer, Failed, Request, Stage};
use crate::sign_in::{Installation, Kind, SignIn};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use octocrab::Octocrab;
use octocrab::auth::AppAuth;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// An installation's token lives an hour; it is replaced before that ends.
const LIFE: Duration = Duration::from_secs(50 * 60);
const LIMIT: u64 = 1 << 20;

/// Gives the token for the next request.
pub(super) struct Tokens {
    kind: Kind,
    /// The installation's token. Held locked while a new one is asked for, so that all wait for one.
    current: Mutex<Option<(SecretString, Instant)>>,
}

#[derive(Deserialize)]
struct Minted {
    token: SecretString,
}

impl Tokens {
    pub(super) fn new(SignIn(kind): SignIn) -> Self {
        Self { kind, current: Mutex::default() }
    }

    pub(super) fn is_workflow(&self) -> bool {
        matches!(self.kind, Kind::Workflow(_))
    }

    /// The value of the `Authorization` header.
    pub(super) async fn header(&self, octocrab: &Octocrab) -> Result<Option<HeaderValue>, Failed> {
        let token = match &self.kind {
            Kind::Nobody => return Ok(None),
            Kind::Token(token) | Kind::Workflow(token) => token.clone(),
            Kind::App { app, installation } => self.installed(octocrab, app, installation).await?,
            Kind::Itself(app) => return bearer(&signed(app)?).map(Some),
        };
        bearer(token.expose_secret()).map(Some)
    }

    async fn installed(
        &self,
        octocrab: &Octocrab,
        app: &AppAuth,
        installation: &Installation,
    ) -> Result<SecretString, Failed> {
        let mut current = self.current.lock().await;
        if let Some((token, until)) = &*current
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let token = mint(octocrab, app, installation).await.map_err(Failed::before)?;
        *current = Some((token.clone(), Instant::now() + LIFE));
        Ok(token)
    }
}

/// Asks for a token that is good for one repository and the permissions that are needed.
async fn mint(octocrab: &Octocrab, app: &AppAuth, installation: &Installation) -> Result<SecretString, Failed> {
    let permissions: BTreeMap<_, _> = installation.permissions.iter().map(|(name, level)| (name, level)).collect();
    let id = installation.id.to_string();
    let request =
        Request::new(http::Method::POST, &["app", "installations", &id, "access_tokens"], super::doing::SIGNING_IN)
            .with(json!({ "repositories": [installation.repository], "permissions": permissions }))
            .harmless();
    let builder = request.builder().header(AUTHORIZATION, bearer(&signed(app)?)?);
    let built = octocrab.build_request(builder, request.body()).map_err(|error| Failed::unsent(&request, &error))?;
    let response = octocrab.execute(built).await.map_err(|error| Failed::unanswered(&request, &error))?;
    let answer = Answer::read(&request, response, LIMIT).await?;
    let minted: Minted = answer.json(&request).map_err(|error| Failed { error, stage: Stage::Refused(None) })?;
    Ok(minted.token)
}

/// What proves for a few minutes that we are the App.
fn signed(app: &AppAuth) -> Result<String, Failed> {
    app.generate_bearer_token().map_err(|_| {
        Failed::not_signed_in("the App's private key does not sign; download a new one", Stage::Refused(None))
    })
}

fn bearer(token: &str) -> Result<HeaderValue, Failed> {
    let value = HeaderValue::from_str(&format!("Bearer {token}"));
    let mut value = value.map_err(|_| {
        Failed::not_signed_in(
            "the token has a character that no token has; is there a line break in it?",
            Stage::Refused(None),
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
