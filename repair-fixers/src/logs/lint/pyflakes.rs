//! pyflakes: `path:line:column: message`, without a code.

use super::Reader;
use super::found::{Found, Place, Refine, finding, located, quoted};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &[".py:"], read };

const TOOL: &str = "pyflakes";

/// Parts of pyflakes' messages, for output whose command is not known.
const MESSAGES: &[&str] = &[
    " imported but unused",
    "undefined name '",
    "redefinition of unused '",
    " is assigned to but never used",
    "unable to detect undefined names",
    "is missing placeholders",
    " may be undefined, or defined from star imports",
];

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let named = section.ran.names(TOOL);
    for (index, line) in section.lines() {
        let Some((place, rest)) = located(line).filter(|(place, _)| place.path.ends_with(".py")) else { continue };
        let message = rest.trim_start_matches([':', ' ']);
        let known = MESSAGES.iter().any(|part| message.contains(part));
        if !message.starts_with(|c: char| c.is_ascii_uppercase() || c == '[') && (known || named && !message.is_empty())
        {
            found.at(section, index, report(&place, message, known));
        }
    }
}

/// Anything that is not one of its own messages is what the parser says of a file that does not parse.
fn report(place: &Place<'_>, message: &str, known: bool) -> Failure {
    let lint =
        known || message.contains('\'') && !message.starts_with("expected ") && !message.starts_with("unmatched ");
    let category = if lint { Category::Quality } else { Category::Syntax };
    let subject = quoted(message).filter(|_| lint).map(str::to_owned);
    finding(category, TOOL, place, None, message).with_subject(subject)
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn all_versions_are_read() {
        for line in [
            "a.py:13: 'os.path' imported but unused",
            "a.py:13:1 'os.path' imported but unused",
            "a.py:13:1: 'os.path' imported but unused",
        ] {
            let column =
                if line.contains(":1") && line.matches(':').count() > 1 && !line.contains("13: ") { ":1" } else { "" };
            check(
                Some("pyflakes ."),
                line,
                &[&format!("quality pyflakes a.py:13{column} 'os.path' imported but unused <os.path>")],
            );
        }
    }

    #[test]
    fn a_file_that_does_not_parse() {
        let log = "a.py:1:17: expected ':'\ndef broken(a, b)\n                ^";
        check(Some("pyflakes a.py"), log, &["syntax pyflakes a.py:1:17 expected ':'"]);
        passes(Some("make lint"), log);
    }

    #[test]
    fn a_linter_with_codes_is_not_pyflakes() {
        check(
            None,
            "a.py:1:1: F401 'os' imported but unused",
            &["quality flake8 F401 a.py:1:1 'os' imported but unused <os>"],
        );
        check(
            None,
            "a.py:1: [F401] 'os' imported but unused",
            &["quality flake8 F401 a.py:1 'os' imported but unused <os>"],
        );
    }
}
