//! The checks of a function, with what may keep each from counting.

use super::check::{Check, Reader};
use super::tokens::substitute;
use crate::python::{Module, canonical};
use std::collections::BTreeMap;
use tree_sitter::Node;

/// What a function body does.
#[derive(Debug, Default, Clone)]
pub(super) struct Body {
    /// What it checks, names inlined, loops over literals unrolled.
    pub(super) checks: Vec<Check>,
    /// Its other statements, in canonical form.
    pub(super) steps: Vec<String>,
}

/// Longest text that is put in the place of a name.
const LONGEST: usize = 400;
/// Most turns of a loop that are unrolled.
const TURNS: usize = 200;

/// Reads a body.
pub(super) struct Walk<'m> {
    reader: Reader<'m>,
    body: Body,
    values: BTreeMap<String, String>,
    whole: String,
}

#[derive(Clone, Default)]
struct Place {
    hidden: Option<&'static str>,
    condition: Option<String>,
}

impl<'m> Walk<'m> {
    /// Reads `body`; `constants` are what the names of the module stand for.
    pub(super) fn of(reader: Reader<'m>, body: Node<'_>, constants: &BTreeMap<String, String>) -> Body {
        let whole = canonical(reader.module, body);
        let mut walk = Self { reader, body: Body::default(), values: constants.clone(), whole };
        walk.block(body, &Place::default());
        walk.body
    }

    fn module(&self) -> &'m Module {
        self.reader.module
    }

    fn text(&self, node: Node<'_>) -> String {
        substitute(&canonical(self.module(), node), &self.values)
    }

    fn block(&mut self, block: Node<'_>, place: &Place) {
        let mut place = place.clone();
        let mut cursor = block.walk();
        for statement in block.named_children(&mut cursor) {
            self.statement(statement, &place);
            if leaves(self.module(), statement) {
                place.hidden = place.hidden.or(Some("nothing after a `return`, `raise` or skip runs"));
            } else if statement.kind() == "if_statement" && leaves_at_times(self.module(), statement) {
                let condition = statement.child_by_field_name("condition").map(|node| self.text(node));
                place.condition = place.condition.or(condition.map(|text| format!("not({text})")));
            }
        }
    }

    fn statement(&mut self, node: Node<'_>, place: &Place) {
        match node.kind() {
            "assert_statement" => {
                let condition = node.named_child(0);
                if condition.is_some_and(|it| self.all_of(it, node, place)) {
                    return;
                }
                let checks = condition.map(|it| self.reader.of_expression(it, false)).unwrap_or_default();
                self.add(checks, node, place);
            }
            "expression_statement" => self.expression(node, place),
            "with_statement" => self.with(node, place),
            "try_statement" => self.attempt(node, place),
            "if_statement" => self.branches(node, place),
            "for_statement" => self.turns(node, place),
            "while_statement" => {
                let never = node.child_by_field_name("condition").is_some_and(|it| is_false(&self.text(it)));
                let place =
                    Place { hidden: place.hidden.or(never.then_some("its condition is never true")), ..place.clone() };
                self.inner(node, "body", &place);
            }
            "function_definition" | "class_definition" => self.nested(node, place),
            "decorated_definition" => {
                if let Some(definition) = node.child_by_field_name("definition") {
                    self.nested(definition, place);
                }
            }
            "match_statement" => {
                let cases = self.module().walk(node).filter(|it| it.kind() == "case_clause");
                for case in cases.collect::<Vec<_>>() {
                    self.inner(case, "consequence", place);
                }
            }
            "comment" | "pass_statement" => {}
            _ => self.step(node),
        }
    }

    fn step(&mut self, node: Node<'_>) {
        let text = self.text(node);
        self.body.steps.push(text);
    }

    fn add(&mut self, checks: Vec<Check>, node: Node<'_>, place: &Place) {
        for check in checks {
            let check = check.with(&self.values).sorted();
            let condition = place.condition.clone();
            self.body.checks.push(Check { hidden: place.hidden, condition, line: Module::line(node), ..check });
        }
    }

    /// `assert all(check for names in literal)` checks every member; whether it was that.
    fn all_of(&mut self, call: Node<'_>, statement: Node<'_>, place: &Place) -> bool {
        let is_all = call.child_by_field_name("function").is_some_and(|it| self.module().text_of(it) == "all");
        let Some(generator) =
            call.child_by_field_name("arguments").filter(|it| is_all && it.kind() == "generator_expression")
        else {
            return false;
        };
        let (Some(body), Some(clause)) = (generator.child_by_field_name("body"), generator.named_child(1)) else {
            return false;
        };
        let sides = (clause.child_by_field_name("left"), clause.child_by_field_name("right"));
        let (Some(left), Some(right)) = sides else { return false };
        let Some(members) = self.members_of(right).filter(|it| generator.named_child_count() == 2 && it.len() <= TURNS)
        else {
            return false;
        };
        let names = targets(self.module(), left);
        for member in members {
            let saved = self.values.clone();
            self.values.extend(bind(&names, &substitute(&member, &saved)));
            let checks = self.reader.of_expression(body, false);
            self.add(checks, statement, place);
            self.values = saved;
        }
        true
    }

    /// The members of a literal, or of a name that stands for one.
    fn members_of(&self, node: Node<'_>) -> Option<Vec<String>> {
        members(self.module(), node).or_else(|| {
            let value = self.values.get(self.module().text_of(node))?;
            let parsed = Module::parse(value);
            members(&parsed, expression(&parsed)?)
        })
    }

    fn expression(&mut self, node: Node<'_>, place: &Place) {
        let Some(inner) = node.named_child(0) else { return };
        let call = if inner.kind() == "await" { inner.named_child(0).unwrap_or(inner) } else { inner };
        match call.kind() {
            "call" => {
                let checks = self.reader.of_call(call);
                if checks.is_empty() { self.step(node) } else { self.add(checks, node, place) }
            }
            "assignment" => self.assignment(call),
            "string" => {}
            _ => self.step(node),
        }
    }

    /// A name assigned once stands for its value from there on.
    fn assignment(&mut self, node: Node<'_>) {
        let sides = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        if let (Some(left), Some(right)) = sides
            && left.kind() == "identifier"
        {
            let name = self.module().text_of(left).to_owned();
            let value = self.text(right);
            let again =
                self.whole.matches(&format!("{name}=")).count() > 1 + self.whole.matches(&format!("{name}==")).count();
            if !again && value.len() <= LONGEST {
                self.values.insert(name, value);
                return self.body.steps.push(format!("let {}", self.text(right)));
            }
            self.values.remove(&name);
        }
        self.step(node);
    }

    fn with(&mut self, node: Node<'_>, place: &Place) {
        let mut place = place.clone();
        let body = node.child_by_field_name("body");
        let items: Vec<Node<'_>> =
            self.module().walk(node).take_while(|it| Some(*it) != body).filter(|it| it.kind() == "with_item").collect();
        for item in items {
            let Some(value) = item.child_by_field_name("value") else { continue };
            let call = if value.kind() == "as_pattern" { value.named_child(0).unwrap_or(value) } else { value };
            let name = self.reader.bindings.resolve(self.module(), call).unwrap_or_default();
            if let Some(mut check) = self.reader.of_raises(call, false) {
                check.left = body.map(|body| canonical(self.module(), body)).unwrap_or_default();
                self.add(vec![check], node, &place);
                self.alias(value, "RAISED");
            } else if name.ends_with("suppress") {
                place.hidden = place.hidden.or(Some("`suppress` swallows its failure"));
            } else if !name.ends_with("subTest") {
                self.step(item);
            }
        }
        self.inner(node, "body", &place);
    }

    fn attempt(&mut self, node: Node<'_>, place: &Place) {
        let mut cursor = node.walk();
        let clauses: Vec<Node<'_>> =
            node.named_children(&mut cursor).filter(|it| it.kind().starts_with("except")).collect();
        let silent = clauses.iter().any(|clause| is_silent(self.module(), *clause));
        let captured = self.captured_error(node, &clauses);
        let kept = captured.as_ref().map(|(check, _)| check.clone());
        let expected = self.expected_error(node, &clauses).or(kept);
        let hidden = place.hidden.or((silent && expected.is_none()).then_some("an `except` swallows its failure"));
        self.inner(node, "body", &Place { hidden, ..place.clone() });
        let condition = expected.is_none().then(|| "an error was raised".to_owned());
        self.add(expected.into_iter().collect(), node, place);
        for clause in clauses {
            if let Some(pattern) = clause.named_child(0).filter(|it| it.kind() == "as_pattern") {
                self.alias(pattern, "RAISED.value");
            }
            let inner = Place { condition: place.condition.clone().or(condition.clone()), ..place.clone() };
            self.last_block(clause, &inner);
        }
        let mut cursor = node.walk();
        for clause in
            node.named_children(&mut cursor).filter(|it| matches!(it.kind(), "else_clause" | "finally_clause"))
        {
            self.last_block(clause, place);
        }
        if let Some((_, name)) = captured {
            self.values.insert(name, "RAISED.value".to_owned());
        }
    }

    /// `try: f()`, `except E: …`, `else: fail()` expects the error `E`.
    fn expected_error(&self, node: Node<'_>, clauses: &[Node<'_>]) -> Option<Check> {
        let [clause] = clauses else { return None };
        let fails = |block: Node<'_>| {
            let text = canonical(self.module(), block);
            text.ends_with(')') && (text.contains("pytest.fail(") || text.contains("self.fail("))
                || text.ends_with("assert False")
        };
        let mut cursor = node.walk();
        let other = node.named_children(&mut cursor).find(|it| it.kind() == "else_clause");
        let body = node.child_by_field_name("body")?;
        let caught = clause.named_child(0).filter(|it| it.kind() != "block")?;
        let caught = if caught.kind() == "as_pattern" { caught.named_child(0)? } else { caught };
        let caught = canonical(self.module(), caught);
        let broad = matches!(caught.as_str(), "Exception" | "BaseException" | "AssertionError");
        (other.is_some_and(fails) || fails(body) && !broad)
            .then(|| Check::raises(canonical(self.module(), body), caught))
    }

    /// `except E as x: y = x`, with `assert y is not None` behind it, expects the error `E`, which `y` then stands for.
    fn captured_error(&self, node: Node<'_>, clauses: &[Node<'_>]) -> Option<(Check, String)> {
        let [clause] = clauses else { return None };
        let pattern = clause.named_child(0).filter(|it| it.kind() == "as_pattern")?;
        let target = self.module().walk(pattern).find(|it| it.kind() == "as_pattern_target")?;
        let block = clause.named_child(1).filter(|it| it.kind() == "block")?;
        let text = canonical(self.module(), block);
        let (name, value) = text.split_once('=')?;
        let asked = self.whole.contains(&format!("assert {name} is not None"));
        let caught = canonical(self.module(), pattern.named_child(0)?);
        let body = canonical(self.module(), node.child_by_field_name("body")?);
        (asked && value == self.module().text_of(target)).then(|| (Check::raises(body, caught), name.to_owned()))
    }

    /// The name after `as` stands for `meaning` from there on.
    fn alias(&mut self, pattern: Node<'_>, meaning: &str) {
        let target = self.module().walk(pattern).find(|it| it.kind() == "as_pattern_target");
        if let Some(target) = target {
            self.values.insert(self.module().text_of(target).to_owned(), meaning.to_owned());
        }
    }

    fn last_block(&mut self, clause: Node<'_>, place: &Place) {
        let mut cursor = clause.walk();
        if let Some(block) = clause.named_children(&mut cursor).filter(|it| it.kind() == "block").last() {
            self.block(block, place);
        }
    }

    fn branches(&mut self, node: Node<'_>, place: &Place) {
        let condition = node.child_by_field_name("condition").map(|it| self.text(it)).unwrap_or_default();
        let never = is_false(&condition);
        let always = matches!(condition.as_str(), "True" | "1");
        let inner = Place {
            hidden: place.hidden.or(never.then_some("its condition is never true")),
            condition: if always {
                place.condition.clone()
            } else {
                place.condition.clone().or(Some(condition.clone()))
            },
        };
        self.inner(node, "consequence", &inner);
        let mut cursor = node.walk();
        for clause in node.children_by_field_name("alternative", &mut cursor) {
            let hidden = place.hidden.or(always.then_some("its condition is never true"));
            let other = place.condition.clone().or_else(|| (!never).then(|| format!("not({condition})")));
            self.last_block(clause, &Place { hidden, condition: other });
        }
    }

    /// A loop; over a literal, its checks are repeated for every member.
    fn turns(&mut self, node: Node<'_>, place: &Place) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let text = self.text(right);
        let members = self.members_of(right);
        let empty = matches!(text.as_str(), "[]" | "()" | "{}" | "range(0)" | "set()");
        let place = Place { hidden: place.hidden.or(empty.then_some("its loop makes no turn")), ..place.clone() };
        let names: Vec<String> = targets(self.module(), left);
        match members {
            Some(members) if !empty && members.len() <= TURNS => {
                for member in members {
                    let saved = self.values.clone();
                    self.values.extend(bind(&names, &substitute(&member, &saved)));
                    self.inner(node, "body", &place);
                    self.values = saved;
                }
            }
            _ => {
                self.body.steps.push(format!("for {} in {text}", names.join(",")));
                self.inner(node, "body", &place);
            }
        }
    }

    /// What a function inside the function checks counts only if it is called.
    fn nested(&mut self, node: Node<'_>, place: &Place) {
        let name = node.child_by_field_name("name").map(|it| self.module().text_of(it)).unwrap_or_default();
        let used = super::tokens::tokens(&self.whole).into_iter().filter(|token| *token == name).count() > 1;
        let is_function = node.kind() == "function_definition";
        let hidden = place.hidden.or((is_function && !used).then_some("nothing calls the function that it is in"));
        self.inner(node, "body", &Place { hidden, ..place.clone() });
    }

    fn inner(&mut self, node: Node<'_>, field: &str, place: &Place) {
        if let Some(block) = node.child_by_field_name(field) {
            self.block(block, place);
        }
    }
}

/// The only expression of a module.
pub(super) fn expression(module: &Module) -> Option<Node<'_>> {
    module.root().named_child(0)?.named_child(0)
}

/// The members of a literal list, tuple or set, in canonical form; of a dictionary's `items()` too.
pub(super) fn members(module: &Module, node: Node<'_>) -> Option<Vec<String>> {
    match node.kind() {
        "list" | "tuple" | "set" => {
            let mut cursor = node.walk();
            let children = node.named_children(&mut cursor).filter(|it| it.kind() != "comment");
            let all: Vec<Node<'_>> = children.collect();
            all.iter()
                .all(|it| it.kind() != "list_splat")
                .then(|| all.iter().map(|it| canonical(module, *it)).collect())
        }
        "dictionary" => {
            let mut cursor = node.walk();
            let pairs = node.named_children(&mut cursor).filter(|it| it.kind() == "pair");
            let member = |pair: Node<'_>| {
                let side = |field| pair.child_by_field_name(field).map(|it| canonical(module, it)).unwrap_or_default();
                format!("({},{})", side("key"), side("value"))
            };
            Some(pairs.map(member).collect())
        }
        "parenthesized_expression" => members(module, node.named_child(0)?),
        "call" => {
            let function = node.child_by_field_name("function")?;
            let items = function.child_by_field_name("attribute").is_some_and(|it| module.text_of(it) == "items");
            let object = function.child_by_field_name("object").filter(|it| items && it.kind() == "dictionary")?;
            members(module, object)
        }
        _ => None,
    }
}

/// The names that a loop or a parametrisation binds.
fn targets(module: &Module, node: Node<'_>) -> Vec<String> {
    let names = module.walk(node).filter(|it| it.kind() == "identifier");
    names.map(|it| module.text_of(it).to_owned()).collect()
}

/// What the names stand for in one turn.
pub(super) fn bind(names: &[String], member: &str) -> BTreeMap<String, String> {
    if let [name] = names
        && !member.contains("param(")
    {
        return BTreeMap::from([(name.clone(), member.to_owned())]);
    }
    let parsed = Module::parse(member);
    let parts = expression(&parsed).and_then(|node| match node.kind() {
        "call" => {
            let list = node.child_by_field_name("arguments")?;
            let mut cursor = list.walk();
            let plain = list.named_children(&mut cursor).filter(|it| it.kind() != "keyword_argument");
            Some(plain.map(|it| canonical(&parsed, it)).collect())
        }
        _ => members(&parsed, node),
    });
    names.iter().cloned().zip(parts.unwrap_or_default()).collect()
}

fn is_false(condition: &str) -> bool {
    matches!(
        condition,
        "False" | "0" | "None" | "\"\"" | "[]" | "()" | "{}" | "not True" | "TYPE_CHECKING" | "typing.TYPE_CHECKING"
    )
}

/// Whether nothing after the statement in its block runs.
fn leaves(module: &Module, node: Node<'_>) -> bool {
    match node.kind() {
        "return_statement" | "raise_statement" | "continue_statement" | "break_statement" => true,
        "expression_statement" => {
            let text = canonical(module, node);
            ["pytest.skip(", "pytest.xfail(", "self.skipTest(", "sys.exit(", "pytest.exit(", "os._exit("]
                .iter()
                .any(|it| text.starts_with(it))
        }
        _ => false,
    }
}

fn leaves_at_times(module: &Module, node: Node<'_>) -> bool {
    let last = node.child_by_field_name("consequence").and_then(|block| {
        let count = block.named_child_count();
        block.named_child(u32::try_from(count.checked_sub(1)?).ok()?)
    });
    last.is_some_and(|last| leaves(module, last) && last.kind() != "raise_statement")
}

/// Whether an `except` clause neither raises nor checks.
pub(super) fn is_silent(module: &Module, clause: Node<'_>) -> bool {
    let loud = |node: Node<'_>| match node.kind() {
        "raise_statement" | "assert_statement" => true,
        "call" => {
            let text = node.child_by_field_name("function").map(|it| canonical(module, it)).unwrap_or_default();
            let last = text.rsplit('.').next().unwrap_or_default();
            matches!(last, "fail" | "skip" | "exit") || super::check::is_assertion(last)
        }
        _ => false,
    };
    !module.walk(clause).any(loud)
}
