//! The changes of a bundle: a patch, and what each file is before and after it.

use super::{Bundle, BundleError};
use crate::hash::sha256_hex;
use crate::{ChangeSet, RepoPath, Snapshot};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a file is before and after the patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigests {
    /// The file.
    pub path: RepoPath,
    /// The SHA-256 of its contents before, in hexadecimal; `None` if there is none.
    pub before: Option<String>,
    /// The SHA-256 of its contents after; `None` if it goes.
    pub after: Option<String>,
}

impl Bundle {
    /// The bundle with `changes` to `base`, and the patch that is to lie beside it.
    pub fn with_changes(self, changes: &ChangeSet, base: &Snapshot) -> Result<(Self, Vec<u8>), BundleError> {
        let after = changes.apply(base)?;
        let patch = changes.to_patch(base)?;
        let files = changes.paths().map(|path| digests(path, base, &after)).collect();
        Ok((Self { files, patch_sha256: sha256_hex(&patch), ..self }, patch))
    }

    /// The changes that the patch makes to `base`, if both the patch and the files are those of the digests.
    ///
    /// `base` comes from the forge: nothing that the bundle says of it is believed.
    pub fn changes(&self, patch: &str, base: &Snapshot) -> Result<ChangeSet, BundleError> {
        if sha256_hex(patch.as_bytes()) != self.patch_sha256 {
            return Err(BundleError::Digest("changes.patch"));
        }
        if self.files.is_empty() && patch.is_empty() {
            return Ok(ChangeSet::default());
        }
        let changes = ChangeSet::from_patch(patch, base)?;
        let after = changes.apply(base)?;
        let found: Vec<FileDigests> = changes.paths().map(|path| digests(path, base, &after)).collect();
        let misfit = |path: &RepoPath, why| BundleError::Misfit { path: path.clone(), why };
        let found: BTreeMap<&RepoPath, &FileDigests> = found.iter().map(|file| (&file.path, file)).collect();
        let said: BTreeSet<&RepoPath> = self.files.iter().map(|file| &file.path).collect();
        for file in &self.files {
            match found.get(&file.path) {
                None => return Err(misfit(&file.path, "is not changed by the patch")),
                Some(found) if found.before != file.before => return Err(misfit(&file.path, "is another file there")),
                Some(found) if found.after != file.after => {
                    return Err(misfit(&file.path, "does not become what the bundle says"));
                }
                Some(_) => {}
            }
        }
        match found.keys().find(|path| !said.contains(**path)) {
            Some(more) => Err(misfit(more, "is changed by the patch, and the bundle does not say so")),
            None => Ok(changes),
        }
    }
}

fn digests(path: &RepoPath, base: &Snapshot, after: &Snapshot) -> FileDigests {
    let of = |snapshot: &Snapshot| snapshot.file(path).ok().map(|file| sha256_hex(file.bytes()));
    FileDigests { path: path.clone(), before: of(base), after: of(after) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{base, bundle, path};
    use super::*;

    fn patched() -> (Bundle, String) {
        let base = base();
        let mut builder = ChangeSet::build_on(&base);
        builder.replace(&path("a.py"), 0..3, "ONE").create(&path("new.py"), "x = 1\n");
        let (bundle, patch) = bundle().with_changes(&builder.build().unwrap(), &base).unwrap();
        (bundle, String::from_utf8(patch).unwrap())
    }

    fn refusal(bundle: &Bundle, patch: &str, base: &Snapshot) -> String {
        bundle.changes(patch, base).unwrap_err().to_string()
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let (bundle, patch) = patched();
        let after = bundle.changes(&patch, &base()).unwrap().apply(&base()).unwrap();
        assert_eq!(after.text(&path("a.py")), Ok("ONE\ntwo\n"));
        assert_eq!(after.text(&path("new.py")), Ok("x = 1\n"));
        assert!(super::super::testing::bundle().changes("", &base()).unwrap().is_empty());
    }

    #[test]
    fn another_patch_is_refused() {
        let (mut bundle, patch) = patched();
        let other = patch.replace("ONE", "TWO");
        assert!(refusal(&bundle, &other, &base()).contains("changed or torn"));
        bundle.patch_sha256 = sha256_hex(other.as_bytes());
        assert!(refusal(&bundle, &other, &base()).contains("`a.py` does not become what the bundle says"));
    }

    #[test]
    fn a_file_that_the_bundle_does_not_name_is_refused() {
        let (mut bundle, patch) = patched();
        let last = bundle.files.pop().unwrap();
        assert!(refusal(&bundle, &patch, &base()).contains("`new.py` is changed by the patch, and the bundle"));
        bundle.files.extend([last.clone(), FileDigests { path: path("more.py"), ..last }]);
        assert!(refusal(&bundle, &patch, &base()).contains("`more.py` is not changed by the patch"));
    }

    #[test]
    fn another_repository_is_refused() {
        let (bundle, patch) = patched();
        let other = Snapshot::from_files([(path("a.py"), "one\ntwo\nthree\n")]);
        assert!(refusal(&bundle, &patch, &other).contains("`a.py` is another file there"));
        let empty = Snapshot::from_files::<&str>([]);
        assert!(refusal(&bundle, &patch, &empty).contains("a.py"));
    }
}
