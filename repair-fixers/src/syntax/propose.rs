//! From the repairs of a file to fixes.

use super::conflict::has_conflict;
use super::search::{Repair, Repairs, problem};
use super::site::Class;
use crate::python::layout::is_python;
use repair_core::{Applicability, Confidence, FixContext, Fixes, OrSkip, RepoPath, Skip, Span};

/// Two costs that are closer than this are a toss-up.
const CLEAR: f32 = 0.2;
/// A repair of more classes of edits than this is a guess.
const MOST_EDITS: usize = 3;

/// Proposes those repairs of the suspected file whose first edit is of `class`.
pub(super) fn repairs_of(class: Class, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
    let (path, text) = suspect(ctx)?;
    if problem(text).is_none() {
        return Err(Skip::new("the file is sound to a parser of the newest Python"));
    }
    if has_conflict(text) {
        return Err(Skip::new("the file has the marks of a merge conflict"));
    }
    let repairs =
        ctx.snapshot.file(path).ok().and_then(|file| file.derived(Repairs::of)).or_skip("the file is not text")?;
    let mut own = repairs.0.iter().enumerate().filter(|(_, repair)| repair.classes.first() == Some(&class)).peekable();
    own.peek().or_skip("no edit of this kind makes the file parse")?;
    for (rank, repair) in own {
        let clear = repairs.0.get(1).is_none_or(|second| second.cost - repair.cost >= CLEAR);
        let confidence = match rank {
            0 if clear => Confidence::High,
            0 => Confidence::Medium,
            _ => Confidence::Low,
        };
        let line = first_difference(text, &repair.text);
        fixes
            .add(level(repair, rank), format!("{} in line {line}", order(class)), |changes| {
                changes.rewrite(path, repair.text.as_bytes());
            })?
            .confidence(confidence)
            .because(reason(repair));
    }
    Ok(())
}

/// The first suspected Python file.
pub(super) fn suspect<'a>(ctx: &FixContext<'a>) -> Result<(&'a RepoPath, &'a str), Skip> {
    ctx.analysis
        .suspects
        .iter()
        .filter(|suspect| is_python(&suspect.path))
        .find_map(|suspect| Some((&suspect.path, ctx.snapshot.text(&suspect.path).ok()?)))
        .or_skip("no Python file is suspected")
}

fn level(repair: &Repair, rank: usize) -> Applicability {
    if rank > 0 || repair.guesses() > MOST_EDITS {
        return Applicability::Speculative;
    }
    repair.classes.iter().map(|class| class_level(*class)).min().unwrap_or_default()
}

fn class_level(class: Class) -> Applicability {
    match class {
        Class::MissingColon | Class::PrintStatement | Class::MixedTabs => Applicability::Safe,
        Class::StrayToken | Class::WrongToken | Class::PastedText => Applicability::Speculative,
        _ => Applicability::Unsafe,
    }
}

impl Repair {
    /// How many of its edits could be something else.
    fn guesses(&self) -> usize {
        self.classes.iter().filter(|class| class_level(**class) != Applicability::Safe).count()
    }
}

fn reason(repair: &Repair) -> String {
    match repair.classes.len() {
        1 => "the file parses afterwards".to_owned(),
        edits => format!("the file parses after {edits} edits"),
    }
}

fn order(class: Class) -> &'static str {
    match class {
        Class::MissingColon => "Add the missing colon",
        Class::PrintStatement => "Make the print statement a call",
        Class::Python2 => "Translate the syntax of Python 2",
        Class::UnclosedBracket => "Close the bracket",
        Class::UnmatchedBracket => "Mend the bracket that does not match",
        Class::UnclosedString => "Mend the quotes",
        Class::Indentation => "Mend the indentation",
        Class::MixedTabs => "Indent with spaces",
        Class::EmptyBody => "Give the empty block a body",
        Class::MisspelledKeyword => "Spell the keyword right",
        Class::MissingToken => "Insert what is missing",
        Class::StrayToken => "Remove what does not belong there",
        Class::WrongToken => "Replace the wrong sign",
        Class::PastedText => "Remove what is not code",
    }
}

/// The first line that differs.
fn first_difference(old: &str, new: &str) -> u32 {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    Span::line_of(old, same)
}
