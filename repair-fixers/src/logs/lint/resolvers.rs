//! uv, poetry, pdm, pipenv, conda: requirements without a solution, lock files out of date.

use super::Reader;
use super::found::{Found, Refine, failure};
use super::pip::name;
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "No solution found when resolving",
        "lockfile at ",
        "version solving failed",
        "since poetry.lock was last generated",
        "poetry.lock is not up to date",
        "poetry.lock was not found",
        "Invalid TOML file",
        "Lockfile hash doesn't match",
        "Lockfile does not exist",
        "lock file is outdated",
        "Unable to find a resolution",
        "ResolutionImpossible",
        "Pipfile.lock",
        "PackagesNotFoundError",
        "UnsatisfiableError",
        "LibMambaUnsatisfiableError",
        "ResolvePackageNotFound",
        "Could not solve for environment specs",
        "SpecNotFound: ",
        "EnvironmentFileNotFound: ",
        "InvalidMatchSpec: ",
        "CondaValueError: ",
        "The lock file is not compatible",
        " is not allowed by the project (",
        "Unable to find installation candidates for ",
        "Group(s) not found: ",
        "Poetry could not find",
        " not found in known hashes",
        "The Poetry configuration is invalid",
        "Command not found: ",
        "Lock file ",
        "Lockfile is ",
        "No candidate is found for ",
        "No Python interpreter matching ",
        ") not found.",
        "Failed to parse",
        "Invalid version '",
        "Poetry installation failed.",
        "pyproject.toml changed",
        "No matching distribution found for ",
    ],
    read,
};

/// A sentence of a tool.
struct Sentence {
    tool: &'static str,
    /// How the line begins, after `error: ` or `Error: `.
    begins: &'static str,
    /// What else the line contains.
    contains: &'static str,
    /// The file that it is about.
    file: Option<&'static str>,
}

const fn sentence(
    tool: &'static str,
    begins: &'static str,
    contains: &'static str,
    file: Option<&'static str>,
) -> Sentence {
    Sentence { tool, begins, contains, file }
}

const SENTENCES: &[Sentence] = &[
    sentence("uv", "The lockfile at `uv.lock` needs to be updated", "", Some("uv.lock")),
    sentence("uv", "Unable to find lockfile at `uv.lock`", "", Some("uv.lock")),
    sentence("uv", "Failed to parse `uv.lock`", "", Some("uv.lock")),
    sentence("uv", "Failed to parse: `pyproject.toml`", "", Some("pyproject.toml")),
    sentence("uv", "Failed to parse `pyproject.toml`", "", Some("pyproject.toml")),
    sentence("poetry", "pyproject.toml changed significantly since poetry.lock", "", Some("poetry.lock")),
    sentence("poetry", "poetry.lock is not up to date with pyproject.toml", "", Some("poetry.lock")),
    sentence("poetry", "poetry.lock was not found", "", Some("poetry.lock")),
    sentence("poetry", "Because ", "version solving failed", None),
    sentence("poetry", "And because ", "version solving failed", None),
    sentence("poetry", "So, because ", "version solving failed", None),
    sentence("poetry", "Package ", ") not found.", None),
    sentence("poetry", "Invalid TOML file ", "pyproject.toml", Some("pyproject.toml")),
    sentence("poetry", "Poetry installation failed.", "", None),
    sentence("poetry", "The lock file is not compatible with the current version of Poetry", "", Some("poetry.lock")),
    sentence("poetry", "Current Python version (", " is not allowed by the project (", None),
    sentence("poetry", "Unable to find installation candidates for ", "", None),
    sentence("poetry", "Group(s) not found: ", "", None),
    sentence("poetry", "Poetry could not find a pyproject.toml file in ", "", None),
    sentence("poetry", "Hash for ", " not found in known hashes", None),
    sentence("poetry", "The Poetry configuration is invalid", "", Some("pyproject.toml")),
    sentence("poetry", "Command not found: ", "", None),
    sentence("pdm", "Lockfile hash doesn't match", "", Some("pdm.lock")),
    sentence("pdm", "Lock file hash doesn't match", "", Some("pdm.lock")),
    sentence("pdm", "Lock file does not exist", "", Some("pdm.lock")),
    sentence("pdm", "Lockfile is not up to date", "", Some("pdm.lock")),
    sentence("pdm", "No candidate is found for ", "", None),
    sentence("pdm", "No Python interpreter matching ", " is found", None),
    sentence("pdm", "WARNING: Lockfile hash doesn't match", "", Some("pdm.lock")),
    sentence("pdm", "WARNING: Lockfile does not exist", "", Some("pdm.lock")),
    sentence("pdm", "Unable to find a resolution", "", None),
    sentence("pipenv", "Your Pipfile.lock (", "out of date", Some("Pipfile.lock")),
    sentence("pipenv", "Pipfile.lock is out-of-date", "", Some("Pipfile.lock")),
    sentence("pipenv", "ERROR: No matching distribution found for ", "", None),
    sentence("conda", "PackagesNotFoundError: ", "", None),
    sentence("conda", "UnsatisfiableError: ", "", None),
    sentence("conda", "LibMambaUnsatisfiableError: ", "", None),
    sentence("conda", "ResolvePackageNotFound:", "", None),
    sentence("conda", "libmamba Could not solve for environment specs", "", None),
    sentence("conda", "SpecNotFound: ", "", None),
    sentence("conda", "EnvironmentFileNotFound: ", "", None),
    sentence("conda", "InvalidMatchSpec: ", "", None),
    sentence("conda", "CondaValueError: ", "", None),
];

fn read(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let failure = uv_resolution(section, index, line)
            .or_else(|| known_sentence(section, index, line))
            .or_else(|| poetry_version(section, line));
        if let Some(failure) = failure {
            found.at(section, index, failure);
        }
    }
}

fn plain(line: &str) -> &str {
    let line = line.trim().trim_start_matches("error    ").trim_start_matches("critical ");
    [
        "error: ",
        "Error: ",
        "[ResolutionImpossible]: ",
        "[CandidateNotFound]: ",
        "[NoPythonVersion]: ",
        "[PdmUsageError]: ",
    ]
    .iter()
    .find_map(|start| line.strip_prefix(start))
    .unwrap_or(line)
}

fn known_sentence(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let line = plain(line);
    let fits = |sentence: &&Sentence| {
        line.starts_with(sentence.begins) && line.contains(sentence.contains) && allowed(section, sentence.tool)
    };
    let sentence = SENTENCES.iter().find(fits)?;
    let path = sentence.file.and_then(repo_path);
    let subject = subject(line).or_else(|| conda_package(section, index, sentence.tool)).map(str::to_owned);
    let (code, message) = match line.split_once(": ") {
        Some((code, message)) if sentence.tool == "conda" => (Some(code.to_owned()), message),
        _ => (None, line),
    };
    Some(failure(Category::Dependency, sentence.tool, message).with_path(path).with_subject(subject).with_code(code))
}

/// The first package that conda lists below its sentence: `  - nothing provides requested zlib 1.2`, `  - zlib=1.2`.
fn conda_package<'a>(section: &Section<'a>, index: usize, tool: &str) -> Option<&'a str> {
    let listed = |next| section.line(next).trim_start().strip_prefix("- ");
    let text = (index + 1..index + 4).find_map(listed).filter(|_| tool == "conda")?;
    let text = text
        .strip_prefix("nothing provides requested ")
        .or_else(|| text.strip_prefix("nothing provides "))
        .unwrap_or(text);
    Some(name(text.rsplit("::").next().unwrap_or(text))).filter(|name| !name.is_empty())
}

/// pip's words are pipenv's only where pipenv was called.
fn allowed(section: &Section<'_>, tool: &str) -> bool {
    if tool == "pipenv" { section.ran.names(tool) && !section.ran.names("pip") } else { section.ran.allows(tool) }
}

/// What could not be had.
fn subject(line: &str) -> Option<&str> {
    let after = |start: &str| line.split_once(start).map(|(_, rest)| name(rest)).filter(|name| !name.is_empty());
    if let Some(rest) = line.strip_prefix("Package ") {
        return Some(name(rest));
    }
    after("No matching distribution found for ")
        .or_else(|| after(" depends on ").filter(|_| line.contains("doesn't match any versions")))
}

/// `No solution found when resolving dependencies`, with the reason in the next lines.
fn uv_resolution(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let at = line.find("No solution found when resolving ").filter(|_| section.ran.allows("uv"))?;
    let reason = section.line(index + 1).trim_start().trim_start_matches(['╰', '─', '▶', '>', ' ']);
    let reason = reason.strip_prefix("cause: ").unwrap_or(reason).trim_start();
    let subject = ["because there is no version of ", "Because there is no version of ", "Because only ", "Because "]
        .iter()
        .find_map(|start| reason.strip_prefix(start))
        .map(name)
        .filter(|name| !name.is_empty() && !matches!(*name, "the" | "your" | "there" | "we" | "you"));
    let message = if reason.starts_with("Because") { reason } else { line[at..].trim_end_matches(':') };
    Some(failure(Category::Dependency, "uv", message).with_subject(subject.map(str::to_owned)))
}

/// `Invalid version 'abc' on package po`: poetry cannot build what it is called in.
fn poetry_version(section: &Section<'_>, line: &str) -> Option<Failure> {
    let (_, package) = line.strip_prefix("Invalid version '")?.split_once("' on package ")?;
    section
        .ran
        .allows("poetry")
        .then(|| failure(Category::Build, "poetry", line).with_subject(Some(package.to_owned())))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn uv_without_a_solution() {
        for arrow in ["  cause: ", "  ╰─▶ "] {
            let log = format!(
                "  × No solution found when resolving dependencies:\n{arrow}Because there is no version of six==99.1 and you require six==99.1, we can conclude that your\n      requirements are unsatisfiable."
            );
            check(
                Some("uv pip install six==99.1"),
                &log,
                &[
                    "dependency uv Because there is no version of six==99.1 and you require six==99.1, we can conclude that your <six>",
                ],
            );
        }
        passes(Some("pytest"), "No solution found when resolving dependencies");
    }

    #[test]
    fn lock_files_out_of_date() {
        check(
            Some("uv sync --locked"),
            "Resolved 3 packages in 106ms\nerror: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.",
            &["dependency uv uv.lock The lockfile at `uv.lock` needs to be updated, but `--locked` was provided."],
        );
        check(
            Some("poetry install"),
            "pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.",
            &[
                "dependency poetry poetry.lock pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.",
            ],
        );
        check(
            Some("pipenv verify"),
            "Pipfile.lock is out-of-date. Run $ pipenv lock to update.",
            &["dependency pipenv Pipfile.lock Pipfile.lock is out-of-date. Run $ pipenv lock to update."],
        );
    }

    #[test]
    fn poetry_without_a_solution() {
        check(
            Some("poetry lock"),
            "Resolving dependencies...\n\nBecause po depends on six (99.0) which doesn't match any versions, version solving failed.",
            &[
                "dependency poetry Because po depends on six (99.0) which doesn't match any versions, version solving failed. <six>",
            ],
        );
        check(
            Some("poetry build"),
            "\nInvalid version 'abc' on package po",
            &["build poetry Invalid version 'abc' on package po <po>"],
        );
    }

    #[test]
    fn sentences_of_poetry_and_pdm() {
        check(
            Some("poetry install"),
            "Current Python version (3.11.7) is not allowed by the project (>=3.12).",
            &["dependency poetry Current Python version (3.11.7) is not allowed by the project (>=3.12)."],
        );
        check(
            Some("pdm install --frozen-lockfile"),
            "WARNING: Lockfile hash doesn't match pyproject.toml, packages may be outdated\n[CandidateNotFound]: No candidate is found for `six` that matches",
            &[
                "dependency pdm pdm.lock WARNING: Lockfile hash doesn't match pyproject.toml, packages may be outdated",
                "dependency pdm No candidate is found for `six` that matches",
            ],
        );
    }

    #[test]
    fn pipenv_speaks_with_the_words_of_pip() {
        let log = "Locking Failed!\nERROR: No matching distribution found for six==99.0";
        check(
            Some("pipenv lock"),
            log,
            &["dependency pipenv ERROR: No matching distribution found for six==99.0 <six>"],
        );
        check(
            Some("pipenv run pip install six"),
            log,
            &["dependency pip No matching distribution found for six==99.0 <six>"],
        );
    }

    #[test]
    fn conda_without_a_package() {
        for (log, expected) in [
            (
                "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - nosuch=1.2",
                "dependency conda PackagesNotFoundError The following packages are not available from current channels: <nosuch>",
            ),
            (
                "LibMambaUnsatisfiableError: Encountered problems while solving:\n  - nothing provides requested zlib ==1.2.13 h5eee18b_0\n",
                "dependency conda LibMambaUnsatisfiableError Encountered problems while solving: <zlib>",
            ),
            (
                "ResolvePackageNotFound: \n  - conda-forge::zlib=1.2.13\n",
                "dependency conda ResolvePackageNotFound: <zlib>",
            ),
            (
                "error    libmamba Could not solve for environment specs\n    The following package could not be installed\n    └─ nosuch   does not exist",
                "dependency conda libmamba Could not solve for environment specs",
            ),
        ] {
            check(Some("conda env create -f environment.yml"), log, &[expected]);
        }
    }
}
