//! Candidates: keywords that are misspelled, borrowed from another language, or missing.

use super::lex::{KEYWORDS, Kind};
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Spells a keyword right.
    ///
    /// # What it repairs
    ///
    /// `retrun`, `esle`, `Class`, `else if`, and words of other languages such as `function` and `catch`.
    ///
    /// # What may change
    ///
    /// The word may have been meant as a name.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// def double(x):
    ///     retrun 2 * x
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def double(x):
    ///     return 2 * x
    /// ```
    pub(crate) struct MisspelledKeyword {
        id: "syntax/misspelled-keyword",
        summary: "spell a keyword right",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(MisspelledKeyword, MisspelledKeyword);

/// Words of other languages.
const BORROWED: [(&str, &str); 30] = [
    ("function", "def"),
    ("func", "def"),
    ("fn", "def"),
    ("define", "def"),
    ("sub", "def"),
    ("void", "def"),
    ("elseif", "elif"),
    ("elsif", "elif"),
    ("catch", "except"),
    ("foreach", "for"),
    ("require", "import"),
    ("using", "import"),
    ("include", "import"),
    ("object", "class"),
    ("struct", "class"),
    ("throw", "raise"),
    ("&&", "and"),
    ("||", "or"),
    ("!", "not "),
    ("until", "while"),
    ("loop", "while"),
    ("unless", "if not"),
    ("when", "case"),
    ("switch", "match"),
    ("null", "None"),
    ("true", "True"),
    ("false", "False"),
    ("nil", "None"),
    ("end", ""),
    ("endif", ""),
];

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    for line in [Some(site.line), site.previous_code(site.line)].into_iter().flatten() {
        let tokens = site.lines[line].tokens.clone();
        for index in tokens.clone() {
            misspelled(site, index, index == tokens.start, out);
        }
        if !tokens.is_empty() {
            missing(site, line, out);
        }
    }
    as_names(site, out);
}

fn misspelled(site: &Site<'_>, index: usize, first: bool, out: &mut Vec<Candidate>) {
    let (word, span) = (site.str(index), site.tokens[index].span.clone());
    let near = site.token.abs_diff(index);
    let far = 0.05 * near.min(10) as f32;
    if site.str(index) == "else" && site.str(index + 1) == "if" && first {
        let both = span.start..site.tokens[index + 1].span.end;
        out.push(Candidate::replace(Class::MisspelledKeyword, 0.4, both, "elif"));
    }
    if let Some((_, keyword)) = BORROWED.iter().find(|(other, _)| other.eq_ignore_ascii_case(word)) {
        out.push(Candidate::replace(
            Class::MisspelledKeyword,
            if first { 0.7 } else { 1.0 + far },
            span.clone(),
            *keyword,
        ));
    }
    double_operator(site, index, out);
    if !matches!(site.kind(index), Some(Kind::Name | Kind::Keyword)) || word.len() < 2 && !first {
        return;
    }
    let lower = word.to_ascii_lowercase();
    for keyword in KEYWORDS.iter().filter(|keyword| **keyword != word) {
        let cost = match edit_distance(&lower, &keyword.to_ascii_lowercase()) {
            0 if first || near <= 2 => 0.5,
            0 => 0.9,
            1 if site.kind(index) == Some(Kind::Keyword) && near > 3 => continue,
            1 if first && keyword.len() > 2 => 0.7,
            1 if near <= 2 => 1.0,
            1 => 1.2,
            2 if keyword.len() >= 6 => 1.1,
            _ => continue,
        };
        out.push(Candidate::replace(Class::MisspelledKeyword, cost + far, span.clone(), *keyword));
    }
    glued(site, index, first, out);
}

/// `fromx`, `elifx`, `returnx`: the space behind the keyword is missing.
fn glued(site: &Site<'_>, index: usize, first: bool, out: &mut Vec<Candidate>) {
    let word = site.str(index);
    for keyword in KEYWORDS.iter().filter(|keyword| word.len() > keyword.len() && word.starts_with(**keyword)) {
        let at = site.tokens[index].span.start + keyword.len();
        out.push(Candidate::insert(Class::MisspelledKeyword, if first { 0.95 } else { 1.25 }, at, " "));
    }
}

fn double_operator(site: &Site<'_>, index: usize, out: &mut Vec<Candidate>) {
    let pair = (site.str(index), site.str(index + 1));
    let Some(next) = site.tokens.get(index + 1) else { return };
    let span = site.tokens[index].span.start..next.span.end;
    if next.span.start != site.tokens[index].span.end {
        return;
    }
    let replacement = match pair {
        ("&", "&") => " and ",
        ("|", "|") => " or ",
        ("+", "+") => " += 1",
        ("-", "-") => " -= 1",
        ("=", ">") => ">=",
        ("=", "<") => "<=",
        ("=", "!") | ("!=", "=") => "!=",
        ("==", "=") => "==",
        (":", ":") => ":",
        ("=", "+") => "+=",
        ("=", "-") => "-=",
        (">", "=") => ">=",
        ("<", "=") => "<=",
        _ => return,
    };
    out.push(Candidate::replace(Class::WrongToken, 0.7, span, replacement));
}

/// A header whose keyword is missing: `name(x):`, `x in y:`, `x == y:`.
fn missing(site: &Site<'_>, line: usize, out: &mut Vec<Candidate>) {
    let tokens = site.lines[line].tokens.clone();
    let start = site.tokens[tokens.start].span.start;
    if site.last(line) != ":" || site.kind(tokens.start) == Some(Kind::Keyword) {
        return;
    }
    let (call, member) = (site.str(tokens.start + 1) == "(", tokens.clone().any(|index| site.str(index) == "in"));
    let words =
        [("def ", call, 0.7), ("for ", member, 0.7), ("class ", call, 1.0), ("if ", !call, 0.9), ("while ", true, 1.2)];
    for (word, fits, cost) in words {
        out.push(Candidate::insert(Class::MissingToken, if fits { cost } else { cost + 0.4 }, start, word));
    }
}

/// A keyword used as a name: `class=…`, `x.from`.
fn as_names(site: &Site<'_>, out: &mut Vec<Candidate>) {
    for index in site.token.saturating_sub(2)..(site.token + 2).min(site.tokens.len()) {
        if site.kind(index) != Some(Kind::Keyword) {
            continue;
        }
        let word = site.str(index);
        let edits: Vec<_> = (0..site.tokens.len())
            .filter(|other| {
                site.str(*other) == word
                    && (*other == index || site.str(other + 1) == "." || site.str(other + 1) == "=")
            })
            .map(|other| (site.tokens[other].span.clone(), format!("{word}_")))
            .collect();
        let named = matches!(site.str(index + 1), "=" | "." | ",") || index > 0 && site.str(index - 1) == ".";
        out.push(Candidate::new(Class::WrongToken, if named { 0.95 } else { 1.4 }, edits));
    }
}

/// Letters to insert, remove, replace or swap to make `b` of `a`; only 0, 1, 2 are told apart.
pub(super) fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_count_one() {
        for (a, b, n) in [
            ("retrun", "return", 1),
            ("esle", "else", 1),
            ("improt", "import", 1),
            ("deg", "def", 1),
            ("def", "def", 0),
            ("whlie", "while", 1),
            ("x", "import", 3),
        ] {
            assert_eq!(edit_distance(a, b), n, "{a} {b}");
        }
    }
}
