//! Where the repository lies in the paths of a traceback.

use super::paths::{self, checkout_relative, folded};
use repair_core::{RepoPath, Step};

/// Parts of paths that belong to Python, its packages and tools, not to a repository.
const FOREIGN: [&str; 14] = [
    "/site-packages/",
    "/dist-packages/",
    "/lib/python2",
    "/lib/python3",
    "/lib64/python3",
    "/hostedtoolcache/",
    "/.pyenv/versions/",
    "/.tox/",
    "/.nox/",
    "/.venv/",
    "/_temp/",
    "/pip-build-env-",
    "/pip-install-",
    "/lib/pypy",
];

/// Where the repository lies, as far as a step tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Roots {
    /// Absolute folders with a slash at the end, the deepest first.
    folders: Vec<String>,
    /// The folder, relative to the checkout, that relative paths start from.
    base: Option<RepoPath>,
}

impl Roots {
    /// Reads them from a step.
    pub(super) fn of(step: &Step) -> Self {
        let mut roots = Self::default();
        roots.base = step.working_directory.as_deref().and_then(|folder| roots.absolute_or_relative(folder));
        let mut rootdirs = step.output.iter().filter_map(|line| line.strip_prefix("rootdir: "));
        if let Some(rootdir) = rootdirs.next() {
            roots.set_rootdir(rootdir.split(", ").next().unwrap_or(rootdir));
        }
        roots
    }

    fn set_rootdir(&mut self, rootdir: &str) {
        let mut folder = slashed(rootdir.trim());
        folder.push('/');
        match after_checkout(&folder) {
            Some(inside) if self.base.is_none() => self.base = RepoPath::new(inside).ok(),
            Some(_) => {}
            None => self.folders.push(folder),
        }
    }

    /// Adds a folder that an absolute path begins with, such as that of a script that was run.
    pub(super) fn add(&mut self, folder: &str) {
        if !folder.is_empty() && folder != "/" && !self.folders.iter().any(|known| known == folder) {
            self.folders.push(folder.to_owned());
        }
    }

    /// Adds the folder that the absolute paths of the repository in `paths` have in common, if they have one.
    pub(super) fn add_common<'a>(&mut self, paths: impl Iterator<Item = &'a str>) {
        if let Some(folder) = common_folder(paths) {
            self.add(&folder);
        }
    }

    /// The path in the repository that `text` names; `None` if it lies outside.
    pub(super) fn relative(&self, text: &str) -> Option<RepoPath> {
        let text = text.trim().trim_matches(['"', '\'']);
        if is_foreign(text) {
            return None;
        }
        self.absolute_or_relative(text)
    }

    fn absolute_or_relative(&self, text: &str) -> Option<RepoPath> {
        let path = slashed(text);
        if path.starts_with('/') {
            return RepoPath::new(&folded(self.inside(&path)?)?).ok();
        }
        let mut rest = path.as_str();
        let mut base = self.base.clone();
        while let Some(up) = rest.strip_prefix("./").or_else(|| rest.strip_prefix("../")) {
            if rest.starts_with("..") {
                base = base.as_ref().and_then(RepoPath::parent);
            }
            rest = up;
        }
        let rest = &folded(rest)?;
        match base {
            Some(base) if !RepoPath::new(rest).ok()?.is_within(&base) => base.join(rest).ok(),
            _ => RepoPath::new(rest).ok(),
        }
    }

    fn inside<'a>(&self, path: &'a str) -> Option<&'a str> {
        let in_folder = || self.folders.iter().find_map(|folder| path.strip_prefix(folder.as_str()));
        after_checkout(path).or_else(in_folder)
    }
}

/// Whether a path belongs to Python itself, to an installed package or a tool.
pub(super) fn is_foreign(path: &str) -> bool {
    if path.starts_with('<') || path.is_empty() {
        return true;
    }
    let path = format!("/{}", slashed(path));
    FOREIGN.iter().any(|part| path.contains(part))
        || path.contains("/Lib/") && path.contains("ython")
        || path.contains("/bin/") && !path.ends_with(".py")
}

/// The folder that all absolute paths of the repository in `paths` have in common, with a slash at the end; `None` where
/// one of them lies in a well-known checkout, for the others are then outside of the repository.
fn common_folder<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut common: Option<String> = None;
    for path in paths.filter(|path| !is_foreign(path)) {
        let path = slashed(path);
        if !path.starts_with('/') {
            continue;
        }
        if after_checkout(&path).is_some() {
            return None;
        }
        let folder = path[..=path.rfind('/')?].to_owned();
        common = Some(match common {
            None => folder,
            Some(common) => shared(&common, &folder).to_owned(),
        });
    }
    common.filter(|folder| folder.len() > 1)
}

/// The longest beginning that two folders share.
fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let end = one.as_bytes()[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    one.get(..end).unwrap_or_default()
}

/// `path` with slashes, without a drive.
fn slashed(path: &str) -> String {
    let path = paths::slashed(path);
    match path.as_bytes() {
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => path[2..].to_owned(),
        _ => path,
    }
}

/// What follows the checkout's folder: one of a well-known service, or of a runner that somebody keeps.
fn after_checkout(path: &str) -> Option<&str> {
    let after = |mark: &str, count| {
        let start = path.find(mark)? + mark.len();
        (0..count).try_fold(&path[start..], |rest, _| rest.split_once('/').map(|(_, rest)| rest))
    };
    let windows = || if path.starts_with("/a/") { after("/a/", 2) } else { None };
    checkout_relative(path).or_else(windows).or_else(|| after("/_work/", 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Output;

    #[track_caller]
    fn check(roots: &Roots, path: &str, expected: Option<&str>) {
        assert_eq!(roots.relative(path).as_ref().map(RepoPath::as_str), expected, "{path}");
    }

    #[test]
    fn checkouts_are_known() {
        let roots = Roots::default();
        for folder in [
            "/home/runner/work/app/app/",
            "/Users/runner/work/app/app/",
            r"D:\a\app\app\",
            "/github/workspace/",
            "/__w/app/app/",
            "/opt/actions-runner/_work/app/app/",
            "/home/travis/build/owner/app/",
            "/home/vsts/work/1/s/",
            "/builds/group/app/",
            "./",
            "",
        ] {
            check(&roots, &format!("{folder}src/app.py"), Some("src/app.py"));
        }
    }

    #[test]
    fn pythons_own_files_are_not_in_the_repository() {
        let roots = Roots::default();
        for path in [
            "/opt/hostedtoolcache/Python/3.12.1/x64/lib/python3.12/threading.py",
            "../../../../../opt/hostedtoolcache/Python/3.12.1/x64/lib/python3.12/site-packages/h/core.py",
            r"C:\hostedtoolcache\windows\Python\3.9.13\x64\lib\site-packages\a.py",
            "/home/runner/work/app/app/.venv/lib/python3.9/site-packages/a.py",
            ".tox/py39/lib/python3.9/a.py",
            "<frozen runpy>",
            "<string>",
            "/usr/local/bin/pytest",
            "",
        ] {
            check(&roots, path, None);
        }
    }

    #[test]
    fn relative_paths_start_from_the_root_that_the_runner_prints() {
        let mut step = Step::default();
        step.output = Output::from_iter(["rootdir: /home/runner/work/mono/mono/api, configfile: tox.ini"]);
        let roots = Roots::of(&step);
        check(&roots, "tests/test_a.py", Some("api/tests/test_a.py"));
        check(&roots, "api/tests/test_a.py", Some("api/tests/test_a.py"));
        check(&roots, "../lib/b.py", Some("lib/b.py"));
        check(&roots, "/home/runner/work/mono/mono/api/x.py", Some("api/x.py"));
    }

    #[test]
    fn an_unusual_root_is_believed() {
        let mut step = Step::default();
        step.output = Output::from_iter(["rootdir: /var/lib/jenkins/workspace"]);
        let roots = Roots::of(&step);
        check(&roots, "/var/lib/jenkins/workspace/test/a.py", Some("test/a.py"));
        check(&roots, "/somewhere/else.py", None);
    }

    #[test]
    fn what_paths_have_in_common_is_their_folder() {
        let paths = ["/tmp/x/src/a.py", "/tmp/x/tests/b.py", "/usr/lib/python3.9/c.py", "rel.py"];
        assert_eq!(common_folder(paths.into_iter()).as_deref(), Some("/tmp/x/"));
        assert_eq!(common_folder(["/tmp/x/a.py"].into_iter()).as_deref(), Some("/tmp/x/"));
        assert_eq!(common_folder(["a.py"].into_iter()), None);
        assert_eq!(common_folder(["/etc/x.py", "/github/workspace/a.py"].into_iter()), None);
        assert_eq!(common_folder(["/a/x.py", "/b/é.py", "/bé/y.py"].into_iter()), None);
    }
}
