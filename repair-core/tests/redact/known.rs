//! Values that the redactor is told of.

use crate::forms;
use repair_core::redact::{Redactor, secrets_of_environment};

/// Values that look like nothing.
const VALUES: [&str; 5] = [
    "correct horse battery",
    "pass/word+with=signs",
    "quote\"and'back\\slash",
    "umlaut-\u{fc}ber-alles",
    "<b>&amp;bold</b>",
];

fn redactor() -> Redactor {
    Redactor::new().with_known(VALUES.map(|value| ("deploy_key".to_owned(), value.to_owned())))
}

#[test]
fn a_known_value_is_found_in_every_form() {
    for value in VALUES {
        for form in forms::all(&format!("it says {value} here"), value) {
            let left = redactor().redact(&form.text).into_owned();
            assert_eq!(forms::leak(&left, &form.secrets), None, "{value} ({}): {left} of {}", form.name, form.text);
            assert!(left.contains("<<REDACTED:deploy_key#"), "{left}");
        }
    }
}

#[test]
fn a_known_value_is_found_escaped_for_xml_and_as_hexadecimal_digits() {
    let value = VALUES[1];
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(redactor().redact(&format!("x{hex}y")), "x<<REDACTED:deploy_key#1>>y");
    let xml = "a &lt;b&gt;&amp;amp;bold&lt;/b&gt; c";
    assert_eq!(redactor().redact(xml), "a <<REDACTED:deploy_key#1>> c");
}

#[test]
fn a_known_value_wins_over_a_pattern() {
    let token = ["gh", "p_", "q8ZrT2mXw9KpL4vBhJ7x0pQwErT5yU2iOaSd"].concat();
    let redactor = Redactor::new().with_known([("robot_token".to_owned(), token.clone())]);
    assert_eq!(redactor.redact(&format!("TOKEN={token}")), "TOKEN=<<REDACTED:robot_token#1>>");
}

#[test]
fn clones_number_together_and_the_same_secret_has_one_number_in_every_form() {
    let redactor = redactor();
    let clone = redactor.clone();
    assert_eq!(redactor.redact(VALUES[0]), "<<REDACTED:deploy_key#1>>");
    assert_eq!(clone.redact(VALUES[1]), "<<REDACTED:deploy_key#2>>");
    assert_eq!(redactor.redact("cGFzcy93b3JkK3dpdGg9c2lnbnM="), "<<REDACTED:deploy_key#2>>");
}

#[test]
fn nothing_is_told_by_the_debug_form_and_short_values_are_ignored() {
    let redactor =
        Redactor::new().with_known([("k".to_owned(), "1234567".to_owned()), ("k".to_owned(), "12345678".to_owned())]);
    assert_eq!(format!("{redactor:?}"), "Redactor { known: 1, .. }");
    assert_eq!(redactor.redact("a 1234567 b"), "a 1234567 b");
}

#[test]
fn the_environment_s_secrets_fit() {
    let vars = [("MY_TOKEN", "some thing secret"), ("HOME", "/home/somebody")];
    let known = secrets_of_environment(vars.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let redactor = Redactor::new().with_known(known);
    assert_eq!(redactor.redact("/home/somebody: some thing secret"), "/home/somebody: <<REDACTED:my_token#1>>");
}
