//! Handlers that swallow errors.

use super::{Found, RULES};
use crate::guards::tests::is_literal;
use crate::python::{Bindings, Module, canonical};
use repair_core::Objection;
use tree_sitter::Node;

/// How much a handler catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    Narrow,
    Broad,
}

struct Handler {
    breadth: Breadth,
    body: String,
    /// Whether it only goes on, rather than falling back on something.
    silent: bool,
    line: u32,
}

fn handlers(module: &Module) -> Vec<Handler> {
    let bindings = Bindings::of(module);
    let handler = |node: Node<'_>| match node.kind() {
        "except_clause" | "except_group_clause" => except(module, node),
        "with_item" => {
            let value = node.child_by_field_name("value")?;
            let name = bindings.resolve(module, value)?;
            let caught = canonical(module, value.child_by_field_name("arguments")?);
            let breadth = breadth(caught.trim_matches(['(', ')']));
            name.ends_with("suppress").then(|| Handler {
                breadth,
                body: "pass".to_owned(),
                silent: true,
                line: Module::line(node),
            })
        }
        _ => None,
    };
    module.walk(module.root()).filter_map(handler).collect()
}

fn except(module: &Module, node: Node<'_>) -> Option<Handler> {
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect();
    let block = *children.last()?;
    let caught =
        children.first().filter(|it| it.kind() != "block").map(|it| canonical(module, *it)).unwrap_or_default();
    let caught = caught.split(" as ").next().unwrap_or_default().trim_matches(['(', ')']).to_owned();
    let body = canonical(module, block);
    let mut cursor = block.walk();
    let statements: Vec<Node<'_>> = block.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect();
    let goes_on = |it: &Node<'_>| match it.kind() {
        "pass_statement" | "continue_statement" | "break_statement" => true,
        "return_statement" => {
            it.named_child(0).is_none_or(|value| is_literal(&canonical(module, value)) || value.child_count() <= 2)
        }
        "expression_statement" => it.named_child(0).is_some_and(|inner| {
            let text = canonical(module, inner);
            inner.kind() == "ellipsis"
                || ["log", "print", "warn", "traceback"]
                    .iter()
                    .any(|head| text.trim_start_matches("self.").trim_start_matches('_').starts_with(head))
        }),
        _ => false,
    };
    let raises = statements.iter().any(|it| it.kind() == "raise_statement");
    if raises
        || matches!(
            caught.as_str(),
            "ImportError" | "ModuleNotFoundError" | "KeyboardInterrupt" | "StopIteration" | "CancelledError"
        )
    {
        return None;
    }
    Some(Handler { breadth: breadth(&caught), silent: statements.iter().all(goes_on), body, line: Module::line(node) })
}

fn breadth(caught: &str) -> Breadth {
    let broad = |name: &str| matches!(name.trim(), "" | "Exception" | "BaseException" | "AssertionError" | "Warning");
    if caught.split(',').any(broad) { Breadth::Broad } else { Breadth::Narrow }
}

pub(super) fn swallowed(old: &Module, new: &Module) -> Found {
    let mut before = handlers(old);
    let mut found = Vec::new();
    for handler in handlers(new) {
        let same = before.iter().position(|it| it.body == handler.body && it.breadth >= handler.breadth);
        if let Some(index) = same {
            before.swap_remove(index);
            continue;
        }
        let objection = match (handler.breadth, handler.silent) {
            (Breadth::Broad, true) => Objection::refuse(&RULES[0], "every error is caught, and nothing comes of it"),
            (Breadth::Broad, false) => Objection::needs_person(&RULES[0], "every error is caught"),
            (Breadth::Narrow, true) => {
                Objection::needs_person(&RULES[0], "an error is caught, and nothing comes of it")
            }
            (Breadth::Narrow, false) => continue,
        };
        found.push((objection, handler.line));
    }
    found
}
