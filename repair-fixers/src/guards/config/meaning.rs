//! What a setting means for the strictness of its tool.

/// How a change of a setting bears on strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A list of rules or messages that are switched off: more is weaker.
    Ignored,
    /// A list of rules that are switched on: fewer is weaker.
    Selected,
    /// Patterns of paths that are left out: more files is weaker.
    Excluded,
    /// Paths or patterns that are looked at: fewer files is weaker.
    Included,
    /// Ignored rules by path, as `path: codes` or as a table.
    IgnoredPerFile,
    /// A bar: lower is weaker.
    Bar,
    /// A tolerance: higher is weaker.
    Tolerance,
    /// A switch that makes the check stricter.
    Strict,
    /// A switch that makes the check weaker.
    Lax,
    /// Warning filters.
    Filters,
    /// Arguments of pytest.
    Arguments,
    /// What pytest collects; judged as a whole elsewhere.
    Collection,
    /// A change should be looked at.
    Matters,
    /// Where a list of names grows, a person should look.
    Names,
    /// It does not bear on strictness.
    Neutral,
}

/// What `key` of `tool` means.
pub(super) fn meaning(tool: &str, key: &str) -> Meaning {
    use Meaning::*;
    let last = key.rsplit('.').next().unwrap_or(key);
    match tool {
        "pytest" => pytest(last),
        "mypy" => mypy(key, last),
        "coverage" => coverage(last),
        "tox" => match last {
            "ignore-outcome" | "ignore-errors" | "skip-install-checks" => Lax,
            "envlist" | "env-list" => Selected,
            "setenv" | "set-env" => Matters,
            _ => Neutral,
        },
        "codespell" => match last {
            "skip" => Excluded,
            "ignore-words-list" | "ignore-regex" | "uri-ignore-words-list" => Names,
            "check-filenames" | "check-hidden" => Strict,
            _ => Neutral,
        },
        "pyright" | "basedpyright" => pyright(last),
        "codecov" => match last {
            "target" => Bar,
            "threshold" => Tolerance,
            "ignore" => Excluded,
            "informational" => Lax,
            _ => Neutral,
        },
        "black" | "isort" | "ruff" | "flake8" | "pylint" | "bandit" | "pycodestyle" | "pydocstyle" => {
            linter(tool, key, last)
        }
        "hatch" | "poetry" | "setuptools" | "build-system" | "pdm" | "uv" | "ci-repair" | "towncrier"
        | "cibuildwheel" => Neutral,
        _ => generic(last),
    }
}

fn pytest(key: &str) -> Meaning {
    use Meaning::*;
    match key {
        "addopts" => Arguments,
        "filterwarnings" => Filters,
        "testpaths" | "python-files" | "python-classes" | "python-functions" | "norecursedirs" => Collection,
        "xfail-strict" | "strict" | "strict-markers" | "strict-config" | "strict-parametrization-ids" => Strict,
        "reruns" | "flake-finder" => Tolerance,
        "timeout" | "required-plugins" | "env" | "usefixtures" | "empty-parameter-set-mark" => Matters,
        "doctest-optionflags" | "doctest-plus" => Names,
        _ => Neutral,
    }
}

fn mypy(key: &str, last: &str) -> Meaning {
    use Meaning::*;
    match last {
        "ignore-missing-imports" if key.starts_with("overrides[") => Matters,
        "ignore-errors" | "ignore-missing-imports" | "implicit-reexport" | "implicit-optional" => Lax,
        "disable-error-code" => Ignored,
        "enable-error-code" => Selected,
        "exclude" => Excluded,
        "files" | "packages" | "modules" => Included,
        "follow-imports" | "plugins" | "python-version" | "follow-untyped-imports" => Matters,
        "strict"
        | "check-untyped-defs"
        | "extra-checks"
        | "local-partial-types"
        | "no-implicit-optional"
        | "no-implicit-reexport" => Strict,
        _ if ["disallow-", "warn-", "strict-"].iter().any(|start| last.starts_with(start)) => Strict,
        _ if ["allow-", "no-strict", "no-warn"].iter().any(|start| last.starts_with(start)) => Lax,
        _ => Neutral,
    }
}

fn coverage(key: &str) -> Meaning {
    use Meaning::*;
    match key {
        "fail-under" => Bar,
        "omit" => Excluded,
        "exclude-lines" | "exclude-also" | "partial-branches" | "partial-also" | "disable-warnings" => Ignored,
        "source" | "include" | "source-pkgs" | "source-dirs" => Included,
        "branch" => Strict,
        "ignore-errors" => Lax,
        "precision" | "concurrency" | "plugins" => Matters,
        _ => Neutral,
    }
}

fn pyright(key: &str) -> Meaning {
    use Meaning::*;
    match key {
        "exclude" | "ignore" => Excluded,
        "include" | "strict" => Included,
        "typeCheckingMode" | "pythonVersion" => Matters,
        _ if key.starts_with("report") => Strict,
        _ if key.starts_with("strict") || key.starts_with("enable") => Strict,
        _ => Neutral,
    }
}

fn linter(tool: &str, key: &str, last: &str) -> Meaning {
    use Meaning::*;
    match (tool, last) {
        ("ruff", _) if key.starts_with("per-file-ignores") || key.starts_with("extend-per-file-ignores") => {
            IgnoredPerFile
        }
        ("ruff", "external" | "unfixable" | "extend-safe-fixes" | "fixable" | "exit-non-zero-on-fix") => Neutral,
        ("ruff", "dummy-variable-rgx" | "allowed-confusables" | "preview" | "builtins" | "exit-zero") => Matters,
        ("ruff", "exclude") if key.starts_with("format.") => Excluded,
        ("flake8" | "pycodestyle", "per-file-ignores") => IgnoredPerFile,
        ("flake8", "disable-noqa") => Strict,
        ("flake8", "builtins") => Names,
        ("pylint", "ignore" | "ignore-paths" | "ignore-patterns") => Excluded,
        ("pylint", "ignored-modules" | "ignored-classes" | "generated-members" | "good-names" | "good-names-rgxs") => {
            Names
        }
        ("pylint", "load-plugins" | "fail-on") => Selected,
        ("pylint", "min-similarity-lines") => Tolerance,
        ("bandit", "skips") => Ignored,
        ("bandit", "tests") => Selected,
        ("pydocstyle", "convention" | "match" | "match-dir") => Matters,
        ("black" | "isort", "line-length" | "profile" | "target-version") => Neutral,
        _ => generic(last),
    }
}

/// By the names that many tools share.
fn generic(key: &str) -> Meaning {
    use Meaning::*;
    match key {
        "ignore" | "extend-ignore" | "disable" | "add-ignore" | "skips" | "disabled" | "ignore-rules"
        | "disable-error-code" => Ignored,
        "select" | "extend-select" | "enable" | "enable-extensions" | "add-select" | "enabled" => Selected,
        "exclude" | "extend-exclude" | "force-exclude" | "skip" | "extend-skip" | "skip-glob" | "extend-skip-glob"
        | "exclude-dirs" | "excludes" | "omit" | "exclude-files" | "ignore-paths" => Excluded,
        "include" | "extend-include" | "filename" | "files" | "src-paths" => Included,
        "fail-under" | "fail-below" | "minimum" => Bar,
        "max-line-length" | "max-complexity" | "line-length" | "max-doc-length" => Tolerance,
        "ignore-names" | "ignored-names" | "ignore-missing" | "ignore-unused" => Names,
        "exit-zero" | "soft-fail" | "ignore-errors" | "ignore-init-module" | "ignore-magic" | "ignore-private" => Lax,
        "strict" | "fail-on-warning" => Strict,
        _ if key.starts_with("max-") => Tolerance,
        _ if key.starts_with("per-file-ignores") => IgnoredPerFile,
        _ => Neutral,
    }
}
