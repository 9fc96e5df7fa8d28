//! Which variables of an environment hold secrets.

use super::{SHORTEST, names, value};

/// The variables that hold secrets by their names, and the passwords in addresses: kinds and values, fit for
/// [`Redactor::with_known`](super::Redactor::with_known). Values that are paths, numbers, or too short are none.
pub fn secrets_of_environment(vars: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let secret = |(name, text): (String, String)| {
        let kind = name.to_ascii_lowercase();
        if let Some(password) = password_of(&text) {
            return Some((kind, password.to_owned()));
        }
        (names::is_secret_variable(&name) && is_secret(&text)).then_some((kind, text))
    };
    vars.into_iter().filter_map(secret).filter(|(_, text)| text.trim().len() >= SHORTEST).collect()
}

fn is_secret(text: &str) -> bool {
    let bytes = text.trim().as_bytes();
    let number = bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') && bytes.len() < 12;
    !number && !value::is_stand_in(bytes) && !value::is_path(bytes)
}

/// The password in an address such as `postgres://user:password@host/`.
fn password_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let (_, password) = rest.rsplit_once('@')?.0.split_once(':')?;
    (!password.contains(char::is_whitespace) && !value::is_stand_in(password.as_bytes())).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(vars: &[(&str, &str)]) -> Vec<String> {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        secrets_of_environment(vars).into_iter().map(|(kind, value)| format!("{kind} {value}")).collect()
    }

    #[test]
    fn names_decide_and_addresses_give_their_password() {
        let vars = [
            ("GITHUB_TOKEN", "abcdefgh1234"),
            ("DEEPSEEK_API_KEY", "value-of-key"),
            ("DATABASE_URL", "postgres://u:pass-word@h:5/db"),
            ("DEPLOY_KEY", "line one\nline two"),
            ("NPM_AUTH", "dXNlcjpwYXNz"),
        ];
        let kept = kept(&vars);
        assert_eq!(kept.len(), 5, "{kept:?}");
        assert!(kept.contains(&"database_url pass-word".to_owned()), "{kept:?}");
        assert!(kept.contains(&"github_token abcdefgh1234".to_owned()), "{kept:?}");
    }

    #[test]
    fn what_is_no_secret_is_left() {
        let vars = [
            ("PATH", "/usr/bin:/bin"),
            ("HOME", "/home/somebody"),
            ("SSH_AUTH_SOCK", "/tmp/ssh-abc/agent.1"),
            ("GITHUB_TOKEN", "short"),
            ("API_TOKEN", "***"),
            ("TOKEN_FILE", "/run/secrets/token"),
            ("SECRET_PATH", "/run/secrets/token-of-it"),
            ("GITHUB_REPOSITORY", "owner/repository"),
            ("MAX_TOKENS", "400000000"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://pipelines.example.com/abc"),
        ];
        assert_eq!(kept(&vars), Vec::<String>::new());
    }
}
