//! Documentation: Sphinx with warnings as errors, mkdocs in strict mode.

use super::Reader;
use super::found::{Found, Place, Refine, failure, finding, leading_number, located};
use super::pip::class;
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "Warning, treated as error:",
        "treated as errors",
        "build finished with problems",
        "Configuration error",
        "Extension error",
        "Theme error",
        "Application error",
        "Sphinx error",
        ") broken ",
        "WARNING: ",
        "ERROR: ",
        "Exception occurred:",
        "in strict mode",
        "in 'strict' mode",
        "Configuration Error",
        "Error: ",
        "Aborted with a configuration error!",
        "build succeeded.",
    ],
    read,
};

const TOOL: &str = "sphinx";

fn read(section: &Section<'_>, found: &mut Found) {
    if section.ran.allows(TOOL) {
        sphinx(section, found);
    }
    if section.ran.allows("mkdocs") {
        mkdocs(section, found);
    }
}

fn sphinx(section: &Section<'_>, found: &mut Found) {
    let strict = section.any(|line| line.trim_start().starts_with("build finished with problems"));
    let mut ended = false;
    for (index, line) in section.lines() {
        if line == "Warning, treated as error:" {
            found.add(section, index, index + 1, treated(section.line(index + 1)));
        } else if !ended && is_abort(line) {
            ended = true;
            aborted(section, index, line, found);
        } else if let Some(failure) = strict.then(|| typed(section, index, line)).flatten() {
            found.at(section, index, failure);
        }
        if let Some(failure) = broken_link(line) {
            found.at(section, index, failure);
        }
        found.passed |= line == "build succeeded.";
    }
    if found.here().is_empty() && section.failed && section.ran.names(TOOL) {
        quiet(section, found);
    }
}

/// With `-q` only the warnings are printed, and no word that they are treated as errors.
fn quiet(section: &Section<'_>, found: &mut Found) {
    if section.any(|line| line.starts_with("build succeeded")) {
        return;
    }
    for (index, line) in section.lines() {
        if let Some(failure) = typed(section, index, line) {
            found.at(section, index, failure);
        }
    }
}

/// `(docs/index: line   14) broken    https://x - reason` of the link checker, which also says `(line   14) broken`.
fn broken_link(line: &str) -> Option<Failure> {
    let (place, rest) = line.trim_start().strip_prefix('(')?.split_once(") broken ")?;
    let number = place.rsplit_once("line ").and_then(|(_, number)| number.trim().parse().ok());
    number.map(|_: u32| {
        let words: Vec<_> = rest.split_whitespace().collect();
        failure(Category::Documentation, TOOL, &words.join(" ")).with_code(Some("linkcheck".to_owned()))
    })
}

/// Whether a line says that the build could not begin.
fn is_abort(line: &str) -> bool {
    let line = line.trim_end_matches(['!', ':']);
    let (kind, _) = line.split_once(" (").filter(|_| line.ends_with(')')).unwrap_or((line, ""));
    matches!(
        kind,
        "Configuration error"
            | "Extension error"
            | "Theme error"
            | "Application error"
            | "Sphinx error"
            | "Exception occurred"
    )
}

/// `path:line:message` below `Warning, treated as error:`.
fn treated(line: &str) -> Failure {
    let Some((place, message)) = located(line) else {
        return failure(Category::Documentation, TOOL, line.trim_start_matches("WARNING: "));
    };
    let path = place.path.split(":docstring of ").next().unwrap_or(place.path);
    finding(
        Category::Documentation,
        TOOL,
        &Place { column: None, path, ..place },
        None,
        message.trim_start_matches([':', ' ']),
    )
}

/// A warning with its type, which stands behind the source that an error of docutils shows.
fn typed(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let mut failure = warning(line)?;
    let shown = (index + 1..index + 5).map(|next| section.line(next)).take_while(|next| warning(next).is_none());
    let of_source = shown.into_iter().any(|next| next.trim_end().ends_with(" [docutils]"));
    failure.code = failure.code.or_else(|| of_source.then(|| "docutils".to_owned()));
    Some(failure)
}

/// `path:line: WARNING: message [type]`, `path: WARNING: message`, `WARNING: message`, also behind progress.
fn warning(line: &str) -> Option<Failure> {
    let (at, mark) = ["WARNING: ", "ERROR: ", "SEVERE: ", "CRITICAL: "]
        .into_iter()
        .filter_map(|mark| line.find(mark).map(|at| (at, mark)))
        .min()?;
    let (place, text) = (line[..at].trim_end_matches([':', ' ']).trim_start(), &line[at + mark.len()..]);
    let (message, code) = match text.trim_end().strip_suffix(']').and_then(|text| text.rsplit_once(" [")) {
        Some((message, code))
            if code.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_' | b'-')) =>
        {
            (message, Some(code))
        }
        _ => (text, None),
    };
    let mut found = failure(Category::Documentation, TOOL, message);
    found.code = code.map(str::to_owned);
    let place = place.rsplit("... ").next().unwrap_or(place);
    let (path, number) = match place.rsplit_once(':').and_then(|(path, number)| Some((path, leading_number(number)?.0)))
    {
        Some((path, number)) => (path, Some(number)),
        None => (place, None),
    };
    let path = path.split(":docstring of ").next().unwrap_or(path);
    (place.is_empty() || path.contains('.')).then(|| found.with_path(repo_path(path)).with_line(number))
}

/// An error that ended the build before it began: the last exception and the last frame of the repository say why.
fn aborted(section: &Section<'_>, index: usize, line: &str, found: &mut Found) {
    let below = || section.lines().skip_while(move |(other, _)| *other <= index);
    let Some((last, (code, message))) = below().filter_map(|(index, line)| Some((index, class(line)?))).last() else {
        let message = below().map(|(_, line)| line.trim()).find(|line| !line.is_empty()).unwrap_or(line);
        return found.at(section, index, failure(Category::Documentation, TOOL, message));
    };
    let frame = below().filter_map(|(_, line)| frame(line)).last();
    let mut failure = failure(Category::Documentation, TOOL, message);
    failure.code = Some(code.to_owned());
    if let Some((path, line)) = frame {
        failure.path = repo_path(path);
        failure.line = failure.path.is_some().then_some(line);
    }
    found.add(section, index, last, failure);
}

/// The place of `  File "docs/conf.py", line 1, in <module>`, if it is in the repository.
fn frame(line: &str) -> Option<(&str, u32)> {
    let (path, rest) = line.trim_start().strip_prefix("File \"")?.split_once("\", line ")?;
    repo_path(path)?;
    Some((path, leading_number(rest)?.0))
}

fn mkdocs(section: &Section<'_>, found: &mut Found) {
    let strict = section.any(|line| {
        (line.starts_with("Aborted with ") || line.starts_with("Exited with "))
            && (line.contains("in strict mode") || line.contains("in 'strict' mode"))
    });
    let config = section
        .any(|line| line.starts_with("Aborted with ") && line.to_ascii_lowercase().contains(" configuration error"));
    if !strict && !config {
        return mkdocs_error(section, found);
    }
    for (index, line) in section.lines() {
        let Some((level, message)) =
            line.split_once(" - ").map(|(level, message)| (level.trim(), message.trim_start()))
        else {
            continue;
        };
        if level == "WARNING" && strict || level == "ERROR" {
            found.at(section, index, of_page(message));
        }
    }
}

/// `Error: Config file 'mkdocs.yml' does not exist.`, which ends a build before it begins.
fn mkdocs_error(section: &Section<'_>, found: &mut Found) {
    let error = |line| section.ran.names("mkdocs").then(|| str::strip_prefix(line, "Error: ")).flatten();
    if let Some((index, message)) = section.lines().find_map(|(index, line)| Some((index, error(line)?))) {
        let config = message.contains("onfig").then(|| repo_path("mkdocs.yml")).flatten();
        found.at(section, index, failure(Category::Documentation, "mkdocs", message).with_path(config));
    }
}

/// A warning of mkdocs, with the page if it names one.
fn of_page(message: &str) -> Failure {
    let page = message.split('\'').nth(1).filter(|page| message.starts_with("Doc file '") && page.ends_with(".md"));
    let path = page.and_then(|page| repo_path(&format!("docs/{page}")));
    failure(Category::Documentation, "mkdocs", message).with_path(path)
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    #[test]
    fn the_first_warning_ends_an_old_build() {
        let log =
            "Warning, treated as error:\n../README.rst:26:undefined label: foo\nThe command \"make\" exited with 2.";
        check(Some("make html"), log, &["documentation sphinx README.rst:26 undefined label: foo"]);
        check(None, log, &["documentation sphinx README.rst:26 undefined label: foo"]);
    }

    #[test]
    fn all_warnings_count_where_the_build_finished_with_problems() {
        let body = "docs/index.rst:6: ERROR: Unknown directive type \"foo\".\n\n.. foo:: [docutils]\nchecking consistency... docs/orphan.rst: WARNING: document isn't included in any toctree [toc.not_included]\nWARNING: html_static_path entry does not exist\n";
        let expected = [
            "documentation sphinx docutils docs/index.rst:6 Unknown directive type \"foo\".",
            "documentation sphinx toc.not_included docs/orphan.rst document isn't included in any toctree",
            "documentation sphinx html_static_path entry does not exist",
        ];
        check(
            Some("sphinx-build -W docs out"),
            &format!("{body}build finished with problems, 3 warnings (with warnings treated as errors)."),
            &expected,
        );
        passes(Some("sphinx-build docs out"), &format!("{body}build succeeded, 3 warnings."));
    }

    #[test]
    fn quiet_builds_and_docstrings() {
        let quiet = "/home/runner/work/d/d/lib.py:docstring of lib.f:5: WARNING: Unexpected indentation.\n/home/runner/work/d/d/docs/index.rst:2: WARNING: Title underline too short.";
        check(
            Some("sphinx-build -q -W --keep-going docs out"),
            quiet,
            &[
                "documentation sphinx lib.py:5 Unexpected indentation.",
                "documentation sphinx docs/index.rst:2 Title underline too short.",
            ],
        );
        passes(Some("make"), quiet);
        let first =
            "Warning, treated as error:\n/home/runner/work/d/d/lib.py:docstring of lib.f:5:Unexpected indentation.";
        check(Some("sphinx-build -W docs out"), first, &["documentation sphinx lib.py:5 Unexpected indentation."]);
    }

    #[test]
    fn links_that_are_broken() {
        let log = "(           index: line   14) broken    https://x.example/y - 404 Client Error: Not Found\n(           index: line   15) ok        https://x.example/\nbuild finished with problems.";
        check(
            Some("sphinx-build -b linkcheck docs out"),
            log,
            &["documentation sphinx linkcheck https://x.example/y - 404 Client Error: Not Found"],
        );
    }

    #[test]
    fn builds_that_cannot_begin() {
        for (log, expected) in [
            (
                "Extension error (sphinx.ext.autosummary):\nHandler <f> for event 'x' threw an exception",
                "Handler <f> for event 'x' threw an exception",
            ),
            ("Application error:\nCannot find source directory (/x)", "Cannot find source directory (/x)"),
            ("Sphinx error:\nBuilder name x not registered", "Builder name x not registered"),
        ] {
            check(Some("make html"), log, &[&format!("documentation sphinx {expected}")]);
        }
        let missing = "Error: Config file 'mkdocs.yml' does not exist.";
        check(
            Some("mkdocs build"),
            missing,
            &["documentation mkdocs mkdocs.yml Config file 'mkdocs.yml' does not exist."],
        );
    }

    #[test]
    fn errors_of_the_configuration() {
        let log = "Configuration error!\n\nTraceback\n=========\n\n    sphinx.errors.ConfigError: There is a programmable error in your configuration file:\n      File \"/opt/x/site-packages/sphinx/config.py\", line 597, in eval_config_file\n      File \"/home/runner/work/d/d/docs/conf.py\", line 1, in <module>\n        import demo\n    ModuleNotFoundError: No module named 'demo'\n";
        check(
            Some("sphinx-build docs out"),
            log,
            &["documentation sphinx ModuleNotFoundError docs/conf.py:1 No module named 'demo'"],
        );
    }

    #[test]
    fn mkdocs_in_strict_mode() {
        let log = "INFO    -  Building\nWARNING -  Doc file 'index.md' contains a link 'b.md', but the target is not found.\n\nAborted with 1 warnings in strict mode!";
        check(
            Some("mkdocs build --strict"),
            log,
            &[
                "documentation mkdocs docs/index.md Doc file 'index.md' contains a link 'b.md', but the target is not found.",
            ],
        );
        check(
            None,
            "WARNING - Doc file 'a/b.md' contains a link '../c.md',\n          but the target is not found.\nAborted with 1 warnings in strict mode!",
            &["documentation mkdocs docs/a/b.md Doc file 'a/b.md' contains a link '../c.md',"],
        );
        passes(Some("mkdocs build"), "WARNING -  Doc file 'index.md' contains a link 'b.md'");
        assert!(parse(Some("sphinx-build docs out"), "build succeeded.").passed);
    }
}
