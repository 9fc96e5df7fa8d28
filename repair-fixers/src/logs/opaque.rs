//! The failure of a step that no parser understands.

use super::command;
use super::consequence;
use super::crash;
use super::lint;
use repair_core::{Category, Failure, Phase, Step, StepOutcome};

/// One failure for a failed step: the exit code and the last thing that it said.
pub(super) fn failure(step: &Step) -> Option<Failure> {
    let code = match step.outcome {
        StepOutcome::Failed(code) => code,
        StepOutcome::Unknown if claims(step) => None,
        _ => return None,
    };
    if let Some(failure) = not_found(step).or_else(|| crash::failure(step)) {
        return Some(failure);
    }
    let mut ran = Step::default();
    ran.command = failed_command(step).map(str::to_owned);
    let tool = ran.command.as_deref().and_then(command::tool).unwrap_or_else(|| fallback_tool(step).to_owned());
    let category = command::category(&ran).or_else(|| command::category(step));
    let mut failure = Failure::new(category.unwrap_or(Category::Infrastructure), tool);
    failure.code = code.map(|code| code.to_string());
    let index = last_words(step)?;
    let text = step.output.line(index).trim();
    let text = text.split_once("... ::error::").map_or(text, |(_, message)| message);
    failure.message =
        Some(text.strip_prefix("##[error]").or_else(|| text.strip_prefix("Error: ")).unwrap_or(text).to_owned());
    failure.log_lines = Some((step.output.number(index), step.output.number(index)));
    Some(failure)
}

/// The command that failed: below a wrapper the one that it ran last, where it says so.
fn failed_command(step: &Step) -> Option<&str> {
    let command = step.command.as_deref();
    let inner = || lint::last_announced(&step.output).filter(|inner| !inner.trim().is_empty());
    if command.is_none_or(command::is_wrapper) { inner().or(command) } else { command }
}

fn fallback_tool(step: &Step) -> &'static str {
    match step.name {
        Some(_) if step.output.line(0).starts_with("Running with gitlab-runner ") => "gitlab-runner",
        Some(_) => "github-actions",
        None => "shell",
    }
}

/// How many lines at the end are looked at for one that calls itself an error.
const NEAR: usize = 15;

/// Of the last lines the last one that calls itself an error; the last line that is more than a consequence; the last
/// line.
fn last_words(step: &Step) -> Option<usize> {
    let output = &step.output;
    let said = |index: &usize| {
        let line = output.line(*index);
        !line.trim().is_empty() && !consequence::is_notice(line)
    };
    let tells = |index: &usize| !consequence::is_one(output.line(*index)) && !is_hint(output.line(*index).trim());
    let own = || (0..output.len()).rev().filter(said).filter(tells);
    own()
        .take(NEAR)
        .find(|index| is_error(output.line(*index)) && !is_echo(output.line(*index)))
        .or_else(|| own().find(|index| !is_echo(output.line(*index))))
        .or_else(|| own().next())
        .or_else(|| (0..output.len()).rev().filter(said).find(|index| !consequence::of_runner(output.line(*index))))
        .or_else(|| (0..output.len()).rev().find(said))
}

/// Whether the last lines say that something failed, where the log does not say how the step ended: the summary of a
/// runner of other tools, a program that is missing, a crash.
fn claims(step: &Step) -> bool {
    let output = &step.output;
    let said = (0..output.len()).rev().filter(|index| !output.line(*index).trim().is_empty()).take(NEAR);
    said.map(|index| output.line(index).trim()).any(|line| {
        is_missing(line)
            || crash::is_report(line)
            || line.starts_with("evaluation failed :(")
            || (line.starts_with("make") && line.contains(": *** [") && line.contains("] Error "))
            || (line.starts_with("nox > Session ") && line.ends_with(" failed."))
            || (line.starts_with("ERROR:") && line.ends_with(": commands failed"))
            || (line.starts_with("error: Recipe `") && line.contains(" failed "))
    })
}

/// Whether a line calls itself an error.
fn is_error(line: &str) -> bool {
    const MARKS: [&str; 8] = ["error:", "error ", "[error]", "##[error]", "fatal:", "fatal error:", "failure:", "e: "];
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || !c.is_ascii() && !c.is_alphanumeric());
    MARKS.iter().any(|mark| line.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// Whether a line says only that some program ended badly: `x failed with exit code 3`.
fn is_echo(line: &str) -> bool {
    let number = |text: &str| text.trim().trim_end_matches('.').parse::<i32>().is_ok();
    ["failed with exit code", "exited with code", "exit status", "failed with code", "returned exit code"]
        .iter()
        .any(|words| line.rsplit_once(words).is_some_and(|(_, rest)| number(rest)))
}

/// Whether a line only says where help is: `Run 'docker run --help' for more information`.
fn is_hint(line: &str) -> bool {
    ["Run '", "See '", "Try '"].iter().any(|start| line.starts_with(start)) && line.contains("help'")
}

/// Whether a line says that a program is missing.
fn is_missing(line: &str) -> bool {
    line.ends_with(": command not found") || (line.starts_with("sh: ") && line.ends_with(": not found"))
}

/// `bash: line 4: pytest: command not found`.
fn not_found(step: &Step) -> Option<Failure> {
    let output = &step.output;
    let index = (0..output.len()).rev().find(|index| is_missing(output.line(*index).trim_end()))?;
    let (rest, end) = output.line(index).trim_end().rsplit_once(": ")?;
    let program = rest.rsplit(": ").next()?.trim();
    let mut failure = Failure::new(Category::Dependency, program);
    failure.phase = Phase::Install;
    failure.code = Some("127".to_owned());
    failure.subject = Some(program.to_owned());
    failure.message = Some(format!("{program}: {end}"));
    failure.log_lines = Some((output.number(index), output.number(index)));
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str, text: &str) -> Failure {
        let mut step = Step::default();
        step.command = Some(command.to_owned());
        step.output = text.lines().collect();
        step.outcome = StepOutcome::Failed(Some(2));
        failure(&step).unwrap()
    }

    #[test]
    fn the_last_words_are_the_message() {
        let found = of(
            "tox -e py39",
            "something is wrong\n  py39: FAIL code 2 (1.0 seconds)\n##[error]Process completed with exit code 2.",
        );
        assert_eq!((found.tool.as_str(), found.code.as_deref()), ("tox", Some("2")));
        assert_eq!((found.category, found.message.as_deref()), (Category::Test, Some("something is wrong")));
        assert_eq!(of("./x.sh", "##[error]Process completed with exit code 2.").category, Category::Infrastructure);
    }

    #[test]
    fn what_calls_itself_an_error_is_the_message_and_not_what_follows() {
        let found = of(
            "./deploy.sh",
            "ERROR: failed to build 'site': no such folder\nupdating the status\n❌ Job 12 failed with exit code 2",
        );
        assert_eq!(found.message.as_deref(), Some("ERROR: failed to build 'site': no such folder"));
        let found = of("./deploy.sh", "it is late\nJob 12 failed with exit code 2");
        assert_eq!(found.message.as_deref(), Some("it is late"));
    }

    #[test]
    fn a_step_without_a_word_of_its_own_has_the_runners() {
        let end = "##[error]Process completed with exit code 2.";
        let found = of("curl -sf x", &format!("{end}\nNode 18 is being deprecated. Read this."));
        assert_eq!(found.message.as_deref(), Some("Process completed with exit code 2."));
    }

    #[test]
    fn where_help_is_does_not_matter() {
        let found = of("docker run x", "docker: permission denied\n\nRun 'docker run --help' for more information");
        assert_eq!(found.message.as_deref(), Some("docker: permission denied"));
    }

    #[test]
    fn a_program_that_is_missing_is_the_subject() {
        let found = of("x", "/bin/bash: line 4: pytest: command not found\nExited with code exit status 127");
        assert_eq!((found.category, found.subject.as_deref()), (Category::Dependency, Some("pytest")));
        assert_eq!(found.message.as_deref(), Some("pytest: command not found"));
    }

    #[test]
    fn what_a_runner_could_not_prepare_is_the_runners() {
        let mut step = Step::default();
        step.name = Some("Prepare job".to_owned());
        step.output = "Running with gitlab-runner 15.0\nERROR: Preparation failed: no image python:9".lines().collect();
        step.outcome = StepOutcome::Failed(None);
        let found = failure(&step).unwrap();
        assert_eq!((found.tool.as_str(), found.category), ("gitlab-runner", Category::Infrastructure));
    }

    #[test]
    fn a_step_that_did_not_fail_has_none() {
        assert_eq!(failure(&Step::default()), None);
        let mut step = Step::default();
        step.output = "all is well\nmake: Nothing to be done".lines().collect();
        assert_eq!(failure(&step), None);
    }

    #[test]
    fn the_summary_of_a_runner_is_enough_where_nothing_says_how_the_step_ended() {
        for text in
            ["  py37: commands succeeded\nERROR:   py38: commands failed", "cold\nmake: *** [Makefile:3: x] Error 1"]
        {
            let mut step = Step::default();
            step.output = text.lines().collect();
            assert!(failure(&step).is_some(), "{text}");
            step.outcome = StepOutcome::Passed;
            assert_eq!(failure(&step), None);
        }
    }
}
