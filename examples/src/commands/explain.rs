//! `explain`: the manual of a fixer, a guard rule or a category.

use crate::cli::ExplainArgs;
use crate::exit;
use anyhow::{Result, bail};
use repair_core::{Category, Rule};
use repair_fixers::{generators, guards};

/// Prints one manual, or the list of all ids.
pub(crate) fn run(args: &ExplainArgs) -> Result<u8> {
    let text = match &args.id {
        None => list(),
        Some(id) => match manual(id) {
            Some(text) => text,
            None => bail!("there is no `{id}`; `ci-repair explain` lists what there is"),
        },
    };
    anstream::println!("{}", text.trim_end());
    Ok(exit::OK)
}

fn rules() -> Vec<&'static Rule> {
    guards::all().iter().flat_map(|guard| guard.rules()).collect()
}

fn list() -> String {
    let mut text = String::from("Fixers:\n");
    for generator in generators() {
        let meta = generator.meta();
        text += &format!("  {:<34} {}\n", meta.id, meta.summary);
    }
    text += "\nGuard rules:\n";
    for rule in rules() {
        let first = rule.manual.split_inclusive('.').next().unwrap_or_default();
        text += &format!("  {:<34} {first}\n", rule.id);
    }
    text += "\nFailure categories:\n";
    for category in Category::ALL {
        text += &format!("  {:<34} {}\n", category.name(), about(category));
    }
    text
}

fn manual(id: &str) -> Option<String> {
    let fixers = generators();
    if let Some(meta) = fixers.iter().map(|generator| generator.meta()).find(|meta| meta.id == id) {
        let level = meta.applicability.name();
        return Some(format!("{}: {}\n\nAt most {level}.\n\n{}", meta.id, meta.summary, meta.manual.trim()));
    }
    if let Some(rule) = rules().into_iter().find(|rule| rule.id == id) {
        return Some(format!("{}\n\n{}", rule.id, rule.manual.trim()));
    }
    let category = Category::ALL.into_iter().find(|category| category.name() == id)?;
    let fixers = fixers.iter().map(|generator| generator.meta()).filter(|meta| meta.handles.contains(&category));
    let fixers: String = fixers.map(|meta| format!("  {:<34} {}\n", meta.id, meta.summary)).collect();
    Some(format!("{id}: {}\n\nFixers that look at it:\n{fixers}", about(category)))
}

fn about(category: Category) -> &'static str {
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
