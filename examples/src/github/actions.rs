//! What a step of GitHub Actions tells its workflow: outputs, and the job's summary.

use anyhow::{Context, Result};
use repair_core::Hash128;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The step that this process is, if it is one.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    inside: bool,
    outputs: Option<PathBuf>,
    summary: Option<PathBuf>,
}

impl Actions {
    /// By this process's environment.
    pub(crate) fn from_environment() -> Self {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            inside: std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true"),
            outputs: path("GITHUB_OUTPUT"),
            summary: path("GITHUB_STEP_SUMMARY"),
        }
    }

    /// Whether this process is a step.
    pub(crate) fn inside(&self) -> bool {
        self.inside
    }

    /// Sets outputs of the step.
    pub(crate) fn set(&self, outputs: &[(&str, &str)]) -> Result<()> {
        let text: String = outputs.iter().map(|(name, value)| output(name, value, &delimiter(value))).collect();
        append(self.outputs.as_ref(), &text).context("cannot set the step's outputs in `GITHUB_OUTPUT`")
    }

    /// Adds Markdown to the job's summary.
    pub(crate) fn summarize(&self, markdown: &str) -> Result<()> {
        append(self.summary.as_ref(), markdown).context("cannot write the job's summary to `GITHUB_STEP_SUMMARY`")
    }
}

fn append(file: Option<&PathBuf>, text: &str) -> std::io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    OpenOptions::new().append(true).create(true).open(file)?.write_all(text.as_bytes())
}

/// An output in the form that may have any value, as long as the delimiter is no line of it.
fn output(name: &str, value: &str, delimiter: &str) -> String {
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

/// A line that whoever made `value` cannot have foreseen.
fn delimiter(value: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string();
    let process = std::process::id().to_string();
    // The address of something on the stack, which the system makes up for each process.
    let place = format!("{:p}", &raw const now);
    let random = Hash128::of_parts([now.as_bytes(), process.as_bytes(), place.as_bytes(), value.as_bytes()]);
    format!("ci-repair-{random}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads outputs as the runner does.
    fn read(text: &str) -> Vec<(String, String)> {
        let (mut found, mut lines) = (Vec::new(), text.lines());
        while let Some((name, end)) = lines.next().and_then(|line| line.split_once("<<")) {
            let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            found.push((name.to_owned(), value.join("\n")));
        }
        found
    }

    #[test]
    fn a_value_cannot_smuggle_another_output() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let actions = Actions { outputs: Some(file.path().to_owned()), ..Actions::default() };
        let hostile = "x\npublish=true\nEOF\npublish<<EOF\ntrue";
        actions.set(&[("bundle", hostile), ("publish", "false")]).unwrap();
        actions.set(&[("more", "")]).unwrap();
        let expected = [("bundle", hostile), ("publish", "false"), ("more", "")];
        let found = read(&std::fs::read_to_string(file.path()).unwrap());
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_ne!(delimiter("x"), delimiter("y"));
    }

    #[test]
    fn outside_of_actions_nothing_is_written() {
        Actions::default().set(&[("a", "b")]).unwrap();
        Actions::default().summarize("x").unwrap();
        let lost = Actions { summary: Some("/nowhere/summary".into()), ..Actions::default() };
        assert!(format!("{:#}", lost.summarize("x").unwrap_err()).contains("GITHUB_STEP_SUMMARY"));
    }
}
