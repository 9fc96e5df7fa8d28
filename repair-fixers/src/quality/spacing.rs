//! Spaces between tokens.

use super::finding::Finding;
use super::realign::{Edit, realigned};
use super::tokens::{Token, Tokens};
use crate::manual::fixer;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};
use ruff_python_ast::token::TokenKind;

fixer! {
    /// Puts the spaces between tokens that PEP 8 asks for.
    ///
    /// # What it repairs
    ///
    /// pycodestyle's E201, E202, E203, E204, E211, E221 to E228, E231, E241, E242, E251, E252, E261, E262, E265, E266 and
    /// E271 to E275, from flake8, ruff or pycodestyle itself, at the place that the finding names.
    /// Lines that were aligned with a bracket which moves, move along.
    ///
    /// # Why it is safe
    ///
    /// Only spaces between tokens, and those behind the `#` of a comment, come and go.
    ///
    /// # Before
    ///
    /// ```python
    /// x = f( 1)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// x = f(1)
    /// ```
    pub(crate) struct Spacing {
        id: "quality/spacing",
        summary: "add or remove spaces between tokens",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for Spacing {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let rule = Rule::of(finding.code).or_skip("it is not about spaces between tokens")?;
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let edits = match rule {
            Rule::Gap(gap) => gap_edits(&finding, &tokens, &gap),
            Rule::Operator => operator_edits(&finding, &tokens),
            Rule::Comment => comment_edits(&finding, &tokens),
        };
        if edits.is_empty() {
            return Err(Skip::new("the spaces are as they should be"));
        }
        let edits = realigned(finding.text, &tokens, edits);
        let line = Span::line_of(finding.text, finding.line.start());
        let title = format!("Repair the spaces ({}) in line {line} of `{}`", finding.code, finding.path);
        let fix = fixes.add(Applicability::Safe, title, |changes| _ = changes.replace_all(finding.path, edits))?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

enum Rule {
    Gap(Gap),
    Operator,
    Comment,
}

/// What stands around a gap, and what the gap should be.
struct Gap {
    fits: fn(Token, Token) -> bool,
    wanted: &'static str,
}

impl Rule {
    fn of(code: &str) -> Option<Self> {
        let (fits, wanted): (fn(Token, Token) -> bool, &str) = match code {
            "E201" => (|before, _| before.is_open(), ""),
            "E202" => (|_, next| next.is_close(), ""),
            "E203" => (|_, next| is_mark(next), ""),
            "E204" => (|before, _| before.kind == TokenKind::At, ""),
            "E211" => (|_, next| matches!(next.kind, TokenKind::Lpar | TokenKind::Lsqb), ""),
            "E221" | "E223" => (|_, next| is_operator(next), " "),
            "E222" | "E224" => (|before, _| is_operator(before), " "),
            "E231" | "E241" | "E242" => (|before, _| is_mark(before), " "),
            "E251" => (|before, next| is_equal(before) || is_equal(next), ""),
            "E252" => (|before, next| is_equal(before) || is_equal(next), " "),
            "E261" => (|_, next| next.kind == TokenKind::Comment, "  "),
            "E271" | "E273" | "E275" => (|before, _| before.kind.is_keyword(), " "),
            "E272" | "E274" => (|_, next| next.kind.is_keyword(), " "),
            "E225" | "E226" | "E227" | "E228" => return Some(Self::Operator),
            "E262" | "E265" | "E266" => return Some(Self::Comment),
            _ => return None,
        };
        Some(Self::Gap(Gap { fits, wanted }))
    }
}

fn is_mark(token: Token) -> bool {
    matches!(token.kind, TokenKind::Comma | TokenKind::Semi | TokenKind::Colon)
}

fn is_equal(token: Token) -> bool {
    token.kind == TokenKind::Equal
}

/// Whether it is an operator with something on both sides, as far as one token tells.
fn is_operator(token: Token) -> bool {
    use TokenKind::{And, Colon, Comma, Dot, Ellipsis, In, Is, Or, Semi};
    matches!(token.kind, And | In | Is | Or)
        || token.kind.is_operator()
            && !token.is_open()
            && !token.is_close()
            && !matches!(token.kind, Comma | Colon | Semi | Dot | Ellipsis)
}

/// The gaps of the line that `fits`: the one at the finding's column, or all if it has none.
fn gap_edits(finding: &Finding<'_>, tokens: &Tokens, gap: &Gap) -> Vec<Edit> {
    let pairs = tokens.within(finding.line).windows(2).filter_map(|pair| match pair {
        [before, next] if !(before.in_string && next.in_string) && (gap.fits)(*before, *next) => Some((*before, *next)),
        _ => None,
    });
    let at_column = |(before, next): &(Token, Token)| {
        let start = if gap.wanted == " " { before.span.start() } else { before.span.end() };
        finding.at.is_none_or(|at| (start..=next.span.start()).contains(&at))
    };
    let wrong = pairs.filter(at_column).map(|(before, next)| Span::new(before.span.end(), next.span.start()));
    let wrong = wrong.filter(|span| &finding.text[span.range()] != gap.wanted);
    let limit = if finding.at.is_some() { 1 } else { usize::MAX };
    wrong.take(limit).map(|span| (span, gap.wanted.to_owned())).collect()
}

/// A space on either side of the operator that begins or ends at the finding's column.
fn operator_edits(finding: &Finding<'_>, tokens: &Tokens) -> Vec<Edit> {
    let Some(at) = finding.at else { return Vec::new() };
    let sides = |triple: &[Token]| match triple {
        [before, operator, next] if is_operator(*operator) && !before.in_string => {
            let touches = operator.span.start() == at || operator.span.end() == at;
            let left = Span::new(before.span.end(), operator.span.start());
            let right = Span::new(operator.span.end(), next.span.start());
            (touches && (left.is_empty() || right.is_empty())).then_some((left, right))
        }
        _ => None,
    };
    let found: Vec<(Span, Span)> = tokens.within(finding.line).windows(3).filter_map(sides).collect();
    // An operator with a space before it was left on its other side; its neighbor there may be a sign.
    let best = found.iter().find(|(left, right)| !left.is_empty() && right.start() == at).or(found.first());
    let empty = best.into_iter().flat_map(|(left, right)| [*left, *right]).filter(|side| side.is_empty());
    empty.map(|side| (side, " ".to_owned())).collect()
}

/// `# ` before the text of the line's comment.
fn comment_edits(finding: &Finding<'_>, tokens: &Tokens) -> Vec<Edit> {
    let comment = tokens.within(finding.line).iter().find(|token| token.kind == TokenKind::Comment);
    let Some(span) = comment.map(|token| token.span) else { return Vec::new() };
    let text = &finding.text[span.range()];
    let mark = if text.starts_with("#:") { "#:" } else { "#" };
    let body = text[mark.len()..].trim_start_matches('#').trim_start();
    // A space would make a type comment of it.
    if body.is_empty() || body.starts_with("type:") {
        return Vec::new();
    }
    let wanted = format!("{mark} ");
    let old = Span::new(span.start(), span.end() - body.len());
    if finding.text[old.range()] == wanted { Vec::new() } else { vec![(old, wanted)] }
}

#[cfg(test)]
mod tests {
    use super::super::finding::flake8;
    use super::*;
    use repair_core::testing::{check_skipped, check_text};

    #[track_caller]
    fn check(code: &str, column: u32, before: &str, after: &str) {
        check_text(&Spacing, &format!("#- a.py\n$0{before}\n"), flake8(code, Some(column)), &format!("{after}\n"));
    }

    #[test]
    fn gaps_become_what_they_should_be() {
        check("E201", 3, "f( a, ( b))", "f(a, ( b))");
        check("E202", 4, "f(a )", "f(a)");
        check("E203", 4, "f(a , b)", "f(a, b)");
        check("E211", 2, "f (a)", "f(a)");
        check("E221", 2, "a   = 1", "a = 1");
        check("E222", 4, "a =  1", "a = 1");
        check("E231", 4, "f(a,b)", "f(a, b)");
        check("E231", 3, "{a:b}", "{a: b}");
        check("E241", 5, "f(a,  b)", "f(a, b)");
        check("E251", 4, "f(a = 1)", "f(a= 1)");
        check("E251", 5, "f(a= 1)", "f(a=1)");
        check("E252", 13, "def f(a: int= 1): pass", "def f(a: int = 1): pass");
        check("E261", 6, "a = 1 # b", "a = 1  # b");
        check("E271", 7, "import  a", "import a");
        check("E272", 2, "a  in b", "a in b");
        check("E275", 4, "not(a)", "not (a)");
    }

    #[test]
    fn operators_get_spaces_on_both_sides() {
        check("E225", 2, "a=1", "a = 1");
        check("E225", 4, "a =-1", "a = -1");
        check("E225", 3, "a= 1", "a = 1");
        check("E226", 6, "a = b*c", "a = b * c");
        check("E225", 6, "a = 1and b", "a = 1 and b");
    }

    #[test]
    fn comments_begin_with_one_mark_and_a_space() {
        check("E262", 8, "a = 1  #b", "a = 1  # b");
        check("E265", 1, "#b", "# b");
        check("E265", 1, "#:b", "#: b");
        check("E266", 1, "### b", "# b");
        check_skipped(&Spacing, "#- a.py\n$0#type: int\n", flake8("E265", Some(1)), "as they should be");
    }

    #[test]
    fn aligned_lines_move_along() {
        check("E225", 2, "a=f(b,\n    c)", "a = f(b,\n      c)");
    }

    #[test]
    fn strings_and_other_findings_are_left_alone() {
        check_skipped(&Spacing, "#- a.py\n$0'f( a)'\n", flake8("E201", Some(4)), "as they should be");
        check_skipped(&Spacing, "#- a.py\n$0a = 1\n", flake8("E302", Some(1)), "not about spaces");
    }
}
