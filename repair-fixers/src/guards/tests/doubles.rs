//! Refuses stand-ins for what is tested.

use super::inventory::{Inventory, Role};
use crate::guards::place;
use crate::python::{Bindings, Module, canonical, stdlib};
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Finds new mocks and modules that hide others.
pub(in crate::guards) struct Doubles;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "subject-replaced",
        manual: "A test must go on testing the code of the repository: what it imported to test must not become a function, \
                 class or mock of the test's own.",
    },
    Rule {
        id: "mock-added",
        manual: "An existing test must not be made to pass by a new mock or patch of what it tests. A patch of time, network or \
                 another dependency is for a person to decide.",
    },
    Rule {
        id: "module-shadowed",
        manual: "A new file must not hide a module that is imported elsewhere: one of the standard library, an installed one, or \
                 one of the repository that lies under another root.",
    },
];

impl Guard for Doubles {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let mut found = Vec::new();
        for path in changes.paths().filter(|path| place::is_python(path)) {
            if place::is_test(path) {
                found.extend(installs(before, after, path));
            }
            if path.file_name() == "conftest.py" {
                found.extend(patched_for_all(before, after, path));
            }
            if !before.contains(path) {
                found.extend(shadow(before, after, path));
            } else if place::is_test(path) {
                found.extend(patches(before, after, path));
                found.extend(other_import(before, after, path));
            }
        }
        found
    }
}

/// A name that a test imports from another place: from code that is tested to a helper of the tests.
fn other_import(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Vec<Objection> {
    let (Some(old), Some(new)) = (Inventory::at(before, path), Inventory::at(after, path)) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, target) in new.bindings.iter() {
        let Some(was) = old.bindings.get(name).filter(|was| *was != target) else { continue };
        let root = |target: &str| target.split('.').next().unwrap_or_default().to_owned();
        let own = |snapshot: &Snapshot, target: &str| is_own_module(snapshot, &root(target));
        let kept = own(after, was) && unchanged(before, after, &root(was));
        if kept && own(before, was) && !own(after, target) && was.contains('.') {
            let reason = format!("`{name}` is now imported from `{target}`, which is not what is tested");
            found.push(Objection::refuse(&RULES[0], reason).at(path, None));
        } else if is_helper(after, target) && !is_helper(before, was) {
            let reason = format!("`{name}` is now imported from `{target}`, a helper of the tests");
            found.push(Objection::refuse(&RULES[0], reason).at(path, None));
        }
    }
    found
}

/// Whether the code of a package of the repository is the same before and after.
fn unchanged(before: &Snapshot, after: &Snapshot, root: &str) -> bool {
    let file = format!("{root}.py");
    let code = before.paths().filter(|path| place::is_python(path) && !place::is_test(path));
    let mut ours = code.filter(|path| path.file_name() == file || path.components().any(|part| part == root));
    ours.all(|path| before.same_file(after, path))
}

/// Whether a dotted name lies in a module that helps tests.
fn is_helper(snapshot: &Snapshot, target: &str) -> bool {
    let root = target.split('.').next().unwrap_or_default();
    let (file, package) = (format!("{root}.py"), format!("{root}/__init__.py"));
    target.starts_with('.')
        || matches!(root, "tests" | "test" | "testing" | "conftest" | "mock")
        || target.starts_with("unittest.mock")
        || snapshot.paths().any(|path| place::is_test(path) && (path.ends_with(&file) || path.ends_with(&package)))
}

/// Whether the repository has a module or package of this name at one of its roots.
fn is_own_module(snapshot: &Snapshot, name: &str) -> bool {
    let file = format!("{name}.py");
    snapshot.paths().filter(|path| place::is_python(path)).any(|path| {
        let parts: Vec<&str> = path.components().collect();
        let parts = match parts.as_slice() {
            ["src" | "lib" | "python", rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        parts.len() > 1 && parts[0] == name || parts == [file.as_str()]
    })
}

/// Modules that a test file puts into `sys.modules`, each with its text and line.
fn installed(snapshot: &Snapshot, path: &RepoPath) -> Vec<(String, String, u32)> {
    let Some(module) = Module::at(snapshot, path) else { return Vec::new() };
    let named = |node: tree_sitter::Node<'_>| {
        let left = canonical(&module, node.child_by_field_name("left")?);
        let name = left.strip_prefix("sys.modules[")?.strip_suffix(']')?.trim_matches('"').to_owned();
        Some((name, canonical(&module, node), Module::line(node)))
    };
    module.nodes_of_kind("assignment").filter_map(named).collect()
}

/// New modules in `sys.modules`: those of the repository must stay what they are.
fn installs(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Vec<Objection> {
    let known: BTreeSet<String> = installed(before, path).into_iter().map(|(_, text, _)| text).collect();
    let fresh = installed(after, path).into_iter().filter(|(_, text, _)| !known.contains(text));
    let object = |(name, _, line): (String, String, u32)| {
        let reason = format!("`{name}` becomes another module for the tests");
        let own = is_own_module(before, name.split('.').next().unwrap_or_default());
        let objection =
            if own { Objection::refuse(&RULES[2], reason) } else { Objection::needs_person(&RULES[2], reason) };
        objection.at(path, line)
    };
    fresh.map(object).collect()
}

/// New patches of the repository's code in a `conftest.py`, which no test asked for.
fn patched_for_all(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Vec<Objection> {
    let known: BTreeSet<String> = all_patches(before, path).into_iter().map(|patch| patch.text).collect();
    let Some(module) = Module::at(after, path) else { return Vec::new() };
    let automatic: BTreeSet<&str> = module
        .nodes_of_kind("decorated_definition")
        .filter(|it| canonical(&module, *it).contains("autouse=True"))
        .filter_map(|it| it.child_by_field_name("definition")?.child_by_field_name("name"))
        .map(|it| module.text_of(it))
        .collect();
    let unasked = |patch: &Patch| {
        patch.function.is_empty()
            || patch.function.starts_with("pytest_")
            || automatic.contains(patch.function.as_str())
    };
    let fresh = all_patches(after, path).into_iter().filter(|patch| !known.contains(&patch.text));
    let own =
        fresh.filter(|patch| unasked(patch) && is_own_module(before, &patch.root) && !patch.of_dependency(before));
    own.map(|patch| {
        let reason = format!("`{}` is replaced for every test", patch.target);
        Objection::refuse(&RULES[1], reason).at(path, patch.line)
    })
    .collect()
}

/// New patches in tests that existed.
fn patches(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Vec<Objection> {
    let (Some(old), Some(new)) = (Inventory::at(before, path), Inventory::at(after, path)) else { return Vec::new() };
    let known = old.functions.iter().map(|it| it.name.as_str()).collect::<BTreeSet<_>>();
    let mut budget: BTreeMap<String, usize> = BTreeMap::new();
    all_patches(before, path).into_iter().for_each(|patch| *budget.entry(patch.text).or_default() += 1);
    let mut found = Vec::new();
    for patch in all_patches(after, path) {
        if let Some(left) = budget.get_mut(&patch.text).filter(|left| **left > 0) {
            *left -= 1;
            continue;
        }
        let fresh = new.functions.iter().find(|it| it.name == patch.function).is_some_and(|it| it.role == Role::Test);
        if fresh && !known.contains(patch.function.as_str()) {
            continue;
        }
        let subject = old.tests().any(|test| {
            let checks = test.checks.iter().flat_map(|it| [it.left.as_str(), it.right.as_str()]);
            checks.chain([test.body.as_str()]).any(|text| super::tokens::tokens(text).contains(&patch.target.as_str()))
        });
        let outside =
            stdlib::is_stdlib(&patch.root) || matches!(patch.root.as_str(), "requests" | "httpx" | "environ" | "");
        let reason =
            format!("`{}` was put in place of what is tested", patch.text.chars().take(80).collect::<String>());
        let watches = patch.text.contains("wraps=") || patch.text.contains("spy");
        let dependency = patch.of_dependency(before);
        match (subject && !outside && !watches && !dependency, outside) {
            (true, _) => found.push(Objection::refuse(&RULES[1], reason).at(path, patch.line)),
            (false, false) => found.push(Objection::needs_person(&RULES[1], reason).at(path, patch.line)),
            _ => {}
        }
    }
    found
}

struct Patch {
    text: String,
    /// The last part of the name that is patched.
    target: String,
    /// The module that the name lies in.
    root: String,
    /// The whole name.
    dotted: String,
    function: String,
    line: u32,
}

impl Patch {
    /// Whether a module of the standard library or of another project is patched where the code imported it:
    /// `app.clock.time.sleep`.
    fn of_dependency(&self, snapshot: &Snapshot) -> bool {
        let foreign = |part: &str| stdlib::is_stdlib(part) || matches!(part, "requests" | "httpx" | "boto3");
        let own = |part: &str| {
            let file = format!("{part}.py");
            snapshot.paths().any(|path| path.file_name() == file || path.components().any(|it| it == part))
        };
        self.dotted.split('.').skip(1).any(|part| foreign(part) && !own(part))
    }
}

fn all_patches(snapshot: &Snapshot, path: &RepoPath) -> Vec<Patch> {
    let Some(module) = Module::at(snapshot, path) else { return Vec::new() };
    let bindings = Bindings::of(&module);
    let nodes = module.walk(module.root()).filter(|node| matches!(node.kind(), "call" | "assignment"));
    nodes.filter_map(|node| patch_of(&module, &bindings, node)).collect()
}

fn patch_of(module: &Module, bindings: &Bindings, node: tree_sitter::Node<'_>) -> Option<Patch> {
    let text = canonical(module, node);
    let dotted = if node.kind() == "call" {
        let name = bindings.resolve(module, node)?;
        let last = name.rsplit('.').next()?;
        let patches = matches!(last, "patch" | "setattr" | "setitem" | "create_autospec")
            || name.ends_with("patch.object")
            || name.ends_with("patch.multiple");
        if !patches {
            return None;
        }
        let list = node.child_by_field_name("arguments")?;
        let first = list.named_child(0)?;
        let second = list.named_child(1).map(|it| module.text_of(it).trim_matches(['"', '\'']).to_owned());
        match first.kind() {
            "string" => module.text_of(first).trim_matches(['"', '\'']).to_owned(),
            _ => format!("{}.{}", bindings.resolve(module, first)?, second?),
        }
    } else {
        let left = node.child_by_field_name("left").filter(|it| it.kind() == "attribute")?;
        let right = canonical(module, node.child_by_field_name("right")?);
        let head = module.text_of(left).split('.').next()?.to_owned();
        let imported = bindings.get(&head).is_some();
        let stands_in = right.starts_with("lambda") || right.contains("Mock(") || right.contains("MagicMock");
        (imported || stands_in && head != "self").then(|| bindings.resolve(module, left)).flatten()?
    };
    let function =
        std::iter::successors(node.parent(), |it| it.parent()).filter(|it| it.kind() == "function_definition");
    let name = function.last().and_then(|it| it.child_by_field_name("name")).map(|it| module.text_of(it).to_owned());
    Some(Patch {
        text,
        target: dotted.rsplit('.').next()?.to_owned(),
        root: dotted.split('.').next()?.to_owned(),
        dotted,
        function: name.unwrap_or_default(),
        line: Module::line(node),
    })
}

/// A new file that would be imported in the place of another module.
fn shadow(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Option<Objection> {
    let parts: Vec<&str> = path.components().collect();
    let (name, folder) = match parts.as_slice() {
        [folder @ .., package, "__init__.py"] => ((*package).to_owned(), folder),
        [folder @ .., file] => (file.strip_suffix(".py")?.to_owned(), folder),
        [] => return None,
    };
    let package = RepoPath::new(format!("{}/__init__.py", folder.join("/")).trim_start_matches('/')).ok();
    let in_package = package.is_some_and(|it| !folder.is_empty() && after.contains(&it) && before.contains(&it));
    if in_package || matches!(name.as_str(), "conftest" | "setup" | "noxfile" | "__main__") || name.starts_with("test_")
    {
        return None;
    }
    let (file, init) = (format!("{name}.py"), format!("{name}/__init__.py"));
    let elsewhere = before
        .paths()
        .find(|other| *other != path && (other.ends_with(&file) || other.ends_with(&init)) && is_root(before, other));
    let importers =
        || before.paths().filter(|other| place::is_python(other)).filter_map(|other| Inventory::at(before, other));
    let imported =
        importers().any(|it| it.bindings.iter().any(|(_, target)| target.split('.').next() == Some(name.as_str())));
    let said = |what: &str| format!("the new module `{name}` hides {what}");
    if !imported {
        return None;
    }
    let objection = match () {
        () if stdlib::is_stdlib(&name) => Objection::refuse(&RULES[2], said("one of the standard library")),
        () if elsewhere.is_some() => Objection::refuse(&RULES[2], said("one of the repository")),
        () if matches!(name.as_str(), "pytest" | "_pytest" | "hypothesis" | "pluggy") || is_required(before, &name) => {
            Objection::refuse(&RULES[2], said("an installed one"))
        }
        () if place::is_test(path) => {
            Objection::refuse(&RULES[0], format!("`{name}`, which tests import, is now a file of the tests"))
        }
        () => Objection::needs_person(
            &RULES[2],
            format!("the new module `{name}` is imported already; it may hide an installed one"),
        ),
    };
    Some(objection.at(path, None))
}

/// Whether the module lies directly under a root of imports, not inside a package.
fn is_root(snapshot: &Snapshot, path: &RepoPath) -> bool {
    let folder =
        if path.file_name() == "__init__.py" { path.parent().and_then(|it| it.parent()) } else { path.parent() };
    folder.is_none_or(|folder| folder.join("__init__.py").is_ok_and(|init| !snapshot.contains(&init)))
}

/// Whether a manifest names a distribution like the module.
fn is_required(snapshot: &Snapshot, name: &str) -> bool {
    let manifest = |path: &&RepoPath| {
        let file = path.file_name();
        matches!(file, "pyproject.toml" | "setup.cfg" | "setup.py" | "tox.ini" | "Pipfile")
            || file.contains("requirements")
    };
    let plain = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    snapshot
        .paths()
        .filter(manifest)
        .filter_map(|path| snapshot.text(path).ok())
        .any(|text| plain(text).contains(&plain(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Ruling;
    use repair_core::testing::objections;

    const APP: &str = "#- app/__init__.py\n#- app/clock.py\nimport time\ndef now(): return time.time()\n";
    const TEST: &str = "#- tests/test_a.py\nimport sys\nimport app\nfrom app import clock\nfrom app.clock import now\n\ndef test_a(monkeypatch):\n";

    #[track_caller]
    fn ruling(before: &str, after: &str) -> Ruling {
        Ruling::of(&objections(&Doubles, &format!("{APP}{before}"), &format!("{APP}{after}")))
    }

    fn test(body: &str) -> String {
        format!("{TEST}{body}    assert now() == 1\n")
    }

    #[test]
    fn a_stand_in_for_what_is_tested_is_refused() {
        for added in [
            "    monkeypatch.setattr(clock, 'now', lambda: 1)\n",
            "    monkeypatch.setattr('app.clock.now', lambda: 1)\n",
            "    clock.now = lambda: 1\n",
            "    sys.modules['app.clock'] = object()\n",
        ] {
            assert_eq!(ruling(&test(""), &test(added)), Ruling::Refuse, "{added}");
        }
    }

    #[test]
    fn a_patch_of_a_dependency_wants_a_person_at_most() {
        assert_eq!(ruling(&test(""), &test("    monkeypatch.setattr('time.time', lambda: 1)\n")), Ruling::Allow);
        let own = "    monkeypatch.setattr('app.clock.time.time', lambda: 1)\n";
        assert_eq!(ruling(&test(""), &test(own)), Ruling::NeedsPerson);
        assert_eq!(ruling(&test(""), &test("    sys.modules['torch'] = None\n")), Ruling::NeedsPerson);
    }

    #[test]
    fn what_a_conftest_replaces_for_every_test_is_refused() {
        let with = |text: &str| ruling(&test(""), &format!("{}#- tests/conftest.py\n{text}", test("")));
        assert_eq!(with("import app.clock\napp.clock.now = lambda: 1\n"), Ruling::Refuse);
        let fixture = "import pytest\nfrom app import clock\n@pytest.fixture(autouse=True)\ndef fix(monkeypatch):\n    monkeypatch.setattr(clock, 'now', lambda: 1)\n";
        assert_eq!(with(fixture), Ruling::Refuse);
        assert_eq!(with("import pytest\n@pytest.fixture\ndef one():\n    return 1\n"), Ruling::Allow);
    }

    #[test]
    fn a_new_test_may_have_doubles() {
        let new = format!("{}\ndef test_b(monkeypatch):\n    monkeypatch.setattr(clock, 'now', lambda: 1)\n", test(""));
        assert_eq!(ruling(&test(""), &new), Ruling::Allow);
    }

    #[test]
    fn a_file_that_hides_a_module_is_refused() {
        let with = |file: &str| ruling(&test(""), &format!("{}{file}", test("")));
        assert_eq!(with("#- sys.py\nx = 1\n"), Ruling::Refuse);
        assert_eq!(with("#- tests/app/__init__.py\nx = 1\n"), Ruling::Refuse);
        assert_eq!(with("#- helpers.py\nx = 1\n"), Ruling::Allow);
        assert_eq!(with("#- app/sys.py\nx = 1\n"), Ruling::Allow);
        let other = "#- requirements.txt\nflask\n#- web.py\nimport flask\nimport other\n";
        let hidden = |name: &str| ruling(other, &format!("{other}#- {name}.py\nx = 1\n"));
        assert_eq!(hidden("flask"), Ruling::Refuse);
        assert_eq!(hidden("other"), Ruling::NeedsPerson);
    }

    #[test]
    fn an_import_of_something_else_under_the_same_name_is_refused() {
        let other = test("").replace("from app.clock import now", "from time import time as now");
        assert_eq!(ruling(&test(""), &other), Ruling::Refuse);
        let inside = test("").replace("from app.clock import now", "from app import now");
        assert_eq!(ruling(&test(""), &inside), Ruling::Allow);
    }

    #[test]
    fn an_import_from_the_helpers_of_the_tests_is_refused() {
        let other = test("").replace("from app.clock import now", "from tests.fakes import now");
        assert_eq!(ruling(&test(""), &other), Ruling::Refuse);
    }
}
