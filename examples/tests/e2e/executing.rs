//! `exec`.

use crate::harness::python;
use crate::project::Project;

#[test]
fn a_failing_command_is_repaired_until_it_passes() {
    let project = Project::of(&[("app.py", "import os\nimport sys\n\nprint(sys.path)\n")]);
    let before = project.state();
    let args = ["exec", "--python", &python(), "--format", "diff", "--", "ruff", "check", "."];
    project.run(&args).ends_with(0).prints(&["-import os"]);
    assert!(before == project.state());
    let args = ["exec", "--python", &python(), "--write", "--", "ruff", "check", "."];
    project.run(&args).ends_with(0).prints(&["written: 1 file"]);
    assert_eq!(project.read("app.py"), b"import sys\n\nprint(sys.path)\n");
}

#[test]
fn a_command_that_passes_leaves_nothing_to_do() {
    let project = Project::of(&[("app.py", "x = 1\n")]);
    let args = ["exec", "--python", &python(), "--", "python", "-c", "print('all is well')"];
    project.run(&args).ends_with(0).prints(&["nothing to repair"]);
}

#[test]
fn a_command_that_nothing_repairs_fails_and_nothing_is_written() {
    let project = Project::of(&[("test_app.py", "def test_sum():\n    assert 1 + 1 == 3\n")]);
    let before = project.state();
    let args = ["exec", "--python", &python(), "--write", "--", "python", "-m", "pytest", "-q"];
    project.run(&args).ends_with(1).prints(&["no fix found for 1 failure"]);
    assert!(before == project.state());
}
