//! Paths as logs print them, made relative to the checkout.

use repair_core::RepoPath;
use std::borrow::Cow;

/// Folders that hold a checkout: what they begin with, and how many components follow until it.
///
/// The longer of two that overlap stands first.
const CHECKOUTS: &[(&str, usize)] = &[
    ("/github/workspace/", 0),
    ("/home/vsts/work/", 2),
    ("/home/vsts_azpcontainer/work/", 2),
    ("/home/runner/work/", 2),
    ("/home/runner/_work/", 2),
    ("/Users/runner/work/", 2),
    ("/runner/_work/", 2),
    ("/opt/actions-runner/_work/", 2),
    ("/__w/", 2),
    ("/home/travis/build/", 2),
    ("/Users/travis/build/", 2),
    ("/home/circleci/", 1),
    ("/root/project/", 0),
    ("/root/repo/", 0),
    ("/builds/", 2),
    ("/tmp/cirrus-ci-build/", 0),
    ("/bitbucket/pipelines/agent/build/", 0),
    ("/drone/src/", 0),
    ("/workspace/", 0),
    ("/workspaces/", 1),
    ("/code/", 0),
    ("/app/", 0),
];

/// Folders of installed packages, and of the interpreter: never the repository's own code.
const INSTALLED: &[&str] = &["/site-packages/", "/dist-packages/", "/hostedtoolcache/", "/lib/python3", "/lib/python2"];

/// The repository's file that a log means by `text`; `None` for files elsewhere.
///
/// Absolute paths lose the prefix under which the usual services check out; separators may be those of Windows.
/// Steps out at the beginning (`../README.rst`, printed by a tool that ran in a folder) are dropped, since the
/// folder is not known.
pub(super) fn repo_path(text: &str) -> Option<RepoPath> {
    let text = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '`'));
    let text = slashed(text.strip_prefix("file://").unwrap_or(text));
    if is_installed(&text) {
        return None;
    }
    if is_absolute(&text) {
        return RepoPath::new(&folded(checkout_relative(&text)?)?).ok();
    }
    let mut path = text.as_str();
    while let Some(rest) = path.strip_prefix("../").or_else(|| path.strip_prefix("./")) {
        path = rest;
    }
    RepoPath::new(&folded(path)?).ok()
}

/// `text` with the separators of Unix, and without the mark of Windows' long paths.
pub(super) fn slashed(text: &str) -> String {
    let text = text.replace('\\', "/");
    text.strip_prefix("//?/").map(str::to_owned).unwrap_or(text)
}

/// A path whose steps up are followed: `lib/a.py` for `src/../lib/a.py`; `None` if it leaves the folder that it starts from.
pub(super) fn folded(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains("/../") {
        return Some(Cow::Borrowed(path));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(Cow::Owned(parts.join("/")))
}

/// The file that a linter was called for. It is the repository's wherever that lies: of an absolute path in an unknown
/// place all but the drive and a person's own folder is kept.
pub(super) fn linted_path(text: &str) -> Option<RepoPath> {
    repo_path(text).or_else(|| {
        let path = text.trim().replace('\\', "/");
        if is_installed(&path) || !is_absolute(&path) {
            return None;
        }
        let path = path.split_once(':').map_or(path.as_str(), |(_, rest)| rest).trim_start_matches('/');
        let own = ["home/", "Users/"].iter().find_map(|folder| path.strip_prefix(folder)?.split_once('/'));
        RepoPath::new(own.map_or(path, |(_, rest)| rest)).ok()
    })
}

/// Whether the path leads to an installed package or the interpreter.
fn is_installed(text: &str) -> bool {
    INSTALLED.iter().any(|folder| text.contains(folder)) || text.starts_with('<')
}

fn is_absolute(text: &str) -> bool {
    text.starts_with('/') || matches!(text.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic())
}

/// What follows the checkout's folder in an absolute path.
pub(super) fn checkout_relative(text: &str) -> Option<&str> {
    if let Some((prefix, skipped)) = CHECKOUTS.iter().find(|(prefix, _)| text.starts_with(prefix)) {
        return without_components(&text[prefix.len()..], *skipped);
    }
    let after_drive = text.get(2..).filter(|_| !text.starts_with('/'))?;
    let rest =
        ["/a/", "/actions-runner/_work/", "/runner/_work/"].iter().find_map(|work| after_drive.strip_prefix(work));
    rest.and_then(|rest| without_components(rest, 2))
        .or_else(|| after_drive.strip_prefix("/projects/").and_then(|rest| without_components(rest, 1)))
}

fn without_components(text: &str, count: usize) -> Option<&str> {
    (0..count).try_fold(text, |rest, _| rest.split_once('/').map(|(_, rest)| rest)).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(repo_path(text).as_ref().map(RepoPath::as_str), expected, "{text}");
    }

    #[test]
    fn a_linted_file_keeps_its_path_wherever_the_checkout_lies() {
        let of = |text: &str| linted_path(text).map(|path| path.to_string());
        assert_eq!(of(r"D:\shop\ui\a.py").as_deref(), Some("shop/ui/a.py"));
        assert_eq!(of("/Users/me/shop/a.py").as_deref(), Some("shop/a.py"));
        assert_eq!(of("/home/runner/work/shop/shop/a.py").as_deref(), Some("a.py"));
        assert_eq!(of("/usr/lib/python3/dist-packages/a.py"), None);
    }

    #[test]
    fn relative_paths_stay() {
        check("src/app.py", Some("src/app.py"));
        check("./src/app.py", Some("src/app.py"));
        check(r"src\app.py", Some("src/app.py"));
        check("../README.rst", Some("README.rst"));
    }

    #[test]
    fn checkouts_of_the_usual_services_are_taken_off() {
        for absolute in [
            "/home/runner/work/shop/shop/src/app.py",
            "/Users/runner/work/shop/shop/src/app.py",
            r"D:\a\shop\shop\src\app.py",
            "D:/a/shop/shop/src/app.py",
            "/__w/shop/shop/src/app.py",
            "/github/workspace/src/app.py",
            "file:///github/workspace/src/app.py",
            "/home/travis/build/acme/shop/src/app.py",
            "/home/circleci/project/src/app.py",
            "/builds/acme/shop/src/app.py",
            r"C:\projects\shop\src\app.py",
        ] {
            check(absolute, Some("src/app.py"));
        }
    }

    #[test]
    fn steps_up_are_followed_inside_of_the_checkout() {
        check("src/../lib/a.py", Some("lib/a.py"));
        check("/github/workspace/src/../lib/a.py", Some("lib/a.py"));
        check("/github/workspace/../../etc/a.py", None);
        check("src/../../etc/a.py", None);
        check(r"\\?\D:\a\shop\shop\src\app.py", Some("src/app.py"));
        check(r"\\server\share\app.py", None);
    }

    #[test]
    fn files_elsewhere_are_none() {
        check("/usr/lib/python3.11/ast.py", None);
        check("/opt/hostedtoolcache/Python/3.11.7/x64/bin/pytest", None);
        check("../../venv/lib/python3.8/site-packages/_pytest/config.py", None);
        check("<frozen importlib._bootstrap>", None);
        check("/home/runner/work/shop/shop", None);
        check("/etc/hosts", None);
        check("", None);
    }
}
