//! The image that has a version of Python.

/// The image with the version of Python that a workflow names, and what is to be said of it.
pub(super) fn of_version(version: &str) -> (String, Option<String>) {
    let version = version.trim();
    let note = |image: &str| Some(format!("Python `{version}` is stood for by the image `{image}`"));
    let lower = version.to_ascii_lowercase();
    if let Some(pypy) = lower.strip_prefix("pypy") {
        return (format!("pypy:{}-slim", pypy.trim_start_matches('-').split("-v").next().unwrap_or_default()), None);
    }
    let digits: String = lower.trim_start_matches(|c| "^~>=v ".contains(c)).to_owned();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if lower == digits && plain(&digits) {
        return (format!("python:{digits}-slim"), None);
    }
    let (image, exact) = match digits.split_once(['-', 'x', '*', 't', ',', ' ']) {
        // A version that is not released yet: the images call it a candidate.
        Some((number, "dev")) if plain(number) => (format!("python:{number}-rc-slim"), true),
        Some((number, _)) if plain(number) => (format!("python:{}-slim", number.trim_end_matches('.')), false),
        _ => (if plain(&digits) { format!("python:{digits}-slim") } else { "python:3-slim".to_owned() }, false),
    };
    let note = if exact || digits.ends_with('x') { None } else { note(&image) };
    (image, note)
}

/// The version of Python that a machine with this label has if nobody asks for another.
pub(super) fn preinstalled(label: &str) -> Option<&'static str> {
    let table =
        [("ubuntu-20.04", "3.8"), ("ubuntu-22.04", "3.10"), ("ubuntu-24.04", "3.12"), ("ubuntu-latest", "3.12")];
    table.iter().find(|(name, _)| label.starts_with(name)).map(|(_, version)| *version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(version: &str) -> String {
        of_version(version).0
    }

    #[test]
    fn a_version_has_its_image() {
        for (version, wanted) in [
            ("3.11", "python:3.11-slim"),
            ("3.11.7", "python:3.11.7-slim"),
            ("3", "python:3-slim"),
            ("3.x", "python:3-slim"),
            ("3.14-dev", "python:3.14-rc-slim"),
            ("pypy-3.10", "pypy:3.10-slim"),
            ("pypy3.9-v7.3.11", "pypy:3.9-slim"),
        ] {
            assert_eq!(of_version(version), (wanted.to_owned(), None), "{version}");
        }
    }

    #[test]
    fn what_has_no_image_of_its_own_is_approximated_and_said() {
        for (version, wanted) in [
            (">=3.9", "python:3.9-slim"),
            ("~3.12.0-0", "python:3.12.0-slim"),
            ("3.13t", "python:3.13-slim"),
            ("3.14.0-alpha.1", "python:3.14.0-slim"),
            ("graalpy-24.0", "python:3-slim"),
        ] {
            assert_eq!(image(version), wanted, "{version}");
            assert!(of_version(version).1.unwrap().contains(version));
        }
    }

    #[test]
    fn machines_come_with_a_python() {
        assert_eq!((preinstalled("ubuntu-latest"), preinstalled("self-hosted")), (Some("3.12"), None));
    }
}
