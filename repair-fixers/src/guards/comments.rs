//! Comments of files that are not Python: TOML, INI, YAML, shell.

use repair_core::RepoPath;

/// The comments of `text`, each with its 1-based line, from their `#` on.
pub(super) fn of<'t>(path: &RepoPath, text: &'t str) -> Vec<(u32, &'t str)> {
    split(path, text).into_iter().filter_map(|(line, _, comment)| Some((line, comment?))).collect()
}

/// The lines of `text` without their comments, each with its number from 1.
pub(super) fn without<'t>(path: &RepoPath, text: &'t str) -> Vec<(u32, &'t str)> {
    split(path, text).into_iter().map(|(line, code, _)| (line, code)).collect()
}

/// What may hold a `#` that begins no comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Quotes that may span lines, three of them in a row.
    Toml,
    /// Quotes within one line, which begin a word.
    Line,
    /// None.
    No,
}

fn quotes(path: &RepoPath) -> Quotes {
    match path.extension() {
        Some("toml" | "lock") => Quotes::Toml,
        Some("cfg" | "ini" | "txt") => Quotes::No,
        _ => Quotes::Line,
    }
}

fn split<'t>(path: &RepoPath, text: &'t str) -> Vec<(u32, &'t str, Option<&'t str>)> {
    let quotes = quotes(path);
    let mut open: Option<&'static str> = None;
    let mut found = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        let at = comment_start(line, quotes, &mut open);
        if open.is_some_and(|quote| quote.len() == 1) {
            open = None;
        }
        let (code, comment) = at.map_or((line, None), |at| (&line[..at], Some(&line[at..])));
        found.push((number, code, comment));
    }
    found
}

/// Where the comment of `line` begins; `open` is the quote that is open where the line begins and ends.
fn comment_start(line: &str, quotes: Quotes, open: &mut Option<&'static str>) -> Option<usize> {
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let mut used = c.len_utf8();
        match *open {
            Some(quote) if rest.starts_with(quote) => {
                used = quote.len();
                *open = None;
            }
            Some(quote) if c == '\\' && quote.starts_with('"') => {
                used += rest[used..].chars().next().map_or(0, char::len_utf8);
            }
            Some(_) => {}
            None if c == '#' && (quotes == Quotes::Toml || before.is_whitespace()) => return Some(at),
            None if quotes == Quotes::Toml || quotes == Quotes::Line && !before.is_alphanumeric() => {
                let kinds: &[&'static str] =
                    if quotes == Quotes::Toml { &["\"\"\"", "\'\'\'", "\"", "'"] } else { &["\"", "'"] };
                if let Some(quote) = kinds.iter().find(|quote| rest.starts_with(**quote)) {
                    used = quote.len();
                    *open = Some(quote);
                }
            }
            None => {}
        }
        before = c;
        at += used;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(path: &str, text: &str) -> Vec<(u32, String)> {
        let path = RepoPath::new(path).unwrap();
        of(&path, text).into_iter().map(|(line, text)| (line, text.to_owned())).collect()
    }

    fn one(line: u32, text: &str) -> Vec<(u32, String)> {
        vec![(line, text.to_owned())]
    }

    #[test]
    fn a_sign_in_a_string_begins_no_comment() {
        assert_eq!(comments("a.toml", "x = 'a # b'#c\n"), one(1, "#c"));
        assert_eq!(comments("a.toml", "x = \"\"\"\n# no\n\"\"\" # yes\n"), one(3, "# yes"));
        assert_eq!(comments("a.toml", "x = \"\\\" # b\" # c\n"), one(1, "# c"));
        assert_eq!(comments("a.yml", "x: \"# a\" # b\ny: a#b\nz: don't # c\n"), [(1, "# b".into()), (3, "# c".into())]);
        assert_eq!(comments("a.ini", "x = 'a # b'\n"), one(1, "# b'"));
    }

    #[test]
    fn lines_are_had_without_their_comments() {
        let path = RepoPath::new("requirements.txt").unwrap();
        assert_eq!(without(&path, "# ruff==1\nruff==2 # x\n"), [(1, ""), (2, "ruff==2 ")]);
    }
}
