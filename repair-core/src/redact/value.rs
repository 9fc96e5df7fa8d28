//! What is a secret and what only stands in the place of one.

/// Words that stand where a secret could and are none.
#[rustfmt::skip]
const NO_SECRETS: &[&str] = &[
    "true", "false", "none", "null", "nil", "undefined", "str", "string", "bytes", "byte", "bool", "boolean", "int",
    "integer", "float", "number", "object", "any", "optional", "write", "read", "admin", "required", "missing", "empty",
    "invalid", "expired", "unset", "masked", "redacted", "hidden", "secret", "secrets", "password", "token", "tokens",
    "bearer", "basic", "default", "default=none", "inherit", "changed", "unchanged", "disabled", "enabled", "present",
    "absent", "provided", "passed", "failed", "error", "found", "secretstr", "self", "unknown", "expected", "example",
    "nothing", "value", "function", "module", "class", "return", "import", "const", "static", "public", "private",
    "session", "cookie", "credentials", "apikey", "api_key", "[redacted]", "[secret]", "[masked]", "[filtered]",
    "auto", "always", "never", "only", "skipped", "ignore", "ignored", "error:", "warning", "strict", "lax", "digest",
    "secure", "httponly", "path", "sha", "sha1", "sha256", "sha512", "md5", "hmac", "utf-8", "ascii", "json", "form",
];

/// Whether `value` is a mask, a template or a word for which no secret is meant.
pub(super) fn is_stand_in(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let Some(first) = value.first() else { return true };
    let uniform = value.iter().all(|byte| byte == first);
    let masked = value.iter().filter(|byte| matches!(byte, b'*' | b'.' | b'-' | b'_' | 0xe2 | 0x80 | 0xa2)).count();
    let mostly_masked = masked * 2 > value.len() || value.windows(3).any(|three| three == b"***") && value.len() <= 8;
    let lower = value.to_ascii_lowercase();
    let named = NO_SECRETS.iter().any(|word| word.as_bytes() == lower);
    uniform || mostly_masked || named || is_template(value) || value.contains(&super::view::DONE)
}

/// Whether `value` says where a secret comes from: `${NAME}`, `$NAME`, `{{ name }}`, `{name}`, `<name>`, `%(name)s`.
fn is_template(value: &[u8]) -> bool {
    let name =
        |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.- :?!#\"'[]()".contains(byte));
    match value {
        [b'$', b'{', b'{', ..] | [b'$', b'(', ..] | [b'{', b'{', ..] | [b'%', b'(', ..] | [b'{', b'%', ..] => true,
        [b'$', b'{', rest @ ..] => rest.iter().position(|byte| *byte == b'}').is_some_and(|end| rest.len() - end < 8),
        [b'$', rest @ ..] => {
            !rest.is_empty()
                && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                && !is_random(rest)
        }
        [b'<', rest @ .., b'>'] | [b'{', rest @ .., b'}'] | [b'[', rest @ .., b']'] => name(rest) && !is_random(rest),
        [b'%', rest @ .., b'%'] => name(rest) && !is_random(rest),
        _ => false,
    }
}

/// Whether `value` is code: a call, a subscript, or names joined by dots.
pub(super) fn is_code(value: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let name = value.iter().take_while(|byte| is_name(byte) || **byte == b'.').count();
    let starts = value.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let called = name > 0 && matches!(value.get(name), Some(b'(' | b'['));
    let dotted = name == value.len() && value.contains(&b'.') && value.split(|byte| *byte == b'.').all(is_identifier);
    starts && (called || dotted)
}

/// Whether `part` is a name as people choose it: letters, and digits only at its end.
fn is_identifier(part: &[u8]) -> bool {
    let plain = |word: &[u8]| {
        let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        word[letters..].iter().all(u8::is_ascii_digit)
    };
    part.first().is_some_and(|byte| !byte.is_ascii_digit()) && part.split(|byte| *byte == b'_').all(plain)
}

/// Whether `value` is a path or an address without anything secret in its form.
pub(super) fn is_path(value: &[u8]) -> bool {
    let starts = [&b"/"[..], b"./", b"../", b"~/", b"http://", b"https://", b"file:", b"C:\\", b"D:\\"];
    let parts = || value.split(|byte| matches!(byte, b'/' | b'\\'));
    starts.iter().any(|start| value.starts_with(start)) && !parts().any(is_random) && !value.contains(&b'@')
}

/// The kinds of characters in a word.
struct Mix {
    upper: usize,
    lower: usize,
    digit: usize,
    /// How often the kind of character changes from one to the next.
    turns: usize,
    letters: usize,
}

impl Mix {
    fn of(word: &[u8]) -> Self {
        let kind = |byte: &u8| match byte {
            b'A'..=b'Z' => Some(0),
            b'a'..=b'z' => Some(1),
            b'0'..=b'9' => Some(2),
            _ => None,
        };
        let kinds: Vec<u8> = word.iter().filter_map(kind).collect();
        let count = |wanted: u8| kinds.iter().filter(|kind| **kind == wanted).count();
        let turns = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
        Self { upper: count(0), lower: count(1), digit: count(2), turns, letters: kinds.len() }
    }
}

/// Whether the characters of `word` look drawn by lot. Digests look so too; [`is_digest`] tells.
pub(super) fn is_random(word: &[u8]) -> bool {
    let mix = Mix::of(word);
    if word.len() < 16 || mix.letters * 10 < word.len() * 8 {
        return false;
    }
    if is_digest(word) && word.len() >= 24 {
        return mix.digit > 2 && entropy(word) >= 2.8;
    }
    let (classes, turns) = match (mix.upper > 1, mix.lower > 1, mix.digit > 0) {
        (true, true, true) => (3, if mix.digit > 2 { 30 } else { 40 }),
        (false, true, true) | (true, false, true) => (2, if mix.letters >= 32 { 14 } else { 21 }),
        (true, true, false) => (2, 40),
        _ => return false,
    };
    let digits = classes == 3 || mix.digit >= 3 || mix.digit == 0;
    digits && mix.turns * 100 >= turns * (mix.letters - 1) && entropy(word) >= least_entropy(word.len(), classes)
}

/// The entropy in bits that a random word of this length has at least, nearly always: for 16 characters 3.0, for 40 4.0.
fn least_entropy(length: usize, classes: u32) -> f64 {
    let full = (length as f64).log2();
    if classes == 3 { (full - 1.1).min(4.1) } else { (full - 1.1).min(3.3) }
}

fn entropy(word: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    word.iter().for_each(|byte| counts[*byte as usize] += 1);
    let total = word.len() as f64;
    let part = |count: &u32| f64::from(*count) / total;
    -counts.iter().filter(|count| **count > 0).map(|count| part(count) * part(count).log2()).sum::<f64>()
}

/// Whether `word` is a digest or the like: hexadecimal digits in one case, or a UUID.
pub(super) fn is_digest(word: &[u8]) -> bool {
    let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let large = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    let bare: Vec<u8> = word.iter().copied().filter(|byte| *byte != b'-').collect();
    bare.iter().all(hex) || bare.iter().all(large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_templates_stand_in_for_secrets() {
        for value in [
            "***",
            "xxxxxxxx",
            "${TOKEN}",
            "$TOKEN",
            "${{ secrets.X }}",
            "<your-token>",
            "{token}",
            "%(pw)s",
            "None",
            "",
            "••••••••",
        ] {
            assert!(is_stand_in(value.as_bytes()), "{value}");
        }
        for value in ["hunter2hunter2", "$2b$12$abcdefgh/ijk", "pa*s-w.rd", "${x}aB3dE5gH7jK9"] {
            assert!(!is_stand_in(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn code_is_no_secret() {
        for value in ["os.environ[\"X\"]", "get_token()", "self.token", "settings.API_KEY", "tokens[0]"] {
            assert!(is_code(value.as_bytes()), "{value}");
        }
        assert!(!is_code(b"aB3dE5gH7jK9mN1pQ3") && !is_code(b"1.2.3"));
    }

    #[test]
    fn what_is_drawn_by_lot_looks_random_and_words_do_not() {
        for word in ["q8ZrT2mXw9KpL4vB", "9f86d081884c7d659a2feaa0c55ad015", "hJ7x0pQwErT5yU2iOaSd", "k3j9x2m5q8w1z7v4"]
        {
            assert!(is_random(word.as_bytes()), "{word}");
        }
        for word in [
            "test_some_long_name_of_a_test",
            "TestHTTPServerWithManyWords",
            "ubuntu-22-04-python-3-12",
            "site-packages/urllib3/util",
            "2024-01-01T00-00-00",
            "AbstractBaseClassFactory2",
            "0000000000000000",
            "manylinux2014x86",
        ] {
            assert!(!is_random(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn digests_and_uuids_are_told() {
        assert!(is_digest(b"9f86d081884c7d659a2feaa0c55ad015") && is_digest(b"123e4567-e89b-12d3-a456-426614174000"));
        assert!(!is_digest(b"9f86d081884c7d659a2feaa0c55ad01g") && !is_digest(b"9f86D081"));
    }
}
