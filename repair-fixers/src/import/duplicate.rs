//! The same import twice.

use super::edit::{is_silenced, removal};
use super::message::redefined;
use crate::manual::fixer;
use crate::python::Module;
use crate::python::imports::{Import, Place, imports};
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};
use std::collections::BTreeSet;

fixer! {
    /// Removes the second of two imports of the same thing.
    ///
    /// # What it repairs
    ///
    /// `redefinition of unused … from line …` of ruff, flake8 and pyflakes (F811) and `reimported` of pylint
    /// (W0404), where both are import statements and bind the same name to the same thing.
    ///
    /// # Why it is safe
    ///
    /// Both stand at the top level, or in the same block, so the second does nothing.
    /// Two different things under one name are left to a person.
    ///
    /// # Before
    ///
    /// ```python
    /// import json
    /// import os
    /// import json
    ///
    /// print(json.dumps(os.name))
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// import json
    /// import os
    ///
    /// print(json.dumps(os.name))
    /// ```
    pub(crate) struct DuplicateImport {
        id: "import/duplicate-import",
        summary: "remove an import that repeats another",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for DuplicateImport {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let name =
            redefined(&ctx.analysis.failure).or_skip("the failure is not about a name that is imported twice")?;
        let (path, text, line) = ctx.suspect()?;
        let module = Module::at(ctx.snapshot, path).or_skip("the file is not text")?;
        let all = imports(&module);
        let (second, index) = second(&all, &name, text, line).or_skip("no import on that line binds the name")?;
        if is_silenced(text, second.span) {
            return Err(Skip::new("the line tells linters to be silent"));
        }
        first(&all, second, index).or_skip("no earlier import binds the same thing in the same place")?;
        let (span, new) = removal(&module, second, &BTreeSet::from([index]));
        fixes
            .add(Applicability::Safe, format!("Remove the second import of `{name}`"), |changes| {
                changes.replace(path, span, new);
            })?
            .confidence(Confidence::High)
            .because("an earlier import binds the same thing");
        Ok(())
    }
}

fn second<'i>(all: &'i [Import], name: &str, text: &str, line: Span) -> Option<(&'i Import, usize)> {
    let row = |offset| Span::line_of(text, offset);
    all.iter().find_map(|import| {
        let index = import.names.iter().rposition(|item| {
            let named = item.bound() == name || import.from.is_none() && item.name == name;
            named && (row(item.span.start()) == row(line.start()) || row(import.span.start()) == row(line.start()))
        })?;
        Some((import, index))
    })
}

/// The import before `second` that already binds its name at `index`.
fn first<'i>(all: &'i [Import], second: &Import, index: usize) -> Option<&'i Import> {
    let name = &second.names[index];
    let same_place = |import: &&Import| import.place == second.place && second.place == Place::Top;
    all.iter().filter(same_place).find(|import| {
        import.names.iter().any(|other| {
            other.span.start() < name.span.start()
                && other.alias == name.alias
                && other.name == name.name
                && import.from == second.from
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{check, check_skipped};
    use repair_core::{Category, Failure};

    fn failure(message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.code = Some("F811".to_owned());
        failure.message = Some(message.to_owned());
        failure
    }

    #[test]
    fn the_second_import_goes() {
        check(
            &DuplicateImport,
            "#- a.py\nfrom a import b, c\n$0from a import c, d\n",
            failure("Redefinition of unused `c` from line 1"),
            "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n from a import b, c\n-from a import c, d\n+from a import d\n",
        );
        check(
            &DuplicateImport,
            "#- a.py\nfrom a import $0b, b\n",
            failure("Reimport 'b' (imported line 1)"),
            "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-from a import b, b\n+from a import b\n",
        );
    }

    #[test]
    fn different_things_are_left_alone() {
        let skipped = |fixture, reason| {
            check_skipped(&DuplicateImport, fixture, failure("Redefinition of unused `c` from line 1"), reason)
        };
        skipped("#- a.py\nfrom a import c\n$0from b import c\n", "same thing");
        skipped("#- a.py\nfrom a import c\n$0def c(): pass\n", "no import on that line");
        skipped("#- a.py\ntry:\n    import c\nexcept ImportError:\n    $0import c\n", "same place");
        skipped("#- a.py\nimport c\n$0import c  # noqa\n", "silent");
    }
}
