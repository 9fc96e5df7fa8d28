//! A document in Markdown that stays within what GitHub takes.

/// A job summary may have 1 MiB; what is longer is refused as a whole, so this stays below.
const LIMIT: usize = 900 << 10;

/// A document that does not grow beyond what GitHub takes.
#[derive(Default)]
pub(super) struct Document {
    text: String,
    full: bool,
}

impl Document {
    /// Adds a part, whole or not at all; after the first that has no room, none is added.
    pub(super) fn push(&mut self, part: &str) {
        self.full |= self.text.len() + part.len() > LIMIT;
        if !self.full {
            self.text += part;
        }
    }

    /// The text, with a sentence if something had no room.
    pub(super) fn finish(mut self) -> String {
        if self.full {
            self.text += "\nThe rest is left out, since a job summary has little room.\n";
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_ends_before_it_is_too_long() {
        let mut document = Document::default();
        (0..2000).for_each(|_| document.push(&"x".repeat(1000)));
        let text = document.finish();
        assert!(text.len() < 1 << 20 && text.ends_with("has little room.\n"), "{}", text.len());
    }
}
