use super::*;

const WORKFLOW: &str = "
on:
  workflow_call:
    inputs:
      python: {default: '3.12'}
      extras: {default: dev}
env:
  CI_LEVEL: 2
  TOKEN: ${{ secrets.TOKEN }}
defaults:
  run:
    shell: bash
jobs:
  test:
    runs-on: ${{ matrix.os }}
    container: {image: 'python:${{ matrix.python }}', env: {A: b}, options: --user 1001}
    strategy:
      matrix:
        python: ['3.9', '3.10']
        os: [ubuntu-22.04]
        include:
          - {python: '3.9', os: ubuntu-22.04, coverage: true}
    services:
      db:
        image: postgres:16
        env: {POSTGRES_PASSWORD: '${{ secrets.PASSWORD }}', POSTGRES_DB: app}
        ports: ['5433:5432', 9999]
      none:
        image: ''
    defaults:
      run: {working-directory: 'pkg/${{ matrix.python }}'}
    steps:
      - uses: actions/checkout@v4
      - id: kept
        uses: actions/cache@v4
      - name: Install for ${{ matrix.python }}
        run: pip install -e .
        if: steps.kept.outputs.cache-hit != 'true'
        env: {LEVEL: '${{ env.CI_LEVEL }}', PORT: '${{ job.services.db.ports[5432] }}', X: '${{ github.sha }}'}
        working-directory: .
        continue-on-error: true
      - if: matrix.coverage
        run: pip install coverage
      - if: runner.os == 'Windows'
        run: choco install x
      - if: github.event_name == 'push'
        run: |
          echo ${{ github.sha }}
          echo
        shell: sh
  inner:
    runs-on: [self-hosted, linux]
    steps:
      - run: echo ${{ inputs.python }} ${{ inputs.extras }} ${{ github.workspace }}
";

fn described(name: &str) -> Job {
    job(WORKFLOW, name, &|_| None, &BTreeMap::new()).unwrap()
}

#[test]
fn a_job_has_the_values_of_its_run() {
    let job = described("test (3.10, ubuntu-22.04)");
    assert_eq!(job.runs_on, ["ubuntu-22.04"]);
    assert_eq!(job.matrix["python"], "3.10");
    let container = job.container.unwrap();
    assert_eq!((container.image.text(), container.environment["A"].known()), ("python:3.10", Some("b")));
    assert_eq!(container.options.as_deref(), Some("--user 1001"));
    assert_eq!(job.environment["CI_LEVEL"], Given::Known("2".into()));
    assert_eq!(job.environment["TOKEN"], Given::Open("${{ secrets.TOKEN }}".into()));
    assert_eq!(job.steps.len(), 6);
}

#[test]
fn services_have_images_variables_and_ports() {
    let job = described("test (3.10, ubuntu-22.04)");
    assert_eq!(job.services.keys().collect::<Vec<_>>(), ["db"], "an empty image is no service");
    let db = &job.services["db"];
    assert_eq!(db.ports, [Port { host: Some(5433), container: 5432 }, Port { host: None, container: 9999 }]);
    assert_eq!(db.environment["POSTGRES_DB"].known(), Some("app"));
    assert_eq!(db.environment["POSTGRES_PASSWORD"].known(), None);
}

#[test]
fn a_step_says_what_it_runs_where_and_with_what() {
    let job = described("test (3.10, ubuntu-22.04)");
    let install = &job.steps[2];
    assert_eq!(install.name, "Install for 3.10");
    assert_eq!(install.run, Some(Given::Known("pip install -e .".into())));
    assert_eq!(install.working_directory, Some(Given::Known(".".into())));
    assert_eq!(install.environment["LEVEL"].known(), Some("2"));
    assert_eq!(install.environment["PORT"].known(), Some("5433"));
    assert_eq!(install.environment["X"].known(), None);
    assert!(install.may_fail);
    assert_eq!(install.shell.as_deref(), Some("bash"));
    let last = &job.steps[5];
    assert_eq!((last.name.as_str(), last.shell.as_deref()), ("Run echo ${{ github.sha }}", Some("sh")));
    assert_eq!(last.working_directory, Some(Given::Known("pkg/3.10".into())));
    assert_eq!((job.steps[0].uses.as_deref(), &job.steps[0].working_directory), (Some("actions/checkout@v4"), &None));
}

#[test]
fn conditions_are_decided_where_that_is_possible() {
    let conditions = |name: &str| {
        let steps = described(name).steps;
        steps.into_iter().skip(2).map(|step| step.condition).collect::<Vec<_>>()
    };
    let unknown = Condition::Unknown("github.event_name == 'push'".into());
    let (holds, fails) = (Condition::Holds, Condition::Fails);
    assert_eq!(conditions("test (3.10, ubuntu-22.04)"), [holds.clone(), fails.clone(), fails.clone(), unknown.clone()]);
    assert_eq!(conditions("test (3.9, ubuntu-22.04, true)"), [holds.clone(), holds, fails, unknown]);
}

#[test]
fn inputs_of_a_called_workflow_are_known_and_so_is_what_the_caller_knows() {
    let caller = "jobs:\n  call:\n    uses: ./inner.yml\n    with: {python: '3.8', other: 1}\n";
    let known = BTreeMap::from([("github.workspace".to_owned(), "/src".to_owned())]);
    let job = job(caller, "call / inner", &|file| (file == "inner.yml").then_some(WORKFLOW), &known).unwrap();
    assert_eq!(job.steps[0].run, Some(Given::Known("echo 3.8 dev /src".into())));
    assert_eq!(job.runs_on, ["self-hosted", "linux"]);
}

#[test]
fn a_job_that_is_not_there_is_none() {
    let found = |workflow: &str, name: &str| job(workflow, name, &|_| None, &BTreeMap::new());
    assert_eq!(found(WORKFLOW, "test (3.7, ubuntu-22.04)"), None);
    assert_eq!(found(WORKFLOW, "call / inner"), None);
    assert_eq!(found("jobs: [", "test"), None);
}

#[test]
fn an_action_of_steps_has_steps_with_its_inputs() {
    let action = "
inputs:
  python: {required: true}
  extras: {default: test}
  token: {}
runs:
  using: composite
  steps:
    - uses: actions/setup-python@v5
      with: {python-version: '${{ inputs.python }}'}
    - run: pip install .[${{ inputs.extras }}]
      if: inputs.token == ''
    - run: echo ${{ inputs.secret }}
";
    let with = BTreeMap::from([
        ("python".to_owned(), Given::Known("3.9".into())),
        ("secret".to_owned(), Given::Open("${{ secrets.X }}".into())),
    ]);
    let steps = composite(action, &with, &BTreeMap::new()).unwrap();
    assert_eq!(steps[0].with["python-version"].known(), Some("3.9"));
    assert_eq!(steps[1].run, Some(Given::Known("pip install .[test]".into())));
    assert_eq!(steps[1].condition, Condition::Holds);
    assert_eq!(steps[2].run.as_ref().and_then(Given::known), None);
    assert_eq!(composite("runs: {using: node20}", &with, &BTreeMap::new()), None);
}

#[test]
fn a_step_is_found_by_its_command_or_by_a_line_of_it() {
    let job = described("test (3.10, ubuntu-22.04)");
    assert_eq!(job.position("pip  install -e ."), Some(2));
    assert_eq!(job.position("echo 0123abc\necho"), Some(5), "an open expression may have been anything");
    assert_eq!(job.position("echo"), Some(5));
    assert_eq!(job.position("pytest"), None);
    assert_eq!(job.steps[5].before("echo 0123abc\necho"), None);
    assert_eq!(job.steps[5].before("echo"), Some(Given::Open("echo ${{ github.sha }}".into())));
    assert_eq!(job.steps[2].before("pip install -e ."), None);
}
