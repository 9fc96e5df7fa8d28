//! GitHub, as `run` and `publish` use it: who we are there, and what a workflow is told.

pub(crate) mod actions;
mod credentials;

use anyhow::{Result, anyhow};
use credentials::Credentials;
use repair_core::forge::{ForgeError, ForgeErrorKind, RepositoryName};
use repair_github::{GitHub, Installation, SignIn};

/// A half of the work, with the permissions that an App's token gets for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// Reading runs, and executing the repository's code.
    Reading,
}

impl Half {
    fn permissions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Reading => &[
                ("actions", "read"),
                ("checks", "read"),
                ("contents", "read"),
                ("metadata", "read"),
                ("pull_requests", "read"),
            ],
        }
    }
}

/// GitHub, signed in for one repository.
pub(crate) struct Connection {
    /// The forge.
    pub(crate) github: GitHub,
    signed_in: bool,
}

impl Connection {
    /// Signs in by what the environment says. Nobody's name is used if it says nothing.
    pub(crate) async fn open(api_url: &str, repository: &RepositoryName, half: Half) -> Result<Self> {
        let credentials = Credentials::from_environment()?;
        let signed_in = !matches!(credentials, Credentials::Nobody);
        let sign_in = match credentials {
            Credentials::Nobody => SignIn::nobody(),
            Credentials::Token(token) => SignIn::token(token),
            Credentials::App { id, key, installation } => {
                let installation = match installation {
                    Some(installation) => installation,
                    None => {
                        let app = GitHub::builder(SignIn::app_itself(id, &key)?).api_url(api_url).build()?;
                        app.installation(repository).await?
                    }
                };
                let narrowed = half.permissions().iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned()));
                let repository = repository.name().to_owned();
                let permissions = narrowed.collect();
                SignIn::app(id, &key, Installation { id: installation, repository, permissions })?
            }
        };
        Ok(Self { github: GitHub::builder(sign_in).api_url(api_url).build()?, signed_in })
    }

    /// The error with what to do about it, if it is that we are nobody.
    pub(crate) fn told(&self, error: ForgeError) -> anyhow::Error {
        let missing =
            matches!(error.kind(), ForgeErrorKind::Unauthorized | ForgeErrorKind::Forbidden | ForgeErrorKind::NotFound);
        match missing && !self.signed_in {
            true => anyhow!("{error}; there is no sign-in: set `GITHUB_TOKEN`, which logs need even in the open"),
            false => error.into(),
        }
    }
}
