//! Logs of any size, made while they are read: nothing is kept but one unit of them.

use std::fmt::Arguments;
use std::io::{self, Read, Write};

/// How a line is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The log of a job as GitHub stores it: a timestamp before each line.
    Raw,
    /// `gh run view --log`: job, step and timestamp.
    Gh,
    /// What a terminal shows.
    Plain,
}

/// What a log is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A verbose run of pytest in which every test passes.
    Passing,
    /// The same; one test in 5000 fails.
    Failing,
    /// Jobs of an installation, a compiler, a linter and quiet tests with tracebacks.
    Mixed,
}

/// Every form, with its name.
pub(crate) const FORMS: [(&str, Form); 3] = [("raw", Form::Raw), ("gh", Form::Gh), ("plain", Form::Plain)];
/// Every kind, with its name.
pub(crate) const KINDS: [(&str, Kind); 3] =
    [("passing", Kind::Passing), ("failing", Kind::Failing), ("mixed", Kind::Mixed)];

/// One test in this many fails.
const NTH: u64 = 5000;
/// How many tests one unit of a run has.
const UNIT: u64 = 1000;

/// A log as a stream.
pub(crate) struct Synthetic {
    kind: Kind,
    sink: Sink,
    at: usize,
    unit: u64,
    /// Bytes until the end comes.
    left: u64,
    ended: bool,
}

impl Synthetic {
    /// A log of about `size` bytes.
    pub(crate) fn new(form: Form, kind: Kind, size: u64) -> Self {
        let sink = Sink { form, step: "Set up job", text: Vec::new() };
        Self { kind, sink, at: 0, unit: 0, left: size, ended: false }
    }

    /// The whole of it in memory.
    pub(crate) fn text(form: Form, kind: Kind, size: u64) -> Vec<u8> {
        let mut text = Vec::new();
        Self::new(form, kind, size).read_to_end(&mut text).expect("memory has room");
        text
    }

    fn next_unit(&mut self) {
        self.sink.text.clear();
        self.at = 0;
        match (self.kind, self.left) {
            (Kind::Mixed, 0) => self.ended = true,
            (Kind::Mixed, _) => job(&mut self.sink, self.unit),
            (kind, 0) => {
                self.ended = true;
                let failed = if kind == Kind::Failing { self.unit * UNIT / NTH } else { 0 };
                end(&mut self.sink, failed, self.unit * UNIT);
            }
            (kind, _) => tests(&mut self.sink, self.unit, kind == Kind::Failing),
        }
        self.unit += 1;
        self.left = self.left.saturating_sub(self.sink.text.len() as u64);
    }
}

impl Read for Synthetic {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.sink.text.len() && !self.ended {
            self.next_unit();
        }
        let mut rest = &self.sink.text[self.at..];
        let count = rest.read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

/// Where lines go.
struct Sink {
    form: Form,
    step: &'static str,
    text: Vec<u8>,
}

impl Sink {
    fn line(&mut self, text: Arguments<'_>) {
        const STAMP: &str = "2025-03-01T10:00:00.0000000Z ";
        let out = &mut self.text;
        let marked = match self.form {
            Form::Raw => out.write_all(STAMP.as_bytes()),
            Form::Gh => write!(out, "test (3.12)\t{}\t{STAMP}", self.step),
            Form::Plain => Ok(()),
        };
        marked.and_then(|()| writeln!(out, "{text}")).expect("memory has room");
    }

    fn lines(&mut self, text: &str) {
        text.lines().for_each(|line| self.line(format_args!("{line}")));
    }

    /// The header of a step that runs `command`.
    fn step(&mut self, name: &'static str, command: &str) {
        self.step = name;
        match self.form {
            Form::Plain => self.line(format_args!("$ {command}")),
            _ => {
                self.line(format_args!("##[group]Run {command}"));
                self.line(format_args!("\u{1b}[36;1m{command}\u{1b}[0m"));
                self.lines("shell: /usr/bin/bash -e {0}\nenv:\n  FORCE: 1\n##[endgroup]");
            }
        }
    }

    fn failed(&mut self) {
        if self.form != Form::Plain {
            self.line(format_args!("##[error]Process completed with exit code 1."));
        }
    }
}

/// One unit of a verbose run.
fn tests(sink: &mut Sink, unit: u64, failing: bool) {
    if unit == 0 {
        sink.step("Test", "pytest -v");
        sink.lines("============= test session starts =============\nplatform linux -- Python 3.12.3, pytest-8.3.4");
    }
    for number in unit * UNIT + 1..=(unit + 1) * UNIT {
        let word = if failing && number % NTH == 0 { "FAILED" } else { "PASSED" };
        sink.line(format_args!("tests/test_{}.py::test_number_{number}[a-b] {word}       [ 42%]", number % 97));
    }
}

/// The end of a verbose run.
fn end(sink: &mut Sink, failed: u64, all: u64) {
    if failed > 0 {
        sink.lines("=============== FAILURES ================");
    }
    for number in (1..=failed).map(|index| index * NTH) {
        sink.line(format_args!("________ test_number_{number}[a-b] ________"));
        sink.lines("\n    def test_number(a):\n>       assert a == 0\nE       assert 5 == 0\n");
        sink.line(format_args!("tests/test_{}.py:7: AssertionError", number % 97));
    }
    if failed > 0 {
        sink.lines("======= short test summary info =======");
    }
    for number in (1..=failed).map(|index| index * NTH) {
        let file = number % 97;
        sink.line(format_args!("FAILED tests/test_{file}.py::test_number_{number}[a-b] - assert {number} == 0"));
    }
    match failed {
        0 => sink.line(format_args!("====== {all} passed in 12.00s ======")),
        _ => {
            sink.line(format_args!("====== {failed} failed, {} passed in 12.00s ======", all - failed));
            sink.failed();
        }
    }
    if sink.form != Form::Plain {
        sink.step = "Complete job";
        sink.line(format_args!("Cleaning up orphan processes"));
    }
}

/// One job, of which the linter and the tests fail.
fn job(sink: &mut Sink, unit: u64) {
    sink.step("Install", "pip install -e .");
    for package in 0..120 {
        sink.line(format_args!("Collecting package-{package}>=1.{unit} (from app==0.1.0)"));
        sink.line(format_args!("  Downloading package_{package}-1.{unit}.2-py3-none-any.whl.metadata (5.1 kB)"));
        sink.line(format_args!(
            "\u{1b}[2K     \u{1b}[90m━━━━━━━━\u{1b}[0m \u{1b}[32m{package}.1/9.9 MB\u{1b}[0m eta 0:00:01"
        ));
    }
    sink.line(format_args!("Successfully installed app-0.1.0 package-1-1.{unit}.2"));
    sink.step("Build", "python setup.py build_ext --inplace");
    for file in 0..150 {
        sink.line(format_args!(
            "gcc -pthread -B /opt/compat -Wno-unused-result -Wsign-compare -DNDEBUG -O2 -fPIC -I/opt/hostedtoolcache/\
             Python/3.12.3/x64/include/python3.12 -c src/native/module_{file}.c -o build/module_{file}.o"
        ));
        sink.line(format_args!(
            "src/native/module_{file}.c:{unit}:12: warning: unused variable ‘x’ [-Wunused-variable]"
        ));
    }
    sink.step("Lint", "ruff check .");
    for line in 1..40 {
        sink.line(format_args!("src/app/part_{unit}.py:{line}:80: E501 Line too long (101 > 88)"));
    }
    sink.line(format_args!("Found 39 errors."));
    sink.failed();
    quiet_tests(sink, unit);
}

/// A run that is not verbose, with long parts on what failed.
fn quiet_tests(sink: &mut Sink, unit: u64) {
    sink.step("Test", "pytest");
    sink.lines("============= test session starts =============\nplatform linux -- Python 3.12.3, pytest-8.3.4");
    for file in 0..200 {
        sink.line(format_args!(
            "tests/unit/test_{file}.py ......................................F......       [ {}%]",
            file / 2
        ));
    }
    sink.lines("=============== FAILURES ================");
    for test in 0..20 {
        sink.line(format_args!("________ test_{unit}_{test} ________"));
        sink.lines(
            "\n    def test_it(client):\n        answer = client.get('/items')\n>       assert answer.status == 200",
        );
        for line in 0..30 {
            sink.line(format_args!("E       At index {line} diff: {{'id': {test}, 'name': 'x'}} != {{'id': {line}}}"));
        }
        sink.line(format_args!("tests/unit/test_{test}.py:12: AssertionError"));
        sink.lines("------------ Captured log call ------------\nTraceback (most recent call last):");
        for frame in 0..10 {
            sink.line(format_args!(
                "  File \"/home/runner/work/app/app/src/app/part_{frame}.py\", line {unit}, in call"
            ));
            sink.line(format_args!("    return self.inner.call(request, {frame})"));
        }
        sink.lines("ValueError: no such item");
    }
    sink.lines("======= short test summary info =======");
    for test in 0..20 {
        sink.line(format_args!(
            "FAILED tests/unit/test_{test}.py::test_{unit}_{test} - AssertionError: assert 500 == 200"
        ));
    }
    sink.lines("====== 20 failed, 9000 passed in 12.00s ======");
    sink.failed();
    if sink.form != Form::Plain {
        sink.step = "Complete job";
        sink.line(format_args!("Cleaning up orphan processes"));
    }
}
