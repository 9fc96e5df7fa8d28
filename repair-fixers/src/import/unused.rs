//! An import that nothing uses.

use super::edit::{is_silenced, removal};
use super::message::{Reported, unused_import};
use crate::manual::fixer;
use crate::python::imports::{Import, ImportedName, Place, imports};
use crate::python::layout::{self, Layout};
use crate::python::{Module, names};
use repair_core::{
    Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip, Span,
};
use std::collections::BTreeSet;

fixer! {
    /// Removes an import that nothing uses.
    ///
    /// # What it repairs
    ///
    /// `imported but unused` of ruff, flake8 and pyflakes (F401), `unused-import` of pylint (W0611).
    /// Only the name goes, not its neighbors; a block that would be empty gets `pass`.
    ///
    /// # Why it is safe
    ///
    /// The linter has seen that the name is not used, and the fixer looks again.
    /// An import can still have effects, so nothing is removed from `__init__.py`, from `__all__`, from a `try`
    /// that asks whether a module is there, or from a line with `# noqa`.
    /// Modules that are known to be imported for their effects, fixtures and registries make the fix unsafe.
    ///
    /// # Before
    ///
    /// ```python
    /// import os
    /// from typing import List, Optional
    ///
    /// home: Optional[str] = os.environ.get("HOME")
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// import os
    /// from typing import Optional
    ///
    /// home: Optional[str] = os.environ.get("HOME")
    /// ```
    pub(crate) struct UnusedImport {
        id: "import/unused-import",
        summary: "remove an import that nothing uses",
        handles: [Quality, Import],
        applicability: Safe,
    }
}

impl FixGenerator for UnusedImport {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let reported = unused_import(&ctx.analysis.failure).or_skip("the failure is not about an unused import")?;
        let (path, text, line) = ctx.suspect()?;
        let module = Module::at(ctx.snapshot, path).or_skip("the file is not text")?;
        let all = imports(&module);
        let (import, index) = find(&all, &reported, text, line).or_skip("the import is not on that line")?;
        refuse(path, &module, import, index)?;
        let name = &import.names[index];
        let level = level(ctx, path, &module, import, name);
        let title = format!("Remove the unused import `{}`", import.qualified(name));
        let (span, new) = removal(&module, import, &BTreeSet::from([index]));
        fixes
            .add(level, title, |changes| {
                changes.replace(path, span, new);
            })?
            .confidence(Confidence::High)
            .because("nothing in the file uses it");
        Ok(())
    }
}

/// The statement and the name that the linter means: on its line, or else the only one that fits.
fn find<'i>(all: &'i [Import], reported: &Reported, text: &str, line: Span) -> Option<(&'i Import, usize)> {
    let fitting: Vec<(&Import, usize)> = all
        .iter()
        .flat_map(|import| (0..import.names.len()).map(move |index| (import, index)))
        .filter(|(import, index)| fits(import, &import.names[*index], reported))
        .collect();
    let row = |offset| Span::line_of(text, offset);
    let own = fitting.iter().find(|(import, index)| {
        let name = import.names[*index].span;
        row(name.start()) == row(line.start()) || row(import.span.start()) == row(line.start())
    });
    own.or(match fitting.as_slice() {
        [only] => Some(only),
        _ => None,
    })
    .copied()
}

fn fits(import: &Import, name: &ImportedName, reported: &Reported) -> bool {
    let plain = reported.name.trim_start_matches('.');
    let full = import.qualified(name);
    let full = full.trim_start_matches('.');
    let named = full == plain
        || name.name == plain
        || full.ends_with(&format!(".{plain}"))
        || plain.ends_with(&format!(".{full}"))
        || name.bound() == plain;
    named && reported.alias.as_ref().is_none_or(|alias| name.bound() == alias)
}

fn refuse(path: &RepoPath, module: &Module, import: &Import, index: usize) -> Result<(), Skip> {
    let bound = import.bound().nth(index).unwrap_or_default();
    if matches!(path.file_name(), "__init__.py" | "__init__.pyi") {
        return Err(Skip::new("what `__init__.py` imports may be meant for others"));
    }
    if is_silenced(module.text(), import.span) {
        return Err(Skip::new("the line tells linters to be silent"));
    }
    if import.place == Place::Try {
        return Err(Skip::new("the `try` around it may ask whether the module is there"));
    }
    if in_all(module, bound) {
        return Err(Skip::new("it is a member of `__all__`"));
    }
    Ok(())
}

fn in_all(module: &Module, name: &str) -> bool {
    let quoted = |node: tree_sitter::Node<'_>| {
        let text = module.text_of(node);
        text.trim_matches(['"', '\'']) == name
    };
    module
        .nodes_of_kind("string")
        .filter(|node| quoted(*node))
        .any(|node| std::iter::successors(Some(node), tree_sitter::Node::parent).any(|above| is_all(module, above)))
}

fn is_all(module: &Module, node: tree_sitter::Node<'_>) -> bool {
    matches!(node.kind(), "expression_statement") && module.text_of(node).starts_with("__all__")
}

/// Modules that programs import for what the import does.
const EFFECTS: [&str; 14] = [
    "readline",
    "rlcompleter",
    "site",
    "sitecustomize",
    "antigravity",
    "mpl_toolkits.mplot3d",
    "sklearn.experimental",
    "gevent.monkey",
    "eventlet",
    "pyximport",
    "tensorflow_text",
    "encodings",
    "seaborn",
    "lightgbm",
];

/// Names of modules of a project that register something when they are imported.
const REGISTRIES: [&str; 10] =
    ["signals", "models", "receivers", "handlers", "tasks", "routes", "views", "plugins", "fixtures", "commands"];

fn level(
    ctx: &FixContext<'_>,
    path: &RepoPath,
    module: &Module,
    import: &Import,
    name: &ImportedName,
) -> Applicability {
    let bound = name.bound();
    let full = import.qualified(name);
    let layout = ctx.snapshot.derived(Layout::of);
    let own = full.starts_with('.') || layout.is_first_party(&full);
    let effect = EFFECTS.iter().any(|module| full == *module || full.starts_with(&format!("{module}.")));
    let registry = own && full.split('.').any(|part| REGISTRIES.contains(&part));
    let fixture = layout::is_test(path) && names::is_bound(module, bound);
    let used = names::uses(module, bound.split('.').next().unwrap_or(bound)).next().is_some();
    if effect || registry || fixture || used { Applicability::Unsafe } else { Applicability::Safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{check, check_skipped};
    use repair_core::{Category, Failure};

    fn unused(message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.code = Some("F401".to_owned());
        failure.message = Some(format!("`{message}` imported but unused"));
        failure
    }

    #[test]
    fn a_name_is_removed_and_nothing_else() {
        let fix = check(
            &UnusedImport,
            "#- app.py\nimport os\nfrom typing import List, $0Optional\n\nx: List = os\n",
            unused("typing.Optional"),
            "--- a/app.py\n+++ b/app.py\n@@ -1,4 +1,4 @@\n import os\n-from typing import List, Optional\n\
             +from typing import List\n \n x: List = os\n",
        );
        assert_eq!(fix.applicability(), Applicability::Safe);
    }

    #[test]
    fn a_block_that_would_be_empty_gets_pass() {
        check(
            &UnusedImport,
            "#- app.py\ndef f():\n    $0import json\n",
            unused("json"),
            "--- a/app.py\n+++ b/app.py\n@@ -1,2 +1,2 @@\n def f():\n-    import json\n+    pass\n",
        );
    }

    #[test]
    fn the_alias_and_the_line_decide() {
        check(
            &UnusedImport,
            "#- app.py\nimport a as b\n$0import a as c\nb()\n",
            unused("a as c"),
            "--- a/app.py\n+++ b/app.py\n@@ -1,3 +1,2 @@\n import a as b\n-import a as c\n b()\n",
        );
    }

    #[test]
    fn what_may_be_wanted_is_kept() {
        let skipped = |fixture, name, reason| check_skipped(&UnusedImport, fixture, unused(name), reason);
        skipped("#- p/__init__.py\n$0from .a import b\n", ".a.b", "meant for others");
        skipped("#- a.py\n$0import x  # noqa: F401\n", "x", "silent");
        skipped("#- a.py\ntry:\n    $0import x\nexcept ImportError:\n    x = None\n", "x", "`try`");
        skipped("#- a.py\n$0import x\n__all__ = ['x']\n", "x", "__all__");
        skipped("#- a.py\n$0import y\n", "x", "not on that line");
    }

    #[test]
    fn fixtures_effects_and_registries_are_unsafe() {
        let level = |fixture: &str, name| {
            let fixture = repair_core::testing::Fixture::new(fixture);
            let failure = fixture.place(unused(name));
            let fixes = repair_core::testing::propose(&UnusedImport, &fixture.snapshot, &failure, &Default::default());
            fixes.unwrap()[0].applicability()
        };
        assert_eq!(
            level("#- tests/test_a.py\n$0from h import db\n\ndef test_a(db): pass\n", "h.db"),
            Applicability::Unsafe
        );
        assert_eq!(level("#- a.py\n$0import readline\n", "readline"), Applicability::Unsafe);
        assert_eq!(level("#- p/signals.py\n#- p/a.py\n$0from p import signals\n", "p.signals"), Applicability::Unsafe);
        assert_eq!(level("#- a.py\n$0import json\n", "json"), Applicability::Safe);
    }
}
