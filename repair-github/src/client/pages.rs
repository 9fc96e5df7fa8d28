//! Lists that come in pages.

use super::{Client, Request};
use http::header::LINK;
use repair_core::forge::{ForgeError, ForgeErrorKind};
use serde::de::DeserializeOwned;

/// How many entries a page has.
const PER_PAGE: u32 = 100;

impl Client {
    /// All entries of a list. `entries` takes them out of a page.
    ///
    /// Pages are asked for by number, never by the address that an answer gives: no token goes to another host.
    pub(crate) async fn all<P: DeserializeOwned, T>(
        &self,
        request: &Request,
        entries: impl Fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, ForgeError> {
        let mut all = Vec::new();
        for page in 1..=self.limits.pages {
            let request = request.clone().query("per_page", PER_PAGE).query("page", page);
            let answer = self.answer(&request).await?;
            let more = answer
                .headers
                .get(LINK)
                .is_some_and(|link| link.to_str().is_ok_and(|link| link.contains("rel=\"next\"")));
            all.extend(entries(answer.json(&request)?));
            if !more {
                return Ok(all);
            }
        }
        let reason = format!("the list has more than {} entries", self.limits.pages * PER_PAGE);
        Err(ForgeError::new(ForgeErrorKind::TooLarge, request.doing(), reason))
    }
}
