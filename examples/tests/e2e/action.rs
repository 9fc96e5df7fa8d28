//! The scripts of `action.yml`: how they get the program, and what they run of it.

use crate::harness::{Home, Ran};
use repair_examples::toolbox::workspace;
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Prints its arguments, each in a line between marks.
const ECHO: &str = "#!/bin/sh\nfor word; do printf '<%s>\\n' \"$word\"; done\n";

/// A runner's machine: programs, a folder for temporary files, and a file that takes additions to the PATH.
struct Runner {
    dir: TempDir,
}

impl Runner {
    fn new() -> Self {
        let runner = Self { dir: tempfile::tempdir().unwrap() };
        ["programs", "temp", "work"].iter().for_each(|name| fs::create_dir(runner.at(name)).unwrap());
        fs::write(runner.at("path"), "").unwrap();
        runner
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(self, name: &str, text: &str) -> Self {
        write_program(&self.at("programs").join(name), text);
        self
    }

    /// Runs a script with these inputs and none of the machine's own programs but the system's.
    fn run(&self, script: &str, inputs: &[(&str, &str)]) -> Ran {
        let home = Home::new();
        let mut command: Command = home.command("bash", &self.at("work"));
        command.arg(workspace().join("action").join(script)).envs(inputs.iter().copied());
        command.env("PATH", format!("{}:/usr/bin:/bin", self.at("programs").display()));
        command.env("RUNNER_TEMP", self.at("temp")).env("GITHUB_PATH", self.at("path"));
        command.env("GITHUB_ACTION_PATH", workspace());
        Ran::new(&command.output().unwrap())
    }

    fn half(&self, inputs: &[(&str, &str)]) -> Ran {
        let empty = ["COMMAND", "BUNDLE", "DIGEST", "REPO", "PYTHON", "ARGS"].map(|name| format!("INPUT_{name}"));
        let all: Vec<(&str, &str)> =
            empty.iter().map(|name| (name.as_str(), "")).chain(inputs.iter().copied()).collect();
        self.run("half.sh", &all)
    }

    fn install(&self, version: &str, sha256: &str, releases: &str) -> Ran {
        self.run("install.sh", &[("INPUT_VERSION", version), ("INPUT_SHA256", sha256), ("INPUT_RELEASES", releases)])
    }

    fn path(&self) -> String {
        fs::read_to_string(self.at("path")).unwrap()
    }

    fn installed(&self) -> PathBuf {
        self.at("temp/ci-repair/bin/ci-repair")
    }
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// A folder of releases with one of version 1.2.3, and the checksum of its archive.
fn releases() -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let release = dir.path().join("v1.2.3");
    fs::create_dir(&release).unwrap();
    write_program(&dir.path().join("ci-repair"), "#!/bin/sh\necho ci-repair 1.2.3\n");
    let archive = release.join(format!("ci-repair-{}-unknown-linux-gnu.tar.gz", std::env::consts::ARCH));
    let home = Home::new();
    let mut tar = home.command("tar", dir.path());
    assert!(tar.args(["--create", "--gzip", "--file"]).arg(&archive).arg("ci-repair").status().unwrap().success());
    let digest = Sha256::digest(fs::read(archive).unwrap());
    (dir, digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[test]
fn the_first_half_is_run_with_its_inputs() {
    let runner = Runner::new().program("ci-repair", ECHO);
    let ran = runner.half(&[("INPUT_COMMAND", "run"), ("INPUT_BUNDLE", "a bundle")]).ends_with(0);
    assert_eq!(ran.stdout, "<run>\n<--output>\n<a bundle>\n");
    let all = [("INPUT_COMMAND", "run"), ("INPUT_BUNDLE", "bundle"), ("INPUT_REPO", "here"), ("INPUT_PYTHON", "py")];
    let ran = runner.half(&[&all[..], &[("INPUT_ARGS", "--exit-zero\n\n--check-timeout\n60\n")]].concat()).ends_with(0);
    let wanted = "<run> <--output> <bundle> <--repo> <here> <--python> <py> <--exit-zero> <--check-timeout> <60> ";
    assert_eq!(ran.stdout.replace('\n', " "), wanted);
}

#[test]
fn the_second_half_is_run_with_the_digest() {
    let runner = Runner::new().program("ci-repair", ECHO);
    let inputs =
        [("INPUT_COMMAND", "publish"), ("INPUT_BUNDLE", "bundle"), ("INPUT_DIGEST", "abc"), ("INPUT_REPO", "no")];
    let ran = runner.half(&inputs).ends_with(0);
    assert_eq!(ran.stdout, "<publish>\n<bundle>\n<--digest>\n<abc>\n");
    // An empty digest stays an argument, so that the command refuses it.
    let ran = runner.half(&inputs[..2]).ends_with(0);
    assert_eq!(ran.stdout, "<publish>\n<bundle>\n<--digest>\n<>\n");
}

#[test]
fn inputs_are_words_and_never_commands() {
    let runner = Runner::new().program("ci-repair", ECHO);
    let hostile = "$(touch hacked) `touch hacked`; touch hacked * \"'\\";
    let inputs =
        [("INPUT_COMMAND", "run"), ("INPUT_BUNDLE", hostile), ("INPUT_REPO", hostile), ("INPUT_ARGS", hostile)];
    let ran = runner.half(&inputs).ends_with(0);
    assert_eq!(ran.stdout, format!("<run>\n<--output>\n<{hostile}>\n<--repo>\n<{hostile}>\n<{hostile}>\n"));
    runner.half(&[("INPUT_COMMAND", "run; touch hacked")]).ends_with(2).prints(&["'run' or 'publish'"]);
    assert_eq!(fs::read_dir(runner.at("work")).unwrap().count(), 0);
}

#[test]
fn the_exit_code_is_the_commands() {
    let runner = Runner::new().program("ci-repair", "#!/bin/sh\nexit 4\n");
    runner.half(&[("INPUT_COMMAND", "run"), ("INPUT_BUNDLE", "bundle")]).ends_with(4);
}

#[test]
fn a_program_in_the_path_is_taken_as_it_is() {
    let runner = Runner::new().program("ci-repair", ECHO);
    runner.install("1.2.3", "", "file:///nowhere").ends_with(0);
    assert_eq!((runner.path().as_str(), runner.installed().exists()), ("", false));
}

#[test]
fn a_release_is_installed_if_its_checksum_is_right() {
    let (folder, sha256) = releases();
    let runner = Runner::new();
    let url = format!("file://{}", folder.path().display());
    runner.install("1.2.3", &sha256, &url).ends_with(0).prints(&["ci-repair 1.2.3"]);
    assert_eq!(runner.path().trim_end(), runner.installed().parent().unwrap().to_str().unwrap());
}

#[test]
fn a_release_with_another_checksum_or_none_is_not_run() {
    let (folder, sha256) = releases();
    let url = format!("file://{}", folder.path().display());
    let other = format!("{}{}", &sha256[1..], &sha256[..1]);
    for (version, sha256, words) in [
        ("1.2.3", other.as_str(), "another checksum"),
        ("1.2.3", "", "input 'sha256'"),
        ("1.2.3", "abc", "input 'sha256'"),
        ("9.9.9", &sha256, "cannot download"),
        ("../1.2.3", &sha256, "no version"),
    ] {
        let runner = Runner::new();
        runner.install(version, sha256, &url).ends_with(2).prints(&["::error title=ci-repair::", words]);
        assert_eq!((runner.path().as_str(), runner.installed().exists()), ("", false), "{version} {sha256}");
    }
}

#[test]
fn a_release_is_never_asked_for_in_the_clear() {
    let runner = Runner::new();
    runner
        .install("1.2.3", &"0".repeat(64), "http://127.0.0.1:9")
        .ends_with(2)
        .prints(&["cannot download"])
        .says(&["http"]);
}

#[test]
fn without_a_version_the_actions_own_source_is_built_where_it_lies() {
    let cargo = "#!/bin/bash\npwd >\"$RUNNER_TEMP/where\"\nprintf '%s ' \"$@\" >\"$RUNNER_TEMP/what\"\n\
                 root=${!#}\nprintf '#!/bin/sh\\necho built\\n' >\"$root/bin/ci-repair\"\nchmod +x \"$root/bin/ci-repair\"\n";
    let runner = Runner::new().program("cargo", cargo);
    runner.install("", "", "").ends_with(0).prints(&["built"]);
    let read = |name: &str| fs::read_to_string(runner.at("temp").join(name)).unwrap();
    assert_eq!(Path::new(read("where").trim()), workspace());
    assert!(
        read("what").starts_with("install --quiet --locked --path examples --bin ci-repair --root "),
        "{}",
        read("what")
    );
    assert_eq!(Path::new(runner.path().trim()).join("ci-repair"), runner.installed());
}
