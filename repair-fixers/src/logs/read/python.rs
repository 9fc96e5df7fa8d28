//! Which Python a log speaks of.

use repair_core::Step;

/// What a line says about the version of Python.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// A tool of this step runs with it.
    Here(&'a str),
    /// The job has it from now on.
    Installed(&'a str),
    /// A path shows it.
    Path(&'a str),
}

/// The version of Python that `line` speaks of.
pub(super) fn said(line: &str) -> Option<Said<'_>> {
    let at = memchr::memmem::find(line.as_bytes(), b"ython")?;
    if line.len() > 400 {
        return None;
    }
    let after = &line[at + "ython".len()..];
    if line.starts_with("platform ") {
        return version(line.split_once("-- Python ")?.1).map(Said::Here);
    }
    if line.starts_with("Successfully set") || line.starts_with("Using ") || line.starts_with("Python ") {
        let rest = after.trim_start_matches([' ', '(', ':']);
        let whole = line.starts_with("Python ").then(|| rest.trim_end() == version(rest).unwrap_or_default());
        return version(rest).filter(|found| found.contains('.') && whole.unwrap_or(true)).map(Said::Installed);
    }
    let in_folder = line[..at].ends_with("lib/p") && after.starts_with(|c: char| c.is_ascii_digit());
    if in_folder { version(after).filter(|found| found.contains('.')).map(Said::Path) } else { None }
}

/// The version in the environment that a step's header shows.
pub(super) fn of_environment(step: &Step) -> Option<String> {
    let location = step.environment.get("pythonLocation").or_else(|| step.environment.get("Python_ROOT_DIR"))?;
    let mut parts = location.split(['/', '\\']).skip_while(|part| *part != "Python");
    version(parts.nth(1)?).map(str::to_owned)
}

/// The version that `text` begins with.
fn version(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let found = text[..end].trim_end_matches('.');
    found.starts_with(|c: char| matches!(c, '2'..='9')).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found() {
        let here = said("platform linux -- Python 3.10.20, pytest-7.3.2, pluggy-1.6.0");
        assert_eq!(here, Some(Said::Here("3.10.20")));
        assert_eq!(said("Successfully set up CPython (3.11.7)"), Some(Said::Installed("3.11.7")));
        assert_eq!(said("Using CPython 3.12.3"), Some(Said::Installed("3.12.3")));
        assert_eq!(said("Python 3.6.7"), Some(Said::Installed("3.6.7")));
        let frame = r#"  File "/opt/x/lib/python3.8/site-packages/a.py", line 3"#;
        assert_eq!(said(frame), Some(Said::Path("3.8")));
    }

    #[test]
    fn other_lines_say_nothing() {
        for line in ["Python 3.6 is old", "python setup.py", "Using a python", "about Python"] {
            assert_eq!(said(line), None, "{line}");
        }
    }

    #[test]
    fn the_header_of_a_step_shows_it() {
        let mut step = Step::default();
        assert_eq!(of_environment(&step), None);
        step.environment.insert("pythonLocation".into(), "/opt/hostedtoolcache/Python/3.11.13/x64".into());
        assert_eq!(of_environment(&step).as_deref(), Some("3.11.13"));
    }
}
