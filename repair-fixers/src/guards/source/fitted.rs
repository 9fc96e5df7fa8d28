//! Code that knows the inputs of the tests.

use super::{Found, RULES};
use crate::guards::tests::{asked_and_expected, literals, stands_in_tests};
use crate::python::{Module, canonical};
use repair_core::{Objection, Snapshot};
use std::collections::BTreeSet;
use tree_sitter::Node;

/// Conditions and tables that know the inputs of the tests.
pub(super) fn fitted(before: &Snapshot, old: &Module, new: &Module) -> Found {
    let was = conditions(old);
    let known: BTreeSet<String> = was.iter().map(Condition::key).collect();
    let subjects: BTreeSet<&str> = was.iter().filter_map(Condition::subject).collect();
    let said = canonical(old, old.root());
    let fresh = conditions(new).into_iter().filter(|it| !known.contains(&it.key()));
    let mut found: Found = fresh.filter_map(|it| it.judge(before, &subjects, &said)).collect();
    found.extend(tables(before, old, new));
    let switches =
        |module: &Module| -> BTreeSet<String> { arithmetic(module).into_iter().map(|(text, _)| text).collect() };
    let before = switches(old);
    let fresh = arithmetic(new).into_iter().filter(|(text, _)| !before.contains(text));
    found.extend(fresh.map(|(text, line)| {
        (Objection::needs_person(&RULES[2], format!("`{text}` switches a number on for one input")), line)
    }));
    found
}

/// A condition that compares with a literal, with what it leads to at once.
struct Condition {
    text: String,
    result: String,
    line: u32,
}

impl Condition {
    fn key(&self) -> String {
        format!("{}:{}", self.text, self.result)
    }

    /// What is compared, if it is a plain name or attribute.
    fn subject(&self) -> Option<&str> {
        let (left, _) = self.text.split_once("==").or_else(|| self.text.split_once(" in"))?;
        left.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).then_some(left)
    }

    /// Whether it answers inputs of the tests. `subjects` were compared with literals before, `said` is the old code.
    fn judge(&self, before: &Snapshot, subjects: &BTreeSet<&str>, said: &str) -> Option<(Objection, u32)> {
        let keys = |literal: &str| self.text.contains(&format!("[{literal}]"));
        let asked: Vec<String> = telling(&self.text).into_iter().filter(|it| !keys(it)).collect();
        let answered = telling(&self.result);
        let several = self.text.matches("==").count() > 1;
        let dull = answered.is_empty() && (!several || literals(&self.result).is_empty());
        let tested = |literal: &String| stands_in_tests(before, literal);
        let reason = format!("`{}` answers an input of the tests", self.text);
        if asked.is_empty() {
            return None;
        }
        if !dull && asked.iter().chain(&answered).all(tested) {
            let told = asked.iter().any(|it| self.result.contains(it.trim_matches('"'))) || several;
            let extends = self.subject().is_some_and(|subject| subjects.contains(subject));
            let certain = (several || !extends) && (told || !self.result.starts_with("raise"));
            let objection =
                if certain { Objection::refuse(&RULES[2], reason) } else { Objection::needs_person(&RULES[2], reason) };
            return Some((objection, self.line));
        }
        let singled_out = asked.len() > 1 && asked.iter().all(|it| !said.contains(it.as_str()) && tested(it));
        singled_out.then(|| (Objection::needs_person(&RULES[2], reason), self.line))
    }
}

/// The literals of a text that say something: no empty string, no small number.
fn telling(text: &str) -> Vec<String> {
    let dull = ["0", "1", "2", "10", "100", "None", "True", "False", "\"\"", "\" \"", "0.0", "1.0"];
    literals(text).into_keys().filter(|literal| !dull.contains(literal)).map(str::to_owned).collect()
}

/// Conditions that compare with a literal, with what they lead to at once.
fn conditions(module: &Module) -> Vec<Condition> {
    let read = |node: Node<'_>| {
        let (condition, result) = match node.kind() {
            "if_statement" | "elif_clause" => {
                let block = node.child_by_field_name("consequence")?;
                let first = block.named_child(0).filter(|it| {
                    matches!(it.kind(), "return_statement" | "raise_statement" | "expression_statement")
                })?;
                (node.child_by_field_name("condition")?, first)
            }
            "conditional_expression" => (node.named_child(1)?, node.named_child(0)?),
            "case_clause" => (node.named_child(0)?, node.child_by_field_name("consequence")?.named_child(0)?),
            _ => return None,
        };
        let text = canonical(module, condition);
        let compares = text.contains("==") || text.contains(" in") || node.kind() == "case_clause";
        compares.then(|| Condition { text, result: canonical(module, result), line: Module::line(node) })
    };
    module.walk(module.root()).filter_map(read).collect()
}

/// Comparisons with a literal that are used as numbers.
fn arithmetic(module: &Module) -> Vec<(String, u32)> {
    let parts = module.nodes_of_kind("binary_operator").flat_map(|node| {
        ["left", "right"].into_iter().filter_map(move |side| node.child_by_field_name(side)).collect::<Vec<_>>()
    });
    let compares = |node: &Node<'_>| {
        let text = canonical(module, *node);
        node.kind() == "parenthesized_expression" && text.contains("==") && !literals(&text).is_empty()
    };
    parts.filter(compares).map(|node| (canonical(module, node), Module::line(node))).collect()
}

/// Whether a condition of the old code gave the answer that the entry of a table gives now.
fn was_answered(conditions: &[Condition], module: &Module, pair: Node<'_>) -> bool {
    let text = |field: &str| pair.child_by_field_name(field).map(|it| canonical(module, it)).unwrap_or_default();
    let (key, value) = (text("key"), text("value"));
    conditions
        .iter()
        .any(|it| literals(&it.text).contains_key(key.as_str()) && literals(&it.result).contains_key(value.as_str()))
}

/// Tables that got entries which answer the tests. An entry more in a table that was there wants a person.
fn tables(before: &Snapshot, old: &Module, new: &Module) -> Found {
    let known: BTreeSet<String> = old.nodes_of_kind("pair").map(|node| canonical(old, node)).collect();
    let before_that = conditions(old);
    let mut found = Vec::new();
    for table in new.nodes_of_kind("dictionary") {
        let mut cursor = table.walk();
        let (kept, fresh): (Vec<_>, Vec<_>) = table
            .named_children(&mut cursor)
            .filter(|it| it.kind() == "pair")
            .partition(|it| known.contains(&canonical(new, *it)) || was_answered(&before_that, new, *it));
        let entries: Vec<(String, Vec<String>)> = fresh
            .into_iter()
            .filter_map(|it| {
                let value = canonical(new, it.child_by_field_name("value")?);
                Some((canonical(new, it.child_by_field_name("key")?), telling(&value)))
            })
            .collect();
        let fits = |(key, answers): &&(String, Vec<String>)| {
            !literals(key).is_empty() && !answers.is_empty() && asked_and_expected(before, key, answers)
        };
        let fitting = entries.iter().filter(fits).count();
        if fitting > 0 && fitting * 2 >= entries.len() {
            let reason = format!("a table answers {fitting} inputs of the tests with what they expect");
            let objection = if kept.len() > 1 {
                Objection::needs_person(&RULES[2], reason)
            } else {
                Objection::refuse(&RULES[2], reason)
            };
            found.push((objection, Module::line(table)));
        }
    }
    found
}
