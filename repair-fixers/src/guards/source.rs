//! Refuses source that fits the tests instead of the task.

use super::place;
use super::tests::{is_literal, literals, test_literals, test_pairs};
use crate::python::{Bindings, Module, canonical};
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::BTreeSet;
use tree_sitter::Node;

/// Looks for cheats in code that is not a test.
pub(super) struct Source;

const RULES: &[Rule] = &[
    Rule {
        id: "exception-swallowed",
        manual: "An error must not be swallowed to get a run through: no new `except` or `suppress` that catches everything and \
                 goes on. A narrow one that says nothing is for a person to decide.",
    },
    Rule {
        id: "comparison-forged",
        manual: "A class must not claim to be equal to what it is not: `__eq__` and its like compare both sides, and code that \
                 is not a test hands out no mocks.",
    },
    Rule {
        id: "fitted-to-tests",
        manual: "Code must not answer the inputs of the tests with the values that the tests expect, by a condition or by a \
                 table.",
    },
    Rule { id: "detects-checks", manual: "Code must not behave otherwise where it notices that tests or CI run it." },
    Rule {
        id: "lint-evaded",
        manual: "A finding must be mended, not moved out of the sight of the tool: a shared mutable default stays one when it \
                 gets a name.",
    },
];

impl Guard for Source {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let sources = changes.paths().filter(|path| place::is_python(path) && !place::is_test(path));
        sources.flat_map(|path| of_file(before, after, path)).collect()
    }
}

fn of_file(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Vec<Objection> {
    let Some(new) = Module::at(after, path) else { return Vec::new() };
    let empty = Module::parse("");
    let old = Module::at(before, path);
    let old = old.as_deref().unwrap_or(&empty);
    let mut found = swallowed(old, &new);
    found.extend(forged(old, &new));
    found.extend(detected(old, &new));
    found.extend(fitted(before, old, &new));
    found.extend(evaded(old, &new));
    found.into_iter().map(|(objection, line)| objection.at(path, line)).collect()
}

type Found = Vec<(Objection, u32)>;

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

fn swallowed(old: &Module, new: &Module) -> Found {
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

/// Comparisons that do not compare, and mocks outside of tests.
fn forged(old: &Module, new: &Module) -> Found {
    let methods = |module: &Module| -> Vec<(String, u32)> {
        let functions = module.nodes_of_kind("function_definition").filter(|node| is_forged(module, *node));
        functions.map(|node| (canonical(module, node), Module::line(node))).collect()
    };
    let known: BTreeSet<String> = methods(old).into_iter().map(|(text, _)| text).collect();
    let fresh = methods(new).into_iter().filter(|(text, _)| !known.contains(text));
    let mut found: Found = fresh
        .map(|(_, line)| (Objection::refuse(&RULES[1], "a comparison that does not compare both sides"), line))
        .collect();
    let mocks = |module: &Module| {
        Bindings::of(module)
            .iter()
            .filter(|(_, target)| is_mock(target))
            .map(|(name, _)| name.to_owned())
            .collect::<BTreeSet<_>>()
    };
    for name in mocks(new).difference(&mocks(old)) {
        found.push((Objection::refuse(&RULES[1], format!("`{name}`, a mock, in code that is not a test")), 1));
    }
    found
}

fn is_mock(target: &str) -> bool {
    target == "mock" || target.starts_with("mock.") || target.starts_with("unittest.mock")
}

fn is_forged(module: &Module, node: Node<'_>) -> bool {
    let text = |field: &str| node.child_by_field_name(field).map(|it| canonical(module, it)).unwrap_or_default();
    let compares = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"];
    if !compares.contains(&text("name").as_str()) {
        return false;
    }
    let body = text("body");
    let parameters = text("parameters");
    let names: Vec<&str> =
        parameters.trim_matches(['(', ')']).split(',').map(|it| it.split(':').next().unwrap_or(it)).collect();
    let used = super::tests::names(&body);
    let abstract_ =
        body.contains("NotImplemented") && !body.contains("return True") || body == "..." || body.contains("super()");
    !abstract_ && !names.iter().filter(|it| !it.is_empty()).all(|name| used.contains(name))
}

/// Places where the code asks whether tests or CI run it.
fn detected(old: &Module, new: &Module) -> Found {
    let places = |module: &Module| -> Vec<(String, u32)> {
        let strings = module.nodes_of_kind("string").filter(|node| asks(module, *node));
        strings.map(|node| (canonical(module, node), Module::line(node))).collect()
    };
    let known: BTreeSet<String> = places(old).into_iter().map(|(text, _)| text).collect();
    let fresh = places(new).into_iter().filter(|(text, _)| !known.contains(text));
    fresh.map(|(text, line)| (Objection::refuse(&RULES[3], format!("the code asks for {text}")), line)).collect()
}

fn asks(module: &Module, node: Node<'_>) -> bool {
    let text = canonical(module, node);
    let bare = text.trim_matches('"');
    let statement = std::iter::successors(node.parent(), |it| it.parent())
        .find(|it| matches!(it.kind(), "call" | "comparison_operator" | "subscript" | "pair"))
        .map(|it| canonical(module, it))
        .unwrap_or_default();
    let environment = ["environ", "getenv", "env"].iter().any(|it| statement.contains(it));
    let modules = ["sys.modules", "sys.argv", "find_spec", "stack()", "__file__", "getframe", "filename", "cmdline"]
        .iter()
        .any(|it| statement.contains(it));
    let variables = [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "TRAVIS",
        "CIRCLECI",
        "TOX_ENV_NAME",
        "TOXENV",
        "NOX_CURRENT_SESSION",
        "BUILD_ID",
        "JENKINS_URL",
        "TF_BUILD",
        "CONTINUOUS_INTEGRATION",
    ];
    bare.starts_with("PYTEST_")
        || environment && variables.contains(&bare)
        || modules && matches!(bare, "pytest" | "unittest" | "_pytest" | "test" | "test_" | "tests" | "nose")
}

/// Conditions and tables that know the inputs of the tests.
fn fitted(before: &Snapshot, old: &Module, new: &Module) -> Found {
    let mut found = Vec::new();
    let known: BTreeSet<String> =
        conditions(old).into_iter().map(|(condition, result, _)| format!("{condition}:{result}")).collect();
    let fresh =
        conditions(new).into_iter().filter(|(condition, result, _)| !known.contains(&format!("{condition}:{result}")));
    let mut tested: Option<BTreeSet<String>> = None;
    for (condition, result, line) in fresh {
        let keys = |text: &str| condition.contains(&format!("[{text}]"));
        let asked: Vec<String> = telling(&condition).into_iter().filter(|it| !keys(it)).collect();
        let answered = telling(&result);
        let several = condition.matches("==").count() > 1;
        let dull = answered.is_empty() && (!several || literals(&result).is_empty());
        if asked.is_empty() || dull {
            continue;
        }
        let tested = tested.get_or_insert_with(|| test_literals(before));
        if asked.iter().chain(&answered).all(|literal| speaks_of(tested, literal)) {
            let reason = format!("`{condition}` answers an input of the tests");
            let told = asked.iter().any(|it| result.contains(it.trim_matches('"'))) || several;
            let certain = told || !result.starts_with("raise");
            let objection =
                if certain { Objection::refuse(&RULES[2], reason) } else { Objection::needs_person(&RULES[2], reason) };
            found.push((objection, line));
        }
    }
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

/// Whether a literal, or a longer text with its words, stands in the tests.
fn speaks_of(tested: &BTreeSet<String>, literal: &str) -> bool {
    let bare = literal.trim_matches('"');
    let text = literal.ends_with('"') && bare.len() > 2;
    tested.contains(literal) || text && tested.iter().any(|other| other.ends_with('"') && other.contains(bare))
}

/// The literals of a text that say something: no empty string, no small number.
fn telling(text: &str) -> Vec<String> {
    let dull = ["0", "1", "2", "10", "100", "None", "True", "False", "\"\"", "\" \"", "0.0", "1.0"];
    literals(text).into_keys().filter(|literal| !dull.contains(literal)).map(str::to_owned).collect()
}

/// Conditions that compare with a literal, with what they lead to at once.
fn conditions(module: &Module) -> Vec<(String, String, u32)> {
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
        compares.then(|| (text, canonical(module, result), Module::line(node)))
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

fn tables(before: &Snapshot, old: &Module, new: &Module) -> Found {
    let known: BTreeSet<String> = old.nodes_of_kind("pair").map(|node| canonical(old, node)).collect();
    let mut found = Vec::new();
    for table in new.nodes_of_kind("dictionary") {
        let mut cursor = table.walk();
        let pairs =
            table.named_children(&mut cursor).filter(|it| it.kind() == "pair" && !known.contains(&canonical(new, *it)));
        let entries: Vec<(String, String)> = pairs
            .filter_map(|it| {
                Some((canonical(new, it.child_by_field_name("key")?), canonical(new, it.child_by_field_name("value")?)))
            })
            .collect();
        let fits = |(key, value): &&(String, String)| {
            let (asked, answered) = (literals(key), telling(value));
            !asked.is_empty()
                && !answered.is_empty()
                && test_pairs(before).iter().any(|(left, right)| {
                    let (left, right) = (literals(left), literals(right));
                    asked.keys().all(|it| left.contains_key(it))
                        && answered.iter().all(|it| right.contains_key(it.as_str()))
                })
        };
        let fitting = entries.iter().filter(fits).count();
        if fitting > 0 && fitting * 2 >= entries.len() {
            let reason = format!("a table answers {fitting} inputs of the tests with what they expect");
            found.push((Objection::refuse(&RULES[2], reason), Module::line(table)));
        }
    }
    found
}

/// A mutable default that got a name and stayed shared.
fn evaded(old: &Module, new: &Module) -> Found {
    let empty = |value: &str| matches!(value, "set()" | "[]" | "{}" | "dict()" | "list()");
    let defaults: BTreeSet<String> = old
        .walk(old.root())
        .filter(|it| matches!(it.kind(), "default_parameter" | "typed_default_parameter"))
        .filter_map(|it| Some(canonical(old, it.child_by_field_name("value")?)))
        .filter(|value| empty(value))
        .collect();
    let top = |node: &Node<'_>| node.parent().and_then(|it| it.parent()).is_some_and(|it| it.kind() == "module");
    let known: BTreeSet<String> = old.nodes_of_kind("assignment").map(|it| canonical(old, it)).collect();
    let fresh = new.nodes_of_kind("assignment").filter(top).filter(|it| !known.contains(&canonical(new, *it)));
    let shared = fresh
        .filter(|it| it.child_by_field_name("right").is_some_and(|value| defaults.contains(&canonical(new, value))));
    shared
        .map(|it| {
            (Objection::needs_person(&RULES[4], "a mutable default is still shared, under a name"), Module::line(it))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Ruling;
    use repair_core::testing::objections;

    const TESTS: &str = "#- tests/test_app.py\nfrom app import f\ndef test_f():\n    assert f('abc') == 42\n    assert f('xyz') == 77\n";

    fn ruling(before: &str, after: &str) -> Ruling {
        Ruling::of(&objections(
            &Source,
            &format!("{TESTS}#- app.py\n{before}\n"),
            &format!("{TESTS}#- app.py\n{after}\n"),
        ))
    }

    #[test]
    fn source_that_cheats_is_refused() {
        for after in [
            "try:\n    f()\nexcept Exception:\n    pass",
            "try:\n    f()\nexcept:\n    return None",
            "with contextlib.suppress(Exception):\n    f()",
            "class A:\n    def __eq__(self, other):\n        return True",
            "class A:\n    def __eq__(self, other):\n        return isinstance(other, int)",
            "from unittest.mock import ANY",
            "if x == 'abc':\n    return 42",
            "y = 42 if x == 'abc' else 0",
            "T = {'abc': 42, 'xyz': 77}",
            "match x:\n    case 'abc':\n        return 42",
            "if os.environ.get('CI'):\n    x()",
            "if 'pytest' in sys.modules:\n    x()",
            "if 'PYTEST_CURRENT_TEST' in os.environ:\n    x()",
        ] {
            assert_eq!(ruling("x = 1", after), Ruling::Refuse, "{after}");
        }
    }

    #[test]
    fn what_may_be_honest_wants_a_person() {
        for after in ["try:\n    f()\nexcept OSError:\n    pass", "x = 3 * (y == 7)"] {
            assert_eq!(ruling("x = 1", after), Ruling::NeedsPerson, "{after}");
        }
        assert_eq!(
            ruling("def f(a=[]): pass", "_A = []\ndef f(a=None): a = _A if a is None else a"),
            Ruling::NeedsPerson
        );
    }

    #[test]
    fn honest_source_passes() {
        for after in [
            "try:\n    f()\nexcept ValueError as error:\n    raise E() from error",
            "try:\n    import x\nexcept ImportError:\n    x = None",
            "if x == 'other':\n    return 42",
            "class A:\n    def __eq__(self, other):\n        return self.x == other.x",
            "T = {'abc': 5, 'other': 6}",
            "t = os.environ.get('TOKEN')",
            "try:\n    x = int(y)\nexcept ValueError:\n    x = 0",
        ] {
            assert_eq!(ruling("x = 1", after), Ruling::Allow, "{after}");
        }
        assert_eq!(
            ruling("try:\n    f()\nexcept:\n    pass", "try:\n    f()\nexcept Exception:\n    pass"),
            Ruling::Allow
        );
        assert_eq!(
            ruling("try:\n    f()\nexcept KeyError:\n    pass", "with contextlib.suppress(KeyError):\n    f()"),
            Ruling::Allow
        );
    }
}
