//! Paths that cannot leave the repository.

use std::fmt;
use std::sync::Arc;

/// A path inside the repository: relative, `/`-separated, never empty.
///
/// It holds no `.` or `..` component, no backslash, no control character, and never names
/// anything below a `.git` folder.
/// Whoever has a `RepoPath` may join it to the repository root without further checks
/// (symbolic links are the business of whoever writes, see `fs`).
///
/// ```
/// use repair_core::RepoPath;
/// assert_eq!(RepoPath::new("./src//app.py").unwrap().as_str(), "src/app.py");
/// assert!(RepoPath::new("../etc/passwd").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

/// Why a text is not a path inside the repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Nothing is left after normalisation.
    #[error("the path is empty")]
    Empty,
    /// It begins at the file system's root or a drive.
    #[error("`{0}` is absolute; give a path relative to the repository")]
    Absolute(String),
    /// It has a `..` component.
    #[error("`{0}` leads out of the repository")]
    Outside(String),
    /// It has a backslash or a control character.
    #[error("`{0}` has a character that no path here may have")]
    Character(String),
    /// It is, or lies below, a `.git` folder.
    #[error("`{0}` belongs to git itself")]
    Git(String),
}

impl RepoPath {
    /// Checks and normalises `text`: `./` and repeated slashes go, anything that leads outside is an error.
    pub fn new(text: impl AsRef<str>) -> Result<Self, PathError> {
        let text = text.as_ref();
        if text.starts_with('/') || has_drive(text) {
            return Err(PathError::Absolute(text.to_owned()));
        }
        if text.contains('\\') || text.chars().any(char::is_control) {
            return Err(PathError::Character(text.to_owned()));
        }
        let mut parts = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => return Err(PathError::Outside(text.to_owned())),
                git if is_git(git) => return Err(PathError::Git(text.to_owned())),
                part => parts.push(part),
            }
        }
        if parts.is_empty() {
            return Err(PathError::Empty);
        }
        Ok(Self(parts.join("/").into()))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last component.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// What follows the last dot of the file name, if the name does not begin there.
    pub fn extension(&self) -> Option<&str> {
        match self.file_name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Some(extension),
            _ => None,
        }
    }

    /// The folder that holds it; `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.into()))
    }

    /// The components, outermost first.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// This path with `more` appended.
    pub fn join(&self, more: &str) -> Result<Self, PathError> {
        Self::new(format!("{}/{more}", self.0))
    }

    /// Whether it is `folder` or lies below it.
    pub fn is_within(&self, folder: &RepoPath) -> bool {
        self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether its last components are `suffix`, so that `src/app.py` ends with `app.py` but not with `pp.py`.
    pub fn ends_with(&self, suffix: &str) -> bool {
        self.0.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    }
}

/// Whether some file system takes a name for `.git`: macOS overlooks capitals and characters without width, Windows also
/// what trails (`.git.`, `.git `, `.git::$DATA`), and it has a short name for it.
fn is_git(name: &str) -> bool {
    let seen: String = name.chars().filter(|c| !crate::text::is_invisible(*c)).collect();
    let stem = seen.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    stem.eq_ignore_ascii_case(".git") || stem.eq_ignore_ascii_case("git~1")
}

fn has_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for RepoPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for RepoPath {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::new(text)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for RepoPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for RepoPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_outside_is_refused() {
        for bad in ["", ".", "/", "/etc", "..", "a/../b", "C:/x", "a\\b", "a\0b", ".git/hooks/x", "a/.GIT/config"]
            .into_iter()
            .chain([".g\u{200c}it/config", "GIT~1/config", ".git./config", ".git /x", "a/.git::$INDEX_ALLOCATION/x"])
        {
            assert!(RepoPath::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn parts_are_found() {
        let path = RepoPath::new("src/pkg/app.test.py").unwrap();
        assert_eq!(path.file_name(), "app.test.py");
        assert_eq!(path.extension(), Some("py"));
        assert_eq!(path.parent().unwrap().as_str(), "src/pkg");
        assert!(path.is_within(&RepoPath::new("src/pkg").unwrap()));
        assert!(!path.is_within(&RepoPath::new("src/pk").unwrap()));
        assert!(path.ends_with("pkg/app.test.py") && !path.ends_with("kg/app.test.py"));
        assert_eq!(RepoPath::new(".gitignore").unwrap().extension(), None);
    }
}
