use super::*;
use repair_core::Ruling;
use repair_core::testing::objections;

fn ruling(before: &str, after: &str) -> Ruling {
    let source = "\n#- src/a.py\n#- src/old/b.py\n#- tests/test_a.py\n";
    Ruling::of(&objections(&Configuration, &format!("{before}{source}"), &format!("{after}{source}")))
}

#[track_caller]
fn refused(before: &str, after: &str) {
    assert_eq!(ruling(before, after), Ruling::Refuse, "{before} => {after}");
}

#[track_caller]
fn allowed(before: &str, after: &str) {
    assert_eq!(ruling(before, after), Ruling::Allow, "{before} => {after}");
}

fn toml(tool: &str, lines: &str) -> String {
    format!("#- pyproject.toml\n[tool.{tool}]\n{lines}\n")
}

#[test]
fn lint_rules_must_not_go() {
    let ruff = |lines: &str| toml("ruff.lint", lines);
    refused(&ruff("select = ['E', 'F', 'B']"), &ruff("select = ['E', 'F']"));
    refused(&ruff("select = ['E']"), &ruff("select = ['E']\nignore = ['E722']"));
    refused(&ruff("select = ['E', 'F']"), &ruff("select = ['E4', 'F']"));
    refused(&ruff("x = 1"), &ruff("select = ['F']"));
    refused(&ruff("x = 1"), &ruff("per-file-ignores = {'src/a.py' = ['E722']}"));
    refused("#- .flake8\n[flake8]\nignore = E1\n", "#- .flake8\n[flake8]\nignore = E1, E2\n");
    refused("#- .flake8\n[flake8]\nmax-complexity = 5\n", "#- .flake8\n[flake8]\nmax-complexity = 50\n");
    refused("#- .flake8\n[flake8]\nx = 5\n", "#- .flake8\n[flake8]\nper-file-ignores =\n  src/*: E2\n");
    refused("#- .pylintrc\n[MAIN]\nx=1\n", "#- .pylintrc\n[MESSAGES CONTROL]\ndisable=no-member\n");
    refused(&toml("bandit", "skips = []"), &toml("bandit", "skips = ['B101']"));
}

#[test]
fn lint_rules_may_come_or_be_written_otherwise() {
    let ruff = |lines: &str| toml("ruff.lint", lines);
    allowed(&ruff("select = ['E', 'F']"), &ruff("select = ['F', 'E', 'B']"));
    allowed(&ruff("select = ['E', 'F']"), &ruff("select = ['ALL']"));
    allowed(&ruff("ignore = ['E501', 'E7']"), &ruff("ignore = ['E7']"));
    allowed(&ruff("ignore = ['E7']"), &ruff("ignore = ['E722']"));
    allowed(&ruff("x = 1"), &ruff("per-file-ignores = {'nowhere.py' = ['E722']}"));
    allowed(&toml("ruff", "select = ['E', 'F']"), &ruff("select = ['E', 'F']"));
    allowed(&ruff("select = ['E', 'ANN101']"), &ruff("select = ['E']"));
}

#[test]
fn files_must_not_be_left_out() {
    refused(&toml("ruff", "x = 1"), &toml("ruff", "extend-exclude = ['src/old']"));
    refused(&toml("black", "x = 1"), &toml("black", "extend-exclude = '''\n/(\n  old\n)/\n'''"));
    refused(&toml("mypy", "x = 1"), &toml("mypy", "exclude = ['^src/old/']"));
    refused(&toml("mypy", "files = ['src', 'tests']"), &toml("mypy", "files = ['tests']"));
    refused(&toml("coverage.run", "x = 1"), &toml("coverage.run", "omit = ['src/old/*']"));
    allowed(&toml("ruff", "x = 1"), &toml("ruff", "extend-exclude = ['build']"));
    allowed(&toml("ruff", "exclude = ['src/old', 'build']"), &toml("ruff", "exclude = ['src/old']"));
}

#[test]
fn a_new_file_that_shadows_the_old_one_is_judged_by_what_is_in_force() {
    let old = toml("ruff.lint", "select = ['E', 'F', 'B']");
    refused(&old, &format!("{old}#- ruff.toml\n[lint]\nselect = ['E']\n"));
    refused(&old, &format!("{old}#- src/ruff.toml\n[lint]\nignore = ['E722']\n"));
    allowed(&old, &format!("{old}#- src/ruff.toml\nextend = '../pyproject.toml'\n[lint]\nextend-select = ['I']\n"));
    let old = toml("pytest.ini_options", "filterwarnings = ['error']");
    refused(&old, &format!("{old}#- pytest.ini\n[pytest]\n"));
    allowed("#- setup.cfg\n[tool:pytest]\nxfail_strict = true\n", &toml("pytest.ini_options", "xfail_strict = true"));
}

#[test]
fn the_bars_of_coverage_and_types_must_not_be_lowered() {
    refused("#- .coveragerc\n[report]\nfail_under = 90\n", "#- .coveragerc\n[report]\nfail_under = 80\n");
    refused("#- .coveragerc\n[report]\nfail_under = 90\n", "#- .coveragerc\n[report]\n");
    refused("#- .coveragerc\n[report]\nx = 9\n", "#- .coveragerc\n[report]\nexclude_lines =\n  except\n");
    allowed("#- .coveragerc\n[report]\nfail_under = 80\n", "#- .coveragerc\n[report]\nfail_under = 90\n");
    refused(&toml("mypy", "strict = true"), &toml("mypy", "strict = false"));
    refused(&toml("mypy", "strict = true"), &toml("mypy", "x = 1"));
    refused(&toml("mypy", "x = 1"), &toml("mypy", "disable_error_code = ['arg-type']"));
    refused("#- mypy.ini\n[mypy]\n", "#- mypy.ini\n[mypy]\n[mypy-a.*]\nignore_errors = True\n");
    refused("#- pyrightconfig.json\n{\"reportX\": \"error\"}\n", "#- pyrightconfig.json\n{\"reportX\": \"warning\"}\n");
    allowed(&toml("mypy", "x = 1"), &toml("mypy", "strict = true"));
}

#[test]
fn the_test_run_must_not_be_narrowed() {
    let pytest = |lines: &str| toml("pytest.ini_options", lines);
    for options in
        ["--ignore=tests/a.py", "-k 'not x'", "--deselect=a", "-p no:warnings", "--reruns 3", "-W ignore", "--co"]
    {
        refused(&pytest("x = 1"), &pytest(&format!("addopts = \"{options}\"")));
    }
    refused(&pytest("addopts = '--strict-markers -W error'"), &pytest("addopts = ''"));
    refused(&pytest("x = 1"), &pytest("filterwarnings = ['ignore::DeprecationWarning']"));
    refused(&pytest("filterwarnings = ['error']"), &pytest("filterwarnings = ['error', 'default::X']"));
    refused(&pytest("filterwarnings = ['error']"), &pytest("x = 1"));
    refused(&pytest("x = 1"), &pytest("python_functions = ['check_*']"));
    allowed(&pytest("x = 1"), &pytest("python_functions = ['test_*', 'test', 'check_*']"));
    refused(&pytest("xfail_strict = true"), &pytest("xfail_strict = false"));
    for options in ["-q -ra", "--import-mode=importlib", "-n auto", "--strict-markers", "-x"] {
        allowed(&pytest("x = 1"), &pytest(&format!("addopts = \"{options}\"")));
    }
    allowed(&pytest("filterwarnings = ['error::X']"), &pytest("filterwarnings = ['error']"));
}

#[test]
fn a_file_that_became_unreadable_is_refused() {
    refused(&toml("ruff", "x = 1"), "#- pyproject.toml\n[tool.ruff\n");
}
