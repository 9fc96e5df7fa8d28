//! Checks that a project can be asked for by name, made from its files.

use super::services::plain;
use super::{Plan, PlannedStep, Service};
use repair_core::{Category, Check, RepoPath, Snapshot};
use repair_fixers::checks::configured;
use repair_fixers::shell::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use yaml_serde::Value;

/// A kind of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pipeline {
    /// Unit tests, with their coverage.
    Unit,
    /// Tests that need services, with a time limit.
    Integration,
    /// The documentation builds.
    Documentation,
    /// Linters, formatters, type checkers.
    Quality,
    /// Known weaknesses, in the code and in what it depends on.
    Security,
}

/// The checks of a [`Pipeline`] for one project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PipelinePlan {
    /// What to run.
    pub checks: Vec<Check>,
    /// What has to be installed first, besides the project.
    pub steps: Vec<PlannedStep>,
    /// What has to run beside it.
    pub services: Vec<Service>,
    /// How long one check may take, where it should be another time than that of the caller.
    pub time_limit: Option<Duration>,
    /// What could not be made, and why.
    pub notes: Vec<String>,
}

/// Where projects have tests that need more than themselves.
const INTEGRATION_FOLDERS: &[&str] = &[
    "tests/integration",
    "tests/e2e",
    "tests/functional",
    "test/integration",
    "integration_tests",
    "tests_integration",
];

/// How long a check of integration may take.
const INTEGRATION_LIMIT: Duration = Duration::from_secs(15 * 60);

impl Pipeline {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Unit, Self::Integration, Self::Documentation, Self::Quality, Self::Security];

    /// Its name, as a configuration says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Integration => "integration",
            Self::Documentation => "documentation",
            Self::Quality => "quality",
            Self::Security => "security",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pipeline| pipeline.name() == name)
    }

    /// The one that shows failures of this category.
    pub fn of(category: Category) -> Self {
        match category {
            Category::IntegrationTest | Category::Infrastructure => Self::Integration,
            Category::Documentation => Self::Documentation,
            Category::Quality | Category::TypeCheck => Self::Quality,
            Category::Security => Self::Security,
            _ => Self::Unit,
        }
    }

    /// Its checks for the project with these files.
    pub fn plan(self, files: &Snapshot) -> PipelinePlan {
        let project = Project { files };
        match self {
            Self::Unit => project.unit(),
            Self::Integration => project.integration(),
            Self::Documentation => project.documentation(),
            Self::Quality => project.quality(),
            Self::Security => project.security(),
        }
    }
}

impl PipelinePlan {
    /// Adds what its checks need to an environment.
    pub fn prepare(&self, plan: &mut Plan) {
        plan.steps.extend(self.steps.iter().cloned());
        let there: BTreeSet<String> = plan.services.iter().map(|service| service.name.clone()).collect();
        plan.services.extend(self.services.iter().filter(|service| !there.contains(&service.name)).cloned());
        plan.notes.extend(self.notes.iter().cloned());
    }

    fn of(name: &str, command: impl Into<String>, tools: &[&str]) -> Self {
        let mut plan = Self::default();
        plan.add(name, command, tools);
        plan
    }

    fn add(&mut self, name: &str, command: impl Into<String>, tools: &[&str]) {
        self.checks.push(Check { name: name.to_owned(), command: command.into(), ..Check::default() });
        self.install(tools);
    }

    /// A step that installs tools, where they are not there already in a version that the project wants.
    fn install(&mut self, tools: &[&str]) {
        for tool in tools {
            let missing = format!("python -m {} --version >/dev/null 2>&1", tool.replace('-', "_"));
            let command = format!("{missing} || python -m pip install {}", quoted(tool));
            if !self.steps.iter().any(|step| step.command == command) {
                let (name, environment) = (format!("Install {tool}"), BTreeMap::new());
                self.steps.push(PlannedStep {
                    name,
                    command,
                    working_directory: None,
                    environment,
                    needs: Some(vec![]),
                });
            }
        }
    }

    fn nothing(note: &str) -> Self {
        Self { notes: vec![note.to_owned()], ..Self::default() }
    }
}

/// What a project's files say of its checks.
struct Project<'a> {
    files: &'a Snapshot,
}

impl Project<'_> {
    fn text(&self, name: &str) -> &str {
        RepoPath::new(name).ok().and_then(|path| self.files.text(&path).ok()).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        RepoPath::new(name).is_ok_and(|path| self.files.contains(&path))
    }

    fn has_folder(&self, name: &str) -> bool {
        let folder = format!("{name}/");
        self.files.paths().any(|path| path.as_str().starts_with(&folder))
    }

    /// The files that configure pytest and others.
    fn configuration(&self) -> String {
        ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].map(|name| self.text(name)).join("\n")
    }

    fn integration_folders(&self) -> Vec<&'static str> {
        INTEGRATION_FOLDERS.iter().copied().filter(|folder| self.has_folder(folder)).collect()
    }

    fn is_marked(&self) -> bool {
        let marks = |line: &str| line.trim_start().trim_start_matches(['"', '\'', '[', ' ']).starts_with("integration");
        let configuration = self.configuration();
        configuration.contains("markers") && configuration.lines().any(marks)
    }

    fn unit(&self) -> PipelinePlan {
        let configuration = self.configuration();
        if self.has("manage.py") && !configuration.contains("pytest") {
            let command = "python -m coverage run manage.py test && python -m coverage report";
            return PipelinePlan::of("unit tests", command, &["coverage"]);
        }
        let mut options: Vec<String> =
            self.integration_folders().iter().map(|folder| format!("--ignore={folder}")).collect();
        if self.is_marked() {
            options.push("-m 'not integration'".to_owned());
        }
        let options: String = options.iter().map(|option| format!(" {option}")).collect();
        if configuration.contains("--cov") {
            let mut plan = PipelinePlan::of("unit tests", format!("python -m pytest{options}"), &["pytest"]);
            plan.steps.push(PlannedStep {
                name: "Install pytest-cov".to_owned(),
                command: "python -c 'import pytest_cov' 2>/dev/null || python -m pip install pytest-cov".to_owned(),
                working_directory: None,
                environment: BTreeMap::new(),
                needs: Some(Vec::new()),
            });
            return plan;
        }
        let command = format!("python -m coverage run -m pytest{options} && python -m coverage report");
        PipelinePlan::of("unit tests", command, &["pytest", "coverage"])
    }

    fn integration(&self) -> PipelinePlan {
        let folders = self.integration_folders();
        let command = match (folders.is_empty(), self.is_marked()) {
            (false, _) => format!("python -m pytest {}", folders.join(" ")),
            (true, true) => "python -m pytest -m integration".to_owned(),
            (true, false) => {
                return PipelinePlan::nothing("no folder and no marker says which tests are those of integration");
            }
        };
        let mut plan = PipelinePlan::of("integration tests", command, &["pytest"]);
        plan.time_limit = Some(INTEGRATION_LIMIT);
        let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
        let text = names.iter().map(|name| self.text(name)).find(|text| !text.is_empty());
        text.into_iter().for_each(|text| composed(text, &mut plan));
        plan
    }

    fn documentation(&self) -> PipelinePlan {
        let mut plan = PipelinePlan::default();
        let folder =
            ["docs/source", "doc/source", "docs", "doc"].into_iter().find(|dir| self.has(&format!("{dir}/conf.py")));
        if self.has("mkdocs.yml") {
            plan.add("documentation", "python -m mkdocs build --strict --site-dir /tmp/site", &["mkdocs"]);
        } else if let Some(folder) = folder {
            let top = folder.trim_end_matches("/source");
            let makefile = self.text(&format!("{top}/Makefile"));
            let strict = makefile.lines().any(|line| line.starts_with("SPHINXOPTS") && line.contains("-W"));
            let strict = if strict { " -W --keep-going" } else { "" };
            plan.add("documentation", format!("python -m sphinx -b html{strict} {folder} /tmp/site"), &["sphinx"]);
        } else {
            return PipelinePlan::nothing("no `mkdocs.yml` and no `docs/conf.py` says how the documentation is built");
        }
        let requirements =
            ["docs/requirements.txt", "doc/requirements.txt", "requirements-docs.txt", "requirements/docs.txt"];
        for file in requirements.into_iter().filter(|file| self.has(file)) {
            let command = format!("python -m pip install -r {file}");
            let needs = super::needs::needs(&command, None, self.files);
            let (name, environment) = (format!("Install {file}"), BTreeMap::new());
            plan.steps.insert(0, PlannedStep { name, command, working_directory: None, environment, needs });
        }
        plan
    }

    fn quality(&self) -> PipelinePlan {
        let mut plan = PipelinePlan::default();
        for check in configured(self.files).into_iter().filter(|check| !check.command.contains("pytest")) {
            let tool = check.command.split(' ').next().unwrap_or_default().to_owned();
            plan.install(&[&tool]);
            plan.checks.push(check);
        }
        if plan.checks.is_empty() {
            return PipelinePlan::nothing("the project configures no linter, formatter or type checker");
        }
        plan
    }

    fn security(&self) -> PipelinePlan {
        let mut plan = PipelinePlan::default();
        let configured = self.text("pyproject.toml").contains("[tool.bandit");
        let options = if configured { " -c pyproject.toml" } else { "" };
        if configured || self.has(".bandit") {
            plan.add("bandit", format!("python -m bandit -q{options} -r ."), &["bandit"]);
        }
        let files: Vec<&str> =
            ["requirements.txt", "requirements/base.txt"].into_iter().filter(|file| self.has(file)).collect();
        let given: String = files.iter().map(|file| format!(" -r {file}")).collect();
        plan.add("pip-audit", format!("python -m pip_audit{given}"), &["pip-audit"]);
        plan
    }
}

/// The services of a file of Docker Compose that come from images.
fn composed(text: &str, plan: &mut PipelinePlan) {
    let document: Option<Value> = yaml_serde::from_str(text).ok();
    let services = document.as_ref().and_then(|document| document.get("services")?.as_mapping());
    for (name, service) in services.into_iter().flatten() {
        let Some(name) = name.as_str() else { continue };
        match service.get("image").and_then(Value::as_str).filter(|image| !image.contains('$')) {
            Some(image) => plan.services.push(plain(name, image, variables(service), ports(service))),
            None => plan.notes.push(format!("the service `{name}` is missing: it is not made from a plain image")),
        }
    }
}

/// The variables of a service, written as a list or as a mapping; those that come from elsewhere are left out.
fn variables(service: &Value) -> BTreeMap<String, String> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    let given = service.get("environment");
    let mapping = given.and_then(Value::as_mapping).into_iter().flatten();
    let mapping = mapping.filter_map(|(name, value)| Some((name.as_str()?.to_owned(), plain(value)?)));
    let list = given.and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_str);
    let list = list.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned()));
    mapping.chain(list).filter(|(_, value)| !value.contains('$')).collect()
}

fn ports(service: &Value) -> Vec<u16> {
    let listed = ["ports", "expose"].into_iter().filter_map(|name| service.get(name)?.as_sequence()).flatten();
    let number = |port: &Value| match port {
        Value::String(text) => text.split('/').next()?.rsplit(':').next()?.parse().ok(),
        other => other.as_u64().and_then(|port| port.try_into().ok()),
    };
    listed.filter_map(number).collect()
}

#[cfg(test)]
#[path = "pipeline_tests.rs"]
mod tests;
