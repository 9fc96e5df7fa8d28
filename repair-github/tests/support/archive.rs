//! Zip archives, with any names and sizes one wants to be attacked with.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

/// An archive of these files, compressed. Names are taken as they are.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = u32::try_from(archive.len()).expect("a small archive");
        let about = about(name, content);
        let packed = packed(content);
        let sizes = [packed.len(), content.len()].map(|size| u32::try_from(size).expect("a small file").to_le_bytes());
        let common = [&about[..], &sizes[0], &sizes[1], &name_length(name), &[0, 0]].concat();
        archive.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), &packed].concat());
        let tail = [&[0; 10][..], &at.to_le_bytes(), name.as_bytes()].concat();
        directory.extend([&b"PK\x01\x02\x14\x00"[..], &common, &tail].concat());
    }
    let count = u16::try_from(files.len()).expect("few files").to_le_bytes();
    let [size, at] = [directory.len(), archive.len()].map(|n| u32::try_from(n).expect("small").to_le_bytes());
    archive.extend(directory);
    archive.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[0, 0]].concat());
    archive
}

/// The version needed, the flags, the method, the time, and the checksum.
fn about(name: &str, content: &[u8]) -> Vec<u8> {
    let utf8 = if name.is_ascii() { 0 } else { 8 };
    let mut crc = Crc::new();
    crc.update(content);
    [&[20, 0, 0, utf8, 8, 0, 0, 0, 0x21, 0x5d][..], &crc.sum().to_le_bytes()].concat()
}

fn name_length(name: &str) -> [u8; 2] {
    u16::try_from(name.len()).expect("a short name").to_le_bytes()
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}
