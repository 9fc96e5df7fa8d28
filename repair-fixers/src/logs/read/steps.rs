//! Puts lines together to steps.

mod act;
mod docker;
mod gitlab;
mod jenkins;
mod prompt;
mod systems;
#[cfg(test)]
mod tests;
mod verdict;

use super::clean::{clean, without_escapes};
use super::ending::Ending;
use super::header::Header;
use super::keep::{Keeper, size};
use super::lines::RawLine;
use super::outcome;
use super::packages;
use super::posts::Posts;
use super::prefix;
use super::python::{self, Said};
use super::runner::Introduction;
use repair_core::{Log, Step, StepOutcome};
use std::mem;
use systems::Systems;
use verdict::Verdict;

/// The most that is kept of one step.
const STEP_LIMIT: usize = 8 << 20;
/// The most that is kept of all steps together.
const TOTAL_LIMIT: usize = 56 << 20;
/// The most steps.
const MOST_STEPS: usize = 10_000;
/// The colour in which the runner echoes a command.
const ECHO: &[u8] = b"\x1b[36;1m";
/// The color in which GitLab echoes one.
const GREEN: &[u8] = b"\x1b[32;1m$ ";

/// The step that is being read.
#[derive(Debug, Default)]
struct Open {
    step: Step,
    output: Keeper,
    /// Whether it runs a command. `false` for actions and where no header was seen.
    run: bool,
    header: bool,
    /// Whether it is the one in which the runner introduces itself.
    setup: bool,
    errors: bool,
    error_last: bool,
    /// Whether it is an action in a container, of whose failure the runner says nothing.
    container: bool,
    ending: Ending,
    /// Whether it passed, or what fails in it does no harm.
    ignored: bool,
    /// Whether it may have failed without a word, although another step follows.
    unsure: bool,
    /// Whether lines of a container build stand in it.
    built: bool,
}

/// Takes lines, gives a [`Log`].
#[derive(Debug)]
pub(super) struct Steps {
    log: Log,
    open: Open,
    header: Option<Header>,
    job: Option<String>,
    /// The job by the name of the input, where the log does not name it.
    given: Option<String>,
    /// Whether the input is the log of one step.
    of_step: bool,
    python: Option<String>,
    runner: Introduction,
    posts: Posts,
    systems: Systems,
    verdict: Verdict,
    seen: bool,
    /// Whether the line that is being read has a timestamp.
    stamped: bool,
    budget: usize,
    left_out: u64,
    /// Whether the line that is being read may speak of Python.
    python_may_be_said: bool,
    scratch: Vec<u8>,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            log: Log::default(),
            open: Open { output: Keeper::new(STEP_LIMIT), ..Open::default() },
            header: None,
            job: None,
            given: None,
            of_step: false,
            python: None,
            runner: Introduction::default(),
            posts: Posts::default(),
            systems: Systems::default(),
            verdict: Verdict::default(),
            seen: false,
            stamped: false,
            budget: TOTAL_LIMIT,
            left_out: 0,
            python_may_be_said: false,
            scratch: Vec::new(),
        }
    }
}

impl Steps {
    /// What follows is another input: the log of `job`, or only of its `step`, where that is known.
    pub(super) fn part(&mut self, job: Option<&str>, step: Option<&str>) {
        self.end_part();
        if step.is_none() || self.job.as_deref() != job {
            self.new_job(job.map(str::to_owned));
        }
        self.systems = Systems::default();
        self.given = job.map(str::to_owned);
        self.of_step = step.is_some();
        self.seen = false;
        self.begin(step);
    }

    /// The input ends: the job with it, or only the step.
    fn end_part(&mut self) {
        self.end_header(false);
        let ended = self.of_step || self.open.step.name.as_deref() == Some("Complete job");
        self.end_step(ended);
    }

    /// Takes a line as it stands in the log.
    pub(super) fn raw_line(&mut self, line: &RawLine<'_>) {
        if line.cut {
            self.left_out += 1;
        }
        let parts = prefix::split(line.bytes);
        if let Some((job, step)) = parts.place {
            self.place(job, step);
        }
        self.open.built |= parts.built;
        self.systems.green = parts.text.starts_with(GREEN);
        let mut scratch = mem::take(&mut self.scratch);
        self.python_may_be_said = line.python || line.controls;
        if line.travis {
            let text = without_escapes(parts.text, &mut scratch).to_vec();
            self.travis_line(line.number, &text);
        } else {
            let echoed = line.controls && parts.text.starts_with(ECHO);
            let text = clean(parts.text, line.controls, &mut scratch);
            self.line(line.number, &text, echoed, parts.stamped);
        }
        self.scratch = scratch;
    }

    /// The client names job and step on each line: another name is another step.
    fn place(&mut self, job: &[u8], step: &[u8]) {
        let named = !step.is_empty() && step != b"UNKNOWN STEP";
        let is = |name: &Option<String>, text: &[u8]| name.as_ref().is_some_and(|name| name.as_bytes() == text);
        if is(&self.job, job) && (!named || is(&self.open.step.name, step)) {
            return;
        }
        self.other_place(&String::from_utf8_lossy(job), &String::from_utf8_lossy(step), named);
    }

    fn other_place(&mut self, job: &str, step: &str, named: bool) {
        let same_job = self.job.as_deref() == Some(job);
        let same_step = !named || self.open.step.name.as_deref() == Some(step);
        if same_job && same_step {
            return;
        }
        self.end_header(false);
        self.end_step(true);
        if !same_job {
            self.new_job(Some(job.to_owned()));
        }
        self.begin(named.then_some(step));
    }

    fn line(&mut self, number: u64, text: &str, echoed: bool, stamped: bool) {
        self.stamped = stamped;
        if let Some(header) = &mut self.header {
            let ends = text.starts_with("##[endgroup]");
            if !ends && !text.starts_with("##[") && header.take(number, text, echoed) {
                return;
            }
            self.end_header(ends);
            if ends {
                return;
            }
        }
        if stamped && self.open.ending.is_printed(text) {
            return self.output(number, text);
        }
        let understood = self.understood(number, text, stamped);
        let first = !self.seen;
        self.seen |= !text.is_empty();
        let Some(text) = understood else { return };
        if text.starts_with("##[") && self.marker(number, text) {
            return;
        }
        if text.starts_with("Run ") && !stamped {
            self.header = Some(Header::new(number, text, true, first));
            return;
        }
        if !(text.starts_with("The command ") && self.travis_outcome(text)) {
            self.runner_line(text);
            self.output(number, text);
        }
    }

    /// Whether `text` is a marker of the runner that is no output.
    fn marker(&mut self, number: u64, text: &str) -> bool {
        if let Some(title) = text.strip_prefix("##[group]") {
            if title.starts_with("Run ") {
                self.header = Some(Header::new(number, title, false, false));
            } else {
                self.output(number, title);
            }
        } else if let Some(message) = text.strip_prefix("##[debug]") {
            if let Some(name) = message.strip_prefix("Starting: ") {
                self.end_step(true);
                self.begin(Some(name));
            }
        } else {
            return text.starts_with("##[endgroup]");
        }
        true
    }

    /// Lines of the runner itself that end a step.
    fn runner_line(&mut self, text: &str) {
        let name = match text.as_bytes().first() {
            Some(b'P') if text == "Post job cleanup." => {
                if self.posts.clean() {
                    self.success_is_proven();
                }
                "Post job cleanup"
            }
            Some(b'C') if text == "Cleaning up orphan processes" => "Complete job",
            Some(b'C') if text.starts_with("Current runner version: ") => {
                self.posts.begin();
                "Set up job"
            }
            Some(b'C') if text.starts_with("Complete job name: ") => {
                self.job = Some(text["Complete job name: ".len()..].to_owned());
                self.open.step.job.clone_from(&self.job);
                return;
            }
            _ => return,
        };
        let open = self.open.step.name.as_deref().unwrap_or_default();
        let same = open.starts_with(name) || (name.starts_with("Post ") && open.starts_with("Post "));
        if same || (name == "Set up job" && self.open.output.is_empty() && !open.is_empty()) {
            return;
        }
        self.end_step(true);
        if name == "Set up job" && !self.log.steps.is_empty() {
            self.new_job(self.given.clone());
            self.posts.begin();
        }
        self.begin(Some(name));
    }

    /// Lines with Travis' fold and time marks: several lines in one.
    fn travis_line(&mut self, number: u64, text: &[u8]) {
        let mut begins = false;
        self.systems.travis = true;
        for segment in text.split(|byte| *byte == b'\r') {
            let segment = String::from_utf8_lossy(segment);
            begins |= segment.starts_with("travis_fold:start:") || segment.starts_with("travis_time:start:");
            if segment.starts_with("travis_fold:") || segment.starts_with("travis_time:") {
                continue;
            }
            self.travis_text(number, &segment, begins);
        }
    }

    fn travis_text(&mut self, number: u64, text: &str, begins: bool) {
        match text.strip_prefix("$ ") {
            Some(command) if begins => {
                self.end_step(true);
                self.begin(None);
                self.open.step.command = Some(command.to_owned());
                self.open.run = true;
                self.open.header = true;
            }
            _ if text.is_empty() => {}
            _ => self.output(number, text),
        }
    }

    /// Whether `text` ends a step of Travis.
    fn travis_outcome(&mut self, text: &str) -> bool {
        let Some((command, code)) = outcome::travis(text) else { return false };
        self.open.step.command.get_or_insert_with(|| command.to_owned());
        if code != 0 {
            self.open.ending.failed = Some(Some(code));
        } else {
            self.open.run = true;
        }
        self.end_step(true);
        self.begin(None);
        true
    }

    fn output(&mut self, number: u64, text: &str) {
        let open = &mut self.open;
        open.ending.take(text, self.stamped && open.header);
        if !text.trim_start().is_empty() {
            open.error_last = text.starts_with("##[error]");
            open.container |= text.starts_with("##[command]/usr/bin/docker run ");
            open.errors |= open.error_last;
        }
        if open.setup {
            self.runner.take(text);
        }
        packages::remember(text, &mut self.log.packages);
        let said = if self.python_may_be_said { python::said(text) } else { None };
        match said {
            Some(Said::Here(version)) => open.step.python = Some(version.to_owned()),
            Some(Said::Installed(version)) => {
                open.step.python = Some(version.to_owned());
                self.python = Some(version.to_owned());
            }
            Some(Said::Path(version)) if open.step.python.is_none() => open.step.python = Some(version.to_owned()),
            _ => {}
        }
        if self.budget > 0 {
            open.output.push(number, text);
        }
    }

    /// The header ends, or turns out to be none. `closed` says that its end was marked.
    fn end_header(&mut self, closed: bool) {
        let Some(header) = self.header.take() else { return };
        if !header.is_step() || !(closed || header.web || !header.lines.is_empty()) {
            self.python_may_be_said = true;
            self.output(header.number, &header.title);
            header.lines.iter().for_each(|(number, line)| self.output(*number, line));
            return;
        }
        let fresh = self.open.output.is_empty() && !self.open.header && self.open.step.name.is_some();
        if !fresh {
            self.open.ending.next_step();
            self.end_step(true);
            self.begin(None);
        }
        self.open.header = true;
        let title = header.title.clone();
        self.open.run = header.fill(&mut self.open.step);
        if !self.open.run {
            self.posts.uses(&title);
        }
        let version = python::of_environment(&self.open.step).or_else(|| self.python.clone());
        self.python.clone_from(&version);
        self.open.step.python = version.or(self.open.step.python.take());
    }

    fn begin(&mut self, name: Option<&str>) {
        let mut step = Step::default();
        step.job.clone_from(&self.job);
        step.name = name.map(str::to_owned);
        step.python.clone_from(&self.python);
        let output = Keeper::new(STEP_LIMIT.min(self.budget));
        let setup = name == Some("Set up job");
        self.open = Open { step, output, setup, ..Open::default() };
    }

    /// The step ends; `followed` says that something comes after it, so that it was not just cut off.
    fn end_step(&mut self, followed: bool) {
        let open = mem::take(&mut self.open);
        let mut step = open.step;
        step.runner = self.runner.runner();
        step.outcome = match open.ending.failed {
            _ if open.ignored => StepOutcome::Passed,
            Some(code) => StepOutcome::Failed(code),
            None if open.run && followed => StepOutcome::Passed,
            None if open.error_last => StepOutcome::Failed(None),
            None if open.errors || open.container || open.unsure || !followed || step.name.is_none() => {
                StepOutcome::Unknown
            }
            None => StepOutcome::Passed,
        };
        if step.name.is_none() && step.command.is_none() && open.output.is_empty() && open.ending.failed.is_none() {
            return;
        }
        if step.outcome != StepOutcome::Passed {
            let (output, dropped) = open.output.finish();
            self.budget = self.budget.saturating_sub(size(&output));
            if dropped > 0 {
                self.log.notes.push(format!("{dropped} lines in the middle of a long step are left out"));
            }
            step.output = output;
        }
        if self.log.steps.len() < MOST_STEPS {
            self.log.steps.push(step);
        }
    }

    /// The log, when all lines were taken.
    pub(super) fn finish(mut self) -> Log {
        self.end_part();
        self.settle();
        if self.left_out > 0 {
            self.log.notes.push(format!("{} very long lines are cut", self.left_out));
        }
        if self.budget == 0 {
            self.log.notes.push("the log is too long: the output of its later steps is left out".to_owned());
        }
        self.log
    }
}
