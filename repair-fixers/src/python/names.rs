//! Names that a file defines and uses.

use super::Module;
use std::collections::BTreeSet;
use tree_sitter::Node;

/// The names that the module defines at its top level by `def`, `class` and assignment (imports are not among them),
/// also inside of top-level `if` and `try`.
pub fn top_level_definitions(module: &Module) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(module, module.root(), &mut names);
    names
}

fn collect(module: &Module, node: Node<'_>, names: &mut BTreeSet<String>) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        match child.kind() {
            "function_definition" | "class_definition" => {
                names.extend(child.child_by_field_name("name").map(|name| module.text_of(name).to_owned()));
            }
            "assignment" => {
                if let Some(left) = child.child_by_field_name("left") {
                    let targets = module.walk(left).filter(|node| node.kind() == "identifier");
                    names.extend(
                        targets.filter(|node| is_target(*node, left)).map(|node| module.text_of(node).to_owned()),
                    );
                }
                collect(module, child, names);
            }
            "decorated_definition"
            | "expression_statement"
            | "if_statement"
            | "else_clause"
            | "elif_clause"
            | "block"
            | "try_statement"
            | "except_clause"
            | "finally_clause"
            | "with_statement"
            | "type_alias_statement" => {
                collect(module, child, names);
            }
            _ => {}
        }
    }
}

/// Whether `node` is a plain name among the targets `left`, not part of `a.b` or `a[i]`.
fn is_target(node: Node<'_>, left: Node<'_>) -> bool {
    node == left || node.parent().is_some_and(|parent| matches!(parent.kind(), "pattern_list" | "tuple_pattern"))
}

/// How often `name` stands in the module as a name of its own, outside of import statements and not as an attribute
/// or keyword.
pub fn uses<'m>(module: &'m Module, name: &'m str) -> impl Iterator<Item = Node<'m>> {
    module.nodes_of_kind("identifier").filter(move |node| module.text_of(*node) == name && is_free(*node))
}

fn is_free(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return true };
    let field = |name| parent.child_by_field_name(name) == Some(node);
    let attribute = parent.kind() == "attribute" && field("attribute");
    let keyword = parent.kind() == "keyword_argument" && field("name");
    let import = std::iter::successors(Some(parent), Node::parent)
        .take(3)
        .any(|above| matches!(above.kind(), "import_statement" | "import_from_statement" | "future_import_statement"));
    !attribute && !keyword && !import
}

/// The attributes that are taken of `name`: `dumps` of `json.dumps`.
pub fn attributes_of(module: &Module, name: &str) -> BTreeSet<String> {
    uses(module, name)
        .filter_map(|node| node.parent().filter(|parent| parent.kind() == "attribute"))
        .filter_map(|attribute| attribute.child_by_field_name("attribute"))
        .map(|attribute| module.text_of(attribute).to_owned())
        .collect()
}

/// Every place where the module binds a name, imports aside.
pub fn bindings(module: &Module) -> impl Iterator<Item = Node<'_>> {
    module.nodes_of_kind("identifier").filter(|node| is_free(*node) && is_binding(*node))
}

/// Whether the module binds `name` anywhere: as a parameter, a variable, a function, a class.
pub fn is_bound(module: &Module, name: &str) -> bool {
    uses(module, name).any(is_binding)
}

fn is_binding(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    let field = |name| parent.child_by_field_name(name) == Some(node);
    match parent.kind() {
        "function_definition" | "class_definition" | "default_parameter" | "typed_default_parameter" => field("name"),
        "assignment" | "for_statement" | "for_in_clause" | "augmented_assignment" => field("left"),
        "parameters"
        | "lambda_parameters"
        | "typed_parameter"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "pattern_list"
        | "tuple_pattern"
        | "as_pattern_target"
        | "global_statement" => true,
        "named_expression" => field("name"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_at_the_top_are_found() {
        let text = "import os\nA = B = 1\nc, d = 1, 2\ne.f = 3\n@x\ndef g(): h = 1\nclass I: j = 1\nif A:\n    K: int = 1\n\
                    try:\n    L = 1\nexcept E:\n    M = 2\n";
        let names = top_level_definitions(&Module::parse(text));
        assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "B", "I", "K", "L", "M", "c", "d", "g"]);
    }

    #[test]
    fn uses_are_told_from_attributes_keywords_and_imports() {
        let module = Module::parse("import a\nfrom b import a as c\nx.a = a.y(a=1)\n");
        assert_eq!(uses(&module, "a").count(), 1);
        assert_eq!(attributes_of(&module, "a").into_iter().collect::<Vec<_>>(), ["y"]);
    }

    #[test]
    fn bindings_are_found() {
        for text in [
            "a = 1",
            "for a in b: pass",
            "def a(): pass",
            "def f(a): pass",
            "def f(a=1): pass",
            "def f(a: int): pass",
            "with b as a: pass",
            "(a := 1)",
            "a, c = 1, 2",
            "def f(*a): pass",
            "def f(a: int = 1): pass",
            "[x for a in b]",
            "lambda a: 1",
        ] {
            assert!(is_bound(&Module::parse(text), "a"), "{text}");
        }
        for text in ["a()", "b = a", "b.a = 1", "import a", "f(a=1)", "def f(b=a): pass"] {
            assert!(!is_bound(&Module::parse(text), "a"), "{text}");
        }
    }
}
