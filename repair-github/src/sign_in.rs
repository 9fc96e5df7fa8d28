//! Who we are to GitHub.

use crate::client::doing;
use jsonwebtoken::EncodingKey;
use octocrab::auth::AppAuth;
use repair_core::forge::{ForgeError, ForgeErrorKind};
use secrecy::SecretString;
use std::fmt;

/// How we sign in. Its debug form shows no secret.
#[derive(Clone)]
pub struct SignIn(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Nobody,
    Token(SecretString),
    Workflow(SecretString),
    App { app: AppAuth, installation: Installation },
    Itself(AppAuth),
}

/// Where an App is installed, and how little of that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The installation's number.
    pub id: u64,
    /// The only repository that tokens are for, by its name without the owner.
    pub repository: String,
    /// The only permissions that tokens have, such as `("actions", "read")`.
    pub permissions: Vec<(String, String)>,
}

impl SignIn {
    /// Not at all: what everybody sees.
    pub fn nobody() -> Self {
        Self(Kind::Nobody)
    }

    /// With a token of one's own: a personal access token, or one that an App's installation was given elsewhere.
    ///
    /// For a workflow's `GITHUB_TOKEN` use [`workflow_token`](Self::workflow_token).
    pub fn token(token: impl Into<String>) -> Self {
        Self(Kind::Token(SecretString::from(token.into())))
    }

    /// With a workflow's own token, `GITHUB_TOKEN`.
    ///
    /// GitHub starts no workflows for what is done with it, so that the checks of a pull request do not run by
    /// themselves, and the repository's settings may keep it from opening pull requests at all. It looks like the
    /// token of any App (`ghs_…`), so whoever signs in must say that it is this one.
    pub fn workflow_token(token: impl Into<String>) -> Self {
        Self(Kind::Workflow(SecretString::from(token.into())))
    }

    /// As a GitHub App with its private key (PEM), by tokens for one installation that are narrowed to one repository.
    pub fn app(id: u64, private_key: &str, installation: Installation) -> Result<Self, ForgeError> {
        Ok(Self(Kind::App { app: auth(id, private_key)?, installation }))
    }

    /// As a GitHub App itself, which may ask [where it is installed](crate::GitHub::installation), and little else.
    pub fn app_itself(id: u64, private_key: &str) -> Result<Self, ForgeError> {
        Ok(Self(Kind::Itself(auth(id, private_key)?)))
    }
}

fn auth(id: u64, private_key: &str) -> Result<AppAuth, ForgeError> {
    let key = EncodingKey::from_rsa_pem(private_key.as_bytes()).map_err(|_| {
        let reason = "the App's private key is not an RSA key in PEM form; download a new one from its settings";
        ForgeError::new(ForgeErrorKind::Unauthorized, doing::SIGNING_IN, reason)
    })?;
    Ok(AppAuth { app_id: id.into(), key })
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Nobody => "SignIn::nobody",
            Kind::Token(_) => "SignIn::token",
            Kind::Workflow(_) => "SignIn::workflow_token",
            Kind::App { .. } => "SignIn::app",
            Kind::Itself(_) => "SignIn::app_itself",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_shows_no_secret() {
        assert_eq!(format!("{:?}", SignIn::token("ghp_secret")), "SignIn::token");
        assert_eq!(format!("{:?}", SignIn::workflow_token("ghs_secret")), "SignIn::workflow_token");
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_showing_it() {
        let installation = Installation { id: 1, repository: "r".to_owned(), permissions: Vec::new() };
        let error = SignIn::app(1, "-----BEGIN secret", installation).unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Unauthorized);
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
