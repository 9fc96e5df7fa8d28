//! Candidates: what copying and pasting leaves behind: prompts, markup, typographic quotes, prose.

use super::lex::Kind;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

fixer! {
    /// Removes prompts, markup, typographic quotes and prose from pasted code.
    ///
    /// # What it repairs
    ///
    /// `>>> ` at the start of lines, `<br>` at their end, curly quotes, a sentence between statements; prose and output
    /// become comments.
    ///
    /// # What may change
    ///
    /// What looks like prose may be code with a slip.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// >>> x = 1
    /// >>> print(x)
    /// 1
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// x = 1
    /// print(x)
    /// # 1
    /// ```
    pub(crate) struct PastedText {
        id: "syntax/pasted-text",
        summary: "remove prompts, markup and prose from pasted code",
        handles: [Syntax],
        applicability: Speculative,
    }
}

repairs!(PastedText, PastedText);

type Edits = Vec<(Range<usize>, String)>;

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    prompts(site, out);
    markup(site, out);
    characters(site, out);
    line_marks(site, out);
    for line in [Some(site.line), site.previous_code(site.line)].into_iter().flatten() {
        whole_line(site, line, out);
    }
}

/// `>>> `, `... `, `In [1]: ` at the start of lines; lines without one are output.
fn prompts(site: &Site<'_>, out: &mut Vec<Candidate>) {
    static PROMPT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[ \t]*(?:>>>(?: |$)|\.\.\.(?: |$)|In ?\[\d+\]: ?)").ok());
    let Some(prompt) = PROMPT.as_ref() else { return };
    let mut strip: Edits = Vec::new();
    let mut output: Edits = Vec::new();
    let mut real = false;
    for line in &site.lines {
        let text = &site.text[line.span.clone()];
        if let Some(found) = prompt.find(text) {
            real |= !found.as_str().trim_start().starts_with("...");
            strip.push((line.span.start..line.span.start + found.end(), String::new()));
        } else if !text.trim().is_empty() && !line.tokens.is_empty() && !line.continues {
            output.push((line.span.start..line.span.start, "# ".to_owned()));
        }
    }
    if !real {
        return;
    }
    out.push(Candidate::new(Class::PastedText, 0.4, strip.clone()));
    let mut both: Edits = strip.into_iter().chain(output).collect();
    both.sort_by_key(|(span, _)| span.start);
    out.push(Candidate::new(Class::PastedText, 0.35, both));
}

/// Tags and entities of HTML, fences of Markdown.
fn markup(site: &Site<'_>, out: &mut Vec<Candidate>) {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?m)</?(?:br|pre|code|p|b|i|strong|em|div|span)\s*/?>|^[ \t]*```\w*[ \t]*$|\*\*(?P<bold>\w+)\*\*|&(?P<entity>lt|gt|amp|quot);").ok()
    });
    let Some(tag) = TAG.as_ref() else { return };
    let inside = |at: usize| {
        site.tokens.iter().any(|token| {
            token.kind == Kind::Text && token.span.contains(&at) && !site.text[token.span.clone()].contains("<br>\n")
        })
    };
    let edits = |inner: bool| -> Edits {
        tag.captures_iter(site.text)
            .filter_map(|found| Some((found.get(0)?, found)))
            .filter(|(whole, found)| (inner || !inside(whole.start())) && found.name("bold").is_none())
            .map(|(whole, found)| (whole.range(), entity(found.name("entity").map(|name| name.as_str())).to_owned()))
            .collect()
    };
    out.push(Candidate::new(Class::PastedText, 0.5, edits(false)));
    let bold: Edits = tag
        .captures_iter(site.text)
        .filter_map(|found| Some((found.get(0)?.range(), found.name("bold")?.as_str().to_owned())))
        .collect();
    out.push(Candidate::new(Class::PastedText, 0.8, bold));
}

fn entity(name: Option<&str>) -> &'static str {
    match name {
        Some("lt") => "<",
        Some("gt") => ">",
        Some("amp") => "&",
        Some("quot") => "\"",
        _ => "",
    }
}

/// Typographic quotes and dashes, invisible characters.
fn characters(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let plain = |c: char| match c {
        '“' | '”' | '„' | '″' | '«' | '»' => Some("\""),
        '‘' | '’' | '‚' | '′' | '´' => Some("'"),
        '–' | '—' | '−' => Some("-"),
        '×' => Some("*"),
        '÷' => Some("/"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        '≠' => Some("!="),
        '（' => Some("("),
        '）' => Some(")"),
        '，' => Some(","),
        '：' => Some(":"),
        '…' => Some("..."),
        '\u{a0}' | '\u{2003}' | '\u{2002}' | '\u{3000}' => Some(" "),
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{ad}' => Some(""),
        _ => None,
    };
    let edits = |everywhere: bool| -> Edits {
        let quoted = |at: usize| site.tokens.iter().any(|token| token.kind == Kind::Text && token.span.contains(&at));
        site.text
            .char_indices()
            .filter(|(at, _)| everywhere || !quoted(*at))
            .filter_map(|(at, c)| plain(c).map(|new| (at..at + c.len_utf8(), new.to_owned())))
            .collect()
    };
    out.push(Candidate::new(Class::PastedText, 0.4, edits(false)));
    out.push(Candidate::new(Class::PastedText, 0.6, edits(true)));
}

/// `> `, `1. `, `+ ` at the start of every line.
fn line_marks(site: &Site<'_>, out: &mut Vec<Candidate>) {
    static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[ \t]*(?:[>|$+*-]+ ?|\d+[.:|)]? )").ok());
    let Some(mark) = MARK.as_ref() else { return };
    let mut edits: Edits = Vec::new();
    for line in site.lines.iter().filter(|line| !site.text[line.span.clone()].trim().is_empty()) {
        match mark.find(&site.text[line.span.clone()]) {
            Some(found) => edits.push((line.span.start..line.span.start + found.end(), String::new())),
            None => return,
        }
    }
    out.push(Candidate::new(Class::PastedText, 0.7, edits));
}

/// Words of prose on a line of their own become a comment; `...` around them goes too.
fn whole_line(site: &Site<'_>, line: usize, out: &mut Vec<Candidate>) {
    let tokens = site.lines[line].tokens.clone();
    if tokens.is_empty() || site.lines[line].continues && site.tokens[tokens.start].depth > 0 {
        return;
    }
    let words = tokens.clone().filter(|index| matches!(site.kind(*index), Some(Kind::Name | Kind::Keyword))).count();
    let operators = tokens.clone().filter(|index| matches!(site.str(*index), "=" | "(" | "[" | ":")).count();
    let unknown = tokens.clone().any(|index| site.kind(index) == Some(Kind::Unknown));
    let prose = (words >= 2 || unknown) && operators == 0 || tokens.len() == 1;
    let start = site.tokens[tokens.start].span.start;
    let cost = if prose { 0.9 } else { 1.5 + 0.03 * tokens.len().min(20) as f32 };
    out.push(Candidate::insert(Class::PastedText, cost, start, "# "));
}
