//! What the runner says when it gives a job up, and what it and its actions refuse.

use super::{error_message, failure, workflow};
use repair_core::{LogParser, Parsed, Step, StepOutcome};
use std::sync::LazyLock;

/// Reads what the runner says when it gives a job up. Nothing else explains such a failure.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::logs) struct Runner;

/// Messages with which the runner gives up, with the strongest first.
const GIVEN_UP: [&str; 14] = [
    "The job running on runner ",
    "The job running on agent ",
    "The action '",
    "lost communication with the server",
    "We stopped hearing from agent ",
    "The hosted runner encountered an error while running your job",
    "The runner has received a shutdown signal",
    "The job was not acquired by Runner",
    "The job was not started because",
    "The job exceeded the maximum time limit",
    "has exceeded the maximum execution time",
    "The job was canceled because",
    "The self-hosted runner ",
    "No runner matching the specified labels was found",
];

/// Parts of the messages of the runner and its actions about workflows, actions, versions, secrets and services.
const SETUP: [&str; 48] = [
    "Unable to resolve action",
    "Can't find 'action.yml'",
    "Missing download info for",
    "uses a deprecated version of",
    "was not found for ",
    "was not found in the local cache",
    "with architecture '",
    " with arch ",
    "Input required and not supplied",
    "Parameter token or opts.auth is required",
    "Bad credentials",
    "Resource not accessible by ",
    "Failed to download action",
    "Failed to resolve action download info",
    "Unexpected input(s)",
    "Failed to restore cache",
    "An action could not be found at the URI",
    "` command is disabled",
    "Unable to process command '",
    "Unable to process file command '",
    "Failed to initialize",
    "containers failed to start",
    "Docker pull failed with exit code",
    "Docker create failed",
    "Docker build failed with exit code",
    "Failed to CreateArtifact",
    "Failed to FinalizeArtifact",
    "Create Artifact Container failed",
    "Artifact storage quota has been hit",
    "Artifact not found for name",
    "Unable to download artifact",
    "Unable to find any artifacts",
    "No files were found with the provided path",
    "an artifact with this name already exists",
    "], make sure you have checked out the target repository",
    "Cache folder path is retrieved for",
    "Unable to locate executable file:",
    "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL",
    "Unable to get OIDC token",
    "Could not load credentials from any providers",
    "Trusted publishing exchange failure",
    "Codecov token not found",
    "Codecov: Failed to ",
    "There was an error running the uploader",
    "Bad response: ",
    "The template is not valid",
    "Required input ",
    "Permission denied to github-actions[bot]",
];

/// What one of the lines has that are understood.
static NEEDLES: LazyLock<Vec<&str>> = LazyLock::new(|| [&GIVEN_UP[..], &SETUP, &workflow::SIGNS].concat());

impl LogParser for Runner {
    fn id(&self) -> &'static str {
        "github-actions"
    }

    fn needles(&self) -> &[&str] {
        &NEEDLES
    }

    fn parse(&self, step: &Step) -> Parsed {
        let mut parsed = Parsed::default();
        let lines = || step.output.iter().enumerate();
        let given_up = GIVEN_UP.iter().find_map(|sign| {
            lines().find_map(|(index, line)| Some((index, runner_message(line)?)).filter(|(_, text)| says(text, sign)))
        });
        let invalid = || lines().find_map(|(index, line)| workflow::invalid(step, index, line));
        let found = given_up.or_else(|| refused(step));
        match found {
            Some((index, text)) if !text.starts_with("The template is not valid") => {
                parsed.failures.push(failure(step, index, tool(text), None, text));
            }
            _ => parsed.failures.extend(invalid()),
        }
        parsed
    }
}

/// The first error annotation of a failed action that is about its setting.
///
/// Of an action whose message goes on behind the annotation it is not known that it failed; there the annotation has to
/// be the runner's own.
fn refused(step: &Step) -> Option<(usize, &str)> {
    let failed = matches!(step.outcome, StepOutcome::Failed(_));
    if step.shell.is_some() || step.outcome == StepOutcome::Passed {
        return None;
    }
    let message = |line| if failed { error_message(line) } else { str::strip_prefix(line, "##[error]") };
    let mut errors = step.output.iter().enumerate().filter_map(|(index, line)| Some((index, message(line)?)));
    errors.find(|(_, text)| SETUP.iter().any(|sign| text.contains(sign)))
}

/// Who is speaking.
fn tool(text: &str) -> &'static str {
    let codecov = text.contains("Codecov") || text.contains("codecov.io");
    if codecov { "codecov" } else { "github-actions" }
}

/// Whether a message is the one of `sign`, which may stand at its beginning or inside.
fn says(text: &str, sign: &str) -> bool {
    match sign {
        "The action '" => text.starts_with(sign) && text.contains("has timed out after"),
        "The job running on runner " => text.starts_with(sign) && text.contains("exceeded"),
        "The job running on agent " => text.starts_with(sign) && text.contains("ran longer than"),
        "The self-hosted runner " => text.starts_with(sign) && text.contains("lost communication"),
        "lost communication with the server" => text.starts_with("The ") && text.contains(sign),
        sign => text.starts_with(sign) || (sign.starts_with(char::is_lowercase) && text.contains(sign)),
    }
}

/// The text of an error annotation, or of a line that the runner alone prints.
fn runner_message(line: &str) -> Option<&str> {
    error_message(line).or_else(|| (line.starts_with("The ") || line.starts_with("We stopped hearing")).then_some(line))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, step};
    use super::*;

    #[test]
    fn the_runner_says_why_it_gives_up() {
        for message in [
            "The runner has received a shutdown signal. This can happen when the runner service is stopped.",
            "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.",
            "The job running on agent Azure Pipelines 3 ran longer than the maximum time of 60 minutes.",
            "We stopped hearing from agent Azure Pipelines 3. Verify the agent machine is running.",
            "The action 'Test' has timed out after 10 minutes.",
            "The hosted runner: GitHub Actions 12 lost communication with the server. Anything",
            "The job was canceled because \"ubuntu_3_9\" failed.",
        ] {
            check(&Runner, &format!("some text\n##[error]{message}"), "github-actions", None, message);
        }
    }

    #[test]
    fn actions_say_what_they_lack() {
        for message in [
            "Unable to resolve action `x/y@v1`, repository not found",
            "Input required and not supplied: token",
            "The version '3.6' with architecture 'x64' was not found for Ubuntu 22.04.",
            "Version 3.9.16 with arch x64 not found",
            "The version '3.14.0' with architecture 'arm64' was not found for macOS 14.7.1.",
            "Failed to initialize, postgres service is unhealthy.",
            "This request has been automatically failed because it uses a deprecated version of `actions/upload-artifact: v3`.",
            "Unable to download artifact(s): Artifact not found for name: dist",
            "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run",
            "No file in /home/runner/work/a/a matched to [**/requirements.txt or **/pyproject.toml], make sure you have checked out the target repository",
            "Unable to locate executable file: pipenv. Please verify either the file path exists",
            "The `set-env` command is disabled. Please upgrade to using Environment Files",
            "Unable to process file command 'output' successfully.",
            "HttpError: Resource not accessible by integration",
        ] {
            check(&Runner, &format!("some text\n##[error]{message}"), "github-actions", None, message);
        }
        let codecov = "Codecov: Failed to properly create commit: The process '/x/codecov' failed with exit code 1";
        check(&Runner, &format!("##[error]{codecov}"), "codecov", None, codecov);
    }

    #[test]
    fn a_message_may_go_on_behind_the_annotation() {
        let message = "The version '3.6' with architecture 'x64' was not found for Ubuntu 22.04.";
        let text = format!("##[error]{message}\nThe list of all available versions can be found here: https://x");
        let found = crate::logs::dispatch::ask(Runner, &step(&text, StepOutcome::Unknown)).failures;
        assert_eq!(found.iter().filter_map(|failure| failure.message.as_deref()).collect::<Vec<_>>(), [message]);
        assert_eq!(
            crate::logs::dispatch::ask(Runner, &step(&format!("Error: {message}"), StepOutcome::Unknown)).failures,
            []
        );
    }

    #[test]
    fn what_a_script_prints_is_no_message_of_an_action() {
        let mut script = step("Error: Input required and not supplied: token", StepOutcome::Failed(Some(1)));
        script.shell = Some("bash".to_owned());
        assert_eq!(crate::logs::dispatch::ask(Runner, &script).failures, []);
        let passed = step("##[error]Input required and not supplied: token", StepOutcome::Passed);
        assert_eq!(crate::logs::dispatch::ask(Runner, &passed).failures, []);
    }
}
