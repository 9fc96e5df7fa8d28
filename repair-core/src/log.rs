//! Logs as steps, and who reads them.

use crate::Failure;
use std::collections::BTreeMap;
use std::ops::Range;

/// A job's log, cut into steps. Made by whoever knows the log's form; see `repair-fixers`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Log {
    /// The steps in their order. Plain output is one step without a name.
    pub steps: Vec<Step>,
    /// The packages that it says were installed, by normalized name, with their versions.
    pub packages: BTreeMap<String, String>,
    /// What the reader has to say about the log: that it was cut, not text, and so on.
    pub notes: Vec<String>,
}

/// One step of a job: a command and what it printed.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Step {
    /// The job, where the log names it.
    pub job: Option<String>,
    /// The step's name.
    pub name: Option<String>,
    /// The command, as it stood in the workflow.
    pub command: Option<String>,
    /// The folder it ran in, if it is not the checkout's.
    pub working_directory: Option<String>,
    /// The shell, such as `/usr/bin/bash -e {0}`.
    pub shell: Option<String>,
    /// The environment that the log shows.
    pub environment: BTreeMap<String, String>,
    /// The Python version as far as the log tells it, such as `3.11.7`.
    pub python: Option<String>,
    /// The machine that it ran on, where the log tells.
    pub runner: Option<Runner>,
    /// How it ended.
    pub outcome: StepOutcome,
    /// What it printed, cleaned of timestamps, colours and overwritten progress.
    pub output: Output,
}

/// The machine that ran a job, as far as its log tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Runner {
    /// Its name.
    pub name: Option<String>,
    /// The version of the program that runs the job, such as `2.317.0`.
    pub version: Option<String>,
    /// The image of the machine or container, such as `ubuntu-22.04` or `python:3.12-slim`.
    pub image: Option<String>,
    /// The version of that image, such as `20240708.1.0`.
    pub image_version: Option<String>,
    /// The operating system, such as `Ubuntu 22.04.4 LTS`.
    pub system: Option<String>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepOutcome {
    /// The log does not say.
    #[default]
    Unknown,
    /// With success, or with an error that was to be ignored.
    Passed,
    /// With a failure, and this exit code if known.
    Failed(Option<i32>),
}

/// Lines of text in one piece of memory, each with its line number in the log.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Every line with a line feed behind it.
    text: String,
    /// Of every line its number and where it ends, the line feed included.
    lines: Vec<(u64, usize)>,
}

impl Output {
    /// Adds a line (without its line end) that stands at the 1-based `number` of the log.
    pub fn push(&mut self, number: u64, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push((number, self.text.len()));
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Bytes held, line ends not counted.
    pub fn bytes(&self) -> usize {
        self.text.len() - self.lines.len()
    }

    /// All lines, each with a line feed behind it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines with these 0-based indices, each with a line feed behind it.
    pub fn text_of(&self, lines: Range<usize>) -> &str {
        let before = |index: usize| match index.min(self.lines.len()).checked_sub(1) {
            Some(last) => self.lines[last].1,
            None => 0,
        };
        let end = before(lines.end);
        &self.text[before(lines.start).min(end)..end]
    }

    /// The 0-based index of the line in which the byte at `offset` of [`text`](Self::text) stands.
    pub fn index_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|(_, end)| *end <= offset)
    }

    /// The line at 0-based `index`; empty beyond the end.
    pub fn line(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.lines.get(before)).map_or(0, |(_, end)| *end);
        self.lines.get(index).map_or("", |(_, end)| &self.text[start..*end - 1])
    }

    /// The log's line number of the line at 0-based `index`; that of the last line beyond the end, 0 if there is none.
    pub fn number(&self, index: usize) -> u64 {
        self.lines.get(index).or(self.lines.last()).map_or(0, |(number, _)| *number)
    }

    /// All lines, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.line(index))
    }

    /// Forgets all lines and keeps the memory for others.
    pub fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }
}

impl<'a> FromIterator<&'a str> for Output {
    fn from_iter<I: IntoIterator<Item = &'a str>>(lines: I) -> Self {
        let mut output = Output::default();
        for (index, line) in lines.into_iter().enumerate() {
            output.push(index as u64 + 1, line);
        }
        output
    }
}

/// Reads the output of one tool.
///
/// Parsing never fails: text that is not understood yields nothing, or a note.
pub trait LogParser: Send + Sync {
    /// The tool's name.
    fn id(&self) -> &'static str;
    /// What the step's output says of this tool.
    fn parse(&self, step: &Step) -> Parsed;
    /// Texts of which one occurs in every output that this parser has something to say of. It is asked only where one
    /// does; without any, always.
    fn needles(&self) -> &[&str] {
        &[]
    }
}

/// What was read from a log.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Parsed {
    /// One per cause, in the order of the log.
    pub failures: Vec<Failure>,
    /// How many tests or checks ran, where that is said.
    pub counts: Option<TestCounts>,
    /// Whether the tool itself said that all is well (`3 passed`, `All checks passed!`).
    pub passed: bool,
    /// What was seen and not understood.
    pub notes: Vec<String>,
}

/// How many tests a run had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TestCounts {
    /// Tests that ran: passed, failed, errors, expected failures.
    pub run: u64,
    /// Of these, failures and errors.
    pub failed: u64,
    /// Tests that were skipped.
    pub skipped: u64,
}

impl std::ops::AddAssign for TestCounts {
    fn add_assign(&mut self, other: Self) {
        self.run += other.run;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Reads everything that a check printed. The validators' way to failures, the same as for logs.
pub trait OutputReader: Send + Sync {
    /// What `output` of `command` says; `exit` is the exit code, if there was one.
    fn read(&self, command: &str, output: &str, exit: Option<i32>) -> Parsed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_their_index_and_by_a_place_in_the_text() {
        let mut output = Output::default();
        [(3, "one"), (4, ""), (9, "zwölf")].into_iter().for_each(|(number, line)| output.push(number, line));
        assert!(output.iter().eq(["one", "", "zwölf"]));
        assert_eq!((output.text(), output.bytes(), output.line(3)), ("one\n\nzwölf\n", 9, ""));
        let indices: Vec<_> = (0..output.text().len()).map(|offset| output.index_at(offset)).collect();
        assert_eq!(indices, [0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2]);
        assert_eq!((output.index_at(100), output.number(2), output.number(7)), (3, 9, 9));
        assert_eq!([output.text_of(0..1), output.text_of(1..9), output.text_of(8..9)], ["one\n", "\nzwölf\n", ""]);
        output.clear();
        assert!(output.is_empty() && output.text().is_empty());
    }
}
