//! Private keys, in every form that logs have.

use crate::forms::{self, leak};
use crate::planted::{Family, Lot};
use repair_core::redact::Redactor;

const BODY: Family = Family("body", "[b64]\n[b64]\n[b64]\n[b64]\n[b36]==", "{}");

/// The label of a key, its body, and all of it.
fn keys() -> Vec<(String, String, String)> {
    let labels = [
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ];
    let key = |(seed, label): (usize, &str)| {
        let body = BODY.secret(&mut Lot::new(seed as u64 + 99));
        (label.to_owned(), body.clone(), format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----"))
    };
    labels.into_iter().enumerate().map(key).collect()
}

fn lines(body: &str) -> Vec<String> {
    body.lines().map(str::to_owned).collect()
}

#[test]
fn no_line_of_a_key_is_left_in_any_form() {
    for (label, body, key) in keys() {
        let json = serde_json::Value::from(key.clone()).to_string();
        let stamped: String = key.lines().map(|line| format!("2024-05-06T07:08:09.1234567Z {line}\n")).collect();
        let colored: String = key.lines().map(|line| format!("\u{1b}[36m{line}\u{1b}[0m\n")).collect();
        let quoted: String = key.lines().map(|line| format!("    \"{line}\\n\"\n")).collect();
        let diff: String = key.lines().map(|line| format!("+{line}\n")).collect();
        let unterminated = key.split("-----END").next().unwrap().to_owned();
        for (name, text) in [
            ("plain", key.clone()),
            ("windows", key.replace('\n', "\r\n")),
            ("json", format!("{{\"private_key\": {json}}}")),
            ("json in json", serde_json::Value::from(json).to_string()),
            ("one line", key.replace('\n', " ")),
            ("stamped", stamped),
            ("colored", colored),
            ("quoted", quoted),
            ("diff", diff),
            ("unterminated", unterminated),
            ("indented", key.replace('\n', "\n        ")),
            (
                "gh",
                key.lines().map(|line| format!("build\tUNKNOWN STEP\t2024-05-06T07:08:09.1234567Z {line}\n")).collect(),
            ),
        ] {
            for left in [Redactor::new().redact(&text).into_owned(), forms::in_chunks(&text, 11)] {
                assert_eq!(leak(&left, &lines(&body)), None, "{label} ({name}): {left}");
                assert_eq!(left.lines().count(), text.lines().count(), "the lines are kept");
                assert!(left.contains("<<REDACTED:private_key#1>>"), "what it was is told: {left}");
            }
        }
    }
}

#[test]
fn no_line_of_an_encoded_key_is_left() {
    for (label, body, key) in keys() {
        for form in
            forms::all(&key, &body).into_iter().filter(|form| form.name.starts_with("base64") || form.name == "url")
        {
            let left = Redactor::new().redact(&form.text).into_owned();
            let secrets = form.secrets.iter().flat_map(|secret| lines(secret)).collect::<Vec<_>>();
            assert_eq!(leak(&left, &secrets), None, "{label} ({}): {left}", form.name);
        }
    }
}

#[test]
fn a_key_across_pieces_of_a_stream_is_one() {
    for (label, body, key) in keys() {
        for within in [5, 70, 200] {
            let left = forms::cut(&key, within, false);
            assert_eq!(leak(&left, &lines(&body)), None, "{label}");
            let numbers: std::collections::BTreeSet<&str> =
                left.split("<<REDACTED:").skip(1).filter_map(|rest| rest.split(">>").next()).collect();
            assert_eq!(numbers.len(), 1, "one key has one number: {numbers:?}");
        }
    }
}
