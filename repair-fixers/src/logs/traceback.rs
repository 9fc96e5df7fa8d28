//! Python's tracebacks.

use super::exception::Exception;
use super::roots::Roots;
use repair_core::{Output, RepoPath};

/// The first line of a traceback.
const START: &str = "Traceback (most recent call last):";

/// One line `File "…", line N, in f`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The path as printed.
    pub(super) path: String,
    /// 1-based line.
    pub(super) line: u32,
    /// The function; empty where a `SyntaxError` names a place.
    pub(super) function: String,
}

/// A traceback, or the last of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traceback {
    /// Outermost first. Of a chain, all parts one after another.
    pub(super) frames: Vec<Frame>,
    /// Where the last part's frames begin.
    pub(super) last_part: usize,
    /// The exception, if the traceback is complete.
    pub(super) exception: Option<Exception>,
    /// Its first line, an index into the output.
    pub(super) first: usize,
    /// Its last line, an index into the output.
    pub(super) last: usize,
}

impl Traceback {
    /// The place inside the repository that is to blame: the deepest frame there, or the place that a syntax error
    /// names.
    pub(super) fn place(&self, roots: &Roots) -> Option<(RepoPath, u32)> {
        let inside = |frame: &Frame| roots.relative(&frame.path).map(|path| (path, frame.line));
        let (before, last) = self.frames.split_at(self.last_part);
        last.iter().rev().find_map(inside).or_else(|| before.iter().rev().find_map(inside))
    }
}

/// Reads the traceback that begins at `index` of `output`, with everything that it is chained to.
pub(super) fn read(output: &Output, index: usize) -> Option<Traceback> {
    let first_line = output.line(index);
    let start = first_line.find("Traceback (most recent call last)")?;
    let group = first_line[..start].ends_with("+ Exception Group ");
    let before = &first_line[..start];
    let prefix = match group {
        true => &first_line[..start - "+ Exception Group ".len()],
        // What stands before may be a mark that all lines have, or what was printed last.
        false if output.line(index + 1).starts_with(before) => before,
        false => "",
    };
    let mut reader = Reader { output, prefix, group, index: index + 1 };
    let mut frames = Vec::new();
    let mut last_part = 0;
    loop {
        let before = frames.len();
        reader.frames(&mut frames);
        if frames.len() > before {
            last_part = before;
        }
        let exception = reader.exception();
        if exception.is_none() || !reader.next_part() {
            reader.skip_group();
            let last = reader.index.saturating_sub(1).max(index);
            return Some(Traceback { frames, last_part, exception, first: index, last });
        }
    }
}

/// Every traceback of `output`, in order.
pub(super) fn all(output: &Output) -> Vec<Traceback> {
    let mut found: Vec<Traceback> = Vec::new();
    for index in 0..output.len() {
        if found.last().is_some_and(|last| index <= last.last) || !output.line(index).contains(START) {
            continue;
        }
        found.extend(read(output, index));
    }
    found
}

/// `File "a.py", line 3, in f`, indented or not.
pub(super) fn frame(line: &str) -> Option<Frame> {
    let rest = line.trim_start().strip_prefix("File \"")?;
    let (path, rest) = rest.split_once("\", line ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let function = rest[digits..].trim_start_matches(", in ").trim();
    Some(Frame { path: path.to_owned(), line: rest[..digits].parse().ok()?, function: function.to_owned() })
}

struct Reader<'a> {
    output: &'a Output,
    prefix: &'a str,
    group: bool,
    index: usize,
}

impl<'a> Reader<'a> {
    /// The current line without the prefix that all lines of the traceback have.
    fn line(&self) -> Option<&'a str> {
        if self.index >= self.output.len() {
            return None;
        }
        let line = self.output.line(self.index);
        if self.group {
            let rest = line.strip_prefix(self.prefix).unwrap_or(line.trim_start());
            return rest.strip_prefix("| ").or_else(|| rest.strip_prefix('|'));
        }
        match line.strip_prefix(self.prefix) {
            Some(rest) => Some(rest),
            None => line.trim().is_empty().then_some(""),
        }
    }

    fn frames(&mut self, frames: &mut Vec<Frame>) {
        while let Some(line) = self.line() {
            if !line.starts_with(' ') {
                return;
            }
            frames.extend(frame(line));
            self.index += 1;
        }
    }

    /// The exceptions inside of a group belong to it.
    fn skip_group(&mut self) {
        let inner = |line: &str| line.starts_with(' ') && line.trim_start().starts_with(['|', '+']);
        while self.group && self.index < self.output.len() && inner(self.output.line(self.index)) {
            self.index += 1;
        }
    }

    fn exception(&mut self) -> Option<Exception> {
        let exception = Exception::read(self.line()?)?;
        self.index += 1;
        Some(exception)
    }

    /// Whether another part of the chain follows; then the reader stands behind its first line.
    fn next_part(&mut self) -> bool {
        let start = self.index;
        let mut linked = false;
        for _ in 0..60 {
            match self.line() {
                Some(line) if linked && line.starts_with(START) => {
                    self.index += 1;
                    return true;
                }
                Some(line)
                    if line.starts_with("During handling of the above") || line.starts_with("The above exception") =>
                {
                    linked = true;
                }
                Some(line) if linked && !line.trim().is_empty() => break,
                Some(line) if line.contains(START) => break,
                Some(_) => {}
                None => break,
            }
            self.index += 1;
        }
        self.index = start;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Traceback {
        let output = Output::from_iter(text.lines());
        let mut found = all(&output);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    #[track_caller]
    fn check(text: &str, class: &str, message: &str, place: Option<(&str, u32)>) {
        let traceback = only(text);
        let exception = traceback.exception.clone().unwrap();
        assert_eq!((exception.class.as_str(), exception.message.as_str()), (class, message));
        let found = traceback.place(&Roots::default());
        assert_eq!(found.as_ref().map(|(path, line)| (path.as_str(), *line)), place);
    }

    #[test]
    fn the_deepest_frame_of_the_repository_is_to_blame() {
        check(
            "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    main()\n    ~~~~^^\n  \
             File \"/usr/lib/python3.9/json/__init__.py\", line 9, in loads\n    raise\n\
             json.decoder.JSONDecodeError: Expecting value: line 1",
            "json.decoder.JSONDecodeError",
            "Expecting value: line 1",
            Some(("app.py", 3)),
        );
    }

    #[test]
    fn of_a_chain_the_last_counts() {
        for link in [
            "During handling of the above exception, another exception occurred:",
            "The above exception was the direct cause of the following exception:",
        ] {
            let text = format!(
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\nKeyError: 'x'\n\n{link}\n\n\
                 Traceback (most recent call last):\n  File \"b.py\", line 2, in g\n    y\nValueError: bad\nafter"
            );
            check(&text, "ValueError", "bad", Some(("b.py", 2)));
        }
    }

    #[test]
    fn a_syntax_error_names_its_place() {
        check(
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    import b\n  File \"b.py\", \
             line 7\n    def f(:\n          ^\nSyntaxError: invalid syntax",
            "SyntaxError",
            "invalid syntax",
            Some(("b.py", 7)),
        );
    }

    #[test]
    fn a_group_is_named_by_its_own_line() {
        check(
            "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 9, in main\n  |     x\n  \
             | ExceptionGroup: two (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: first\n    \
             +------------------------------------",
            "ExceptionGroup",
            "two (2 sub-exceptions)",
            Some(("a.py", 9)),
        );
    }

    #[test]
    fn recursion_and_prefixes_do_not_disturb() {
        check(
            "E   Traceback (most recent call last):\nE     File \"a.py\", line 2, in f\nE       return f()\nE     [Previous \
             line repeated 975 more times]\nE   RecursionError: maximum recursion depth exceeded",
            "RecursionError",
            "maximum recursion depth exceeded",
            Some(("a.py", 2)),
        );
    }

    #[test]
    fn a_traceback_may_begin_behind_what_was_printed() {
        check(
            "test_a (m.C) ... Traceback (most recent call last):\n  File \"m.py\", line 3, in test_a\n    wait()\n\
             KeyboardInterrupt\n",
            "KeyboardInterrupt",
            "",
            Some(("m.py", 3)),
        );
    }

    #[test]
    fn a_cut_traceback_has_no_exception() {
        let traceback = only("Traceback (most recent call last):\n  File \"a.py\", line 2, in f");
        assert_eq!(traceback.exception, None);
        assert_eq!((traceback.first, traceback.last), (0, 1));
    }
}
