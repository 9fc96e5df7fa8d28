//! Refuses changes after which a file no longer parses.

use super::place;
use crate::python::syntax_problem;
use repair_core::{ChangeSet, Guard, Objection, Rule, Snapshot, Span};

/// Keeps source that parses parsing.
pub(super) struct Parses;

const RULES: &[Rule] = &[Rule {
    id: "still-parses",
    manual: "A Python file that parsed must parse after the change, and a new one must parse. A file that did not parse \
             before may still not parse: a repair may need several rounds.",
}];

impl Guard for Parses {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let python = changes.paths().filter(|path| place::is_python(path));
        let broken = python.filter_map(|path| {
            let text = after.text(path).ok()?;
            let problem = syntax_problem(text)?;
            let parsed = before.text(path).map_or(true, |old| syntax_problem(old).is_none());
            let line = Span::line_of(text, problem.offset);
            parsed.then(|| {
                Objection::refuse(&RULES[0], format!("it no longer parses: {}", problem.message)).at(path, line)
            })
        });
        broken.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::objections;

    #[test]
    fn only_what_parsed_must_parse() {
        let count = |before: &str, after: &str| objections(&Parses, before, after).len();
        assert_eq!(count("#- a.py\nx = 1\n", "#- a.py\nx = (1\n"), 1);
        assert_eq!(count("#- a.py\nx = (1\n", "#- a.py\nx = (2\n"), 0);
        assert_eq!(count("#- b.txt\n\n", "#- b.txt\n\n#- a.py\nprint 'x'\n"), 1);
        assert_eq!(count("#- a.py\nx = (1\n", "#- a.py\nx = 1\n"), 0);
    }
}
