//! Fixtures and a harness for people who write fixers and guards.
//!
//! Assertions panic, so this belongs in tests.

use crate::engine::propose_alone;
use crate::{Analysis, ChangeSet, Facts, Failure, Fix, FixGenerator, Guard, Objection, RepoPath, Skip, Snapshot, Span};

/// A small repository in one string.
///
/// `#- src/app.py` on a line of its own begins a file; `$0` marks a place and is taken out.
///
/// ```
/// # use repair_core::testing::Fixture;
/// let fixture = Fixture::new("#- app.py\nprint($0x)\n");
/// assert_eq!(fixture.snapshot.text(&fixture.marks[0].0).unwrap(), "print(x)\n");
/// assert_eq!(fixture.marks[0].1, 6);
/// ```
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The files.
    pub snapshot: Snapshot,
    /// The marked places, as byte offsets, in the order of the text.
    pub marks: Vec<(RepoPath, usize)>,
}

impl Fixture {
    /// Reads a fixture.
    ///
    /// # Panics
    /// If text stands before the first `#-` line, or a path is none.
    #[track_caller]
    pub fn new(text: &str) -> Self {
        let mut files: Vec<(RepoPath, String)> = Vec::new();
        let mut marks = Vec::new();
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("#- ") {
                files.push((RepoPath::new(path.trim()).expect("a path after `#-`"), String::new()));
                continue;
            }
            let (path, contents) = files.last_mut().expect("a fixture begins with `#- path`");
            let mut pieces = line.split("$0");
            contents.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                marks.push((path.clone(), contents.len()));
                contents.push_str(piece);
            }
        }
        Self { snapshot: Snapshot::from_files(files), marks }
    }

    /// `failure` with the path and line of the first mark, where it has none.
    pub fn place(&self, failure: Failure) -> Failure {
        match self.marks.first() {
            Some((path, offset)) if failure.path.is_none() => Failure {
                line: self.snapshot.text(path).ok().map(|text| Span::line_of(text, *offset)),
                path: Some(path.clone()),
                ..failure
            },
            _ => failure,
        }
    }
}

/// What `generator` proposes for `failure`, the best first, or why it proposes nothing.
pub fn propose(
    generator: &dyn FixGenerator,
    snapshot: &Snapshot,
    failure: &Failure,
    facts: &Facts,
) -> Result<Vec<Fix>, Skip> {
    propose_alone(generator, &Analysis::of_location(failure, snapshot), snapshot, facts)
}

/// Asserts that the best fix of `generator` for `failure`, which lies at the fixture's mark, makes exactly the change
/// `expected`: a unified diff without the lines before the first `@@`, or the text from `---` on.
///
/// Asserts too what every fix must keep: the generator handles the category, the title is an order without a full
/// stop, a second run proposes the same, and the fix is not proposed again once it is made.
#[track_caller]
pub fn check(generator: &dyn FixGenerator, fixture: &str, failure: Failure, expected: &str) -> Fix {
    check_with_facts(generator, fixture, failure, &Facts::default(), expected)
}

/// [`check`] with answers to the generator's queries.
#[track_caller]
pub fn check_with_facts(
    generator: &dyn FixGenerator,
    fixture: &str,
    failure: Failure,
    facts: &Facts,
    expected: &str,
) -> Fix {
    let fixture = Fixture::new(fixture);
    let failure = fixture.place(failure);
    let meta = generator.meta();
    assert!(meta.handles.contains(&failure.category), "{} does not handle {}", meta.id, failure.category);
    let fixes = propose(generator, &fixture.snapshot, &failure, facts).expect("a fix");
    let fix = fixes.first().expect("a fix").clone();
    assert_eq!(fixes, propose(generator, &fixture.snapshot, &failure, facts).expect("a fix"), "it is not pure");
    let title = fix.title();
    assert!(title.starts_with(char::is_uppercase) && !title.ends_with('.'), "`{title}` is not a title");
    assert_eq!(diff(fix.changes(), &fixture.snapshot), expected);
    let after = fix.changes().apply(&fixture.snapshot).expect("a fix that applies");
    if let Ok(again) = propose(generator, &after, &failure, facts) {
        assert!(again.iter().all(|other| other.title() != title), "it proposes `{title}` again");
    }
    fix
}

/// Asserts that the best fix of `generator` for `failure`, which lies at the fixture's mark, makes the marked file
/// `expected`, and that nothing is proposed once it is made.
#[track_caller]
pub fn check_text(generator: &dyn FixGenerator, fixture: &str, failure: Failure, expected: &str) -> Fix {
    let fixture = Fixture::new(fixture);
    let failure = fixture.place(failure);
    let fixes = propose(generator, &fixture.snapshot, &failure, &Facts::default()).expect("a fix");
    let fix = fixes.first().expect("a fix").clone();
    let after = fix.changes().apply(&fixture.snapshot).expect("a fix that applies");
    let (path, _) = fixture.marks.first().expect("a mark");
    assert_eq!(after.text(path).expect("a text file"), expected);
    let again = propose(generator, &after, &failure, &Facts::default());
    assert!(again.is_err(), "more is proposed: {again:?}");
    fix
}

/// Asserts that `generator` proposes nothing for `failure`, for a reason that contains `reason`.
#[track_caller]
pub fn check_skipped(generator: &dyn FixGenerator, fixture: &str, failure: Failure, reason: &str) {
    let fixture = Fixture::new(fixture);
    let failure = fixture.place(failure);
    let skip = propose(generator, &fixture.snapshot, &failure, &Facts::default()).expect_err("no fix").to_string();
    assert!(skip.contains(reason), "skipped since {skip:?}, not {reason:?}");
}

/// What `guard` has against the change from one fixture to another.
#[track_caller]
pub fn objections(guard: &dyn Guard, before: &str, after: &str) -> Vec<Objection> {
    let (before, after) = (Fixture::new(before).snapshot, Fixture::new(after).snapshot);
    let changes = ChangeSet::between(&before, &after).expect("text files");
    guard.check(&before, &after, &changes)
}

/// The change as a unified diff without git's own lines.
#[track_caller]
pub fn diff(changes: &ChangeSet, base: &Snapshot) -> String {
    let patch = changes.to_patch(base).expect("changes that apply");
    let text = String::from_utf8_lossy(&patch);
    let keep = |line: &&str| !line.starts_with("diff --git ") && !line.starts_with("new file mode ");
    text.split_inclusive('\n').filter(keep).collect()
}
