//! What the tests of a repository speak of.
//!
//! A large repository has thousands of tests, and most questions concern a word or two: only files whose text holds
//! these words are parsed.

use super::inventory::Inventory;
use super::tokens::literals;
use crate::guards::place;
use crate::python::{Module, canonical};
use repair_core::{RepoPath, Snapshot};

/// Whether the literal, or a longer text with its words, stands in the tests.
pub(in crate::guards) fn stands_in_tests(snapshot: &Snapshot, literal: &str) -> bool {
    let pieces = constant_pieces(literal);
    let text = literal.ends_with('"') && pieces.iter().any(|piece| piece.len() > 2);
    let bare: Vec<&str> = pieces.iter().copied().filter(|piece| !text || piece.len() > 2).collect();
    let speaks = |other: &str| {
        other == literal || text && other.ends_with('"') && bare.iter().all(|piece| other.contains(piece))
    };
    files_with(snapshot, &bare).any(|path| {
        Module::at(snapshot, path).is_some_and(|module| {
            let inside = module.walk(module.root()).filter(|it| matches!(it.kind(), "string" | "integer" | "float"));
            inside.map(|it| canonical(&module, it)).any(|it| speaks(&it))
        })
    })
}

/// Whether some test asks with every literal of `key` and expects every one of `answers`.
pub(in crate::guards) fn asked_and_expected(snapshot: &Snapshot, key: &str, answers: &[String]) -> bool {
    let asked = literals(key);
    let words: Vec<&str> =
        asked.keys().copied().chain(answers.iter().map(String::as_str)).flat_map(constant_pieces).collect();
    files_with(snapshot, &words).filter_map(|path| Inventory::at(snapshot, path)).any(|inventory| {
        inventory.tests().flat_map(|it| &it.checks).any(|check| {
            let (left, right) = (literals(&check.left), literals(&check.right));
            asked.keys().all(|it| left.contains_key(it)) && answers.iter().all(|it| right.contains_key(it.as_str()))
        })
    })
}

/// The tests whose text holds every word.
fn files_with<'s>(snapshot: &'s Snapshot, words: &[&str]) -> impl Iterator<Item = &'s RepoPath> {
    let finders: Vec<_> = words.iter().map(|word| memchr::memmem::Finder::new(word).into_owned()).collect();
    let tests = snapshot.paths().filter(|path| place::is_test(path) && place::is_python(path));
    tests.filter(move |path| {
        snapshot.text(path).is_ok_and(|text| finders.iter().all(|finder| finder.find(text.as_bytes()).is_some()))
    })
}

/// What of a literal is there as it is written: all of it, or the parts of a formatted string that do not vary.
fn constant_pieces(literal: &str) -> Vec<&str> {
    let Some(open) = literal.find('"') else { return vec![literal] };
    let (prefix, body) = (&literal[..open], literal[open..].trim_matches('"'));
    if !prefix.contains('f') {
        return vec![body];
    }
    let outside = body.split('{').map(|part| part.rsplit_once('}').map_or(part, |(_, rest)| rest));
    outside.filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    const FILES: &str =
        "#- tests/test_a.py\ndef test_a():\n    assert f('abc', 7) == 'Hello, abc!'\n#- src/b.py\nx = 'src'\n";

    #[test]
    fn literals_are_looked_for_in_the_tests_only() {
        let snapshot = Fixture::new(FILES).snapshot;
        let stands = |literal: &str| stands_in_tests(&snapshot, literal);
        assert!(stands("\"abc\"") && stands("7") && stands("\"Hello\"") && stands("f\"Hello, {x}!\""));
        assert!(!stands("\"src\"") && !stands("8") && !stands("f\"Bye, {x}!\"") && !stands("\"lo\""));
    }

    #[test]
    fn a_question_belongs_to_its_answer() {
        let snapshot = Fixture::new(FILES).snapshot;
        let answers = |text: &str| vec![text.to_owned()];
        assert!(asked_and_expected(&snapshot, "\"abc\"", &answers("\"Hello, abc!\"")));
        assert!(!asked_and_expected(&snapshot, "\"abc\"", &answers("\"src\"")));
    }

    #[test]
    fn pieces_of_formatted_strings_are_what_does_not_vary() {
        assert_eq!(constant_pieces("f\"a{b}c{d!r}\""), ["a", "c"]);
        assert_eq!(constant_pieces("\"a{b}\""), ["a{b}"]);
        assert_eq!(constant_pieces("12"), ["12"]);
    }
}
