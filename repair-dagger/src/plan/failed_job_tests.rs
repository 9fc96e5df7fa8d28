use super::*;
use crate::plan::Forward;
use repair_core::testing::Fixture;
use repair_fixers::workflow;

/// The plan for the job `test` with these lines, whose last step is `pytest`.
fn plan_in(files: &str, job: &str, steps: &str) -> Plan {
    let steps = format!("{steps}\n- run: pytest\n- run: echo later");
    let indented: String = steps.trim().lines().map(|line| format!("      {line}\n")).collect();
    let job: String = job.trim().lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("jobs:\n  test:\n{job}    steps:\n{indented}");
    let job = workflow::job(&text, "test", &|_| None, &BTreeMap::new()).unwrap_or_else(|| panic!("{text}"));
    FailedJob::new(&job, &Fixture::new(files).snapshot).command("pytest").plan()
}

fn plan(steps: &str) -> Plan {
    plan_in("#- requirements.txt\npytest\n", "runs-on: ubuntu-latest", steps)
}

fn commands(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.command.as_str()).collect()
}

#[test]
fn a_usual_job_becomes_an_image_packages_and_steps() {
    let plan = plan(
        "
- uses: actions/checkout@v4
- uses: actions/setup-python@v5
  with: {python-version: '3.11', cache: pip}
- run: sudo apt-get update && sudo apt-get install -y libpq-dev
- name: Install
  run: |
    python -m pip install --upgrade pip
    pip install -r requirements.txt
- name: Itself
  run: pip install -e .
  env: {NO_EXTENSION: 1}
- uses: actions/cache@v4
- uses: codecov/codecov-action@v4
",
    );
    assert_eq!(plan.image, "python:3.11-slim");
    assert_eq!(plan.packages, ["libpq-dev"]);
    assert_eq!(
        commands(&plan),
        ["python -m pip install --upgrade pip\npip install -r requirements.txt", "pip install -e ."]
    );
    assert_eq!(plan.steps[0].needs, Some(vec!["requirements.txt".to_owned()]));
    assert_eq!((plan.steps[1].needs.as_ref(), plan.steps[1].name.as_str()), (None, "Itself"));
    assert_eq!(plan.steps[1].environment, BTreeMap::from([("NO_EXTENSION".to_owned(), "1".to_owned())]));
    assert_eq!(plan.environment["CI"], "true");
    assert_eq!(plan.notes, Vec::<String>::new());
}

#[test]
fn the_failing_step_and_what_follows_are_no_part_but_what_it_runs_first_is() {
    assert_eq!(commands(&plan("")), Vec::<&str>::new());
    let script = "jobs:\n  test:\n    steps:\n      - run: |\n          pip install tox\n          tox -e py\n          tox -e x\n";
    let job = workflow::job(script, "test", &|_| None, &BTreeMap::new()).unwrap();
    let fixture = Fixture::new("#- a.py\n\n");
    let plan = FailedJob::new(&job, &fixture.snapshot).command("tox -e py").plan();
    assert_eq!(commands(&plan), ["pip install tox"]);
    let whole = FailedJob::new(&job, &fixture.snapshot).command("pip install tox\ntox -e py\ntox -e x").plan();
    assert_eq!(commands(&whole), Vec::<&str>::new());
    let unheard = FailedJob::new(&job, &fixture.snapshot).command("make test").plan();
    assert!(unheard.notes[0].contains("not in the workflow's file"), "{:?}", unheard.notes);
    assert_eq!(unheard.packages, ["make"], "what the command itself runs has to be there too");
}

#[test]
fn installers_that_actions_bring_are_installed() {
    let plan = plan(
        "
- uses: astral-sh/setup-uv@v5
  with: {version: 0.5.x, python-version: '3.12'}
- uses: snok/install-poetry@v1
  with: {version: 1.8.3, virtualenvs-in-project: true}
- uses: pdm-project/setup-pdm@v4
- uses: pypa/hatch@install
- run: uv sync --no-install-project
",
    );
    assert_eq!(plan.image, "python:3.12-slim");
    let pip = |what: &str| format!("python -m pip install {what}");
    assert_eq!(commands(&plan)[..4], [pip("'uv==0.5.*'"), pip("poetry==1.8.3"), pip("pdm"), pip("hatch")]);
    assert_eq!(plan.steps[0].needs, Some(Vec::new()));
    assert_eq!(plan.environment["POETRY_VIRTUALENVS_IN_PROJECT"], "true");
}

#[test]
fn what_is_not_known_is_skipped_and_said() {
    let plan = plan(
        "
- uses: someone/strange@v1
- run: deploy --key ${{ secrets.KEY }}
- run: curl -H \"$TOKEN\" x
  env: {TOKEN: '${{ secrets.TOKEN }}'}
- run: pip install a
  env: {TOKEN: '${{ secrets.TOKEN }}', B: c}
- if: github.event_name == 'push'
  run: pip install b
- if: failure()
  run: pip install c
- shell: pwsh
  run: Install-Module x
- run: docker compose up -d
- run: ruff check .
- working-directory: ${{ github.sha }}
  run: pip install d
- uses: ./.github/actions/none
",
    );
    assert_eq!(commands(&plan), ["pip install a"]);
    assert_eq!(plan.steps[0].environment, BTreeMap::from([("B".to_owned(), "c".to_owned())]));
    let expected = [
        "what `someone/strange@v1` does is not known here",
        "`secrets.KEY` is a secret",
        "it uses the variable `TOKEN`, and `secrets.TOKEN` is a secret",
        "the variable `TOKEN` of the step `Run pip install a` is not set",
        "`github.event_name == 'push'` cannot be evaluated here",
        "there is no shell `pwsh`",
        "there is no `docker` in a container",
        "the step `Run ruff check .` is skipped: it only checks",
        "its folder `${{ github.sha }}` cannot be evaluated here",
        "the action `./.github/actions/none` is not made of steps",
    ];
    assert_eq!(plan.notes.len(), expected.len(), "{:#?}", plan.notes);
    for (note, part) in plan.notes.iter().zip(expected) {
        assert!(note.contains(part), "{note} has not {part}");
    }
}

#[test]
fn tests_that_ran_before_are_repeated_only_for_what_measures_them() {
    let text = "jobs:\n  test:\n    steps:\n      - run: coverage run -m pytest\n      - run: coverage report\n      - run: mypy .\n";
    let job = workflow::job(text, "test", &|_| None, &BTreeMap::new()).unwrap();
    let fixture = Fixture::new("#- a.py\n\n");
    let steps = |command| FailedJob::new(&job, &fixture.snapshot).command(command).plan().steps.len();
    assert_eq!(steps("coverage report"), 1);
    assert_eq!(steps("coverage run -m pytest"), 0);
}

#[test]
fn services_are_at_localhost_unless_the_job_is_in_a_container() {
    let services = "
runs-on: ubuntu-latest
services:
  postgres:
    image: postgres:16
    env: {POSTGRES_PASSWORD: x, OTHER: '${{ secrets.OTHER }}'}
    ports: ['5433:5432']
    options: --health-cmd pg_isready --health-retries 5
  redis: {image: redis, ports: [6379]}
";
    let plan_of = |job: &str| plan_in("#- a.py\n\n", job, "");
    let plan = plan_of(services);
    assert_eq!(plan.services.len(), 2);
    assert_eq!(plan.services[0].ports, [5432]);
    assert_eq!(plan.services[0].environment.keys().collect::<Vec<_>>(), ["POSTGRES_PASSWORD"]);
    let forward = |port, service: &str, service_port| Forward { port, service: service.to_owned(), service_port };
    assert_eq!(plan.forwards, [forward(5433, "postgres", 5432), forward(6379, "redis", 6379)]);
    assert!(plan.prelude().unwrap().ends_with("$$ 5433:postgres:5432 6379:redis:6379"), "{:?}", plan.prelude());
    assert_eq!(plan.notes.len(), 1, "{:?}", plan.notes);
    let inside = plan_of(&format!("{services}container: python:3.9"));
    assert_eq!((inside.image.as_str(), inside.services.len()), ("python:3.9", 2));
    assert_eq!((inside.forwards, inside.notes.len()), (Vec::new(), 1));
    let portless =
        plan_of("container: {image: 'node:20', env: {A: b}, options: --privileged}\nservices: {db: {image: mysql}}");
    assert_eq!((portless.services[0].ports.as_slice(), portless.environment["A"].as_str()), (&[3306][..], "b"));
    assert!(portless.notes[0].contains("--privileged"), "{:?}", portless.notes);
}

#[test]
fn services_that_cannot_be_mirrored_are_said_to_be_missing() {
    let job = "services:\n  a: {image: '${{ vars.IMAGE }}'}\n  b: {image: redis}\n  c: {image: x, ports: [1], options: '-v a:b'}";
    let plan = plan_in("#- a.py\n\n", job, "");
    assert_eq!(plan.services.len(), 2);
    let notes = plan.notes.join("\n");
    for part in ["the service `a` is missing", "the service `b` opens no port", "options of the service `c`"] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn other_machines_and_other_pythons_are_approximated_and_said() {
    let on = |label: &str| plan_in("#- a.py\n\n", &format!("runs-on: {label}"), "");
    assert_eq!(on("ubuntu-22.04").image, "python:3.10-slim");
    let windows = on("windows-latest");
    assert_eq!(windows.image, "python:3-slim");
    assert!(windows.notes[0].contains("ran on Windows"), "{:?}", windows.notes);
    assert!(windows.notes[1].contains("is a guess"), "{:?}", windows.notes);
    let setup = "- uses: actions/setup-python@v5\n  with: {python-version-file: .python-version}";
    assert_eq!(plan_in("#- .python-version\n3.9.7\n", "runs-on: macos-14", setup).image, "python:3.9.7-slim");
    let open = "- uses: actions/setup-python@v5\n  with: {python-version: '${{ vars.PYTHON }}'}";
    assert!(plan(open).notes[0].contains("`${{ vars.PYTHON }}`, cannot be evaluated"));
}

#[test]
fn the_version_that_the_log_tells_wins() {
    let text =
        "jobs:\n  test:\n    steps:\n      - uses: actions/setup-python@v5\n        with: {python-version: '3.11'}\n";
    let job = workflow::job(text, "test", &|_| None, &BTreeMap::new()).unwrap();
    let fixture = Fixture::new("#- a.py\n\n");
    assert_eq!(FailedJob::new(&job, &fixture.snapshot).python("3.11.4").plan().image, "python:3.11.4-slim");
}

#[test]
fn actions_of_the_repository_are_taken_apart() {
    let action = "#- .github/actions/setup/action.yml\ninputs: {python: {default: '3.10'}, group: {}}\nruns:\n  using: composite\n  steps:\n    \
                  - uses: actions/setup-python@v5\n      with: {python-version: '${{ inputs.python }}'}\n    \
                  - run: pip install .[${{ inputs.group }}]\n      shell: bash\n    - uses: ./.github/actions/setup\n";
    let plan = plan_in(action, "runs-on: x", "- uses: ./.github/actions/setup\n  with: {group: test}");
    assert_eq!(plan.image, "python:3.10-slim");
    assert_eq!(commands(&plan)[0], "set -o pipefail\npip install .[test]");
    assert!(plan.steps.len() < 10 && plan.notes.len() == 1, "an action that uses itself ends: {:?}", plan.notes);
}

#[test]
fn variables_for_later_steps_become_those_of_all() {
    let plan = plan(
        "
- run: |
    echo \"LEVEL=3\" >> $GITHUB_ENV
    echo \"DAY=$(date)\" >> \"$GITHUB_ENV\"
    echo \"$HOME/bin\" >> $GITHUB_PATH
",
    );
    assert_eq!(plan.environment["LEVEL"], "3");
    assert_eq!(plan.notes.len(), 2, "{:?}", plan.notes);
    assert_eq!(plan.steps[0].environment["GITHUB_ENV"], "/dev/null");
    assert_eq!(plan.steps[0].environment["GITHUB_PATH"], "/dev/null");
}

#[test]
fn steps_run_in_their_folder_and_shell_and_may_fail_where_they_might() {
    let plan = plan(
        "
- run: pip install x
  working-directory: ./backend/
  continue-on-error: true
- run: print(1)
  shell: python
",
    );
    assert_eq!(plan.steps[0].working_directory.as_deref(), Some("backend"));
    assert_eq!(plan.steps[0].command, "(\npip install x\n) || true");
    assert_eq!(plan.steps[1].command, "python - <<'END_OF_STEP'\nprint(1)\nEND_OF_STEP");
}

#[test]
fn a_version_from_gits_history_is_given() {
    let files = "#- pyproject.toml\n[build-system]\nrequires = ['hatchling', 'hatch-vcs>=0.3']\n";
    let plan = plan_in(files, "runs-on: ubuntu-latest", "- run: pip install .");
    assert_eq!(plan.environment["SETUPTOOLS_SCM_PRETEND_VERSION"], "0.0.0");
    assert!(plan.notes[0].contains("`hatch-vcs` computes the version"), "{:?}", plan.notes);
    assert_eq!(plan_in("#- setup.py\nx = 'pbrx'\n", "runs-on: x", "").environment.get("PBR_VERSION"), None);
}

#[test]
fn mixed_installations_run_as_root_with_fresh_lists() {
    let plan = plan("- run: |\n    sudo apt-get install -y graphviz\n    curl -L x | sudo sh");
    assert_eq!(commands(&plan), ["apt-get update\napt-get install -y graphviz\ncurl -L x | sh"]);
    assert_eq!(plan.packages, ["curl"]);
}

#[test]
fn a_plan_is_the_same_each_time() {
    let steps = "- uses: actions/setup-python@v5\n  with: {python-version: '3.11'}\n- run: git clone x && make";
    assert_eq!(plan(steps), plan(steps));
}
