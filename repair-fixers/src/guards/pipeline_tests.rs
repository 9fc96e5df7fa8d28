use super::*;
use repair_core::Ruling;
use repair_core::testing::objections;

const WORKFLOW: &str = "#- .github/workflows/ci.yml
on: [push, pull_request]
jobs:
  lint:
    strategy:
      matrix:
        python: ['3.11', '3.12']
    steps:
      - uses: actions/checkout@v4
      - run: pip install ruff==0.5.0
      - name: ruff
        run: |
          ruff check src tests
          mypy src
";

#[track_caller]
fn ruling(from: &str, to: &str) -> Ruling {
    let after = WORKFLOW.replacen(from, to, 1);
    assert_ne!(after, WORKFLOW, "{from:?} is not in the workflow");
    Ruling::of(&objections(&Pipeline, WORKFLOW, &after))
}

#[test]
fn a_weakened_workflow_is_refused() {
    for (from, to) in [
        ("          mypy src\n", ""),
        ("mypy src", "mypy src || true"),
        ("mypy src", "mypy src | tee log"),
        ("ruff check src tests", "ruff check --exit-zero src tests"),
        ("ruff check src tests", "ruff check tests"),
        ("ruff check src tests", "set +e\n          ruff check src tests"),
        ("        run: |", "        continue-on-error: true\n        run: |"),
        ("    strategy:", "    continue-on-error: ${{ true }}\n    strategy:"),
        ("    strategy:", "    if: github.ref == 'refs/heads/never'\n    strategy:"),
        ("        run: |", "        if: false\n        run: |"),
        ("        run: |", "        shell: bash -c \"bash {0} || exit 0\"\n        run: |"),
        ("        run: |", "        env:\n          PYTEST_ADDOPTS: -k fast\n        run: |"),
        ("on: [push, pull_request]", "on: [push]"),
        ("on: [push, pull_request]", "on:\n  push:\n  pull_request:\n    paths: ['docs/**']"),
    ] {
        assert_eq!(ruling(from, to), Ruling::Refuse, "{from} => {to}");
    }
}

#[test]
fn what_may_be_honest_wants_a_person() {
    for (from, to) in [("['3.11', '3.12']", "['3.12']"), ("ruff==0.5.0", "ruff==0.4.0")] {
        assert_eq!(ruling(from, to), Ruling::NeedsPerson, "{from} => {to}");
    }
}

#[test]
fn an_honest_change_of_a_workflow_passes() {
    for (from, to) in [
        ("ruff check src tests", "ruff check ."),
        ("ruff check src tests", "ruff check --output-format github src tests"),
        ("ruff==0.5.0", "ruff==0.6.0"),
        ("    strategy:", "    timeout-minutes: 5\n    strategy:"),
        ("mypy src", "set -o pipefail\n          mypy src | tee log"),
        ("        run: |", "        if: always()\n        run: |"),
        ("['3.11', '3.12']", "['3.11', '3.12', '3.13']"),
        ("on: [push, pull_request]", "on:\n  push:\n  pull_request:\n  merge_group:"),
        ("      - uses: actions/checkout@v4", "      - uses: actions/checkout@v5"),
    ] {
        assert_eq!(ruling(from, to), Ruling::Allow, "{from} => {to}");
    }
}

#[test]
fn a_check_may_move_to_another_file_but_not_vanish_with_its_file() {
    let other = "#- tox.ini\n[testenv]\ncommands =\n  ruff check src tests\n  mypy src\n";
    let without = WORKFLOW.replace("          mypy src\n", "").replace("ruff check src tests", "tox");
    assert_ne!(Ruling::of(&objections(&Pipeline, WORKFLOW, &format!("{without}{other}"))), Ruling::Refuse);
    assert_eq!(Ruling::of(&objections(&Pipeline, WORKFLOW, "#- a.py\n")), Ruling::Refuse);
    let tox = "#- tox.ini\n[testenv]\ncommands = pytest -W error\n";
    assert_eq!(Ruling::of(&objections(&Pipeline, tox, &tox.replace(" -W error", ""))), Ruling::Refuse);
    assert_eq!(Ruling::of(&objections(&Pipeline, tox, &tox.replace("pytest", "- pytest"))), Ruling::Refuse);
    let make = "#- Makefile\ntest:\n\tpytest\n";
    assert_eq!(Ruling::of(&objections(&Pipeline, make, &make.replace("\tpytest", "\t-pytest"))), Ruling::Refuse);
}
