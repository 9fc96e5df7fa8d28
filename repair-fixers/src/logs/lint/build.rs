//! Builders: build, hatch, setuptools, twine, cibuildwheel.

use super::Reader;
use super::found::{Found, Refine, failure};
use super::pip::class;
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "ERROR Backend subprocess exited",
        "does not appear to be a Python project",
        "would not be rendered on PyPI",
        "syntax errors in markup",
        "ERROR InvalidDistribution",
        "HTTPError: ",
        "cibuildwheel: ",
        "── wheel ─",
        "── sdist ─",
        "The build backend returned an error",
        "Build backend failed to ",
        "ERROR Backend '",
        "ERROR Missing dependencies",
        "ERROR Unmet dependencies",
        "ERROR Failed to parse ",
        "ERROR Failed to validate ",
    ],
    read,
};

fn read(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let failure = twine(section, index, line).or_else(|| no_project(line)).or_else(|| cibuildwheel(line));
        if let Some(failure) = failure.filter(|failure| section.ran.allows(&failure.tool)) {
            found.at(section, index, failure);
        }
    }
    if let Some((tool, index)) = backend(section)
        && !found.has("gcc")
    {
        backend_failure(section, tool, index, found);
    }
}

/// The builder that failed, and where it says so or began.
fn backend(section: &Section<'_>) -> Option<(&'static str, usize)> {
    let line = |wanted: fn(&str) -> bool| section.lines().find(|(_, line)| wanted(line)).map(|(index, _)| index);
    if let Some(index) = line(|line| line.starts_with("ERROR Backend subprocess exited")) {
        return Some(("build", index));
    }
    if let Some(index) = line(|line| {
        line.ends_with("The build backend returned an error") || line.contains(": Build backend failed to ")
    })
    .filter(|_| section.ran.allows("uv"))
    {
        return Some(("uv", index));
    }
    let rule = |line: &str| line.starts_with("──") && (line.contains(" wheel ─") || line.contains(" sdist ─"));
    let traceback = section.any(|line| line.starts_with("Traceback (most recent call last):"));
    let started = section.lines().find(|(_, line)| rule(line))?.0;
    (traceback && section.ran.allows("hatch")).then_some(("hatch", started))
}

/// The exception that ended the backend, or else the sentence about it.
fn backend_failure(section: &Section<'_>, tool: &str, index: usize, found: &mut Found) {
    let exception = section.lines().filter_map(|(index, line)| Some((index, class(line)?))).last();
    let (at, failure) = match exception {
        Some((at, (code, message))) => (at, failure(Category::Build, tool, message).with_code(Some(code.to_owned()))),
        None => {
            let (at, text) = complaint(section).unwrap_or((index, told(section.line(index))));
            (at, failure(Category::Build, tool, text))
        }
    };
    found.add(section, at.min(index), at.max(index), failure);
}

/// The last `error: message` of a build script, which is not the builder's own.
fn complaint<'a>(section: &Section<'a>) -> Option<(usize, &'a str)> {
    let own = ["Failed to ", "The build backend", "Build backend", "subprocess-exited"];
    let message = |line: &'a str| line.trim_start().strip_prefix("error: ");
    let messages = section.lines().filter_map(|(index, line)| Some((index, message(line)?)));
    messages.filter(|(_, text)| !own.iter().any(|start| text.starts_with(start))).last()
}

/// A sentence of a builder without the marks before it.
fn told(line: &str) -> &str {
    let line = line.trim_start().trim_start_matches("ERROR ").trim_start_matches(['×', '├', '╰', '─', '▶', ' ']);
    line.trim_start_matches("error: ").trim_start_matches("cause: ").trim_start_matches("Caused by: ")
}

/// What build refuses to begin with: `ERROR Source docs does not appear to be a Python project: no pyproject.toml or setup.py`
fn no_project(line: &str) -> Option<Failure> {
    let message = line.strip_prefix("ERROR ")?;
    let refused =
        ["Backend '", "Missing dependencies", "Unmet dependencies", "Failed to parse ", "Failed to validate "];
    let ours = message.starts_with("Source ") && message.contains(" does not appear to be a Python project")
        || refused.iter().any(|start| message.starts_with(start));
    ours.then(|| failure(Category::Build, "build", message))
}

/// A long description that the index would not show, an upload that it refused.
fn twine(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let text = line.strip_prefix("ERROR")?.trim_start();
    if text.starts_with("`long_description` has syntax errors in markup") {
        let detail =
            (index + 1..index + 4).map(|next| section.line(next).trim()).find(|line| line.starts_with("line "));
        return Some(failure(Category::Build, "twine", detail.unwrap_or(text)));
    }
    let (code, message) =
        text.split_once(": ").filter(|(code, _)| matches!(*code, "HTTPError" | "InvalidDistribution"))?;
    Some(failure(Category::Build, "twine", message).with_code(Some(code.to_owned())))
}

/// `cibuildwheel: error: Command … failed with code 1.`
fn cibuildwheel(line: &str) -> Option<Failure> {
    let message = line.strip_prefix("cibuildwheel: ")?;
    let message = message.strip_prefix("error: ").unwrap_or(message);
    Some(failure(Category::Build, "cibuildwheel", message))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn backends_that_fail() {
        let log = "* Building wheel...\nTraceback (most recent call last):\n  File \"x.py\", line 1\nValueError: Unable to determine which files to ship\n\nERROR Backend subprocess exited when trying to invoke build_wheel";
        check(Some("python -m build"), log, &["build build ValueError Unable to determine which files to ship"]);
        let hatch = "──────── sdist ────────\ndist/x.tar.gz\n──────── wheel ────────\nTraceback (most recent call last):\nValueError: Unable to determine which files to ship";
        check(Some("hatch build"), hatch, &["build hatch ValueError Unable to determine which files to ship"]);
        passes(Some("hatch build"), "──────── sdist ────────\ndist/x.tar.gz");
    }

    #[test]
    fn what_setuptools_complains_of() {
        let flat = "error: Multiple top-level packages discovered in a flat-layout: ['aaa', 'bbb'].";
        let uv = format!(
            "  × Failed to build `multi`\n  ├─▶ The build backend returned an error\n  ╰─▶ Call to `x` failed (exit status: 1)\n\n      [stderr]\n      {flat}\n      To avoid this, setuptools will not proceed\n"
        );
        let message = flat.strip_prefix("error: ").unwrap();
        check(Some("uv pip install ."), &uv, &[&format!("build uv {message}")]);
        let build = format!(
            "* Getting build dependencies for sdist...\n{flat}\n\nERROR Backend subprocess exited when trying to invoke get_requires_for_build_sdist"
        );
        check(Some("python -m build"), &build, &[&format!("build build {message}")]);
    }

    #[test]
    fn no_project_and_bad_descriptions() {
        check(
            Some("python -m build docs"),
            "ERROR Source docs does not appear to be a Python project: no pyproject.toml or setup.py",
            &["build build Source docs does not appear to be a Python project: no pyproject.toml or setup.py"],
        );
        let twine = "Checking dist/x.whl: FAILED\nERROR    `long_description` has syntax errors in markup and would not be\n         rendered on PyPI.\n         line 4: Error: Unknown directive type \"foo\".";
        check(Some("twine check dist/*"), twine, &["build twine line 4: Error: Unknown directive type \"foo\"."]);
        check(
            Some("twine upload dist/*"),
            "ERROR    HTTPError: 403 Forbidden from https://x",
            &["build twine HTTPError 403 Forbidden from https://x"],
        );
    }
}
