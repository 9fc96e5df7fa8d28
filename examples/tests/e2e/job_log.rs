//! Logs of jobs in GitHub's raw form, of commands that really run.

use crate::harness::{self, Home};
use std::fmt::Write;
use std::path::Path;

const STAMP: &str = "2025-03-01T10:00:00.0000000Z ";

/// The log of a job that runs `commands` in `folder`, up to the first that fails.
pub(crate) fn of(folder: &Path, commands: &[&str]) -> String {
    let mut log = format!("{STAMP}Current runner version: '2.329.0'\n");
    for command in commands {
        let (output, code) = ran(folder, command);
        log += &step(command, &output, code);
        if code != 0 {
            break;
        }
    }
    log
}

/// The log of one step.
pub(crate) fn step(command: &str, output: &str, code: i32) -> String {
    let mut log = format!("{STAMP}##[group]Run {command}\n{STAMP}\u{1b}[36;1m{command}\u{1b}[0m\n");
    writeln!(log, "{STAMP}shell: /usr/bin/bash -e {{0}}\n{STAMP}##[endgroup]").unwrap();
    output.lines().for_each(|line| writeln!(log, "{STAMP}{line}").unwrap());
    if code != 0 {
        writeln!(log, "{STAMP}##[error]Process completed with exit code {code}.").unwrap();
    }
    log
}

fn ran(folder: &Path, command: &str) -> (String, i32) {
    let python = harness::python();
    let tools = Path::new(&python).parent().unwrap().to_str().unwrap();
    let home = Home::new();
    let mut bash = home.command("bash", folder);
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap());
    bash.args(["-ec", &format!("exec 2>&1\n{command}")]).env("PATH", path).env("PYTHONDONTWRITEBYTECODE", "1");
    bash.env("RUFF_NO_CACHE", "true");
    let output = bash.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // On a runner the checkout is elsewhere.
    let text = text.replace(folder.canonicalize().unwrap().to_str().unwrap(), "/home/runner/work/shop/shop");
    (text, output.status.code().unwrap())
}
