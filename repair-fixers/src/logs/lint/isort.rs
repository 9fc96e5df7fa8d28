//! isort: files whose imports are not sorted.

use super::Reader;
use super::found::{Found, of_file};
use super::section::Section;
use repair_core::Failure;

pub(super) const READER: Reader = Reader { needles: &["Imports are incorrectly sorted", "Fixing "], read };

const TOOL: &str = "isort";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    for (index, line) in section.lines() {
        if let Some(failure) = report(section, line) {
            found.at(section, index, failure);
        }
    }
}

fn report(section: &Section<'_>, line: &str) -> Option<Failure> {
    if let Some((path, message)) = line.strip_prefix("ERROR: ").and_then(|rest| rest.split_once(" Imports are ")) {
        return Some(of_file(TOOL, path, &format!("Imports are {message}")));
    }
    let fixed =
        line.strip_prefix("Fixing ").filter(|_| section.hook.is_some() && section.failed && section.ran.names(TOOL))?;
    Some(of_file(TOOL, fixed, line))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn all_versions_are_read() {
        for end in ["sorted.", "sorted and/or formatted."] {
            check(
                Some("isort -c ."),
                &format!(
                    "ERROR: /home/runner/work/shop/shop/a.py Imports are incorrectly {end}\n--- x:before\nSkipped 1 files"
                ),
                &[&format!("quality isort a.py Imports are incorrectly {end}")],
            );
        }
        passes(Some("pytest"), "ERROR: a.py Imports are incorrectly sorted.");
    }

    #[test]
    fn in_a_hook_fixed_files_count() {
        check(None, "isort....Failed\n- hook id: isort\n\nFixing a.py\n", &["quality isort a.py Fixing a.py"]);
        passes(Some("isort ."), "Fixing a.py");
    }
}
