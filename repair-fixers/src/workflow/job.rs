//! The jobs of a workflow.

use super::expression::{matches, value};
use super::matrix::{Values, text, values};
use std::collections::BTreeMap;
use yaml_serde::Value;

/// The jobs of a workflow's file.
pub(super) struct Jobs(Value);

/// A job with the values of its matrix.
pub(super) struct Job<'a> {
    name: &'a str,
    workflow: &'a Value,
    job: &'a Value,
    known: Values,
}

impl Jobs {
    /// Reads a workflow's file; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let document: Value = yaml_serde::from_str(text).ok()?;
        document.get("jobs")?.as_mapping()?;
        Some(Self(document))
    }

    /// Of `caller / job`, where the caller's is a job that calls a workflow of the same repository: that file, and the job.
    pub(super) fn calls<'n>(&self, name: &'n str) -> Option<(String, &'n str)> {
        let (caller, inner) = name.split_once(" / ")?;
        let file = self.named(caller)?.job.get("uses")?.as_str()?.strip_prefix("./")?.to_owned();
        Some((file, inner))
    }

    /// The job that has this name in a run: its own or its key, with the values of its matrix in or behind it.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> Option<Job<'a>> {
        let jobs = self.0.get("jobs")?.as_mapping()?;
        let found = jobs.iter().find_map(|(key, job)| Some((job, known(key.as_str()?, job, name)?)));
        found.map(|(job, known)| Job { name, workflow: &self.0, job, known })
    }
}

/// The values of the matrix with which the job is called `name`; `None` if it never is.
fn known(key: &str, job: &Value, name: &str) -> Option<Values> {
    let own = job.get("name").and_then(Value::as_str).unwrap_or(key);
    if own.contains("${{") {
        let found = matches(own, name, &Values::new())?;
        return Some(found.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    }
    if own == name {
        return Some(Values::new());
    }
    let suffix = name.strip_prefix(own)?.strip_prefix(" (")?.strip_suffix(')')?;
    values(job.get("strategy")?.get("matrix")?, suffix)
}

impl Job<'_> {
    /// The folder and the variables of the step with this command; nothing if there is no such step.
    pub(super) fn around(&self, command: &str) -> (Option<String>, BTreeMap<String, String>) {
        let Some(step) = self.step(command) else { return Default::default() };
        let default =
            |of: &Value| of.get("defaults")?.get("run")?.get("working-directory")?.as_str().map(str::to_owned);
        let own = step.get("working-directory").and_then(Value::as_str).map(str::to_owned);
        let folder = own.or_else(|| default(self.job)).or_else(|| default(self.workflow));
        let mut variables = BTreeMap::new();
        for env in [self.workflow, self.job, step].into_iter().filter_map(|of| of.get("env")?.as_mapping()) {
            for (name, given) in env.iter().filter_map(|(name, value)| Some((name.as_str()?, text(value)?))) {
                match self.value(&given) {
                    Some(value) => _ = variables.insert(name.to_owned(), value),
                    // What another level says is not what holds.
                    None => _ = variables.remove(name),
                }
            }
        }
        (folder.and_then(|folder| self.value(&folder)), variables)
    }

    /// The version of Python that the job asks for.
    pub(super) fn python(&self) -> Option<String> {
        let asks = |step: &Value| {
            let action = step.get("uses")?.as_str()?;
            let is_one = action.starts_with("actions/setup-python@") || action.starts_with("astral-sh/setup-uv@");
            let wanted = step.get("with").filter(|_| is_one)?.get("python-version")?;
            self.value(&text(wanted)?)
        };
        let version = self.steps().find_map(asks)?;
        version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
    }

    /// What a person should know who wants to see the failure elsewhere.
    pub(super) fn notes(&self) -> Vec<String> {
        let name = self.name;
        let image = |of: &Value| of.as_str().or_else(|| of.get("image")?.as_str()).and_then(|image| self.value(image));
        let container = self.job.get("container").and_then(image);
        let container = container
            .map(|image| format!("the job `{name}` ran in the container `{image}`, and the checks here do not"));
        let services: Vec<String> = self
            .job
            .get("services")
            .and_then(Value::as_mapping)
            .into_iter()
            .flatten()
            .filter_map(|(name, service)| {
                Some(format!("`{}` ({})", name.as_str()?, image(service).unwrap_or_default()))
            })
            .collect();
        let services = (!services.is_empty()).then(|| {
            let services = services.join(", ");
            format!("the job `{name}` ran with the services {services}, which are not here; tests that need them cannot be proven")
        });
        container.into_iter().chain(services).collect()
    }

    fn steps(&self) -> impl Iterator<Item = &Value> {
        self.job.get("steps").and_then(Value::as_sequence).into_iter().flatten()
    }

    /// The step with this command: of several the one in whose text the least is left open.
    fn step(&self, command: &str) -> Option<&Value> {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let command = words(command);
        let open = |step: &Value| {
            let run = words(step.get("run")?.as_str()?);
            matches(&run, &command, &self.known).map(|open| open.len())
        };
        let found = self.steps().filter_map(|step| Some((open(step)?, step)));
        found.min_by_key(|(open, _)| *open).map(|(_, step)| step)
    }

    fn value(&self, text: &str) -> Option<String> {
        value(text, &self.known)
    }
}
