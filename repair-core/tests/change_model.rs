//! The change model, by properties.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use proptest::prelude::*;
use repair_core::{ApplyError, BuildError, ChangeSet, FileChange, RepoPath, Snapshot, Span};

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn snapshot(text: &str) -> Snapshot {
    Snapshot::from_files([(path("a.py"), text), (path("b.py"), "b\n")])
}

/// A text of lines, some of them alike, some not ASCII, some with CRLF, the last perhaps without an end.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof!["[a-c]{0,3}\n", "[a-c]{0,2}\r\n", Just("é→\n".to_owned()), Just("x".to_owned())];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat())
}

/// A change set of one edit of `a.py`, cut to the text.
fn edit(text: &str, start: usize, len: usize, with: &str) -> Option<ChangeSet> {
    let start = start % (text.len() + 1);
    let end = (start + len).min(text.len());
    let base = snapshot(text);
    let mut builder = ChangeSet::build_on(&base);
    builder.replace(&path("a.py"), start..end, with);
    builder.build().ok()
}

proptest! {
    #[test]
    fn between_leads_from_one_text_to_the_other(old in text(), new in text()) {
        let (before, after) = (snapshot(&old), snapshot(&new));
        let changes = ChangeSet::between(&before, &after).unwrap();
        let made = changes.apply(&before).unwrap();
        prop_assert_eq!(made.text(&path("a.py")), Ok(new.as_str()));
        prop_assert_eq!(changes.is_empty(), old == new);
    }

    #[test]
    fn union_does_not_depend_on_the_order(
        old in text(), a in (0usize..40, 0usize..4, "[a-c\n]{0,3}"), b in (0usize..40, 0usize..4, "[a-c\n]{0,3}"),
    ) {
        let (Some(a), Some(b)) = (edit(&old, a.0, a.1, &a.2), edit(&old, b.0, b.1, &b.2)) else { return Ok(()) };
        let (ab, ba) = (a.union(&b), b.union(&a));
        prop_assert_eq!(ab.is_ok(), ba.is_ok());
        if let (Ok(ab), Ok(ba)) = (ab, ba) {
            prop_assert_eq!(&ab, &ba);
            prop_assert!(ab.apply(&snapshot(&old)).is_ok());
        }
        prop_assert_eq!(a.union(&a), Ok(a));
    }

    #[test]
    fn union_is_associative_where_it_is_defined(
        old in text(), spots in prop::collection::vec((0usize..40, 0usize..3, "[a-c]{0,2}\n"), 3),
    ) {
        let sets: Option<Vec<ChangeSet>> = spots.iter().map(|(at, len, with)| edit(&old, *at, *len, with)).collect();
        let Some(sets) = sets else { return Ok(()) };
        let left = sets[0].union(&sets[1]).and_then(|ab| ab.union(&sets[2]));
        let right = sets[1].union(&sets[2]).and_then(|bc| sets[0].union(&bc));
        if let (Ok(left), Ok(right)) = (left, right) {
            prop_assert_eq!(left, right);
        }
    }

    #[test]
    fn an_edit_splits_no_character_and_reaches_nothing_else(old in text(), start in 0usize..60, len in 0usize..6) {
        let base = snapshot(&old);
        let mut builder = ChangeSet::build_on(&base);
        builder.replace(&path("a.py"), start..start + len, "z");
        match builder.build() {
            Ok(changes) => {
                let after = changes.apply(&base).unwrap();
                let expected = format!("{}z{}", &old[..start], &old[start + len..]);
                prop_assert_eq!(after.text(&path("a.py")), Ok(expected.as_str()));
                prop_assert!(after.same_file(&base, &path("b.py")));
            }
            Err(error) => {
                let misplaced = !(old.is_char_boundary(start) && old.is_char_boundary(start + len));
                let same = !misplaced && &old[start..start + len] == "z";
                prop_assert!(misplaced || same, "{}", error);
            }
        }
    }

    #[test]
    fn a_path_is_refused_or_stays_inside(text in "[a-z./\\\\:~ -]{0,20}") {
        if let Ok(path) = RepoPath::new(&text) {
            let joined = std::path::Path::new("/repo").join(path.as_str());
            prop_assert!(joined.starts_with("/repo"));
            prop_assert!(path.components().all(|part| !part.is_empty() && part != ".." && part != "."));
        }
    }
}

#[test]
fn a_stale_edit_is_refused_and_nothing_changes() {
    let changes = edit("one\ntwo\n", 0, 3, "three").unwrap();
    let other = snapshot("ONE\ntwo\n");
    assert_eq!(changes.apply(&other).unwrap_err(), ApplyError::Stale(path("a.py")));
    assert_eq!(other.text(&path("a.py")), Ok("ONE\ntwo\n"));
}

#[test]
fn a_change_set_of_several_files_applies_whole_or_not_at_all() {
    let base = snapshot("one\n");
    let mut builder = ChangeSet::build_on(&base);
    builder.replace(&path("b.py"), 0..1, "B").replace(&path("a.py"), 0..3, "two").create(&path("c/d.py"), "new\n");
    let changes = builder.build().unwrap();
    let occupied = Snapshot::from_files([(path("a.py"), "one\n"), (path("b.py"), "b\n"), (path("c"), "a file")]);
    assert_eq!(changes.apply(&occupied).unwrap_err(), ApplyError::Exists(path("c/d.py")));
    let after = changes.apply(&base).unwrap();
    assert_eq!(after.text(&path("c/d.py")), Ok("new\n"));
    assert_eq!(after.text(&path("b.py")), Ok("B\n"));
}

#[test]
fn contradictions_are_found_when_building() {
    let base = snapshot("one\n");
    let fails = |edit: &dyn Fn(&mut repair_core::ChangeBuilder<'_>)| {
        let mut builder = ChangeSet::build_on(&base);
        edit(&mut builder);
        builder.build().unwrap_err()
    };
    let a = path("a.py");
    assert_eq!(fails(&|b| _ = b.replace(&a, 0..3, "x").replace(&a, 2..4, "y")), BuildError::Overlap(a.clone()));
    assert_eq!(fails(&|b| _ = b.replace(&a, 0..1, "x").remove(&a)), BuildError::Overlap(a.clone()));
    assert_eq!(fails(&|b| _ = b.replace(&a, 0..3, "one")), BuildError::Nothing);
    assert_eq!(fails(&|b| _ = b.replace(&a, 0..99, "")), BuildError::Misplaced(a.clone()));
    assert_eq!(fails(&|b| _ = b.create(&a, "")), BuildError::Exists(a.clone()));
    assert!(matches!(fails(&|b| _ = b.insert(&path("no.py"), 0, "x")), BuildError::Unavailable(_)));
}

#[test]
fn whole_lines_inserted_at_one_place_both_come_and_other_rivals_conflict() {
    let insert = |text: &str| edit("one\n", 0, 0, text).unwrap();
    let both = insert("import re\n").union(&insert("import os\n")).unwrap();
    assert_eq!(both.apply(&snapshot("one\n")).unwrap().text(&path("a.py")), Ok("import os\nimport re\none\n"));
    assert!(insert("x").union(&insert("y")).is_err());
    let base = snapshot("one\n");
    let mut removal = ChangeSet::build_on(&base);
    removal.remove(&path("a.py"));
    assert!(insert("x").union(&removal.build().unwrap()).is_err());
}

#[test]
fn a_patch_is_what_git_would_print() {
    let before = Snapshot::from_files([(path("a b.py"), "one\ntwo\nthree"), (path("gone.py"), "x\n")]);
    let mut builder = ChangeSet::build_on(&before);
    builder.replace(&path("a b.py"), Span::new(4, 7), "TWO").remove(&path("gone.py")).create(&path("new.py"), "n\n");
    let changes = builder.build().unwrap();
    let expected = "diff --git a/a b.py b/a b.py\n--- a/a b.py\t\n+++ b/a b.py\t\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n\
                    \\ No newline at end of file\n\
                    diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
                    diff --git a/new.py b/new.py\nnew file mode 100644\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+n\n";
    assert_eq!(String::from_utf8(changes.to_patch(&before).unwrap()).unwrap(), expected);
    assert_eq!((changes.line_count(&before).added, changes.line_count(&before).removed), (2, 2));
    assert!(changes.files().any(|(_, change)| matches!(change, FileChange::Delete { .. })));
}
