//! What the options of check tools mean for their strictness.

/// How a difference in an option bears on strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearing {
    /// Having it makes the check weaker.
    Weakens,
    /// Having it makes the check stricter.
    Strengthens,
    /// Its number is a bar: lower is weaker.
    Bar,
    /// Its number is a tolerance: higher is weaker.
    Tolerance,
    /// Its value is a selection: narrower is weaker, and so is having one where there was none.
    Selects,
    /// Its value should be looked at when it changes.
    Matters,
    /// It does not bear on strictness.
    Neutral,
}

/// Options that take the next word as their value.
const VALUED: &[&str] = &[
    "--ignore",
    "--ignore-glob",
    "--deselect",
    "--select",
    "--extend-select",
    "--extend-ignore",
    "--exclude",
    "--extend-exclude",
    "--force-exclude",
    "--per-file-ignores",
    "--cov-report",
    "--cov-config",
    "--config",
    "--config-file",
    "--format",
    "--output-format",
    "--line-length",
    "--target-version",
    "--python-version",
    "--max-line-length",
    "--max-complexity",
    "--disable",
    "--enable",
    "--disable-error-code",
    "--enable-error-code",
    "--fail-under",
    "--cov-fail-under",
    "--rootdir",
    "--junitxml",
    "--durations",
    "--timeout",
    "--reruns",
    "--reruns-delay",
    "--maxfail",
    "--tb",
    "--dist",
    "--skip",
    "--ignore-words-list",
    "--ignore-words",
    "--hook-stage",
    "--confcutdir",
    "--import-mode",
    "--log-level",
    "--color",
    "--cov-context",
    "--rcfile",
    "--ignore-paths",
    "--ignore-patterns",
    "--settings",
    "--skip-glob",
    "--extend-skip",
    "--profile",
    "--cache-dir",
    "--python",
    "--package",
    "--cov-append",
    "--exclude-dir",
    "--omit",
    "--include",
    "--override-ini",
    "--only-rerun",
    "--files",
    "--from-ref",
    "--to-ref",
    "--follow-imports",
    "--start-directory",
    "--pattern",
    "--level",
    "--severity-level",
    "--confidence-level",
    "--tests",
    "--skips",
    "--ini",
    "--project",
    "--warn-unused-config",
];

/// Whether the option takes the next word as its value.
pub(super) fn is_valued(tool: &str, option: &str) -> bool {
    let short = match tool {
        "pytest" => matches!(option, "-k" | "-m" | "-p" | "-W" | "-c" | "-o" | "-n" | "-r"),
        "unittest" => matches!(option, "-k" | "-s" | "-p" | "-t"),
        "mypy" => matches!(option, "-p" | "-m" | "-c"),
        "tox" => matches!(option, "-e" | "-c" | "-f" | "-m" | "-p" | "-n"),
        "nox" => matches!(option, "-s" | "-e" | "-k" | "-t" | "-f" | "-p"),
        "black" | "isort" => matches!(option, "-l" | "-t" | "-s" | "-p"),
        "bandit" => matches!(option, "-c" | "-s" | "-x" | "-t" | "-b" | "-o" | "-f"),
        "codespell" => matches!(option, "-S" | "-L" | "-I" | "-x"),
        "pylint" => matches!(option, "-d" | "-e" | "-j"),
        "flake8" => matches!(option, "-j"),
        _ if tool.starts_with("make") => matches!(option, "-C" | "-f" | "-j"),
        _ => false,
    };
    short || VALUED.contains(&option)
}

/// Whether the word names a subcommand rather than an option or a value of the environment.
pub(super) fn is_word_of_subcommand(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && !word.contains('=')
}

/// How the option of the tool bears on strictness.
pub(super) fn bearing(tool: &str, option: &str, value: &str) -> Bearing {
    use Bearing::*;
    match (tool, option) {
        (_, "-W") => warning_filter(tool, value),
        (_, "-X") => Strengthens,
        ("pytest", "-k" | "-m") | ("unittest", "-k") | ("tox" | "nox", "-e" | "-s" | "-k" | "-f" | "-m" | "-t") => {
            Selects
        }
        ("unittest", "-p" | "--pattern") => Selects,
        ("pytest", "-p") if value.starts_with("no:") => plugin_off(value),
        ("pytest", "-o" | "--override-ini") => Matters,
        ("pytest", "-c")
        | (_, "--config" | "--config-file" | "--rcfile" | "--isolated" | "--settings" | "--rootdir") => Matters,
        ("pytest", "-n" | "-p" | "-r" | "-x" | "--maxfail" | "--exitfirst") => Neutral,
        ("pytest", "--disable-warnings" | "--disable-pytest-warnings") => Weakens,
        ("bandit", "-s" | "-x" | "--skips") | ("codespell", "-S" | "-L" | "-x") | ("pylint", "-d") => Weakens,
        ("bandit", "-ll" | "-lll" | "-ii" | "-iii") => Weakens,
        ("sphinx-build", "-n" | "-nW" | "--nitpicky") => Strengthens,
        ("ruff check" | "ruff format", "--no-cache") => Neutral,
        (
            "mypy",
            "--no-error-summary" | "--no-color-output" | "--no-pretty" | "--no-incremental" | "--no-site-packages",
        ) => Neutral,
        ("pytest", "--no-header" | "--no-summary" | "--no-showlocals") => Neutral,
        (
            "black" | "isort" | "ruff format" | "autoflake" | "yapf" | "docformatter",
            "--diff" | "-d" | "-c" | "--check-only" | "--check",
        ) => Strengthens,
        ("ruff check", "-e") => Weakens,
        ("mypy", "--follow-imports") if matches!(value, "skip" | "silent") => Weakens,
        ("ruff check", "--fix" | "--fix-only" | "--unsafe-fixes") => Matters,
        _ => by_name(option, value),
    }
}

fn by_name(option: &str, value: &str) -> Bearing {
    use Bearing::*;
    let weakening = [
        "--exit-zero",
        "--ignore",
        "--ignore-glob",
        "--extend-ignore",
        "--exclude",
        "--extend-exclude",
        "--force-exclude",
        "--per-file-ignores",
        "--extend-per-file-ignores",
        "--disable",
        "--disable-error-code",
        "--skip",
        "--skips",
        "--skip-glob",
        "--extend-skip",
        "--deselect",
        "--reruns",
        "--only-rerun",
        "--flake-runs",
        "--force-flaky",
        "--no-flaky-report",
        "--last-failed",
        "--lf",
        "--stepwise",
        "--sw",
        "--collect-only",
        "--co",
        "--setup-only",
        "--setup-plan",
        "--no-cov",
        "--noconftest",
        "--suppress-no-test-exit-code",
        "--continue-on-collection-errors",
        "--ignore-missing-imports",
        "--ignore-errors",
        "--omit",
        "--ignore-words-list",
        "--ignore-paths",
        "--ignore-patterns",
        "--no-strict-optional",
        "--skip-string-normalization",
        "--no-fail",
        "--no-error",
        "--warn-only",
        "--exclude-dir",
        "--testmon",
        "--disable-socket",
        "--ignore-vuln",
        "--add-ignore",
        "--extend-skip-glob",
        "--ignore-names",
        "--soft-fail",
        "--help",
        "--version",
        "--allow-prereleases",
        "--noqa-all",
        "--add-noqa",
        "--exitzero",
        "--no-check",
        "--show-files",
        "--show-settings",
        "--write-changes",
        "--ignore-regex",
    ];
    let strict = [
        "--check",
        "--check-only",
        "--strict",
        "--doctest-modules",
        "--doctest-glob",
        "--strict-markers",
        "--strict-config",
        "--all-files",
        "-a",
        "--exit-non-zero-on-fix",
        "--exit-non-zero-on-format",
        "--branch",
        "--cov",
        "--cov-branch",
        "--nitpicky",
        "--fail-on",
        "--fail-on-warning",
        "--enable",
        "--enable-error-code",
        "--runxfail",
        "--check-untyped-defs",
        "--extra-checks",
        "--extend-select",
        "--include-untested",
        "--disable-noqa",
        "--show-source-errors",
        "--warnings",
        "--error-on-warnings",
        "--require-hashes",
    ];
    match option {
        _ if weakening.contains(&option) => Weakens,
        _ if strict.contains(&option) => Strengthens,
        "--fail-under" | "--cov-fail-under" | "--min-confidence-bar" => Bar,
        "--max-line-length" | "--line-length" | "--max-complexity" | "--max-warnings" | "--min-confidence" => Tolerance,
        "--select" => Selects,
        "--follow-imports" if matches!(value, "skip" | "silent") => Weakens,
        "--target-version" | "--python-version" => Matters,
        _ if ["--allow-", "--no-strict", "--no-warn", "--no-check", "--no-disallow", "--implicit-"]
            .iter()
            .any(|it| option.starts_with(it)) =>
        {
            Weakens
        }
        _ if ["--disallow-", "--warn-", "--strict-", "--error-", "--fail-"].iter().any(|it| option.starts_with(it)) => {
            Strengthens
        }
        "$PYTHONWARNINGS" => warning_filter("pytest", value),
        "$PYTEST_ADDOPTS" => Matters,
        "$SKIP" => Weakens,
        _ => Neutral,
    }
}

fn warning_filter(tool: &str, value: &str) -> Bearing {
    match value.split(':').next().unwrap_or_default() {
        "error" => Bearing::Strengthens,
        "ignore" | "i" => Bearing::Weakens,
        "" if tool == "sphinx-build" => Bearing::Strengthens,
        _ => Bearing::Neutral,
    }
}

fn plugin_off(value: &str) -> Bearing {
    match value {
        "no:cacheprovider" | "no:sugar" | "no:xdist" | "no:randomly" | "no:terminal" | "no:pastebin"
        | "no:benchmark" => Bearing::Neutral,
        _ => Bearing::Weakens,
    }
}
