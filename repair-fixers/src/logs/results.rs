//! What tests leave behind in an archive: JUnit files and coverage reports.

use super::read::archive;
use super::xml;
use super::{coverage, junit};
use std::io::{BufRead, BufReader, Cursor, Read};

/// How much of a file tells what it is.
const BEGINNING: u64 = 8 << 10;

/// The reports of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Results {
    /// The JUnit files.
    pub junit: Vec<junit::Report>,
    /// The coverage reports.
    pub coverage: Vec<coverage::Report>,
    /// What is to be said of what is not read.
    pub notes: Vec<String>,
}

/// A report of either kind.
enum Found {
    Junit(junit::Report),
    Coverage(coverage::Report),
}

/// The reports of a zip archive, as a run puts it aside.
///
/// Anyone may have made the archive. It is opened once, nothing touches the disk, and what is too large, too much,
/// damaged or encrypted is told by a note.
pub fn read_archive(packed: Vec<u8>) -> Results {
    let mut room = coverage::MOST_LINES;
    let (found, notes) = archive::each(packed, may_be_report, |name, input| {
        let found = one(name, input)?;
        if let Some(Found::Coverage(report)) = &found {
            room = room.checked_sub(report.size()).ok_or("the coverage reports before it are large enough")?;
        }
        Ok(found)
    });
    let mut results = Results { notes, ..Results::default() };
    for found in found {
        match found {
            Found::Junit(report) => results.junit.push(report),
            Found::Coverage(report) => results.coverage.push(report),
        }
    }
    results
}

fn may_be_report(name: &str) -> bool {
    let name = coverage::file_name(name).to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(_, ending)| match ending {
        "xml" | "info" | "lcov" => true,
        "json" => name.contains("cov"),
        _ => false,
    })
}

/// Reads a file as what it begins like; nothing if it is neither.
fn one(name: &str, input: &mut dyn Read) -> Result<Option<Found>, String> {
    let mut beginning = Vec::new();
    input.take(BEGINNING).read_to_end(&mut beginning).map_err(|error| format!("it cannot be read: {error}"))?;
    let is_xml = name.to_ascii_lowercase().ends_with(".xml");
    let is_coverage = !is_xml || xml::root(&beginning).as_deref() == Some("coverage");
    let input = Cursor::new(beginning).chain(BufReader::new(input));
    if is_coverage { coverage_of(name, input) } else { junit_of(input) }
}

fn coverage_of(name: &str, input: impl BufRead) -> Result<Option<Found>, String> {
    match coverage::read(name, input) {
        Ok(report) => Ok(Some(Found::Coverage(report))),
        Err(coverage::CoverageError::Form) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn junit_of(input: impl BufRead) -> Result<Option<Found>, String> {
    match junit::read(input) {
        Ok(report) => Ok(Some(Found::Junit(report))),
        Err(junit::JunitError::Root(_)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::archive::MOST_REPORTS;
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const RED: &str = "<testsuite><testcase classname='tests.test_a' name='test_b'><failure message='assert 0'/></testcase></testsuite>";
    const LCOV: &str = "SF:a.py\nDA:1,0\nend_of_record\n";
    const COBERTURA: &str =
        "<coverage><class filename='a.py'><lines><line number='1' hits='0'/></lines></class></coverage>";

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn reports_are_found_among_other_files() {
        let files: [(&str, &[u8]); 11] = [
            ("a/junit.XML", RED.as_bytes()),
            ("coverage.xml", COBERTURA.as_bytes()),
            ("b/coverage.json", br#"{"files": {"a.py": {"executed_lines": [1], "missing_lines": []}}}"#),
            ("lcov.info", LCOV.as_bytes()),
            ("coverage.lcov", LCOV.as_bytes()),
            ("log.txt", b"<testsuite/>"),
            ("pom.xml", b"<project/>"),
            ("coverage-final.json", br#"{"/a/b.js": {"path": "/a/b.js"}}"#),
            ("package.json", LCOV.as_bytes()),
            ("cut.xml", b"<testsuite>"),
            ("coverage-cut.xml", b"<coverage>"),
        ];
        let results = read_archive(packed(&files));
        assert_eq!((results.junit.len(), results.junit[0].counts().failed), (1, 1));
        let names: Vec<&str> = results.coverage.iter().map(coverage::Report::name).collect();
        assert_eq!(names, ["coverage.xml", "coverage.json", "lcov.info", "coverage.lcov"]);
        let [one, other] = results.notes.as_slice() else { panic!("{results:?}") };
        assert!(one.starts_with("`cut.xml` is left out") && other.starts_with("`coverage-cut.xml` is left out"));
    }

    #[test]
    fn names_that_lead_out_are_left_out() {
        for folder in ["../", "/", "a/../../", "c:\\", "\\x\\"] {
            let (bad, worse) = (format!("{folder}junit.xml"), format!("{folder}lcov.info"));
            let files = [(bad.as_str(), RED), (&worse, LCOV), ("good.xml", RED), ("good.info", LCOV)];
            let results = read_archive(packed(&files.map(|(name, text)| (name, text.as_bytes()))));
            assert_eq!((results.junit.len(), results.coverage.len(), results.notes.len()), (1, 1, 2), "{results:?}");
        }
    }

    #[test]
    fn bombs_are_cut_short() {
        let starts =
            [("junit.xml", "<testsuite>"), ("coverage.xml", "<coverage>"), ("coverage.json", "{"), ("x.info", LCOV)];
        for (name, start) in starts {
            let mut bomb = start.as_bytes().to_vec();
            bomb.resize(if name.ends_with(".xml") { 300 << 20 } else { 70 << 20 }, b' ');
            let packed_bomb = packed(&[(name, &bomb)]);
            assert!(packed_bomb.len() < 1 << 20);
            let results = read_archive(packed_bomb);
            assert!(results.junit.is_empty() && results.coverage.is_empty(), "{name}");
            assert!(results.notes.len() == 1, "{:?}", results.notes);
        }
    }

    #[test]
    fn of_too_many_files_and_lines_the_first_are_kept() {
        let names: Vec<String> = (0..=MOST_REPORTS).map(|number| format!("{number}.xml")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), RED.as_bytes())).collect();
        let results = read_archive(packed(&many));
        let expected = format!("only the first {MOST_REPORTS} files that may be reports are read");
        assert!(results.junit.len() == MOST_REPORTS && results.notes == [expected], "{:?}", results.notes);

        let lines: String = (1..=coverage::MOST_LINES * 2 / 3).map(|line| format!("DA:{line},1\n")).collect();
        let lines = format!("SF:a.py\n{lines}end_of_record\n");
        let results = read_archive(packed(&[("a.info", lines.as_bytes()), ("b.info", lines.as_bytes())]));
        assert_eq!(results.coverage.len(), 1);
        assert_eq!(results.notes, ["`b.info` is left out: the coverage reports before it are large enough"]);
    }

    #[test]
    fn what_is_no_archive_is_told() {
        for bytes in [&b""[..], b"rubbish", b"PK\x03\x04"] {
            let results = read_archive(bytes.to_vec());
            assert!(results.junit.is_empty() && results.coverage.is_empty() && results.notes.len() == 1, "{results:?}");
        }
    }
}
