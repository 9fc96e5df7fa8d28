//! GitHub, as `run` and `publish` use it: who we are there, and what a workflow is told.

pub(crate) mod actions;
mod credentials;

use anyhow::{Context, Result, anyhow};
use credentials::Credentials;
use repair_core::Snapshot;
use repair_core::forge::{Forge, ForgeError, ForgeErrorKind, Publisher, RepositoryName};
use repair_core::redact::{Redactor, secrets_of_environment};
use repair_github::{GitHub, Installation, SignIn};

/// Who a workflow's own token belongs to.
const WORKFLOW: &str = "github-actions[bot]";

/// A half of the work, with the permissions that an App's token gets for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// Reading runs, and executing the repository's code.
    Reading,
    /// Writing pull requests and issues, and executing nothing.
    Writing,
}

impl Half {
    fn permissions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Reading => &[
                ("actions", "read"),
                ("checks", "read"),
                ("contents", "read"),
                ("issues", "read"),
                ("metadata", "read"),
                ("pull_requests", "read"),
            ],
            Self::Writing => &[
                ("actions", "read"),
                ("checks", "read"),
                ("contents", "write"),
                ("issues", "write"),
                ("metadata", "read"),
                ("pull_requests", "write"),
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
            Credentials::Token(token) => of_token(api_url, token).await?,
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

    /// The files of the default branch: what configures us is never what a pull request brings along.
    pub(crate) async fn default_files(&self, repository: &RepositoryName) -> Result<Snapshot> {
        let told = |error| self.told(error);
        let branch = self.github.default_branch(repository).await.map_err(told)?;
        let head = self.github.head(repository, &branch).await.map_err(told)?;
        let head = head.with_context(|| format!("the repository has no branch `{branch}`"))?;
        self.github.snapshot(repository, &head).await.map_err(told)
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

/// The sign-in by a token, which may be a workflow's own: on what that one does, no checks start.
async fn of_token(api_url: &str, token: String) -> Result<SignIn> {
    let sign_in = SignIn::token(token.clone());
    if std::env::var_os("GITHUB_ACTIONS").is_none() {
        return Ok(sign_in);
    }
    // Who cannot ask who they are has a token that is good for little; what it is not good for is told where it fails.
    let login = GitHub::builder(sign_in.clone()).api_url(api_url).build()?.login().await;
    Ok(if login.is_ok_and(|login| login == WORKFLOW) { SignIn::workflow_token(token) } else { sign_in })
}

/// Takes out what looks like a secret, and those of this process's environment.
pub(crate) fn redactor() -> Redactor {
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Redactor::new().with_known(secrets_of_environment(variables))
}
