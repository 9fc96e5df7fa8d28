//! A name that is imported from a module that does not have it any more.

use super::edit::removal;
use super::origin::defining_modules;
use crate::manual::fixer;
use crate::python::imports::{Import, imports};
use crate::python::insert::{after_line, line_end, line_start};
use crate::python::layout::absolute;
use crate::python::{Module, stdlib};
use regex::Regex;
use repair_core::{
    Applicability, Confidence, Failure, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip,
    Snapshot, Span,
};
use std::collections::BTreeSet;
use std::sync::LazyLock;

fixer! {
    /// Imports a name from the module that it has moved to.
    ///
    /// # What it repairs
    ///
    /// `ImportError: cannot import name … from …` where exactly one other module of the repository defines the name,
    /// or where the standard library has it in a module inside of the old one, such as `collections.abc`.
    ///
    /// # What may change
    ///
    /// The other module may define something else under that name.
    ///
    /// # Before
    ///
    /// ```python
    /// from collections import Mapping
    ///
    /// print(isinstance({}, Mapping))
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// from collections.abc import Mapping
    ///
    /// print(isinstance({}, Mapping))
    /// ```
    pub(crate) struct MovedName {
        id: "import/moved-name",
        summary: "import a name from the module that it has moved to",
        handles: [Import, Test],
        applicability: Unsafe,
    }
}

impl FixGenerator for MovedName {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let (name, from) =
            reported(&ctx.analysis.failure).or_skip("the failure is not about a name that is not there")?;
        let (path, text, line) = ctx.suspect()?;
        let module = Module::at(ctx.snapshot, path).or_skip("the file is not text")?;
        let row = Span::line_of(text, line.start());
        let covers = |import: &&Import| {
            let own = Span::line_of(text, import.span.start())..=Span::line_of(text, import.span.end());
            own.contains(&row) && import.from.as_deref().is_some_and(|own| absolute(own, path, ctx.snapshot) == from)
        };
        let all = imports(&module);
        let import = all.iter().find(covers).or_skip("no import from that module is on that line")?;
        let index =
            import.names.iter().position(|item| item.name == name).or_skip("the import does not have the name")?;
        let target = new_home(ctx.snapshot, path, &name, &from).or_skip("not exactly one other module has the name")?;
        fixes
            .add(Applicability::Unsafe, format!("Import `{name}` from `{target}`"), |changes| {
                for (span, new) in edits(&module, import, index, &target) {
                    changes.replace(path, span, new);
                }
            })?
            .confidence(Confidence::High)
            .because(format!("`{from}` does not have it, and `{target}` does"));
        Ok(())
    }
}

/// The name and the module of `cannot import name 'x' from 'a.b'`.
fn reported(failure: &Failure) -> Option<(String, String)> {
    static MESSAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"cannot import name ['"](\w+)['"] from (?:partially initialized module )?['"]([\w.]+)['"]"#).ok()
    });
    let message = failure.message.as_deref()?;
    let found = MESSAGE.as_ref()?.captures(message).filter(|_| !message.contains("circular import"))?;
    Some((found[1].to_owned(), found[2].to_owned()))
}

fn new_home(snapshot: &Snapshot, path: &RepoPath, name: &str, from: &str) -> Option<String> {
    if stdlib::is_stdlib(from) {
        let inner = format!("{from}.");
        let mut homes = stdlib::modules_with(name).into_iter().filter(|home| home.starts_with(&inner));
        return homes.next().filter(|_| homes.next().is_none()).map(str::to_owned);
    }
    let mut homes = defining_modules(snapshot, path, name).into_iter().filter(|home| home != from);
    homes.next().filter(|_| homes.next().is_none())
}

fn edits(module: &Module, import: &Import, index: usize, target: &str) -> Vec<(Span, String)> {
    let text = module.text();
    let from = import.from.as_deref().unwrap_or_default();
    if let (1, Some(at)) = (import.names.len(), text[import.span.range()].find(from)) {
        let start = import.span.start() + at;
        return vec![(Span::new(start, start + from.len()), target.to_owned())];
    }
    let item = &text[import.names[index].span.range()];
    let start = line_start(text, import.span.start());
    let indent = &text[start..import.span.start()];
    let statement = format!("{indent}from {target} import {item}{}", line_end(text));
    let end = after_line(text, import.span.end());
    let missing = if text[..end].ends_with('\n') { "" } else { line_end(text) };
    vec![removal(module, import, &BTreeSet::from([index])), (Span::at(end), format!("{missing}{statement}"))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;
    use repair_core::testing::{check, check_skipped};

    fn moved(name: &str, from: &str) -> Failure {
        let mut failure = Failure::new(Category::Import, "python");
        failure.code = Some("ImportError".to_owned());
        failure.message = Some(format!("cannot import name '{name}' from '{from}' (/x/y.py)"));
        failure
    }

    #[test]
    fn the_module_changes_or_the_name_leaves_its_neighbors() {
        check(
            &MovedName,
            "#- new.py\ndef f(): pass\n#- old.py\n#- a.py\n$0from old import f\n",
            moved("f", "old"),
            "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-from old import f\n+from new import f\n",
        );
        check(
            &MovedName,
            "#- a.py\n$0from collections import Counter, Mapping as M\n",
            moved("Mapping", "collections"),
            "--- a/a.py\n+++ b/a.py\n@@ -1 +1,2 @@\n-from collections import Counter, Mapping as M\n\
             +from collections import Counter\n+from collections.abc import Mapping as M\n",
        );
    }

    #[test]
    fn several_homes_or_none_are_left_alone() {
        let two = "#- new.py\nf = 1\n#- newer.py\nf = 2\n#- old.py\n#- a.py\n$0from old import f\n";
        check_skipped(&MovedName, two, moved("f", "old"), "not exactly one");
        check_skipped(&MovedName, "#- old.py\n#- a.py\n$0from old import f\n", moved("f", "old"), "not exactly one");
        check_skipped(&MovedName, "#- a.py\n$0import os\n", moved("f", "old"), "no import");
    }
}
