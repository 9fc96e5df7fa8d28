//! JUnit files in a zip archive, as a run puts it aside.

use super::{JunitError, Report, read};
use crate::logs::read::archive;
use std::io::{BufReader, Read};

/// The most that the XML files of one archive may have, unpacked.
const LARGEST: u64 = 256 << 20;
/// The most XML files that are looked at.
const MOST: usize = 1000;

/// The JUnit files of a zip archive, and what is to be said of what is not read.
///
/// Anyone may have made the archive. Nothing touches the disk, so no name leads anywhere; what is too large, too much,
/// damaged or encrypted is told by a note.
pub fn read_archive(packed: Vec<u8>) -> (Vec<Report>, Vec<String>) {
    let mut archive = match archive::open(packed) {
        Ok(archive) => archive,
        Err(why) => return (Vec::new(), vec![why]),
    };
    let (mut reports, mut notes, mut left) = (Vec::new(), Vec::new(), LARGEST);
    let names = archive::names(&archive);
    let xml = names.iter().enumerate().filter(|(_, name)| is_xml(name));
    for (seen, (index, name)) in xml.enumerate() {
        if seen == MOST {
            notes.push(format!("only the first {MOST} XML files are read"));
            break;
        }
        if leads_out(name) {
            notes.push(format!("`{name}` has a name that leads out of the archive, and is left out"));
            continue;
        }
        let file = match archive.by_index(index) {
            Ok(file) => file,
            Err(error) => {
                notes.push(format!("`{name}` is left out: {}", archive::refusal(&error)));
                continue;
            }
        };
        let mut input = file.take(left);
        let read = read(BufReader::new(&mut input));
        left = input.limit();
        if left == 0 {
            notes.push(format!("unpacked it is larger than {} MiB; the rest is left out", LARGEST >> 20));
            break;
        }
        match read {
            Ok(report) => reports.push(report),
            // Coverage reports and the like.
            Err(JunitError::Root(_)) => {}
            Err(error) => notes.push(format!("`{name}` is left out: {error}")),
        }
    }
    (reports, notes)
}

fn is_xml(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xml"))
}

fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.contains(':') || name.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const RED: &str = "<testsuite><testcase classname='tests.test_a' name='test_b'><failure message='assert 0'/></testcase></testsuite>";

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn junit_is_found_among_other_files() {
        let files: [(&str, &[u8]); 4] = [
            ("a/junit.XML", RED.as_bytes()),
            ("coverage.xml", b"<coverage/>"),
            ("log.txt", b"<testsuite/>"),
            ("cut.xml", b"<testsuite>"),
        ];
        let (reports, notes) = read_archive(packed(&files));
        assert_eq!((reports.len(), reports[0].counts().failed), (1, 1));
        assert!(notes.len() == 1 && notes[0].starts_with("`cut.xml` is left out"), "{notes:?}");
    }

    #[test]
    fn names_that_lead_out_are_left_out() {
        for name in ["../junit.xml", "/junit.xml", "a/../../junit.xml", "c:\\junit.xml", "\\x\\junit.xml"] {
            let (reports, notes) = read_archive(packed(&[(name, RED.as_bytes()), ("good.xml", RED.as_bytes())]));
            assert_eq!((reports.len(), notes.len()), (1, 1), "{name}: {notes:?}");
        }
    }

    #[test]
    fn a_bomb_and_too_many_files_are_cut_short() {
        let mut bomb = b"<testsuite>".to_vec();
        bomb.resize(300 << 20, b' ');
        let packed_bomb = packed(&[("junit.xml", &bomb)]);
        assert!(packed_bomb.len() < 1 << 20);
        let (reports, notes) = read_archive(packed_bomb);
        assert!(reports.is_empty() && !notes.is_empty(), "{notes:?}");
        let names: Vec<String> = (0..=MOST).map(|number| format!("{number}.xml")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), RED.as_bytes())).collect();
        let (reports, notes) = read_archive(packed(&many));
        assert!(reports.len() == MOST && notes == [format!("only the first {MOST} XML files are read")], "{notes:?}");
    }

    #[test]
    fn what_is_no_archive_is_told() {
        for bytes in [&b""[..], b"rubbish", b"PK\x03\x04"] {
            let (reports, notes) = read_archive(bytes.to_vec());
            assert!(reports.is_empty() && notes.len() == 1, "{notes:?}");
        }
    }
}
