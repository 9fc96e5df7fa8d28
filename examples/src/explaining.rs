//! What fixers, guard rules and categories are about.

use repair_core::{Category, GeneratorMeta, Rule};
use repair_fixers::{generators, guards};

/// Every rule of every guard.
pub(crate) fn rules() -> Vec<&'static Rule> {
    guards::all().iter().flat_map(|guard| guard.rules()).collect()
}

/// The first sentence of a rule's manual, and all of it; the id alone if there is no such rule.
pub(crate) fn rule_manual(id: &str) -> (String, String) {
    match rules().into_iter().find(|rule| rule.id == id) {
        Some(rule) => (first_sentence(rule.manual).to_owned(), rule.manual.trim().to_owned()),
        None => (id.to_owned(), id.to_owned()),
    }
}

/// The text up to its first full stop.
pub(crate) fn first_sentence(text: &str) -> &str {
    text.trim().split_inclusive('.').next().unwrap_or_default()
}

/// The fixers that look at failures of a category.
pub(crate) fn fixers_of(category: Category) -> Vec<&'static GeneratorMeta> {
    let all = generators().into_iter().map(|generator| generator.meta());
    all.filter(|meta| meta.handles.contains(&category)).collect()
}

/// What a category is, as a fragment of a sentence.
pub(crate) fn about(category: Category) -> &'static str {
    match category {
        Category::Syntax => "source that does not parse",
        Category::Import => "a module or name that cannot be imported",
        Category::Test => "a failing test",
        Category::IntegrationTest => "a failing test that needs more than the repository",
        Category::Coverage => "coverage below its threshold",
        Category::Quality => "a finding of a linter or formatter",
        Category::TypeCheck => "a finding of a type checker",
        Category::Dependency => "dependencies that cannot be resolved or installed",
        Category::Security => "a finding of a security scanner",
        Category::Documentation => "documentation that does not build",
        Category::Build => "a package or extension that does not build",
        _ => "not the code's fault: runner, network, time limit, disk",
    }
}
