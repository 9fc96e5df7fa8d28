//! Repositories, environments and checks that are not as they should be.

use crate::harness::{self, python, runs};
use crate::job_log;
use crate::project::Project;
use std::os::unix::fs::symlink;
use std::time::Instant;

const UNUSED: &str = "import os\nimport sys\n\nprint(sys.path)\n";
const USED: &str = "import sys\n\nprint(sys.path)\n";

fn project() -> Project {
    Project::of(&[("app.py", UNUSED)])
}

fn ruff_log(project: &Project) -> String {
    project.log_of(&["ruff check ."])
}

#[test]
fn an_interpreter_that_is_missing_or_none_is_named() {
    let project = project();
    let log = ruff_log(&project);
    let text = project.beside("python.txt", "not a program\n");
    for (path, word) in [("/no/such/python", "/no/such/python"), (text.as_str(), "python.txt"), (".", "`.`")] {
        let before = project.state();
        let ran = project.run(&["fix", "--log", &log, "--python", path, "--write"]).ends_with(2);
        ran.says(&[word, "is no Python environment", "--python"]);
        assert!(before == project.state());
    }
}

#[test]
fn a_check_that_hangs_is_ended_and_leaves_no_process() {
    let project = project();
    let log = ruff_log(&project);
    let start = Instant::now();
    let args = ["--log", &log, "--check", "sleep 611.25", "--check-timeout", "1", "--write"];
    let ran = project.fix_leaves_all(&args);
    assert!(start.elapsed().as_secs() < 60, "{ran:?}");
    assert!(!runs("611.25"), "the check still runs");
    ran.ends_with(5).says(&["a check did not end", "--check-timeout"]);
}

#[test]
fn a_check_that_passes_cannot_reproduce_the_failure() {
    let project = project();
    let log = ruff_log(&project);
    let ran = project.fix_leaves_all(&["--log", &log, "--check", "true", "--write"]).ends_with(4);
    ran.prints(&["the failure was not seen here", "--python", "--check"]);
}

#[test]
fn a_check_that_does_not_exist_could_not_be_made() {
    let project = project();
    let log = ruff_log(&project);
    let args = ["--log", &log, "--check", "no-such-tool --all", "--write", "--format", "json"];
    let ran = project.fix_leaves_all(&args).ends_with(5);
    ran.says(&["a command was not found", "--python", "--check"]).prints(&["\"conclusion\": \"not_checked\""]);
}

#[test]
fn a_repository_that_does_not_parse_at_all_is_left_alone() {
    let garbage = "<<<<<<< ((( def ]]] :: \"\"\"\n\t  \u{7}class\n";
    let project = Project::of(&[("a.py", garbage), ("b/__init__.py", garbage), ("pyproject.toml", "[[[ broken\n")]);
    let log = project.log_of(&["python -m compileall -q ."]);
    let ran = project.fix_leaves_all(&["--log", &log, "--write"]);
    assert!(matches!(ran.code, Some(1 | 3)), "{ran:?}");
    let ran = project.fix_leaves_all(&["--write"]);
    assert!(matches!(ran.code, Some(1 | 3)), "{ran:?}");
}

#[test]
fn an_empty_repository_has_nothing_to_repair() {
    let project = Project::of(&[]);
    project.fix_leaves_all(&[]).ends_with(0).prints(&["nothing to repair"]);
    let log = project.beside("job.log", job_log::step("ruff check .", "a.py:1:1: F401 `os` imported but unused", 1));
    project.fix_leaves_all(&["--log", &log]).ends_with(2).says(&["none of the files that the log names"]);
    let bare = Project::without_commit([]);
    bare.fix_leaves_all(&[]).ends_with(0).prints(&["nothing to repair"]);
}

#[test]
fn what_is_no_folder_is_no_repository() {
    let project = project();
    for path in ["app.py", "no/such/folder", "\u{1f40d}"] {
        project.fix_leaves_all(&["--repo", path]).ends_with(2).says(&[path, "is not a folder"]);
    }
}

#[test]
fn links_that_loop_or_lead_outside_are_not_followed() {
    let project = project();
    let outside = project.beside("outside.py", UNUSED);
    let root = project.root();
    symlink("two", root.join("one")).unwrap();
    symlink("one", root.join("two")).unwrap();
    symlink(".", root.join("self")).unwrap();
    symlink("../..", root.join("up")).unwrap();
    symlink(&outside, root.join("link.py")).unwrap();
    project.commit();
    let log = project.log_of(&["ruff check app.py"]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(project.read("app.py"), USED.as_bytes());
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), UNUSED);
    for (name, target) in [("one", "two"), ("two", "one"), ("self", "."), ("up", "../..")] {
        assert_eq!(std::fs::read_link(root.join(name)).unwrap().to_str(), Some(target));
    }
}

#[test]
fn a_finding_behind_a_link_is_not_written_through_it() {
    let project = project();
    let outside = project.beside("outside.py", UNUSED);
    symlink(&outside, project.root().join("link.py")).unwrap();
    project.commit();
    let output = "link.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.";
    let log = project.beside("job.log", job_log::step("ruff check --output-format concise .", output, 1));
    project.fix_leaves_all(&["--log", &log, "--no-validate", "--allow", "speculative", "--write"]);
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), UNUSED);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let project = project();
    let log = ruff_log(&project);
    let root = project.root();
    let before = project.state();
    // Permissions do not bind root, a read-only mount does; it lasts as long as the process that made it.
    let mount = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && exec \"$@\"";
    let home = harness::Home::new();
    let mut command = home.command("unshare", &root);
    command.args(["--user", "--map-root-user", "--mount", "sh", "-ec", mount, "sh", env!("CARGO_BIN_EXE_ci-repair")]);
    command.args(["fix", "--log", &log, "--python", &python(), "--write", "--no-validate", "--allow", "unsafe"]);
    let ran = harness::Ran::new(&command.output().unwrap());
    assert!(before == project.state(), "{ran:?}");
    if ran.stderr.starts_with("unshare:") || ran.stderr.starts_with("mount:") {
        return println!("skipped, since this system has no namespaces of users and mounts: {}", ran.stderr);
    }
    ran.ends_with(2).says(&["nothing was written", "app.py", "Read-only file system"]);
}

#[test]
fn wrong_options_are_explained() {
    let project = project();
    project.fix_leaves_all(&["--no-such-option"]).ends_with(2).says(&["--no-such-option", "--help"]);
    project.fix_leaves_all(&["--partial"]).ends_with(2).says(&["--write"]);
    project.write("ci-repair.toml", b"alow = 'safe'\n");
    project.fix_leaves_all(&[]).ends_with(2).says(&["ci-repair.toml", "alow"]);
}
