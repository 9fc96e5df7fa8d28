//! What coverage reports come to, as one sentence.

use super::{Coverage, Lines};
use repair_core::RepoPath;
use std::cmp::Reverse;

/// The most files that are told.
const MOST_FILES: usize = 5;
/// The most ranges of lines that are told of a file.
const MOST_RANGES: usize = 12;

/// See [`Coverage::note`].
pub(super) fn of(coverage: &Coverage) -> Option<String> {
    let (measured, missing) = (coverage.measured(), coverage.missing());
    // Only what is complete is 100 %.
    let percent = (measured - missing) * 100 / Some(measured).filter(|measured| *measured > 0)?;
    let mut files: Vec<_> = coverage.files.iter().filter(|(_, lines)| lines.missing() > 0).collect();
    files.sort_by_key(|(_, lines)| Reverse(lines.missing()));
    let total = format!("{}: {percent} % of {measured} lines", coverage.name);
    let worst: Vec<String> = files.iter().take(MOST_FILES).map(|(path, lines)| file(path, lines)).collect();
    let left_out = match coverage.left_out {
        0 => String::new(),
        count => format!("; files outside of the repository, not counted: {count}"),
    };
    Some(match worst.as_slice() {
        [] => format!("{total}; no line is missing, so that branches may be{left_out}"),
        _ => format!("{total}; most is missing in {}{left_out}", worst.join("; ")),
    })
}

/// `src/shop/cart.py (40 of 52 lines: 3-9, 12, 20-51)`
fn file(path: &RepoPath, lines: &Lines) -> String {
    let ranges = lines.missing_ranges();
    let mut told: Vec<String> = ranges.iter().take(MOST_RANGES).map(|range| self::range(*range)).collect();
    if ranges.len() > MOST_RANGES {
        told.push("…".to_owned());
    }
    format!("{path} ({} of {} lines: {})", lines.missing(), lines.measured(), told.join(", "))
}

fn range((first, last): (u32, u32)) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(files: &[(&str, &[u32], &[u32])]) -> Coverage {
        let mut coverage = Coverage { name: "coverage.xml".to_owned(), ..Coverage::default() };
        for (path, covered, missing) in files {
            let mut lines = Lines::default();
            covered.iter().for_each(|line| lines.add(*line, true));
            missing.iter().for_each(|line| lines.add(*line, false));
            coverage.files.insert(RepoPath::new(path).unwrap(), lines);
        }
        coverage
    }

    #[test]
    fn the_files_with_most_missing_stand_first() {
        let told = of(&coverage(&[("a.py", &[1], &[2]), ("b.py", &[3], &[1, 2, 5]), ("c.py", &[1, 2], &[])]));
        let expected =
            "coverage.xml: 50 % of 8 lines; most is missing in b.py (3 of 4 lines: 1-2, 5); a.py (1 of 2 lines: 2)";
        assert_eq!(told.as_deref(), Some(expected));
    }

    #[test]
    fn only_what_is_complete_is_a_hundred_per_cent() {
        let most: Vec<u32> = (1..1000).collect();
        assert!(of(&coverage(&[("a.py", &most, &[1000])])).unwrap().starts_with("coverage.xml: 99 % of 1000 lines"));
        let all = of(&coverage(&[("a.py", &most, &[])])).unwrap();
        assert_eq!(all, "coverage.xml: 100 % of 999 lines; no line is missing, so that branches may be");
        assert_eq!(of(&coverage(&[("a.py", &[], &[])])), None);
    }

    #[test]
    fn many_files_and_ranges_are_cut_and_what_lies_elsewhere_is_counted() {
        let (odd, even): (Vec<u32>, Vec<u32>) = (1..100).partition(|line| line % 2 == 1);
        let names: Vec<String> = (0..9).map(|number| format!("{number}.py")).collect();
        let files: Vec<(&str, &[u32], &[u32])> =
            names.iter().map(|name| (name.as_str(), &odd[..], &even[..])).collect();
        let told = of(&Coverage { left_out: 3, ..coverage(&files) }).unwrap();
        assert!(told.contains("4.py (") && !told.contains("5.py ("), "{told}");
        assert!(told.contains("22, 24, …)") && told.ends_with("not counted: 3"), "{told}");
    }
}
