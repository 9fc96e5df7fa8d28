//! Which files a file of requirements leads to.

use repair_core::{RepoPath, Snapshot};
use std::collections::BTreeSet;

/// Adds the file and those that it names; `None` if it needs something of the repository that is no such file.
pub(super) fn follow(path: &str, files: &Snapshot, found: &mut BTreeSet<String>) -> Option<()> {
    let path = RepoPath::new(path).ok()?;
    let text = files.text(&path).ok()?;
    if !found.insert(path.as_str().to_owned()) {
        return Some(());
    }
    for line in text.replace("\\\n", " ").lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let named = ["--requirement", "--constraint", "-r", "-c"].iter().find_map(|option| line.strip_prefix(option));
        match named {
            Some(named) => follow(&beside(&path, named.trim_start_matches(['=', ' ']))?, files, found)?,
            None if is_local(line) => return None,
            None => {}
        }
    }
    Some(())
}

/// Whether what pip is to install lies in the repository.
pub(super) fn is_local(requirement: &str) -> bool {
    if requirement.starts_with("-e") || requirement.starts_with("--editable") || requirement.contains("file:") {
        return true;
    }
    if requirement.starts_with('-') || requirement.contains("://") {
        return false;
    }
    let name = requirement.split([';', ' ', '@']).next().unwrap_or_default();
    name.starts_with('.')
        || name.contains(['/', '\\', '$', '*', '`'])
        || name.ends_with(".whl")
        || name.ends_with(".gz")
}

/// The path that `name` means in the file `path`.
fn beside(path: &RepoPath, name: &str) -> Option<String> {
    if name.contains("://") {
        return None;
    }
    join(path.parent().as_ref().map(RepoPath::as_str), name)
}

/// The path that `name` means in `folder`; `None` if it is outside of the repository.
pub(super) fn join(folder: Option<&str>, name: &str) -> Option<String> {
    let mut parts: Vec<&str> =
        folder.unwrap_or_default().split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if name.starts_with('/') || name.contains(['$', '*', '?', '`', '~']) {
        return None;
    }
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    fn followed(path: &str) -> Option<Vec<String>> {
        let fixture = Fixture::new(
            "#- requirements/dev.txt\n-r base.txt\n--constraint=../limits.txt\npytest>=7 # -e .\n#- requirements/base.txt\n\
             -r dev.txt\nhttpx @ https://x/y.whl\n#- limits.txt\npytest<9\n#- own.txt\n-e .\n#- part.txt\n./libs/a\n#- gone.txt\n-r none.txt\n",
        );
        let mut found = BTreeSet::new();
        follow(path, &fixture.snapshot, &mut found).map(|()| found.into_iter().collect())
    }

    #[test]
    fn files_that_are_named_are_needed_too() {
        assert_eq!(
            followed("requirements/dev.txt").unwrap(),
            ["limits.txt", "requirements/base.txt", "requirements/dev.txt"]
        );
    }

    #[test]
    fn what_lies_in_the_repository_needs_all_of_it() {
        assert_eq!((followed("own.txt"), followed("part.txt"), followed("gone.txt")), (None, None, None));
    }

    #[test]
    fn paths_do_not_leave_the_repository() {
        assert_eq!(join(Some("a/b"), "../c.txt").as_deref(), Some("a/c.txt"));
        assert_eq!((join(None, "../c"), join(None, "/etc/x"), join(None, "$X")), (None, None, None));
    }
}
