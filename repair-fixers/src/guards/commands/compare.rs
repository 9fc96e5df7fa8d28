//! Whether one run of a check is weaker than another.

use super::Check;
use super::options::{Bearing, bearing};
use repair_core::{Gravity, Objection, Rule};

/// One way in which a check became weaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guards) struct Weakness {
    /// How grave it is.
    pub(in crate::guards) gravity: Gravity,
    /// As a sentence fragment.
    pub(in crate::guards) reason: String,
}

impl Weakness {
    /// One that must not be.
    pub(in crate::guards) fn refuse(reason: impl Into<String>) -> Self {
        Self { gravity: Gravity::Refuse, reason: reason.into() }
    }

    /// One that a person should judge.
    pub(in crate::guards) fn needs_person(reason: impl Into<String>) -> Self {
        Self { gravity: Gravity::NeedsPerson, reason: reason.into() }
    }

    /// The objection under `rule`.
    pub(in crate::guards) fn objection(self, rule: &Rule) -> Objection {
        match self.gravity {
            Gravity::Refuse => Objection::refuse(rule, self.reason),
            Gravity::NeedsPerson => Objection::needs_person(rule, self.reason),
        }
    }
}

/// In what ways `new` is weaker than `old`, a run of the same tool.
pub(in crate::guards) fn weaker(old: &Check, new: &Check) -> Vec<Weakness> {
    let mut found = Vec::new();
    if let (None, Some(reason)) = (old.hidden, new.hidden) {
        found.push(Weakness::refuse(format!("a failure of `{}` goes unnoticed: {reason}", new.tool)));
    }
    found.extend(options_weaker(old, new));
    found.extend(targets_weaker(old, new));
    found
}

fn options_weaker(old: &Check, new: &Check) -> Vec<Weakness> {
    let mut found = Vec::new();
    let tool = &old.tool;
    for (name, value) in &new.options {
        if old.options.contains(&(name.clone(), value.clone())) {
            continue;
        }
        let shown = format!("{name} {value}");
        let shown = shown.trim_end();
        match bearing(tool, name, value) {
            Bearing::Weakens if all_given(old, name, value) => {}
            Bearing::Weakens => found.push(Weakness::refuse(format!("`{tool}` got `{shown}`"))),
            Bearing::Selects if wider_selection(old, name, value) => {}
            Bearing::Selects => found.push(Weakness::refuse(format!("`{tool}` is narrowed by `{shown}`"))),
            Bearing::Bar if lower(old, name, value) => {
                found.push(Weakness::refuse(format!("`{shown}` lowers the bar")))
            }
            Bearing::Tolerance if higher(old, name, value) => {
                found.push(Weakness::needs_person(format!("`{shown}` tolerates more")));
            }
            Bearing::Matters => found.push(Weakness::needs_person(format!("`{tool}` got `{shown}`"))),
            _ => {}
        }
    }
    for (name, value) in &old.options {
        let kept = new.options.iter().any(|(option, other)| option == name && (other == value || widens(value, other)));
        let gone = !new.options.iter().any(|(option, _)| option == name);
        match bearing(tool, name, value) {
            Bearing::Strengthens if !kept && !stands_in(new, name) => {
                found.push(Weakness::refuse(format!("`{tool}` lost `{}`", format!("{name} {value}").trim_end())));
            }
            Bearing::Bar if gone => found.push(Weakness::refuse(format!("`{tool}` lost its bar `{name}`"))),
            _ => {}
        }
    }
    found
}

/// Whether `new` widens the filter `old`: `error::X:notes` became `error::X`, or `error`.
fn widens(old: &str, new: &str) -> bool {
    !new.is_empty() && old.starts_with(new)
}

/// Whether another option does what the lost one did.
fn stands_in(new: &Check, lost: &str) -> bool {
    let has = |names: &[&str]| new.options.iter().any(|(name, _)| names.contains(&name.as_str()));
    match lost {
        "--check" | "--check-only" | "--diff" | "-c" | "-d" => has(&["--check", "--check-only", "--diff", "-c"]),
        "--all-files" | "-a" => has(&["--all-files", "-a"]),
        "--cov" => has(&["--cov", "--cov-fail-under"]),
        _ => false,
    }
}

fn all_given(old: &Check, name: &str, value: &str) -> bool {
    let before: Vec<&str> = old.values(name).flat_map(|value| value.split(',')).map(str::trim).collect();
    !value.is_empty() && value.split(',').all(|item| before.contains(&item.trim()))
}

fn wider_selection(old: &Check, name: &str, value: &str) -> bool {
    let given: Vec<&str> = value.split(',').map(str::trim).collect();
    old.values(name).any(|before| before.split(',').all(|item| given.contains(&item.trim())))
}

fn lower(old: &Check, name: &str, value: &str) -> bool {
    let before = old.values(name).filter_map(|value| value.parse::<f64>().ok()).fold(f64::NEG_INFINITY, f64::max);
    value.parse::<f64>().is_ok_and(|after| after < before)
}

fn higher(old: &Check, name: &str, value: &str) -> bool {
    let before = old.values(name).find_map(|value| value.parse::<f64>().ok());
    value.parse::<f64>().is_ok_and(|after| before.is_none_or(|before| after > before))
}

fn targets_weaker(old: &Check, new: &Check) -> Vec<Weakness> {
    let narrowed = |reason: String| vec![Weakness::refuse(reason)];
    if old.targets.is_empty() && !new.targets.is_empty() && !new.targets.iter().any(|target| is_all(target)) {
        let reason = format!("`{}` checks only `{}`", new.tool, new.targets.join(" "));
        let folders =
            new.targets.iter().all(|it| !it.trim_end_matches('/').contains(['/', ':']) && !it.ends_with(".py"));
        return if new.tool == "pytest" && folders { vec![Weakness::needs_person(reason)] } else { narrowed(reason) };
    }
    let lost: Vec<&str> = old.targets.iter().map(String::as_str).filter(|target| !covered(target, new)).collect();
    match lost.as_slice() {
        [] => Vec::new(),
        lost => narrowed(format!("`{}` no longer checks `{}`", new.tool, lost.join(" "))),
    }
}

fn is_all(target: &str) -> bool {
    matches!(target, "." | "./" | "*" | "discover" | "$(git ls-files '*.py')")
}

fn covered(target: &str, new: &Check) -> bool {
    let clean = |text: &str| text.trim_start_matches("./").trim_end_matches(['/', '*']).to_owned();
    let target = clean(target);
    let within = |outer: &String| {
        let outer = clean(outer);
        target == outer || target.strip_prefix(&outer).is_some_and(|rest| rest.starts_with(['/', '.', ':']))
    };
    new.targets.is_empty() || new.targets.iter().any(|outer| is_all(outer) || within(outer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guards::commands::words;

    fn weaknesses(old: &str, new: &str) -> usize {
        let check = |line: &str| Check::of_words(&words(line), None).unwrap();
        weaker(&check(old), &check(new)).len()
    }

    #[test]
    fn a_weaker_run_is_told() {
        for (old, new) in [
            ("ruff check src tests", "ruff check tests"),
            ("ruff check .", "ruff check --exit-zero ."),
            ("mypy src", "mypy --allow-untyped-defs src"),
            ("pytest", "pytest tests/unit"),
            ("pytest", "pytest -k 'not slow'"),
            ("black --check .", "black ."),
            ("pytest --cov-fail-under=90", "pytest --cov-fail-under=80"),
            ("pytest --cov-fail-under=90", "pytest"),
            ("pytest -W error", "pytest"),
            ("pytest", "pytest -p no:warnings"),
            ("flake8 --select E,F", "flake8 --select E"),
            ("pytest", "PYTHONWARNINGS=ignore pytest"),
            ("tox -e lint,types", "tox -e lint"),
            ("pre-commit run --all-files", "SKIP=mypy pre-commit run --all-files"),
            ("mypy --strict src", "mypy src"),
            ("python -W error::X:notes -m unittest t", "python -m unittest t"),
        ] {
            assert!(weaknesses(old, new) > 0, "{old} => {new}");
        }
    }

    #[test]
    fn an_equal_or_stricter_run_is_not() {
        for (old, new) in [
            ("ruff check src tests", "ruff check ."),
            ("ruff check src", "ruff check --output-format github src"),
            ("black --check .", "black --check --diff ."),
            ("ruff check src", "ruff check --extend-select B src"),
            ("pytest tests", "pytest -x -q tests"),
            ("pytest tests/a", "pytest tests"),
            ("python -W error::X:notes -m unittest t", "python -W error::X -m unittest t"),
            ("flake8 --select E", "flake8 --select E,F"),
            ("pytest --cov-fail-under=80", "pytest --cov-fail-under=90"),
            ("pytest -k a", "pytest"),
            ("isort -c .", "isort --check-only ."),
        ] {
            assert_eq!(weaknesses(old, new), 0, "{old} => {new}");
        }
    }
}
