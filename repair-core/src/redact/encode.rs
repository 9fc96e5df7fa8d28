//! Base64, hexadecimal digits and escapes, as far as secrets hide in them.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The encodings under which a known value is looked for.
pub(super) fn forms(value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned(), json(value), xml(value), percent(value, true), percent(value, false)];
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.extend([hex.to_uppercase(), hex]);
    for shift in 0..3 {
        let standard = base64_inside(value.as_bytes(), shift);
        forms.extend([standard.replace('+', "-").replace('/', "_"), standard]);
    }
    forms.retain(|form| form.len() >= super::SHORTEST);
    forms.sort();
    forms.dedup();
    forms
}

/// The part of the base64 form of a text that `value` alone decides, if it begins `shift` bytes after a group of three.
fn base64_inside(value: &[u8], shift: usize) -> String {
    let mut shifted = vec![0; shift];
    shifted.extend(value);
    let encoded = base64(&shifted);
    // A character holds six bits; the first and the last may hold bits of the neighbors.
    let first = (shift * 8).div_ceil(6);
    let last = shifted.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

fn base64(bytes: &[u8]) -> String {
    let group = |chunk: &[u8]| {
        let bits = (0..3).fold(0u32, |bits, index| bits << 8 | u32::from(chunk.get(index).copied().unwrap_or(0)));
        (0..=chunk.len())
            .map(move |index| STANDARD[(bits >> (18 - 6 * index) & 63) as usize] as char)
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// What the base64 text `text`, in either alphabet, stands for, up to the first byte that is none of it.
pub(super) fn from_base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for value in text.iter().map_while(|byte| sextet(*byte)) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// What hexadecimal digits stand for; nothing if `text` is something else.
pub(super) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    let pair = |pair: &[u8]| Some((digit(pair[0])? * 16 + digit(*pair.get(1)?)?) as u8);
    text.chunks(2).map(pair).collect()
}

fn percent(value: &str, all: bool) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || !all && b"-_.~!*'()".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn json(value: &str) -> String {
    let escaped = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        other => other.to_string(),
    };
    value.chars().map(escaped).collect()
}

fn xml(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back_in_either_alphabet() {
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw");
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(from_base64(base64(&all).as_bytes()), all);
        assert_eq!(from_base64(base64(&all).replace('+', "-").replace('/', "_").as_bytes()), all);
        assert_eq!(from_base64(b"YW55=="), b"any");
    }

    #[test]
    fn a_value_is_found_in_base64_wherever_it_begins() {
        let value = "Kn0wn-v@lue/of+a secret";
        for before in ["", "a", "ab", "abc", "user:"] {
            let text = base64(format!("{before}{value}; more").as_bytes());
            assert!(forms(value).iter().any(|form| text.contains(form)), "{before}: {text}");
        }
    }

    #[test]
    fn values_are_escaped_as_urls_json_and_xml_are() {
        let forms = forms("a\"b<c&d\\efgh ij");
        for form in ["a%22b%3Cc%26d%5Cefgh%20ij", "a\\\"b<c&d\\\\efgh ij", "a&quot;b&lt;c&amp;d\\efgh ij"] {
            assert!(forms.iter().any(|found| found == form), "{form}: {forms:?}");
        }
    }

    #[test]
    fn hexadecimal_digits_are_pairs() {
        assert_eq!(from_hex(b"616Ab"), None);
        assert_eq!(from_hex(b"616A"), Some(b"aj".to_vec()));
        assert_eq!(from_hex(b"61x6"), None);
    }
}
