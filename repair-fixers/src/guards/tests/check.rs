//! One thing that a test checks, in a form that does not depend on the style of the test.

use super::tokens::substitute;
use crate::python::{Bindings, Module, canonical};
use std::collections::BTreeMap;
use tree_sitter::Node;

/// How much a check says about its subject: a weaker one accepts more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// The statements run without an error.
    Runs,
    /// True or not, there or not.
    Truth,
    /// Of a type, with an attribute.
    Kind,
    /// In a range, among some, beginning with.
    Range,
    /// Of a length; called once.
    Length,
    /// Equal within a tolerance.
    Near,
    /// Equal; raises; whatever a named assertion says.
    Exact,
}

/// A check.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Check {
    /// How much it says.
    pub(super) strength: Strength,
    /// What it does: `==`, `in`, `raises`, a name of an assertion, …
    pub(super) operation: String,
    /// Its subject.
    pub(super) left: String,
    /// What the subject is compared with: the expected value, the exceptions.
    pub(super) right: String,
    /// How far off an equal value may be.
    pub(super) tolerance: Option<f64>,
    /// The pattern that a message must match.
    pub(super) matched: Option<String>,
    /// Why it may not run or not count, if so.
    pub(super) hidden: Option<&'static str>,
    /// The condition under which alone it runs.
    pub(super) condition: Option<String>,
    /// 1-based line.
    pub(super) line: u32,
}

impl Check {
    /// A check without a tolerance or a message, that runs in any case.
    pub(super) fn new(strength: Strength, operation: &str, left: String, right: String) -> Self {
        Self {
            strength,
            operation: operation.to_owned(),
            left,
            right,
            tolerance: None,
            matched: None,
            hidden: None,
            condition: None,
            line: 0,
        }
    }

    /// Statements that only must run.
    pub(super) fn runs(steps: String) -> Self {
        Self::new(Strength::Runs, "runs", steps, String::new())
    }

    /// An error that must be raised.
    pub(super) fn raises(left: String, exception: String) -> Self {
        Self::new(Strength::Exact, "raises", left, exception)
    }

    /// What makes two checks the same.
    pub(super) fn key(&self) -> String {
        let (left, right) = match self.operation.as_str() {
            "==" | "!=" | "near" if self.left > self.right => (&self.right, &self.left),
            _ => (&self.left, &self.right),
        };
        let matched = self.matched.as_deref().unwrap_or_default();
        let tolerance = self.tolerance.map(|tolerance| tolerance.to_string()).unwrap_or_default();
        format!("{}|{left}|{right}|{matched}|{tolerance}", self.operation)
    }

    /// The check with the lists of literals that it sorts sorted.
    pub(super) fn sorted(mut self) -> Self {
        for side in [&mut self.left, &mut self.right] {
            if let Some(list) = side.strip_prefix("sorted([").and_then(|rest| rest.strip_suffix("])")) {
                let mut parts: Vec<&str> = list.split(',').collect();
                if parts.iter().all(|part| super::tokens::is_literal(part)) {
                    parts.sort_unstable();
                    *side = format!("[{}]", parts.join(","));
                }
            }
        }
        self
    }

    /// The check with names replaced by what they stand for.
    pub(super) fn with(&self, values: &BTreeMap<String, String>) -> Self {
        let put = |text: &String| substitute(text, values).replace("RAISED.exception", "RAISED.value");
        Self {
            left: put(&self.left),
            right: put(&self.right),
            matched: self.matched.as_ref().map(|text| substitute(text, values)),
            ..self.clone()
        }
    }

    /// As one would read it.
    pub(super) fn title(&self) -> String {
        let text = format!("{} {} {}", self.left, self.operation, self.right);
        let short: String = text.trim().chars().take(70).collect();
        if short.len() < text.trim().len() { format!("{short}…") } else { short }
    }

    /// Whether it holds whatever the subject does.
    pub(super) fn is_tautology(&self) -> bool {
        let constant = |text: &str| super::tokens::names(text).is_empty() && !text.is_empty();
        let any = |text: &str| text == "ANY" || text.ends_with(".ANY");
        match self.operation.as_str() {
            "==" | "<=" | ">=" | "is" | "near" => {
                self.left == self.right
                    || any(&self.left)
                    || any(&self.right)
                    || constant(&self.left) && constant(&self.right)
                    || self.operation == ">=" && self.left.starts_with("len(") && self.right == "0"
            }
            "true" | "not none" => constant(&self.left),
            "in" => {
                self.right.contains(&format!("[{}]", self.left)) || self.right.contains(&format!("({},)", self.left))
            }
            "isinstance" => self.right == "object",
            "or" => self.left.split("or").any(|part| matches!(part.trim(), "True" | "1")),
            _ => false,
        }
    }
}

/// Reads checks from expressions and calls.
pub(super) struct Reader<'m> {
    pub(super) module: &'m Module,
    pub(super) bindings: &'m Bindings,
}

impl<'m> Reader<'m> {
    fn text(&self, node: Node<'_>) -> String {
        canonical(self.module, node)
    }

    /// The checks of `assert expression`.
    pub(super) fn of_expression(&self, node: Node<'_>, negated: bool) -> Vec<Check> {
        match node.kind() {
            "parenthesized_expression" => match node.named_child(0) {
                Some(inner) => self.of_expression(inner, negated),
                None => Vec::new(),
            },
            "not_operator" => match node.child_by_field_name("argument") {
                Some(inner) => self.of_expression(inner, !negated),
                None => Vec::new(),
            },
            "boolean_operator" => self.of_boolean(node, negated),
            "comparison_operator" => vec![self.of_comparison(node, negated)],
            "call" if !negated => vec![self.of_call_value(node)],
            _ => vec![self.truth(node, negated)],
        }
    }

    fn truth(&self, node: Node<'_>, negated: bool) -> Check {
        Check::new(Strength::Truth, if negated { "false" } else { "true" }, self.text(node), String::new())
    }

    fn of_boolean(&self, node: Node<'_>, negated: bool) -> Vec<Check> {
        let operator = node.child_by_field_name("operator").map(|node| node.kind()).unwrap_or_default();
        let sides = [node.child_by_field_name("left"), node.child_by_field_name("right")];
        if (operator == "and") != negated {
            return sides.into_iter().flatten().flat_map(|side| self.of_expression(side, negated)).collect();
        }
        let parts = sides.into_iter().flatten().flat_map(|side| self.of_expression(side, negated));
        let weakest = parts.map(|check| check.strength).min().unwrap_or(Strength::Truth).min(Strength::Range);
        vec![Check::new(weakest, "or", self.text(node), String::new())]
    }

    fn of_comparison(&self, node: Node<'_>, negated: bool) -> Check {
        let mut cursor = node.walk();
        let operands: Vec<Node<'_>> = node.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect();
        let mut cursor = node.walk();
        let words: Vec<&str> = node.children_by_field_name("operators", &mut cursor).map(|it| it.kind()).collect();
        let [left, right] = operands[..] else {
            return self
                .of_chain(&operands, &words, negated)
                .unwrap_or_else(|| Check::new(Strength::Range, "range", self.text(node), String::new()));
        };
        let operator = words.join(" ");
        let operator = if negated { negate(&operator) } else { operator.as_str() };
        self.compare(operator, left, right)
    }

    /// A chain says at least what its most telling link says: `a == b <= c` says `a == b`.
    fn of_chain(&self, operands: &[Node<'_>], operators: &[&str], negated: bool) -> Option<Check> {
        if negated || operands.len() != operators.len() + 1 {
            return None;
        }
        let equal: Vec<usize> = (0..operators.len()).filter(|index| operators[*index] == "==").collect();
        let first = *equal.first()?;
        let all_equal = equal.len() == operators.len();
        let right = if all_equal { *operands.last()? } else { operands[first + 1] };
        let left = if all_equal { operands[0] } else { operands[first] };
        Some(self.compare("==", left, right))
    }

    fn compare(&self, operator: &str, left: Node<'_>, right: Node<'_>) -> Check {
        let (a, b) = (self.text(left), self.text(right));
        let near =
            self.approximation(left).map(|it| (b.clone(), it)).or(self.approximation(right).map(|it| (a.clone(), it)));
        let equal = matches!(operator, "==" | "is");
        match (operator, near) {
            ("==", Some((subject, (value, tolerance)))) => {
                Check { tolerance, ..Check::new(Strength::Near, "near", subject, value) }
            }
            ("<" | "<=", _) if a.starts_with("abs(") && a.contains('-') => {
                let tolerance = b.parse().ok();
                Check { tolerance, ..Check::new(Strength::Near, "near", a.trim_start_matches("abs").to_owned(), b) }
            }
            ("is not" | "!=", _) if b == "None" => Check::new(Strength::Truth, "not none", a, String::new()),
            (">" | "!=", _) if b == "0" && a.starts_with("len(") => {
                Check::new(Strength::Truth, "true", inner(&a), String::new())
            }
            (">=", _) if b == "1" && a.starts_with("len(") => {
                Check::new(Strength::Truth, "true", inner(&a), String::new())
            }
            _ if equal && b == "True" => Check::new(Strength::Truth, "true", a, String::new()),
            _ if equal && b == "False" => Check::new(Strength::Truth, "false", a, String::new()),
            _ if equal && a.starts_with("type(") => Check::new(Strength::Kind, "type", inner(&a), b),
            _ if equal && a.starts_with("len(") => Check::new(Strength::Length, "==", a, b),
            _ if equal => Check::new(Strength::Exact, "==", a, b),
            ("!=" | "is not", _) => Check::new(Strength::Range, "!=", a, b),
            (operator, _) => Check::new(Strength::Range, operator, a, b),
        }
    }

    /// The value and the tolerance of `approx(value, abs=…)`.
    fn approximation(&self, node: Node<'_>) -> Option<(String, Option<f64>)> {
        let name = self.bindings.resolve(self.module, node).filter(|_| node.kind() == "call")?;
        if !matches!(name.rsplit('.').next(), Some("approx" | "Approx")) {
            return None;
        }
        let arguments = Arguments::of(self, node);
        Some((arguments.at(0), arguments.tolerance()))
    }

    /// An expression that is a call, asserted to be true.
    fn of_call_value(&self, node: Node<'_>) -> Check {
        let name = self.bindings.resolve(self.module, node).unwrap_or_default();
        let arguments = Arguments::of(self, node);
        let last = name.rsplit('.').next().unwrap_or_default();
        let pair = |strength, operation: &str| Check::new(strength, operation, arguments.at(0), arguments.at(1));
        match last {
            "isinstance" | "issubclass" => pair(Strength::Kind, "isinstance"),
            "hasattr" => pair(Strength::Kind, "hasattr"),
            "isclose" | "allclose" => Check { tolerance: arguments.tolerance(), ..pair(Strength::Near, "near") },
            "array_equal" => pair(Strength::Exact, "=="),
            "startswith" | "endswith" | "issubset" | "issuperset" | "match" | "search" | "fullmatch" | "any"
            | "isdisjoint" => Check::new(Strength::Range, last, self.text(node), String::new()),
            "all" | "equals" => Check::new(Strength::Near, last, self.text(node), String::new()),
            "bool" if name == "bool" => Check::new(Strength::Truth, "true", arguments.at(0), String::new()),
            _ => self.truth(node, false),
        }
    }

    /// The checks of a call that stands as a statement, if it checks something.
    pub(super) fn of_call(&self, node: Node<'_>) -> Vec<Check> {
        let Some(function) = node.child_by_field_name("function") else { return Vec::new() };
        let name = self.bindings.resolve(self.module, function).unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or_default();
        let arguments = Arguments::of(self, node);
        let pair = |strength, operation: &str| vec![Check::new(strength, operation, arguments.at(0), arguments.at(1))];
        let sorted = |text: String| format!("sorted({text})");
        let nodes = (arguments.nodes.first().copied(), arguments.nodes.get(1).copied());
        let compare = |operator: &str| match nodes {
            (Some(left), Some(right)) => vec![self.compare(operator, left, right)],
            _ => Vec::new(),
        };
        match last {
            "assertTrue" | "assert_" | "ok_" => nodes.0.map(|it| self.of_expression(it, false)).unwrap_or_default(),
            "assertFalse" => nodes.0.map(|it| self.of_expression(it, true)).unwrap_or_default(),
            "assertEqual"
            | "assertEquals"
            | "assertListEqual"
            | "assertDictEqual"
            | "assertSetEqual"
            | "assertTupleEqual"
            | "assertSequenceEqual"
            | "assertMultiLineEqual"
            | "assertIs"
            | "assert_equal"
            | "assert_array_equal"
            | "eq_" => compare("=="),
            "assertItemsEqual" | "assertCountEqual" => {
                vec![Check::new(Strength::Exact, "==", sorted(arguments.at(0)), sorted(arguments.at(1)))]
            }
            "assertNotEqual" | "assertNotEquals" | "assertIsNot" => compare("!="),
            "assertIn" => compare("in"),
            "assertNotIn" => compare("not in"),
            "assertGreater" => compare(">"),
            "assertGreaterEqual" => compare(">="),
            "assertLess" => compare("<"),
            "assertLessEqual" => compare("<="),
            "assertIsNone" => vec![Check::new(Strength::Exact, "==", arguments.at(0), "None".to_owned())],
            "assertIsNotNone" => vec![Check::new(Strength::Truth, "not none", arguments.at(0), String::new())],
            "assertIsInstance" => pair(Strength::Kind, "isinstance"),
            "assertAlmostEqual"
            | "assertAlmostEquals"
            | "assert_allclose"
            | "assert_almost_equal"
            | "assert_array_almost_equal" => {
                let check = Check::new(Strength::Near, "near", arguments.at(0), arguments.at(1));
                vec![Check { tolerance: arguments.tolerance(), ..check }]
            }
            "assertRegex" | "assertRegexpMatches" | "assertDictContainsSubset" | "assertNotRegex" => {
                pair(Strength::Range, last)
            }
            "assert_called" | "assert_called_once" => {
                vec![Check::new(Strength::Length, last, name.clone(), String::new())]
            }
            "fail" if name != "fail" || self.bindings.get("fail").is_some() => {
                vec![Check::new(Strength::Exact, "fail", String::new(), String::new())]
            }
            _ if self.is_raises(&name) => self.of_raises(node, true).into_iter().collect(),
            _ if is_assertion(last) => {
                let subject = function.child_by_field_name("object").map(|it| self.text(it)).unwrap_or_default();
                vec![Check::new(Strength::Exact, last, arguments.all(), subject)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether a call of this name expects an error or a warning.
    fn is_raises(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or_default();
        let unittest = [
            "assertRaises",
            "assertWarns",
            "assertRaisesRegex",
            "assertRaisesRegexp",
            "assertWarnsRegex",
            "assertLogs",
        ];
        unittest.contains(&last)
            || matches!(
                name,
                "pytest.raises" | "pytest.warns" | "pytest.deprecated_call" | "assert_raises" | "pytest.RaisesGroup"
            )
            || last == "assert_raises"
    }

    /// The check of a context manager or call that expects an error; `whole` if the call names what must raise.
    pub(super) fn of_raises(&self, node: Node<'_>, whole: bool) -> Option<Check> {
        let name = self.bindings.resolve(self.module, node).filter(|_| node.kind() == "call")?;
        if !self.is_raises(&name) {
            return None;
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        let arguments = Arguments::of(self, node);
        let operation = if last.to_ascii_lowercase().contains("raises") { "raises" } else { "warns" };
        let regex = last.contains("Regex");
        let matched = arguments.keyword("match").or_else(|| regex.then(|| arguments.at(1)));
        let body = arguments.from(if regex { 2 } else { 1 });
        let left = if whole { call_of(&body) } else { String::new() };
        let exceptions = if last == "deprecated_call" { "DeprecationWarning".to_owned() } else { arguments.at(0) };
        Some(Check { matched, ..Check::new(Strength::Exact, operation, left, exceptions) })
    }
}

/// `f(a,b)` from the arguments `f`, `a`, `b` that say what to call.
fn call_of(arguments: &[String]) -> String {
    match arguments {
        [] => String::new(),
        [function, rest @ ..] => format!("{function}({})", rest.join(",")),
    }
}

/// Whether a function of this name checks something.
pub(super) fn is_assertion(name: &str) -> bool {
    let bare = name.trim_start_matches('_').to_ascii_lowercase();
    bare.starts_with("assert")
        || ["check_", "verify_", "expect_", "ensure_"].iter().any(|start| bare.starts_with(start))
}

fn inner(call: &str) -> String {
    let open = call.find('(').map_or(0, |at| at + 1);
    call[open..].strip_suffix(')').unwrap_or(call).to_owned()
}

fn negate(operator: &str) -> &str {
    match operator {
        "==" => "!=",
        "!=" => "==",
        "in" => "not in",
        "not in" => "in",
        "is" => "is not",
        "is not" => "is",
        "<" => ">=",
        ">" => "<=",
        "<=" => ">",
        ">=" => "<",
        other => other,
    }
}

struct Arguments<'t> {
    nodes: Vec<Node<'t>>,
    plain: Vec<String>,
    keywords: BTreeMap<String, String>,
}

impl<'t> Arguments<'t> {
    fn of(reader: &Reader<'_>, call: Node<'t>) -> Self {
        let mut all = Self { nodes: Vec::new(), plain: Vec::new(), keywords: BTreeMap::new() };
        let Some(list) = call.child_by_field_name("arguments") else { return all };
        let mut cursor = list.walk();
        for child in list.named_children(&mut cursor) {
            match (child.kind(), child.child_by_field_name("name"), child.child_by_field_name("value")) {
                ("comment", ..) => {}
                ("keyword_argument", Some(name), Some(value)) => {
                    all.keywords.insert(reader.text(name), reader.text(value));
                }
                _ => {
                    all.nodes.push(child);
                    all.plain.push(reader.text(child));
                }
            }
        }
        all
    }

    fn at(&self, index: usize) -> String {
        self.plain.get(index).cloned().unwrap_or_default()
    }

    fn from(&self, index: usize) -> Vec<String> {
        self.plain.get(index..).unwrap_or_default().to_vec()
    }

    fn keyword(&self, name: &str) -> Option<String> {
        self.keywords.get(name).cloned()
    }

    fn all(&self) -> String {
        let named =
            self.keywords.iter().filter(|(name, _)| *name != "msg").map(|(name, value)| format!("{name}={value}"));
        self.plain.iter().cloned().chain(named).collect::<Vec<_>>().join(",")
    }

    /// The largest tolerance named.
    fn tolerance(&self) -> Option<f64> {
        let number = |name: &str| self.keywords.get(name).and_then(|text| text.parse::<f64>().ok());
        let places = number("places").or_else(|| number("decimal")).map(|places| 10f64.powf(-places));
        let named =
            ["abs", "rel", "rel_tol", "abs_tol", "rtol", "atol", "delta"].iter().filter_map(|name| number(name));
        let infinite = self.keywords.values().any(|text| text.contains("inf")).then_some(f64::INFINITY);
        named.chain(places).chain(infinite).reduce(f64::max)
    }
}
