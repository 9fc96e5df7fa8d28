//! The serialisable forms: what goes out comes back, and nothing dangerous comes in.

#![cfg(feature = "serde")]

use repair_core::{ApplyError, Category, ChangeSet, Failure, RepoPath, Snapshot};

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("a path")
}

#[test]
fn a_change_set_comes_back_as_it_was() {
    let base = Snapshot::from_files([(path("a.py"), "one\ntwo\n"), (path("b.py"), "x\n")]);
    let mut builder = ChangeSet::build_on(&base);
    builder.replace(&path("a.py"), 0..3, "ONE").remove(&path("b.py")).create(&path("c.py"), "new\n");
    let changes = builder.build().expect("changes");
    let text = serde_json::to_string(&changes).expect("JSON");
    assert_eq!(serde_json::from_str::<ChangeSet>(&text).expect("a change set"), changes);
}

#[test]
fn a_change_set_from_elsewhere_cannot_leave_the_repository_or_tear_a_file() {
    let outside = r#"{"../x": {"create": {"contents": []}}}"#;
    assert!(serde_json::from_str::<ChangeSet>(outside).is_err());
    let base = Snapshot::from_files([(path("a.py"), "one\n")]);
    let hash = base.file(&path("a.py")).expect("the file").hash();
    let edit = |start: usize, end: usize| format!(r#"{{"span": {{"start": {start}, "end": {end}}}, "text": "x"}}"#);
    let overlapping =
        format!(r#"{{"a.py": {{"edit": {{"base": "{hash}", "edits": [{}, {}]}}}}}}"#, edit(0, 3), edit(1, 2));
    let changes: ChangeSet = serde_json::from_str(&overlapping).expect("it reads");
    assert_eq!(changes.apply(&base).expect_err("it does not apply"), ApplyError::Misplaced(path("a.py")));
    let backwards = format!(r#"{{"a.py": {{"edit": {{"base": "{hash}", "edits": [{}]}}}}}}"#, edit(3, 1));
    let error = serde_json::from_str::<ChangeSet>(&backwards).expect_err("it does not read");
    assert!(error.to_string().contains("ends before it starts"), "{error}");
}

#[test]
fn a_failure_comes_back_with_its_fingerprint() {
    let mut failure = Failure::new(Category::TypeCheck, "mypy");
    failure.path = Some(path("a.py"));
    failure.message = Some("wrong".to_owned());
    let text = serde_json::to_string(&failure).expect("JSON");
    assert!(text.contains("\"type_check\""), "{text}");
    let back: Failure = serde_json::from_str(&text).expect("a failure");
    assert_eq!(back.fingerprint(), failure.fingerprint());
    let fingerprint = serde_json::to_string(&failure.fingerprint()).expect("JSON");
    assert_eq!(fingerprint.trim_matches('"'), failure.fingerprint().to_string());
}
