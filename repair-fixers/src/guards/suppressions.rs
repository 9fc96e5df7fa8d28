//! Refuses comments and names that switch checks off for a line, a block or a file.

use super::{comments, place};
use crate::python::{Bindings, Module};
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};
use std::collections::BTreeMap;
use tree_sitter::Node;

/// Counts suppressions before and after.
pub(super) struct Suppressions;

const RULES: &[Rule] = &[Rule {
    id: "suppression-added",
    manual: "No comment may be added that switches a check off: `noqa`, `type: ignore`, `pyright: ignore`, `mypy: \
             ignore-errors`, `pragma: no cover`, `nosec`, `pylint: disable`, `fmt: off`, `isort: skip` and their like, nor \
             `@no_type_check` or a cast to `Any`. Mend the code instead. Comments are found as tokens, so a text that \
             speaks of them is none; moving one or naming its codes more narrowly is fine.",
}];

impl Guard for Suppressions {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let mut budget: BTreeMap<String, usize> = BTreeMap::new();
        for suppression in changes.paths().flat_map(|path| all(before, path)) {
            *budget.entry(suppression.directive).or_default() += 1;
        }
        let fresh = changes.paths().flat_map(|path| all(after, path).into_iter().map(move |it| (path, it)));
        let over = fresh.filter(|(_, suppression)| !spend(&mut budget, &suppression.directive));
        over.map(|(path, it)| Objection::refuse(&RULES[0], format!("`{}` was added", it.directive)).at(path, it.line))
            .collect()
    }
}

/// Takes one of the old suppressions that covers `directive`.
fn spend(budget: &mut BTreeMap<String, usize>, directive: &str) -> bool {
    let covers = |old: &String| {
        *old == directive || directive.strip_prefix(old.as_str()).is_some_and(|rest| rest.starts_with([':', '[', '=']))
    };
    let codes = |text: &str| text.split_once([':', '[', '=']).map(|(name, codes)| (name.to_owned(), codes.to_owned()));
    let fewer = |old: &String| match (codes(old), codes(directive)) {
        (Some((name, all)), Some((same, some))) => {
            name == same && some.split(',').all(|code| all.split(',').any(|it| it == code))
        }
        _ => false,
    };
    let found = budget.iter().find(|(old, left)| **left > 0 && (covers(old) || fewer(old))).map(|(old, _)| old.clone());
    match found.and_then(|old| budget.get_mut(&old)) {
        Some(left) => {
            *left -= 1;
            true
        }
        None => false,
    }
}

struct Suppression {
    directive: String,
    line: u32,
}

fn all(snapshot: &Snapshot, path: &RepoPath) -> Vec<Suppression> {
    match snapshot.text(path) {
        Ok(_) if place::is_python(path) => {
            Module::at(snapshot, path).map(|module| in_python(&module)).unwrap_or_default()
        }
        Ok(text) if has_hash_comments(path) => in_comments(path, text),
        _ => Vec::new(),
    }
}

fn has_hash_comments(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("toml" | "cfg" | "ini" | "yml" | "yaml" | "sh" | "bash"))
        || path.file_name().starts_with("Dockerfile")
}

fn in_comments(path: &RepoPath, text: &str) -> Vec<Suppression> {
    let read = |(line, comment): (u32, &str)| {
        directives(comment).into_iter().map(move |directive| Suppression { directive, line }).collect::<Vec<_>>()
    };
    comments::of(path, text).into_iter().flat_map(read).collect()
}

fn in_python(module: &Module) -> Vec<Suppression> {
    let bindings = Bindings::of(module);
    let mut found = Vec::new();
    for node in module.walk(module.root()) {
        let directives = match node.kind() {
            "comment" => directives(module.text_of(node)),
            _ => named(module, &bindings, node).into_iter().collect(),
        };
        found.extend(directives.into_iter().map(|directive| Suppression { directive, line: Module::line(node) }));
    }
    found
}

/// Names that switch the type checker or the coverage off.
fn named(module: &Module, bindings: &Bindings, node: Node<'_>) -> Option<String> {
    let resolved = |node| bindings.resolve(module, node);
    match node.kind() {
        "decorator" => {
            let name = resolved(node.named_child(0)?)?;
            matches!(name.rsplit('.').next(), Some("no_type_check" | "no_type_check_decorator"))
                .then(|| format!("@{name}"))
        }
        "call" => {
            let name = resolved(node.child_by_field_name("function")?)?;
            let first = node.child_by_field_name("arguments")?.named_child(0)?;
            let any = module.text_of(first).trim_matches(['"', '\'']);
            let cast = name == "typing.cast" || name == "typing_extensions.cast";
            (cast && (any == "Any" || any == "typing.Any" || any == "t.Any")).then(|| "cast to Any".to_owned())
        }
        _ => None,
    }
}

/// The suppressions in one comment, normalised: `noqa:E501`, `type:ignore[arg-type]`, `pragma:nocover`.
fn directives(comment: &str) -> Vec<String> {
    let parts = comment.split('#').map(str::trim).filter(|part| !part.is_empty());
    parts.filter_map(directive).collect()
}

/// Heads after which codes may follow, and the sign that begins these.
const HEADS: [&str; 41] = [
    "noqa",
    "ruff:noqa",
    "flake8:noqa",
    "type:ignore",
    "pyright:ignore",
    "pyright:basic",
    "pyright:reportgeneral",
    "ty:ignore",
    "pyrefly:ignore",
    "pyre-ignore-all-errors",
    "pyre-ignore",
    "pyre-fixme",
    "pytype:disable",
    "pytype:skip-file",
    "mypy:ignore-errors",
    "mypy:disable-error-code",
    "mypy:allow",
    "pragma:nocover",
    "pragma:nobranch",
    "pragma:nomutate",
    "nosec",
    "nosemgrep",
    "nosonar",
    "pylint:disable",
    "pylint:skip-file",
    "pylint:disable-next",
    "isort:skip",
    "isort:off",
    "isort:dont-add",
    "fmt:off",
    "fmt:skip",
    "yapf:disable",
    "autopep8:off",
    "codespell:ignore",
    "spellchecker:disable",
    "shellcheckdisable",
    "yamllintdisable",
    "hadolintignore",
    "zizmor:ignore",
    "pragma:allowlist",
    "lint-fixme",
];

fn directive(part: &str) -> Option<String> {
    let compact: String = part.chars().filter(|c| !c.is_whitespace()).collect();
    let lower = compact.to_ascii_lowercase();
    let heads = HEADS.iter().filter(|head| lower.starts_with(**head)).max_by_key(|head| head.len())?;
    let rest = &compact[heads.len()..];
    let words = part.trim_start().to_ascii_lowercase();
    match rest.chars().next() {
        None => Some((*heads).to_owned()),
        Some(':' | '[' | '=') => Some(format!("{heads}{}", codes(rest))),
        // `noqa E501`, `nosec B101` and a reason after a dash still suppress; `noqaX` is another word.
        Some(_) if words.split_whitespace().any(|word| heads.ends_with(word.trim_end_matches(','))) => {
            Some((*heads).to_owned())
        }
        Some(c) => (!c.is_alphanumeric()).then(|| (*heads).to_owned()),
    }
}

/// The codes of a directive, sorted, without what stands behind them.
fn codes(rest: &str) -> String {
    let (sign, list) = rest.split_at(1);
    let list = list.split([']', '-']).next().unwrap_or_default();
    let list = rest.strip_prefix('=').unwrap_or(list);
    let mut codes: Vec<&str> = list.split(',').filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    format!("{sign}{}", codes.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::objections;

    fn added(before: &str, after: &str) -> usize {
        objections(&Suppressions, &format!("#- a.py\n{before}\n"), &format!("#- a.py\n{after}\n")).len()
    }

    #[test]
    fn every_way_to_switch_a_check_off_is_told() {
        for comment in [
            "# noqa",
            "#noqa",
            "# NOQA: E501",
            "# noqa : E501",
            "# noqa E501",
            "# ruff: noqa",
            "# ruff: noqa: F401",
            "# flake8: noqa",
            "# type: ignore",
            "# type:ignore[arg-type]",
            "# pyright: ignore",
            "# pyright: ignore[reportX]",
            "# pyre-fixme[7]: x",
            "# pyre-ignore-all-errors",
            "# mypy: ignore-errors",
            "# pragma: no cover",
            "# pragma:nocover",
            "# pragma: no branch",
            "# nosec",
            "# nosec B101",
            "# pylint: disable=no-member",
            "# pylint: skip-file",
            "# isort: skip",
            "# isort: skip_file",
            "# isort:off",
            "# fmt: off",
            "# fmt: skip",
            "# fmt:off",
            "# yapf: disable",
            "# codespell:ignore teh",
            "# why # noqa",
            "# ty: ignore[x]",
            "# mypy: disable-error-code=\"x\"",
            "# pytype: disable=x",
            "# nosemgrep",
            "# autopep8: off",
        ] {
            assert_eq!(added("x = 1", &format!("x = 1  {comment}")), 1, "{comment}");
        }
        assert_eq!(added("", "from typing import no_type_check\n@no_type_check\ndef f(): pass"), 1);
        assert_eq!(added("", "from typing import Any, cast\nx = cast(Any, y)"), 1);
    }

    #[test]
    fn a_text_that_speaks_of_them_is_none() {
        for line in [
            "x = '# noqa'",
            "# we avoid noqa here",
            "# type: int",
            "# nosection",
            "x = cast(int, y)",
            "# fmt: on",
            "\"\"\"# noqa\"\"\"",
        ] {
            assert_eq!(added("x = 1", line), 0, "{line}");
        }
    }

    #[test]
    fn other_files_have_comments_too() {
        let added = |path: &str, line: &str| {
            objections(&Suppressions, &format!("#- {path}\na = 1\n"), &format!("#- {path}\na = 1\n{line}\n")).len()
        };
        assert_eq!(added("a.toml", "b = 2  # noqa"), 1);
        assert_eq!(added("a.toml", "b = \"x # noqa\""), 0);
        assert_eq!(added("a.yml", "b: x # zizmor: ignore[y]"), 1);
        assert_eq!(added("a.sh", "# shellcheck disable=SC1"), 1);
        assert_eq!(added("a.sh", "echo '# nosec'"), 0);
    }

    #[test]
    fn moving_and_narrowing_are_fine_but_widening_is_not() {
        assert_eq!(added("x = 1  # noqa: E1\ny = 2", "x = 1\ny = 2  # noqa: E1"), 0);
        assert_eq!(added("x = 1  # noqa", "x = 1  # noqa: E1"), 0);
        assert_eq!(added("x = 1  # noqa: E1, E2", "x = 1  # noqa: E2"), 0);
        assert_eq!(added("x = 1  # noqa: E1", "x = 1  # noqa"), 1);
        assert_eq!(added("x = 1  # noqa: E1", "x = 1  # noqa: E1, E2"), 1);
        assert_eq!(added("x = 1  # type: ignore[a]", "x = 1  # type: ignore"), 1);
    }
}
