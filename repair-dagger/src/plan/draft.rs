//! A plan that is being made.

use super::{Plan, PlannedStep, action, needs, system};
use repair_core::{RepoPath, Snapshot};
use repair_fixers::checks::is_only_linters;
use repair_fixers::shell::{Script, quoted};
use repair_fixers::workflow::{Condition, Given, JobStep, composite};
use std::collections::{BTreeMap, BTreeSet};

/// How deep actions of the repository may use each other.
const DEPTH: usize = 4;

/// A plan that is being made of the steps of a job.
pub(super) struct Draft<'a> {
    /// What is there so far.
    pub(super) plan: Plan,
    /// The repository.
    pub(super) files: &'a Snapshot,
    /// The version of Python that a step asked for last.
    pub(super) python: Option<String>,
    /// What expressions are worth, for actions of the repository.
    pub(super) known: BTreeMap<String, String>,
    /// Whether what measures a run is to find something to measure.
    pub(super) measures: bool,
    programs: BTreeSet<&'static str>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(files: &'a Snapshot, measures: bool) -> Self {
        let (plan, known, programs) = (Plan::new(""), BTreeMap::new(), BTreeSet::new());
        Self { plan, files, python: None, known, measures, programs }
    }

    /// Something for the reader, once.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.plan.notes.contains(&note) {
            self.plan.notes.push(note);
        }
    }

    /// The variables whose worth is known. The others are left out, and said to be.
    pub(super) fn known_of(&mut self, variables: &BTreeMap<String, Given>, what: &str) -> BTreeMap<String, String> {
        let mut known = BTreeMap::new();
        for (name, value) in variables {
            match value {
                Given::Known(value) => _ = known.insert(name.clone(), value.clone()),
                Given::Open(written) => {
                    self.note(format!("the variable `{name}` {what} is not set: {}", why_open(written)));
                }
            }
        }
        known
    }

    /// The programs that the script runs will be there.
    pub(super) fn wants_programs_of(&mut self, script: &str) {
        self.programs.extend(system::programs(script));
    }

    /// A step of the job, or of an action of the repository that is `depth` deep.
    pub(super) fn step(&mut self, step: &JobStep, depth: usize) {
        let name = &step.name;
        match &step.condition {
            Condition::Holds => {}
            Condition::Fails => return,
            Condition::Unknown(condition) => {
                let condition = condition.trim();
                return self.note(format!("the step `{name}` is skipped: `{condition}` cannot be evaluated here"));
            }
        }
        match (&step.uses, &step.run) {
            (Some(uses), _) if uses.starts_with("./") => self.own_action(uses, step, depth),
            (Some(uses), _) => action::act(uses, step, self),
            (None, Some(run)) => self.run(run, step),
            (None, None) => {}
        }
    }

    /// The steps of an action of the repository itself.
    fn own_action(&mut self, uses: &str, step: &JobStep, depth: usize) {
        let folder = uses.trim_start_matches("./").trim_end_matches('/');
        let file = ["action.yml", "action.yaml"].into_iter().find_map(|name| {
            let path = RepoPath::new(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") });
            self.files.text(&path.ok()?).ok()
        });
        let steps = file.filter(|_| depth < DEPTH).and_then(|text| composite(text, &step.with, &self.known));
        match steps {
            Some(steps) => steps.iter().for_each(|step| self.step(step, depth + 1)),
            None => self.note(format!("the step `{}` is skipped: the action `{uses}` is not made of steps", step.name)),
        }
    }

    /// A step that runs a command.
    fn run(&mut self, run: &Given, step: &JobStep) {
        let name = step.name.as_str();
        let Given::Known(script) = run else {
            return self.note(format!("the step `{name}` is skipped: {}", why_open(run.text())));
        };
        let folder = match &step.working_directory {
            None => None,
            Some(Given::Known(folder)) => Some(folder.trim_matches('/').trim_start_matches("./")),
            Some(Given::Open(folder)) => {
                return self
                    .note(format!("the step `{name}` is skipped: its folder `{folder}` cannot be evaluated here"));
            }
        };
        let folder = folder.filter(|folder| !matches!(*folder, "" | "."));
        if let Some(why) = self.refusal(script, step) {
            return self.note(format!("the step `{name}` is skipped: {why}"));
        }
        if let Some(packages) = system::packages(script) {
            return self.packages(packages);
        }
        let environment = self.known_of(&step.environment, &format!("of the step `{name}`"));
        let Some(command) = in_shell(script, step.shell.as_deref()) else {
            let shell = step.shell.as_deref().unwrap_or_default();
            return self.note(format!("the step `{name}` is skipped: there is no shell `{shell}`"));
        };
        let needs = needs::needs(script, folder, self.files);
        self.wants_programs_of(script);
        let (command, environment) = self.files_of_github(command, script, environment, name);
        let command = if step.may_fail { format!("(\n{command}\n) || true") } else { command };
        let working_directory = folder.map(str::to_owned);
        self.plan.steps.push(PlannedStep { name: name.to_owned(), command, working_directory, environment, needs });
    }

    /// Why the step is not to be repeated; `None` if it is.
    fn refusal(&self, script: &str, step: &JobStep) -> Option<String> {
        if is_check(script) && !self.measures {
            return Some("it only checks, and changes nothing for those behind it".to_owned());
        }
        if let Some(program) = system::impossible(script) {
            return Some(format!("there is no `{program}` in a container"));
        }
        let uses = |name: &str| {
            let written = format!("${name}");
            let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let mut places = script.match_indices(&written).map(|(at, found)| at + found.len());
            places.any(|end| !script[end..].starts_with(part)) || script.contains(&format!("${{{name}"))
        };
        let open = step.environment.iter().find(|(name, value)| value.known().is_none() && uses(name));
        open.map(|(name, value)| format!("it uses the variable `{name}`, and {}", why_open(value.text())))
    }

    /// Debian's packages.
    pub(super) fn packages(&mut self, packages: Vec<String>) {
        for package in packages {
            if !self.plan.packages.contains(&package) {
                self.plan.packages.push(package);
            }
        }
    }

    /// What a step installs by itself, whatever the repository is.
    pub(super) fn install(&mut self, name: &str, requirement: &str) {
        self.plan.steps.push(PlannedStep {
            name: name.to_owned(),
            command: format!("python -m pip install {}", quoted(requirement)),
            working_directory: None,
            environment: BTreeMap::new(),
            needs: Some(Vec::new()),
        });
    }

    /// The command and its variables where it writes to the files through which GitHub hears from steps.
    ///
    /// Plain variables become those of the plan; the rest has nobody to read it.
    fn files_of_github(
        &mut self,
        command: String,
        script: &str,
        mut environment: BTreeMap<String, String>,
        name: &str,
    ) -> (String, BTreeMap<String, String>) {
        const FILES: [&str; 4] = ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
        for file in FILES.into_iter().filter(|file| script.contains(file)) {
            environment.insert(file.to_owned(), "/dev/null".to_owned());
        }
        for line in script.lines().filter(|line| line.contains("GITHUB_ENV") || line.contains("GITHUB_PATH")) {
            match plain_assignment(line) {
                Some((name, value)) => _ = self.plan.environment.insert(name, value),
                None => self.note(format!("what the step `{name}` says to later ones is not heard: `{}`", line.trim())),
            }
        }
        (command, environment)
    }

    /// The plan, once everything was seen.
    pub(super) fn finished(mut self) -> Plan {
        let programs: Vec<String> = self.programs.iter().map(|package| (*package).to_owned()).collect();
        self.packages(programs);
        self.plan
    }
}

/// The variable that `echo "NAME=value" >> $GITHUB_ENV` sets, if its value stands there.
fn plain_assignment(line: &str) -> Option<(String, String)> {
    let (before, file) = line.split_once(">>")?;
    let script = Script::parse(before);
    let [command] = script.commands() else { return None };
    let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    let ["echo", assignment] = words.as_slice() else { return None };
    let (name, value) = assignment.split_once('=').filter(|_| file.contains("GITHUB_ENV"))?;
    (!value.contains(['$', '`'])).then(|| (name.to_owned(), value.to_owned()))
}

/// Why a text cannot be evaluated.
fn why_open(written: &str) -> String {
    let expressions: Vec<&str> =
        written.split("${{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim())).collect();
    let secret =
        expressions.iter().find(|expression| expression.contains("secrets.") || expression.contains("github.token"));
    match secret.or(expressions.first()) {
        Some(name) if secret.is_some() => format!("`{name}` is a secret"),
        Some(name) => format!("`{name}` is not known here"),
        None => "it is not known here".to_owned(),
    }
}

/// The script for a POSIX shell; `None` if it is for one that is not there.
fn in_shell(script: &str, shell: Option<&str>) -> Option<String> {
    let script = system::as_root(script.trim_end());
    let program = shell.unwrap_or("bash").split_whitespace().next().unwrap_or_default();
    match program.rsplit('/').next().unwrap_or_default() {
        "bash" if shell == Some("bash") => Some(format!("set -o pipefail\n{script}")),
        "bash" | "sh" => Some(script),
        "python" | "python3" => Some(format!("python - <<'END_OF_STEP'\n{script}\nEND_OF_STEP")),
        _ => None,
    }
}

/// Whether the script only checks, so that it changes nothing for the steps behind it.
fn is_check(script: &str) -> bool {
    const RUNNERS: &[&str] = &["pytest", "py.test", "unittest", "pre-commit", "echo", "true"];
    let parsed = Script::parse(script);
    let runs = |tool: &str| RUNNERS.contains(&tool);
    let has_runner = parsed.invocations().any(|call| runs(call.tool) && !matches!(call.tool, "echo" | "true"));
    let installs = parsed.invocations().any(|call| call.texts().any(|word| word == "install"));
    let only_runners = parsed.invocations().all(|call| runs(call.tool) || is_only_linters(call.tool));
    !installs && (is_only_linters(script) || has_runner && only_runners)
}
