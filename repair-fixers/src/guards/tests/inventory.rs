//! What one Python file holds that bears on tests: functions with their checks, and data.

use super::check::{Check, Reader};
use super::extract::{Walk, bind, expression, members};
use super::tokens;
use crate::python::{Bindings, Module, canonical};
use repair_core::{RepoPath, Snapshot, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tree_sitter::Node;

/// What a function is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A test runner would call it.
    Test,
    /// It would be a test, but for its surroundings: shadowed, in a class that is not collected, switched off.
    Dormant,
    /// It prepares tests or helps them.
    Helper,
}

/// A function or method.
#[derive(Debug, Clone)]
pub(super) struct Function {
    /// With its classes: `TestA.test_b`.
    pub(super) name: String,
    /// 1-based line.
    pub(super) line: u32,
    /// What it is there for.
    pub(super) role: Role,
    /// What it checks; once per case, if its cases are literals.
    pub(super) checks: Vec<Check>,
    /// Its other statements.
    pub(super) steps: Vec<String>,
    /// Cases of a parametrisation that are not a literal: the expression.
    pub(super) computed_cases: Vec<String>,
    /// Its body in canonical form.
    pub(super) body: String,
    /// Its decorators, with what they are called with.
    pub(super) decorators: Vec<String>,
    /// Whether it is a fixture of pytest.
    pub(super) fixture: bool,
}

/// The inventory of a file.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// Every function, methods too, in the order of the text.
    pub(super) functions: Vec<Function>,
    /// Names of the module with the canonical form of their value.
    pub(super) data: BTreeMap<String, String>,
    /// Statements of the module that are neither definition, import nor assignment.
    pub(super) loose: Vec<String>,
    /// Its imports.
    pub(super) bindings: Bindings,
    /// Every name in the file.
    pub(super) names: BTreeSet<String>,
    /// Names of classes with their bases.
    pub(super) classes: BTreeMap<String, String>,
}

impl Inventory {
    /// The inventory of `file`, made once.
    pub(super) fn of(file: &SourceFile) -> Option<Arc<Self>> {
        file.derived(Self::read)
    }

    /// The inventory of the file at `path`, if it is text.
    pub(super) fn at(snapshot: &Snapshot, path: &RepoPath) -> Option<Arc<Self>> {
        Self::of(snapshot.file(path).ok()?)
    }

    fn read(text: &str) -> Self {
        let module = Module::parse(text);
        let mut inventory = Self { bindings: Bindings::of(&module), ..Self::default() };
        let names = module.walk(module.root()).filter(|node| node.kind() == "identifier");
        inventory.names = names.map(|node| module.text_of(node).to_owned()).collect();
        inventory.read_data(&module);
        inventory.block(&module, module.root(), None, true);
        inventory.put_shadowed_to_sleep();
        inventory
    }

    /// The function of this name that counts: the last one.
    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().rev().find(|function| function.name == name)
    }

    /// The functions that a runner would call.
    pub(super) fn tests(&self) -> impl Iterator<Item = &Function> {
        self.functions.iter().filter(|function| function.role == Role::Test)
    }

    fn read_data(&mut self, module: &Module) {
        let mut cursor = module.root().walk();
        for statement in module.root().named_children(&mut cursor) {
            let inner = statement.named_child(0);
            match (statement.kind(), inner.map(|it| it.kind())) {
                ("expression_statement", Some("assignment")) => {
                    let Some(inner) = inner else { continue };
                    let sides = (inner.child_by_field_name("left"), inner.child_by_field_name("right"));
                    if let (Some(left), Some(right)) = sides {
                        self.data.insert(canonical(module, left), canonical(module, right));
                    }
                }
                ("expression_statement", Some("string"))
                | ("comment" | "import_statement" | "import_from_statement", _) => {}
                (
                    "function_definition" | "class_definition" | "decorated_definition" | "future_import_statement",
                    _,
                ) => {}
                _ => self.loose.push(canonical(module, statement)),
            }
        }
    }

    fn block(&mut self, module: &Module, block: Node<'_>, class: Option<&Class>, top: bool) {
        let mut cursor = block.walk();
        for statement in block.named_children(&mut cursor) {
            match statement.kind() {
                "function_definition" => self.function_of(module, statement, &[], class, top),
                "class_definition" => self.class_of(module, statement, &[], class),
                "decorated_definition" => {
                    let mut cursor = statement.walk();
                    let decorators: Vec<Node<'_>> =
                        statement.named_children(&mut cursor).filter(|it| it.kind() == "decorator").collect();
                    let Some(definition) = statement.child_by_field_name("definition") else { continue };
                    match definition.kind() {
                        "class_definition" => self.class_of(module, definition, &decorators, class),
                        _ => self.function_of(module, definition, &decorators, class, top),
                    }
                }
                "if_statement" | "try_statement" | "with_statement" | "else_clause" | "except_clause" | "block"
                | "finally_clause" => {
                    self.block(module, statement, class, top);
                }
                _ => {}
            }
        }
    }

    fn class_of(&mut self, module: &Module, node: Node<'_>, decorators: &[Node<'_>], outer: Option<&Class>) {
        let name = node.child_by_field_name("name").map(|it| module.text_of(it)).unwrap_or_default();
        let bases = node.child_by_field_name("superclasses").map(|it| canonical(module, it)).unwrap_or_default();
        let body = node.child_by_field_name("body");
        let text = body.map(|it| canonical(module, it)).unwrap_or_default();
        let own_init = body.is_some_and(|body| {
            let mut cursor = body.walk();
            body.named_children(&mut cursor)
                .any(|it| it.kind() == "function_definition" && module.text_of(it).starts_with("def __init__"))
        });
        let unittest = bases.contains("TestCase") || outer.is_some_and(|outer| outer.unittest);
        let class = Class {
            name: outer.map_or_else(|| name.to_owned(), |outer| format!("{}.{name}", outer.name)),
            unittest,
            collected: (unittest || name.starts_with("Test") && !own_init) && !text.contains("__test__=False")
                || !bases.is_empty() && !name.starts_with('_') && !bases.contains("object") && name.contains("Test"),
            cases: cases(self, module, decorators),
        };
        self.classes.insert(class.name.clone(), bases);
        if let Some(body) = body {
            let mut cursor = body.walk();
            for statement in body.named_children(&mut cursor).filter(|it| it.kind() == "expression_statement") {
                if let Some((left, right)) =
                    canonical(module, statement).split_once('=').filter(|(left, _)| !left.contains('('))
                {
                    self.data.insert(format!("{}.{left}", class.name), right.to_owned());
                }
            }
            self.block(module, body, Some(&class), false);
        }
    }

    fn function_of(
        &mut self,
        module: &Module,
        node: Node<'_>,
        decorators: &[Node<'_>],
        class: Option<&Class>,
        top: bool,
    ) {
        let name = node.child_by_field_name("name").map(|it| module.text_of(it)).unwrap_or_default();
        let Some(body) = node.child_by_field_name("body") else { return };
        let short = |(name, value): (&String, &String)| (value.len() <= 300).then(|| (name.clone(), value.clone()));
        let constants = self.data.iter().filter(|(name, _)| !name.contains('.')).filter_map(short).collect();
        let walked = Walk::of(Reader { module, bindings: &self.bindings }, body, &constants);
        let mut own = cases(self, module, decorators);
        own.extend(class.map(|class| class.cases.clone()).unwrap_or_default());
        let (checks, computed_cases) = expand(walked.checks, &walked.steps, own);
        let shown = |node: &Node<'_>| decorator(&self.bindings, module, *node);
        let decorators: Vec<String> = decorators.iter().map(shown).collect();
        let role = role(name, class, &decorators, top);
        self.functions.push(Function {
            name: class.map_or_else(|| name.to_owned(), |class| format!("{}.{name}", class.name)),
            line: Module::line(node),
            role,
            checks,
            steps: walked.steps,
            computed_cases,
            body: canonical(module, body),
            fixture: decorators.iter().any(|it| it.contains("fixture")),
            decorators,
        });
    }

    /// Of functions with one name the last counts; a name that is deleted or bound anew counts no more.
    fn put_shadowed_to_sleep(&mut self) {
        let mut seen = BTreeSet::new();
        let off = |name: &str, inventory: &Self| {
            inventory.data.contains_key(name)
                || inventory.data.get(&format!("{name}.__test__")).is_some_and(|value| value == "False")
                || inventory.loose.iter().any(|text| text == &format!("del {name}"))
                || inventory.data.get("__test__").is_some_and(|value| value == "False")
        };
        let outer = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let sleeping: Vec<bool> = self
            .functions
            .iter()
            .rev()
            .map(|it| !seen.insert(it.name.clone()) || off(&outer(&it.name), self))
            .collect();
        for (function, sleeps) in self.functions.iter_mut().rev().zip(sleeping) {
            if sleeps && function.role == Role::Test {
                function.role = Role::Dormant;
            }
        }
    }
}

struct Class {
    name: String,
    unittest: bool,
    collected: bool,
    cases: Vec<Cases>,
}

fn role(name: &str, class: Option<&Class>, decorators: &[String], top: bool) -> Role {
    let fixture = decorators.iter().any(|it| it.contains("fixture") || it == "property");
    let named = name.starts_with("test") && !fixture;
    match class {
        _ if !named => Role::Helper,
        Some(class) if class.collected => Role::Test,
        Some(_) => Role::Dormant,
        None if top => Role::Test,
        None => Role::Dormant,
    }
}

fn decorator(bindings: &Bindings, module: &Module, node: Node<'_>) -> String {
    let Some(inner) = node.named_child(0) else { return String::new() };
    let name = bindings.resolve(module, inner).unwrap_or_default();
    let arguments = inner.child_by_field_name("arguments").map(|it| canonical(module, it)).unwrap_or_default();
    format!("{name}{arguments}")
}

/// One parametrisation.
#[derive(Debug, Clone)]
struct Cases {
    names: Vec<String>,
    /// `None` if they are computed.
    members: Option<Vec<String>>,
    expression: String,
}

fn cases(inventory: &Inventory, module: &Module, decorators: &[Node<'_>]) -> Vec<Cases> {
    decorators.iter().filter_map(|node| cases_of(inventory, module, *node)).collect()
}

fn cases_of(inventory: &Inventory, module: &Module, node: Node<'_>) -> Option<Cases> {
    let call = node.named_child(0).filter(|it| it.kind() == "call")?;
    let name = inventory.bindings.resolve(module, call)?;
    let last = name.rsplit('.').next()?;
    let list = call.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let arguments: Vec<Node<'_>> = list.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect();
    let keyword = |wanted: &str| {
        let found = arguments
            .iter()
            .find(|it| it.child_by_field_name("name").is_some_and(|name| module.text_of(name) == wanted));
        found.and_then(|it| it.child_by_field_name("value"))
    };
    let plain: Vec<Node<'_>> = arguments.iter().filter(|it| it.kind() != "keyword_argument").copied().collect();
    let (names, values) = match last {
        "parametrize" => {
            let names = plain.first().copied().or_else(|| keyword("argnames"))?;
            let bare = canonical(module, names).replace(['"', '[', ']', '(', ')'], "");
            let names = bare.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
            (names, plain.get(1).copied().or_else(|| keyword("argvalues"))?)
        }
        "fixture" => (vec!["request.param".to_owned()], keyword("params")?),
        "expand" | "parameterized" => (Vec::new(), plain.first().copied()?),
        "data" | "ddt" => (Vec::new(), list),
        _ => return None,
    };
    let expression_text = canonical(module, values);
    let resolved = inventory.data.get(&expression_text);
    let members = members(module, values).or_else(|| {
        let parsed = Module::parse(resolved?);
        members(&parsed, expression(&parsed)?)
    });
    Some(Cases { names, members, expression: resolved.cloned().unwrap_or(expression_text) })
}

/// The checks once for every case, and the expressions of cases that are computed.
fn expand(checks: Vec<Check>, steps: &[String], all: Vec<Cases>) -> (Vec<Check>, Vec<String>) {
    let mut computed = Vec::new();
    let mut checks = checks;
    let visible = checks.iter().any(|check| check.hidden.is_none());
    if !visible {
        checks.push(Check::runs(steps.join(";")));
    }
    for cases in all {
        let Some(members) = cases.members.filter(|members| members.len() * checks.len() <= 20_000) else {
            computed.push(cases.expression);
            continue;
        };
        checks = members.iter().flat_map(|member| once(&checks, &cases.names, member)).collect();
    }
    (checks, computed)
}

/// The checks for one case. Values that no check speaks of are noted beside it, so that the case is not lost.
fn once(checks: &[Check], names: &[String], member: &str) -> Vec<Check> {
    let values = bind(names, member);
    let used = |name: &String| {
        checks.iter().any(|check| {
            tokens::names(&check.left).contains(name.as_str()) || tokens::names(&check.right).contains(name.as_str())
        })
    };
    let unused: Vec<&String> = values.iter().filter(|(name, _)| !used(name)).map(|(_, value)| value).collect();
    let aside = match (values.is_empty(), unused.as_slice()) {
        (true, _) => format!("@{member}"),
        (false, []) => String::new(),
        (false, unused) => format!("@{}", unused.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(",")),
    };
    let place = |check: &Check| {
        let check = check.with(&values).sorted();
        Check { left: format!("{}{aside}", check.left), ..check }
    };
    checks.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(text: &str) -> Vec<String> {
        Inventory::read(text).tests().map(|function| function.name.clone()).collect()
    }

    fn checks(text: &str) -> Vec<String> {
        let inventory = Inventory::read(text);
        let visible = inventory.functions.iter().flat_map(|it| &it.checks).filter(|it| it.hidden.is_none());
        visible.map(Check::key).collect()
    }

    #[test]
    fn tests_are_what_a_runner_would_call() {
        let text = "def test_a(): pass\ndef helper(): pass\n@pytest.fixture\ndef test_data(): pass\nclass TestB:\n  def test_b(self): pass\nclass B:\n  def test_c(self): pass\nclass C(unittest.TestCase):\n  def test_d(self): pass\nclass TestD:\n  def __init__(self): pass\n  def test_e(self): pass\n";
        assert_eq!(tests(text), ["test_a", "TestB.test_b", "C.test_d"]);
        assert_eq!(tests("def test_a(): x\ndef test_a(): y\n").len(), 1);
        assert!(tests("def test_a(): x\ndel test_a\n").is_empty());
        assert!(tests("def test_a(): x\ntest_a = None\n").is_empty());
        assert!(tests("def test_a(): x\ntest_a.__test__ = False\n").is_empty());
    }

    #[test]
    fn the_style_of_a_check_does_not_matter() {
        let same = [
            "def test(self):\n  self.assertEqual(f(1), 2)\n",
            "def test():\n  assert f(1) == 2\n",
            "def test():\n  assert 2 == f(1), 'why'\n",
            "def test():\n  got = f(1)\n  assert got == 2\n",
            "@pytest.mark.parametrize('a, b', [(1, 2)])\ndef test(a, b):\n  assert f(a) == b\n",
            "def test():\n  for a, b in [(1, 2)]:\n    assert f(a) == b\n",
            "WANT = 2\ndef test():\n  assert f(1) == WANT\n",
        ];
        for text in same {
            assert_eq!(checks(text), checks(same[0]), "{text}");
        }
        let raises = [
            "import pytest\ndef test():\n  with pytest.raises(KeyError):\n    f(1)\n",
            "def test(self):\n  self.assertRaises(KeyError, f, 1)\n",
        ];
        assert_eq!(checks(raises[0]), checks(raises[1]));
        assert_eq!(
            checks("def test(self):\n  self.assertFalse('a' in b)\n"),
            checks("def test():\n  assert 'a' not in b\n")
        );
    }

    #[test]
    fn every_case_is_a_check_of_its_own() {
        let text = "@pytest.mark.parametrize('a', [1, 2, pytest.param(3, id='x')])\ndef test(a):\n  assert f(a)\n";
        assert_eq!(checks(text), ["true|f(1)|||", "true|f(2)|||", "true|f(3)|||"]);
    }

    #[test]
    fn checks_that_do_not_count_are_told() {
        let bodies = [
            "  return\n  assert a == b\n",
            "  if False:\n    assert a == b\n",
            "  try:\n    assert a == b\n  except Exception:\n    pass\n",
            "  with contextlib.suppress(AssertionError):\n    assert a == b\n",
            "  for x in []:\n    assert a == b\n",
            "  def inner():\n    assert a == b\n",
            "  a == b\n",
            "  pytest.skip('x')\n  assert a == b\n",
        ];
        for body in bodies {
            let found = checks(&format!("def test():\n{body}"));
            assert!(!found.contains(&"==|a|b||".to_owned()), "{body}: {found:?}");
        }
        let loud = "def test():\n  try:\n    assert a == b\n  except Exception:\n    print()\n    raise\n";
        assert!(checks(loud).contains(&"==|a|b||".to_owned()));
    }
}
