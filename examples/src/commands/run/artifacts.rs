//! JUnit files and coverage reports among what a run has put aside.

use crate::github::Connection;
use repair_core::forge::{Artifact, Forge, Run};
use repair_fixers::logs::results::{Results, read_archive};

/// The most artifacts that are looked into.
const MOST: usize = 20;
/// An artifact whose name says nothing of tests is looked into if it is no larger than this, in bytes.
const SMALL: u64 = 4 << 20;
/// Words in the names of artifacts with the results of tests.
const WORDS: [&str; 7] = ["junit", "test", "xunit", "report", "result", "nose", "cov"];

/// The reports, and what is to be said of what is not read. No artifact is worth giving up for.
pub(super) async fn read(connection: &Connection, run: &Run) -> Results {
    let mut all = Results::default();
    let artifacts = match connection.github.artifacts(run).await {
        Ok(artifacts) => artifacts,
        Err(error) => {
            all.notes.push(format!("no artifact is read: {error}"));
            return all;
        }
    };
    for artifact in chosen(&artifacts) {
        let mut packed = Vec::new();
        let name = &artifact.name;
        if let Err(error) = connection.github.artifact(artifact, &mut packed).await {
            all.notes.push(format!("the artifact `{name}` is not read: {error}"));
            continue;
        }
        let found = read_archive(packed);
        all.junit.extend(found.junit);
        all.coverage.extend(found.coverage);
        all.notes.extend(found.notes.into_iter().map(|why| format!("in the artifact `{name}`: {why}")));
    }
    all
}

/// Those that may hold results of tests, the likely ones first.
fn chosen(artifacts: &[Artifact]) -> Vec<&Artifact> {
    let likely = |artifact: &Artifact| {
        let name = artifact.name.to_ascii_lowercase();
        WORDS.iter().any(|word| name.contains(word))
    };
    let mut chosen: Vec<&Artifact> =
        artifacts.iter().filter(|it| !it.expired && (likely(it) || it.size <= SMALL)).collect();
    chosen.sort_by_key(|artifact| !likely(artifact));
    chosen.truncate(MOST);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likely_ones_are_looked_into_and_small_ones() {
        let artifact = |name: &str, size| Artifact::new("o/n".parse().unwrap(), 1, name, size);
        let mut old = artifact("junit-old", 1);
        old.expired = true;
        let all = [
            artifact("wheels", 9 << 20),
            artifact("docs", 1),
            old,
            artifact("htmlcov", 9 << 20),
            artifact("Test-Results", 9 << 20),
        ];
        let names: Vec<&str> = chosen(&all).into_iter().map(|artifact| artifact.name.as_str()).collect();
        assert_eq!(names, ["htmlcov", "Test-Results", "docs"]);
        let many: Vec<Artifact> = (0..50).map(|_| artifact("junit", 1)).collect();
        assert_eq!(chosen(&many).len(), MOST);
    }
}
