//! Names of repositories.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A repository on a forge: `owner/name`. In capitals it is the same one.
///
/// ```
/// use repair_core::forge::RepositoryName;
/// let name: RepositoryName = "octocat/hello".parse().unwrap();
/// assert_eq!((name.owner(), name.name()), ("octocat", "hello"));
/// assert!("octocat/../x".parse::<RepositoryName>().is_err());
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct RepositoryName {
    owner: String,
    name: String,
}

/// A text that names no repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no repository; write `owner/name`")]
pub struct NameError(String);

impl RepositoryName {
    /// The user or organisation.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The repository's own name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What names are compared by.
    fn key(&self) -> (String, String) {
        (self.owner.to_ascii_lowercase(), self.name.to_ascii_lowercase())
    }
}

impl PartialEq for RepositoryName {
    fn eq(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl Eq for RepositoryName {}

impl PartialOrd for RepositoryName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RepositoryName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for RepositoryName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl FromStr for RepositoryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((owner, name)) if is_name(owner) && is_name(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(NameError(text.to_owned())),
        }
    }
}

/// Letters, digits and `-_.`, and not a step in a path: safe in an address and in a file name.
fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=100).contains(&text.len()) && text.chars().all(allowed) && !matches!(text, "." | "..")
}

impl TryFrom<String> for RepositoryName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RepositoryName> for String {
    fn from(name: RepositoryName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_make_no_other_repository() {
        let name = |text: &str| text.parse::<RepositoryName>().unwrap();
        assert_eq!(name("Octocat/Hello"), name("octocat/hello"));
        assert_ne!(name("octocat/hello"), name("octocat/hello2"));
        let both = std::collections::HashSet::from([name("A/b"), name("a/B")]);
        assert_eq!((both.len(), name("A/b").cmp(&name("a/B"))), (1, Ordering::Equal));
        assert_eq!(name("Octocat/Hello").to_string(), "Octocat/Hello");
    }

    #[test]
    fn names_are_checked() {
        for good in ["a/b", "octo-cat/hello_world.py", "A1/.github"] {
            assert_eq!(good.parse::<RepositoryName>().unwrap().to_string(), good);
        }
        for bad in ["", "a", "a/", "/b", "a/b/c", "a/..", "./b", "a b/c", "a/b?x", "a/b#c", "ä/b", "a/b\n"] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad:?}");
        }
    }
}
