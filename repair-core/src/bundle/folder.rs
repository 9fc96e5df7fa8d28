//! A bundle on disk.

use super::{Bundle, BundleError, VERSION};
use crate::PatchError;
use crate::hash::sha256_hex;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The most that a file of a bundle may have, in bytes.
const LIMIT: u64 = 16 << 20;

const JSON: &str = "bundle.json";
const PATCH: &str = "changes.patch";
const REPORT: &str = "report.md";

impl Bundle {
    /// Writes the bundle, its patch and a report to a folder, which is made if it is not there; gives the SHA-256 of
    /// `bundle.json`, by which [`read`](Self::read) knows it again.
    ///
    /// Each file is put in place whole, `bundle.json` last.
    pub fn write(&self, patch: &[u8], report: &str, folder: &Path) -> Result<String, BundleError> {
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        put(folder, PATCH, patch)?;
        put(folder, REPORT, report.as_bytes())?;
        put(folder, JSON, &json)?;
        Ok(sha256_hex(&json))
    }

    /// Reads a bundle and its patch from a folder, at most 16 MiB each, and checks that they belong together.
    ///
    /// `digest` is the SHA-256 that `bundle.json` must have, if that is known.
    pub fn read(folder: &Path, digest: Option<&str>) -> Result<(Self, String), BundleError> {
        let json = get(&folder.join(JSON))?;
        if digest.is_some_and(|digest| !digest.eq_ignore_ascii_case(&sha256_hex(&json))) {
            return Err(BundleError::Digest(JSON));
        }
        let version = serde_json::from_slice::<Version>(&json)?.version;
        if version != VERSION {
            return Err(BundleError::Version { found: version, expected: VERSION });
        }
        let bundle: Self = serde_json::from_slice(&json)?;
        let patch = get(&folder.join(PATCH))?;
        if sha256_hex(&patch) != bundle.patch_sha256 {
            return Err(BundleError::Digest(PATCH));
        }
        let patch =
            String::from_utf8(patch).map_err(|error| BundleError::Patch(PatchError::Form(error.to_string())))?;
        Ok((bundle, patch))
    }
}

#[derive(serde::Deserialize)]
struct Version {
    version: u32,
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> BundleError {
    let path = path.to_owned();
    move |source| BundleError::Io { doing, path, source }
}

fn put(folder: &Path, name: &str, contents: &[u8]) -> Result<(), BundleError> {
    let path = folder.join(name);
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(contents)?;
        file.persist(&path).map_err(|error| error.error).map(drop)
    };
    write().map_err(failed("write", &path))
}

fn get(path: &PathBuf) -> Result<Vec<u8>, BundleError> {
    let mut contents = Vec::new();
    let mut read = || {
        // A link might lead to what its maker may not read, and we may.
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(std::io::Error::other("it is not a plain file"));
        }
        fs::File::open(path)?.take(LIMIT + 1).read_to_end(&mut contents)
    };
    read().map_err(failed("read", path))?;
    match contents.len() as u64 > LIMIT {
        true => Err(BundleError::TooLarge { path: path.clone(), limit: LIMIT }),
        false => Ok(contents),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::bundle;
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        let digest = bundle().write(b"", "# Report\n", &inner).unwrap();
        assert_eq!(Bundle::read(&inner, Some(&digest)).unwrap(), (bundle(), String::new()));
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 3);
        assert_eq!(fs::read_to_string(inner.join(REPORT)).unwrap(), "# Report\n");
    }

    #[test]
    fn what_was_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let digest = bundle().write(b"", "", folder.path()).unwrap();
        let json = folder.path().join(JSON);
        let text = fs::read_to_string(&json).unwrap();
        let refusal = |digest: Option<&str>| Bundle::read(folder.path(), digest).unwrap_err().to_string();
        fs::write(folder.path().join(PATCH), "x").unwrap();
        assert!(refusal(None).contains("`changes.patch` is not the file"));
        fs::write(&json, text.replace("octocat", "mallory")).unwrap();
        assert!(refusal(Some(&digest)).contains("`bundle.json` is not the file"));
        fs::write(&json, text.replace("\"version\": 1", "\"version\": 9")).unwrap();
        assert!(refusal(None).contains("has version 9"));
        fs::write(&json, text.replace("\"notes\"", "\"more\"")).unwrap();
        assert!(refusal(None).contains("not in the form"));
        fs::remove_file(&json).unwrap();
        assert!(refusal(None).starts_with("cannot read"));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        bundle().write(b"", "", folder.path()).unwrap();
        let json = folder.path().join(JSON);
        fs::rename(&json, folder.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("elsewhere", &json).unwrap();
        assert!(Bundle::read(folder.path(), None).unwrap_err().to_string().contains("not a plain file"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::File::create(folder.path().join(JSON)).unwrap().set_len(LIMIT + 1).unwrap();
        assert!(matches!(Bundle::read(folder.path(), None), Err(BundleError::TooLarge { .. })));
    }
}
