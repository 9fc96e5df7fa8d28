//! What is not the code's fault: runners, networks, limits, workflow files, git.

use super::consequence;
use super::exception::Exception;
use super::roots::Roots;
use repair_core::{Category, Failure, LogParser, Output, Parsed, Step, StepOutcome};

/// Reads what the runner says when it gives a job up. Nothing else explains such a failure.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Runner;

/// Reads troubles of the network, the disk and git. They are also survived, so this counts only where no tool has
/// more to say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trouble;

/// Messages with which the runner gives up, with the strongest first.
const GIVEN_UP: [&str; 9] = [
    "The job running on runner ",
    "The action '",
    "lost communication with the server",
    "The runner has received a shutdown signal",
    "The job was not acquired by Runner",
    "The job exceeded the maximum time limit",
    "has exceeded the maximum execution time",
    "The job was canceled because",
    "No runner matching the specified labels was found",
];

/// Messages of the runner about workflows, actions and secrets.
const SETUP: [&str; 16] = [
    "Unable to resolve action",
    "Can't find 'action.yml'",
    "Missing download info for",
    "uses a deprecated version of",
    "was not found for Ubuntu",
    "was not found in the local cache",
    "with architecture '",
    "Input required and not supplied",
    "Parameter token or opts.auth is required",
    "Bad credentials",
    "Resource not accessible by integration",
    "Failed to download action",
    "Failed to resolve action download info",
    "Unexpected input(s)",
    "Failed to restore cache",
    "An action could not be found at the URI",
];

impl LogParser for Runner {
    fn id(&self) -> &'static str {
        "github-actions"
    }

    fn parse(&self, step: &Step) -> Parsed {
        let mut parsed = Parsed::default();
        let lines = || step.output.iter().enumerate();
        let given_up = GIVEN_UP.iter().find_map(|sign| {
            lines().find_map(|(index, line)| Some((index, runner_message(line)?)).filter(|(_, text)| says(text, sign)))
        });
        let found = given_up.or_else(|| {
            let failed = matches!(step.outcome, StepOutcome::Failed(_)) && step.shell.is_none();
            let mut errors = lines().filter_map(|(index, line)| Some((index, error_message(line)?)));
            errors.find(|(_, text)| failed && SETUP.iter().any(|sign| text.contains(sign)))
        });
        match found {
            Some((index, text)) => parsed.failures.push(failure(step, index, "github-actions", None, text)),
            None => parsed.failures.extend(lines().find_map(|(index, line)| invalid_workflow(step, index, line))),
        }
        parsed
    }
}

/// Whether a message is the one of `sign`, which may stand at its beginning or inside.
fn says(text: &str, sign: &str) -> bool {
    match sign {
        "The action '" => text.starts_with(sign) && text.contains("has timed out after"),
        "The job running on runner " => text.starts_with(sign) && text.contains("exceeded"),
        "lost communication with the server" => text.starts_with("The ") && text.contains(sign),
        sign => text.starts_with(sign) || (sign.starts_with(char::is_lowercase) && text.contains(sign)),
    }
}

/// The text of an error annotation.
fn error_message(line: &str) -> Option<&str> {
    line.strip_prefix("##[error]").or_else(|| line.strip_prefix("Error: "))
}

/// The text of an error annotation, or of a line that the runner alone prints.
fn runner_message(line: &str) -> Option<&str> {
    error_message(line).or_else(|| line.starts_with("The ").then_some(line))
}

fn failure(step: &Step, index: usize, tool: &str, code: Option<&str>, message: &str) -> Failure {
    let mut failure = Failure::new(Category::Infrastructure, tool);
    failure.code = code.map(str::to_owned);
    failure.message = Some(message.trim().to_owned());
    failure.log_lines = Some((step.output.number(index), step.output.number(index)));
    failure
}

/// `The workflow is not valid. .github/workflows/x.yml (Line: 3, Col: 5): Unexpected value 'x'`.
fn invalid_workflow(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let at = line.find(".github/workflows/")?;
    let (path, rest) = line[at..].split_once(" (Line: ")?;
    let (number, rest) = rest.split_once(", Col: ")?;
    let (column, message) = rest.split_once("): ")?;
    let mut failure = failure(step, index, "github-actions", None, message);
    failure.path = Roots::default().relative(path);
    failure.line = number.trim().parse().ok();
    failure.column = column.trim().parse().ok();
    Some(failure)
}

/// Signs of troubles, anywhere in a line.
const SIGNS: [&str; 40] = [
    "No space left on device",
    "Disk quota exceeded",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Could not resolve host",
    "Could not resolve proxy",
    "Failed to establish a new connection",
    "Connection timed out",
    "Connection reset by peer",
    "Connection aborted",
    "Connection broken",
    "Remote end closed connection",
    "Read timed out",
    "ReadTimeoutError",
    "ConnectTimeoutError",
    "Network is unreachable",
    "Max retries exceeded with url",
    "Retry(total=0",
    "TLS handshake timeout",
    "i/o timeout",
    "SSL: CERTIFICATE_VERIFY_FAILED",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "503 Server Error",
    "504 Gateway",
    "500 Internal Server Error",
    "429 Too Many Requests",
    "429 Client Error",
    "Too Many Requests",
    "pull rate limit",
    "rate limit exceeded",
    "E: Failed to fetch",
    "E: Unable to fetch some archives",
    "Hash Sum mismatch",
    "error sending request for url",
    "Cannot allocate memory",
    "Out of memory",
    "oom-kill",
    "IncompleteRead",
    "Unable to locate credentials",
];

impl LogParser for Trouble {
    fn id(&self) -> &'static str {
        "trouble"
    }

    fn parse(&self, step: &Step) -> Parsed {
        let mut parsed = Parsed::default();
        let lines = || step.output.iter().enumerate();
        let found = lines().find_map(|(index, line)| rate_limit(step, index, line));
        let found = found.or_else(|| lines().rev_find_map(|(index, line)| git(step, index, line)));
        let found = found.or_else(|| lines().rev_find_map(|(index, line)| sign(step, index, line)));
        parsed.failures.extend(found.or_else(|| killed(step)));
        parsed
    }
}

/// Finding from the end.
trait RevFindMap: Iterator + Sized {
    fn rev_find_map<T>(self, find: impl Fn(Self::Item) -> Option<T>) -> Option<T>;
}

impl<I: Iterator> RevFindMap for I {
    fn rev_find_map<T>(self, find: impl Fn(Self::Item) -> Option<T>) -> Option<T> {
        self.filter_map(find).last()
    }
}

/// The answer of GitHub's API to too many requests.
fn rate_limit(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let at = line.find("API rate limit exceeded")?;
    let message = line[at..].split(['"', '\\']).next()?;
    Some(failure(step, index, "github-api", Some("403"), message))
}

/// `fatal: unable to access …`, also below pip.
fn git(step: &Step, index: usize, line: &str) -> Option<Failure> {
    const FATAL: [&str; 12] = [
        "unable to access",
        "Could not read from remote",
        "could not read Username",
        "could not read Password",
        "Authentication failed",
        "not found",
        "couldn't find remote ref",
        "early EOF",
        "the remote end hung up",
        "unable to connect",
        "not a git repository",
        "reference is not a tree",
    ];
    let rest = line.trim_start();
    let rest = error_message(rest).unwrap_or(rest);
    let message = rest.strip_prefix("fatal: ").or_else(|| rest.strip_prefix("remote: fatal: "))?;
    FATAL.iter().any(|sign| message.contains(sign)).then(|| failure(step, index, "git", Some("128"), message))
}

fn sign(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let retried = line.contains("Retrying (Retry(total=") && !line.contains("Retry(total=0");
    if retried || line.len() > 2000 || consequence::is_one(line) || !SIGNS.iter().any(|sign| line.contains(sign)) {
        return None;
    }
    let text = error_message(line).unwrap_or(line).trim();
    let exception = Exception::recognize(text);
    let tool = tool_of(&step.output, step, exception.as_ref(), text);
    let (code, message) = match &exception {
        Some(exception) => (Some(exception.code()), exception.message.as_str()),
        None => (None, text),
    };
    Some(failure(step, index, &tool, code, message))
}

/// The program that had the trouble.
fn tool_of(output: &Output, step: &Step, exception: Option<&Exception>, text: &str) -> String {
    if exception.is_some_and(|exception| exception.class.starts_with("pip.")) {
        return "pip".to_owned();
    }
    for (start, tool) in
        [("curl: ", "curl"), ("E: ", "apt"), ("wget: ", "wget"), ("Error response from daemon", "docker")]
    {
        if text.starts_with(start) {
            return tool.to_owned();
        }
    }
    if output
        .iter()
        .any(|line| line.starts_with("Collecting ") || line.starts_with("ERROR: Could not install packages"))
    {
        return "pip".to_owned();
    }
    step.command.as_deref().and_then(super::command::tool).unwrap_or_else(|| "github-actions".to_owned())
}

/// A process that was killed: exit code 137, mostly for lack of memory.
fn killed(step: &Step) -> Option<Failure> {
    let StepOutcome::Failed(Some(137)) = step.outcome else { return None };
    let lines = || step.output.iter().enumerate();
    let marked = lines().filter(|(_, line)| line.contains("137")).last();
    let shell = lines().find_map(|(_, line)| line.split_once(" Killed  ").map(|(_, rest)| rest.trim()));
    let tool = shell.or(step.command.as_deref()).and_then(super::command::tool);
    let (index, text) = marked.unwrap_or((step.output.len().saturating_sub(1), "exit code 137"));
    let text = error_message(text).unwrap_or(text);
    Some(failure(step, index, tool.as_deref().unwrap_or("shell"), Some("137"), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str, outcome: StepOutcome) -> Step {
        let mut step = Step::default();
        step.output = text.lines().collect();
        step.outcome = outcome;
        step
    }

    #[track_caller]
    fn check(parser: &dyn LogParser, text: &str, tool: &str, code: Option<&str>, message: &str) {
        let found = parser.parse(&step(text, StepOutcome::Failed(None))).failures;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].category, Category::Infrastructure);
        assert_eq!((found[0].tool.as_str(), found[0].code.as_deref()), (tool, code));
        assert_eq!(found[0].message.as_deref(), Some(message));
    }

    #[test]
    fn the_runner_says_why_it_gives_up() {
        for message in [
            "The runner has received a shutdown signal. This can happen when the runner service is stopped.",
            "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.",
            "The action 'Test' has timed out after 10 minutes.",
            "The hosted runner: GitHub Actions 12 lost communication with the server. Anything",
            "Unable to resolve action `x/y@v1`, repository not found",
            "Input required and not supplied: token",
        ] {
            check(&Runner, &format!("some text\n##[error]{message}"), "github-actions", None, message);
        }
    }

    #[test]
    fn a_workflow_that_is_not_valid_has_a_place() {
        let text = "The workflow is not valid. .github/workflows/ci.yml (Line: 3, Col: 5): Unexpected value 'x'";
        let found = Runner.parse(&step(text, StepOutcome::Unknown)).failures;
        assert_eq!(found[0].path.as_ref().unwrap().as_str(), ".github/workflows/ci.yml");
        assert_eq!((found[0].line, found[0].column), (Some(3), Some(5)));
    }

    #[test]
    fn troubles_are_named() {
        let git = "fatal: unable to access 'https://x/': Could not resolve host: x";
        check(&Trouble, git, "git", Some("128"), git.strip_prefix("fatal: ").unwrap());
        check(
            &Trouble,
            "pip._vendor.urllib3.exceptions.ReadTimeoutError: pool: Read timed out.",
            "pip",
            Some("ReadTimeoutError"),
            "pool: Read timed out.",
        );
        check(&Trouble, "curl: (6) Could not resolve host: x", "curl", None, "curl: (6) Could not resolve host: x");
        let json = r#"{"message":"API rate limit exceeded for user ID 1."}"#;
        check(&Trouble, json, "github-api", Some("403"), "API rate limit exceeded for user ID 1.");
    }

    #[test]
    fn a_retry_that_helped_is_no_trouble() {
        let text = "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'ReadTimeoutError'";
        assert_eq!(Trouble.parse(&step(text, StepOutcome::Failed(Some(1)))).failures, []);
    }

    #[test]
    fn a_killed_process_is_named() {
        let text =
            "bash: line 1:   557 Killed                  poetry run pytest tests\nExited with code exit status 137";
        let found = Trouble.parse(&step(text, StepOutcome::Failed(Some(137)))).failures;
        assert_eq!((found[0].tool.as_str(), found[0].code.as_deref()), ("pytest", Some("137")));
    }
}
