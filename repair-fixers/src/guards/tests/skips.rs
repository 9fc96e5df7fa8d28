//! Refuses new ways for a test not to run, or not to count when it fails.

use crate::guards::place;
use crate::python::{Bindings, Module, canonical};
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::BTreeMap;
use tree_sitter::Node;

/// Counts skips, expected failures, reruns and hooks before and after.
pub(in crate::guards) struct Skips;

const RULES: &[Rule] = &[
    Rule {
        id: "skip-added",
        manual: "No test may be skipped or expected to fail that was not: no `skip`, `skipif`, `xfail`, `importorskip`, \
                 `SkipTest`, `expectedFailure`, on a test, a class, a module or in a fixture. A skip on a platform on which the \
                 test cannot work is for a person to decide.",
    },
    Rule {
        id: "rerun-added",
        manual: "A test must not be run again until it passes: no `flaky`, `rerun` or `retry` decorator, no loop around its \
                 assertions.",
    },
    Rule {
        id: "collection-hook",
        manual: "A `conftest.py` or plugin must not keep tests from being collected, deselect them, or change how they end.",
    },
    Rule {
        id: "warning-silenced",
        manual: "Warnings must not be silenced in code or tests to get a run through: no `filterwarnings(\"ignore\")`, no \
                 `simplefilter(\"ignore\")`. Mend what warns. A narrow filter around one call is for a person to decide.",
    },
    Rule {
        id: "exit-forced",
        manual: "Neither source nor tests may end the process with success while checks are running (`os._exit(0)`, \
                 `sys.exit(0)` in a test).",
    },
];

impl Guard for Skips {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let mut budget: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for mark in changes.paths().flat_map(|path| marks(before, path)) {
            *budget.entry((mark.rule, mark.text)).or_default() += 1;
        }
        let mut found = Vec::new();
        for path in changes.paths() {
            for mark in marks(after, path) {
                match budget.get_mut(&(mark.rule, mark.text.clone())).filter(|left| **left > 0) {
                    Some(left) => *left -= 1,
                    None => {
                        let reason = format!("`{}` was added", mark.text.chars().take(90).collect::<String>());
                        let rule = &RULES[mark.rule];
                        let objection = if mark.judgeable {
                            Objection::needs_person(rule, reason)
                        } else {
                            Objection::refuse(rule, reason)
                        };
                        found.push(objection.at(path, mark.line));
                    }
                }
            }
        }
        found
    }
}

struct Mark {
    rule: usize,
    text: String,
    line: u32,
    /// Whether it may be honest.
    judgeable: bool,
}

fn marks(snapshot: &Snapshot, path: &RepoPath) -> Vec<Mark> {
    let module = if place::is_python(path) { Module::at(snapshot, path) } else { None };
    let Some(module) = module else { return Vec::new() };
    let bindings = Bindings::of(&module);
    let finder = Finder { module: &module, bindings: &bindings, test: place::is_test(path) };
    let mut found: Vec<Mark> = Vec::new();
    for node in module.walk(module.root()) {
        found.extend(finder.mark(node));
    }
    found
}

struct Finder<'m> {
    module: &'m Module,
    bindings: &'m Bindings,
    test: bool,
}

impl Finder<'_> {
    fn mark(&self, node: Node<'_>) -> Option<Mark> {
        let mark = |rule, judgeable| {
            Some(Mark { rule, text: canonical(self.module, node), line: Module::line(node), judgeable })
        };
        match node.kind() {
            "attribute" | "identifier" if is_whole(node) => {
                let name = self.bindings.resolve(self.module, node)?;
                let call = node
                    .parent()
                    .filter(|parent| parent.kind() == "call" && parent.child_by_field_name("function") == Some(node));
                self.named(&name, node, call)
            }
            "function_definition" if self.test => self.hook(node),
            "assignment" => {
                let left = canonical(self.module, node.child_by_field_name("left")?);
                let ignores = left.starts_with("collect_ignore");
                let off = left.ends_with("__test__") && canonical(self.module, node).ends_with("=False");
                let muted = matches!(left.as_str(), "warnings.warn" | "warnings.showwarning" | "sys.warnoptions");
                match () {
                    () if ignores => mark(2, true),
                    () if off => mark(0, false),
                    () if muted => mark(3, false),
                    () if left.contains("outcome") || left.contains("exitstatus") || left == "items[:]" => {
                        mark(2, false)
                    }
                    () => None,
                }
            }
            _ => None,
        }
    }

    /// A name that skips, retries, silences or exits.
    fn named(&self, name: &str, node: Node<'_>, call: Option<Node<'_>>) -> Option<Mark> {
        let last = name.rsplit('.').next().unwrap_or_default();
        let whole = call.unwrap_or(node);
        let text = canonical(self.module, whole);
        let mark = |rule, judgeable| Some(Mark { rule, text: text.clone(), line: Module::line(whole), judgeable });
        let named = node
            .parent()
            .is_some_and(|parent| parent.kind() == "assignment" && parent.child_by_field_name("left") == Some(node));
        let alias = node.kind() == "identifier"
            && call.is_none()
            && !named
            && self.alias_is_platform(self.module.text_of(node));
        let imported = node.parent().is_some_and(|parent| {
            matches!(parent.kind(), "dotted_name" | "aliased_import" | "import_statement" | "import_from_statement")
        });
        if imported || named {
            return None;
        }
        let arguments = call
            .and_then(|call| call.child_by_field_name("arguments"))
            .map(|it| canonical(self.module, it))
            .unwrap_or_default();
        let skipping = [
            "pytest.mark.skip",
            "pytest.mark.skipif",
            "pytest.mark.xfail",
            "pytest.skip",
            "pytest.xfail",
            "pytest.importorskip",
            "unittest.skip",
            "unittest.skipIf",
            "unittest.skipUnless",
            "unittest.expectedFailure",
            "unittest.SkipTest",
            "unittest.case.SkipTest",
            "nose.SkipTest",
            "pytest.skip.Exception",
            "pytest.xfail.Exception",
            "_pytest.outcomes.Skipped",
            "_pytest.outcomes.skip",
        ];
        let bare =
            ["skipTest", "SkipTest", "expectedFailure", "skip_if", "skipIf", "skipUnless", "importorskip", "skipif"];
        if skipping.contains(&name) || bare.contains(&last) {
            if call.is_none() && last == "SkipTest" && node.parent().is_some_and(|it| it.kind() == "except_clause") {
                return None;
            }
            return mark(0, alias || self.is_platform(whole, &arguments));
        }
        if name.ends_with("add_marker") && ["skip", "xfail"].iter().any(|it| arguments.contains(it)) {
            return mark(0, false);
        }
        let repeats = ["flaky", "retry", "rerun", "reruns", "repeat_until_success", "retrying"];
        if self.test
            && repeats.contains(&last)
            && std::iter::successors(Some(whole), |it| it.parent()).any(|it| it.kind() == "decorator")
        {
            return mark(1, false);
        }
        let ignores = arguments.contains("\"ignore")
            || arguments.contains("\"i\"")
            || arguments.contains("\"once")
            || arguments.contains("\"default");
        match name {
            "warnings.filterwarnings" | "warnings.simplefilter" | "pytest.mark.filterwarnings" if ignores => {
                mark(3, self.is_narrow(whole, &arguments))
            }
            "warnings.catch_warnings" if arguments.contains("\"ignore") => mark(3, true),
            "warnings.resetwarnings" | "urllib3.disable_warnings" | "logging.captureWarnings" | "numpy.seterr" => {
                mark(3, false)
            }
            "os._exit" => mark(4, false),
            "sys.exit" | "pytest.exit" | "exit"
                if self.test && call.is_some() && matches!(arguments.as_str(), "()" | "(0)") =>
            {
                mark(4, true)
            }
            _ if last == "addinivalue_line" && arguments.contains("filterwarnings") => mark(3, false),
            _ if last == "deselected" || last == "pytest_deselected" => mark(2, false),
            _ => None,
        }
    }

    /// Whether `name` was given to a skip for one platform.
    fn alias_is_platform(&self, name: &str) -> bool {
        let assignments = self.module.nodes_of_kind("assignment");
        let named = assignments
            .filter(|it| it.child_by_field_name("left").is_some_and(|left| self.module.text_of(left) == name));
        let values = named.filter_map(|it| it.child_by_field_name("right")).filter(|it| it.kind() == "call");
        let arguments =
            values.filter_map(|it| it.child_by_field_name("arguments")).map(|it| canonical(self.module, it));
        arguments.last().is_some_and(|it| {
            is_platform_condition(it.trim_start_matches('(').split(",reason").next().unwrap_or_default())
        })
    }

    /// Whether the skip is for one platform or for old or new interpreters, and not for all.
    fn is_platform(&self, node: Node<'_>, arguments: &str) -> bool {
        let parent_if = std::iter::successors(node.parent(), |it| it.parent()).find(|it| it.kind() == "if_statement");
        let guard = parent_if
            .and_then(|it| it.child_by_field_name("condition"))
            .map(|it| canonical(self.module, it))
            .unwrap_or_default();
        let condition = arguments.trim_start_matches('(').split(",reason").next().unwrap_or_default().to_owned();
        [condition, guard].iter().any(|it| is_platform_condition(it))
    }

    /// Whether a warning filter names its category and holds for one block only.
    fn is_narrow(&self, node: Node<'_>, arguments: &str) -> bool {
        let names_category = arguments.contains("Warning") || arguments.contains("message=");
        let scoped = std::iter::successors(node.parent(), |it| it.parent())
            .any(|it| it.kind() == "with_statement" && canonical(self.module, it).contains("catch_warnings"));
        names_category && scoped
    }

    /// Functions that pytest calls to decide what runs and how it ends.
    fn hook(&self, node: Node<'_>) -> Option<Mark> {
        let name = self.module.text_of(node.child_by_field_name("name")?);
        let body = canonical(self.module, node.child_by_field_name("body")?);
        let deciding = [
            "pytest_ignore_collect",
            "pytest_collection_modifyitems",
            "pytest_runtest_makereport",
            "pytest_sessionfinish",
            "pytest_pyfunc_call",
            "pytest_runtest_call",
            "pytest_collect_file",
            "pytest_runtest_protocol",
            "pytest_pycollect_makeitem",
            "pytest_itemcollected",
            "pytest_runtest_setup",
            "pytest_exception_interact",
            "pytest_report_teststatus",
            "pytest_deselected",
            "pytest_cmdline_main",
            "load_tests",
            "run",
            "pytest_make_collect_report",
        ];
        let method = std::iter::successors(node.parent(), |it| it.parent()).any(|it| it.kind() == "class_definition");
        if !deciding.contains(&name) || name == "run" && (!method || !body_is_empty(&body)) {
            return None;
        }
        if name == "run" {
            let text = "def run: the tests of the class do not run".to_owned();
            return Some(Mark { rule: 0, text, line: Module::line(node), judgeable: true });
        }
        let harmful = [
            "return True",
            "remove(",
            "items[:]",
            ".clear(",
            "skip",
            "xfail",
            "exitstatus",
            "outcome",
            "return None",
            "except",
            "del items",
            "pop(",
            "deselect",
        ];
        let harms = name == "load_tests" || harmful.iter().any(|it| body.contains(it));
        let judgeable = !harms;
        Some(Mark { rule: 2, text: format!("def {name}: {body}"), line: Module::line(node), judgeable })
    }
}

/// Whether a function with this body does nothing.
fn body_is_empty(body: &str) -> bool {
    matches!(body, "pass" | "..." | "return" | "return None" | "return result")
}

/// Whether the node is a whole name, not the head of a longer one or the keyword of an argument.
fn is_whole(node: Node<'_>) -> bool {
    node.parent().is_none_or(|parent| {
        let head = parent.kind() == "attribute";
        let keyword = parent.kind() == "keyword_argument" && parent.child_by_field_name("name") == Some(node);
        !head && !keyword
    })
}

fn is_platform_condition(condition: &str) -> bool {
    let windows = [
        "\"win32\"",
        "\"nt\"",
        "\"Windows\"",
        "\"cygwin\"",
        "\"emscripten\"",
        "\"wasi\"",
        "\"darwin\"",
        "\"Darwin\"",
        "\"java\"",
        "\"win\"",
    ];
    let named = ["sys.platform", "os.name", "platform.system()", "platform"].iter().any(|it| condition.contains(it));
    let strings = super::tokens::literals(condition);
    let only = strings.keys().all(|it| windows.contains(it));
    let platform = named
        && only
        && !strings.is_empty()
        && !condition.contains("!=")
        && !condition.contains(" or ")
        && !condition.contains("not ");
    let version = condition.contains("sys.version_info")
        && !["(3,)", "(3,0)", "(2,", ">(", "(0"].iter().any(|it| condition.contains(it))
        && !condition.contains(" or ");
    platform || version
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Ruling;
    use repair_core::testing::objections;

    const BEFORE: &str = "#- tests/test_a.py\nimport os, sys, unittest, pytest, warnings\n";

    fn ruling(added: &str) -> Ruling {
        Ruling::of(&objections(&Skips, BEFORE, &format!("{BEFORE}{added}\n")))
    }

    #[test]
    fn every_way_to_skip_is_refused() {
        for added in [
            "@pytest.mark.skip\ndef test(): pass",
            "@pytest.mark.skipif(True, reason='x')\ndef test(): pass",
            "@pytest.mark.xfail(strict=False)\ndef test(): pass",
            "pytestmark = pytest.mark.skip",
            "pytest.importorskip('x')",
            "pytest.skip('x', allow_module_level=True)",
            "raise unittest.SkipTest('x')",
            "class A(unittest.TestCase):\n  def test(self):\n    self.skipTest('x')",
            "@unittest.skipUnless(False, 'x')\nclass A: pass",
            "@unittest.expectedFailure\ndef test(): pass",
            "from pytest import skip as s\ns('x')",
            "m = pytest.param(1, marks=pytest.mark.xfail)",
            "from unittest import skip\n@skip('x')\ndef test(): pass",
            "def test(request):\n  request.node.add_marker(pytest.mark.xfail)",
            "__test__ = False",
            "@pytest.mark.skipif(os.name in ('nt', 'posix'), reason='x')\ndef test(): pass",
            "@pytest.mark.skipif(sys.version_info >= (3,), reason='x')\ndef test(): pass",
        ] {
            assert_eq!(ruling(added), Ruling::Refuse, "{added}");
        }
    }

    #[test]
    fn reruns_hooks_warnings_and_exits_are_refused() {
        for added in [
            "@pytest.mark.flaky(reruns=3)\ndef test(): pass",
            "from flaky import flaky\n@flaky\ndef test(): pass",
            "warnings.filterwarnings('ignore')",
            "warnings.simplefilter('ignore', DeprecationWarning)",
            "@pytest.mark.filterwarnings('ignore::X')\ndef test(): pass",
            "os._exit(0)",
            "def pytest_ignore_collect(p):\n  return True",
            "def pytest_collection_modifyitems(items):\n  items[:] = []",
            "def pytest_sessionfinish(session):\n  session.exitstatus = 0",
            "def pytest_configure(config):\n  config.addinivalue_line('filterwarnings', 'ignore')",
        ] {
            assert_eq!(ruling(added), Ruling::Refuse, "{added}");
        }
    }

    #[test]
    fn a_skip_on_one_platform_wants_a_person() {
        for added in [
            "@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test(): pass",
            "def f():\n  if sys.platform == 'win32':\n    pytest.skip('x')",
            "@unittest.skipIf(sys.version_info < (3, 11), 'x')\ndef test(): pass",
            "with warnings.catch_warnings():\n  warnings.simplefilter('ignore', ResourceWarning)",
        ] {
            assert_eq!(ruling(added), Ruling::NeedsPerson, "{added}");
        }
    }

    #[test]
    fn what_only_looks_like_a_skip_passes() {
        for added in [
            "x = 'pytest.skip'",
            "# pytest.skip('x')",
            "pytest.fail('x')",
            "@pytest.mark.parametrize('a', [1])\ndef test(a): pass",
            "warnings.simplefilter('error')",
            "import pytest.mark",
        ] {
            assert_eq!(ruling(added), Ruling::Allow, "{added}");
        }
        let moved = objections(
            &Skips,
            "#- tests/test_a.py\n@pytest.mark.skip\ndef test(): pass\n",
            "#- tests/test_b.py\n@pytest.mark.skip\ndef test(): pass\n",
        );
        assert_eq!(moved, []);
    }
}
