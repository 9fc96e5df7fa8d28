//! Whether one check is weaker than the one whose place it takes.

use super::check::{Check, Strength};
use super::inventory::Inventory;
use super::spelling;
use super::tokens::{is_literal, is_subsequence, likeness, literals, names, renamed, tokens};
use crate::guards::commands::Weakness;
use std::collections::BTreeSet;

/// What a comparison needs to know of its surroundings.
pub(super) struct Surroundings<'a> {
    /// The file before.
    pub(super) old: &'a Inventory,
    /// The file after.
    pub(super) new: &'a Inventory,
    /// Whether code that is not a test changes too, so that another behaviour may be meant.
    pub(super) source_changes: bool,
    /// Exceptions and their bases, as the repository defines them.
    pub(super) bases: &'a dyn Fn(&str) -> Vec<String>,
    /// Whether the checks stand in different tests, which may prepare their subject each in its own way.
    pub(super) moved: bool,
}

impl Surroundings<'_> {
    /// An objection that a change of the source may explain.
    fn unless_explained(&self, reason: String) -> Option<Weakness> {
        Some(if self.source_changes { Weakness::needs_person(reason) } else { Weakness::refuse(reason) })
    }

    /// In what way `new` is weaker than `old`.
    pub(super) fn judge(&self, old: &Check, new: &Check) -> Option<Weakness> {
        let said = |what: &str| format!("{what}: `{}` became `{}`", old.title(), new.title());
        if spelling::same(old, &self.old.bindings, new, &self.new.bindings) {
            return None;
        }
        if new.is_tautology() && !old.is_tautology() {
            return Some(Weakness::refuse(said("the check holds whatever happens")));
        }
        if is_expectation(old) && is_expectation(new) {
            return self.judge_expectation(old, new);
        }
        if is_expectation(old) {
            return Some(Weakness::refuse(said("the error is no longer expected")));
        }
        if old.operation == "near" && new.operation == "near" {
            let (before, after) = (old.tolerance.unwrap_or(1e-6), new.tolerance.unwrap_or(1e-6));
            if after > before {
                return Some(Weakness::refuse(said("the tolerance grew")));
            }
        }
        if new.strength < old.strength {
            return self.judge_weaker(old, new, said("the check is weaker"));
        }
        if old.strength == Strength::Truth && old.operation != new.operation && new.strength == Strength::Truth {
            return Some(Weakness::refuse(said("the check asks for something else")));
        }
        self.judge_rewritten(old, new)
    }

    fn judge_weaker(&self, old: &Check, new: &Check, reason: String) -> Option<Weakness> {
        if new.operation == "near" && old.operation == "==" {
            return match new.tolerance {
                None => None,
                Some(tolerance) if tolerance <= 1e-6 => None,
                Some(tolerance) if tolerance <= 1e-3 => Some(Weakness::needs_person(reason)),
                Some(_) => Some(Weakness::refuse(reason)),
            };
        }
        Some(Weakness::refuse(reason))
    }

    /// Two checks of the same strength or more that are not the same.
    fn judge_rewritten(&self, old: &Check, new: &Check) -> Option<Weakness> {
        let said = |what: &str| format!("{what}: `{}` became `{}`", old.title(), new.title());
        let (old_all, new_all) = (format!("{} @ {}", old.left, old.right), format!("{} @ {}", new.left, new.right));
        if let Some(pairs) = renamed(&old_all, &new_all) {
            let other: Vec<_> = pairs.iter().filter(|(a, b)| !self.is_rename(a, b)).collect();
            return match other.first() {
                None => None,
                Some((_, b)) if self.is_own(b) => Some(Weakness::refuse(said("the test checks its own stand-in"))),
                Some(_) => self.unless_explained(said("the test checks something else")),
            };
        }
        let about_the_same =
            new.left.contains(&old.left) || old.left.contains(&new.left) || likeness(&old.left, &new.left) > 0.6;
        if new.strength > old.strength && about_the_same && !computes_from_subject(&new.left, &new.right) {
            return None;
        }
        let same_left = old.left == new.left || self.same_but_renamed(&old.left, &new.left);
        let same_right = old.right == new.right || self.same_but_renamed(&old.right, &new.right);
        if same_left {
            if literals(&old.right) == literals(&new.right) && !literals(&old.right).is_empty() {
                return None;
            }
            if computes_from_subject(&new.left, &new.right) {
                return Some(Weakness::refuse(said("the expected value is computed by what is tested")));
            }
            if reads_clock(&old.right) && !reads_clock(&new.right) {
                return Some(Weakness::needs_person(said("the expected value no longer depends on the time")));
            }
            return self.unless_explained(said("the expected value was rewritten"));
        }
        if same_right {
            return self.judge_subject(old, new);
        }
        if likeness(&old_all, &new_all) >= 0.5 {
            return self.unless_explained(said("the check was rewritten"));
        }
        if computes_from_subject(&new.left, &new.right) {
            return Some(Weakness::refuse(said("the expected value is computed by what is tested")));
        }
        self.unless_explained(said("the check was replaced"))
    }

    /// The expected value is the same, the subject is another.
    fn judge_subject(&self, old: &Check, new: &Check) -> Option<Weakness> {
        let said = |what: &str| format!("{what}: `{}` became `{}`", old.title(), new.title());
        let lost: Vec<&str> = {
            let kept = literals(&new.left);
            literals(&old.left).into_keys().filter(|literal| !kept.contains_key(literal)).collect()
        };
        let added: Vec<&str> =
            tokens(&new.left).into_iter().filter(|token| !tokens(&old.left).contains(token)).collect();
        let softens =
            ["round", "int", "bool", "set", "len", "type", "lower", "strip", "upper", "abs", "str", "any", "replace"];
        if added.iter().any(|token| softens.contains(token)) {
            return Some(Weakness::refuse(said("the subject is softened")));
        }
        if !lost.is_empty() {
            return self.unless_explained(said("the input of the check changed"));
        }
        if is_subsequence(&old.left, &new.left)
            && added.iter().all(|token| !is_literal(token) || new.left.contains(&format!("={token}")))
        {
            return None;
        }
        let fresh = names(&new.left).into_iter().filter(|name| !names(&old.left).contains(name)).collect::<Vec<_>>();
        if fresh.iter().any(|name| self.is_own(name)) {
            return Some(Weakness::refuse(said("the test checks its own stand-in")));
        }
        let replaced = names(&old.left).into_iter().filter(|name| !names(&new.left).contains(name)).collect::<Vec<_>>();
        let migrated =
            !replaced.is_empty() && replaced.iter().all(|name| !self.new.names.contains(*name) || self.aliased(name));
        if migrated && fresh.iter().all(|name| !self.is_own(name)) {
            return None;
        }
        self.unless_explained(said("the subject changed"))
    }

    fn judge_expectation(&self, old: &Check, new: &Check) -> Option<Weakness> {
        let said = |what: &str| {
            format!("{what}: `{}({})` became `{}({})`", old.operation, old.right, new.operation, new.right)
        };
        let (before, after) = (exceptions(&old.right), exceptions(&new.right));
        let wider = after.iter().any(|name| !before.iter().any(|old| name == old || self.derives(name, old)));
        if wider {
            let base = |name: &String| before.iter().any(|old| self.derives(old, name)) || is_broad(name);
            return match after.iter().any(base) || after.len() > before.len() {
                true => Some(Weakness::refuse(said("more errors are accepted"))),
                false => self.unless_explained(said("another error is expected")),
            };
        }
        match (&old.matched, &new.matched) {
            (Some(_), None) => Some(Weakness::refuse(said("the message is no longer checked"))),
            (Some(before), Some(after)) if before != after => {
                let bare =
                    |text: &str| text.trim_start_matches('r').trim_matches('"').trim_matches(['^', '$']).to_owned();
                let (before, after) = (bare(before), bare(after));
                let looser = after.contains('|') && !before.contains('|')
                    || after.contains(".*") && !before.contains(".*")
                    || after.len() < before.len() && before.contains(&after);
                match () {
                    () if looser => Some(Weakness::refuse(said("the message may be more"))),
                    () if after.contains(&before) => None,
                    () => self.unless_explained(said("the expected message was rewritten")),
                }
            }
            _ if old.left == new.left || old.left.is_empty() || new.left.is_empty() => None,
            _ if self.same_but_renamed(&old.left, &new.left) || is_subsequence(&old.left, &new.left) => None,
            _ => {
                let kept = literals(&new.left);
                let lost = literals(&old.left).keys().any(|literal| !kept.contains_key(literal));
                if lost { self.unless_explained(said("the input of the check changed")) } else { None }
            }
        }
    }

    /// Whether exception `name` is one of `base`.
    fn derives(&self, name: &str, base: &str) -> bool {
        let mut open = vec![name.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            let last = next.rsplit('.').next().unwrap_or(&next).to_owned();
            let wanted = base.rsplit('.').next().unwrap_or(base);
            if last == wanted && last != name || alias(&last) == alias(wanted) {
                return true;
            }
            if seen.insert(last.clone()) {
                open.extend((self.bases)(&last));
                open.extend(builtin_base(&last).map(str::to_owned));
            }
        }
        false
    }

    fn same_but_renamed(&self, old: &str, new: &str) -> bool {
        renamed(old, new).is_some_and(|pairs| pairs.iter().all(|(a, b)| self.is_rename(a, b)))
    }

    /// Whether `old` is no longer used and `new` is no invention of the test.
    fn is_rename(&self, old: &str, new: &str) -> bool {
        !self.new.names.contains(old) && !self.is_own(new)
            || self.moved && self.prepares(self.old, old) && self.prepares(self.new, new)
            || old.starts_with("assert") && new.starts_with("assert")
            || self.is_local(old) && self.is_local(new)
    }

    /// Whether the name is a local one, or that of a fixture.
    fn prepares(&self, inventory: &Inventory, name: &str) -> bool {
        let fixture = inventory.function(name).is_none_or(|it| it.fixture);
        fixture && inventory.bindings.get(name).is_none() && !inventory.classes.contains_key(name)
    }

    /// Whether the test gave the name of something imported to something else that is imported.
    fn aliased(&self, name: &str) -> bool {
        self.old.bindings.get(name).is_some() && self.new.data.get(name).is_some_and(|value| !value.contains("lambda"))
    }

    fn is_local(&self, name: &str) -> bool {
        matches!(name, "self" | "cls" | "RAISED")
            || !self.old.bindings.iter().chain(self.new.bindings.iter()).any(|(it, _)| it == name)
                && !self.new.names.contains(name)
    }

    /// Whether the test file itself defines `name`, and did not before.
    fn is_own(&self, name: &str) -> bool {
        let defines =
            |inventory: &Inventory| inventory.function(name).is_some() || inventory.classes.contains_key(name);
        defines(self.new) && !defines(self.old)
    }
}

fn is_expectation(check: &Check) -> bool {
    matches!(check.operation.as_str(), "raises" | "warns")
}

fn exceptions(text: &str) -> Vec<String> {
    let bare = text.trim_matches(['(', ')']);
    bare.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn is_broad(name: &str) -> bool {
    matches!(name.rsplit('.').next().unwrap_or(name), "Exception" | "BaseException" | "Warning")
}

fn alias(name: &str) -> &str {
    match name {
        "IOError" | "EnvironmentError" | "WindowsError" | "error" => "OSError",
        "socket.timeout" | "timeout" => "TimeoutError",
        other => other,
    }
}

fn builtin_base(name: &str) -> Option<&'static str> {
    Some(match name {
        "KeyError" | "IndexError" => "LookupError",
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" => "ArithmeticError",
        "FileNotFoundError" | "PermissionError" | "FileExistsError" | "IsADirectoryError" | "NotADirectoryError"
        | "ConnectionError" | "TimeoutError" | "BlockingIOError" | "InterruptedError" => "OSError",
        "ModuleNotFoundError" => "ImportError",
        "NotImplementedError" | "RecursionError" => "RuntimeError",
        "UnicodeError" | "JSONDecodeError" | "ValidationError" => "ValueError",
        "UnicodeDecodeError" | "UnicodeEncodeError" => "UnicodeError",
        "ConnectionResetError" | "BrokenPipeError" | "ConnectionRefusedError" | "ConnectionAbortedError" => {
            "ConnectionError"
        }
        "UnboundLocalError" => "NameError",
        "IndentationError" => "SyntaxError",
        "Exception" => "BaseException",
        "DeprecationWarning" | "UserWarning" | "FutureWarning" | "RuntimeWarning" | "PendingDeprecationWarning" => {
            "Warning"
        }
        "BaseException" => return None,
        _ => "Exception",
    })
}

/// Whether the value is another one at every run.
fn reads_clock(text: &str) -> bool {
    let names = names(text);
    ["today", "now", "utcnow", "time", "monotonic", "uuid4", "random"].iter().any(|name| names.contains(name))
        && text.contains('(')
}

/// Whether the expected value calls the function that the subject calls.
fn computes_from_subject(left: &str, right: &str) -> bool {
    let called = |text: &str| -> BTreeSet<String> {
        let tokens = tokens(text);
        let heads = tokens.windows(2).filter(|pair| pair[1] == "(" && super::tokens::is_name(pair[0]));
        heads.map(|pair| pair[0].to_owned()).collect()
    };
    let builtin = [
        "sorted", "list", "set", "dict", "tuple", "str", "len", "repr", "int", "float", "bytes", "range", "datetime",
        "date", "Path",
    ];
    called(left).intersection(&called(right)).any(|name| !builtin.contains(&name.as_str()))
}
