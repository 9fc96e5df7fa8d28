//! Rules of makefiles and justfiles: which target asks for which others.

use super::{Check, Shell, commands};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Target {
    prerequisites: Vec<String>,
    checks: bool,
    line: u32,
}

/// The text with the variables that it sets itself put in, and the usual ones for the interpreter.
pub(super) fn expand(text: &str) -> String {
    let setting = |line: &str| {
        let line = line.replacen(":= ", "= ", 1);
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with(['\t', ' ', '#']))?;
        let name = name.trim_end_matches(['?', ':', '+']).trim().trim_start_matches("export ").to_owned();
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then(|| (name, value.trim().trim_matches(['"', '\'']).to_owned()))
    };
    let set: BTreeMap<String, String> = text.lines().filter_map(setting).collect();
    let mut text = text.to_owned();
    for (name, value) in &set {
        text = text.replace(&format!("$({name})"), value).replace(&format!("${{{name}}}"), value);
        text = text.replace(&format!("{{{{{name}}}}}"), value).replace(&format!("{{{{ {name} }}}}"), value);
    }
    ["PYTHON", "PY"].iter().fold(text, |text, name| text.replace(&format!("$({name})"), "python"))
}

/// Whether make goes on after every failure, as the text says.
pub(super) fn ignores_failures(text: &str) -> bool {
    let flags = |line: &str| {
        line.starts_with("MAKEFLAGS")
            && line.split(['=', ' ']).any(|word| matches!(word, "-i" | "i" | "--ignore-errors"))
    };
    text.contains(".IGNORE:") || text.lines().any(flags)
}

/// For every target that another one asks for and that checks something, a check of its name.
pub(super) fn prerequisites(text: &str) -> Vec<(Option<u32>, Check)> {
    let targets = targets(text);
    let asked = targets.values().flat_map(|target| target.prerequisites.iter().map(move |name| (target.line, name)));
    asked
        .filter(|(_, name)| checks(&targets, name, &mut BTreeSet::new()))
        .map(|(line, name)| (Some(line), Check::with_arguments(&format!("make {name}"), &[])))
        .collect()
}

fn checks(targets: &BTreeMap<String, Target>, name: &str, seen: &mut BTreeSet<String>) -> bool {
    let fresh = seen.insert(name.to_owned());
    targets
        .get(name)
        .filter(|_| fresh)
        .is_some_and(|target| target.checks || target.prerequisites.iter().any(|other| checks(targets, other, seen)))
}

fn targets(text: &str) -> BTreeMap<String, Target> {
    let mut targets: BTreeMap<String, Target> = BTreeMap::new();
    let mut current: Vec<String> = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        if line.starts_with(['\t', ' ']) {
            let recipe = line.trim_start_matches(['@', '+', '-', ' ', '\t']);
            let runs = commands(recipe, Shell::default()).iter().any(|command| Check::of(command).is_some());
            for name in &current {
                targets.entry(name.clone()).or_default().checks |= runs;
            }
        } else if let Some((names, prerequisites)) = rule(line) {
            for name in &names {
                let target = targets.entry(name.clone()).or_default();
                target.prerequisites.extend(prerequisites.iter().cloned());
                target.line = number;
            }
            current = names;
        }
    }
    targets
}

/// The targets and the prerequisites of a line that begins a rule.
fn rule(line: &str) -> Option<(Vec<String>, Vec<String>)> {
    let line = line.split('#').next().unwrap_or_default();
    let (names, rest) = line.split_once(':')?;
    let assigns = names.contains('=') || rest.starts_with('=') || rest.starts_with(":=");
    if assigns || names.starts_with(['.', '[']) || names.trim().is_empty() {
        return None;
    }
    let words = |text: &str| -> Vec<String> {
        let bare = text.split_whitespace().map(|word| word.trim_matches([':', '|', '&', '(', ')']).to_owned());
        bare.filter(|word| !word.is_empty()).collect()
    };
    Some((words(names), words(rest.split(';').next().unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools(text: &str) -> Vec<String> {
        prerequisites(text).into_iter().map(|(_, check)| check.tool).collect()
    }

    #[test]
    fn variables_are_put_in() {
        assert_eq!(expand("PY ?= python\na:\n\t$(PY) -m x ${PY}\n"), "PY ?= python\na:\n\tpython -m x python\n");
        assert_eq!(expand("a:\n\t$(PYTHON) $(OTHER)\n"), "a:\n\tpython $(OTHER)\n");
        let just = expand("py := 'python3'\na:\n    {{py}} -m x {{ py }}\n");
        assert!(just.ends_with("    python3 -m x python3\n"), "{just}");
        assert!(ignores_failures("MAKEFLAGS += -i\n") && !ignores_failures("MAKEFLAGS += -j4\n"));
    }

    #[test]
    fn targets_that_check_are_asked_for_by_name() {
        let text =
            ".PHONY: all lint\nPY := python\nall: lint docs # why\nci: all\nlint:\n\truff check .\ndocs:\n\tcp a b\n";
        assert_eq!(tools(text), ["make lint", "make all"]);
        assert_eq!(tools("a: b\nb: a\n\techo x\n"), [] as [&str; 0]);
        assert_eq!(tools("ci: lint\n\nlint:\n    ruff check .\n"), ["make lint"]);
    }
}
