//! What the names of a module stand for, as its imports say.

use super::Module;
use std::collections::BTreeMap;
use tree_sitter::Node;

/// The imported names of a module, each with the dotted name that it stands for.
///
/// Imports anywhere in the file count, since a name rarely means two things in one file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Bindings {
    names: BTreeMap<String, String>,
}

impl Bindings {
    /// Reads the imports of `module`, and plain aliases such as `skip = pytest.mark.skip`.
    pub fn of(module: &Module) -> Self {
        let mut bindings = Self::default();
        for node in module.walk(module.root()) {
            match node.kind() {
                "import_statement" => bindings.import(module, node),
                "import_from_statement" => bindings.import_from(module, node),
                _ => {}
            }
        }
        bindings.aliases(module);
        bindings
    }

    /// The dotted name that `name` stands for, if it is imported.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// The imported names with what they stand for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(name, target)| (name.as_str(), target.as_str()))
    }

    /// The dotted name of an identifier or a chain of attributes, its first part resolved through the imports.
    ///
    /// ```
    /// # use repair_fixers::python::{Bindings, Module};
    /// let module = Module::parse("import pytest as pt\npt.mark.skip\n");
    /// let node = module.nodes_of_kind("attribute").next().unwrap();
    /// assert_eq!(Bindings::of(&module).resolve(&module, node).as_deref(), Some("pytest.mark.skip"));
    /// ```
    pub fn resolve(&self, module: &Module, node: Node<'_>) -> Option<String> {
        match node.kind() {
            "identifier" => {
                let name = module.text_of(node);
                Some(self.get(name).unwrap_or(name).to_owned())
            }
            "attribute" => {
                let object = self.resolve(module, node.child_by_field_name("object")?);
                let attribute = module.text_of(node.child_by_field_name("attribute")?);
                Some(format!("{}.{attribute}", object.unwrap_or_default()))
            }
            "call" => self.resolve(module, node.child_by_field_name("function")?),
            _ => None,
        }
    }

    fn import(&mut self, module: &Module, node: Node<'_>) {
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            match parts(module, name) {
                (target, Some(alias)) => self.names.insert(alias, target),
                (target, None) => {
                    let first = target.split('.').next().unwrap_or(&target).to_owned();
                    self.names.insert(first.clone(), first)
                }
            };
        }
    }

    fn import_from(&mut self, module: &Module, node: Node<'_>) {
        let Some(from) = node.child_by_field_name("module_name") else { return };
        let from = module.text_of(from);
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let (target, alias) = parts(module, name);
            let dot = if from.ends_with('.') { "" } else { "." };
            self.names.insert(alias.unwrap_or_else(|| target.clone()), format!("{from}{dot}{target}"));
        }
    }

    fn aliases(&mut self, module: &Module) {
        for node in module.nodes_of_kind("assignment") {
            let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
            else {
                continue;
            };
            let chain = matches!(right.kind(), "attribute" | "identifier" | "call");
            let resolved = self.resolve(module, right).filter(|_| chain && left.kind() == "identifier");
            let marks = |target: &String| target.starts_with("pytest.mark.") || target.starts_with("unittest.skip");
            let named = |target: &String| (right.kind() != "call" || marks(target)) && target.contains('.');
            if let Some(target) = resolved.filter(named) {
                self.names.entry(module.text_of(left).to_owned()).or_insert(target);
            }
        }
    }
}

/// The name and the alias of one imported thing.
fn parts(module: &Module, node: Node<'_>) -> (String, Option<String>) {
    let text = |field| node.child_by_field_name(field).map(|child| module.text_of(child).to_owned());
    match node.kind() {
        "aliased_import" => (text("name").unwrap_or_default(), text("alias")),
        _ => (module.text_of(node).to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read() {
        let text = "import os.path, a.b as c\nfrom x.y import z as w, v\nfrom . import q\nskip = os.mark\n";
        let bindings = Bindings::of(&Module::parse(text));
        let found: Vec<(&str, &str)> = bindings.iter().collect();
        let expected = [("c", "a.b"), ("os", "os"), ("q", ".q"), ("skip", "os.mark"), ("v", "x.y.v"), ("w", "x.y.z")];
        assert_eq!(found, expected);
    }
}
