//! The syntax tree of a file, parsed once.

use repair_core::{Snapshot, SourceFile, Span};
use std::sync::Arc;
use tree_sitter::{Node, Parser, Tree};

/// A Python file as text and syntax tree.
///
/// The tree exists for any text, with error nodes where it is not Python.
/// It is lenient: whether the text *is* Python, [`super::syntax_problem`] tells.
pub struct Module {
    text: Box<str>,
    tree: Tree,
}

impl Module {
    /// Parses `text`.
    pub fn parse(text: &str) -> Self {
        let mut parser = Parser::new();
        let language = tree_sitter_python::LANGUAGE.into();
        let tree = parser.set_language(&language).ok().and_then(|()| parser.parse(text, None));
        // Without a time limit or a cancellation flag, a parser with a language always gives a tree.
        let tree = tree.unwrap_or_else(|| unreachable!("the Python grammar fits the parser"));
        Self { text: text.into(), tree }
    }

    /// The module of `file`, parsed at the first request; `None` if the file is not text.
    pub fn of(file: &SourceFile) -> Option<Arc<Self>> {
        file.derived(Self::parse)
    }

    /// The module at `path` of `snapshot`, if that is a text file.
    pub fn at(snapshot: &Snapshot, path: &repair_core::RepoPath) -> Option<Arc<Self>> {
        Self::of(snapshot.file(path).ok()?)
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of the tree, a `module` node.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The text of `node`.
    pub fn text_of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }

    /// Every node below `node` and itself, in the order of the text.
    pub fn walk<'t>(&self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let mut stack = vec![node];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            let mut cursor = node.walk();
            let mut children: Vec<Node<'t>> = node.children(&mut cursor).collect();
            children.reverse();
            stack.extend(children);
            Some(node)
        })
    }

    /// Every node of the kind `kind`, in the order of the text.
    pub fn nodes_of_kind<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = Node<'s>> {
        self.walk(self.root()).filter(move |node| node.kind() == kind)
    }

    /// The 1-based line on which `node` begins.
    pub fn line(node: Node<'_>) -> u32 {
        u32::try_from(node.start_position().row + 1).unwrap_or(u32::MAX)
    }

    /// The bytes of `node`.
    pub fn span(node: Node<'_>) -> Span {
        node.byte_range().into()
    }
}
