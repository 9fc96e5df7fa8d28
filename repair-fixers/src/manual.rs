//! One text for a fixer's documentation and its manual.

/// Declares a fix generator whose doc comment is its manual.
///
/// ```ignore
/// fixer! {
///     /// Does this and that.
///     ///
///     /// # What it repairs
///     /// …
///     pub(crate) struct MissingColon {
///         id: "syntax/missing-colon",
///         summary: "add the colon that a block begins with",
///         handles: [Syntax],
///         applicability: Safe,
///     }
/// }
/// ```
///
/// makes the unit struct and its `META`; the `FixGenerator` implementation is written by hand.
macro_rules! fixer {
    (
        $(#[doc = $line:literal])*
        $vis:vis struct $name:ident {
            id: $id:literal,
            summary: $summary:literal,
            handles: [$($category:ident),* $(,)?],
            applicability: $applicability:ident $(,)?
        }
    ) => {
        $(#[doc = $line])*
        #[derive(Debug, Clone, Copy, Default)]
        $vis struct $name;

        impl $name {
            /// What is known of it without running it.
            $vis const META: &'static ::repair_core::GeneratorMeta = &::repair_core::GeneratorMeta {
                id: $id,
                summary: $summary,
                manual: {
                    const RAW: &str = concat!($($line, "\n"),*);
                    const BYTES: [u8; $crate::manual::dedented_len(RAW)] = $crate::manual::dedented(RAW);
                    match ::core::str::from_utf8(&BYTES) {
                        Ok(text) => text,
                        Err(_) => RAW,
                    }
                },
                handles: &[$(::repair_core::Category::$category),*],
                applicability: ::repair_core::Applicability::$applicability,
            };
        }
    };
}

pub(crate) use fixer;

/// The length of [`dedented`].
pub(crate) const fn dedented_len(raw: &str) -> usize {
    let bytes = raw.as_bytes();
    let (mut at, mut len) = (0, 0);
    while at < bytes.len() {
        if !is_margin(bytes, at) {
            len += 1;
        }
        at += 1;
    }
    len
}

/// `raw` without the space that stands between `///` and the text of each line.
pub(crate) const fn dedented<const N: usize>(raw: &str) -> [u8; N] {
    let bytes = raw.as_bytes();
    let mut out = [0; N];
    let (mut at, mut len) = (0, 0);
    while at < bytes.len() {
        if !is_margin(bytes, at) {
            out[len] = bytes[at];
            len += 1;
        }
        at += 1;
    }
    out
}

const fn is_margin(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b' ' && (at == 0 || bytes[at - 1] == b'\n')
}

#[cfg(test)]
mod tests {
    fixer! {
        /// First line.
        ///
        ///     indented
        struct Sample {
            id: "family/sample",
            summary: "nothing",
            handles: [Syntax, Import],
            applicability: Unsafe,
        }
    }

    #[test]
    fn the_doc_comment_is_the_manual() {
        assert_eq!(Sample::META.manual, "First line.\n\n    indented\n");
        assert_eq!(Sample::META.handles.len(), 2);
    }
}
