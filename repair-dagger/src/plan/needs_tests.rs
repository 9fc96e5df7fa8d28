use super::*;
use repair_core::testing::Fixture;

const PACKAGE: &str = "[project]\nname = \"x\"\n[build-system]\nrequires = [\"hatchling\"]\n";

fn of(project: &str, script: &str, folder: Option<&str>) -> Option<String> {
    let text = format!(
        "#- requirements.txt\npytest\n#- dev/requirements.txt\n-r ../requirements.txt\n#- own.txt\n-e .\n#- uv.lock\n\n\
         #- poetry.lock\n\n#- pdm.lock\n\n#- Pipfile\nx = '*'\n#- scripts/ci.sh\n\n#- setup.py\n\n#- pyproject.toml\n{project}"
    );
    needs(script, folder, &Fixture::new(&text).snapshot).map(|files| files.join(" "))
}

fn with(project: &str, script: &str) -> Option<String> {
    of(project, script, None)
}

fn found(script: &str) -> Option<String> {
    with(PACKAGE, script)
}

#[test]
fn pip_needs_the_files_that_it_is_given() {
    for (script, wanted) in [
        ("pip install pytest 'coverage[toml]>=7'", ""),
        ("python -m pip install --upgrade pip wheel\npip install -r requirements.txt", "requirements.txt"),
        ("sudo pip3 install -rdev/requirements.txt", "dev/requirements.txt requirements.txt"),
        ("pip install --requirement=requirements.txt --index-url https://x/simple", "requirements.txt"),
        ("uv pip install --system -r requirements.txt", "pyproject.toml requirements.txt"),
        ("pip install --group dev", "pyproject.toml"),
        ("pip install git+https://github.com/a/b", ""),
        ("pip list && pip --version; python --version", ""),
        ("if [ -f requirements.txt ]; then pip install -r requirements.txt; fi", "requirements.txt"),
    ] {
        assert_eq!(found(script).as_deref(), Some(wanted), "{script}");
    }
}

#[test]
fn what_installs_the_project_needs_all_of_it() {
    for script in [
        "pip install -e .",
        "pip install .",
        "pip install '.[test]'",
        "pip install ./libs/a",
        "pip install -r own.txt",
        "pip install -r $FILE",
        "pip install -r missing.txt",
        "pip install dist/*.whl",
        "pipx install .",
        "python setup.py develop",
        "make install",
        "./scripts/ci.sh",
        "bash scripts/ci.sh",
        "cd dev && pip install pytest",
        "xargs pip install < requirements.txt",
        "tox --notest",
        "hatch env create",
        "nox --install-only",
    ] {
        assert_eq!(found(script), None, "{script}");
    }
}

#[test]
fn project_managers_need_manifest_and_lock_if_they_leave_the_project_out() {
    for (script, wanted) in [
        ("uv sync --locked --no-install-project", Some("pyproject.toml uv.lock")),
        ("uv sync --locked", None),
        ("uv venv && uv tool install ruff", Some("")),
        ("poetry install --no-root --with dev", Some("poetry.lock pyproject.toml")),
        ("poetry install", None),
        ("pipx install poetry\npoetry config virtualenvs.create false", Some("pyproject.toml")),
        ("pdm sync --no-self -G test", Some("pdm.lock pyproject.toml")),
        ("pdm install", None),
        ("pipenv sync --dev", Some("Pipfile")),
    ] {
        assert_eq!(found(script).as_deref(), wanted, "{script}");
    }
}

#[test]
fn projects_that_are_no_packages_are_left_out_by_themselves() {
    let locked = Some("pyproject.toml uv.lock");
    assert_eq!(with("[project]\nname = \"x\"\n", "uv sync").as_deref(), locked);
    assert_eq!(with("[project]\nname = \"x\"\n[tool.uv]\npackage = true\n", "uv sync"), None);
    assert_eq!(
        with("[tool.poetry]\npackage-mode = false\n", "poetry install").as_deref(),
        Some("poetry.lock pyproject.toml")
    );
    let local = "[tool.uv.sources]\na = { path = \"libs/a\" }\n";
    assert_eq!(with(local, "uv sync --no-install-project"), None);
    assert_eq!(with("[tool.uv.workspace]\nmembers = [\"a\"]\n", "uv sync"), None);
    assert_eq!(with("broken = [", "uv sync --no-install-project"), None);
}

#[test]
fn paths_are_relative_to_the_folder() {
    assert_eq!(
        of("", "pip install -r requirements.txt", Some("dev")).as_deref(),
        Some("dev/requirements.txt requirements.txt")
    );
    assert_eq!(of("", "pip install -r ../requirements.txt", Some("dev/")).as_deref(), Some("requirements.txt"));
    assert_eq!(of("", "pip install pytest", Some("dev")), None, "the folder itself is needed");
}
