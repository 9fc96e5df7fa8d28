//! What a step prints before it begins: command, shell, environment.

use repair_core::Step;
use std::collections::BTreeMap;

/// The most lines that a header may have.
const LONGEST: usize = 2000;

/// Which part of a header is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Command,
    Shell,
    Inputs,
    Environment,
}

/// A header that is being read. It may turn out to be none.
#[derive(Debug)]
pub(super) struct Header {
    /// The line number of its first line.
    pub(super) number: u64,
    /// Its first line, without `##[group]`.
    pub(super) title: String,
    /// Every line so far, in case that it turns out to be no header.
    pub(super) lines: Vec<(u64, String)>,
    /// Copied from the web view: no markers, indented.
    pub(super) web: bool,
    part: Part,
    sure: bool,
    run: bool,
    command: Vec<String>,
    shell: Option<String>,
    environment: BTreeMap<String, String>,
    last_key: Option<String>,
}

impl Header {
    /// A header with this first line. `sure` says that nothing else can stand there.
    pub(super) fn new(number: u64, title: &str, web: bool, sure: bool) -> Self {
        Self {
            number,
            title: title.to_owned(),
            lines: Vec::new(),
            web,
            part: Part::Command,
            sure,
            run: false,
            command: Vec::new(),
            shell: None,
            environment: BTreeMap::new(),
            last_key: None,
        }
    }

    /// Whether this is the header of a step, as far as read.
    pub(super) fn is_step(&self) -> bool {
        self.sure || (self.lines.is_empty() && !self.web && is_action(&self.title))
    }

    /// Takes a line if it belongs to the header. `echoed` says that it had the colour of an echoed command.
    pub(super) fn take(&mut self, number: u64, text: &str, echoed: bool) -> bool {
        let inner = if self.web { text.strip_prefix("  ") } else { Some(text) };
        let Some(inner) = inner.filter(|_| self.lines.len() < LONGEST) else { return false };
        if !self.take_inner(inner, echoed) {
            return false;
        }
        self.lines.push((number, text.to_owned()));
        true
    }

    fn take_inner(&mut self, text: &str, echoed: bool) -> bool {
        if echoed {
            self.sure = true;
            self.run = true;
            self.command.push(text.to_owned());
            return true;
        }
        match (text.trim_end(), self.part) {
            ("env:", _) => self.enter(Part::Environment),
            ("with:", Part::Command) => self.enter(Part::Inputs),
            (line, Part::Command) if line.starts_with("shell: ") => {
                self.shell = Some(line["shell: ".len()..].to_owned());
                self.run = true;
                self.enter(Part::Shell)
            }
            (line, Part::Command) => {
                self.command.push(line.to_owned());
                true
            }
            (line, Part::Environment) => self.variable(line),
            (line, _) => !self.web || line.starts_with("  "),
        }
    }

    fn enter(&mut self, part: Part) -> bool {
        self.part = part;
        self.sure = true;
        true
    }

    fn variable(&mut self, line: &str) -> bool {
        let name = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        let pair = line.strip_prefix("  ").and_then(|line| line.split_once(':'));
        match pair.filter(|(key, value)| name(key) && (value.is_empty() || value.starts_with(' '))) {
            Some((key, value)) => {
                self.environment.insert(key.to_owned(), value.trim_start().to_owned());
                self.last_key = Some(key.to_owned());
                true
            }
            None if self.web => line.starts_with("  "),
            None => {
                let last = self.last_key.as_ref().and_then(|key| self.environment.get_mut(key));
                if let Some(value) = last {
                    value.push('\n');
                    value.push_str(line);
                }
                true
            }
        }
    }

    /// Writes what was read into `step`; whether the step runs a command, rather than an action.
    pub(super) fn fill(self, step: &mut Step) -> bool {
        step.name.get_or_insert(self.title);
        if self.run {
            step.command = Some(self.command.join("\n"));
        }
        step.shell = self.shell;
        step.environment = self.environment;
        self.run
    }
}

/// Whether a title is that of an action, such as `Run actions/checkout@v4`.
fn is_action(title: &str) -> bool {
    let Some(name) = title.strip_prefix("Run ") else { return false };
    name.starts_with("./")
        || name.starts_with("docker://")
        || (name.contains('/') && name.contains('@') && !name.contains(' '))
}
