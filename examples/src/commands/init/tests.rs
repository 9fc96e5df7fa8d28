use super::*;
use crate::config::Config;
use std::collections::BTreeSet;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn read(text: &str) -> Result<Config> {
    Config::read(&Snapshot::from_files([(RepoPath::new(CONFIGURATION_PATH).unwrap(), text)]))
}

/// The template with every setting switched on.
fn switched_on() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    CONFIGURATION.lines().map(line).collect()
}

/// The keys that the configuration knows, by its own words.
fn known(table: &str) -> BTreeSet<String> {
    let error = format!("{:#}", read(&format!("{table}no-such-key = 1\n")).unwrap_err());
    let (_, expected) = error.split_once("expected one of ").expect("an unknown key is refused with the known ones");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_written_configuration_changes_nothing() {
    assert_eq!(read(CONFIGURATION).unwrap(), Config::default());
}

#[test]
fn every_key_is_in_the_written_configuration_and_none_that_is_unknown() {
    let text = switched_on();
    read(&text).unwrap();
    let document: toml_edit::DocumentMut = text.parse().unwrap();
    let written: BTreeSet<String> = document.iter().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(written, known(""));
    let table = document["publish"].as_table().unwrap();
    let of_publishing: BTreeSet<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(of_publishing, known("[publish]\n"));
    assert!(written.len() >= 7 && of_publishing.len() >= 9, "{written:?} {of_publishing:?}");
}

#[test]
fn the_defaults_that_the_configuration_tells_are_the_defaults() {
    let config = read(&switched_on()).unwrap();
    assert_eq!(config.allow, Some(repair_core::Applicability::Unsafe));
    assert_eq!(config.check_timeout, Some(crate::commands::repairing::CHECK_TIMEOUT));
    assert_eq!(config.timeout, Some(crate::commands::repairing::TIMEOUT));
    assert!(config.checks.is_empty() && config.disable.is_empty());
    assert_eq!(config.publish.policy(), repair_core::publish::PublishPolicy::default());
}

#[test]
fn the_action_is_the_commit_of_this_build() {
    let action = action(None, Some(COMMIT)).unwrap();
    assert_eq!(action, format!("ci-repair/ci-repair@{COMMIT} # as of {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_build_that_does_not_know_its_commit_asks_for_the_action() {
    let error = action(None, None).unwrap_err().to_string();
    assert!(error.contains("--action OWNER/NAME@COMMIT"), "{error}");
    let asked = format!("someone/fork@{COMMIT}");
    assert_eq!(action(Some(&asked), None).unwrap(), asked);
}

#[test]
fn an_action_that_is_not_pinned_is_refused() {
    let with = |name: &str| format!("{name}@{COMMIT}");
    for wrong in ["a/b".into(), "a/b@v1".into(), "a/b@main".into(), with("b"), with("a/"), with("a/b c"), with("a/b\n")]
    {
        assert!(action(Some(&wrong), Some(COMMIT)).is_err(), "{wrong:?}");
    }
}

#[test]
fn names_stay_names_whatever_they_contain() {
    let names = ["Tests: all", "a \"b\" \\ 'c'", "#1", "ä\u{1F600}", "<action>"].map(str::to_owned);
    let document: yaml_serde::Value = yaml_serde::from_str(&workflow(&names, "a/b@c")).unwrap();
    let listed = document["on"]["workflow_run"]["workflows"].as_sequence().unwrap();
    assert_eq!(listed.iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>(), names);
}
