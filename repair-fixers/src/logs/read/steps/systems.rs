//! Marks of other systems than GitHub: where a step begins, what it runs, how it ended.

use super::Steps;
use super::prompt::Prompt;
use crate::logs::read::outcome::exit_code;

/// What the next lines are expected to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing in particular.
    #[default]
    Output,
    /// The command of the step.
    Command,
    /// The command of the step, as the shell's trace shows it.
    Trace,
    /// The lines of a script, up to a ruler.
    Script,
}

/// What is known of the system that wrote the log.
#[derive(Debug, Default)]
pub(super) struct Systems {
    /// Whether the line has the color in which GitLab prints commands.
    pub(super) green: bool,
    pub(super) gitlab: bool,
    pub(super) jenkins: bool,
    pub(super) buildkite: bool,
    pub(super) circle: bool,
    pub(super) docker: bool,
    pub(super) travis: bool,
    /// Whether steps run that run in every case.
    pub(super) after: bool,
    /// Whether several steps of Jenkins run at once, or may fail without harm.
    pub(super) branches: bool,
    /// The stage of Jenkins.
    pub(super) stage: Option<String>,
    pub(super) expected: Expected,
    /// The prompt of a terminal.
    pub(super) prompt: Option<Prompt>,
    pub(super) quote: super::docker::Quote,
}

impl Steps {
    /// A line without what another system put before it; nothing if it is a mark of that system alone.
    pub(super) fn understood<'t>(&mut self, number: u64, text: &'t str, stamped: bool) -> Option<&'t str> {
        self.more_is_said(text);
        if self.systems.expected != Expected::Output && self.was_expected(text) {
            return None;
        }
        let text = self.docker_text(text)?;
        let Some(&first) = text.as_bytes().first() else { return Some(text) };
        let mark = match first {
            b'#' => self.azure(text) || self.docker_ended(text) || !stamped && self.circle(text),
            b'=' | b'S' if self.azure_script(text) => true,
            b'E' | b'T' | b'f' | b'e' if self.docker_ended(text) => false,
            _ if stamped => false,
            b'[' => {
                let text = self.act(number, text)?;
                let text = self.numbered(text);
                return (!self.read_the_docs(text) && !self.jenkins(number, text)).then_some(text);
            }
            b'R' | b'E' | b'J' | b'C' | b'U' | b's' | b'$' if self.gitlab(number, text) => true,
            b'~' | b'$' if self.buildkite(text) => true,
            b'E' | b'F' | b'B' | b'R' => self.jenkins(number, text),
            b'D' => self.travis_ended(text),
            b'S' => self.docker_step(text),
            0xf0 => self.buildkite_ended(text),
            _ => false,
        };
        (!mark && !self.prompted(text)).then_some(text)
    }

    /// Whether a line is what was expected and no output.
    fn was_expected(&mut self, text: &str) -> bool {
        match self.systems.expected {
            Expected::Output => return false,
            Expected::Trace => {
                if let Some(command) = text.strip_prefix("+ ") {
                    self.runs(command);
                }
                return false;
            }
            Expected::Script if text.starts_with("====") => {
                self.systems.expected = Expected::Output;
                return false;
            }
            Expected::Script => self.script_line(text),
            Expected::Command => {
                self.script_line(text);
                if !text.ends_with('\\') {
                    self.systems.expected = Expected::Output;
                }
            }
        }
        true
    }

    fn script_line(&mut self, text: &str) {
        let command = self.open.step.command.get_or_insert_default();
        if !command.is_empty() {
            command.push('\n');
        }
        command.push_str(text.trim_end());
    }

    /// The open step runs `command`.
    pub(super) fn runs(&mut self, command: &str) {
        self.open.step.command = Some(command.to_owned());
        self.open.header = true;
        self.systems.expected = Expected::Output;
    }

    /// A step begins, whose failure the system reports or which the next step proves to have passed.
    pub(super) fn begin_command(&mut self, name: Option<&str>, command: &str, proven: bool) {
        self.end_step(true);
        self.begin(name);
        self.runs(command);
        self.open.run = proven;
    }

    /// `##[section]Starting: Tests` and `##[section]Finishing: Tests` of Azure.
    fn azure(&mut self, text: &str) -> bool {
        let Some(mark) = text.strip_prefix("##[section]") else { return false };
        if let Some(name) = mark.strip_prefix("Starting: ") {
            self.end_step(true);
            if name == "Initialize job" {
                self.new_job(self.given.clone());
            }
            self.begin(Some(name));
        } else if mark.starts_with("Finishing: ") {
            self.end_step(true);
            self.begin(None);
        }
        true
    }

    /// `Script contents:`, and the ruler before a script's output, of Azure.
    fn azure_script(&mut self, text: &str) -> bool {
        if text.trim_end() == "Script contents:" && self.open.step.command.is_none() {
            self.systems.expected = Expected::Script;
            return true;
        }
        let ruler = text.starts_with("=====") && text.contains("= Starting Command Output =");
        self.open.run |= ruler;
        ruler
    }

    /// The first line of a script of CircleCI, after which the script and its output follow.
    fn circle(&mut self, text: &str) -> bool {
        let shell = text.strip_prefix("#!").filter(|shell| shell.starts_with("/bin/") && shell.contains(" -e"));
        let Some(shell) = shell.filter(|_| self.systems.circle || !self.open.header) else { return false };
        self.systems.circle = true;
        self.end_step(true);
        self.begin(None);
        self.open.step.shell = Some(shell.trim_end().to_owned());
        self.open.run = true;
        self.open.header = true;
        self.systems.expected = Expected::Command;
        true
    }

    /// `~~~ Running commands` and the command below it, of Buildkite.
    fn buildkite(&mut self, text: &str) -> bool {
        if let Some(title) = text.strip_prefix("~~~ ") {
            if self.open.header && !self.systems.buildkite {
                return false;
            }
            self.systems.buildkite = true;
            self.end_step(true);
            self.begin(Some(title.trim_end()));
            self.open.header = true;
            return true;
        }
        let command = text.strip_prefix("$ ").filter(|_| self.systems.buildkite);
        let Some(command) = command.filter(|_| self.open.step.command.is_none() && self.open.output.is_empty()) else {
            return false;
        };
        self.runs(command);
        true
    }

    /// `🚨 Error: The command exited with status 1` of Buildkite.
    fn buildkite_ended(&mut self, text: &str) -> bool {
        if let Some(rest) = text.strip_prefix("🚨 Error: The command exited with status ") {
            self.open.ending.fails(exit_code(rest));
        }
        false
    }

    /// `[rtd-command-info] start-time: …, exit-code: 1` of Read the Docs, before the command.
    fn read_the_docs(&mut self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix("[rtd-command-info] ") else { return false };
        let Some((_, code)) = rest.rsplit_once("exit-code: ") else { return false };
        self.end_step(true);
        self.begin(None);
        self.open.header = true;
        match code.trim().parse() {
            Ok(0) => self.open.ignored = true,
            Ok(code) => self.open.ending.failed = Some(Some(code)),
            Err(_) => {}
        }
        self.systems.expected = Expected::Command;
        true
    }

    /// `Done. Your build exited with 0.` of Travis.
    fn travis_ended(&mut self, text: &str) -> bool {
        if self.systems.travis && text.trim_end() == "Done. Your build exited with 0." {
            self.success_is_said();
        }
        false
    }

    /// The text behind `[tests:12] ` and `[tests:L12:3s] ` of Drone and Woodpecker, whose name is the step's.
    fn numbered<'t>(&mut self, text: &'t str) -> &'t str {
        let Some((name, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(':')) else { return text };
        let Some((numbers, rest)) = rest.split_once("] ") else { return text };
        let digits = numbers.strip_prefix('L').unwrap_or(numbers);
        let digits = digits.trim_end_matches('s').split(':').all(|part| part.parse::<u64>().is_ok());
        let named = !name.is_empty() && name.len() < 80 && !name.contains(char::is_whitespace);
        if !digits || !named {
            return text;
        }
        if self.open.step.name.as_deref() != Some(name) {
            self.end_step(true);
            self.begin(Some(name));
            self.open.unsure = true;
        }
        rest
    }

    /// Whether the line is a prompt with a command, in the copy of a terminal.
    fn prompted(&mut self, text: &str) -> bool {
        if !self.seen && self.systems.prompt.is_none() && !self.open.header {
            self.systems.prompt = Prompt::of(text);
        }
        let Some(prompt) = &self.systems.prompt else { return false };
        let Some(command) = prompt.command(text) else { return false };
        self.end_step(true);
        self.begin(None);
        if !command.is_empty() {
            self.runs(command);
        }
        true
    }
}
