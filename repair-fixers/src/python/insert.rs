//! Where a new import goes: after docstring and `__future__`, in its group, in the order that the file keeps.

use super::Module;
use super::imports::{Import, Place, imports};
use super::layout::{Group, Layout};
use repair_core::Span;
use tree_sitter::Node;

/// An import to be added.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// The module of `from module import …`; `None` for `import name`.
    pub from: Option<String>,
    /// What is imported.
    pub name: String,
    /// The name behind `as`.
    pub alias: Option<String>,
}

impl Wanted {
    /// `import module`.
    pub fn module(module: impl Into<String>) -> Self {
        Self { from: None, name: module.into(), alias: None }
    }

    /// `from module import name`.
    pub fn member(module: impl Into<String>, name: impl Into<String>) -> Self {
        Self { from: Some(module.into()), name: name.into(), alias: None }
    }

    /// The statement.
    pub fn statement(&self) -> String {
        match &self.from {
            Some(from) => format!("from {from} import {}", self.item()),
            None => format!("import {}", self.item()),
        }
    }

    fn item(&self) -> String {
        match &self.alias {
            Some(alias) => format!("{} as {alias}", self.name),
            None => self.name.clone(),
        }
    }

    fn origin(&self) -> &str {
        self.from.as_deref().unwrap_or(&self.name)
    }
}

/// The edits that add `wanted` to `module`, whose lines may be `width` long.
pub fn insertion(module: &Module, wanted: &Wanted, layout: &Layout, width: usize) -> Vec<(Span, String)> {
    let all = imports(module);
    let tops: Vec<&Import> = all.iter().filter(|import| import.place == Place::Top).collect();
    let same = |import: &&&Import| {
        import.from.is_some() && import.from == wanted.from && import.names.iter().all(|name| name.name != "*")
    };
    match tops.iter().find(same) {
        Some(import) => merged(module, import, &wanted.item(), width),
        None => vec![statement_of_its_own(module, &tops, wanted, layout)],
    }
}

/// `\r\n` if the text has it, otherwise `\n`.
pub fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The offset behind the line end of the line on which `offset` lies.
pub fn after_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

/// The offset at which the line of `offset` begins.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

fn statement_of_its_own(module: &Module, tops: &[&Import], wanted: &Wanted, layout: &Layout) -> (Span, String) {
    let text = module.text();
    let eol = line_end(text);
    let statement = wanted.statement();
    let end = header_end(module);
    let header: Vec<(&Import, Group)> = tops
        .iter()
        .filter(|import| import.span.start() < end)
        .filter_map(|import| Some((*import, Group::of(import.module(import.names.first()?), layout))))
        .collect();
    let group = Group::of(wanted.origin(), layout);
    let siblings: Vec<&Import> =
        header.iter().filter(|(_, other)| *other == group).map(|(import, _)| *import).collect();
    if !siblings.is_empty() {
        return match successor(&siblings, wanted) {
            Some(next) => (Span::at(line_start(text, next.span.start())), format!("{statement}{eol}")),
            None => behind(text, siblings[siblings.len() - 1], &statement, ""),
        };
    }
    if let Some((before, _)) = header.iter().rfind(|(_, other)| *other < group) {
        let crowded = header.iter().any(|(import, _)| import.span.start() == after_line(text, before.span.end()));
        return behind(text, before, &statement, if crowded { "" } else { eol });
    }
    match header.first() {
        Some((next, _)) => (Span::at(line_start(text, next.span.start())), format!("{statement}{eol}{eol}")),
        None => first_import(module, &statement),
    }
}

/// `statement` on the line behind `import`, with `gap` between.
fn behind(text: &str, import: &Import, statement: &str, gap: &str) -> (Span, String) {
    let eol = line_end(text);
    let at = after_line(text, import.span.end());
    let missing = if text[..at].ends_with('\n') { "" } else { eol };
    (Span::at(at), format!("{missing}{gap}{statement}{eol}"))
}

/// The sibling that `wanted` goes before, by the order that the siblings keep; `None` if it goes last.
fn successor<'i>(siblings: &[&'i Import], wanted: &Wanted) -> Option<&'i Import> {
    type Key = fn(bool, &str) -> (bool, String);
    let orders: [Key; 2] = [|from, module| (from, module.to_lowercase()), |_, module| (false, module.to_lowercase())];
    let order = orders.iter().find(|order| siblings.iter().map(|import| key(import, **order)).is_sorted())?;
    let own = order(wanted.from.is_some(), wanted.origin());
    siblings.iter().find(|import| key(import, *order) > own).copied()
}

fn key(import: &Import, order: fn(bool, &str) -> (bool, String)) -> (bool, String) {
    order(import.from.is_some(), import.names.first().map_or("", |name| import.module(name)))
}

/// Where the run of imports at the head of the file ends.
fn header_end(module: &Module) -> usize {
    let mut cursor = module.root().walk();
    let body = module.root().named_children(&mut cursor).find(|node| !belongs_to_header(module, *node));
    body.map_or(module.text().len(), |node| node.start_byte())
}

fn belongs_to_header(module: &Module, node: Node<'_>) -> bool {
    match node.kind() {
        "comment" | "import_statement" | "import_from_statement" | "future_import_statement" => true,
        "expression_statement" => {
            let text = module.text_of(node);
            node.named_child(0).is_some_and(|child| child.kind() == "string") || text.starts_with("__")
        }
        "try_statement" | "if_statement" => {
            module.walk(node).any(|inner| matches!(inner.kind(), "import_statement" | "import_from_statement"))
        }
        _ => false,
    }
}

/// `statement` in a file whose head has no imports.
fn first_import(module: &Module, statement: &str) -> (Span, String) {
    let text = module.text();
    let eol = line_end(text);
    let mut cursor = module.root().walk();
    let statements: Vec<Node<'_>> =
        module.root().named_children(&mut cursor).filter(|node| node.kind() != "comment").collect();
    let Some(first) = statements.first() else {
        let missing = if text.is_empty() || text.ends_with('\n') { "" } else { eol };
        return (Span::at(text.len()), format!("{missing}{statement}{eol}"));
    };
    if is_docstring(*first) {
        let at = after_line(text, first.end_byte());
        let rest = &text[at..];
        let blank = rest.is_empty() || rest.trim_start_matches(' ').starts_with(['\n', '\r']);
        let missing = if text[..at].ends_with('\n') { "" } else { eol };
        let gap = if blank { String::new() } else { gap_before(statements.get(1).copied(), eol) };
        return (Span::at(at), format!("{missing}{eol}{statement}{eol}{gap}"));
    }
    let at = before_comments(text, line_start(text, first.start_byte()));
    (Span::at(at), format!("{statement}{eol}{}", gap_before(Some(*first), eol)))
}

fn is_docstring(node: Node<'_>) -> bool {
    node.kind() == "expression_statement" && node.named_child(0).is_some_and(|child| child.kind() == "string")
}

fn gap_before(node: Option<Node<'_>>, eol: &str) -> String {
    let spacious = node
        .is_some_and(|node| matches!(node.kind(), "function_definition" | "class_definition" | "decorated_definition"));
    eol.repeat(if spacious { 2 } else { 1 })
}

/// Where the comments that are attached to the line at `start` begin; the head of the file belongs to no statement.
fn before_comments(text: &str, start: usize) -> usize {
    let mut at = start;
    while at > 0 {
        let previous = line_start(text, at - 1);
        if !text[previous..at].starts_with('#') {
            return at;
        }
        at = previous;
    }
    start
}

/// The edits that add `item` to the names of `import`.
fn merged(module: &Module, import: &Import, item: &str, width: usize) -> Vec<(Span, String)> {
    let text = module.text();
    let (Some(first), Some(last)) = (import.names.first(), import.names.last()) else {
        return Vec::new();
    };
    let line = |offset| line_start(text, offset);
    let index = rank(import, item);
    let next = index.and_then(|index| import.names.get(index));
    if line(first.span.start()) == line(import.span.start()) && line(last.span.end()) == line(import.span.start()) {
        let edit = match next {
            Some(next) => (Span::at(next.span.start()), format!("{item}, ")),
            None => (Span::at(last.span.end()), format!(", {item}")),
        };
        let long = text[line(import.span.start())..import.span.end()].chars().count() + edit.1.chars().count() > width;
        return if long { vec![wrapped(module, import, item, index)] } else { vec![edit] };
    }
    let own_line = |at: usize| text[line(at)..at].trim().is_empty();
    let indent = &text[line(last.span.start())..last.span.start()];
    match next {
        Some(next) if own_line(next.span.start()) => {
            vec![(Span::at(next.span.start()), format!("{item},{}{indent}", line_end(text)))]
        }
        Some(next) => vec![(Span::at(next.span.start()), format!("{item}, "))],
        None if own_line(last.span.start()) => behind_last_line(text, last.span, item, indent),
        None => vec![(Span::at(last.span.end()), format!(", {item}"))],
    }
}

/// `item` on a line of its own behind the last name, whose comma may be missing.
fn behind_last_line(text: &str, last: Span, item: &str, indent: &str) -> Vec<(Span, String)> {
    let eol = line_end(text);
    let rest = &text[last.end()..];
    let line = text[last.end()..after_line(text, last.end())].trim_end();
    let at = last.end() + line.len();
    if rest.trim_start().starts_with(',') {
        vec![(Span::at(at), format!("{eol}{indent}{item},"))]
    } else if line.trim_start().starts_with(')') {
        vec![(Span::at(last.end()), format!(",{eol}{indent}{item}"))]
    } else {
        vec![(Span::at(last.end()), ",".to_owned()), (Span::at(at), format!("{eol}{indent}{item}"))]
            .into_iter()
            .fold(Vec::new(), join_at_one_place)
    }
}

fn join_at_one_place(mut edits: Vec<(Span, String)>, edit: (Span, String)) -> Vec<(Span, String)> {
    match edits.last_mut().filter(|last| last.0 == edit.0) {
        Some(last) => last.1.push_str(&edit.1),
        None => edits.push(edit),
    }
    edits
}

/// The whole statement with a name per line.
fn wrapped(module: &Module, import: &Import, item: &str, index: Option<usize>) -> (Span, String) {
    let eol = line_end(module.text());
    let mut items: Vec<&str> = import.names.iter().map(|name| &module.text()[name.span.range()]).collect();
    items.insert(index.unwrap_or(items.len()), item);
    let lines: String = items.iter().map(|item| format!("    {item},{eol}")).collect();
    let from = import.from.as_deref().unwrap_or_default();
    (import.span, format!("from {from} import ({eol}{lines})"))
}

/// Where `item` goes among the names, by the order that they keep; `None` if they keep none.
fn rank(import: &Import, item: &str) -> Option<usize> {
    type Key = fn(&str) -> (u8, String);
    let orders: [Key; 3] =
        [|name| (kind(name), name.to_lowercase()), |name| (0, name.to_lowercase()), |name| (0, name.to_owned())];
    let order = orders.iter().find(|order| import.names.iter().map(|name| order(&name.name)).is_sorted())?;
    let name = item.split(' ').next().unwrap_or(item);
    import.names.iter().position(|other| order(&other.name) > order(name)).or(Some(import.names.len()))
}

/// Constants come before classes, classes before functions, as import sorters have it.
fn kind(name: &str) -> u8 {
    if name.len() > 1 && name.chars().all(|c| !c.is_lowercase()) {
        0
    } else if name.starts_with(char::is_uppercase) {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, wanted: Wanted, after: &str) {
        let mut edits = insertion(&Module::parse(before), &wanted, &Layout::default(), 60);
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(*span));
        let mut text = before.to_owned();
        for (span, new) in edits {
            text.replace_range(span.range(), &new);
        }
        assert_eq!(text, after);
    }

    #[test]
    fn a_file_without_imports_gets_its_first() {
        let json = || Wanted::module("json");
        check("x = 1\n", json(), "import json\n\nx = 1\n");
        check("def f(): pass\n", json(), "import json\n\n\ndef f(): pass\n");
        check("\"\"\"Doc.\"\"\"\n\nx = 1\n", json(), "\"\"\"Doc.\"\"\"\n\nimport json\n\nx = 1\n");
        check("\"\"\"Doc.\"\"\"\nclass A: pass\n", json(), "\"\"\"Doc.\"\"\"\n\nimport json\n\n\nclass A: pass\n");
        check("#!/bin/python\n# Licence\n\nx = 1\n", json(), "#!/bin/python\n# Licence\n\nimport json\n\nx = 1\n");
        check("#!/bin/python\nx = 1\n", json(), "#!/bin/python\nimport json\n\nx = 1\n");
        check("y = 1\n# About x.\nx = 1\n", json(), "import json\n\ny = 1\n# About x.\nx = 1\n");
        check("", json(), "import json\n");
    }

    #[test]
    fn groups_are_kept_apart() {
        let before = "from __future__ import annotations\n\nimport yaml\n\nx = 1\n";
        let after = "from __future__ import annotations\n\nimport json\n\nimport yaml\n\nx = 1\n";
        check(before, Wanted::module("json"), after);
        check("import yaml\n\nx = 1\n", Wanted::module("json"), "import json\n\nimport yaml\n\nx = 1\n");
        check("import json\n\nx = 1\n", Wanted::module("yaml"), "import json\n\nimport yaml\n\nx = 1\n");
        check(
            "import json\nfrom .a import b\n",
            Wanted::module("yaml"),
            "import json\nimport yaml\nfrom .a import b\n",
        );
        check("import json", Wanted::module("yaml"), "import json\n\nimport yaml\n");
    }

    #[test]
    fn the_order_of_a_group_is_kept() {
        let sorted = "import abc\nimport sys\nfrom os import path\n";
        check(sorted, Wanted::module("json"), "import abc\nimport json\nimport sys\nfrom os import path\n");
        check(sorted, Wanted::member("re", "sub"), "import abc\nimport sys\nfrom os import path\nfrom re import sub\n");
        let mixed = "from abc import ABC\nimport sys\n";
        check(mixed, Wanted::module("json"), "from abc import ABC\nimport json\nimport sys\n");
        let unsorted = "import sys\nimport abc  # why\nimport os\n";
        check(unsorted, Wanted::module("json"), "import sys\nimport abc  # why\nimport os\nimport json\n");
    }

    #[test]
    fn an_import_from_the_same_module_is_extended() {
        let optional = || Wanted::member("typing", "Optional");
        check("from typing import List\n", optional(), "from typing import List, Optional\n");
        check(
            "from typing import Any, TypeVar, cast\n",
            optional(),
            "from typing import Any, Optional, TypeVar, cast\n",
        );
        check(
            "from typing import (\n    Any,\n    Union,\n)\n",
            optional(),
            "from typing import (\n    Any,\n    Optional,\n    Union,\n)\n",
        );
        check(
            "from typing import (\n    Any,\n    List,  # x\n)\n",
            optional(),
            "from typing import (\n    Any,\n    List,  # x\n    Optional,\n)\n",
        );
        check(
            "from typing import (\n    Any,\n    List\n)\n",
            optional(),
            "from typing import (\n    Any,\n    List,\n    Optional\n)\n",
        );
        check(
            "from typing import (Any,\n                    List)\n",
            optional(),
            "from typing import (Any,\n                    List,\n                    Optional)\n",
        );
        let long = "from typing import AsyncContextManager, TypeVar, get_args\n";
        let after = "from typing import (\n    AsyncContextManager,\n    Optional,\n    TypeVar,\n    get_args,\n)\n";
        check(long, optional(), after);
        check(
            "if TYPE_CHECKING:\n    from typing import List\n",
            optional(),
            "from typing import Optional\n\nif TYPE_CHECKING:\n    from typing import List\n",
        );
    }

    #[test]
    fn line_ends_are_kept() {
        check("import abc\r\nx = 1\r\n", Wanted::module("json"), "import abc\r\nimport json\r\nx = 1\r\n");
    }
}
