//! Troubles with other machines: the network, package indexes, registries of images.

use super::{consequence, error_message, failure};
use crate::logs::command;
use crate::logs::exception::Exception;
use repair_core::{Failure, Output, Step};

/// Signs of troubles, anywhere in a line.
pub(super) const SIGNS: [&str; 64] = [
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
    "IncompleteRead",
    "Unable to locate credentials",
    "getaddrinfo ENOTFOUND",
    "getaddrinfo EAI_AGAIN",
    "connect ECONNREFUSED",
    "connect ETIMEDOUT",
    "read ECONNRESET",
    "socket hang up",
    "Client.Timeout exceeded",
    "net/http: request canceled",
    "All attempts to connect to ",
    "Cannot connect to the Docker daemon",
    "manifest unknown",
    "denied: requested access to the resource",
    "unauthorized: authentication required",
    "Temporary failure resolving",
    "E: Unable to locate package",
    "has no installation candidate",
    "E: Could not get lock",
    "does not have a Release file",
    "E: Sub-process /usr/bin/dpkg returned",
    "CondaHTTPError: ",
    "ProxyError",
    "secondary rate limit",
    "HTTP/2 stream 0 was not closed cleanly",
    "error: Failed to fetch: ",
    "Failed to download distributions",
    "[Errno -3]",
    "Unexpected HTTP response: 5",
    "Service Temporarily Unavailable",
    "SSLError(",
];

/// The answer of GitHub's API to too many requests.
pub(super) fn rate_limit(step: &Step) -> Option<Failure> {
    step.output.iter().enumerate().find_map(|(index, line)| {
        let at = line.find("API rate limit exceeded")?;
        let message = line[at..].split(['"', '\\']).next()?;
        Some(failure(step, index, "github-api", Some("403"), message))
    })
}

/// A sign of trouble in a line. A retry is none, unless it is the last.
pub(super) fn sign(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let retried = line.contains("Retrying (Retry(total=") && !line.contains("Retry(total=0");
    let sign =
        !retried && line.len() <= 2000 && !consequence::is_one(line) && SIGNS.iter().any(|sign| line.contains(sign));
    sign.then(|| described(step, index, line))
}

/// The trouble that a line tells of.
pub(super) fn described(step: &Step, index: usize, line: &str) -> Failure {
    let text = error_message(line).unwrap_or(line).trim();
    let exception = Exception::recognize(text);
    let tool = tool_of(&step.output, step, exception.as_ref(), text);
    let (code, message) = match &exception {
        Some(exception) => (Some(exception.code()), exception.message.as_str()),
        None => (None, text),
    };
    failure(step, index, &tool, code, message)
}

/// The program that had the trouble.
fn tool_of(output: &Output, step: &Step, exception: Option<&Exception>, text: &str) -> String {
    if exception.is_some_and(|exception| exception.class.starts_with("pip.")) {
        return "pip".to_owned();
    }
    for (start, tool) in [
        ("curl: ", "curl"),
        ("E: ", "apt"),
        ("wget: ", "wget"),
        ("Error response from daemon", "docker"),
        ("error: Failed to fetch: ", "uv"),
        ("CondaHTTPError: ", "conda"),
    ] {
        if text.starts_with(start) {
            return tool.to_owned();
        }
    }
    let pip = |line: &str| line.starts_with("Collecting ") || line.starts_with("ERROR: Could not install packages");
    if output.iter().any(pip) {
        return "pip".to_owned();
    }
    step.command.as_deref().and_then(command::tool).unwrap_or_else(|| "github-actions".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Trouble;
    use super::super::tests::{check, step};
    use repair_core::{LogParser, StepOutcome};

    #[test]
    fn troubles_are_named() {
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
        for (line, tool) in [
            ("E: Unable to locate package libfoo-dev", "apt"),
            ("E: Failed to fetch http://x/y.deb  404  Not Found [IP: 1.2.3.4 80]", "apt"),
            ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 3123", "apt"),
            ("Error response from daemon: toomanyrequests: You have reached your pull rate limit.", "docker"),
            ("error: Failed to fetch: `https://pypi.org/simple/six/`", "uv"),
            ("Error: getaddrinfo ENOTFOUND codecov.io", "github-actions"),
        ] {
            let found = Trouble.parse(&step(line, StepOutcome::Failed(Some(1)))).failures;
            assert_eq!(found.iter().map(|failure| failure.tool.as_str()).collect::<Vec<_>>(), [tool], "{line}");
        }
    }

    #[test]
    fn a_retry_that_helped_is_no_trouble() {
        let text = "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'ReadTimeoutError'";
        assert_eq!(Trouble.parse(&step(text, StepOutcome::Failed(Some(1)))).failures, []);
    }
}
