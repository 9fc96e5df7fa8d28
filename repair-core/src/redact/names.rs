//! Which names say that a value is secret: of variables, keys, options, headers and parameters alike.

/// How far a name alone convicts its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Programs use the word for other things, too, such as a parser's tokens.
    Weak,
    /// The value is a password or a key, however it looks.
    Strong,
}

/// Words that make a name secret wherever they stand in it.
const WORDS: &[(&str, Strength)] = &[
    ("password", Strength::Strong),
    ("passwd", Strength::Strong),
    ("passphrase", Strength::Strong),
    ("pwd", Strength::Weak),
    ("pw", Strength::Weak),
    ("secret", Strength::Weak),
    ("secrets", Strength::Weak),
    ("token", Strength::Weak),
    ("tokens", Strength::Weak),
    ("apikey", Strength::Strong),
    ("apitoken", Strength::Strong),
    ("authtoken", Strength::Strong),
    ("accesstoken", Strength::Strong),
    ("accesskey", Strength::Strong),
    ("secretkey", Strength::Strong),
    ("privatekey", Strength::Strong),
    ("credential", Strength::Weak),
    ("credentials", Strength::Weak),
    ("jwt", Strength::Weak),
    ("bearer", Strength::Weak),
    ("cookie", Strength::Weak),
    ("auth", Strength::Weak),
    ("dsn", Strength::Weak),
    ("sas", Strength::Weak),
    ("signature", Strength::Weak),
    ("sig", Strength::Weak),
    ("otp", Strength::Weak),
    ("seed", Strength::Weak),
    ("mnemonic", Strength::Weak),
    ("pin", Strength::Weak),
];

/// Words that make a name secret only at its end.
const LAST: &[&str] = &["pass", "pat", "key"];

/// Words before `key` with which it opens something.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "api", "access", "private", "secret", "auth", "account", "shared", "encryption", "signing", "master", "service",
    "subscription", "license", "deploy", "session", "storage", "admin", "client", "app", "application", "ingest",
    "integration", "webhook", "crypto", "fernet", "jwt", "ssh", "gpg", "hmac", "aes", "rsa", "write", "read",
    "server", "host", "function", "functions", "connect", "instrumentation", "personal", "security", "token", "rest",
];

/// Parts of words run together, such as `dbpassword`.
#[rustfmt::skip]
const INSIDE: &[&str] = &[
    "password", "passwd", "passphrase", "secretkey", "apikey", "authtoken", "accesstoken",
];

/// Words at a name's end that make it tell about a secret, not be one.
#[rustfmt::skip]
const ABOUT: &[&str] = &[
    "type", "types", "name", "names", "file", "files", "filename", "path", "paths", "dir", "directory", "length",
    "len", "size", "count", "limit", "limits", "max", "min", "ttl", "timeout", "expiry", "expires", "expiration",
    "age", "url", "uri", "endpoint", "host", "port", "provider", "id", "ids", "field", "fields", "format", "class",
    "cls", "policy", "prefix", "suffix", "version", "usage", "used", "required", "enabled", "exists", "valid",
    "index", "position", "offset", "store", "manager", "ref", "arn", "scope", "scopes", "error", "errors", "message",
    "hint", "env", "var", "sock", "socket", "alg", "algorithm", "method", "backend", "helper", "test", "tests", "at",
    "user", "username", "validator", "validators", "generator", "form", "view", "handler", "per", "budget", "cost",
];

/// Words before `token` and the like that make it a word of parsers and models.
#[rustfmt::skip]
const OF_TEXT: &[&str] = &[
    "max", "min", "num", "total", "prompt", "completion", "input", "output", "new", "unexpected", "invalid",
    "unknown", "next", "pad", "eos", "bos", "unk", "mask", "cached", "context", "string", "current", "cancellation",
    "reasoning",
];

/// What to search a text for in order to find names that may be secret, in lower case.
#[rustfmt::skip]
pub(super) const STEMS: &[&str] = &[
    "pass", "pwd", "secret", "token", "key", "credential", "jwt", "bearer", "cookie", "auth", "dsn", "sas",
    "signature", "sig", "otp", "mnemonic", "_pat", "_pw", "-pw",
];

/// How secret a value of this name is, if at all.
pub(super) fn strength(name: &str) -> Option<Strength> {
    let words = words(name);
    let last = words.last()?.as_str();
    if ABOUT.contains(&last) && words.len() > 1 {
        return None;
    }
    if words.iter().any(|word| INSIDE.iter().any(|inside| word.contains(inside) && !word.ends_with("less"))) {
        return Some(Strength::Strong);
    }
    let pairs = words.windows(2).any(|pair| pair[1] == "key" && KEYS.contains(&pair[0].as_str()));
    if pairs || last == "pass" && words.len() > 1 {
        return Some(Strength::Strong);
    }
    // In large letters it is a verdict of a test.
    if name == "pass" {
        return Some(Strength::Weak);
    }
    let of_text = words.iter().any(|word| OF_TEXT.contains(&word.as_str()));
    let single = words.iter().filter_map(|word| WORDS.iter().find(|(known, _)| known == word)).map(|(_, found)| *found);
    let found = single.max()?;
    (!of_text || found == Strength::Strong).then_some(found)
}

/// Whether a value of this name is taken for a secret in the environment of a process.
pub(super) fn is_secret_variable(name: &str) -> bool {
    let words = words(name);
    strength(name).is_some() || words.len() > 1 && words.last().is_some_and(|last| LAST.contains(&last.as_str()))
}

/// The words of a name in lower case: cut at what is no letter or digit, and where small letters turn large.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() || previous.is_ascii_lowercase() && letter.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_ascii_alphanumeric(), words.last_mut()) {
            word.push(letter.to_ascii_lowercase());
        }
        previous = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_passwords_and_keys_are_secret() {
        for name in [
            "DB_PASSWORD",
            "dbpassword",
            "spring.datasource.password",
            "apiKey",
            "X-Api-Key",
            "AWS_SECRET_ACCESS_KEY",
            "clientSecret",
            "GITHUB_TOKEN",
            "_authToken",
            "SLACK_BOT_TOKEN",
            "AccountKey",
            "MYSQL_PASS",
            "passphrase",
        ] {
            assert!(strength(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_that_tell_about_a_secret_or_a_text_are_not() {
        for name in [
            "token_type",
            "max_tokens",
            "tokenizer",
            "secret_name",
            "PASSWORD_FILE",
            "id",
            "SSH_AUTH_SOCK",
            "cache-key",
            "key",
            "author",
            "keyword",
            "passed",
            "passwordless",
            "compass",
            "unexpected token",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
        ] {
            assert_eq!(strength(name), None, "{name}");
        }
    }

    #[test]
    fn every_secret_word_is_found_by_a_stem() {
        let found = |word: &str| STEMS.iter().any(|stem| format!("_{word}").contains(stem));
        let rare = ["seed", "pin"];
        assert!(WORDS.iter().all(|(word, _)| found(word) || rare.contains(word)));
        assert!(INSIDE.iter().chain(LAST).all(|word| found(word)));
    }
}
