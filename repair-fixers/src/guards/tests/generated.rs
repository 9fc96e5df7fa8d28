//! Inputs that hypothesis makes up.

use super::inventory::Function;
use crate::guards::commands::Weakness;

/// Whether fewer inputs are made up for a test than before.
pub(super) fn inputs(old: &Function, new: &Function) -> Option<Weakness> {
    let assumes = |function: &Function| function.body.matches("assume(").count();
    if !old.decorators.iter().any(|it| is(it, "given")) {
        return None;
    }
    let reason = match () {
        () if assumes(new) > assumes(old) => "`assume` leaves out inputs".to_owned(),
        () if fewer_examples(old, new) => "fewer examples are tried".to_owned(),
        () => {
            let narrowing = ["just(", "filter(", "sampled_from(", "none()"];
            let strategies = |function: &Function| {
                function.decorators.iter().filter(|it| is(it, "given")).cloned().collect::<Vec<_>>().join(";")
            };
            let (was, is) = (strategies(old), strategies(new));
            let narrows = narrowing.iter().any(|it| is.matches(it).count() > was.matches(it).count());
            match (was == is, narrows) {
                (true, _) => return None,
                (false, true) => format!("the strategy got narrower: `{is}`"),
                (false, false) => return Some(Weakness::needs_person(format!("the strategy changed: `{is}`"))),
            }
        }
    };
    Some(Weakness::refuse(format!("`{}`: {reason}", new.name)))
}

fn fewer_examples(old: &Function, new: &Function) -> bool {
    let examples = |function: &Function| {
        let settings = function.decorators.iter().find(|it| is(it, "settings"))?;
        let (_, rest) = settings.split_once("max_examples=")?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    };
    examples(new).is_some_and(|now| now < examples(old).unwrap_or(100))
}

/// Whether the decorator is the one of hypothesis with this name.
fn is(decorator: &str, name: &str) -> bool {
    let called = decorator.split('(').next().unwrap_or_default();
    called == name || called.strip_prefix("hypothesis.") == Some(name)
}

#[cfg(test)]
mod tests {
    use crate::guards::tests::Tests;
    use repair_core::Ruling;
    use repair_core::testing::objections;

    fn ruling(decorators: &str, body: &str) -> Ruling {
        let text = |decorators: &str, body: &str| {
            format!(
                "#- tests/test_a.py\nfrom hypothesis import assume, given, settings, strategies as st\nfrom app import f\n\n{decorators}\ndef test_f(x):\n{body}    assert f(x) == x\n"
            )
        };
        let old = text("@given(st.integers(-9, 9))\n@settings(max_examples=50)", "");
        Ruling::of(&objections(&Tests, &old, &text(decorators, body)))
    }

    #[test]
    fn fewer_inputs_are_refused() {
        let settings = "@settings(max_examples=50)";
        assert_eq!(ruling(&format!("@given(st.just(1))\n{settings}"), ""), Ruling::Refuse);
        assert_eq!(ruling(&format!("@given(st.integers(-9, 9).filter(bool))\n{settings}"), ""), Ruling::Refuse);
        assert_eq!(ruling("@given(st.integers(-9, 9))\n@settings(max_examples=1)", ""), Ruling::Refuse);
        assert_eq!(ruling(&format!("@given(st.integers(-9, 9))\n{settings}"), "    assume(x > 0)\n"), Ruling::Refuse);
    }

    #[test]
    fn more_inputs_and_other_settings_are_fine() {
        assert_eq!(ruling("@given(st.integers(-9, 9))\n@settings(max_examples=99, deadline=None)", ""), Ruling::Allow);
        assert_eq!(ruling("@given(st.integers())\n@settings(max_examples=50)", ""), Ruling::NeedsPerson);
    }
}
