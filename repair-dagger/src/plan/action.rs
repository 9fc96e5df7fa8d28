//! What well-known actions do to a machine.

use super::draft::Draft;
use super::image;
use repair_core::RepoPath;
use repair_fixers::workflow::{Given, JobStep};

/// Actions that do nothing to the machine that a check could see.
const IDLE: &[&str] = &[
    "actions/attest-build-provenance",
    "actions/cache",
    "actions/configure-pages",
    "actions/deploy-pages",
    "actions/dependency-review-action",
    "actions/labeler",
    "actions/upload-artifact",
    "actions/upload-pages-artifact",
    "codecov/codecov-action",
    "codecov/test-results-action",
    "coverallsapp/github-action",
    "dorny/test-reporter",
    "github/codeql-action",
    "jlumbroso/free-disk-space",
    "mikepenz/action-junit-report",
    "pypa/gh-action-pypi-publish",
    "step-security/harden-runner",
    "styfle/cancel-workflow-action",
];

/// Actions that check, and leave everything as it is.
const CHECKS: &[&str] = &[
    "astral-sh/ruff-action",
    "chartboost/ruff-action",
    "crate-ci/typos",
    "isort/isort-action",
    "jakebailey/pyright-action",
    "pre-commit/action",
    "psf/black",
    "pypa/gh-action-pip-audit",
    "tox-dev/action-pre-commit-uv",
    "zizmorcore/zizmor-action",
];

/// Adds what the action does.
pub(super) fn act(uses: &str, step: &JobStep, draft: &mut Draft<'_>) {
    let name = uses.split('@').next().unwrap_or(uses).to_ascii_lowercase();
    let given = |input: &str| step.with.get(input).and_then(Given::known).filter(|value| !value.trim().is_empty());
    let is_one_of = |list: &[&str]| list.iter().any(|one| name == *one || name.starts_with(&format!("{one}/")));
    match name.as_str() {
        "actions/checkout" => checkout(step, draft),
        "actions/setup-python" => {
            python(step, draft);
            if let Some(what) = given("pip-install") {
                draft.plan.steps.push(super::PlannedStep {
                    name: step.name.clone(),
                    command: format!("python -m pip install {what}"),
                    working_directory: None,
                    environment: Default::default(),
                    needs: super::needs::needs(&format!("pip install {what}"), None, draft.files),
                });
            }
        }
        "astral-sh/setup-uv" | "yezz123/setup-uv" => {
            python(step, draft);
            draft.install(&step.name, &requirement("uv", given("version").or(given("uv-version"))));
            if given("activate-environment") == Some("true") {
                draft.note(
                    "the environment that `setup-uv` activates is that of the image: `uv pip` needs `--system` there",
                );
                draft.plan.environment.insert("UV_SYSTEM_PYTHON".into(), "1".into());
            }
        }
        "snok/install-poetry" => poetry(step, draft),
        "abatilo/actions-poetry" => draft.install(&step.name, &requirement("poetry", given("poetry-version"))),
        "pdm-project/setup-pdm" => {
            python(step, draft);
            draft.install(&step.name, &requirement("pdm", given("version")));
        }
        "pypa/hatch" => draft.install(&step.name, &requirement("hatch", given("version"))),
        "wntrblm/nox" => draft.install(&step.name, "nox"),
        "awalsh128/cache-apt-pkgs-action" => {
            let packages = given("packages").unwrap_or_default().split_whitespace();
            draft.packages(packages.map(str::to_owned).collect());
        }
        _ if is_one_of(IDLE) => {}
        _ if is_one_of(CHECKS) => {
            draft.note(format!("the step `{}` is skipped: `{uses}` only checks, and changes nothing", step.name));
        }
        _ => draft.note(format!("the step `{}` is skipped: what `{uses}` does is not known here", step.name)),
    }
}

fn checkout(step: &JobStep, draft: &mut Draft<'_>) {
    let given = |input: &str| step.with.get(input).map(Given::text).filter(|value| !value.is_empty());
    if let Some(repository) = given("repository") {
        draft.note(format!("the checkout of `{repository}` is missing"));
    } else if let Some(path) = given("path").filter(|path| !matches!(*path, "." | "./")) {
        draft.note(format!("the job had the repository in the folder `{path}`, and here it is the top"));
    }
    if given("submodules").is_some_and(|wanted| wanted != "false") {
        draft.note("submodules are missing");
    }
}

/// The version of Python that the step asks for.
fn python(step: &JobStep, draft: &mut Draft<'_>) {
    let input = |name: &str| step.with.get(name);
    if let Some(Given::Open(written)) = input("python-version") {
        return draft.note(format!("the version of Python, `{written}`, cannot be evaluated here"));
    }
    let listed = input("python-version").and_then(Given::known).map(str::to_owned);
    let from_file = || {
        let file = RepoPath::new(input("python-version-file")?.known()?).ok()?;
        file_version(&file, draft.files.text(&file).ok()?)
    };
    let Some(listed) = listed.filter(|version| !version.trim().is_empty()).or_else(from_file) else { return };
    // Of several versions the last is the one that `python` runs.
    if let Some(version) = listed.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        draft.python = Some(version.to_owned());
    }
}

/// The version that a file names: `.python-version`, `.tool-versions`, `pyproject.toml`.
pub(super) fn file_version(file: &RepoPath, text: &str) -> Option<String> {
    match file.file_name() {
        "pyproject.toml" => {
            let project: toml_edit::DocumentMut = text.parse().ok()?;
            Some(project.get("project")?.get("requires-python")?.as_str()?.to_owned())
        }
        ".tool-versions" => text.lines().find_map(|line| Some(line.strip_prefix("python ")?.trim().to_owned())),
        _ => text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned),
    }
}

fn poetry(step: &JobStep, draft: &mut Draft<'_>) {
    let given = |input: &str| step.with.get(input).and_then(Given::known).filter(|value| !value.trim().is_empty());
    draft.install(&step.name, &requirement("poetry", given("version")));
    for (input, variable) in [
        ("virtualenvs-create", "POETRY_VIRTUALENVS_CREATE"),
        ("virtualenvs-in-project", "POETRY_VIRTUALENVS_IN_PROJECT"),
    ] {
        if let Some(value) = given(input) {
            draft.plan.environment.insert(variable.to_owned(), value.to_owned());
        }
    }
}

/// What pip is told to install `name` in this version.
fn requirement(name: &str, version: Option<&str>) -> String {
    let version = version.map(str::trim).filter(|version| !version.is_empty() && !version.contains("latest"));
    match version {
        None => name.to_owned(),
        Some(version) if version.starts_with(['<', '>', '=', '~', '!']) => format!("{name}{version}"),
        Some(version) => match version.strip_suffix(".x").or(version.strip_suffix(".*")) {
            Some(series) => format!("{name}=={series}.*"),
            None => format!("{name}=={}", version.trim_start_matches('v')),
        },
    }
}

/// The image for what is known of Python, with what is to be said of it.
pub(super) fn image_of(version: Option<&str>) -> (String, Option<String>) {
    if let Some(version) = version {
        return image::of_version(version);
    }
    let (image, _) = image::of_version("3");
    let note = format!("nothing says which Python the job had: `{image}` is a guess");
    (image, Some(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_tools_become_requirements() {
        assert_eq!(requirement("uv", None), "uv");
        assert_eq!(requirement("uv", Some("latest")), "uv");
        assert_eq!(requirement("uv", Some("0.5.x")), "uv==0.5.*");
        assert_eq!(requirement("uv", Some(">=0.4")), "uv>=0.4");
        assert_eq!(requirement("poetry", Some("v1.8.3")), "poetry==1.8.3");
    }

    #[test]
    fn files_name_versions() {
        let version = |name: &str, text| file_version(&RepoPath::new(name).unwrap(), text);
        assert_eq!(version(".python-version", "# mine\n3.12.1\n3.11\n").as_deref(), Some("3.12.1"));
        assert_eq!(version(".tool-versions", "nodejs 20\npython 3.10.2\n").as_deref(), Some("3.10.2"));
        assert_eq!(version("pyproject.toml", "[project]\nrequires-python = '>=3.9'\n").as_deref(), Some(">=3.9"));
    }
}
