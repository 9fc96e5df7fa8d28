//! A name that is written almost like another.

use crate::manual::fixer;
use crate::python::Module;
use crate::python::imports::imports;
use crate::python::names::{bindings, is_bound, uses};
use crate::python::stdlib;
use regex::Regex;
use repair_core::{Applicability, Confidence, Failure, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tree_sitter::Node;

fixer! {
    /// Writes a name as it is defined.
    ///
    /// # What it repairs
    ///
    /// An undefined name (`NameError`, F821, E0602, pyflakes, type checkers) where exactly one name in scope, or a
    /// built-in one, is close: it differs by one or two letters, in its case, or in leading underscores.
    /// All uses of the undefined name in the file change together.
    ///
    /// # What may change
    ///
    /// Another name may have been meant.
    /// The fix is unsafe where the interpreter itself suggests the name (`Did you mean …?`), and a guess otherwise.
    ///
    /// # Before
    ///
    /// ```python
    /// def describe(argument):
    ///     return str(arguemnt)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def describe(argument):
    ///     return str(argument)
    /// ```
    pub(crate) struct MisspelledName {
        id: "quality/misspelled-name",
        summary: "write an undefined name like the one that is defined",
        handles: [Quality, Test, Import, TypeCheck],
        applicability: Unsafe,
    }
}

impl FixGenerator for MisspelledName {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let failure = &ctx.analysis.failure;
        let (name, suggestion) = undefined(failure).or_skip("the failure is not about an undefined name")?;
        let (path, _, line) = ctx.suspect()?;
        let module = Module::at(ctx.snapshot, path).or_skip("the file is not text")?;
        if is_bound(&module, name)
            || stdlib::is_builtin(name)
            || imports(&module).iter().any(|import| import.binding(name).is_some())
        {
            return Err(Skip::new(format!("`{name}` is defined somewhere")));
        }
        let places: Vec<Node<'_>> = uses(&module, name).collect();
        let here = places.iter().find(|place| line.contains(Module::span(**place)));
        let here = here.or_skip("the line does not use the name")?;
        let wanted =
            closest(name, &in_scope(&module, *here), suggestion).or_skip("no single name in scope is close")?;
        let (level, reason) = match suggestion == Some(wanted.as_str()) {
            true => (Applicability::Unsafe, "the interpreter suggests it"),
            false => (Applicability::Speculative, "it is the only name in scope that is close"),
        };
        let fix = fixes.add(level, format!("Write `{wanted}` for the undefined `{name}`"), |changes| {
            for place in &places {
                changes.replace(path, Module::span(*place), wanted.as_str());
            }
        })?;
        fix.confidence(Confidence::Medium).because(reason);
        Ok(())
    }
}

/// The undefined name, and the one that the interpreter suggests for it.
fn undefined(failure: &Failure) -> Option<(&str, Option<&str>)> {
    static MESSAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let name = r#"[`'"](?P<name>\w+)[`'"]"#;
        let name_b = r#"[`'"](?P<other>\w+)[`'"]"#;
        Regex::new(&format!(
            r#"(?i)(?:^undefined (?:name|variable)|^name|^global name) {name}|^{name_b} is (?:not defined|undefined)"#
        ))
        .ok()
    });
    static SUGGESTION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"[Dd]id you mean:? [`'"](\w+)[`'"]\?"#).ok());
    let message = failure.message.as_deref()?.trim();
    let says_so = message.to_ascii_lowercase().contains("undefined") || message.contains("not defined");
    let found = MESSAGE.as_ref()?.captures(message).filter(|_| says_so)?;
    let suggestion = SUGGESTION.as_ref()?.captures(message).and_then(|found| found.get(1));
    Some((found.name("name").or(found.name("other"))?.as_str(), suggestion.map(|name| name.as_str())))
}

/// The names that can be used at `place`.
fn in_scope(module: &Module, place: Node<'_>) -> BTreeSet<String> {
    let around: Vec<usize> = above(place).filter(is_scope).map(|scope| scope.id()).collect();
    let own = above(place).find(is_scope).map(|scope| scope.id());
    let visible = |binding: &Node<'_>| {
        let scope = scope_of(*binding);
        scope.is_none_or(|scope| match scope.kind() {
            "class_definition" => own == Some(scope.id()),
            _ => around.contains(&scope.id()),
        })
    };
    let mut names: BTreeSet<String> =
        bindings(module).filter(visible).map(|binding| module.text_of(binding).to_owned()).collect();
    names.extend(imports(module).iter().flat_map(|import| import.names.iter().map(|name| name.bound().to_owned())));
    names.extend(stdlib::builtins().map(str::to_owned));
    names
}

fn above(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(node.parent(), |node| node.parent())
}

fn is_scope(node: &Node<'_>) -> bool {
    matches!(node.kind(), "function_definition" | "class_definition" | "lambda")
}

/// The function or class that a binding is local to; the name of a definition belongs to what is around it.
fn scope_of(binding: Node<'_>) -> Option<Node<'_>> {
    let parent = binding.parent()?;
    let names_it = parent.child_by_field_name("name") == Some(binding);
    let skip = usize::from(names_it && matches!(parent.kind(), "function_definition" | "class_definition"));
    above(binding).filter(is_scope).nth(skip)
}

/// The only name that is closest to `name`, or the suggested one if it is close at all.
fn closest(name: &str, names: &BTreeSet<String>, suggestion: Option<&str>) -> Option<String> {
    if let Some(suggestion) = suggestion {
        return names.get(suggestion).cloned();
    }
    let most = if name.len() < 6 { 1 } else { 2 };
    let mut close: Vec<(usize, &String)> = names
        .iter()
        .filter(|other| other.len() > 2 && other.as_str() != name)
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    close.sort();
    match close.as_slice() {
        [(_, only)] => Some((*only).clone()),
        [(first, best), (second, _), ..] if first < second => Some((*best).clone()),
        _ => None,
    }
}

/// How many letters differ; 0 for the same letters in another case or behind other underscores.
fn distance(one: &str, other: &str) -> usize {
    let plain = |name: &str| name.trim_start_matches('_').to_lowercase();
    if plain(one) == plain(other) && !plain(one).is_empty() {
        return 0;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;
    use repair_core::testing::{Fixture, check, check_skipped, propose};

    fn failure(message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "flake8");
        failure.message = Some(message.to_owned());
        failure
    }

    #[test]
    fn what_the_interpreter_suggests_is_written_everywhere() {
        let fixture = "#- a.py\nclass BaseView: pass\n$0class A(_BaseView): pass\nclass B(_BaseView): pass\n";
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n class BaseView: pass\n-class A(_BaseView): pass\n\
                        -class B(_BaseView): pass\n+class A(BaseView): pass\n+class B(BaseView): pass\n";
        let message = "name '_BaseView' is not defined. Did you mean: 'BaseView'?";
        let fix = check(&MisspelledName, fixture, failure(message), expected);
        assert_eq!((fix.applicability(), fix.confidence()), (Applicability::Unsafe, Confidence::Medium));
    }

    #[test]
    fn a_close_name_is_a_guess() {
        let fixture = Fixture::new("#- a.py\ndef f(argument, other):\n    $0return arguemnt\n");
        let failure = fixture.place(failure("undefined name 'arguemnt'"));
        let fixes = propose(&MisspelledName, &fixture.snapshot, &failure, &Default::default()).unwrap();
        assert_eq!(fixes[0].title(), "Write `argument` for the undefined `arguemnt`");
        assert_eq!(fixes[0].applicability(), Applicability::Speculative);
    }

    #[test]
    fn names_out_of_reach_or_in_doubt_are_left_alone() {
        let skipped =
            |text: &str, reason| check_skipped(&MisspelledName, text, failure("undefined name 'valeus'"), reason);
        skipped("#- a.py\ndef f():\n    values = 1\n$0print(valeus)\n", "no single name");
        skipped("#- a.py\nvalues = 1\nvaleu = 2\n$0print(valeus)\n", "no single name");
        skipped("#- a.py\nclass A:\n    values = 1\n    def f(self):\n        $0print(valeus)\n", "no single name");
        skipped("#- a.py\nvaleus = 1\n$0print(valeus)\n", "defined somewhere");
        check_skipped(&MisspelledName, "#- a.py\n$0x\n", failure("unused variable 'x'"), "not about an undefined name");
    }

    #[test]
    fn distances_count_letters() {
        for (one, other, expected) in
            [("abcd", "abdc", 1), ("abc", "abcd", 1), ("abc", "ABC", 0), ("_abc", "abc", 0), ("abcd", "xy", 4)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
