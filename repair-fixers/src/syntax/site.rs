//! A text that is not Python, seen from the place of its first problem.

use super::lex::{Kind, Token, tokens};
use crate::python::SyntaxProblem;
use std::ops::Range;

/// Which class of repair an edit belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    MissingColon,
    PrintStatement,
    Python2,
    UnclosedBracket,
    UnmatchedBracket,
    UnclosedString,
    Indentation,
    MixedTabs,
    EmptyBody,
    MisspelledKeyword,
    MissingToken,
    StrayToken,
    WrongToken,
    PastedText,
}

/// An edit that may mend the first problem.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// What is replaced, in order and disjoint.
    pub(super) edits: Vec<(Range<usize>, String)>,
    pub(super) class: Class,
    /// How implausible it is; 1 is an everyday slip.
    pub(super) cost: f32,
    /// If it helps, nothing else needs to be tried.
    pub(super) certain: bool,
}

impl Candidate {
    pub(super) fn new(class: Class, cost: f32, edits: Vec<(Range<usize>, String)>) -> Self {
        Self { edits, class, cost, certain: false }
    }

    pub(super) fn insert(class: Class, cost: f32, at: usize, text: impl Into<String>) -> Self {
        Self::new(class, cost, vec![(at..at, text.into())])
    }

    pub(super) fn replace(class: Class, cost: f32, span: Range<usize>, text: impl Into<String>) -> Self {
        Self::new(class, cost, vec![(span, text.into())])
    }

    pub(super) fn certain(self) -> Self {
        Self { certain: true, ..self }
    }

    /// `text` with the edits made; `None` if they do not fit.
    pub(super) fn apply(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len() + 16);
        let mut done = 0;
        for (span, new) in &self.edits {
            out.push_str(text.get(done..span.start)?);
            out.push_str(new);
            done = span.end;
        }
        out.push_str(text.get(done..)?);
        (out != text).then_some(out)
    }
}

/// A physical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its bytes without the line end.
    pub(super) span: Range<usize>,
    /// Its tokens without the comment.
    pub(super) tokens: Range<usize>,
    /// Whether it begins inside of brackets or of a string.
    pub(super) continues: bool,
}

/// The text, its tokens and lines, and the first problem.
pub(super) struct Site<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) lines: Vec<Line>,
    pub(super) message: &'a str,
    /// The first token that ends behind the offset.
    pub(super) token: usize,
    /// The line of the offset.
    pub(super) line: usize,
}

impl<'a> Site<'a> {
    pub(super) fn new(text: &'a str, problem: &'a SyntaxProblem) -> Self {
        let tokens: Vec<Token> = tokens(text).into_iter().filter(|token| token.kind != Kind::Comment).collect();
        let lines = lines(text, &tokens);
        let offset = problem.offset.min(text.len());
        let token = tokens.partition_point(|token| token.span.end <= offset);
        let line = lines.iter().rposition(|line| line.span.start <= offset).unwrap_or(0);
        Self { text, tokens, lines, message: &problem.message, token, line }
    }

    pub(super) fn str(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.text[token.span.clone()])
    }

    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// Whether the token can end an operand: a name, a number, a string, a closing bracket.
    pub(super) fn ends_operand(&self, index: usize) -> bool {
        matches!(self.kind(index), Some(Kind::Name | Kind::Number | Kind::Text | Kind::Closer))
            || matches!(self.str(index), "True" | "False" | "None" | "...")
    }

    /// Whether the token can begin an operand.
    pub(super) fn begins_operand(&self, index: usize) -> bool {
        matches!(self.kind(index), Some(Kind::Name | Kind::Number | Kind::Text | Kind::Opener))
            || matches!(self.str(index), "True" | "False" | "None" | "lambda" | "not" | "...")
    }

    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.span.start <= offset).saturating_sub(1)
    }

    /// The white space at the start of a line.
    pub(super) fn indent(&self, line: usize) -> &'a str {
        let text = &self.text[self.lines[line].span.clone()];
        &text[..text.len() - text.trim_start_matches([' ', '\t', '\x0c']).len()]
    }

    /// Where the code of the line ends: before white space and comment.
    pub(super) fn code_end(&self, line: usize) -> usize {
        let line = &self.lines[line];
        line.tokens.clone().next_back().map_or(line.span.start, |last| self.tokens[last].span.end)
    }

    /// Where the line ends, with its comment.
    pub(super) fn code_end_with_comment(&self, line: usize) -> usize {
        let span = self.lines[line].span.clone();
        span.start + self.text[span].trim_end().len()
    }

    pub(super) fn has_code(&self, line: usize) -> bool {
        !self.lines[line].tokens.is_empty()
    }

    /// The closest line with code before `line`.
    pub(super) fn previous_code(&self, line: usize) -> Option<usize> {
        (0..line).rev().find(|line| self.has_code(*line))
    }

    /// The first word of the line's code.
    pub(super) fn first(&self, line: usize) -> &'a str {
        self.lines.get(line).map_or("", |line| if line.tokens.is_empty() { "" } else { self.str(line.tokens.start) })
    }

    /// The last token of the line's code.
    pub(super) fn last(&self, line: usize) -> &'a str {
        self.lines[line].tokens.clone().next_back().map_or("", |last| self.str(last))
    }

    /// The line end that the text uses.
    pub(super) fn eol(&self) -> &'static str {
        crate::python::insert::line_end(self.text)
    }

    /// One step of indentation in this text.
    pub(super) fn unit(&self) -> &'static str {
        let indents = (0..self.lines.len()).filter(|line| self.has_code(*line) && !self.lines[*line].continues);
        let widths: Vec<&str> = indents.map(|line| self.indent(line)).filter(|indent| !indent.is_empty()).collect();
        if widths.iter().any(|indent| indent.starts_with('\t')) {
            return "\t";
        }
        match widths.iter().map(|indent| indent.len()).min() {
            Some(2) => "  ",
            Some(3) => "   ",
            _ => "    ",
        }
    }
}

fn lines(text: &str, tokens: &[Token]) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut start, mut first) = (0, 0);
    for part in text.split_inclusive('\n') {
        let end = start + part.len();
        let next = first + tokens[first..].iter().take_while(|token| token.span.start < end).count();
        let inside = first > 0 && tokens[first - 1].span.end > start;
        let depth = tokens.get(first).map_or(0, |token| token.depth);
        let span = start..start + part.trim_end_matches(['\n', '\r']).len();
        lines.push(Line { span, tokens: first..next, continues: inside || depth > 0 });
        (start, first) = (end, next);
    }
    if text.is_empty() || text.ends_with('\n') {
        lines.push(Line { span: text.len()..text.len(), tokens: tokens.len()..tokens.len(), continues: false });
    }
    lines
}
