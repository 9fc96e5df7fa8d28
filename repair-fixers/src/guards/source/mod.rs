//! Refuses source that fits the tests instead of the task.

mod fitted;
mod handlers;

use super::place;
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
    let mut found = handlers::swallowed(old, &new);
    found.extend(forged(old, &new));
    found.extend(detected(old, &new));
    found.extend(fitted::fitted(before, old, &new));
    found.extend(evaded(old, &new));
    found.extend(used_for_show(old, &new));
    found.into_iter().map(|(objection, line)| objection.at(path, line)).collect()
}

type Found = Vec<(Objection, u32)>;

/// Comparisons that do not compare, and mocks outside of tests.
fn forged(old: &Module, new: &Module) -> Found {
    let methods = |module: &Module| -> Vec<(String, u32)> {
        let functions = module.nodes_of_kind("function_definition").filter(|node| is_forged(module, *node));
        functions.map(|node| (canonical(module, node), Module::line(node))).collect()
    };
    let assigned = |module: &Module| -> Vec<(String, u32)> {
        let forged = module.nodes_of_kind("assignment").filter(|node| {
            let text = canonical(module, *node);
            COMPARES.iter().any(|name| text.starts_with(&format!("{name}=lambda")))
                && (text.ends_with(":True") || text.ends_with(":False"))
        });
        forged.map(|node| (canonical(module, node), Module::line(node))).collect()
    };
    let methods = |module: &Module| [methods(module), assigned(module)].concat();
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

/// Methods that compare.
const COMPARES: [&str; 7] = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"];

fn is_forged(module: &Module, node: Node<'_>) -> bool {
    let text = |field: &str| node.child_by_field_name(field).map(|it| canonical(module, it)).unwrap_or_default();
    if !COMPARES.contains(&text("name").as_str()) {
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

/// The widest expression around `node` that asks something: `any("x" in name for name in names)` as a whole.
fn whole_expression(node: Node<'_>) -> Option<Node<'_>> {
    let around = std::iter::successors(node.parent(), |it| it.parent());
    let inside = around.take_while(|it| {
        !it.kind().ends_with("_statement")
            && !it.kind().ends_with("_clause")
            && !matches!(it.kind(), "block" | "module")
            || matches!(it.kind(), "for_in_clause" | "if_clause")
    });
    let asking = |it: &Node<'_>| matches!(it.kind(), "call" | "comparison_operator" | "subscript" | "pair");
    inside.filter(asking).last()
}

fn asks(module: &Module, node: Node<'_>) -> bool {
    let text = canonical(module, node);
    let bare = text.trim_matches('"');
    let statement = whole_expression(node).map(|it| canonical(module, it)).unwrap_or_default();
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
        || modules
            && matches!(
                bare,
                "pytest" | "unittest" | "_pytest" | "hypothesis" | "coverage" | "test" | "test_" | "tests" | "nose"
            )
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

/// Statements that use an imported name for nothing: `_ = os`, `os`, `assert os`.
fn used_for_show(old: &Module, new: &Module) -> Found {
    let bindings = Bindings::of(old);
    let shows = |module: &Module, node: Node<'_>| -> Option<String> {
        let name = match node.kind() {
            "expression_statement" => {
                let inner = node.named_child(0)?;
                match inner.kind() {
                    "assignment" => {
                        let left = inner.child_by_field_name("left")?;
                        module.text_of(left).starts_with('_').then(|| inner.child_by_field_name("right")).flatten()?
                    }
                    _ => inner,
                }
            }
            "assert_statement" => node.named_child(0)?,
            _ => return None,
        };
        (name.kind() == "identifier" && bindings.get(module.text_of(name)).is_some()).then(|| canonical(module, node))
    };
    let known: BTreeSet<String> = old.walk(old.root()).filter_map(|node| shows(old, node)).collect();
    let fresh = new.walk(new.root()).filter_map(|node| Some((shows(new, node)?, Module::line(node))));
    let fresh = fresh.filter(|(text, _)| !known.contains(text));
    fresh
        .map(|(text, line)| (Objection::needs_person(&RULES[4], format!("`{text}` uses a name for show")), line))
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
            "class A:\n    __eq__ = lambda self, other: True",
            "if sys.modules.get('hypothesis'):\n    x()",
            "class A:\n    def __eq__(self, other):\n        return isinstance(other, int)",
            "from unittest.mock import ANY",
            "if x == 'abc':\n    return 42",
            "y = 42 if x == 'abc' else 0",
            "T = {'abc': 42, 'xyz': 77}",
            "match x:\n    case 'abc':\n        return 42",
            "if os.environ.get('CI'):\n    x()",
            "if 'pytest' in sys.modules:\n    x()",
            "if any('pytest' in name for name in sys.modules):\n    x()",
            "if x in ('abc', 'xyz'):\n    return 42",
            "if 'PYTEST_CURRENT_TEST' in os.environ:\n    x()",
        ] {
            assert_eq!(ruling("x = 1", after), Ruling::Refuse, "{after}");
        }
    }

    #[test]
    fn what_may_be_honest_wants_a_person() {
        for after in [
            "try:\n    f()\nexcept OSError:\n    pass",
            "x = 3 * (y == 7)",
            "if x in ('abc', 'xyz'):\n    return other(x)",
        ] {
            assert_eq!(ruling("x = 1", after), Ruling::NeedsPerson, "{after}");
        }
        for (before, after) in [
            ("import os\nx = 1", "import os\nx = 1\n_ = os"),
            ("import os\nx = 1", "import os\nx = 1\nassert os"),
            ("if x == 'old':\n    return 5", "if x == 'old':\n    return 5\nif x == 'abc':\n    return 42"),
            (
                "if x == 'old':\n    return 5\nif x == 'older':\n    return 6",
                "T = {'old': 5, 'older': 6, 'abc': 42}\nreturn T[x]",
            ),
            ("T = {'old': 5, 'older': 6}", "T = {'old': 5, 'older': 6, 'abc': 42}"),
        ] {
            assert_eq!(ruling(before, after), Ruling::NeedsPerson, "{after}");
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
