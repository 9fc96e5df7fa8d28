//! The forms in which a secret stands in a text.

use repair_core::redact::Redactor;
use std::io::Write;

/// A text with a secret in it, and what of it must not be left.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    /// The secret as it stands there.
    pub(crate) secrets: Vec<String>,
}

/// The text `place`, which holds `secret`, in every form.
pub(crate) fn all(place: &str, secret: &str) -> Vec<Form> {
    let form = |name, text, secrets: &[&str]| Form {
        name,
        text,
        secrets: secrets.iter().map(|text| (*text).to_owned()).collect(),
    };
    let json = serde_json::Value::from(place).to_string();
    let encoded = base64(place.as_bytes());
    vec![
        form("plain", place.to_owned(), &[secret]),
        form("quoted", format!("value = '{place}'"), &[secret]),
        form("json", format!("{{\"line\": {json}}}"), &[secret]),
        form("json in json", format!("{{\"line\": {}}}", serde_json::Value::from(json)), &[secret]),
        form("url", format!("GET https://example.com/x?text={}&b=1", percent(place)), &[secret, &percent(secret)]),
        form("base64", format!("payload {encoded} sent"), &[secret, &encoded]),
        form(
            "base64, shifted",
            format!("payload {} sent", base64(format!("x{place}").as_bytes())),
            &[secret, &encoded[4..]],
        ),
        form("ansi", place.replace(secret, &split(secret, "\u{1b}[31;1m")), &[secret]),
        form("zero width", place.replace(secret, &split(secret, "\u{200b}")), &[secret]),
        form("zeros", place.replace(secret, &split(secret, "\0")), &[secret]),
        form("inside a line", format!("2024-05-06T07:08:09.1234567Z {} and more", place), &[secret]),
    ]
}

/// What is left of `text` behind so much other text, in lines or one line, that the stream is cut `within` it.
pub(crate) fn cut(text: &str, within: usize, line: bool) -> String {
    let unit = if line { "word " } else { "words\n" };
    let mut whole: String = unit.chars().cycle().take(64 * 1024 - within - 1).collect();
    whole.push(if line { ' ' } else { '\n' });
    whole += text;
    whole.extend(unit.chars().cycle().take(10_000));
    let out = in_chunks(&whole, 1000);
    assert_eq!(out, Redactor::new().redact(&whole), "a stream is redacted as the whole is");
    out
}

/// What is left of `text` when it comes in chunks of so many bytes.
pub(crate) fn in_chunks(text: &str, size: usize) -> String {
    let mut writer = Redactor::new().stream(Vec::new());
    text.as_bytes().chunks(size).for_each(|chunk| writer.write_all(chunk).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// The first part of eight characters of a secret that is left.
pub(crate) fn leak(left: &str, secrets: &[String]) -> Option<String> {
    let seen: String = without_marks(left);
    let parts = secrets
        .iter()
        .flat_map(|secret| secret.as_bytes().windows(8).map(|part| String::from_utf8_lossy(part).into_owned()));
    parts.into_iter().find(|part| seen.contains(part.as_str()))
}

fn without_marks(text: &str) -> String {
    text.replace("\u{1b}[31;1m", "").replace(['\u{200b}', '\0'], "")
}

fn split(secret: &str, mark: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    characters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join(mark)
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = (0..3).fold(0usize, |bits, index| bits << 8 | usize::from(chunk.get(index).copied().unwrap_or(0)));
        let letters =
            (0..4).map(|index| if index > chunk.len() { '=' } else { ALPHABET[bits >> (18 - 6 * index) & 63] as char });
        letters.collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
