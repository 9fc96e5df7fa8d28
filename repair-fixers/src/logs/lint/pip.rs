//! pip: requirements that cannot be resolved, downloaded or installed.

use super::Reader;
use super::found::{Found, Refine, failure, leading_number, quoted};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "No matching distribution found for ",
        "ResolutionImpossible",
        "DO NOT MATCH THE HASHES",
        "Hashes are required in --require-hashes mode",
        "Failed building wheel for ",
        "metadata-generation-failed",
        "subprocess-exited-with-error",
        "Invalid requirement: ",
        "requires a different Python: ",
        "Double requirement given: ",
        "Command errored out with exit status ",
        "Complete output from command ",
        "externally-managed-environment",
        "Could not open requirements file: ",
        "is not installable. ",
        "does not appear to be a Python project",
        "which is not installed.",
        ", but you have ",
        "File \"setup.py\" not found",
        "not a supported wheel on this platform",
        "Cannot import build backend",
        "Failed to build",
    ],
    read,
};

const TOOL: &str = "pip";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let mut any = false;
    let mut cause = None;
    let installed = section.any(warned);
    for (index, line) in section.lines() {
        let line = line.trim_start();
        cause = conflict(line).or(cause);
        let failure = resolution(line, cause)
            .or_else(|| requirement(section, index, line))
            .or_else(|| broken(line).filter(|_| !installed));
        if let Some(failure) = failure {
            any = true;
            found.at(section, index, failure);
        }
    }
    if !any && !found.has("gcc") {
        build(section, found);
    }
}

fn dependency(code: Option<&str>, subject: Option<&str>, message: &str) -> Failure {
    let text = |text: Option<&str>| text.map(str::to_owned);
    failure(Category::Dependency, TOOL, message).with_code(text(code)).with_subject(text(subject))
}

/// The name at the beginning of a requirement such as `urllib3[socks]>=2`.
pub(super) fn name(requirement: &str) -> &str {
    let requirement = requirement.trim_start();
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
    &requirement[..end.unwrap_or(requirement.len())]
}

/// Requirements without a solution.
fn resolution(line: &str, cause: Option<&str>) -> Option<Failure> {
    let line = line.strip_prefix("ERROR: ").unwrap_or(line);
    if let Some(requirement) = line.strip_prefix("No matching distribution found for ") {
        return Some(dependency(None, Some(name(requirement)), line));
    }
    let help = line.strip_prefix("ResolutionImpossible: ")?;
    Some(dependency(Some("ResolutionImpossible"), cause.map(name), help))
}

/// What cannot be installed, in `ERROR: Cannot install x and y because these package versions have conflicting …`.
fn conflict(line: &str) -> Option<&str> {
    line.strip_prefix("ERROR: Cannot install ").filter(|rest| rest.contains(" because "))
}

/// Sentences that versions before 19 print without a mark.
const UNMARKED: &[&str] =
    &["Double requirement given: ", "Could not open requirements file: ", "Directory '", "Invalid requirement: "];

/// Requirements that are refused as they are.
fn requirement(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let marked = line.strip_prefix("ERROR: ").or_else(|| line.strip_prefix("error: "));
    let message = marked.or_else(|| Some(line).filter(|line| UNMARKED.iter().any(|start| line.starts_with(start))))?;
    let next = || section.line(index + 1);
    match message {
        _ if message.starts_with("THESE PACKAGES DO NOT MATCH THE HASHES") => {
            Some(dependency(Some("HashMismatch"), Some(name(next())), message))
        }
        _ if message.starts_with("Hashes are required in --require-hashes mode") => {
            Some(dependency(Some("HashMissing"), Some(name(next())), message))
        }
        _ if message.starts_with("Package ") && message.contains(" requires a different Python: ") => {
            Some(dependency(None, quoted(message), message))
        }
        _ if message.starts_with("Invalid requirement: ") => {
            let failure = dependency(None, quoted(message).map(name), message);
            let place = (index..index + 4).find_map(|next| in_file(section.line(next)));
            Some(failure.with_path(place.and_then(|(path, _)| repo_path(path))).with_line(place.map(|(_, line)| line)))
        }
        "externally-managed-environment" => Some(dependency(Some(message), None, message)),
        _ if message.starts_with('`') => None,
        _ if message.starts_with("Double requirement given: ") => {
            Some(dependency(None, message.strip_prefix("Double requirement given: ").map(name), message))
        }
        _ if message.contains(" requires Python '") && message.contains(" but the running Python is ") => {
            Some(dependency(None, Some(name(message)), message))
        }
        _ if message.starts_with("Could not open requirements file: ")
            || message.contains(" is not installable. ")
            || message.contains(" does not appear to be a Python project")
            || message.contains(" is not a supported wheel on this platform") =>
        {
            Some(dependency(None, None, message))
        }
        _ => None,
    }
}

/// The file and line in `… (from line 2 of requirements.txt)`.
fn in_file(line: &str) -> Option<(&str, u32)> {
    let (_, rest) = line.split_once("(from line ")?;
    let (number, path) = leading_number(rest)?;
    Some((path.strip_prefix(" of ")?.split(')').next()?, number))
}

/// A line of `pip check`.
fn broken(line: &str) -> Option<Failure> {
    let broken = line.contains(" requires ") && line.ends_with(", which is not installed.")
        || line.contains(" has requirement ") && line.contains(", but you have ");
    broken.then(|| dependency(None, Some(name(line)), line))
}

/// Whether a line shows an installation, after which the words of `pip check` are only a warning.
fn warned(line: &str) -> bool {
    line.contains("pip's dependency resolver does not currently") || line.starts_with("Successfully installed")
}

/// A package that does not build, unless what failed is to fetch its source. The error inside counts if there is one, else that the build failed.
fn build(section: &Section<'_>, found: &mut Found) {
    let Some((index, line)) = section.lines().find(|(_, line)| begins_trouble(line)) else { return };
    if section.any(|line| line.trim_start().starts_with("× git ")) {
        return;
    }
    let message = line.trim_start();
    let (last, cause) = exception(section, index)
        .or_else(|| complaint(section).map(|(index, text)| (index, ("", text))))
        .unwrap_or((index, ("", message)));
    let subject = section.lines().find_map(|(_, line)| failed_package(line));
    let mut failure = failure(Category::Build, TOOL, cause.1);
    failure.code = (!cause.0.is_empty()).then(|| cause.0.to_owned());
    failure.subject = subject.map(str::to_owned);
    found.add(section, index, last, failure);
}

fn begins_trouble(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("error: subprocess-exited-with-error")
        || line.starts_with("error: backend-unavailable")
        || line.starts_with("error: metadata-generation-failed")
        || line.starts_with("ERROR: Command errored out with exit status ")
        || line.starts_with("ERROR: Complete output from command ")
        || line.starts_with("Complete output from command ")
        || line.starts_with("ERROR: Failed building wheel for ")
        || line.starts_with("ERROR: Failed to build")
        || line.starts_with("ERROR: Could not build wheels for ")
        || line.starts_with("Failed building wheel for ")
}

/// The name in `ERROR: Failed building wheel for x`, `ERROR: Failed to build 'x' when …`, `Failed to build x`.
fn failed_package(line: &str) -> Option<&str> {
    let line = line.trim_start();
    const STARTS: [&str; 5] = [
        "Failed building wheel for ",
        "ERROR: Failed building wheel for ",
        "ERROR: Failed to build ",
        "ERROR: Could not build wheels for ",
        "Failed to build ",
    ];
    let rest = STARTS.iter().find_map(|start| line.strip_prefix(start))?;
    let name = name(rest.trim_start_matches(['\'', '"', '`']));
    (!name.is_empty() && name != "installable").then_some(name)
}

/// The last `error: message` of a build script between the marks of what a subprocess printed.
fn complaint<'a>(section: &Section<'a>) -> Option<(usize, &'a str)> {
    let mut inside = false;
    let mut found = None;
    for (index, line) in section.lines() {
        let line = line.trim_start();
        inside |= line.starts_with("╰─> [")
            || line.starts_with("ERROR: Command errored out")
            || line.trim_start_matches("ERROR: ").starts_with("Complete output from command ");
        if line.starts_with("[end of output]") || line.starts_with("-----------") {
            inside = false;
        }
        let setup = Some(line).filter(|line| line.starts_with("error in ") && line.contains(" setup command: "));
        let old = section.line(index + 1).starts_with("----------");
        let message =
            line.strip_prefix("error: ").filter(|text| (inside || old) && !text.starts_with("subprocess-exited"));
        found = message.or(setup.filter(|_| inside)).map(|text| (index, text)).or(found);
    }
    found
}

/// The last line below `index` that names an exception, split into its class and text.
fn exception<'a>(section: &Section<'a>, index: usize) -> Option<(usize, (&'a str, &'a str))> {
    section
        .lines()
        .skip_while(|(other, _)| *other <= index)
        .filter_map(|(index, line)| Some((index, class(line)?)))
        .last()
}

/// Splits `ModuleNotFoundError: No module named 'x'`, also behind the arrow of pip.
pub(super) fn class(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().trim_start_matches("╰─> ");
    let (class, message) = line.split_once(": ")?;
    let last = class.rsplit('.').next().unwrap_or(class);
    let plain = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
    let named = (last.ends_with("Error") && last.len() > "Error".len() || last.ends_with("Exception"))
        && last.starts_with(|c: char| c.is_ascii_uppercase());
    (plain && named).then_some((last, message))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn versions_that_do_not_exist() {
        let log = "ERROR: Could not find a version that satisfies the requirement six==99.1 (from versions: 1.0, 1.1)\nERROR: No matching distribution found for six==99.1";
        check(
            Some("pip install six==99.1"),
            log,
            &["dependency pip No matching distribution found for six==99.1 <six>"],
        );
        passes(Some("pytest"), log);
    }

    #[test]
    fn conflicts() {
        let log = "ERROR: Cannot install requests==2.31.0 and urllib3==1.20 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    The user requested urllib3==1.20\n\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io";
        check(
            Some("pip install -r r.txt"),
            log,
            &["dependency pip ResolutionImpossible for help visit https://pip.pypa.io <requests>"],
        );
        let old = "ERROR: Double requirement given: urllib3>=2.1 (already in urllib3<2, name='urllib3')";
        check(
            Some("pip install -r r.txt"),
            old,
            &["dependency pip Double requirement given: urllib3>=2.1 (already in urllib3<2, name='urllib3') <urllib3>"],
        );
    }

    #[test]
    fn hashes_and_requirements() {
        let hashes = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    six==1.16.0 from https://x:";
        check(
            Some("pip install -r r.txt"),
            hashes,
            &["dependency pip HashMismatch THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. <six>"],
        );
        let python = "ERROR: Package 'rp' requires a different Python: 3.11.7 not in '>=3.14'";
        check(
            Some("pip install ."),
            python,
            &["dependency pip Package 'rp' requires a different Python: 3.11.7 not in '>=3.14' <rp>"],
        );
        let invalid = "ERROR: Invalid requirement: 'six=>1': Expected semicolon";
        check(
            Some("pip install 'six=>1'"),
            invalid,
            &["dependency pip Invalid requirement: 'six=>1': Expected semicolon <six>"],
        );
    }

    #[test]
    fn a_line_of_a_requirements_file_has_a_place() {
        let log =
            "ERROR: Invalid requirement: 'foo bar': Expected semicolon\n    foo bar\n        ^ (from line 2 of r.txt)";
        check(
            Some("pip install -r r.txt"),
            log,
            &["dependency pip r.txt:2 Invalid requirement: 'foo bar': Expected semicolon <foo>"],
        );
    }

    #[test]
    fn old_versions_mark_no_errors() {
        for (log, subject) in [
            (
                "Double requirement given: six==1.16 (from -r r.txt (line 2)) (already in six==1.15, name='six')",
                " <six>",
            ),
            ("Could not open requirements file: [Errno 2] No such file or directory: 'nosuch.txt'", ""),
            ("Directory './e' is not installable. File 'setup.py' not found.", ""),
        ] {
            check(Some("pip install -r r.txt"), log, &[&format!("dependency pip {log}{subject}")]);
        }
    }

    #[test]
    fn an_environment_of_the_system_is_not_pips() {
        let log = "error: externally-managed-environment\n\n× This environment is externally managed\n╰─> To install Python packages system-wide, try apt install";
        check(
            Some("pip install six"),
            log,
            &["dependency pip externally-managed-environment externally-managed-environment"],
        );
    }

    #[test]
    fn old_versions_show_what_the_script_printed() {
        let log = "    Complete output from command python setup.py egg_info:\n    Traceback (most recent call last):\n      File \"<string>\", line 1, in <module>\n    RuntimeError: the library foo is needed\n    \n    ----------------------------------------\nCommand \"python setup.py egg_info\" failed with error code 1 in /tmp/pip-x-build/";
        check(Some("pip install ."), log, &["build pip RuntimeError the library foo is needed"]);
    }

    #[test]
    fn packages_that_do_not_build() {
        let log = "  error: subprocess-exited-with-error\n  \n  × Getting requirements to build wheel did not run successfully.\n  ╰─> [21 lines of output]\n      Traceback (most recent call last):\n        File \"<string>\", line 1, in <module>\n      ModuleNotFoundError: No module named 'numpy'\n      [end of output]\nERROR: Failed to build 'cx' when getting requirements to build wheel";
        check(Some("pip install ."), log, &["build pip ModuleNotFoundError No module named 'numpy' <cx>"]);
        let compiler = "  error: subprocess-exited-with-error\n      cx.c:1:10: fatal error: Python.h: No such file or directory\n  ERROR: Failed building wheel for cx";
        check(
            Some("pip install ."),
            compiler,
            &["build gcc cx.c:1:10 fatal error: Python.h: No such file or directory <Python.h>"],
        );
    }

    #[test]
    fn the_complaint_of_a_build_script_is_the_cause() {
        let log = "  error: subprocess-exited-with-error\n  \n  × python setup.py bdist_wheel did not run successfully.\n  ╰─> [2 lines of output]\n      usage: setup.py --help\n      error: invalid command 'bdist_wheel'\n      [end of output]\n  ERROR: Failed building wheel for cx";
        check(Some("pip install ."), log, &["build pip invalid command 'bdist_wheel' <cx>"]);
        let setup = "  error: subprocess-exited-with-error\n  ╰─> [5 lines of output]\n      error in cx setup command: 'install_requires' must be a string\n      [end of output]\nerror: metadata-generation-failed\nError: Process completed with exit code 1.";
        check(
            Some("pip install ."),
            setup,
            &["build pip error in cx setup command: 'install_requires' must be a string"],
        );
        let old = "error: can't copy 'bin/x': doesn't exist\n----------------------------------------\n  Failed building wheel for cx\nFailed to build cx";
        check(None, old, &["build pip can't copy 'bin/x': doesn't exist <cx>"]);
        let end = "    Failed to build cx\n    ERROR: Could not build wheels for cx, which is required to install pyproject.toml-based projects";
        check(
            None,
            end,
            &[
                "build pip ERROR: Could not build wheels for cx, which is required to install pyproject.toml-based projects <cx>",
            ],
        );
    }

    #[test]
    fn source_that_cannot_be_fetched_is_no_failed_build() {
        let log = "  fatal: unable to access 'https://x/'\n  error: subprocess-exited-with-error\n  \n  × git clone --quiet https://x did not run successfully.";
        passes(Some("pip install git+https://x"), log);
    }

    #[test]
    fn the_resolvers_warning_is_no_failure() {
        let log = "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed.\nx 1.0 requires y, which is not installed.\nSuccessfully installed z-1";
        passes(Some("pip install z"), log);
        check(
            Some("pip check"),
            "x 1.0 requires y, which is not installed.",
            &["dependency pip x 1.0 requires y, which is not installed. <x>"],
        );
    }
}
