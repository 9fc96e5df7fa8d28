//! Words that tell what kind of trouble it was.

use repair_core::ExternalKind;
use repair_core::ExternalKind::{Access, Canceled, Network, RateLimit, Resource, Runner, Service, TimeLimit};

/// What the runner, git and the package managers say of their own trouble; the first that fits counts.
const OF_RUNNER: &[(&str, ExternalKind)] = &[
    ("lost communication with the server", Runner),
    ("The runner has received a shutdown signal", Runner),
    ("The job was not acquired by Runner", Runner),
    ("No runner matching the specified labels was found", Runner),
    ("The self-hosted runner", Runner),
    ("The hosted runner", Runner),
    ("has timed out after", TimeLimit),
    ("exceeded the maximum execution time", TimeLimit),
    ("exceeded the maximum time limit", TimeLimit),
    ("The operation was canceled", Canceled),
    ("The run was canceled", Canceled),
    ("A task was canceled", Canceled),
    ("The job was canceled because", Canceled),
    ("Input required and not supplied: token", Access),
    ("Parameter token or opts.auth is required", Access),
    ("Bad credentials", Access),
    ("Resource not accessible by integration", Access),
    ("Unable to locate credentials", Access),
    ("could not read Username", Access),
    ("could not read Password", Access),
    ("Authentication failed", Access),
    ("Failed to download action", Service),
    ("Failed to resolve action download info", Service),
    ("Failed to restore cache", Service),
    ("the remote end hung up", Network),
    ("early EOF", Network),
    ("E: Failed to fetch", Network),
    ("E: Unable to fetch some archives", Network),
    ("Hash Sum mismatch", Network),
];

/// What anybody says of networks, services and used-up resources; the first that fits counts.
const OF_TEXT: &[(&str, ExternalKind)] = &[
    ("rate limit exceeded", RateLimit),
    ("pull rate limit", RateLimit),
    ("Too Many Requests", RateLimit),
    ("429 Client Error", RateLimit),
    ("HTTP Error 429", RateLimit),
    ("No space left on device", Resource),
    ("[Errno 28]", Resource),
    ("Disk quota exceeded", Resource),
    ("Cannot allocate memory", Resource),
    ("CUDA out of memory", Resource),
    ("Out of memory", Resource),
    ("oom-kill", Resource),
    ("502 Bad Gateway", Service),
    ("502 Server Error", Service),
    ("HTTP Error 502", Service),
    ("503 Service Unavailable", Service),
    ("503 Server Error", Service),
    ("HTTP Error 503", Service),
    ("503 Backend", Service),
    ("504 Gateway", Service),
    ("504 Server Error", Service),
    ("HTTP Error 504", Service),
    ("Temporary failure in name resolution", Network),
    ("Name or service not known", Network),
    ("nodename nor servname provided", Network),
    ("getaddrinfo failed", Network),
    ("No address associated with hostname", Network),
    ("Could not resolve host", Network),
    ("Could not resolve proxy", Network),
    ("Failed to resolve '", Network),
    ("NameResolutionError", Network),
    ("Failed to establish a new connection", Network),
    ("NewConnectionError", Network),
    ("Connection timed out", Network),
    ("Connection reset by peer", Network),
    ("Connection aborted", Network),
    ("Connection broken", Network),
    ("forcibly closed by the remote host", Network),
    ("Remote end closed connection", Network),
    ("Server disconnected", Network),
    ("Read timed out", Network),
    ("ReadTimeoutError", Network),
    ("ConnectTimeoutError", Network),
    ("connect timeout=", Network),
    ("The read operation timed out", Network),
    ("handshake operation timed out", Network),
    ("Network is unreachable", Network),
    ("No route to host", Network),
    ("Max retries exceeded with url", Network),
    ("Cannot connect to host", Network),
    ("TLS handshake timeout", Network),
    ("i/o timeout", Network),
    ("CERTIFICATE_VERIFY_FAILED", Network),
    ("UNEXPECTED_EOF_WHILE_READING", Network),
    ("EOF occurred in violation of protocol", Network),
    ("IncompleteRead", Network),
    ("error sending request for url", Network),
    ("operation timed out", Network),
    ("dns error", Network),
    ("unable to access", Network),
];

/// An error of the server itself, which may just as well be the code under test.
const DOUBTFUL: &[&str] = &["500 Internal Server Error", "500 Server Error", "HTTP Error 500"];

fn first(table: &[(&str, ExternalKind)], text: &str) -> Option<ExternalKind> {
    table.iter().find(|(sign, _)| text.contains(sign)).map(|(_, kind)| *kind)
}

/// The kind of a message of the runner or of git.
pub(super) fn of_runner(text: &str) -> Option<ExternalKind> {
    first(OF_RUNNER, text)
}

/// The kind of trouble that a text tells of.
pub(super) fn of_text(text: &str) -> Option<ExternalKind> {
    first(OF_TEXT, text)
}

/// The kind of trouble that a text tells of when it came from a host of the internet.
pub(super) fn of_remote_text(text: &str) -> Option<ExternalKind> {
    let doubtful = || DOUBTFUL.iter().any(|sign| text.contains(sign)).then_some(Service);
    let refused = || (text.contains("Connection refused") || text.contains("actively refused")).then_some(Network);
    of_text(text).or_else(doubtful).or_else(refused)
}
