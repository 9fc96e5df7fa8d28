//! A variable that nobody reads.

use super::finding::Finding;
use super::realign::{Edit, realigned};
use super::tokens::Tokens;
use crate::manual::fixer;
use crate::python::Module;
use crate::python::names::uses;
use crate::python::removal::statement_removal;
use regex::Regex;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};
use std::sync::LazyLock;
use tree_sitter::Node;

fixer! {
    /// Removes a variable that is assigned to but never read.
    ///
    /// # What it repairs
    ///
    /// `local variable … is assigned to but never used` of pyflakes, flake8 and ruff (F841), `annotated but never used`
    /// (F842) and `Unused variable` of pylint (W0612): the assignment goes, and so does `as x` of an `except` or `with`.
    /// Where the assigned value can have an effect (a call, `await`, a subscript), it stays as a statement of its own.
    /// A name that is one of several that a tuple or a loop unpacks is given an underscore.
    ///
    /// # What may change
    ///
    /// An object that only the variable kept alive is freed earlier, and a value without a visible effect is no longer
    /// computed.
    /// Therefore the fix is unsafe unless what goes is a literal or a name.
    ///
    /// # Before
    ///
    /// ```python
    /// def f():
    ///     answer = ask()
    ///     return 42
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def f():
    ///     ask()
    ///     return 42
    /// ```
    pub(crate) struct UnusedVariable {
        id: "quality/unused-variable",
        summary: "remove a variable that is assigned to but never read",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for UnusedVariable {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let name = reported(&finding).or_skip("the failure is not about an unused variable")?;
        let module = Module::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        if finding.is_silenced() {
            return Err(Skip::new("the line tells linters to be silent"));
        }
        let bindings: Vec<Node<'_>> = uses(&module, name).filter(|node| on_line(*node, &finding)).collect();
        let exact = bindings.iter().filter(|node| finding.at == Some(node.start_byte()));
        let (level, title, edit) = exact
            .chain(&bindings)
            .find_map(|node| repair(&module, *node, name))
            .or_skip("the line binds no such variable in a known way")?;
        let edits = realigned(finding.text, &tokens, vec![edit]);
        let fix = fixes.add(level, title, |changes| _ = changes.replace_all(finding.path, edits))?;
        fix.confidence(Confidence::High).because(format!("nothing reads `{name}`"));
        Ok(())
    }
}

/// The variable that the message names.
fn reported<'a>(finding: &Finding<'a>) -> Option<&'a str> {
    static MESSAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)^local variable [`'"](\w+)[`'"] is (?:assigned to|annotated) but never used|^unused variable [`'"](\w+)[`'"]"#,
        )
        .ok()
    });
    let found = MESSAGE.as_ref()?.captures(finding.message.trim())?;
    found.get(1).or(found.get(2)).map(|name| name.as_str())
}

fn on_line(node: Node<'_>, finding: &Finding<'_>) -> bool {
    finding.line.contains(Module::span(node))
}

/// How the binding `node` goes: how sure that is, what to call it, and the edit.
fn repair(module: &Module, node: Node<'_>, name: &str) -> Option<(Applicability, String, Edit)> {
    let parent = node.parent()?;
    let is = |field| parent.child_by_field_name(field) == Some(node);
    match parent.kind() {
        "assignment" if is("left") => assignment(module, parent, name),
        "named_expression" if is("name") => {
            let value = parent.child_by_field_name("value")?;
            let edit = (Span::new(node.start_byte(), value.start_byte()), String::new());
            Some((Applicability::Unsafe, format!("Do not name the value `{name}`"), edit))
        }
        "as_pattern_target" => {
            let pattern = parent.parent()?;
            let value = pattern.named_child(0)?;
            let outer = pattern.parent()?.kind();
            let edit = (Span::new(value.end_byte(), parent.end_byte()), String::new());
            matches!(outer, "except_clause" | "except_group_clause" | "with_item")
                .then(|| (Applicability::Unsafe, format!("Remove `as {name}`"), edit))
        }
        "pattern_list" | "tuple_pattern" | "list_pattern" | "for_statement"
            if parent.kind() != "for_statement" || is("left") =>
        {
            let alone = !name.starts_with('_') && uses(module, &format!("_{name}")).next().is_none();
            let title = format!("Rename the unused `{name}` to `_{name}`");
            alone.then(|| (Applicability::Unsafe, title, (Span::at(node.start_byte()), "_".to_owned())))
        }
        _ => None,
    }
}

fn assignment(module: &Module, assignment: Node<'_>, name: &str) -> Option<(Applicability, String, Edit)> {
    let target = assignment.child_by_field_name("left")?;
    let outer = assignment.parent()?;
    let value = assignment.child_by_field_name("right");
    let chained = outer.kind() == "assignment" || value.is_some_and(|value| value.kind() == "assignment");
    let title = format!("Remove the unused variable `{name}`");
    match value {
        Some(value) if chained || has_effect(module, value) => {
            let edit = (Span::new(target.start_byte(), value.start_byte()), String::new());
            Some((Applicability::Unsafe, title, edit))
        }
        _ if outer.kind() != "expression_statement" => None,
        value => {
            let level = if value.is_none_or(is_plain) { Applicability::Safe } else { Applicability::Unsafe };
            Some((level, title, statement_removal(module, Module::span(assignment))))
        }
    }
}

/// Whether evaluating it can do anything beyond giving a value.
fn has_effect(module: &Module, value: Node<'_>) -> bool {
    module.walk(value).any(|node| {
        let within_lambda = std::iter::successors(node.parent(), |node| node.parent())
            .take_while(|above| value.byte_range().contains(&above.start_byte()) && above.id() != value.id())
            .chain([value])
            .any(|above| above.kind() == "lambda" && above.id() != node.id());
        let acts = matches!(node.kind(), "call" | "await" | "yield" | "subscript" | "named_expression");
        acts && !within_lambda && !is_empty_container(module, node)
    })
}

fn is_empty_container(module: &Module, node: Node<'_>) -> bool {
    matches!(module.text_of(node), "dict()" | "list()" | "set()" | "tuple()" | "frozenset()" | "object()")
}

/// Whether it is a literal, a name, or a collection of such.
fn is_plain(value: Node<'_>) -> bool {
    let mut cursor = value.walk();
    match value.kind() {
        "identifier" | "integer" | "float" | "true" | "false" | "none" | "ellipsis" | "comment" => true,
        "string" | "concatenated_string" => value
            .named_children(&mut cursor)
            .all(|child| child.kind() != "interpolation" && (child.kind() != "string" || is_plain(child))),
        "list" | "tuple" | "dictionary" | "set" | "pair" | "parenthesized_expression" | "expression_list" => {
            value.named_children(&mut cursor).all(is_plain)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{Fixture, check, check_skipped, propose};
    use repair_core::{Category, Facts, Failure};

    fn failure(message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "flake8");
        failure.code = Some("F841".to_owned());
        failure.message = Some(message.to_owned());
        failure
    }

    fn unused() -> Failure {
        failure("local variable 'x' is assigned to but never used")
    }

    /// The fixed text and the level.
    #[track_caller]
    fn fixed(body: &str) -> (String, Applicability) {
        let fixture = Fixture::new(&format!("#- a.py\ndef f():\n    $0{body}\n    return 1\n"));
        let failure = fixture.place(unused());
        let fixes = propose(&UnusedVariable, &fixture.snapshot, &failure, &Facts::default()).expect("a fix");
        let after = fixes[0].changes().apply(&fixture.snapshot).unwrap();
        let text = after.text(&fixture.marks[0].0).unwrap();
        let text = text.strip_prefix("def f():\n").unwrap().strip_suffix("    return 1\n").unwrap();
        (text.to_owned(), fixes[0].applicability())
    }

    #[test]
    fn what_has_no_effect_goes() {
        for body in
            ["x = 1", "x = y", "x: int = 1", "x: int", "x = [1, (2, 'a')]", "x = {}  # why", "x = (\n        1\n    )"]
        {
            assert_eq!(fixed(body), (String::new(), Applicability::Safe), "{body}");
        }
        for body in ["x = a.b", "x = a + b", "x = lambda: g()", "x = f'{a}'", "x = set()"] {
            assert_eq!(fixed(body), (String::new(), Applicability::Unsafe), "{body}");
        }
    }

    #[test]
    fn what_can_have_an_effect_stays_as_a_statement() {
        for (body, after) in [
            ("x = g(1)", "    g(1)\n"),
            ("x = await g(1)", "    await g(1)\n"),
            ("x = yield", "    yield\n"),
            ("x: T = a[b]", "    a[b]\n"),
            ("x = y = z", "    y = z\n"),
            ("y = x = z", "    y = z\n"),
            ("x = g(a,\n          b)", "    g(a,\n      b)\n"),
            ("x = (\n        g()\n    )", "    (\n        g()\n    )\n"),
            ("with g() as x: pass", "    with g(): pass\n"),
            ("if (x := g()): pass", "    if (g()): pass\n"),
            ("a, x = g()", "    a, _x = g()\n"),
            ("for x in g(): pass", "    for _x in g(): pass\n"),
        ] {
            assert_eq!(fixed(body), (after.to_owned(), Applicability::Unsafe), "{body}");
        }
    }

    #[test]
    fn the_name_of_an_exception_goes() {
        let fixture = "#- a.py\ntry:\n    g()\n$0except (A, B) as x:\n    pass\n";
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,4 +1,4 @@\n try:\n     g()\n-except (A, B) as x:\n+except (A, B):\n     pass\n";
        let fix = check(&UnusedVariable, fixture, failure("Unused variable 'x'"), expected);
        assert_eq!(fix.applicability(), Applicability::Unsafe);
    }

    #[test]
    fn other_lines_and_other_messages_are_left_alone() {
        check_skipped(&UnusedVariable, "#- a.py\n$0y = 1\nx = 1\n", unused(), "binds no such variable");
        check_skipped(&UnusedVariable, "#- a.py\n$0x = 1  # noqa\n", unused(), "silent");
        check_skipped(
            &UnusedVariable,
            "#- a.py\n$0x = 1\n",
            failure("undefined name 'x'"),
            "not about an unused variable",
        );
    }
}
