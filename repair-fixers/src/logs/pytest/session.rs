//! Cuts output into pytest's sessions, and these into their parts.

use super::Tally;
use super::form::{self, Verdict};
use repair_core::Output;
use std::ops::Range;

/// A part below a heading of `FAILURES` or `ERRORS`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The heading.
    pub(super) title: String,
    /// Its lines, the heading included.
    pub(super) lines: Range<usize>,
}

impl Block {
    /// Whether it tells of an error outside of a test's own body: of a fixture, or while collecting.
    pub(super) fn is_error(&self) -> bool {
        ["ERROR at setup", "ERROR at teardown", "ERROR collecting"].iter().any(|start| self.title.starts_with(start))
    }
}

/// One run of pytest.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    /// The parts of `FAILURES` and `ERRORS`.
    pub(super) blocks: Vec<Block>,
    /// Lines of the short test summary, as indices.
    pub(super) summary: Vec<usize>,
    /// Lines of `--tb=line`, as indices.
    pub(super) short: Vec<usize>,
    /// Lines of verbose output with a failure: index, id.
    pub(super) failed: Vec<(usize, String)>,
    /// The files of the letters `F`, in order.
    pub(super) failures: Vec<String>,
    /// The files of the letters `E`, in order.
    pub(super) errors: Vec<String>,
    /// The test that has begun and not ended.
    pub(super) running: Option<(usize, String)>,
    /// Where a time limit of pytest-timeout was reached.
    pub(super) timeout: Option<usize>,
    /// Where the session was interrupted: by a person, or from outside.
    pub(super) interrupted: Option<usize>,
    /// Lines of an internal error.
    pub(super) internal: Option<Range<usize>>,
    /// The last line.
    pub(super) tally: Option<Tally>,
    /// Whether its first line was seen.
    begun: bool,
    /// The index of the first line.
    pub(super) start: usize,
    /// The index of the last line.
    pub(super) end: usize,
}

impl Session {
    /// Whether it says that all is well.
    pub(super) fn passed(&self) -> bool {
        self.tally.is_some_and(|tally| tally.counts.failed == 0 && tally.counts.run > 0)
            && self.interrupted.is_none()
            && self.internal.is_none()
    }

    fn is_empty(&self) -> bool {
        self.blocks.is_empty()
            && self.summary.is_empty()
            && self.short.is_empty()
            && self.failed.is_empty()
            && self.running.is_none()
            && self.timeout.is_none()
            && self.internal.is_none()
            && self.tally.is_none()
            && !self.begun
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Section {
    #[default]
    Progress,
    Failures,
    Summary,
    Other,
}

/// Every session of `output`.
pub(super) fn all(output: &Output) -> Vec<Session> {
    let mut cutter = Cutter::new(output);
    for (index, line) in output.iter().enumerate() {
        cutter.line(index, line);
    }
    cutter.close(output.len());
    cutter.sessions
}

/// Whether the line below a heading `summary` is one of tox's: `  py37: commands succeeded`.
fn is_of_tox(line: &str) -> bool {
    let line = line.trim_start();
    let line = ["ERROR:", "SKIPPED:"].iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line);
    line.trim_start().split_once(": ").is_some_and(|(name, _)| !name.is_empty() && !name.contains(' '))
}

struct Cutter<'a> {
    output: &'a Output,
    sessions: Vec<Session>,
    open: Session,
    section: Section,
    /// How many other sessions are open inside of what a test printed.
    nested: usize,
    /// Inside of what a test printed.
    captured: bool,
    /// The file whose letters stand on the current line.
    file: Option<String>,
    /// Where the lines of the current failure begin, if failures have no headings.
    fresh: usize,
    /// How wide the frames of this session are. What a test prints mostly has another width.
    width: usize,
    /// A last line inside of what a test printed: it counts if no other comes.
    doubtful: Option<(usize, Tally)>,
}

impl<'a> Cutter<'a> {
    fn new(output: &'a Output) -> Self {
        Self {
            output,
            sessions: Vec::new(),
            open: Session::default(),
            section: Section::Progress,
            nested: 0,
            captured: false,
            file: None,
            fresh: 0,
            width: 0,
            doubtful: None,
        }
    }

    fn line(&mut self, index: usize, line: &str) {
        match line.as_bytes().first() {
            None => {}
            Some(b'=') => self.banner(index, line),
            Some(b'!') => self.shout(index, line),
            Some(b'_') if self.section == Section::Failures => self.heading(index, line),
            Some(b'I') if line.starts_with("INTERNALERROR>") => self.internal(index),
            Some(b'-') if self.section == Section::Failures => self.captured |= form::is_captured(line),
            Some(_) => self.text(index, line),
        }
    }

    fn banner(&mut self, index: usize, line: &str) {
        let Some(title) = form::banner(line).filter(|_| self.is_genuine(line)) else { return };
        if let Some(tally) = form::tally(line) {
            return self.tally(index, tally);
        }
        if self.is_printed(title) {
            return;
        }
        let section = match title {
            "test session starts" => {
                self.close(index);
                self.open.begun = true;
                Section::Progress
            }
            "FAILURES" | "ERRORS" => Section::Failures,
            "short test summary info" => Section::Summary,
            "PASSES" | "XFAILURES" | "XPASSES" | "RERUNS" | "warnings summary" | "pytest-warning summary" => {
                Section::Other
            }
            "warnings summary (final)" => Section::Other,
            title if title.starts_with("slowest ") || title.starts_with("tests coverage") => Section::Other,
            title if title.starts_with("rerun test summary") => Section::Other,
            _ => return,
        };
        self.close_block(index);
        self.section = section;
        self.fresh = index + 1;
        self.width = line.trim_end().chars().count();
    }

    /// Whether a title belongs to a session that stands in what a test printed.
    fn is_printed(&mut self, title: &str) -> bool {
        let begins = title == "test session starts" && self.captured && self.doubtful.is_none();
        self.nested += usize::from(begins);
        self.nested > 0
    }

    /// Whether a framed line is the runner's own. Inside of what a test printed the width tells.
    fn is_genuine(&self, line: &str) -> bool {
        let width = line.trim_end().chars().count();
        let narrow = line.starts_with("_ ") && line.trim_end().ends_with(" _");
        !self.captured || width.abs_diff(self.width) <= 1 || (narrow && width > self.width)
    }

    fn tally(&mut self, index: usize, tally: Tally) {
        if self.nested > 0 {
            self.nested -= 1;
            return;
        }
        // Only what follows tells whether a test printed it.
        if self.captured {
            self.doubtful = Some((index, tally));
            return;
        }
        self.close_block(index);
        self.open.tally = Some(tally);
        self.end_session(index);
    }

    fn shout(&mut self, index: usize, line: &str) {
        let Some(text) = form::shout(line) else { return };
        if self.nested > 0 {
            return;
        }
        self.close_block(index);
        if text.starts_with("KeyboardInterrupt") || text.contains("outcomes.Exit") {
            // An exit is told behind the last line.
            let ended = self.sessions.last_mut().filter(|_| self.open.is_empty());
            ended.unwrap_or(&mut self.open).interrupted = Some(index);
        }
    }

    fn heading(&mut self, index: usize, line: &str) {
        let Some(title) = form::heading(line).filter(|_| self.is_genuine(line)) else { return };
        if self.nested > 0 {
            return;
        }
        if title == "summary" && is_of_tox(self.output.line(index + 1)) {
            return self.close(index);
        }
        self.close_block(index);
        self.open.blocks.push(Block { title: title.to_owned(), lines: index..index });
    }

    fn internal(&mut self, index: usize) {
        let start = self.open.internal.as_ref().map_or(index, |range| range.start);
        self.open.internal = Some(start..index + 1);
    }

    fn text(&mut self, index: usize, line: &str) {
        let unframed = line.as_bytes()[0].is_ascii_digit() || line.starts_with("no tests ran");
        if let Some(tally) = form::tally(line).filter(|_| unframed) {
            return self.tally(index, tally);
        }
        let between = self.open.blocks.last().is_none_or(|block| !block.lines.is_empty());
        match self.section {
            Section::Summary if form::summary(line).is_some() => self.open.summary.push(index),
            Section::Failures if between => self.short(index, line),
            Section::Progress => self.progress(index, line),
            _ => {}
        }
    }

    /// A line of `--tb=line`, or one of those before it.
    fn short(&mut self, index: usize, line: &str) {
        let located = form::located(line).filter(|(path, _, rest)| path.contains('.') && !rest.is_empty());
        let genuine = match located {
            // Where lines that begin with `E` come first, they say the same; what a test printed stands between.
            Some((_, _, rest)) if self.captured => (self.fresh..index)
                .any(|above| form::error_text(self.output.line(above)).is_some_and(|text| text == rest)),
            Some(_) => true,
            None => line.starts_with("[XPASS(strict)]") && !self.captured && self.output.line(index - 1) != line,
        };
        if genuine {
            self.open.short.push(index);
            self.captured = false;
            self.fresh = index + 1;
        }
    }

    /// The letters of one file; a long row of them has several lines.
    fn letters(&mut self, line: &str) {
        let Some((file, letters)) = form::letters(line) else {
            self.file = None;
            return;
        };
        self.file = file.map(str::to_owned).or(self.file.take());
        let Some(file) = &self.file else { return };
        for letter in letters.chars() {
            match letter {
                'F' => self.open.failures.push(file.clone()),
                'E' => self.open.errors.push(file.clone()),
                _ => {}
            }
        }
    }

    fn progress(&mut self, index: usize, line: &str) {
        self.letters(line);
        if line.contains("+ Timeout +") {
            self.open.timeout.get_or_insert(index);
        }
        match form::progress(line) {
            Some((id, None)) => self.open.running = Some((index, id.to_owned())),
            Some((id, Some(verdict))) => {
                if verdict != Verdict::Fine {
                    self.open.failed.push((index, id.to_owned()));
                }
                self.open.running = None;
            }
            None => self.verdict(index, line),
        }
    }

    /// The verdict of the running test, after what it printed.
    fn verdict(&mut self, index: usize, line: &str) {
        let Some(verdict) = form::verdict(line) else { return };
        let ended = self.open.running.take().filter(|_| verdict != Verdict::Fine);
        self.open.failed.extend(ended.map(|(_, id)| (index, id)));
    }

    /// The session ends where its last line stands, or at `end`.
    fn close(&mut self, end: usize) {
        if let Some((index, tally)) = self.doubtful.filter(|_| self.open.tally.is_none() && !self.open.is_empty()) {
            self.close_block(index);
            self.open.tally = Some(tally);
            return self.end_session(index);
        }
        self.close_block(end);
        self.end_session(end);
    }

    fn close_block(&mut self, index: usize) {
        self.captured = false;
        if let Some(block) = self.open.blocks.last_mut().filter(|block| block.lines.is_empty()) {
            block.lines.end = index;
        }
    }

    fn end_session(&mut self, index: usize) {
        let mut session = std::mem::take(&mut self.open);
        self.section = Section::Progress;
        self.nested = 0;
        self.doubtful = None;
        if !session.is_empty() {
            session.start = self.sessions.last().map_or(0, |before| before.end + 1);
            session.end = index;
            self.sessions.push(session);
        }
    }
}
