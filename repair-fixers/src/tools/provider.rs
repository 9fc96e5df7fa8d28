//! Runs the project's own tools, in the sandbox, on a copy of the repository.

use super::ToolSpec;
use crate::shell::Script;
use async_trait::async_trait;
use repair_core::{Check, Exit, Fact, FactError, FactProvider, Query, RepoPath, Snapshot};
use repair_core::{Interpreter, Job, RunOutput, Sandbox, Workspace};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Mutex;

/// Answers [`Query::Rewrite`] by running the tool that complained so that it repairs.
///
/// The tool is called as the failed checks call it, with their options and on the files that they select; a check that
/// only calls `make` is asked what that would run. Where no check calls the tool, the files are named.
pub struct ProjectTools {
    folder: PathBuf,
    checks: Vec<Check>,
    interpreter: Option<Interpreter>,
    time_limit: Duration,
    path: Option<String>,
    sandbox: Sandbox,
    workspace: Mutex<Option<Workspace>>,
}

/// The queries that one run of a tool answers: their tool and profile.
type Group<'q> = (&'q str, &'q str);

impl ProjectTools {
    /// The tools of the repository in `folder`, as `checks` call them, in the environment of `interpreter`.
    pub fn new(folder: PathBuf, checks: Vec<Check>, interpreter: Option<Interpreter>, time_limit: Duration) -> Self {
        Self {
            folder,
            checks,
            interpreter,
            time_limit,
            path: None,
            sandbox: Sandbox::detect(),
            workspace: Mutex::default(),
        }
    }

    /// Finds programs in these folders too, a `PATH` behind the interpreter's own folder.
    pub fn path(self, path: Option<String>) -> Self {
        Self { path, ..self }
    }

    /// What the tool makes of `paths`: their new contents where they change, and who says so.
    async fn rewrite(
        &self,
        (tool, profile): Group<'_>,
        paths: &[&RepoPath],
        snapshot: &Snapshot,
    ) -> Result<(BTreeMap<RepoPath, Vec<u8>>, String), FactError> {
        let unknown = || FactError::Unavailable(format!("`{tool}` is not known to repair"));
        let spec = ToolSpec::named(tool).ok_or_else(unknown)?;
        let options = spec.options(profile).ok_or_else(unknown)?;
        let mut kept = self.workspace.lock().await;
        let workspace = match kept.as_mut() {
            Some(workspace) => workspace,
            None => kept.insert(Workspace::new(Some(&self.folder), &self.sandbox).map_err(failed)?),
        };
        workspace.update(snapshot).map_err(failed)?;
        let version = self.version(workspace, spec).await?;
        let mut jobs = self.calls(workspace, spec, options).await;
        if jobs.is_empty() {
            jobs.push(Job::shell(spec.fixing_paths(paths, options)));
        }
        for job in &jobs {
            self.run(workspace, job.clone()).await?;
        }
        let after = workspace.outcome().map_err(failed)?;
        let changed = paths.iter().filter(|path| !snapshot.same_file(&after, path));
        let contents = changed.filter_map(|path| Some(((*path).clone(), after.file(path).ok()?.bytes().to_vec())));
        Ok((contents.collect(), version))
    }

    /// The checks' own calls of the tool, turned to repairing.
    async fn calls(&self, workspace: &Workspace, spec: &ToolSpec, options: &[&str]) -> Vec<Job> {
        let mut jobs = Vec::new();
        for check in &self.checks {
            let script = Script::parse(&check.command);
            let mut calls = spec.fixing(&script, options);
            if calls.is_empty() && script.invocations().any(|call| call.tool == "make") {
                calls = spec.fixing(&Script::parse(&self.recipe(workspace, check).await), options);
            }
            jobs.extend(calls.into_iter().map(|call| in_place_of(check, call)));
        }
        jobs
    }

    /// What the check's `make` would run.
    async fn recipe(&self, workspace: &Workspace, check: &Check) -> String {
        let script = Script::parse(&check.command);
        let mut recipe = String::new();
        for call in script.invocations().filter(|call| call.tool == "make") {
            let end = call.command.words.last().map_or(call.name.span.end(), |word| word.span.end());
            let dry = format!("make --dry-run{}", &script.text()[call.name.span.end()..end]);
            if let Ok(RunOutput { exit: Exit::Code(0), output, .. }) =
                self.run(workspace, in_place_of(check, dry)).await
            {
                recipe += &output;
            }
        }
        recipe
    }

    async fn version(&self, workspace: &Workspace, spec: &ToolSpec) -> Result<String, FactError> {
        let program = spec.program.0;
        let output = self.run(workspace, Job::program([program, "--version"])).await?;
        let line = output.output.lines().find(|line| line.contains(|c: char| c.is_ascii_digit())).unwrap_or_default();
        let version = line.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        match (output.exit, version) {
            (Exit::Code(0), Some(version)) => Ok(format!("{program} {}", version.trim_end_matches(','))),
            // Some tools know no `--version`.
            (Exit::Code(1 | 2), _) | (Exit::Code(0), None) => Ok(program.to_owned()),
            _ => Err(FactError::Unavailable(format!(
                "`{program}` is not installed in the environment; install it there, or name another with `--python`"
            ))),
        }
    }

    async fn run(&self, workspace: &Workspace, job: Job) -> Result<RunOutput, FactError> {
        let path = self.path.iter().map(|path| ("PATH".to_owned(), path.clone()));
        let job = job.time_limit(self.time_limit).variables(path);
        let job = match &self.interpreter {
            Some(interpreter) => job.interpreter(interpreter),
            None => job,
        };
        self.sandbox.run(workspace, &job).await.map_err(failed)
    }
}

/// `command` where and as `check` runs.
fn in_place_of(check: &Check, command: String) -> Job {
    let job = Job::shell(command).variables(check.environment.clone());
    match &check.working_directory {
        Some(folder) => job.directory(folder),
        None => job,
    }
}

fn failed(error: impl std::fmt::Display) -> FactError {
    FactError::Failed(error.to_string())
}

#[async_trait]
impl FactProvider for ProjectTools {
    async fn answer(&self, query: &Query, snapshot: &Snapshot) -> Option<Result<Fact, FactError>> {
        self.answer_all(std::slice::from_ref(query), snapshot).await.into_iter().next().flatten()
    }

    async fn answer_all(&self, queries: &[Query], snapshot: &Snapshot) -> Vec<Option<Result<Fact, FactError>>> {
        let mut groups: BTreeMap<Group<'_>, Vec<&RepoPath>> = BTreeMap::new();
        for query in queries {
            if let Query::Rewrite { tool, profile, path } = query {
                groups.entry((tool, profile)).or_default().push(path);
            }
        }
        let mut answers = BTreeMap::new();
        for (group, paths) in groups {
            answers.insert(group, self.rewrite(group, &paths, snapshot).await);
        }
        let answer = |query: &Query| {
            let Query::Rewrite { tool, profile, path } = query else { return None };
            let answer = answers.get(&(tool.as_str(), profile.as_str()))?.clone();
            Some(answer.map(|(contents, by)| Fact::Rewrite { contents: contents.get(path).cloned(), by }))
        };
        queries.iter().map(answer).collect()
    }
}
