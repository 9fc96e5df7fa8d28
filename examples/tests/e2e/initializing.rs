//! `init`: what it writes, and where it refuses to.

use crate::project::Project;
use std::os::unix::fs::symlink;
use std::path::Path;

pub(crate) const ACTION: &str = "someone/ci-repair@0123456789abcdef0123456789abcdef01234567";
const WORKFLOW: &str = ".github/workflows/ci-repair.yml";
const CI: (&str, &str) = (".github/workflows/ci.yml", "name: \"Tests: all\"\non: push\n");
const LINT: (&str, &str) = (".github/workflows/lint.yaml", "on: [push]\n");

fn init(args: &[&'static str]) -> Vec<&'static str> {
    [&["init", "--action", ACTION], args].concat()
}

#[test]
fn workflow_and_configuration_are_written_and_the_next_steps_are_told() {
    let project = Project::of(&[CI, LINT]);
    let before = project.state();
    let ran = project.run(&init(&[])).ends_with(0);
    assert_eq!(ran.stdout, format!("{WORKFLOW}\nci-repair.toml\n"));
    ran.says(&[
        "default\n    branch",
        "Allow GitHub Actions to create and approve pull requests",
        "GitHub App",
        "CI_REPAIR=off",
    ]);
    let workflow = String::from_utf8(project.read(WORKFLOW)).unwrap();
    assert!(workflow.contains("      - \"Tests: all\"\n      - \".github/workflows/lint.yaml\"\n"), "{workflow}");
    assert_eq!(workflow.matches(&format!("uses: {ACTION}\n")).count(), 2);
    let mut after = project.state();
    for written in [WORKFLOW, "ci-repair.toml"] {
        assert!(after.remove(Path::new(written)).is_some(), "{written}");
    }
    assert!(before == after, "something else has changed");
}

#[test]
fn what_is_there_is_replaced_by_force_alone_and_all_or_nothing() {
    for there in [WORKFLOW, "ci-repair.toml"] {
        let project = Project::of(&[CI, (there, "mine\n")]);
        let before = project.state();
        let ran = project.run(&init(&[])).ends_with(2);
        assert_eq!(ran.stdout, "");
        ran.says(&[&format!("`{there}` would be overwritten"), "--force"]);
        assert!(before == project.state(), "{there}");
        project.run(&init(&["--force"])).ends_with(0);
        assert!(String::from_utf8(project.read(there)).unwrap().contains("github.com/ci-repair/ci-repair"), "{there}");
        project.run(&init(&[])).ends_with(2).says(&["`.github/workflows/ci-repair.yml` and `ci-repair.toml`"]);
        assert_eq!(project.run(&init(&["--force"])).ends_with(0).stdout, "", "nothing is left to replace");
    }
}

#[test]
fn a_workflow_by_the_other_ending_is_ours_too() {
    let project = Project::of(&[CI, (".github/workflows/ci-repair.yaml", "name: old\n")]);
    project.run(&init(&[])).ends_with(2).says(&["ci-repair.yaml"]);
    let ran = project.run(&init(&["--force"])).ends_with(0);
    assert_eq!(ran.stdout, ".github/workflows/ci-repair.yaml\nci-repair.toml\n");
    assert!(!project.root().join(WORKFLOW).exists());
}

#[test]
fn a_file_that_git_does_not_see_is_not_overwritten() {
    let project = Project::of(&[CI, (".gitignore", "ci-repair.toml\n")]);
    project.write("ci-repair.toml", b"mine\n");
    let before = project.state();
    project.run(&init(&["--force"])).ends_with(2).says(&["ci-repair.toml"]);
    assert!(before == project.state());
}

#[test]
fn nothing_is_written_through_a_link() {
    let project = Project::of(&[("app.py", "")]);
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), project.root().join(".github")).unwrap();
    let before = project.state();
    project.run(&init(&[])).ends_with(2).says(&["`.github` is no folder, so nothing was written"]);
    assert!(before == project.state());
    assert_eq!(outside.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_configuration_in_pyproject_is_not_hidden() {
    let project = Project::of(&[CI, ("pyproject.toml", "[tool.ci-repair]\nallow = 'safe'\n")]);
    let ran = project.run(&init(&[])).ends_with(0);
    assert_eq!(ran.stdout, format!("{WORKFLOW}\n"));
    ran.says(&["stays where it is, in `pyproject.toml`"]);
    assert!(!project.root().join("ci-repair.toml").exists());
}

#[test]
fn print_writes_nothing() {
    let project = Project::of(&[CI]);
    let before = project.state();
    let printed = project.run(&init(&["--print"])).ends_with(0).stdout;
    assert!(before == project.state());
    project.run(&init(&["--quiet"])).ends_with(0);
    assert_eq!(project.read(WORKFLOW), printed.as_bytes());
}

#[test]
fn without_a_workflow_there_is_a_placeholder_and_a_word_about_it() {
    let project = Project::of(&[("app.py", ""), (".github/workflows/broken.yml", "name: [\n")]);
    let ran = project.run(&init(&["--print"])).ends_with(0);
    ran.says(&["there is no workflow yet", "`.github/workflows/broken.yml` cannot be read"])
        .prints(&["      - \"the name of your workflow\"\n"]);
}

#[test]
fn a_folder_that_is_no_checkout_and_an_action_that_is_not_pinned_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ran = crate::harness::run(folder.path(), &init(&[])).ends_with(2);
    ran.says(&["is not the top of a git repository"]);
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    let project = Project::of(&[CI]);
    let before = project.state();
    project.run(&["init", "--action", "ci-repair/ci-repair@v1"]).ends_with(2).says(&["OWNER/NAME@COMMIT"]);
    assert!(before == project.state());
}
