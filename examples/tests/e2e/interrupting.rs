//! Ctrl-C.

use crate::harness::{Home, Ran, python, runs};
use crate::project::Project;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[track_caller]
fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        sleep(Duration::from_millis(20));
    }
}

/// Starts a repair whose check sleeps for `seconds`, a number that no other process has, in a group of its own.
fn sleeping(project: &Project, home: &Home, seconds: &str) -> Child {
    let mut command = home.ci_repair(&project.root());
    command.args(["fix", "--python", &python(), "--check", &format!("sleep {seconds}"), "--write"]);
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // The sandbox's own command line holds the command, too; the sleeping process has it split into words.
    wait_for("the check", || runs(&format!("sleep\0{seconds}")));
    child
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, "--", &format!("-{}", child.id())]).status().unwrap();
    assert!(status.success());
}

#[track_caller]
fn leaves_nothing(name: &str, seconds: &str) {
    let project = Project::of(&[("app.py", "x = 1\n")]);
    let (home, before) = (Home::new(), project.state());
    let child = sleeping(&project, &home, seconds);
    assert!(!home.left_behind().is_empty(), "there is a copy while it runs");
    signal(&child, name);
    let start = Instant::now();
    let ran = Ran::new(&child.wait_with_output().unwrap());
    assert!(start.elapsed() < Duration::from_secs(20), "{ran:?}");
    assert!(!runs(seconds), "a process is left");
    assert_eq!(home.left_behind(), Vec::<PathBuf>::new());
    assert!(before == project.state());
    ran.ends_with(130).says(&["interrupted", "nothing was written"]);
}

#[test]
fn an_interrupt_ends_the_check_and_leaves_nothing() {
    leaves_nothing("-INT", "621.125");
}

#[test]
fn a_termination_ends_the_check_and_leaves_nothing() {
    leaves_nothing("-TERM", "622.125");
}
