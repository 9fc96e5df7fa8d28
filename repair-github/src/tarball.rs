//! A commit's files out of GitHub's archive of it.

use flate2::read::GzDecoder;
use repair_core::forge::{ForgeError, ForgeErrorKind};
use repair_core::{Mode, RepoPath, Snapshot};
use std::io::Read;
use tar::{Archive, Entry, EntryType};

/// The most files of a snapshot.
const MOST_FILES: usize = 200_000;

/// The files of a `.tar.gz` whose entries lie in one folder. Nothing touches the disk.
///
/// `limit` is the most bytes that they may have, unpacked. Names that lead out of the repository are left out.
pub(crate) fn unpack(packed: &[u8], limit: u64, doing: &str) -> Result<Snapshot, ForgeError> {
    let error = |kind, reason: String| ForgeError::new(kind, doing, reason);
    let broken = |cause: std::io::Error| {
        error(ForgeErrorKind::Malformed, "GitHub's archive cannot be unpacked".to_owned()).because(cause)
    };
    let large =
        || error(ForgeErrorKind::TooLarge, format!("the files are larger than {} MiB, or too many", limit >> 20));
    // One byte more than the limit is enough to see that it is exceeded.
    let mut archive = Archive::new(GzDecoder::new(packed).take(limit.saturating_add(1)));
    let (mut files, mut size) = (Vec::new(), 0);
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        size += entry.size() + 512;
        if size > limit || files.len() >= MOST_FILES {
            return Err(large());
        }
        let Some((path, mode)) = place(&entry) else { continue };
        let contents = contents(&mut entry).map_err(broken)?;
        files.push((path, mode, contents));
    }
    Ok(Snapshot::from_entries(files))
}

/// Where a file or a link lies; `None` for anything else, and for names that no path may have.
fn place<R: Read>(entry: &Entry<'_, R>) -> Option<(RepoPath, Mode)> {
    let name = entry.path_bytes();
    let name = std::str::from_utf8(&name).ok()?;
    let path = RepoPath::new(name.split_once('/')?.1).ok()?;
    match entry.header().entry_type() {
        EntryType::Regular if entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0) => {
            Some((path, Mode::Executable))
        }
        EntryType::Regular => Some((path, Mode::Regular)),
        EntryType::Symlink => Some((path, Mode::Symlink)),
        _ => None,
    }
}

fn contents<R: Read>(entry: &mut Entry<'_, R>) -> std::io::Result<Vec<u8>> {
    if let Some(target) = entry.link_name_bytes() {
        return Ok(target.into_owned());
    }
    let mut contents = Vec::new();
    entry.read_to_end(&mut contents)?;
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tar::{Builder, Header};

    const LIMIT: u64 = 1 << 20;

    fn header(name: &str, mode: u32, size: usize) -> Header {
        let mut header = Header::new_gnu();
        // Written straight into the field: the library refuses the names that are to be tested.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_mode(mode);
        header.set_size(size as u64);
        header.set_cksum();
        header
    }

    fn packed(files: &[(&str, u32, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (name, mode, contents) in files {
            builder.append(&header(name, *mode, contents.len()), *contents).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn files_lie_below_the_first_folder() {
        let packed = packed(&[("o-n-abc/a.py", 0o644, b"x = 1\n"), ("o-n-abc/bin/run", 0o755, b"#!")]);
        let snapshot = unpack(&packed, LIMIT, "read").unwrap();
        let path = |text| RepoPath::new(text).unwrap();
        assert_eq!(snapshot.text(&path("a.py")), Ok("x = 1\n"));
        assert_eq!(snapshot.mode(&path("bin/run")), Some(Mode::Executable));
    }

    #[test]
    fn names_that_lead_out_are_left_out() {
        let packed =
            packed(&[("o/../../etc/passwd", 0o644, b"x"), ("o/.git/config", 0o644, b"x"), ("/a/b", 0o644, b"x")]);
        let names: Vec<_> = unpack(&packed, LIMIT, "read").unwrap().paths().map(ToString::to_string).collect();
        assert_eq!(names, ["a/b"]);
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = packed(&[("o/zeros", 0o644, &vec![0; 4 << 20])]);
        assert!(bomb.len() < 64 << 10);
        assert_eq!(unpack(&bomb, LIMIT, "read").unwrap_err().kind(), ForgeErrorKind::TooLarge);
    }

    #[test]
    fn rubbish_and_halves_are_refused() {
        let whole = packed(&[("o/a.py", 0o644, &[7; 9000])]);
        for packed in [&b"rubbish"[..], &whole[..whole.len() / 2]] {
            assert_eq!(unpack(packed, LIMIT, "read").unwrap_err().kind(), ForgeErrorKind::Malformed);
        }
    }
}
