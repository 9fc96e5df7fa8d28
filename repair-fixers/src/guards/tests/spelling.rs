//! Checks that say the same in other words: through another import, or another way to run a coroutine.

use super::check::Check;
use super::tokens::{names, substitute, tokens};
use crate::python::Bindings;
use std::collections::BTreeMap;

/// Whether two checks of files with these imports are the same.
pub(super) fn same(old: &Check, old_bindings: &Bindings, new: &Check, new_bindings: &Bindings) -> bool {
    let (was, is) = (qualified(old, old_bindings), qualified(new, new_bindings));
    let waits =
        |check: &Check| names(&check.left).contains("await") || RUNNERS.iter().any(|it| check.left.contains(it));
    let stops_waiting = waits(&was) && !waits(&is) && was.operation != "==";
    !stops_waiting && awaited(was).key() == awaited(is).key()
}

/// What runs a coroutine to its end.
const RUNNERS: [&str; 4] = ["asyncio.run(", "anyio.run(", ".run_until_complete(", "trio.run("];

/// The check with its imported names in full.
fn qualified(check: &Check, bindings: &Bindings) -> Check {
    let values: BTreeMap<String, String> =
        bindings.iter().map(|(name, target)| (name.to_owned(), target.to_owned())).collect();
    let text = |text: &str| substitute(text, &values);
    Check { left: text(&check.left), right: text(&check.right), ..check.clone() }
}

/// The check with coroutines as if they were functions.
fn awaited(check: Check) -> Check {
    let bare = |text: &str| -> String {
        let words: Vec<&str> = tokens(text).into_iter().filter(|token| *token != "await").collect();
        let text = words.join(" ");
        let inner = RUNNERS.iter().find_map(|runner| {
            let runner = tokens(runner).join(" ");
            let (head, rest) = text.split_once(&runner)?;
            head.split(' ').all(|word| !matches!(word, "=" | ",")).then(|| rest.trim().strip_suffix(')'))?
        });
        inner.map_or(text.clone(), |inner| inner.trim().to_owned())
    };
    let (left, right) = (bare(&check.left), bare(&check.right));
    Check { left, right, ..check }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guards::tests::check::Strength;
    use crate::python::Module;

    fn are_same(old: (&str, &str), new: (&str, &str)) -> bool {
        let check = |left: &str| Check::new(Strength::Exact, "==", left.to_owned(), "1".to_owned());
        let bindings = |imports: &str| Bindings::of(&Module::parse(imports));
        same(&check(old.1), &bindings(old.0), &check(new.1), &bindings(new.0))
    }

    #[test]
    fn imports_do_not_matter() {
        let old = ("import datetime\nfrom app import clock", "clock.age(datetime.date(1,2,3))");
        assert!(are_same(old, ("from datetime import date\nfrom app.clock import age", "age(date(1,2,3))")));
        assert!(!are_same(old, ("from datetime import date\nfrom fake import age", "age(date(1,2,3))")));
        assert!(!are_same(old, ("from datetime import date\nfrom app.clock import age", "age(date(1,2,4))")));
    }

    #[test]
    fn how_a_coroutine_is_run_does_not_matter() {
        let old = ("import asyncio", "asyncio.run(f(2))");
        assert!(are_same(old, ("", "await f(2)")));
        assert!(are_same(old, ("", "loop.run_until_complete(f(2))")));
        assert!(are_same(("", "f(2)"), ("", "await f(2)")));
        assert!(!are_same(old, ("", "await f(3)")));
    }

    #[test]
    fn a_coroutine_that_nobody_awaits_is_true_whatever_happens() {
        let truth = |left: &str| Check::new(Strength::Truth, "true", left.to_owned(), String::new());
        let none = Bindings::default();
        assert!(!same(&truth("await f()"), &none, &truth("f()"), &none));
        assert!(same(&truth("f()"), &none, &truth("await f()"), &none));
    }
}
