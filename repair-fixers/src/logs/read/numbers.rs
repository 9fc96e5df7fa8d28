//! Line numbers that were copied along with the text, as a web view shows them.

/// How many lines at the beginning must have their number.
const ENOUGH: usize = 8;
/// The most digits that the first number may have.
const DIGITS: usize = 6;

/// Numbers before every line of a log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    next: u64,
    /// Whether something stands between number and text.
    gap: bool,
}

impl Numbers {
    /// Those of the log that begins with `sample`; `None` if its lines have none.
    pub(super) fn of(sample: &[u8]) -> Option<Self> {
        let first = sample.trim_ascii_start();
        let digits = first.iter().take(DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
        (1..=digits).rev().find_map(|length| {
            let start = std::str::from_utf8(&first[..length]).ok()?.parse().ok()?;
            Self::starting(sample, start)
        })
    }

    fn starting(sample: &[u8], start: u64) -> Option<Self> {
        let lines = sample.split(|byte| *byte == b'\n').take(ENOUGH);
        let texts: Vec<&[u8]> = lines.zip(start..).map(|(line, number)| after(line, number)).collect::<Option<_>>()?;
        let all = |starts: &[u8]| texts.iter().all(|text| text.first().is_none_or(|byte| starts.contains(byte)));
        let told = texts.iter().filter(|text| !text.trim_ascii().is_empty()).count();
        // A list, a listing of source, and numbers alone are text.
        let listed = all(b".):|\r") || texts.iter().all(|text| text.trim_ascii_start().starts_with(b"|"));
        let numbered = texts.len() == ENOUGH && told * 2 > ENOUGH && !listed;
        numbered.then(|| Self { next: start, gap: all(b" \t\r") })
    }

    /// A line without its number. The numbers of GitHub's steps begin anew.
    pub(super) fn strip<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        let begun = after(line, 1).filter(|text| text.trim_ascii_start().starts_with(b"Run "));
        let text = match begun {
            Some(text) => {
                self.next = 1;
                text
            }
            None => match after(line, self.next) {
                Some(text) => text,
                None => return line,
            },
        };
        self.next += 1;
        if self.gap { text.strip_prefix(b" ").or_else(|| text.strip_prefix(b"\t")).unwrap_or(text) } else { text }
    }
}

/// What follows a number.
fn after(line: &[u8], number: u64) -> Option<&[u8]> {
    line.trim_ascii_start().strip_prefix(number.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{diagnose, read};

    const LINES: [&str; 9] = ["Run pytest", "a", "", "  b", "3 c", "", "d", "e", "1 failed"];

    fn numbered(start: u64, gap: &str) -> String {
        LINES.iter().zip(start..).map(|(line, number)| format!("{number}{gap}{line}\n")).collect()
    }

    #[test]
    fn numbers_go_and_what_looks_like_more_digits_stays() {
        for (start, gap) in [(1, ""), (8, ""), (99, " "), (12, "\t")] {
            let text = numbered(start, gap);
            let mut numbers = Numbers::of(text.as_bytes()).unwrap();
            let lines: Vec<&[u8]> = text.lines().map(|line| numbers.strip(line.as_bytes())).collect();
            assert_eq!(lines, LINES.map(str::as_bytes), "{start}{gap}");
        }
    }

    #[test]
    fn the_numbers_of_a_step_begin_anew() {
        let mut numbers = Numbers::of(numbered(5, "").as_bytes()).unwrap();
        assert_eq!(numbers.strip(b"1Run ruff"), b"Run ruff");
        assert_eq!(numbers.strip(b"2All checks passed!"), b"All checks passed!");
        assert_eq!(numbers.strip(b"what was wrapped"), b"what was wrapped");
        assert_eq!(numbers.strip(b"3x"), b"x");
    }

    #[test]
    fn lists_and_listings_and_numbers_alone_are_text() {
        for end in [". a", ") a", ": a", " | a", ""] {
            let text: String = (1..20).map(|number| format!("{number}{end}\n")).collect();
            assert_eq!(Numbers::of(text.as_bytes()), None, "{end:?}");
        }
        assert_eq!(Numbers::of(b"1a\n2b\n3c\n"), None);
        assert_eq!(Numbers::of(b"1a\n2b\n3c\n5d\n6e\n7f\n8g\n9h\n"), None);
        assert_eq!(Numbers::of(b""), None);
    }

    #[test]
    fn a_numbered_log_is_read() {
        let log = "===== FAILURES =====\n_____ test_a _____\n\n    def test_a():\n>       assert 0\nE       assert 0\n\n\
                   a.py:2: AssertionError\n===== short test summary info =====\nFAILED a.py::test_a - assert 0\n\
                   ===== 1 failed in 0.1s =====\n";
        let numbered: String = log.lines().zip(97..).map(|(line, number)| format!("{number}{line}\n")).collect();
        let found = diagnose(&read(numbered.as_bytes()).unwrap()).failures;
        assert_eq!((found[0].test_id.as_deref(), found[0].line), (Some("a.py::test_a"), Some(2)));
    }
}
