//! The forge.

use crate::client::Client;
use crate::forge::Known;
use crate::{Limits, SignIn};
use repair_core::forge::ForgeError;
use std::fmt;

/// Where github.com's interface is.
const API_URL: &str = "https://api.github.com";

/// GitHub, or a GitHub Enterprise server.
pub struct GitHub {
    pub(crate) client: Client,
    pub(crate) known: Known,
}

/// Makes a [`GitHub`].
#[derive(Debug)]
pub struct GitHubBuilder {
    api_url: String,
    sign_in: SignIn,
    limits: Limits,
}

impl GitHub {
    /// Begins with github.com and the usual limits.
    pub fn builder(sign_in: SignIn) -> GitHubBuilder {
        GitHubBuilder { api_url: API_URL.to_owned(), sign_in, limits: Limits::default() }
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GitHub")
    }
}

impl GitHubBuilder {
    /// Another server's interface, such as `https://github.example.com/api/v3`.
    #[must_use]
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// Other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The forge. Must be called inside a Tokio runtime; nothing is sent yet.
    pub fn build(self) -> Result<GitHub, ForgeError> {
        let client = Client::new(&self.api_url, self.sign_in, self.limits)?;
        Ok(GitHub { client, known: Known::default() })
    }
}
