//! `explain`: the manual of a fixer, a guard rule or a category, and the schemas of the JSON forms.

use crate::cli::ExplainArgs;
use crate::exit;
use crate::explaining::{about, first_sentence, fixers_of, rules};
use crate::schemas;
use anyhow::{Result, bail};
use repair_core::Category;
use repair_fixers::generators;

/// Prints one manual, or the list of all ids.
pub(crate) fn run(args: &ExplainArgs) -> Result<u8> {
    let text = match (&args.schema, &args.id) {
        (Some(schema), _) => schemas::text(*schema).to_owned(),
        (None, None) => list(),
        (None, Some(id)) => match manual(id) {
            Some(text) => text,
            None => bail!("there is no `{id}`; `ci-repair explain` lists what there is"),
        },
    };
    anstream::println!("{}", text.trim_end());
    Ok(exit::OK)
}

fn list() -> String {
    let mut text = String::from("Fixers:\n");
    for generator in generators() {
        let meta = generator.meta();
        text += &format!("  {:<34} {}\n", meta.id, meta.summary);
    }
    text += "\nGuard rules:\n";
    for rule in rules() {
        text += &format!("  {:<34} {}\n", rule.id, first_sentence(rule.manual));
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
    let fixers = fixers_of(category).into_iter();
    let fixers: String = fixers.map(|meta| format!("  {:<34} {}\n", meta.id, meta.summary)).collect();
    Some(format!("{id}: {}\n\nFixers that look at it:\n{fixers}", about(category)))
}
