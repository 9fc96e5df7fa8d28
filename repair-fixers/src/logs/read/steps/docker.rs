//! Builds of container images.

use super::Steps;
use crate::logs::read::outcome::exit_code;

/// The repetition of a failed step's output at the end of a build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Quote {
    /// None.
    #[default]
    Outside,
    /// A ruler, behind which one may begin.
    Ruled,
    /// Inside.
    Inside,
}

impl Steps {
    /// The text of a line without what a build put before it; nothing if it was read before.
    pub(super) fn docker_text<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let first = text.as_bytes().first();
        match self.systems.quote {
            Quote::Outside if first == Some(&b'-') => {
                if text.trim_end() == "------" {
                    self.systems.quote = Quote::Ruled;
                }
            }
            Quote::Outside => {}
            Quote::Ruled => {
                let quoted = text.trim_start().starts_with("> [") && text.trim_end().ends_with(':');
                self.systems.quote = if quoted { Quote::Inside } else { Quote::Outside };
            }
            Quote::Inside if text.trim_end() == "------" => self.systems.quote = Quote::Outside,
            Quote::Inside if self.open.built => return None,
            Quote::Inside => return Some(after_seconds(text)),
        }
        Some(text)
    }

    /// `Step 3/7 : RUN pytest`, where the build is no step of something else.
    pub(super) fn docker_step(&mut self, text: &str) -> bool {
        let command = text.strip_prefix("Step ").and_then(|rest| rest.split_once(" : "));
        let counted = |count: &str| count.split('/').all(|part| part.parse::<u32>().is_ok());
        let Some((_, command)) = command.filter(|(count, _)| counted(count)) else { return false };
        if self.open.header && !self.systems.docker {
            return false;
        }
        self.systems.docker = true;
        match command.strip_prefix("RUN ") {
            Some(run) => self.begin_command(Some(command.trim_end()), run.trim_end(), true),
            None => {
                self.end_step(true);
                self.begin(Some(command.trim_end()));
            }
        }
        true
    }

    /// Reads how a build ended. Whether the line says so; it is output all the same.
    pub(super) fn docker_ended(&mut self, text: &str) -> bool {
        let Some((command, code)) = failed_build(text) else { return false };
        if !self.open.header || self.systems.docker {
            self.open.ending.fails(code);
            self.open.step.command.get_or_insert_with(|| command.to_owned());
        }
        text.starts_with('#')
    }
}

/// Command and exit code of a build that failed.
fn failed_build(text: &str) -> Option<(&str, Option<i32>)> {
    if let Some(rest) = text.strip_prefix("The command '") {
        let (command, code) = rest.rsplit_once("' returned a non-zero code: ")?;
        return Some((without_shell(command), exit_code(code)));
    }
    let rest =
        text.strip_prefix('#').map_or(text, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start());
    let rest = rest
        .strip_prefix("ERROR: ")
        .or_else(|| rest.strip_prefix("failed to "))
        .or_else(|| rest.strip_prefix("error: "))?;
    if let Some((_, rest)) = rest.split_once("process \"") {
        let (command, code) = rest.rsplit_once("\" did not complete successfully: exit code: ")?;
        return Some((without_shell(command), exit_code(code)));
    }
    let (_, rest) = rest.split_once("executor failed running [")?;
    let (command, code) = rest.rsplit_once("]: exit code: ")?;
    Some((without_shell(command), exit_code(code)))
}

fn without_shell(command: &str) -> &str {
    let (shell, rest) = command.split_once(" -c ").unwrap_or(("", command));
    if shell.starts_with("/bin/") { rest } else { command }
}

/// What follows `12.34 `.
fn after_seconds(text: &str) -> &str {
    let Some((seconds, rest)) = text.split_once(' ') else { return text };
    let number = seconds.contains('.') && seconds.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if number { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_build_names_command_and_code() {
        for text in [
            "The command '/bin/sh -c pytest -q' returned a non-zero code: 2",
            "#10 ERROR: process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 2",
            "ERROR: failed to solve: process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 2",
            "failed to solve: executor failed running [/bin/sh -c pytest -q]: exit code: 2",
        ] {
            assert_eq!(failed_build(text), Some(("pytest -q", Some(2))), "{text}");
        }
        assert_eq!(failed_build("ERROR: something else"), None);
    }

    #[test]
    fn seconds_go() {
        assert_eq!(after_seconds("18.23 x y"), "x y");
        assert_eq!(after_seconds("v1.2 x"), "v1.2 x");
    }
}
