//! How long texts may be.

use repair_core::forge::{ForgeError, ForgeErrorKind};

/// The longest text of a pull request, an issue, a comment or a review, in characters.
const BODY: usize = 65_536;
/// The longest title, in characters.
const TITLE: usize = 256;

/// Refuses a text that GitHub would refuse.
pub(super) fn body(text: &str, doing: &str) -> Result<(), ForgeError> {
    within(text, BODY, "text", doing)
}

/// Refuses a title that GitHub would refuse.
pub(super) fn title(text: &str, doing: &str) -> Result<(), ForgeError> {
    within(text, TITLE, "title", doing)
}

fn within(text: &str, most: usize, what: &str, doing: &str) -> Result<(), ForgeError> {
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    let reason = format!("the {what} has {length} characters, and GitHub takes {most} at most");
    Err(ForgeError::new(ForgeErrorKind::Invalid, doing, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(body(&"é".repeat(BODY), "x").is_ok());
        let error = body(&"é".repeat(BODY + 1), "open the issue").unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Invalid);
        assert!(error.to_string().contains("the text has 65537 characters"), "{error}");
        assert!(title(&"a".repeat(256), "x").is_ok() && title(&"a".repeat(257), "x").is_err());
    }
}
