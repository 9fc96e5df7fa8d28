//! The import statements of a file.

use super::Module;
use repair_core::Span;
use tree_sitter::Node;

/// One import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The statement, without the line end.
    pub span: Span,
    /// `None` for `import a`, otherwise what stands between `from` and `import`: `a.b`, `.`, `..c`.
    pub from: Option<String>,
    /// What is imported.
    pub names: Vec<ImportedName>,
    /// Where the statement stands.
    pub place: Place,
}

/// One name of an import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedName {
    /// The name as imported: `a.b` of `import a.b`, `x` of `from a import x`, or `*`.
    pub name: String,
    /// The name behind `as`.
    pub alias: Option<String>,
    /// `name as alias`.
    pub span: Span,
}

/// Where an import statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the top level of the module.
    Top,
    /// Below `if TYPE_CHECKING:`.
    TypeChecking,
    /// In a `try` statement.
    Try,
    /// In another block, a function or a class.
    Nested,
}

impl Import {
    /// The module that `name` of this statement comes from, as written: `a.b` for `from a.b import x`.
    pub fn module<'a>(&'a self, name: &'a ImportedName) -> &'a str {
        self.from.as_deref().unwrap_or(&name.name)
    }

    /// The full name of `name`: `a.b.x` for `from a.b import x`, `.x` for `from . import x`.
    pub fn qualified(&self, name: &ImportedName) -> String {
        match &self.from {
            None => name.name.clone(),
            Some(from) if from.ends_with('.') => format!("{from}{}", name.name),
            Some(from) => format!("{from}.{}", name.name),
        }
    }

    /// The names that the statement binds.
    pub fn bound(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(ImportedName::bound).map(move |bound| match self.from {
            None => bound.split('.').next().unwrap_or(bound),
            Some(_) => bound,
        })
    }

    /// Whether it is `from __future__ import …`.
    pub fn is_future(&self) -> bool {
        self.from.as_deref() == Some("__future__")
    }

    /// The name that is written at, or binds, `bound`.
    pub fn binding(&self, bound: &str) -> Option<&ImportedName> {
        self.names.iter().zip(self.bound()).find(|(_, name)| *name == bound).map(|(name, _)| name)
    }
}

impl ImportedName {
    /// The alias, or else the whole name.
    pub fn bound(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// Every import statement of `module`, in the order of the text.
pub fn imports(module: &Module) -> Vec<Import> {
    module.walk(module.root()).filter_map(|node| import(module, node)).collect()
}

fn import(module: &Module, node: Node<'_>) -> Option<Import> {
    let from = match node.kind() {
        "import_statement" => None,
        "future_import_statement" => Some("__future__".to_owned()),
        "import_from_statement" => Some(squeezed(module.text_of(node.child_by_field_name("module_name")?))),
        _ => return None,
    };
    let mut cursor = node.walk();
    let mut names: Vec<_> =
        node.children_by_field_name("name", &mut cursor).map(|name| imported(module, name)).collect();
    let mut cursor = node.walk();
    names.extend(
        node.children(&mut cursor).filter(|child| child.kind() == "wildcard_import").map(|star| ImportedName {
            name: "*".to_owned(),
            alias: None,
            span: Module::span(star),
        }),
    );
    Some(Import { span: Module::span(node), from, names, place: place(module, node) })
}

fn imported(module: &Module, node: Node<'_>) -> ImportedName {
    let text = |field| node.child_by_field_name(field).map(|part| squeezed(module.text_of(part)));
    ImportedName {
        name: text("name").unwrap_or_else(|| squeezed(module.text_of(node))),
        alias: text("alias"),
        span: Module::span(node),
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn place(module: &Module, node: Node<'_>) -> Place {
    let above: Vec<Node<'_>> = std::iter::successors(node.parent(), Node::parent).collect();
    let kinds = |kind: &str| above.iter().find(|node| node.kind() == kind);
    if above.iter().all(|node| node.kind() == "module") {
        Place::Top
    } else if above.iter().any(|node| is_type_checking(module, *node)) {
        Place::TypeChecking
    } else if kinds("try_statement").is_some() {
        Place::Try
    } else {
        Place::Nested
    }
}

fn is_type_checking(module: &Module, node: Node<'_>) -> bool {
    node.kind() == "if_statement"
        && node
            .child_by_field_name("condition")
            .is_some_and(|condition| module.text_of(condition).rsplit('.').next() == Some("TYPE_CHECKING"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Import> {
        imports(&Module::parse(text))
    }

    #[test]
    fn statements_are_read() {
        let all = of(
            "from __future__ import annotations\nimport a.b as c, d.e\nfrom . import (x as y,\n  z)\nfrom ..m import *\n",
        );
        assert!(all[0].is_future());
        assert_eq!(all[1].bound().collect::<Vec<_>>(), ["c", "d"]);
        assert_eq!(all[1].qualified(&all[1].names[0]), "a.b");
        assert_eq!(all[2].from.as_deref(), Some("."));
        assert_eq!(all[2].qualified(&all[2].names[1]), ".z");
        assert_eq!(all[2].bound().collect::<Vec<_>>(), ["y", "z"]);
        assert_eq!((all[3].from.as_deref(), all[3].names[0].name.as_str()), (Some("..m"), "*"));
    }

    #[test]
    fn places_are_told_apart() {
        let text = "import a\nif typing.TYPE_CHECKING:\n    import b\ntry:\n    import c\nexcept ImportError:\n    import d\n\
                    def f():\n    import e\n";
        let places: Vec<Place> = of(text).into_iter().map(|import| import.place).collect();
        assert_eq!(places, [Place::Top, Place::TypeChecking, Place::Try, Place::Try, Place::Nested]);
    }
}
