//! Candidates: statements and literals of Python 2.

use super::lex::Kind;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Makes a call of a `print` statement of Python 2.
    ///
    /// # What it repairs
    ///
    /// `Missing parentheses in call to 'print'`, with `print >>file` and the trailing comma.
    ///
    /// # Why it is safe
    ///
    /// The statement has no meaning in Python 3, and the call prints the same.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// print "Hello", name
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// print("Hello", name)
    /// ```
    pub(crate) struct PrintStatement {
        id: "syntax/print-statement",
        summary: "make a print statement of Python 2 a call",
        handles: [Syntax],
        applicability: Safe,
    }
}

repairs!(PrintStatement, PrintStatement);

fixer! {
    /// Translates other syntax of Python 2.
    ///
    /// # What it repairs
    ///
    /// `except E, e`, `raise E, "text"`, `exec code`, backticks, `<>`, octal numbers like `0777`, `10L`, `ur""`.
    ///
    /// # What may change
    ///
    /// Python 3 may treat the values differently: text is not bytes, and division is exact.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// try:
    ///     f()
    /// except ValueError, error:
    ///     raise
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// try:
    ///     f()
    /// except ValueError as error:
    ///     raise
    /// ```
    pub(crate) struct Python2 {
        id: "syntax/python2-syntax",
        summary: "translate other syntax of Python 2",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(Python2, Python2);

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    for line in [Some(site.line), site.previous_code(site.line)].into_iter().flatten() {
        for index in site.lines[line].tokens.clone() {
            match site.str(index) {
                "print" => out.extend(print(site, index, line)),
                "exec" => out.extend(call(site, index, line, Class::Python2)),
                "except" => out.extend(except(site, index)),
                "raise" => out.extend(raise(site, index, line)),
                "<" if site.str(index + 1) == ">"
                    && site.tokens[index].span.end == site.tokens[index + 1].span.start =>
                {
                    let span = site.tokens[index].span.start..site.tokens[index + 1].span.end;
                    out.push(Candidate::replace(Class::Python2, 0.4, span, "!=").certain());
                }
                "`" => out.extend(backticks(site, index, line)),
                _ => out.extend(literal(site, index)),
            }
        }
    }
}

/// Where the simple statement with the token `index` on `line` ends: at the line's end, `;`, or an open bracket's end.
fn statement_end(site: &Site<'_>, index: usize, line: usize) -> usize {
    let depth = site.tokens[index].depth;
    let mut end = index;
    for next in index + 1..site.tokens.len() {
        let token = &site.tokens[next];
        let same_line = site.line_of(token.span.start) == line || token.depth > depth;
        if !same_line && !continued(site, next) || site.str(next) == ";" && token.depth == depth {
            break;
        }
        end = next;
    }
    end
}

/// Whether a backslash ends the line before the token.
fn continued(site: &Site<'_>, index: usize) -> bool {
    let gap = &site.text[site.tokens[index - 1].span.end..site.tokens[index].span.start];
    gap.contains("\\\n") || gap.contains("\\\r") || site.kind(index - 1) == Some(Kind::Closer) && !gap.contains('\n')
}

fn begins_statement(site: &Site<'_>, index: usize) -> bool {
    let line = site.line_of(site.tokens[index].span.start);
    site.lines[line].tokens.start == index || matches!(site.str(index - 1), ":" | ";" | "else")
}

fn print(site: &Site<'_>, index: usize, line: usize) -> Option<Candidate> {
    let next = index + 1;
    let last = statement_end(site, index, line);
    if !begins_statement(site, index) || last < next || matches!(site.str(next), "=" | "." | ":" | ")" | ",") {
        return None;
    }
    if site.str(next) == "(" && closes(site, next) == Some(last) {
        return None;
    }
    let arguments = |from: usize, to: usize| &site.text[site.tokens[from].span.start..site.tokens[to].span.end];
    let keyword = site.tokens[index].span.end;
    let span = keyword..site.tokens[last].span.end;
    let depth = site.tokens[index].depth;
    if site.str(next) == ">>" {
        let comma = (next..=last).find(|at| site.str(at.to_owned()) == "," && site.tokens[*at].depth == depth);
        let new = match comma {
            Some(comma) if comma > next + 1 && comma < last => {
                format!("({}, file={})", arguments(comma + 1, last), arguments(next + 1, comma - 1))
            }
            _ => format!("(file={})", arguments(next + 1, last)),
        };
        return Some(Candidate::replace(Class::PrintStatement, 0.4, span, new).certain());
    }
    let new = match site.str(last) {
        "," if last > next => format!("({}, end=' ')", arguments(next, last - 1)),
        _ => format!("({})", arguments(next, last)),
    };
    let candidate = Candidate::replace(Class::PrintStatement, 0.4, span, new);
    let sound = (next..=last).all(|at| !matches!(site.kind(at), Some(Kind::OpenText | Kind::Unknown)));
    Some(if sound { candidate.certain() } else { candidate })
}

/// The token that closes the bracket at `open`.
fn closes(site: &Site<'_>, open: usize) -> Option<usize> {
    let depth = site.tokens[open].depth;
    (open + 1..site.tokens.len()).find(|at| site.kind(*at) == Some(Kind::Closer) && site.tokens[*at].depth == depth + 1)
}

fn call(site: &Site<'_>, index: usize, line: usize, class: Class) -> Option<Candidate> {
    let last = statement_end(site, index, line);
    let next = index + 1;
    if !begins_statement(site, index) || last < next || matches!(site.str(next), "(" | "=" | "." | ":" | ")" | ",") {
        return None;
    }
    let within = (next..=last).find(|at| site.str(*at) == "in" && site.tokens[*at].depth == site.tokens[index].depth);
    let text = |from: usize, to: usize| &site.text[site.tokens[from].span.start..site.tokens[to].span.end];
    let new = match within {
        Some(word) if word > next && word < last => format!("({}, {})", text(next, word - 1), text(word + 1, last)),
        _ => format!("({})", text(next, last)),
    };
    Some(Candidate::replace(class, 0.5, site.tokens[index].span.end..site.tokens[last].span.end, new))
}

/// `except E, e:`
fn except(site: &Site<'_>, index: usize) -> Option<Candidate> {
    let line = site.line_of(site.tokens[index].span.start);
    let depth = site.tokens[index].depth;
    let comma = site.lines[line]
        .tokens
        .clone()
        .find(|at| *at > index && site.str(*at) == "," && site.tokens[*at].depth == depth)?;
    let fits = site.kind(comma + 1) == Some(Kind::Name) && site.str(comma + 2) == ":";
    let span = site.tokens[comma].span.start..site.tokens[comma + 1].span.start;
    fits.then(|| Candidate::replace(Class::Python2, 0.4, span, " as ").certain())
}

/// `raise E, "text"`
fn raise(site: &Site<'_>, index: usize, line: usize) -> Option<Candidate> {
    let last = statement_end(site, index, line);
    let depth = site.tokens[index].depth;
    let comma = (index + 2..last).find(|at| site.str(*at) == "," && site.tokens[*at].depth == depth)?;
    let more = (comma + 1..last).any(|at| site.str(at) == "," && site.tokens[at].depth == depth);
    let text = &site.text[site.tokens[comma + 1].span.start..site.tokens[last].span.end];
    let span = site.tokens[comma - 1].span.end..site.tokens[last].span.end;
    (!more).then(|| Candidate::replace(Class::Python2, 0.4, span, format!("({text})")).certain())
}

fn backticks(site: &Site<'_>, index: usize, line: usize) -> Option<Candidate> {
    let end = site.lines[line].tokens.clone().find(|at| *at > index && site.str(*at) == "`")?;
    let (open, close) = (site.tokens[index].span.clone(), site.tokens[end].span.clone());
    Some(Candidate::new(Class::Python2, 0.6, vec![(open, "repr(".into()), (close, ")".into())]))
}

/// `0777`, `10L`, `ur"…"`.
fn literal(site: &Site<'_>, index: usize) -> Option<Candidate> {
    let text = site.str(index);
    let span = site.tokens[index].span.clone();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match site.kind(index)? {
        Kind::Number if text.len() > 1 && text.starts_with('0') && digits(text) => {
            let octal = text.bytes().all(|byte| byte < b'8');
            let plain = text.trim_start_matches('0');
            let new = if octal { format!("0o{plain}") } else { plain.to_owned() };
            Some(Candidate::replace(Class::Python2, if octal { 0.9 } else { 0.7 }, span, new))
        }
        Kind::Number => {
            let short = text.strip_suffix(['l', 'L']).filter(|short| digits(short) || short.starts_with("0x"))?;
            Some(Candidate::replace(Class::Python2, 0.4, span, short).certain())
        }
        Kind::Text if text.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("ur")) => {
            Some(Candidate::replace(Class::Python2, 0.4, span.start..span.start + 1, ""))
        }
        _ => None,
    }
}
