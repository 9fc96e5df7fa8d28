//! What faulthandler prints when a process dies, or takes too long.

use super::roots::Roots;
use super::traceback;
use repair_core::{Output, RepoPath};
use std::ops::Range;

/// A process that ended without Python's consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The exit code that belongs to the signal, such as `139`, or `Timeout`.
    pub(super) code: Option<String>,
    /// What is said about it, such as `Segmentation fault`.
    pub(super) message: String,
    /// The deepest place inside the repository of the thread that was running.
    pub(super) place: Option<(RepoPath, u32)>,
    /// The lines that say so.
    pub(super) lines: Range<usize>,
}

/// The signals that faulthandler has words for, and the exit codes that belong to them.
const SIGNALS: [(&str, &str); 6] = [
    ("Segmentation fault", "139"),
    ("Aborted", "134"),
    ("Bus error", "135"),
    ("Illegal instruction", "132"),
    ("Floating point exception", "136"),
    ("Floating-point exception", "136"),
];

/// How many lines the stacks of all threads may have.
const MANY: usize = 5000;

/// The last fault in `lines`.
pub(super) fn find(output: &Output, lines: Range<usize>, roots: &Roots) -> Option<Fault> {
    lines.clone().rev().find_map(|index| dump(output, index, lines.end, roots))
}

/// The exit code of the signal that a text names.
fn signal(text: &str) -> Option<&'static str> {
    SIGNALS.iter().find(|(words, _)| text.contains(words)).map(|(_, code)| *code)
}

/// `Fatal Python error: Segmentation fault`, which may follow what was printed before on the same line, and the stacks.
fn dump(output: &Output, index: usize, end: usize, roots: &Roots) -> Option<Fault> {
    let line = output.line(index);
    let fatal = line.find("Fatal Python error: ").map(|at| line[at + "Fatal Python error: ".len()..].trim());
    let windows = line.strip_prefix("Windows fatal exception: ").map(str::trim);
    let message = fatal.or(windows).or_else(|| out_of_time(line))?;
    let stacks = index + 1..end;
    let heads = |start: &'static str| {
        let mut stacks = stacks.clone().take(MANY);
        stacks.find(|index| output.line(*index).starts_with(start))
    };
    let current = heads("Current thread 0x").or_else(|| heads("Thread 0x"));
    let frames = current.map_or(end..end, |current| current + 1..end);
    let mut last = index;
    let mut place = None;
    for (index, frame) in frames.map_while(|index| Some((index, traceback::frame(output.line(index))?))) {
        last = index;
        place = place.or_else(|| roots.relative(&frame.path).map(|path| (path, frame.line)));
    }
    let code = if out_of_time(line).is_some() { Some("Timeout") } else { signal(message) };
    Some(Fault { code: code.map(str::to_owned), message: message.to_owned(), place, lines: index..last + 1 })
}

/// `Timeout (0:01:00)!`, which faulthandler prints before the stacks of a process that takes too long.
fn out_of_time(line: &str) -> Option<&str> {
    let at = line.rfind("Timeout (")?;
    let text = line[at..].trim_end();
    let time = text.strip_prefix("Timeout (")?.strip_suffix(")!")?;
    time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Fault> {
        let output = Output::from_iter(text.lines());
        find(&output, 0..output.len(), &Roots::default())
    }

    #[track_caller]
    fn check(text: &str, code: &str, message: &str, place: Option<(&str, u32)>) {
        let fault = of(text).unwrap();
        assert_eq!((fault.code.as_deref(), fault.message.as_str()), (Some(code), message));
        assert_eq!(fault.place.as_ref().map(|(path, line)| (path.as_str(), *line)), place);
    }

    #[test]
    fn the_thread_that_was_running_has_the_place() {
        check(
            "tests/test_a.py .Fatal Python error: Segmentation fault\n\nThread 0x00007f2 (most recent call first):\n  File \
             \"other.py\", line 9 in wait\n\nCurrent thread 0x00007f1 (most recent call first):\n  File \
             \"/usr/lib/python3.9/ctypes/__init__.py\", line 517 in string_at\n  File \"tests/test_a.py\", line 5 in test_b\n  \
             File \"/v/lib/python3.9/site-packages/_pytest/python.py\", line 183 in call\n\nExtension modules: a, b (total: 2)",
            "139",
            "Segmentation fault",
            Some(("tests/test_a.py", 5)),
        );
    }

    #[test]
    fn a_time_limit_prints_stacks_too() {
        check(
            "Timeout (0:00:01)!\nThread 0x00007f1 (most recent call first):\n  File \"tests/test_a.py\", line 4 in test_slow",
            "Timeout",
            "Timeout (0:00:01)!",
            Some(("tests/test_a.py", 4)),
        );
        assert_eq!(of("Timeout (soon)!"), None);
    }
}
