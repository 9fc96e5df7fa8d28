//! What holds for any text.

use crate::planted::{FAMILIES, Lot};
use proptest::prelude::*;
use repair_core::redact::Redactor;
use std::borrow::Cow;
use std::io::Write;

/// Parts from which nasty texts are made.
fn part() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "password",
        "token",
        "API_KEY",
        "Authorization: Bearer ",
        "https://u:",
        "@h/",
        "=",
        ": ",
        "\"",
        "'",
        "\n",
        " ",
        ",",
        "\\n",
        "%3D",
        "<<REDACTED:",
        "<<REDACTED:token#1>>",
        ">>",
        "#1",
        "\u{1b}[31m",
        "\u{200b}",
        "\r\n",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
        "apiVersion: v1\ndata:\n  ",
        "--password ",
        "***",
        "${X}",
        "\u{1a}",
        "&amp;",
        "é",
        "\\\"",
        "/",
        ";",
    ]);
    let secrets = (0..FAMILIES.len(), any::<u64>()).prop_map(|(index, seed)| {
        let family = &FAMILIES[index];
        let secret = family.secret(&mut Lot::new(seed));
        if seed % 2 == 0 { secret } else { family.in_place(&secret) }
    });
    prop_oneof![3 => words.prop_map(str::to_owned), 2 => secrets, 2 => "[A-Za-z0-9+/=_.-]{1,50}", 1 => ".{0,12}"]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(part(), 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_second_time_changes_nothing(text in text()) {
        let redactor = Redactor::new();
        let once = redactor.redact(&text).into_owned();
        prop_assert_eq!(redactor.redact(&once), once.as_str());
        prop_assert_eq!(Redactor::new().redact(&once), once.as_str());
    }

    #[test]
    fn how_a_stream_is_cut_changes_nothing(text in text(), size in 1usize..40) {
        let mut writer = Redactor::new().stream(Vec::new());
        text.as_bytes().chunks(size).for_each(|chunk| writer.write_all(chunk).unwrap());
        let streamed = String::from_utf8(writer.finish().unwrap()).unwrap();
        prop_assert_eq!(streamed, Redactor::new().redact(&text));
    }

    #[test]
    fn lines_are_kept(text in text()) {
        let redactor = Redactor::new();
        prop_assert_eq!(redactor.redact(&text).matches('\n').count(), text.matches('\n').count());
    }
}

#[test]
fn a_text_without_secrets_is_not_copied() {
    assert!(matches!(Redactor::new().redact("\u{1b}[32m2 passed\u{1b}[0m in 0.1s"), Cow::Borrowed(_)));
}

#[test]
fn the_same_secret_has_the_same_number_and_nothing_tells_its_length() {
    let [short, long] = ["q8ZrT2mXw9KpL4vB", "hJ7x0pQwErT5yU2iOaSdq8ZrT2mXw9KpL4vBhJ7x0pQwErT5yU2iOaSd"];
    let text = format!("A_TOKEN={short}\nB_TOKEN={long}\nC_TOKEN='{short}'\n");
    let left = "A_TOKEN=<<REDACTED:secret#1>>\nB_TOKEN=<<REDACTED:secret#2>>\nC_TOKEN='<<REDACTED:secret#1>>'\n";
    assert_eq!(Redactor::new().redact(&text), left);
}

#[test]
fn a_placeholder_in_a_text_shields_nothing() {
    let secret = "q8zrt2mxw9kplvbhjxpqwertyuioasdq";
    for text in [format!("<<REDACTED:{secret}>>"), format!("password=<<REDACTED:{secret}2#1>>")] {
        let left = Redactor::new().with_known([("k".to_owned(), secret.to_owned())]).redact(&text).into_owned();
        assert!(!left.contains(&secret[..8]), "{left}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test measures")]
fn a_text_made_to_be_slow_takes_as_long_as_it_is() {
    let units = [
        "token=token=",
        "token_token_",
        "eyJeyJ.eyJ",
        "a://b:c",
        "dG9rZW49",
        "\\\\\\\"%25",
        "\u{1b}[3",
        "<<REDACTED:a#",
        "token: \"",
    ];
    for unit in units {
        let [small, large] = [50_000, 200_000].map(|size| {
            let text = unit.repeat(size / unit.len());
            let start = std::time::Instant::now();
            Redactor::new().redact(&text);
            start.elapsed()
        });
        println!("{unit:?}: {small:?}, {large:?}");
        assert!(
            large < small * 16 + std::time::Duration::from_secs(2),
            "{unit}: {small:?} and {large:?} for four times as much"
        );
    }
}
