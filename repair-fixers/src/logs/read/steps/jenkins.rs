//! Builds of Jenkins.

use super::Steps;
use super::systems::Expected;
use crate::logs::read::outcome::exit_code;

/// Steps of a pipeline that run a shell.
const SHELLS: [&str; 4] = ["sh", "bat", "powershell", "pwsh"];
/// Steps of a pipeline in which others run at once, or may fail.
const BRANCHES: [&str; 4] = ["parallel", "catchError", "warnError", "retry"];

impl Steps {
    /// Whether the line is a mark of Jenkins.
    pub(super) fn jenkins(&mut self, number: u64, text: &str) -> bool {
        if let Some(mark) = text.strip_prefix("[Pipeline] ") {
            self.systems.jenkins = true;
            self.jenkins_step(mark.trim_end());
            return true;
        }
        if let Some((_, shell)) = text.strip_prefix('[').and_then(|text| text.split_once("] $ ")) {
            return self.jenkins_shell(shell);
        }
        if let Some((name, _)) = text.strip_prefix("Running on ").and_then(|rest| rest.split_once(" in /")) {
            self.runner.is_named(name);
            return false;
        }
        if !self.systems.jenkins {
            return false;
        }
        match text.trim_end() {
            "Finished: SUCCESS" => self.success_is_said(),
            "Finished: FAILURE" if self.has_failed() => {}
            "Finished: FAILURE" => self.job_failed(number, text, None),
            failed if failed.starts_with("ERROR: script returned exit code ") && !self.systems.branches => {
                self.job_failed(number, text, exit_code(text));
            }
            failed if failed.starts_with("Build step '") && failed.ends_with("marked build as failure") => {
                self.open.ending.failed = Some(None);
                return false;
            }
            _ => return false,
        }
        true
    }

    fn jenkins_step(&mut self, mark: &str) {
        if self.systems.branches {
            return;
        }
        if self.open.step.command.is_some() {
            self.suspend(None);
        }
        if BRANCHES.contains(&mark) {
            self.systems.branches = true;
        } else if let Some(stage) = mark.strip_prefix("{ (").and_then(|rest| rest.strip_suffix(')')) {
            self.systems.after |= stage.ends_with("Post Actions");
            self.systems.stage = Some(stage.to_owned());
        } else if SHELLS.contains(&mark) {
            if !self.systems.after {
                self.suspect_passed();
            }
            let stage = self.systems.stage.clone();
            self.end_step(false);
            self.begin(stage.as_deref());
            self.open.ignored = self.systems.after;
            self.open.unsure = true;
            self.systems.expected = Expected::Trace;
        }
    }

    /// `[workspace] $ /bin/sh -xe /tmp/jenkins123.sh` of a job without a pipeline.
    fn jenkins_shell(&mut self, shell: &str) -> bool {
        let known = ["/bin/sh -xe ", "/bin/bash -xe ", "sh -xe ", "cmd /c call ", "cmd.exe /C "];
        if !known.iter().any(|known| shell.starts_with(known)) {
            return false;
        }
        self.systems.jenkins = true;
        self.end_step(true);
        self.begin(None);
        self.open.step.shell = shell.rsplit_once(' ').map(|(shell, _)| shell.to_owned());
        self.open.header = true;
        self.systems.expected = Expected::Trace;
        true
    }
}
