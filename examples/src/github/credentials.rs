//! Who we are to GitHub, by the environment. Nothing here is ever printed.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::Read;

/// No private key is as long as this, in bytes.
const LONGEST_KEY: u64 = 64 << 10;

/// Who we are.
pub(super) enum Credentials {
    /// Nobody.
    Nobody,
    /// Whoever the token is of.
    Token(String),
    /// A GitHub App.
    App { id: u64, key: String, installation: Option<u64> },
}

impl Credentials {
    /// By this process's environment.
    pub(super) fn from_environment() -> Result<Self> {
        Self::from(&|name| std::env::var(name).ok())
    }

    fn from(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let given = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let Some(id) = given("CI_REPAIR_APP_ID") else {
            let token = given("GITHUB_TOKEN").or_else(|| given("GH_TOKEN"));
            return Ok(token.map_or(Self::Nobody, Self::Token));
        };
        let key = match (given("CI_REPAIR_APP_KEY"), given("CI_REPAIR_APP_KEY_FILE")) {
            (Some(key), _) => key,
            (None, Some(file)) => {
                read(&file).with_context(|| format!("cannot read the App's private key in `{file}`"))?
            }
            (None, None) => bail!(
                "`CI_REPAIR_APP_ID` is set; set `CI_REPAIR_APP_KEY` to the App's private key, or \
                 `CI_REPAIR_APP_KEY_FILE` to a file with it"
            ),
        };
        let installation = given("CI_REPAIR_APP_INSTALLATION");
        Ok(Self::App {
            id: number("CI_REPAIR_APP_ID", &id)?,
            // A secret in one line has its line ends written out.
            key: if key.contains('\n') { key } else { key.replace("\\n", "\n") },
            installation: installation.map(|id| number("CI_REPAIR_APP_INSTALLATION", &id)).transpose()?,
        })
    }
}

fn number(name: &str, text: &str) -> Result<u64> {
    // The text may be a secret in the wrong place.
    text.parse().ok().with_context(|| format!("`{name}` is no number"))
}

fn read(file: &str) -> std::io::Result<String> {
    let mut key = String::new();
    File::open(file)?.take(LONGEST_KEY).read_to_string(&mut key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Credentials> {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Credentials::from(&|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn refusal(variables: &[(&str, &str)]) -> String {
        let text = format!("{:#}", of(variables).err().unwrap());
        assert!(!text.contains("s3cret"), "{text}");
        text
    }

    #[test]
    fn a_token_has_two_names_and_an_empty_one_is_none() {
        for variables in [[("GITHUB_TOKEN", "t"), ("GH_TOKEN", "")], [("GITHUB_TOKEN", " "), ("GH_TOKEN", "t\n")]] {
            assert!(matches!(of(&variables), Ok(Credentials::Token(token)) if token == "t"));
        }
        assert!(matches!(of(&[("GITHUB_TOKEN", "")]), Ok(Credentials::Nobody)));
    }

    #[test]
    fn an_app_has_its_key_in_a_variable_or_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "-----BEGIN\nx\n").unwrap();
        let name = file.path().to_str().unwrap();
        let keys = [("CI_REPAIR_APP_KEY", "-----BEGIN\\nx"), ("CI_REPAIR_APP_KEY_FILE", name)];
        for key in keys {
            let found = of(&[("CI_REPAIR_APP_ID", "7"), key, ("GITHUB_TOKEN", "t")]).ok().unwrap();
            let Credentials::App { id: 7, key, installation: None } = found else { panic!("an App") };
            assert!(key.starts_with("-----BEGIN\nx"), "{key}");
        }
        let all = [("CI_REPAIR_APP_ID", "7"), keys[0], ("CI_REPAIR_APP_INSTALLATION", "9")];
        assert!(matches!(of(&all), Ok(Credentials::App { installation: Some(9), .. })));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_not_shown() {
        assert!(refusal(&[("CI_REPAIR_APP_ID", "7")]).contains("set `CI_REPAIR_APP_KEY`"));
        assert!(
            refusal(&[("CI_REPAIR_APP_ID", "s3cret"), ("CI_REPAIR_APP_KEY", "k")])
                .contains("`CI_REPAIR_APP_ID` is no number")
        );
        let missing = [("CI_REPAIR_APP_ID", "7"), ("CI_REPAIR_APP_KEY_FILE", "/nowhere/key.pem")];
        assert!(refusal(&missing).contains("private key in `/nowhere/key.pem`"));
    }
}
