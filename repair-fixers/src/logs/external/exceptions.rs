//! Exceptions that come from outside of the code.

use super::hosts::{self, Hosts};
use super::{evidence, signs};
use crate::logs::exception::Exception;
use repair_core::{External, ExternalKind, Failure, Output};
use std::ops::Range;

/// Errors of programming. Whatever their text says, the code is at fault.
const PROGRAMMING: [&str; 26] = [
    "AssertionError",
    "AttributeError",
    "ImportError",
    "IndentationError",
    "IndexError",
    "InvocationError",
    "JSONDecodeError",
    "KeyError",
    "LookupError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "RecursionError",
    "StopIteration",
    "SyntaxError",
    "TabError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "ZeroDivisionError",
    "SocketBlockedError",
    "SocketConnectBlockedError",
    "CannotOverwriteExistingRequestException",
    "NoMockAddress",
    "FixtureLookupError",
];

/// Exceptions whose name alone says that a connection to another host broke.
const NETWORK: [&str; 26] = [
    "gaierror",
    "ConnectionResetError",
    "ConnectionAbortedError",
    "RemoteDisconnected",
    "ReadTimeout",
    "ReadTimeoutError",
    "ConnectTimeout",
    "ConnectTimeoutError",
    "NewConnectionError",
    "NameResolutionError",
    "MaxRetryError",
    "ProtocolError",
    "RemoteProtocolError",
    "ChunkedEncodingError",
    "IncompleteRead",
    "SSLError",
    "SSLEOFError",
    "SSLZeroReturnError",
    "SSLCertVerificationError",
    "ClientConnectorError",
    "ClientConnectorDNSError",
    "ClientConnectorCertificateError",
    "ServerDisconnectedError",
    "ServerTimeoutError",
    "EndpointConnectionError",
    "APIConnectionError",
];

/// Words of mocks that stand for a network: what they refuse was asked by the code.
const MOCKED: [&str; 5] = [
    "doesn't match any registered mock",
    "by Responses",
    "No mock address",
    "A test tried to use socket",
    "Can't overwrite existing cassette",
];

/// How far up a chain of exceptions is looked.
const LONGEST_CHAIN: usize = 10;

/// Why an exception is likely not the code's fault: its own words, or those of the one that it was raised from.
///
/// `crashed` says that the step printed a crash report, so that a lost worker is the code's fault.
pub(super) fn reason(failure: &Failure, output: &Output, lines: Range<usize>, crashed: bool) -> Option<External> {
    let lines = traceback_part(output, lines);
    let code = failure.code.clone().unwrap_or_default();
    let message = failure.message.clone().unwrap_or_default();
    if message.contains("' crashed while running '") {
        return (!crashed).then(|| External::new(ExternalKind::Resource, evidence(output, lines, &message)));
    }
    let mut exception = Exception { class: code, message };
    let mut end = lines.end;
    for _ in 0..LONGEST_CHAIN {
        if is_programming(&exception) {
            return None;
        }
        let part = part_before(output, lines.start..end);
        if let Some(kind) = kind(&exception, output, part.clone()) {
            return Some(External::new(kind, &own_line(output, part, &exception)));
        }
        let (link, direct) = link_before(output, part)?;
        if !direct && !is_of_input_and_output(exception.code()) {
            return None;
        }
        end = link;
        exception = last_exception(output, lines.start..end)?;
    }
    None
}

fn own_line(output: &Output, lines: Range<usize>, exception: &Exception) -> String {
    let text = if exception.message.is_empty() { exception.code() } else { &exception.message };
    evidence(output, lines, text).to_owned()
}

/// The lines before anything that the test printed.
fn traceback_part(output: &Output, lines: Range<usize>) -> Range<usize> {
    let captured = |index: &usize| output.line(*index).starts_with("---") && output.line(*index).contains(" Captured ");
    lines.start..lines.clone().find(captured).unwrap_or(lines.end)
}

fn is_programming(exception: &Exception) -> bool {
    PROGRAMMING.contains(&exception.code()) || MOCKED.iter().any(|words| exception.message.contains(words))
}

/// Exceptions that wrap others which were caught: the name says that they are about the world outside.
fn is_of_input_and_output(code: &str) -> bool {
    [
        "Connection",
        "Timeout",
        "HTTP",
        "Http",
        "URLError",
        "OSError",
        "IOError",
        "Download",
        "Network",
        "Retr",
        "Fetch",
        "SSL",
        "Pool",
    ]
    .iter()
    .any(|part| code.contains(part))
}

/// The kind of one exception. `lines` show what it was about when its message does not.
fn kind(exception: &Exception, output: &Output, lines: Range<usize>) -> Option<ExternalKind> {
    let (code, message) = (exception.code(), exception.message.as_str());
    if let Some(kind) = of_limit(code, message).or_else(|| of_memory(code, message)) {
        return Some(kind);
    }
    let named = NETWORK.contains(&code).then_some(ExternalKind::Network);
    let kind = signs::of_remote_text(message).or(named)?;
    if kind == ExternalKind::Resource {
        return Some(kind);
    }
    let hosts = match hosts::of(message) {
        Hosts::Unnamed => around(output, lines),
        hosts => hosts,
    };
    let certain = signs::of_text(message).is_some() && !message.contains("Connection refused") || named.is_some();
    (hosts == Hosts::Remote || hosts == Hosts::Unnamed && certain).then_some(kind)
}

/// Whose hosts the lines around an exception name: this machine's count most.
fn around(output: &Output, lines: Range<usize>) -> Hosts {
    let mut found = Hosts::Unnamed;
    for index in lines {
        match hosts::of(output.line(index)) {
            Hosts::Near => return Hosts::Near,
            Hosts::Remote => found = Hosts::Remote,
            Hosts::Unnamed => {}
        }
    }
    found
}

/// Limits on the wall clock that a plugin enforces, and tests that a plugin found to be flaky.
fn of_limit(code: &str, message: &str) -> Option<ExternalKind> {
    match code {
        "Flaky" | "FlakyFailure" | "FlakyReplay" => Some(ExternalKind::Flaky),
        "Failed" | "Timeout" if message == "Timeout" || message.starts_with("Timeout >") => {
            Some(ExternalKind::TimeLimit)
        }
        "Failed" if message.starts_with("Timeout (>") => Some(ExternalKind::TimeLimit),
        "DeadlineExceeded" if message.starts_with("Test took ") => Some(ExternalKind::TimeLimit),
        _ => None,
    }
}

/// Memory: the machine's fault unless somebody asked for more than any machine has.
fn of_memory(code: &str, message: &str) -> Option<ExternalKind> {
    let absurd = [" TiB", " PiB", " EiB", " TB", " PB"].iter().any(|unit| message.contains(unit));
    (matches!(code, "MemoryError" | "_ArrayMemoryError" | "OutOfMemoryError") && !absurd)
        .then_some(ExternalKind::Resource)
}

/// The part of a chain that ends at the end of `lines`.
fn part_before(output: &Output, lines: Range<usize>) -> Range<usize> {
    let start =
        lines.clone().rev().find(|index| link(output.line(*index)).is_some()).map_or(lines.start, |link| link + 1);
    start..lines.end
}

/// The link that stands before a part, and whether it says that the exception before was the cause.
fn link_before(output: &Output, part: Range<usize>) -> Option<(usize, bool)> {
    let index = part.start.checked_sub(1)?;
    Some((index, link(output.line(index))?))
}

fn link(line: &str) -> Option<bool> {
    let line = line.trim_start_matches(['E', ' ', '|', '+']);
    if line.starts_with("The above exception was the direct cause") {
        return Some(true);
    }
    line.starts_with("During handling of the above exception").then_some(false)
}

/// The last exception that is printed in `lines`.
fn last_exception(output: &Output, lines: Range<usize>) -> Option<Exception> {
    let read = |index: usize| {
        let line = output.line(index);
        let text = line.strip_prefix("E  ").unwrap_or(line);
        if text.len() == line.len() && line.starts_with(' ') { None } else { Exception::recognize(text) }
    };
    lines.rev().take(200).find_map(read)
}
