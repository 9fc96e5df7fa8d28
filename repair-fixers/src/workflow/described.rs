//! A job as its workflow's file describes it, with the values that this run of it had.

use super::expression::matches;
use std::collections::BTreeMap;

/// A text of a workflow's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The text, with what its expressions are worth.
    Known(String),
    /// The text as it is written: an expression in it cannot be evaluated here.
    Open(String),
}

impl Given {
    /// The text, if it is known.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            Self::Open(_) => None,
        }
    }

    /// The text as far as it is known.
    pub fn text(&self) -> &str {
        match self {
            Self::Known(text) | Self::Open(text) => text,
        }
    }
}

/// A job of a workflow, with the values of its matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Job {
    /// Its name in the run.
    pub name: String,
    /// The labels of the machine that it asks for, such as `ubuntu-latest`.
    pub runs_on: Vec<String>,
    /// The values of its matrix, by names such as `python-version`.
    pub matrix: BTreeMap<String, String>,
    /// The container that its steps run in.
    pub container: Option<Image>,
    /// What runs beside it, by name.
    pub services: BTreeMap<String, Image>,
    /// The variables of all steps: the workflow's and the job's.
    pub environment: BTreeMap<String, Given>,
    /// Its steps in order.
    pub steps: Vec<JobStep>,
}

impl Job {
    /// The place of the step that runs this command, or of which it is a line: of several the one in whose text the least
    /// is left open.
    pub fn position(&self, command: &str) -> Option<usize> {
        let best = |open: &dyn Fn(&JobStep) -> Option<usize>| {
            let found = self.steps.iter().enumerate().filter_map(|(index, step)| Some((open(step)?, index)));
            found.min().map(|(_, index)| index)
        };
        best(&|step| open(step.run.as_ref()?.text(), command))
            .or_else(|| best(&|step| lines(step.run.as_ref()?.text()).filter_map(|line| open(&line, command)).min()))
    }
}

/// The lines of a script, continued ones as one.
fn lines(script: &str) -> impl Iterator<Item = String> {
    script.replace("\\\n", " ").lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().into_iter()
}

/// How many expressions of the text are open if it is this command; `None` if it is another.
fn open(text: &str, command: &str) -> Option<usize> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    matches(&words(text), &words(command), &BTreeMap::new()).map(|open| open.len())
}

impl JobStep {
    /// What the step runs before the line that is this command; `None` if nothing.
    pub fn before(&self, command: &str) -> Option<Given> {
        let run = self.run.as_ref().filter(|run| open(run.text(), command).is_none())?;
        let before: Vec<String> = lines(run.text()).take_while(|line| open(line, command).is_none()).collect();
        let before = before.join("\n");
        let is_open = before.contains("${{");
        let given = if is_open { Given::Open(before) } else { Given::Known(before) };
        (!given.text().trim().is_empty()).then_some(given)
    }
}

/// The container of a job or service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Image {
    /// The image, such as `postgres:16`.
    pub image: Given,
    /// Its variables.
    pub environment: BTreeMap<String, Given>,
    /// The ports that are open to the job.
    pub ports: Vec<Port>,
    /// Further options for `docker create`.
    pub options: Option<String>,
}

/// A port of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// Where the machine has it; `None` if it chooses one.
    pub host: Option<u16>,
    /// Where the service has it.
    pub container: u16,
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobStep {
    /// What it is called in the run.
    pub name: String,
    /// The action that it uses, such as `actions/checkout@v4`.
    pub uses: Option<String>,
    /// What the action is given.
    pub with: BTreeMap<String, Given>,
    /// The command that it runs.
    pub run: Option<Given>,
    /// The shell that runs it, where one is named.
    pub shell: Option<String>,
    /// The folder that it runs in, where one is named: its own, the job's or the workflow's.
    pub working_directory: Option<Given>,
    /// Variables of it alone.
    pub environment: BTreeMap<String, Given>,
    /// Whether it runs.
    pub condition: Condition,
    /// Whether the job goes on when it fails.
    pub may_fail: bool,
}

/// Whether a step runs, as long as none before it has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// This condition, as it is written, cannot be evaluated here.
    Unknown(String),
}
