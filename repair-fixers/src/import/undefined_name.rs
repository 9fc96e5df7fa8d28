//! A name that is used but not imported.

use super::message::undefined_name;
use super::origin::{Candidate, candidates, closes_a_circle, in_the_style_of};
use crate::manual::fixer;
use crate::python::imports::{Place, imports};
use crate::python::insert::{Wanted, insertion};
use crate::python::layout::Layout;
use crate::python::width::Width;
use crate::python::{Module, names, stdlib};
use repair_core::{
    Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip, Snapshot,
};

fixer! {
    /// Imports a name that is used but not defined.
    ///
    /// # What it repairs
    ///
    /// `NameError: name … is not defined`, `undefined name` of ruff, flake8 and pyflakes (F821),
    /// `undefined-variable` of pylint (E0602), `name-defined` of mypy.
    /// The name is imported in the form in which other files of the repository import it; else from the one module
    /// of the repository that defines it; else from the standard library.
    /// The import goes into its group, in the order that the file keeps, or into an import from the same module.
    ///
    /// # Why it is safe
    ///
    /// The name had no meaning before.
    /// Where several origins are possible, where the import would close a circle, or where the name is an everyday
    /// word, the fix is unsafe.
    /// A name that the file binds somewhere itself is left to a person.
    ///
    /// # Before
    ///
    /// ```python
    /// import os
    ///
    /// print(json.dumps(dict(os.environ)))
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// import json
    /// import os
    ///
    /// print(json.dumps(dict(os.environ)))
    /// ```
    pub(crate) struct UndefinedName {
        id: "import/undefined-name",
        summary: "import a name that is used but not defined",
        handles: [Import, Test, IntegrationTest, Quality, TypeCheck, Documentation],
        applicability: Safe,
    }
}

/// More guesses than this help nobody.
const MOST_CANDIDATES: usize = 4;

impl FixGenerator for UndefinedName {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let name = undefined_name(&ctx.analysis.failure).or_skip("the failure is not about an undefined name")?;
        let path = ctx.suspect()?.0;
        let module = Module::at(ctx.snapshot, path).or_skip("the file is not text")?;
        refuse(&module, &name)?;
        let mut found = candidates(ctx.snapshot, path, &module, &name);
        if found.is_empty() {
            return Err(Skip::new(format!("nobody offers `{name}`")));
        }
        let several = found.len() > 1;
        found.truncate(MOST_CANDIDATES);
        for (place, candidate) in found.into_iter().enumerate() {
            let circle = closes_a_circle(ctx.snapshot, path, &candidate.wanted);
            let doubtful = several || circle || candidate.doubtful;
            let level = if doubtful { Applicability::Unsafe } else { Applicability::Safe };
            let confidence = match place {
                0 if !several => Confidence::High,
                0 => Confidence::Medium,
                _ => Confidence::Low,
            };
            propose(ctx.snapshot, path, &module, candidate, (level, confidence), fixes)?;
        }
        Ok(())
    }
}

fn propose(
    snapshot: &Snapshot,
    path: &RepoPath,
    module: &Module,
    candidate: Candidate,
    (level, confidence): (Applicability, Confidence),
    fixes: &mut Fixes<'_>,
) -> Result<(), Skip> {
    let wanted = in_the_style_of(snapshot, path, module, candidate.wanted);
    let layout = snapshot.derived(Layout::of);
    let width = snapshot.derived(Width::of);
    let edits = insertion(module, &wanted, &layout, width.0);
    fixes
        .add(level, title(&wanted), |changes| {
            for (span, text) in edits {
                changes.replace(path, span, text);
            }
        })?
        .confidence(confidence)
        .because(candidate.reason);
    Ok(())
}

fn title(wanted: &Wanted) -> String {
    let bound = wanted.alias.as_deref().unwrap_or(&wanted.name);
    match &wanted.from {
        Some(from) => format!("Import `{bound}` from `{from}`"),
        None if wanted.alias.is_some() => format!("Import `{}` as `{bound}`", wanted.name),
        None => format!("Import `{bound}`"),
    }
}

fn refuse(module: &Module, name: &str) -> Result<(), Skip> {
    if stdlib::is_builtin(name) {
        return Err(Skip::new(format!("`{name}` is built into some Python")));
    }
    if names::is_bound(module, name) {
        return Err(Skip::new(format!("the file binds `{name}` itself, elsewhere")));
    }
    let at_top = |import: &crate::python::imports::Import| import.place == Place::Top && import.binding(name).is_some();
    if imports(module).iter().any(at_top) {
        return Err(Skip::new(format!("the file imports `{name}`")));
    }
    match names::uses(module, name).next() {
        Some(_) => Ok(()),
        None if module.text().contains(name) => Ok(()),
        None => Err(Skip::new(format!("the file does not use `{name}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{Fixture, check, check_skipped, propose};
    use repair_core::{Category, Facts, Failure};

    fn undefined(name: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.code = Some("F821".to_owned());
        failure.message = Some(format!("Undefined name `{name}`"));
        failure
    }

    fn titles(fixture: &str, name: &str) -> Vec<(String, Applicability)> {
        let fixture = Fixture::new(fixture);
        let failure = fixture.place(undefined(name));
        let fixes = propose(&UndefinedName, &fixture.snapshot, &failure, &Facts::default()).unwrap_or_default();
        fixes.iter().map(|fix| (fix.title().to_owned(), fix.applicability())).collect()
    }

    #[test]
    fn a_module_of_the_standard_library_is_imported() {
        let fix = check(
            &UndefinedName,
            "#- app.py\nimport os\n\nprint($0json.dumps(os.name))\n",
            undefined("json"),
            "--- a/app.py\n+++ b/app.py\n@@ -1,3 +1,4 @@\n+import json\n import os\n \n print(json.dumps(os.name))\n",
        );
        assert_eq!((fix.applicability(), fix.confidence()), (Applicability::Safe, Confidence::High));
    }

    #[test]
    fn a_name_error_of_a_test_is_one_too() {
        let mut failure = Failure::new(Category::Test, "pytest");
        failure.code = Some("NameError".to_owned());
        failure.message = Some("name 'Path' is not defined".to_owned());
        check(
            &UndefinedName,
            "#- tests/test_a.py\ndef test_a():\n    assert $0Path('a')\n",
            failure,
            "--- a/tests/test_a.py\n+++ b/tests/test_a.py\n@@ -1,2 +1,5 @@\n+from pathlib import Path\n+\n+\n \
             def test_a():\n     assert Path('a')\n",
        );
    }

    #[test]
    fn the_attributes_tell_module_from_class() {
        assert_eq!(titles("#- a.py\n$0datetime.now()\n", "datetime")[0].0, "Import `datetime` from `datetime`");
        assert_eq!(titles("#- a.py\n$0datetime.timedelta(1)\n", "datetime")[0].0, "Import `datetime`");
        assert_eq!(titles("#- a.py\n$0urllib.parse.quote(x)\n", "urllib")[0].0, "Import `urllib.parse`");
        assert_eq!(titles("#- a.py\n$0token = token\n", "token"), []);
        assert_eq!(titles("#- a.py\nf($0token.value)\n", "token"), []);
    }

    #[test]
    fn the_form_that_the_repository_uses_wins() {
        let fixture = "#- a.py\nfrom collections.abc import Iterable\n#- b.py\nx: $0Iterable\n";
        assert_eq!(
            titles(fixture, "Iterable"),
            [("Import `Iterable` from `collections.abc`".into(), Applicability::Safe)]
        );
        let alone = titles("#- b.py\nx: $0Iterable\n", "Iterable");
        assert_eq!(alone.len(), 2);
        assert!(alone.iter().all(|(_, level)| *level == Applicability::Unsafe));
        let fixture = "#- a.py\nimport numpy as np\n#- b.py\n$0np.zeros(1)\n";
        assert_eq!(titles(fixture, "np"), [("Import `numpy` as `np`".into(), Applicability::Safe)]);
        assert_eq!(titles("#- b.py\n$0np.zeros(1)\n", "np"), []);
    }

    #[test]
    fn a_definition_of_the_repository_is_imported() {
        check(
            &UndefinedName,
            "#- src/pkg/__init__.py\n#- src/pkg/a.py\nclass Thing: pass\n#- src/pkg/b.py\nimport os\n\n$0Thing(os)\n",
            undefined("Thing"),
            "--- a/src/pkg/b.py\n+++ b/src/pkg/b.py\n@@ -1,3 +1,5 @@\n import os\n \n+from pkg.a import Thing\n+\n Thing(os)\n",
        );
        let relative =
            "#- pkg/__init__.py\n#- pkg/a.py\nclass Thing: pass\n#- pkg/b.py\nfrom .c import d\nThing($0d)\n";
        assert_eq!(titles(relative, "Thing")[0].0, "Import `Thing` from `.a`");
        let twice = "#- a.py\nclass Thing: pass\n#- c.py\nThing = 1\n#- b.py\n$0Thing()\n";
        assert_eq!(titles(twice, "Thing").len(), 2);
    }

    #[test]
    fn a_circle_makes_it_unsafe() {
        let fixture = "#- a.py\nimport b\nclass Thing: pass\n#- b.py\n$0Thing()\n";
        assert_eq!(titles(fixture, "Thing"), [("Import `Thing` from `a`".into(), Applicability::Unsafe)]);
    }

    #[test]
    fn tests_are_not_imported_from_by_code() {
        assert_eq!(titles("#- tests/helpers.py\ndef make_it(): pass\n#- app.py\n$0make_it()\n", "make_it"), []);
        assert_eq!(
            titles("#- tests/helpers.py\ndef make_it(): pass\n#- tests/test_a.py\n$0make_it()\n", "make_it").len(),
            1
        );
    }

    #[test]
    fn what_is_bound_or_unknown_is_left_alone() {
        check_skipped(&UndefinedName, "#- a.py\ndef f():\n    json = 1\n$0json.dumps\n", undefined("json"), "binds");
        check_skipped(&UndefinedName, "#- a.py\n$0frobnicate()\n", undefined("frobnicate"), "nobody offers");
        check_skipped(&UndefinedName, "#- a.py\n$0unicode()\n", undefined("len"), "built into");
        check_skipped(&UndefinedName, "#- a.py\nimport json\n$0json.x\n", undefined("json"), "imports `json`");
        let mut other = undefined("x");
        other.code = Some("F401".to_owned());
        other.message = Some("`x` imported but unused".to_owned());
        check_skipped(&UndefinedName, "#- a.py\n$0x\n", other, "not about an undefined name");
    }
}
