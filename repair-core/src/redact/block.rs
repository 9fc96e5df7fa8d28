//! Secrets of several lines: private keys, and the data of Kubernetes' secrets. Each line is told on its own, so that a
//! log's timestamps and its structure stay.

use crate::hash::Hash128;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// So many lines without a part of the key end a key that has no end.
const PATIENCE: u32 = 3;
/// So many lines a document of Kubernetes may be long before its data.
const DOCUMENT: u32 = 60;
/// Shorter runs of base64 are no part of a key, but as its last line.
const SHORTEST_PART: usize = 16;

static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10} ?-{4,5}|Private-Lines: *[0-9]+|LS0tLS1CRUdJTi[A-Za-z0-9+/=]*",
    )
});
static END: LazyLock<Regex> = LazyLock::new(|| regex(r"-{4,5} ?END [A-Z0-9 ]{1,60} ?-{4,5}|Private-MAC:"));
static PART: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z0-9+/=]{16,}"));
static LAST_PART: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[\s|>'\x22+\-])([A-Za-z0-9+/]{2,}={0,2})(?:\\n)?[\x22',)\]]{0,4}\s*$"));
static HEADER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:DEK-Info|X-Proc): *[^\n]*"));
static DATA: LazyLock<Regex> = LazyLock::new(|| regex(r"^(.*?[\s\x22])?(data|stringData)\x22?: *\{?\s*$"));
static DOCUMENT_HEAD: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\bapiVersion\x22?: *\x22?v1\b|\bkind\x22?: *\x22?Secret\b"));
static ENTRY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[\w.\-]+\x22?: +(?:\x22([^\x22\n]+)\x22|([^\s|>\x22\n][^\n]*?)),?\s*$"));

fn regex(pattern: &str) -> Regex {
    regex::bytes::RegexBuilder::new(pattern).unicode(false).build().expect("the pattern is valid")
}

/// What a line belongs to.
#[derive(Debug, Clone, Default)]
enum Inside {
    #[default]
    Nothing,
    /// A key, of which so many lines held no part; its digest is that of its first part.
    Key { misses: u32, digest: Option<Hash128> },
    /// A document of Kubernetes, in its line of this number.
    Document { line: u32 },
    /// Its data, indented by so much; whether they are in base64.
    Data { indent: usize, encoded: bool },
}

/// A part of a secret of several lines.
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) range: Range<usize>,
    pub(super) digest: Hash128,
}

/// Follows secrets of several lines from line to line.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    inside: Inside,
    /// The line before ended with the name of a secret, whose value may be told in the next.
    pub(super) named: bool,
}

impl Blocks {
    /// Whether the next line has to be looked at although it has no mark.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.inside, Inside::Nothing)
    }

    /// The secret parts of the next line, without its end. Ranges are in `line`.
    pub(super) fn line(&mut self, line: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut from = 0;
        // A line may end one key and begin another.
        while let Some(begin) = BEGIN.find(&line[from..]) {
            let after = from + begin.end();
            if begin.as_bytes().starts_with(b"LS0") {
                parts.push(part(line, from + begin.start()..after));
            }
            self.inside = Inside::Key { misses: 0, digest: None };
            match END.find(&line[after..]) {
                Some(end) => {
                    self.key(&line[..after + end.start()], after, true, &mut parts);
                    self.inside = Inside::Nothing;
                    from = after + end.end();
                }
                None => {
                    self.key(line, after, true, &mut parts);
                    return parts;
                }
            }
        }
        match self.inside.clone() {
            Inside::Nothing => self.document(line, 0),
            Inside::Key { .. } => self.inner(line, from, &mut parts),
            Inside::Document { line: number } => self.document(line, number),
            Inside::Data { indent, encoded } => self.data(line, indent, encoded, &mut parts),
        }
        parts
    }

    /// A line within a key.
    fn inner(&mut self, line: &[u8], from: usize, parts: &mut Vec<Part>) {
        match END.find(&line[from..]) {
            Some(end) => {
                self.key(&line[..from + end.start()], from, false, parts);
                self.inside = Inside::Nothing;
            }
            None => self.key(line, from, false, parts),
        }
    }

    /// Finds the parts of a key after `from`.
    fn key(&mut self, line: &[u8], from: usize, first: bool, parts: &mut Vec<Part>) {
        let Inside::Key { misses, digest } = &mut self.inside else { return };
        let text = &line[from..];
        let before = parts.len();
        let found = PART.find_iter(text).chain(HEADER.find_iter(text)).map(|found| found.range());
        let mut ranges: Vec<Range<usize>> = found.collect();
        if ranges.is_empty() && *misses == 0 && !first {
            ranges.extend(LAST_PART.captures(text).and_then(|found| found.get(1)).map(|found| found.range()));
        }
        for range in ranges {
            let digest = *digest.get_or_insert_with(|| Hash128::of(&text[range.clone()]));
            parts.push(Part { kind: "private_key", range: from + range.start..from + range.end, digest });
        }
        let long = parts[before..].iter().any(|part| part.range.len() >= SHORTEST_PART);
        let done = text.contains(&super::view::DONE);
        *misses = if long || done || first { 0 } else { *misses + 1 };
        if *misses >= PATIENCE {
            self.inside = Inside::Nothing;
        }
    }

    fn document(&mut self, line: &[u8], number: u32) {
        let head = DOCUMENT_HEAD.is_match(line);
        self.inside = match (self.is_open() || head, DATA.captures(line)) {
            (true, Some(found)) => {
                let name = found.get(2).map_or(0, |name| name.start());
                let encoded = found.get(2).is_some_and(|name| name.as_bytes() == b"data");
                Inside::Data { indent: name, encoded }
            }
            (true, None) if head || number < DOCUMENT => Inside::Document { line: if head { 1 } else { number + 1 } },
            _ => Inside::Nothing,
        };
    }

    /// An entry of a secret's data.
    fn data(&mut self, line: &[u8], indent: usize, encoded: bool, parts: &mut Vec<Part>) {
        let inner = line.get(indent).is_none_or(|byte| byte.is_ascii_whitespace());
        let Some(entry) = ENTRY.captures(line).filter(|_| inner) else {
            self.inside = Inside::Document { line: 1 };
            return self.document(line, 1);
        };
        let Some(value) = entry.get(1).or(entry.get(2)) else { return };
        let fits = |bytes: &[u8]| {
            bytes.len().is_multiple_of(4)
                && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
        };
        let long = value.len() >= if encoded { 8 } else { 4 };
        if long && !value.as_bytes().contains(&super::view::DONE) && (!encoded || fits(value.as_bytes())) {
            parts.push(Part { kind: "kubernetes_secret", ..part(line, value.range()) });
        }
    }
}

fn part(line: &[u8], range: Range<usize>) -> Part {
    Part { kind: "private_key", digest: Hash128::of(&line[range.clone()]), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        let mut blocks = Blocks::default();
        let mut out = String::new();
        for line in text.lines() {
            let mut at = 0;
            for part in blocks.line(line.as_bytes()) {
                out += &line[at..part.range.start];
                out += "#";
                at = part.range.end;
            }
            out += &line[at..];
            out.push('\n');
        }
        out
    }

    #[test]
    fn a_key_is_told_line_by_line_behind_timestamps() {
        let part = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
        let text = format!(
            "1Z -----BEGIN RSA PRIVATE KEY-----\n1Z {part}\n1Z {part}\n1Z abCD==\n1Z -----END RSA PRIVATE KEY-----\n1Z next ABCDEFGHIJKLMNOPQRST\n"
        );
        assert_eq!(
            left(&text),
            "1Z -----BEGIN RSA PRIVATE KEY-----\n1Z #\n1Z #\n1Z #\n1Z -----END RSA PRIVATE KEY-----\n1Z next ABCDEFGHIJKLMNOPQRST\n"
        );
    }

    #[test]
    fn a_key_that_never_ends_ends_with_its_parts() {
        let part = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
        let text = format!(
            "-----BEGIN PRIVATE KEY-----{part}\n{part}\none word\ntwo words\nand three\nABCDEFGHIJKLMNOPQRST\n"
        );
        assert_eq!(left(&text), "-----BEGIN PRIVATE KEY-----#\n#\none #\ntwo words\nand three\nABCDEFGHIJKLMNOPQRST\n");
    }

    #[test]
    fn a_key_on_one_line_is_told() {
        let part = "MIIEvQIBADANBgkqhkiG9w0BAQEF";
        let text = format!("K=-----BEGIN EC PRIVATE KEY----- {part} {part} -----END EC PRIVATE KEY----- done\n");
        assert_eq!(left(&text), "K=-----BEGIN EC PRIVATE KEY----- # # -----END EC PRIVATE KEY----- done\n");
    }

    #[test]
    fn the_data_of_secrets_are_told_and_those_of_maps_are_not() {
        let secret = "apiVersion: v1\ndata:\n  password: cGFzc3dvcmQxMjM=\n  user.name: YWRtaW4x\nkind: Secret\nmetadata:\n  name: abcdefgh\n";
        assert_eq!(
            left(secret),
            "apiVersion: v1\ndata:\n  password: #\n  user.name: #\nkind: Secret\nmetadata:\n  name: abcdefgh\n"
        );
        let map = "data:\n  color: bluebluebl\n";
        assert_eq!(left(map), map);
    }
}
