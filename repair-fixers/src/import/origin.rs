//! Where a name that a file lacks can be imported from.

use crate::python::imports::{Place, imports};
use crate::python::insert::Wanted;
use crate::python::layout::{self, Layout, absolute, module_name};
use crate::python::{Module, names, stdlib};
use repair_core::{RepoPath, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// An import that would define the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The import, in absolute form.
    pub(super) wanted: Wanted,
    /// Why it is one, as a sentence fragment.
    pub(super) reason: String,
    /// Whether the evidence leaves room for something else.
    pub(super) doubtful: bool,
}

/// The imports that would define `name` in `module` at `path`, the best first.
pub(super) fn candidates(snapshot: &Snapshot, path: &RepoPath, module: &Module, name: &str) -> Vec<Candidate> {
    let repository = used_elsewhere(snapshot, path, name);
    if !repository.is_empty() {
        return repository;
    }
    let mut found = defined_here(snapshot, path, module, name);
    found.extend(in_stdlib(module, name));
    found
}

/// The files, other than `path`, whose text has `name`. Tests count only for tests.
fn files_with<'s>(snapshot: &'s Snapshot, path: &'s RepoPath, name: &'s str) -> impl Iterator<Item = &'s RepoPath> {
    let finder = memchr::memmem::Finder::new(name.as_bytes()).into_owned();
    snapshot
        .paths()
        .filter(move |other| layout::is_python(other) && *other != path)
        .filter(move |other| layout::is_test(path) || !layout::is_test(other))
        .filter(move |other| snapshot.text(other).is_ok_and(|text| finder.find(text.as_bytes()).is_some()))
}

/// The forms in which other files import the name, the commonest first.
fn used_elsewhere(snapshot: &Snapshot, path: &RepoPath, name: &str) -> Vec<Candidate> {
    let mut counts: BTreeMap<Wanted, usize> = BTreeMap::new();
    for other in files_with(snapshot, path, name) {
        let Some(module) = Module::at(snapshot, other) else { continue };
        for import in imports(&module).iter().filter(|import| matches!(import.place, Place::Top | Place::TypeChecking))
        {
            let Some(found) = import.binding(name).filter(|found| found.bound() == name) else { continue };
            let from = import.from.as_deref().map(|from| absolute(from, other, snapshot));
            let wanted = Wanted { from, name: found.name.clone(), alias: found.alias.clone() };
            *counts.entry(wanted).or_default() += 1;
        }
    }
    let own = module_name(path, snapshot);
    counts.retain(|wanted, _| wanted.from.as_deref() != Some(&own));
    let mut forms: Vec<(Wanted, usize)> = counts.into_iter().collect();
    forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    forms
        .into_iter()
        .map(|(wanted, count)| {
            let files =
                if count == 1 { "another file imports".to_owned() } else { format!("{count} other files import") };
            Candidate { wanted, reason: format!("{files} it so"), doubtful: false }
        })
        .collect()
}

/// The modules of the repository, other than that at `path`, that define the name at their top level.
pub(super) fn defining_modules(snapshot: &Snapshot, path: &RepoPath, name: &str) -> Vec<String> {
    files_with(snapshot, path, name)
        .filter(|other| !matches!(other.file_name(), "setup.py" | "conftest.py"))
        .filter(|other| {
            Module::at(snapshot, other).is_some_and(|module| names::top_level_definitions(&module).contains(name))
        })
        .map(|other| module_name(other, snapshot))
        .collect()
}

/// Modules of the repository that define the name, or are called so and have what is taken of it.
fn defined_here(snapshot: &Snapshot, path: &RepoPath, module: &Module, name: &str) -> Vec<Candidate> {
    let defining = defining_modules(snapshot, path, name).into_iter().map(|module| {
        let reason = format!("only `{module}` defines it");
        Candidate { wanted: Wanted::member(module, name), reason, doubtful: false }
    });
    let attributes = names::attributes_of(module, name);
    let called_so = snapshot
        .paths()
        .filter(|other| layout::is_python(other) && *other != path && !attributes.is_empty())
        .filter(|other| module_name(other, snapshot).rsplit('.').next() == Some(name))
        .filter(|other| {
            Module::at(snapshot, other)
                .is_some_and(|module| names::top_level_definitions(&module).is_superset(&attributes))
        })
        .map(|other| {
            let module = module_name(other, snapshot);
            let reason = format!("`{module}` defines what is taken of it");
            let wanted = match module.rsplit_once('.') {
                Some((package, last)) => Wanted::member(package, last),
                None => Wanted::module(module),
            };
            Candidate { wanted, reason, doubtful: false }
        });
    defining.chain(called_so).collect()
}

/// Short words that are more often a variable than a function of the standard library.
const COMMON_WORDS: [&str; 22] = [
    "accumulate",
    "call",
    "ceil",
    "chain",
    "choice",
    "choices",
    "closing",
    "count",
    "cycle",
    "date",
    "floor",
    "indent",
    "mean",
    "median",
    "patch",
    "product",
    "punctuation",
    "signature",
    "suppress",
    "uniform",
    "variance",
    "stdev",
];

fn in_stdlib(module: &Module, name: &str) -> Vec<Candidate> {
    let attributes = names::attributes_of(module, name);
    if let Some(wanted) = stdlib_module(name, &attributes) {
        let reason = "the standard library has a module of that name with these attributes".to_owned();
        return vec![Candidate { wanted: Wanted::module(wanted), reason, doubtful: false }];
    }
    let doubtful = COMMON_WORDS.contains(&name);
    let candidate = |home: &&str| Candidate {
        wanted: Wanted::member(*home, name),
        reason: format!("`{home}` of the standard library has it"),
        doubtful,
    };
    stdlib::homes_of(name).iter().map(candidate).collect()
}

/// `name`, or a module inside of it, if it has all `attributes`.
fn stdlib_module(name: &str, attributes: &BTreeSet<String>) -> Option<String> {
    let first = attributes.first()?;
    if !stdlib::is_stdlib(name) {
        return None;
    }
    let known = stdlib::attributes(name);
    let has = |attribute: &String| known.is_some_and(|known| known.contains(attribute.as_str()));
    if attributes.iter().all(has) {
        return Some(name.to_owned());
    }
    let inner = format!("{name}.{first}");
    (attributes.len() == 1 && stdlib::attributes(&inner).is_some()).then_some(inner)
}

/// Whether importing the module `wanted` comes from would, sooner or later, import the module at `path`.
pub(super) fn closes_a_circle(snapshot: &Snapshot, path: &RepoPath, wanted: &Wanted) -> bool {
    let layout = snapshot.derived(Layout::of);
    let mut todo: Vec<String> = vec![wanted.from.clone().unwrap_or_else(|| wanted.name.clone())];
    todo.extend(wanted.from.as_ref().map(|from| format!("{from}.{}", wanted.name)));
    let mut seen = BTreeSet::new();
    while let Some(name) = todo.pop() {
        let Some(file) = layout.file(&name).filter(|_| seen.len() < 400) else { continue };
        if file == path {
            return true;
        }
        if !seen.insert(file.clone()) {
            continue;
        }
        let Some(module) = Module::at(snapshot, file) else { continue };
        for import in imports(&module).iter().filter(|import| import.place == Place::Top) {
            for item in &import.names {
                let from = absolute(import.module(item), file, snapshot);
                todo.push(format!("{from}.{}", item.name));
                todo.push(from);
            }
        }
    }
    false
}

/// `wanted` in relative form, if the file imports from this repository in that form only.
pub(super) fn in_the_style_of(snapshot: &Snapshot, path: &RepoPath, module: &Module, wanted: Wanted) -> Wanted {
    let layout = snapshot.derived(Layout::of);
    let all = imports(module);
    let from: Vec<&str> = all.iter().filter_map(|import| import.from.as_deref()).collect();
    let relative = from.iter().any(|from| from.starts_with('.'));
    let absolute = from.iter().any(|from| !from.starts_with('.') && layout.is_first_party(from));
    let target = wanted.from.as_deref().and_then(|from| relative_form(from, path, snapshot));
    match target {
        Some(from) if relative && !absolute => Wanted { from: Some(from), ..wanted },
        _ => wanted,
    }
}

fn relative_form(target: &str, path: &RepoPath, snapshot: &Snapshot) -> Option<String> {
    let package = absolute(".", path, snapshot);
    let own: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
    let target: Vec<&str> = target.split('.').collect();
    let common = own.iter().zip(&target).take_while(|(a, b)| a == b).count();
    (common > 0).then(|| format!("{}{}", ".".repeat(own.len() - common + 1), target[common..].join(".")))
}
