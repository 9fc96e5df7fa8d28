//! The jobs of a workflow.

use super::describe::Describe;
use super::described::Job;
use super::expression::{matches, value};
use super::matrix::{Values, text, values};
use std::collections::BTreeMap;
use yaml_serde::Value;

/// The jobs of a workflow's file.
pub(super) struct Jobs(Value);

/// A job with the values of its matrix.
pub(super) struct Entry<'a> {
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

    /// What a workflow gets as input that is called by the job `caller`: what that says, and what is said here for the rest.
    pub(super) fn inputs(&self, caller: &Entry<'_>) -> Values {
        let declared = self.0.get("on").and_then(|on| on.get("workflow_call")?.get("inputs")?.as_mapping());
        let preset = |(name, input): (&Value, &Value)| Some((name.as_str()?.to_owned(), text(input.get("default")?)?));
        let mut inputs: Values = declared.into_iter().flatten().filter_map(preset).collect();
        for (name, given) in (Describe { known: &caller.known }).map(caller.job, "with") {
            match given.known() {
                Some(value) => _ = inputs.insert(name, value.to_owned()),
                None => _ = inputs.remove(&name),
            }
        }
        inputs.into_iter().map(|(name, value)| (format!("inputs.{name}"), value)).collect()
    }

    /// The job that has this name in a run: its own or its key, with the values of its matrix in or behind it.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> Option<Entry<'a>> {
        let jobs = self.0.get("jobs")?.as_mapping()?;
        let found = jobs.iter().find_map(|(key, job)| Some((job, known(key.as_str()?, job, name)?)));
        found.map(|(job, known)| Entry { name, workflow: &self.0, job, known })
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

impl Entry<'_> {
    /// The job with all that its file says of it, where `more` is known besides the values of its matrix.
    pub(super) fn described(&self, more: &Values) -> Job {
        let mut known = self.known.clone();
        known.extend(more.iter().map(|(name, value)| (name.clone(), value.clone())));
        known.extend(self.absent());
        let describe = Describe { known: &known };
        let runs_on = self.job.get("runs-on").map(|labels| describe.list(labels)).unwrap_or_default();
        let mut environment = describe.map(self.workflow, "env");
        environment.extend(describe.map(self.job, "env"));
        let services = self.job.get("services").and_then(Value::as_mapping).into_iter().flatten();
        let services: BTreeMap<String, _> =
            services.filter_map(|(name, service)| Some((text(name)?, describe.image(service)?))).collect();
        let container = self.job.get("container").and_then(|container| describe.image(container));
        let matrix = self.known.iter().filter_map(|(name, value)| Some((name.strip_prefix("matrix.")?, value)));
        let matrix = matrix.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        let mut job =
            Job { name: self.name.to_owned(), runs_on, matrix, container, services, environment, steps: vec![] };
        known.extend(implied(&job));
        known.extend(self.misses());
        let default = |name: &str| self.default(name);
        let (folder, shell) = (default("working-directory"), default("shell"));
        job.steps = Describe { known: &known }.steps(self.job, folder.as_deref(), shell.as_deref());
        job
    }

    /// What is said for all commands of the job or else of the workflow.
    fn default(&self, name: &str) -> Option<String> {
        let of = |of: &Value| text(of.get("defaults")?.get("run")?.get(name)?);
        of(self.job).or_else(|| of(self.workflow))
    }

    /// Values that other jobs of the matrix have and this one has not, which are empty here.
    fn absent(&self) -> Values {
        let included =
            self.job.get("strategy").and_then(|strategy| strategy.get("matrix")?.get("include")?.as_sequence());
        let names = included.into_iter().flatten().filter_map(Value::as_mapping).flatten();
        let plain = names.filter(|(_, value)| text(value).is_some()).filter_map(|(name, _)| name.as_str());
        let absent = plain.map(|name| format!("matrix.{name}")).filter(|name| !self.known.contains_key(name));
        absent.filter(|_| !self.known.is_empty()).map(|name| (name, String::new())).collect()
    }

    /// Whether caches were hit, which does not happen where there are none.
    fn misses(&self) -> Values {
        let cache = |step: &Value| {
            let uses = step.get("uses")?.as_str()?;
            let id = step.get("id").and_then(Value::as_str).filter(|_| uses.starts_with("actions/"))?;
            let caches = ["actions/cache@", "actions/cache/restore@", "actions/setup-python@"];
            caches.iter().any(|cache| uses.starts_with(cache)).then(|| format!("steps.{id}.outputs.cache-hit"))
        };
        self.steps().filter_map(cache).map(|name| (name, String::new())).collect()
    }

    /// The folder and the variables of the step with this command; nothing if there is no such step.
    pub(super) fn around(&self, command: &str) -> (Option<String>, BTreeMap<String, String>) {
        let Some(step) = self.step(command) else { return Default::default() };
        let own = step.get("working-directory").and_then(text);
        let folder = own.or_else(|| self.default("working-directory"));
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

/// What follows from the description of a job: its variables, its system, and where its services are.
fn implied(job: &Job) -> Values {
    let mut implied = Values::new();
    for (name, value) in &job.environment {
        implied.extend(value.known().map(|value| (format!("env.{name}"), value.to_owned())));
    }
    let systems = [("ubuntu", "Linux"), ("windows", "Windows"), ("macos", "macOS")];
    let label = job.runs_on.first().map(|label| label.to_ascii_lowercase()).unwrap_or_default();
    let system = systems.iter().find(|(prefix, _)| label.starts_with(prefix));
    implied.extend(system.map(|(_, system)| ("runner.os".to_owned(), (*system).to_owned())));
    for (name, service) in &job.services {
        for port in &service.ports {
            let host = port.host.unwrap_or(port.container);
            implied.insert(format!("job.services.{name}.ports.{}", port.container), host.to_string());
        }
    }
    implied
}
