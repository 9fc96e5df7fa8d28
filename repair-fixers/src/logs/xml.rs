//! XML of reports, one event at a time: nothing is fetched, no entity of a file's own is followed, no memory is used but
//! for what a visitor keeps.

use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{BufRead, Read};

/// The largest file that is read.
const MOST_BYTES: u64 = 512 << 20;
/// How deep elements may be nested; reports need ten.
const DEEPEST: usize = 64;

/// Why a file is not read as XML, as a sentence about the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It holds nothing.
    #[error("it is empty; did the test run come to an end?")]
    Empty,
    /// It is UTF-16 or UTF-32.
    #[error("it is UTF-16 or UTF-32; convert it to UTF-8")]
    Wide,
    /// It names another encoding than UTF-8.
    #[error("it says that its encoding is `{0}`; only UTF-8 is read")]
    Encoding(String),
    /// It is not well-formed XML.
    #[error("it is not well-formed XML at byte {at}: {why}")]
    Malformed {
        /// What is wrong.
        why: String,
        /// Where.
        at: u64,
    },
    /// It declares a document type.
    #[error("it declares a document type, which no report needs and which can make a small file endless")]
    DocumentType,
    /// It refers to an entity that XML does not define.
    #[error("it refers to the entity `{0}`, which XML does not define")]
    Entity(String),
    /// It ends before its outermost element does.
    #[error("it ends in the middle; did the test run come to an end?")]
    Truncated,
    /// Its elements are nested too deeply.
    #[error("its elements are nested more than {0} deep")]
    Depth(usize),
    /// It is too large.
    #[error("it is larger than {0} bytes")]
    Size(u64),
}

/// Who is told what a file has. The outermost element is at depth 1.
pub(super) trait Visitor {
    /// Why it wants no more.
    type Error: From<XmlError>;

    /// The outermost element's name, and whether a document type is named before it; one that declares anything is
    /// refused anyway.
    fn root(&mut self, name: &str, typed: bool) -> Result<(), Self::Error>;

    /// An element begins.
    fn start(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<(), Self::Error>;

    /// Text in the element at `depth`.
    fn text(&mut self, text: &str, depth: usize);

    /// The element at `depth` ends.
    fn end(&mut self, depth: usize);
}

/// Shows a file to `visitor`.
pub(super) fn walk<V: Visitor>(mut input: impl BufRead, visitor: &mut V) -> Result<(), V::Error> {
    check_start(&mut input)?;
    let mut reader = Reader::from_reader(Limited { inner: input, left: MOST_BYTES });
    let mut walk = Walk { visitor, seen_root: false, typed: false, depth: 0 };
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer);
        if reader.get_ref().left == 0 {
            return Err(XmlError::Size(MOST_BYTES).into());
        }
        match event.map_err(|error| explained(error, reader.error_position()))? {
            Event::Eof => break,
            event => walk.event(event)?,
        }
        buffer.clear();
    }
    match (walk.seen_root, walk.depth) {
        (false, _) => Err(XmlError::Empty.into()),
        (true, 0) => Ok(()),
        (true, _) => Err(XmlError::Truncated.into()),
    }
}

/// The name of the outermost element, if it begins in `start`.
pub(super) fn root(start: &[u8]) -> Option<String> {
    let mut reader = Reader::from_reader(start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) | Event::Empty(start) => {
                let name: &str = start.local_name().into_inner();
                return Some(name.to_owned());
            }
            Event::Eof => return None,
            _ => buffer.clear(),
        }
    }
}

/// The value of an attribute.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, XmlError> {
    let wrong = |why: String| XmlError::Malformed { why, at: 0 };
    let Some(found) = start.try_get_attribute(name).map_err(|error| wrong(error.to_string()))? else { return Ok(None) };
    match found.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => Ok(Some(value.into_owned())),
        Err(_) => Err(XmlError::Entity(found.value.chars().take(60).collect())),
    }
}

/// Adds to `text` what there is room for.
pub(super) fn push(text: &mut String, more: &str, most: usize) {
    let room = most.saturating_sub(text.len()).min(more.len());
    let end = (0..=room).rev().find(|at| more.is_char_boundary(*at)).unwrap_or_default();
    text.push_str(&more[..end]);
}

/// Refuses wide encodings by their first bytes, and skips a byte order mark.
fn check_start(input: &mut impl BufRead) -> Result<(), XmlError> {
    let start = input.fill_buf()?;
    match start {
        [] => Err(XmlError::Empty),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => Err(XmlError::Wide),
        [0xef, 0xbb, 0xbf, ..] => {
            input.consume(3);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn explained(error: Error, at: u64) -> XmlError {
    match error {
        Error::Io(error) => XmlError::Io(std::io::Error::new(error.kind(), error.to_string())),
        Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            XmlError::Malformed { why: "`<!` begins nothing known".into(), at }
        }
        Error::Syntax(_) => XmlError::Truncated,
        error => XmlError::Malformed { why: error.to_string(), at },
    }
}

/// Input that ends after a number of bytes.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(available.len());
        Ok(&available[..most])
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}

/// What is open while a file is read.
struct Walk<'a, V> {
    visitor: &'a mut V,
    seen_root: bool,
    typed: bool,
    depth: usize,
}

impl<V: Visitor> Walk<'_, V> {
    fn event(&mut self, event: Event<'_>) -> Result<(), V::Error> {
        match event {
            Event::Decl(decl) => match decl.encoding() {
                Some(Ok(name)) if !is_utf8(&name) => return Err(XmlError::Encoding(name.into_owned()).into()),
                _ => {}
            },
            Event::DocType(_) if self.seen_root => return Err(XmlError::DocumentType.into()),
            Event::DocType(text) if text.contains('[') => return Err(XmlError::DocumentType.into()),
            Event::DocType(_) => self.typed = true,
            Event::Start(start) => self.start(&start)?,
            Event::Empty(start) => {
                self.start(&start)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.visitor.text(&text.xml10_content(), self.depth),
            Event::CData(text) => self.visitor.text(&text.xml10_content(), self.depth),
            Event::GeneralRef(reference) => self.reference(&reference)?,
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), V::Error> {
        if self.depth == 0 {
            self.visitor.root(start.local_name().as_ref(), self.typed)?;
        }
        self.seen_root = true;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(XmlError::Depth(DEEPEST).into());
        }
        self.visitor.start(start, self.depth)
    }

    fn end(&mut self) {
        self.visitor.end(self.depth);
        self.depth = self.depth.saturating_sub(1);
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), V::Error> {
        let name = reference.xml10_content();
        let mut text = [0; 4];
        let found = match name.as_ref() {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            _ => match reference.resolve_char_ref() {
                Ok(Some(c)) => c.encode_utf8(&mut text),
                _ => return Err(XmlError::Entity(name.chars().take(60).collect()).into()),
            },
        };
        self.visitor.text(found, self.depth);
        Ok(())
    }
}

fn is_utf8(name: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_element_is_found_in_a_beginning() {
        let found = |text: &str| root(text.as_bytes());
        assert_eq!(found("\u{feff}<?xml version='1.0'?><!-- a --><!DOCTYPE a>\n<a:b c='d'>").as_deref(), Some("b"));
        assert_eq!(found("<b/>").as_deref(), Some("b"));
        for text in ["", "no", "<", "<!-- a", "<a b='"] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn text_is_cut_between_characters() {
        let mut text = "a".to_owned();
        push(&mut text, "éb", 2);
        assert_eq!(text, "a");
        push(&mut text, "éb", 3);
        assert_eq!(text, "aé");
        push(&mut text, "more", 3);
        assert_eq!(text, "aé");
    }
}
