//! What the readers of this module share: building failures, and the line shapes that many tools print.

use super::section::Section;
use crate::logs::paths::linted_path;
use repair_core::{Category, Failure, Parsed, Phase, RepoPath};

/// What was found in a step so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The failures, in no particular order.
    pub(super) failures: Vec<Failure>,
    /// Whether a tool said that all is well.
    pub(super) passed: bool,
    /// How many failures the sections before had.
    earlier: usize,
}

impl Found {
    /// Begins a section.
    pub(super) fn begin(&mut self) {
        self.earlier = self.failures.len();
    }

    /// Ends a section; what a command reported that passed does not count.
    pub(super) fn end(&mut self, section: &Section<'_>) {
        if section.passed {
            self.failures.truncate(self.earlier);
        }
    }

    /// What was found in the section so far.
    pub(super) fn here(&self) -> &[Failure] {
        self.failures.get(self.earlier..).unwrap_or_default()
    }

    /// Whether `tool` found something in the section.
    pub(super) fn has(&self, tool: &str) -> bool {
        self.here().iter().any(|failure| failure.tool == tool)
    }

    /// Adds a failure that the lines from `first` to `last` report.
    pub(super) fn add(&mut self, section: &Section<'_>, first: usize, last: usize, mut failure: Failure) {
        failure.log_lines = Some((section.number(first), section.number(last)));
        self.failures.push(failure);
    }

    /// Adds a failure that one line reports.
    pub(super) fn at(&mut self, section: &Section<'_>, line: usize, failure: Failure) {
        self.add(section, line, line, failure);
    }

    /// The result: in the order of the log, each once.
    pub(super) fn finish(mut self) -> Parsed {
        self.failures.sort_by_key(|failure| failure.log_lines);
        let mut seen = std::collections::HashSet::new();
        self.failures.retain(|failure| {
            let message = failure.message.clone();
            seen.insert((
                failure.tool.clone(),
                failure.code.clone(),
                failure.path.clone(),
                failure.line,
                failure.column,
                message,
            ))
        });
        let mut parsed = Parsed::default();
        parsed.passed = self.passed && self.failures.is_empty();
        parsed.failures = self.failures;
        parsed
    }
}

/// Sets what is known of a failure, one after the other.
pub(super) trait Refine {
    fn with_code(self, code: Option<String>) -> Self;
    fn with_subject(self, subject: Option<String>) -> Self;
    fn with_path(self, path: Option<RepoPath>) -> Self;
    fn with_line(self, line: Option<u32>) -> Self;
    fn with_column(self, column: Option<u32>) -> Self;
}

impl Refine for Failure {
    fn with_code(mut self, code: Option<String>) -> Self {
        self.code = code;
        self
    }

    fn with_subject(mut self, subject: Option<String>) -> Self {
        self.subject = subject;
        self
    }

    fn with_path(mut self, path: Option<RepoPath>) -> Self {
        self.path = path;
        self
    }

    fn with_line(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }

    fn with_column(mut self, column: Option<u32>) -> Self {
        self.column = column;
        self
    }
}

/// A failure with a message.
pub(super) fn failure(category: Category, tool: &str, message: &str) -> Failure {
    let message = message.trim();
    let mut failure = Failure::new(category, tool);
    failure.message = (!message.is_empty()).then(|| message.to_owned());
    failure
}

/// A failure of a file as a whole, as formatters report it.
pub(super) fn of_file(tool: &str, path: &str, message: &str) -> Failure {
    failure(Category::Quality, tool, message).with_path(linted_path(path))
}

/// A failure of a linter in a place.
pub(super) fn finding(category: Category, tool: &str, place: &Place<'_>, code: Option<&str>, message: &str) -> Failure {
    let mut found = failure(category, tool, message);
    found.code = code.filter(|code| !code.is_empty()).map(str::to_owned);
    found.path = linted_path(place.path);
    found.line = Some(place.line);
    found.column = place.column;
    if category == Category::Syntax {
        found.phase = Phase::Parse;
    }
    found
}

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// As printed.
    pub(super) path: &'a str,
    /// 1-based.
    pub(super) line: u32,
    /// As printed.
    pub(super) column: Option<u32>,
}

/// Splits `path:line:column: rest` and `path:line: rest` into the place and the rest.
///
/// The path may be that of a Windows drive, and has an extension or a folder; the mark of an annotation before it
/// goes away.
pub(super) fn located(line: &str) -> Option<(Place<'_>, &str)> {
    let line = without_annotation(line);
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let (path, after) = memchr::memchr_iter(b':', line.as_bytes())
        .map(|colon| (&line[..colon], &line[colon + 1..]))
        .find(|(_, after)| after.starts_with(|c: char| c.is_ascii_digit()))?;
    // PowerShell names the program before the first line of its standard error.
    let path = path.split_once(" : ").filter(|(name, _)| !name.contains(' ')).map_or(path, |(_, path)| path);
    if path.is_empty() || !path.contains(['.', '/']) || path.contains("://") || path.ends_with(' ') {
        return None;
    }
    let (number, rest) = leading_number(after)?;
    let column = rest.strip_prefix(':').and_then(leading_number);
    let (column, rest) = column.map_or((None, rest), |(column, rest)| (Some(column), rest));
    Some((Place { path, line: number, column }, rest))
}

/// The number that a text begins with, and what follows.
pub(super) fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// A line without the mark with which GitHub Actions shows an annotation.
pub(super) fn without_annotation(line: &str) -> &str {
    for mark in ["##[error]", "##[warning]", "##[notice]", "Error: ", "Warning: ", "Notice: "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return rest;
        }
    }
    if line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice ") {
        let payload = line[2..].split_once("::").map_or("", |(_, payload)| payload);
        return payload.split("%0A").next().unwrap_or(payload);
    }
    line
}

/// An annotation such as `::error title=T,file=a.py,line=1,col=2::message`, before GitHub Actions has read it.
pub(super) struct Annotation<'a> {
    /// What the tool titled it, if it did.
    pub(super) title: &'a str,
    /// Where it points.
    pub(super) place: Place<'a>,
    /// Its text.
    pub(super) message: &'a str,
}

/// Reads the annotation that a line is, if it points to a line of a file.
pub(super) fn annotation(line: &str) -> Option<Annotation<'_>> {
    let rest = ["::error ", "::warning ", "::notice "].iter().find_map(|mark| line.strip_prefix(mark))?;
    let (properties, message) = rest.split_once("::")?;
    let value = |name| property(properties, name, ',');
    let column = value("col").and_then(|column| column.parse().ok());
    let place = Place { path: value("file")?, line: value("line")?.parse().ok()?, column };
    let message = message.split("%0A").next().unwrap_or(message);
    Some(Annotation { title: value("title").unwrap_or_default(), place, message })
}

/// The value of `name=` in a list such as `file=a.py,line=3`.
pub(super) fn property<'a>(list: &'a str, name: &str, separator: char) -> Option<&'a str> {
    list.split(separator).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A rule's id at the beginning of a text: capitals, then digits. Returns it and what follows.
pub(super) fn leading_code(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = text[letters..].bytes().take_while(u8::is_ascii_digit).count();
    let (code, rest) = text.split_at(letters + digits);
    ((1..=6).contains(&letters) && (1..=5).contains(&digits)).then_some((code, rest))
}

/// XML text without entities.
pub(super) fn plain(text: &str) -> String {
    let entities = [("&apos;", "'"), ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.into_iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// The first text in back-ticks or quotes.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let open = text.find(['`', '\'', '"'])?;
    let quote = text[open..].chars().next()?;
    let inner = &text[open + 1..];
    inner.find(quote).map(|end| &inner[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_split_off() {
        let place = |path, line, column| Place { path, line, column };
        assert_eq!(located("a/b.py:1:2: E501 x"), Some((place("a/b.py", 1, Some(2)), ": E501 x")));
        assert_eq!(located("a.py:13: 'x' unused"), Some((place("a.py", 13, None), ": 'x' unused")));
        assert_eq!(located(r"C:\a\b.py:7:1 - error"), Some((place(r"C:\a\b.py", 7, Some(1)), " - error")));
        assert_eq!(located("##[error]a.py:1:1: X1 m"), Some((place("a.py", 1, Some(1)), ": X1 m")));
        assert_eq!(located("mypy : a.py:13: error: x"), Some((place("a.py", 13, None), ": error: x")));
        let annotation = "::error title=Ruff (E401),file=/x/a.py,line=1,col=1::a.py:1:1: E401 m%0A  help: h";
        assert_eq!(located(annotation), Some((place("a.py", 1, Some(1)), ": E401 m")));
    }

    #[test]
    fn other_text_has_no_place() {
        for text in
            ["", ":1:2", "12:30:01 started", "  a.py:1: x", "http://host.org:80/x", "error: 3", "a.py:99999999999999:"]
        {
            assert_eq!(located(text), None, "{text}");
        }
    }

    #[test]
    fn codes_are_capitals_and_digits() {
        assert_eq!(leading_code("E501 long"), Some(("E501", " long")));
        assert_eq!(leading_code("ANN001 x"), Some(("ANN001", " x")));
        assert_eq!(leading_code("Error 5"), None);
        assert_eq!(leading_code("501"), None);
    }
}
