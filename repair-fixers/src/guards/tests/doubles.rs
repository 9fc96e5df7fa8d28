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
        if is_helper(after, target) && !is_helper(before, was) {
            let reason = format!("`{name}` is now imported from `{target}`, a helper of the tests");
            found.push(Objection::refuse(&RULES[0], reason).at(path, None));
        }
    }
    found
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
        match (subject && !outside && !watches, outside) {
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
    function: String,
    line: u32,
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
        () if is_required(before, &name) => Objection::refuse(&RULES[2], said("an installed one")),
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
