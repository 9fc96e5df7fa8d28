//! Compilers of C: `path:line:column: error: message`.

use super::Reader;
use super::found::{Found, Refine, finding, located};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &[": error: ", ": fatal error: "], read };

/// Files that these compilers read.
const SOURCES: &[&str] = &[".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".pyx", ".cu", ".m", ".mm"];

fn read(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        if let Some(failure) = report(line.trim_start()) {
            found.at(section, index, failure);
        }
    }
}

fn report(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    SOURCES.iter().any(|extension| place.path.ends_with(extension)).then_some(())?;
    let message = rest.strip_prefix(": ")?;
    let (severity, text) = message.split_once(": ")?;
    match severity {
        "fatal error" => Some(finding(Category::Build, "gcc", &place, None, message)),
        "error" => Some(finding(Category::Build, "gcc", &place, None, text)),
        _ => None,
    }
    .map(|failure| failure.with_subject(missing_header(message)))
}

/// The header of `fatal error: Python.h: No such file or directory`.
fn missing_header(message: &str) -> Option<String> {
    let (header, _) = message.strip_prefix("fatal error: ")?.split_once(": No such file")?;
    Some(header.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn errors_of_the_compiler_are_read() {
        let log = "      gcc -c src/cx.c -o cx.o\n      src/cx.c:1:10: fatal error: nosuch.h: No such file or directory\n          1 | #include \"nosuch.h\"\n      src/cx.c:4:1: warning: unused\n      src/cx.c:9:3: error: expected ';'\n";
        check(
            Some("pip install ."),
            log,
            &[
                "build gcc src/cx.c:1:10 fatal error: nosuch.h: No such file or directory <nosuch.h>",
                "build gcc src/cx.c:9:3 expected ';'",
            ],
        );
        passes(Some("mypy"), "a.txt:1:1: error: x");
    }
}
