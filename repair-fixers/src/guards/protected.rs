//! Asks for a person where a protected file changes.

use super::place;
use repair_core::{ChangeSet, Guard, Objection, Rule, Snapshot};

/// Watches files that decide what is run.
pub(super) struct Protected;

const RULES: &[Rule] = &[Rule {
    id: "protected-path",
    manual: "Files that decide what CI, hooks, agents, pytest or the interpreter run (`.github/**`, CI configuration, hooks, \
             agent instructions, `conftest.py`, `sitecustomize.py`, `*.pth` and their like) change only with a person's \
             consent, however honest the change looks.",
}];

impl Guard for Protected {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, _before: &Snapshot, _after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let protected = changes.paths().filter_map(|path| Some((path, place::protection(path)?)));
        protected
            .map(|(path, why)| {
                Objection::needs_person(&RULES[0], format!("the file is protected: {why}")).at(path, None)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::objections;

    #[test]
    fn a_protected_file_wants_a_person() {
        let found = objections(&Protected, "#- a.py\n", "#- a.py\n#- tests/conftest.py\nx = 1\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path.as_ref().unwrap().as_str(), "tests/conftest.py");
        assert_eq!(objections(&Protected, "#- a.py\n", "#- a.py\nx = 1\n"), []);
    }
}
