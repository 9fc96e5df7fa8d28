//! Zip archives: how they are opened, and what is refused.

use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An archive larger than this is refused.
pub(in crate::logs) const LARGEST: u64 = 256 << 20;
/// An archive with more files than this is refused.
pub(in crate::logs) const MOST_FILES: usize = 20_000;
/// The most that is unpacked of one archive of reports.
const MOST_BYTES: u64 = 256 << 20;
/// The most files of an archive of reports that are looked at.
pub(in crate::logs) const MOST_REPORTS: usize = 1000;
/// The mark of the record at an archive's end, and how long that record is without its comment.
const END: (&[u8], usize) = (b"PK\x05\x06", 22);

/// Opens an archive; the error says why it is refused.
pub(in crate::logs) fn open(bytes: Vec<u8>) -> Result<ZipArchive<Cursor<Vec<u8>>>, String> {
    // The directory is read into memory at once, so its claimed size is looked at before.
    if claimed_files(&bytes) > MOST_FILES {
        return Err(too_many());
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
    if archive.len() > MOST_FILES { Err(too_many()) } else { Ok(archive) }
}

/// What `read` makes of those files of an archive of reports whose names are `wanted`, and what is to be said of what is
/// not read.
///
/// Anyone may have made the archive. Nothing touches the disk, so no name leads anywhere; what is too large, too much,
/// damaged or encrypted is told by a note. `read` says why it leaves out a file, or nothing of one that is no report.
pub(in crate::logs) fn each<T>(
    packed: Vec<u8>,
    wanted: impl Fn(&str) -> bool,
    mut read: impl FnMut(&str, &mut dyn Read) -> Result<Option<T>, String>,
) -> (Vec<T>, Vec<String>) {
    let mut archive = match open(packed) {
        Ok(archive) => archive,
        Err(why) => return (Vec::new(), vec![why]),
    };
    let (mut found, mut notes, mut left) = (Vec::new(), Vec::new(), MOST_BYTES);
    let names = names(&archive);
    let files = names.iter().enumerate().filter(|(_, name)| wanted(name));
    for (seen, (index, name)) in files.enumerate() {
        if seen == MOST_REPORTS {
            notes.push(format!("only the first {MOST_REPORTS} files that may be reports are read"));
            break;
        }
        if leads_out(name) {
            notes.push(format!("`{name}` has a name that leads out of the archive, and is left out"));
            continue;
        }
        let read = match archive.by_index(index) {
            Ok(file) => {
                let mut input = file.take(left);
                let read = read(name, &mut input);
                left = input.limit();
                read
            }
            Err(error) => Err(refusal(&error)),
        };
        if left == 0 {
            notes.push(format!("unpacked it is larger than {} MiB; the rest is left out", MOST_BYTES >> 20));
            break;
        }
        match read {
            Ok(read) => found.extend(read),
            Err(why) => notes.push(format!("`{name}` is left out: {why}")),
        }
    }
    (found, notes)
}

fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.contains(':') || name.split(['/', '\\']).any(|part| part == "..")
}

fn too_many() -> String {
    format!("the zip archive has more than {MOST_FILES} files; unpack it and give the logs that matter")
}

/// The names of the files, in the order of the archive.
pub(in crate::logs) fn names(archive: &ZipArchive<Cursor<Vec<u8>>>) -> Vec<String> {
    (0..archive.len())
        .map(|index| match archive.name_for_index(index) {
            Some(Ok(name)) => name.into_owned(),
            _ => String::new(),
        })
        .collect()
}

/// Why a file of an archive cannot be read.
pub(in crate::logs) fn refusal(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => {
            "it is encrypted; unpack it with its password and give the folder".to_owned()
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            "it is packed in a way that is not supported; unpack it and give the folder".to_owned()
        }
        _ => "it is a zip archive that is cut off or damaged; download it again".to_owned(),
    }
}

/// The greatest number of files that a record at the end of the archive claims.
fn claimed_files(bytes: &[u8]) -> usize {
    let (mark, length) = END;
    let tail = &bytes[bytes.len().saturating_sub(length + usize::from(u16::MAX))..];
    let count = |at: usize| match tail.get(at + 10..at + 12) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    };
    memchr::memmem::find_iter(tail, mark).map(count).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_refused() {
        for bytes in [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x03\x04 some more of what is no archive"] {
            assert!(open(bytes.to_vec()).unwrap_err().contains("cut off or damaged"));
        }
    }

    #[test]
    fn the_claimed_number_of_files_is_looked_at_first() {
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend([0xff; 4]);
        end.extend([0; 10]);
        assert_eq!(claimed_files(&end), 65535);
        assert!(open(end).unwrap_err().contains("more than 20000 files; unpack it"));
    }
}
