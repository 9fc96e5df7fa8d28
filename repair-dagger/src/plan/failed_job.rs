//! From a failed job to the environment that is like its machine.

use super::action::{file_version, image_of};
use super::draft::Draft;
use super::{Plan, services};
use repair_core::{RepoPath, Snapshot};
use repair_fixers::workflow::{Given, Job, JobStep};
use std::collections::BTreeMap;

/// A job that failed, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct FailedJob<'a> {
    job: &'a Job,
    files: &'a Snapshot,
    command: Option<&'a str>,
    python: Option<&'a str>,
}

impl<'a> FailedJob<'a> {
    /// A job of a workflow file, and the repository that it ran on.
    pub fn new(job: &'a Job, files: &'a Snapshot) -> Self {
        Self { job, files, command: None, python: None }
    }

    /// The command that failed: what comes before it prepares it.
    pub fn command(self, command: &'a str) -> Self {
        Self { command: Some(command), ..self }
    }

    /// The version of Python that the log tells, which is more exact than what the workflow asks for.
    pub fn python(self, version: &'a str) -> Self {
        Self { python: Some(version), ..self }
    }

    /// What a container must have to be like the job's machine when the command ran.
    ///
    /// The command itself is no part of it. Expressions that cannot be evaluated are never guessed: what needs them is
    /// left out, and a note says so.
    pub fn plan(&self) -> Plan {
        let measures = self.command.is_some_and(|command| {
            ["coverage report", "coverage xml", "coverage html", "coverage combine", "diff-cover"]
                .iter()
                .any(|measure| command.contains(measure))
        });
        let mut draft = Draft::new(self.files, measures);
        draft.known = self.job.matrix.iter().map(|(name, value)| (format!("matrix.{name}"), value.clone())).collect();
        let job = format!("of the job `{}`", self.job.name);
        let environment = draft.known_of(&self.job.environment, &job);
        draft.plan.environment = self.environment(environment, &mut draft);
        self.machine(&mut draft);
        for step in self.steps(&mut draft) {
            draft.step(&step, 0);
        }
        if let Some(command) = self.command {
            draft.wants_programs_of(command);
        }
        services::add(self.job, &mut draft);
        self.version_from_history(&mut draft);
        self.image(&mut draft);
        draft.finished()
    }

    fn environment(&self, own: BTreeMap<String, String>, draft: &mut Draft<'_>) -> BTreeMap<String, String> {
        let always = ["CI", "GITHUB_ACTIONS"].map(|name| (name.to_owned(), "true".to_owned()));
        let mut environment = BTreeMap::from(always);
        if let Some(container) = &self.job.container {
            environment.extend(draft.known_of(&container.environment, "of the container"));
        }
        environment.extend(own);
        environment
    }

    /// What is to be said of the machine.
    fn machine(&self, draft: &mut Draft<'_>) {
        let label = self.label().unwrap_or_default().to_ascii_lowercase();
        for (prefix, system) in [("windows", "Windows"), ("macos", "macOS")] {
            if label.starts_with(prefix) {
                draft.note(format!(
                    "the job ran on {system} (`{label}`), which is not mirrored: the checks run on Linux"
                ));
            }
        }
        if label.contains("${{") {
            draft.note(format!("the machine `{label}` cannot be evaluated here: the checks run on Linux"));
        }
        if let Some(options) = self.job.container.as_ref().and_then(|container| container.options.as_deref()) {
            draft.note(format!("the options of the container are not mirrored: `{}`", options.trim()));
        }
    }

    fn label(&self) -> Option<&str> {
        self.job.runs_on.first().map(String::as_str)
    }

    /// The steps before the command that failed, and what its own step does before it.
    fn steps(&self, draft: &mut Draft<'_>) -> Vec<JobStep> {
        let steps = &self.job.steps;
        let Some(command) = self.command else { return steps.clone() };
        let Some(at) = self.job.position(command) else {
            draft.note("the command that failed is not in the workflow's file: every step that prepares is repeated");
            return steps.clone();
        };
        let before = steps[at].before(command).map(|run| {
            let mut step = steps[at].clone();
            step.run = Some(run);
            step
        });
        steps[..at].iter().cloned().chain(before).collect()
    }

    /// The image: the container's, or one with the job's Python.
    fn image(&self, draft: &mut Draft<'_>) {
        match self.job.container.as_ref().map(|container| &container.image) {
            Some(Given::Known(image)) => {
                if let Some(version) = draft.python.clone().filter(|_| !image.contains("python")) {
                    draft.note(format!("Python {version} is not installed in `{image}`: what is in it is used"));
                }
                draft.plan.image.clone_from(image);
                return;
            }
            Some(Given::Open(written)) => {
                draft.note(format!("the container `{written}` cannot be evaluated here: an image of Python is used"));
            }
            None => {}
        }
        let own_file = || {
            let file = RepoPath::new(".python-version").ok()?;
            file_version(&file, self.files.text(&file).ok()?)
        };
        let version = self.python.map(str::to_owned).or(draft.python.clone());
        let machine = |label: &str| super::image::preinstalled(label).map(str::to_owned);
        let version = version.or_else(own_file).or_else(|| self.label().and_then(machine));
        let (image, note) = image_of(version.as_deref());
        draft.plan.image = image;
        note.into_iter().for_each(|note| draft.note(note));
    }

    /// A version that is computed from git's history, which is not there, is given instead.
    fn version_from_history(&self, draft: &mut Draft<'_>) {
        const TOOLS: &[(&str, &str, &str)] = &[
            ("setuptools_scm", "SETUPTOOLS_SCM_PRETEND_VERSION", "0.0.0"),
            ("setuptools-scm", "SETUPTOOLS_SCM_PRETEND_VERSION", "0.0.0"),
            ("hatch-vcs", "SETUPTOOLS_SCM_PRETEND_VERSION", "0.0.0"),
            ("pbr", "PBR_VERSION", "0.0.0"),
            ("poetry-dynamic-versioning", "POETRY_DYNAMIC_VERSIONING_BYPASS", "0.0.0"),
            ("pdm-backend", "PDM_BUILD_SCM_VERSION", "0.0.0"),
        ];
        let text =
            |name: &str| RepoPath::new(name).ok().and_then(|path| self.files.text(&path).ok()).unwrap_or_default();
        let sources = ["pyproject.toml", "setup.cfg", "setup.py"].map(text);
        let names = |source: &str, tool: &str| {
            let part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            source
                .match_indices(tool)
                .any(|(at, _)| !source[..at].ends_with(part) && !source[at + tool.len()..].starts_with(part))
        };
        for (tool, variable, version) in TOOLS {
            let scm = *tool != "pdm-backend" || sources.iter().any(|source| source.contains("source = \"scm\""));
            if scm
                && sources.iter().any(|source| names(source, tool))
                && !draft.plan.environment.contains_key(*variable)
            {
                draft.plan.environment.insert((*variable).to_owned(), (*version).to_owned());
                draft.note(format!(
                    "git's history is not there, from which `{tool}` computes the version: it is {version}"
                ));
            }
        }
    }
}

#[cfg(test)]
#[path = "failed_job_tests.rs"]
mod tests;
