//! Which distribution provides a module.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../data/distributions.txt");

/// Modules of Python 2 that no distribution provides.
const PYTHON2: [&str; 16] = [
    "ConfigParser",
    "Cookie",
    "HTMLParser",
    "Queue",
    "SocketServer",
    "StringIO",
    "Tkinter",
    "__builtin__",
    "cPickle",
    "cStringIO",
    "commands",
    "cookielib",
    "httplib",
    "thread",
    "urllib2",
    "urlparse",
];

/// The distribution that is known to provide the dotted `module`, or a module above it.
pub(super) fn known(module: &str) -> Option<&'static str> {
    static MAP: OnceLock<BTreeMap<&str, &str>> = OnceLock::new();
    let map = MAP.get_or_init(|| TABLE.lines().filter_map(|line| line.split_once(' ')).collect());
    let mut name = module;
    loop {
        if let Some(found) = map.get(name) {
            return Some(found);
        }
        name = name.rsplit_once('.')?.0;
    }
}

/// Whether only Python 2 has the module.
pub(super) fn is_python2(module: &str) -> bool {
    PYTHON2.contains(&module.split('.').next().unwrap_or(module))
}

/// The form in which two spellings of a distribution's name are equal.
pub(crate) fn normalized(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

/// The name at the start of a requirement such as `a[b]>=1; c`.
pub(super) fn requirement_name(requirement: &str) -> &str {
    let text = requirement.trim().trim_start_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_name_counts() {
        assert_eq!(known("yaml"), Some("PyYAML"));
        assert_eq!(known("google.cloud.storage.blob"), Some("google-cloud-storage"));
        assert_eq!(known("sklearn.svm"), Some("scikit-learn"));
        assert_eq!(known("frobnicate"), None);
        assert!(is_python2("urllib2") && !is_python2("urllib3"));
    }

    #[test]
    fn names_are_compared_as_the_index_does() {
        assert_eq!(normalized("Foo__Bar.baz"), "foo-bar-baz");
        assert_eq!(requirement_name(" 'a-b[c]>=1; d"), "a-b");
    }
}
