//! What was attempted, in the words of an error: `cannot …: reason`.

pub(crate) const CONNECTING: &str = "set up the connection to GitHub";
pub(crate) const SIGNING_IN: &str = "sign in to GitHub";
