//! Jobs of GitLab.

use super::Steps;
use crate::logs::read::outcome::job_code;

/// What follows a job's script.
const AFTER: [&str; 6] = [
    "Running after_script",
    "Running after script",
    "Uploading artifacts for ",
    "Saving cache for ",
    "Cleaning up project directory",
    "Cleaning up file based variables",
];

impl Steps {
    /// Whether the line is a mark of GitLab.
    pub(super) fn gitlab(&mut self, number: u64, text: &str) -> bool {
        if let Some(version) = text.strip_prefix("Running with gitlab-runner ") {
            self.gitlab_begins(version);
            return false;
        }
        if let Some(command) = text.strip_prefix("$ ") {
            return self.gitlab_command(number, command);
        }
        if !self.systems.gitlab {
            return false;
        }
        match text {
            _ if text.starts_with("section_start:") || text.starts_with("section_end:") => true,
            _ if text.starts_with("Using Docker executor with image ") => {
                let image = text["Using Docker executor with image ".len()..].trim_end_matches([' ', '.']);
                self.runner.in_image(image);
                false
            }
            _ if text.starts_with("Executing \"") && text.contains("\" stage of the job script") => {
                self.end_step(true);
                self.begin(None);
                self.systems.after = text.contains("\"after_script\"");
                true
            }
            _ if AFTER.iter().any(|start| text.starts_with(start)) => {
                self.gitlab_after(text);
                true
            }
            _ if text.trim_end() == "Job succeeded" => {
                self.success_is_said();
                true
            }
            _ if text.starts_with("ERROR: Job failed") => {
                self.job_failed(number, text, job_code(text));
                true
            }
            _ => false,
        }
    }

    fn gitlab_begins(&mut self, version: &str) {
        if self.open.header && !self.systems.gitlab {
            return;
        }
        self.end_step(true);
        self.new_job(self.given.clone());
        self.systems.gitlab = true;
        self.systems.after = false;
        self.runner.has_version(version.split(' ').next().unwrap_or_default());
        self.begin(Some("Prepare job"));
    }

    /// `$ pytest`. Only the color tells it from what a program prints.
    fn gitlab_command(&mut self, number: u64, command: &str) -> bool {
        if !self.systems.gitlab && (!self.systems.green || self.open.header) {
            return false;
        }
        self.systems.gitlab = true;
        if self.systems.after {
            self.output(number, command);
        } else {
            self.open.run &= self.systems.green;
            self.begin_command(None, command, self.systems.green);
        }
        true
    }

    /// What fails from here on does no harm.
    fn gitlab_after(&mut self, title: &str) {
        if !self.systems.after {
            self.systems.after = true;
            self.suspend(Some(title.trim_end_matches([' ', '.'])));
            self.open.ignored = true;
        }
    }
}
