//! Lists in manifests, and where a new entry goes.

use crate::python::insert::{after_line, line_end, line_start};
use repair_core::Span;

/// What a list of dependencies looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An entry per line: requirement files, `setup.cfg`, YAML, tables of TOML.
    Lines,
    /// Quoted entries between brackets, with commas.
    Array,
}

/// A list of dependencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    pub(super) form: Form,
    /// The entries; for an array with their quotes.
    pub(super) entries: Vec<Span>,
    /// Where the first entry goes if there is none.
    pub(super) start: usize,
}

impl List {
    /// The edits that add `entry`, in order if the entries are.
    pub(super) fn insertion(&self, text: &str, entry: &str, lead: &str) -> Vec<(Span, String)> {
        let key = |span: &Span| key(&text[span.range()]);
        let own = self::key(entry);
        let sorted = self.entries.len() > 1 && self.entries.iter().map(key).is_sorted();
        let next = self.entries.iter().find(|span| sorted && key(span) > own);
        match (self.form, next, self.entries.last()) {
            (Form::Lines, Some(next), _) => {
                let at = line_start(text, next.start());
                let prefix = &text[at..next.start()];
                vec![(Span::at(at), format!("{prefix}{entry}{}", line_end(text)))]
            }
            (Form::Lines, None, Some(last)) => {
                let prefix = &text[line_start(text, last.start())..last.start()];
                vec![line_behind(text, last.end(), &format!("{prefix}{entry}"))]
            }
            (Form::Lines, None, None) => vec![line_at(text, self.start, &format!("{lead}{entry}"))],
            (Form::Array, Some(next), _) => {
                let gap = if own_line(text, next.start()) { line_break(text, next.start()) } else { " ".to_owned() };
                vec![(Span::at(next.start()), format!("{entry},{gap}"))]
            }
            (Form::Array, None, Some(last)) => array_end(text, *last, entry),
            (Form::Array, None, None) => vec![(Span::at(self.start), entry.to_owned())],
        }
    }
}

fn key(entry: &str) -> String {
    entry.trim_matches(['"', '\'']).to_lowercase()
}

fn own_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

/// A line end and the indentation of the line of `at`.
fn line_break(text: &str, at: usize) -> String {
    format!("{}{}", line_end(text), &text[line_start(text, at)..at])
}

/// `line` behind the line of `offset`; a missing last line end stays missing.
fn line_behind(text: &str, offset: usize, line: &str) -> (Span, String) {
    let at = after_line(text, offset);
    let eol = line_end(text);
    if text[..at].ends_with('\n') {
        (Span::at(at), format!("{line}{eol}"))
    } else {
        (Span::at(at), format!("{eol}{line}"))
    }
}

fn line_at(text: &str, at: usize, line: &str) -> (Span, String) {
    let eol = line_end(text);
    if at == 0 || text[..at].ends_with('\n') {
        (Span::at(at), format!("{line}{eol}"))
    } else {
        (Span::at(at), format!("{eol}{line}"))
    }
}

fn array_end(text: &str, last: Span, entry: &str) -> Vec<(Span, String)> {
    if !own_line(text, last.start()) {
        return vec![(Span::at(last.end()), format!(", {entry}"))];
    }
    let gap = line_break(text, last.start());
    let rest = &text[last.end()..];
    let line_stop = last.end() + rest.find(['\r', '\n']).unwrap_or(rest.len());
    if rest.starts_with(',') {
        return vec![(Span::at(line_stop), format!("{gap}{entry},"))];
    }
    let behind = text[last.end()..line_stop].trim();
    if behind.starts_with('#') {
        return vec![(Span::at(last.end()), ",".to_owned()), (Span::at(line_stop), format!("{gap}{entry}"))];
    }
    vec![(Span::at(last.end()), format!(",{gap}{entry}"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: Form, text: &str, entries: &[&str], entry: &str, expected: &str) {
        let span = |entry: &&str| {
            let at = text.find(*entry).unwrap();
            Span::new(at, at + entry.len())
        };
        let list =
            List { form, entries: entries.iter().map(span).collect(), start: text.find('[').map_or(0, |at| at + 1) };
        let mut out = text.to_owned();
        for (span, new) in list.insertion(text, entry, "").into_iter().rev() {
            out.replace_range(span.range(), &new);
        }
        assert_eq!(out, expected);
    }

    #[test]
    fn lines_keep_their_order_their_ends_and_their_prefix() {
        check(Form::Lines, "a\nc\n", &["a", "c"], "b", "a\nb\nc\n");
        check(Form::Lines, "c\na\n", &["c", "a"], "b", "c\na\nb\n");
        check(Form::Lines, "a\r\nc", &["a", "c"], "d", "a\r\nc\r\nd");
        check(Form::Lines, "  - x\n  - y\n", &["x", "y"], "z", "  - x\n  - y\n  - z\n");
        check(Form::Lines, "", &[], "b", "b\n");
    }

    #[test]
    fn arrays_keep_their_layout() {
        check(Form::Array, "[]", &[], "\"b\"", "[\"b\"]");
        check(Form::Array, "[\"a\", \"c\"]", &["\"a\"", "\"c\""], "\"b\"", "[\"a\", \"b\", \"c\"]");
        check(Form::Array, "[\"a\"]", &["\"a\""], "\"b\"", "[\"a\", \"b\"]");
        check(Form::Array, "[\n  \"a\",  # x\n]", &["\"a\""], "\"b\"", "[\n  \"a\",  # x\n  \"b\",\n]");
        check(Form::Array, "[\n  \"a\"  # x\n]", &["\"a\""], "\"b\"", "[\n  \"a\",  # x\n  \"b\"\n]");
        check(
            Form::Array,
            "[\n  \"a\",\n  \"c\",\n]",
            &["\"a\"", "\"c\""],
            "\"b\"",
            "[\n  \"a\",\n  \"b\",\n  \"c\",\n]",
        );
    }
}
