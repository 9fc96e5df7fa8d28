//! From the parts of a session to failures.

use super::block::{self, Details};
use super::blocks::{Blocks, Ids};
use super::form::{self, Summary};
use super::session::{Block, Session};
use crate::logs::crash;
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use repair_core::{Category, Failure, Output, Phase, RepoPath, Step, StepOutcome};
use std::ops::Range;

/// How many lines of `--tb=line` may have no line of the summary before one that has.
const AHEAD: usize = 200;

/// The failures of a session.
pub(super) fn of(session: &Session, output: &Output, roots: &Roots) -> Vec<Failure> {
    if session.passed() {
        return Vec::new();
    }
    let blocks = Blocks::new(&session.blocks, output);
    Collector { session, output, roots, blocks, short: 0 }.all()
}

/// Makes the failures of one session.
pub(super) struct Collector<'a> {
    pub(super) session: &'a Session,
    pub(super) output: &'a Output,
    pub(super) roots: &'a Roots,
    blocks: Blocks<'a>,
    /// How many lines of `--tb=line` have found their line of the summary.
    short: usize,
}

impl<'a> Collector<'a> {
    fn all(mut self) -> Vec<Failure> {
        let mut found = Vec::new();
        for index in &self.session.summary {
            let Some(summary) = form::summary(self.output.line(*index)) else { continue };
            let failure = self.of_summary(*index, &summary);
            if !self.is_cut(*index, &failure) {
                found.push(failure);
            }
        }
        let failed = self.session.failed.iter().map(|(_, id)| (title(id), id.as_str()));
        let mut ids = Ids::new(failed, self.summarized());
        let rest = if self.is_complete(&found) { Vec::new() } else { self.blocks.unused() };
        for (position, block) in rest {
            let id = self.id_of(position, block, &mut ids);
            if ids.take(&id, block.is_error()) {
                found.push(self.of_block(block, id));
            }
        }
        if found.is_empty() {
            found.extend(self.session.short.iter().filter_map(|index| self.of_short(*index, None)));
        }
        if found.is_empty() || self.session.tally.is_none() {
            self.of_verdicts(&mut found, &mut ids);
        }
        found.extend(self.of_stop());
        found.extend(self.session.internal.clone().and_then(|lines| self.of_internal(lines)));
        found
    }

    /// Whether every failure that the session counted stands in its summary: what else looks like one was printed.
    fn is_complete(&self, found: &[Failure]) -> bool {
        self.session.tally.is_some_and(|tally| tally.counts.failed > 0 && found.len() as u64 >= tally.counts.failed)
    }

    /// Whether the log ends inside of the line at `index`, so that its name is no test's.
    fn is_cut(&self, index: usize, failure: &Failure) -> bool {
        let last = self.session.tally.is_none() && index + 1 == self.output.len();
        last && !self.session.blocks.is_empty() && failure.log_lines.is_some_and(|(first, last)| first == last)
    }

    /// Id and kind, error or failure, of the lines of the summary.
    fn summarized(&self) -> impl Iterator<Item = (String, bool)> {
        let summaries = self.session.summary.iter().filter_map(|index| form::summary(self.output.line(*index)));
        summaries.map(|summary| (summary.id, summary.error))
    }

    fn of_summary(&mut self, index: usize, summary: &Summary<'_>) -> Failure {
        let failure = match self.block_for(summary) {
            Some(block) => Some(self.of_block(block, summary.id.clone())),
            None => self.short_for(summary).and_then(|short| self.of_short(short, Some(&summary.id))),
        };
        let bare = || self.failure(&summary.id, Details::default(), is_module(&summary.id), index..index + 1);
        let mut failure = failure.unwrap_or_else(bare);
        if let Some(message) = summary.message {
            fill(&mut failure, message);
        }
        failure
    }

    /// The line of `--tb=line` that a line of the summary belongs to: both come in the same order, but not every
    /// failure has both.
    fn short_for(&mut self, summary: &Summary<'_>) -> Option<usize> {
        let lines = self.session.short.get(self.short..)?;
        let message = summary.message.map(|message| message.strip_suffix("...").unwrap_or(message).trim());
        let text = |index: &usize| {
            let line = self.output.line(*index);
            form::located(line).map_or(line, |(_, _, rest)| rest)
        };
        let position = match message {
            Some(message) => lines.iter().take(AHEAD).position(|index| text(index).starts_with(message)),
            None => Some(0).filter(|_| self.session.short.len() == self.session.summary.len()),
        }?;
        self.short += position + 1;
        lines.get(position).copied()
    }

    /// The block that a line of the summary belongs to.
    fn block_for(&mut self, summary: &Summary<'_>) -> Option<&'a Block> {
        self.blocks.take(&title(&summary.id), &summary.id, summary.error)
    }

    fn of_block(&self, block: &Block, id: String) -> Failure {
        let mut details = block::read(self.output, block.lines.clone(), self.roots);
        let doctest = block.title.starts_with("[doctest]");
        if doctest {
            block::doctest(self.output, block.lines.clone(), &mut details);
        }
        let collecting = block.title.starts_with("ERROR collecting ");
        let mut failure = self.failure(&id, details, collecting, block.lines.clone());
        if doctest {
            failure.tool = "doctest".to_owned();
        }
        failure
    }

    /// A failure of the test `id`; if that is empty, of none that is known.
    pub(super) fn failure(&self, id: &str, details: Details, collecting: bool, lines: Range<usize>) -> Failure {
        let code = details.code.unwrap_or_default();
        let message = details.message.unwrap_or_default();
        let path = details.place.as_ref().map(|(path, _)| path.as_str()).unwrap_or_default();
        let category = if collecting {
            exception::category(&code, &message)
        } else {
            exception::test_category(&code, &message, &[id, path])
        };
        let mut failure = Failure::new(category, "pytest");
        if collecting {
            failure.phase = Phase::Import;
        }
        exception::write(&mut failure, &Exception { class: code, message });
        failure.code = failure.code.filter(|code| !code.is_empty());
        if failure.code.is_none() && failure.message.as_deref().is_some_and(|message| message.starts_with("assert ")) {
            failure.code = Some("AssertionError".to_owned());
        }
        let (path, line) = details.place.unzip();
        failure.test_id = match id {
            "" => None,
            form::EVERYTHING => path.as_ref().map(ToString::to_string),
            id => Some(id.to_owned()),
        };
        exception::place(&mut failure, path.or_else(|| self.file_of(id)), line);
        let first = self.output.number(lines.start);
        failure.log_lines = Some((first, self.output.number(lines.end.saturating_sub(1).max(lines.start))));
        failure
    }

    fn file_of(&self, id: &str) -> Option<RepoPath> {
        let file = id.split("::").next()?;
        if file.ends_with(".py") { self.roots.relative(file) } else { None }
    }

    /// A line of `--tb=line`.
    fn of_short(&self, index: usize, id: Option<&str>) -> Option<Failure> {
        let text = self.output.line(index);
        let (place, rest) = form::located(text).map_or((None, text), |(path, line, rest)| (Some((path, line)), rest));
        let exception = Exception::recognize(rest);
        let details = Details {
            code: exception.as_ref().map(|exception| exception.code().to_owned()),
            message: exception.map_or_else(|| Some(rest.to_owned()), |exception| Some(exception.message)),
            place: place.and_then(|(path, line)| Some((self.roots.relative(path)?, line))),
            file: None,
        };
        Some(self.failure(id.unwrap_or_default(), details, false, index..index + 1))
    }

    /// Failures that only the verbose output tells, because the session came to no end or prints no more.
    fn of_verdicts(&self, found: &mut Vec<Failure>, ids: &mut Ids<'_>) {
        for (index, id) in &self.session.failed {
            if ids.take_new(id) {
                found.push(self.failure(id, Details::default(), false, *index..*index + 1));
            }
        }
    }

    /// The test's id, from a block alone.
    fn id_of(&self, position: usize, block: &Block, ids: &mut Ids<'_>) -> String {
        let name = block_title(&block.title);
        if block.title.starts_with("ERROR collecting ") {
            return name.to_owned();
        }
        if let Some(id) = ids.fresh(name, block.is_error()) {
            return id.to_owned();
        }
        let (path, parameters) = name.split_at(name.find('[').unwrap_or(name.len()));
        let path = path.replace('.', "::");
        match self.file_of_block(position, block) {
            Some(file) => format!("{file}::{path}{parameters}"),
            None => name.to_owned(),
        }
    }

    /// The test's file: of an error the traceback begins with the fixture, which may stand elsewhere.
    fn file_of_block(&self, position: usize, block: &Block) -> Option<RepoPath> {
        let told = || block::read(self.output, block.lines.clone(), self.roots).file;
        let told = || told().filter(|file| !block.is_error() || block::is_test_file(file));
        let file = self.marked_file(position, block).or_else(told)?;
        self.roots.relative(&file)
    }

    /// The file of the letter that stands for a block: both come in the same order.
    fn marked_file(&self, position: usize, block: &Block) -> Option<String> {
        let marks = if block.is_error() { &self.session.errors } else { &self.session.failures };
        let (rank, count) = self.blocks.rank(position)?;
        marks.get(rank).filter(|_| marks.len() == count).cloned()
    }
}

/// A session that ran nothing, in a step that failed for it.
pub(super) fn nothing_ran(session: &Session, step: &Step) -> Option<Failure> {
    session.tally.filter(|tally| tally.nothing)?;
    let listed = |line: &str| line.trim_start().starts_with('<') && line.trim_end().ends_with('>');
    match step.outcome {
        StepOutcome::Failed(None | Some(5)) => {}
        // pytest's exit code says that no test is an error, unless they were only to be listed.
        StepOutcome::Unknown if !step.output.iter().any(listed) => {}
        _ => return None,
    }
    let mut failure = Failure::new(Category::Test, "pytest");
    failure.phase = Phase::Import;
    failure.code = matches!(step.outcome, StepOutcome::Failed(Some(5))).then(|| "5".to_owned());
    let told = form::result(step.output.line(session.end));
    failure.message = Some(told.unwrap_or("no tests ran").to_owned());
    let number = step.output.number(session.end);
    failure.log_lines = Some((number, number));
    Some(failure)
}

/// The numbers at the end of a session that names no failure.
pub(super) fn only_counted(session: &Session, step: &Step) -> Option<Failure> {
    session.tally.filter(|tally| tally.counts.failed > 0)?;
    let mut failure = Failure::new(Category::Test, "pytest");
    if let StepOutcome::Failed(Some(code)) = step.outcome {
        failure.code = Some(code.to_string());
    }
    failure.message = form::result(step.output.line(session.end)).map(str::to_owned);
    let number = step.output.number(session.end);
    failure.log_lines = Some((number, number));
    Some(failure)
}

/// The test that was running when the process ended without a word of its own.
pub(super) fn cut_short(session: &Session, step: &Step) -> Option<Failure> {
    if let Some(mut failure) = crash::failure(step).filter(|_| session.tally.is_none()) {
        failure.tool = "pytest".to_owned();
        return Some(failure);
    }
    let StepOutcome::Failed(Some(code @ 1..128)) = step.outcome else { return None };
    let (index, id) = session.running.as_ref().filter(|_| session.tally.is_none())?;
    let mut failure = Failure::new(exception::test_category("", "", &[id]), "pytest");
    failure.code = Some(code.to_string());
    failure.test_id = Some(id.clone());
    failure.path = id.split("::").next().and_then(|file| Roots::of(step).relative(file));
    failure.log_lines = Some((step.output.number(*index), step.output.number(*index)));
    Some(failure)
}

/// What the summary knows and the block did not.
fn fill(failure: &mut Failure, message: &str) {
    let exception = Exception::recognize(message);
    let text = exception.as_ref().map_or(message, |exception| exception.message.as_str());
    let text = text.strip_suffix("...").unwrap_or(text).trim();
    if failure.code.is_none() && failure.message.is_none() {
        failure.code = exception.as_ref().map(|exception| exception.code().to_owned());
        let assertion = failure.code.is_none() && text.starts_with("assert ");
        failure.code = failure.code.take().or(assertion.then(|| "AssertionError".to_owned()));
        let code = failure.code.clone().unwrap_or_default();
        failure.category = match failure.phase {
            Phase::Import => exception::category(&code, text),
            _ => exception::test_category(&code, text, &[failure.test_id.as_deref().unwrap_or_default()]),
        };
        failure.subject = exception::subject(&code, text);
        if failure.category == Category::Syntax {
            failure.phase = Phase::Parse;
        }
    }
    if failure.message.is_none() && !text.is_empty() {
        failure.message = Some(text.to_owned());
    }
}

/// Whether an id is a file's, not a test's.
pub(super) fn is_module(id: &str) -> bool {
    !id.contains("::")
}

/// The heading that the block of test `id` has.
fn title(id: &str) -> String {
    match id.split_once("::") {
        Some((_, name)) => {
            let (path, parameters) = name.split_at(name.find('[').unwrap_or(name.len()));
            format!("{}{parameters}", path.replace("::", "."))
        }
        None => id.to_owned(),
    }
}

/// The test's name in a heading.
pub(super) fn block_title(title: &str) -> &str {
    const BEFORE: [&str; 5] =
        ["ERROR at setup of ", "ERROR at teardown of ", "ERROR collecting ", "[doctest] ", "ERROR at call of "];
    without_subtest(BEFORE.iter().find_map(|before| title.strip_prefix(before)).unwrap_or(title))
}

/// A heading without the description of a subtest: `test_a` of `test_a [text] (i=1)`.
fn without_subtest(name: &str) -> &str {
    let after_parameters = name.find("] ").map(|end| end + 1);
    let end = match name.find(' ') {
        Some(space) if name[..space].contains('[') => after_parameters,
        space => space,
    };
    let described =
        |rest: &str| rest.starts_with([' ']) && rest[1..].starts_with(['[', '(']) && rest.ends_with([']', ')']);
    match end.map(|end| name.split_at(end)) {
        Some((test, rest)) if described(rest) => test,
        _ => name,
    }
}
