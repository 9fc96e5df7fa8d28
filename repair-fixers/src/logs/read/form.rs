//! Which form the bytes of an input have.

/// How much of the beginning decides.
pub(super) const SAMPLE: usize = 4096;

/// The form of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines that end with a line feed.
    Text,
    /// Lines that end with a carriage return alone.
    OldText,
    /// UTF-16 with the low byte first.
    Utf16Little,
    /// UTF-16 with the high byte first.
    Utf16Big,
    /// Compressed with gzip.
    Gzip,
    /// A zip archive.
    Zip,
    /// None that can be read, and why.
    Refused(&'static str),
}

/// Beginnings of files that are no text.
const MAGIC: [(&[u8], Form); 14] = [
    (b"PK\x03\x04", Form::Zip),
    (b"PK\x05\x06", Form::Zip),
    (b"PK\x07\x08", Form::Zip),
    (b"\x1f\x8b", Form::Gzip),
    (b"\xff\xfe\0\0", Form::Refused("it is UTF-32; save it as UTF-8")),
    (b"\0\0\xfe\xff", Form::Refused("it is UTF-32; save it as UTF-8")),
    (b"\xff\xfe", Form::Utf16Little),
    (b"\xfe\xff", Form::Utf16Big),
    (b"\xfd7zXZ\0", Form::Refused("it is compressed with xz; unpack it first")),
    (b"(\xb5/\xfd", Form::Refused("it is compressed with zstd; unpack it first")),
    (b"BZh", Form::Refused("it is compressed with bzip2; unpack it first")),
    (b"7z\xbc\xaf\x27\x1c", Form::Refused("it is a 7z archive; unpack it and give the folder")),
    (b"Rar!\x1a\x07", Form::Refused("it is a rar archive; unpack it and give the folder")),
    (b"%PDF-", Form::Refused("it is a PDF; give the log as text")),
];

impl Form {
    /// The form of the input that begins with `sample`, of which there is more if it is [`SAMPLE`] bytes long.
    pub(super) fn of(sample: &[u8]) -> Self {
        if let Some((_, form)) = MAGIC.iter().find(|(magic, _)| sample.starts_with(magic)) {
            return *form;
        }
        if sample.get(257..262) == Some(b"ustar") {
            return Self::Refused("it is a tar archive; unpack it and give the folder");
        }
        if sample.iter().all(u8::is_ascii_whitespace) && sample.len() < SAMPLE {
            return Self::Refused("it is empty");
        }
        let zeros = |start: usize| sample.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
        let (high, low) = (zeros(0), zeros(1));
        match sample.len() {
            _ if is_noise(sample) => Self::Refused("it is binary"),
            length if (high + low) * 100 <= length => Self::of_text(sample),
            length if length >= 4 && low * 5 >= length * 2 && high * 50 <= length => Self::Utf16Little,
            length if length >= 4 && high * 5 >= length * 2 && low * 50 <= length => Self::Utf16Big,
            _ if is_mostly_printable(sample) => Self::of_text(sample),
            _ => Self::Refused("it is binary"),
        }
    }

    fn of_text(sample: &[u8]) -> Self {
        let ends = memchr::memchr_iter(b'\r', sample).count();
        let old = ends > 1 && memchr::memchr(b'\n', sample).is_none();
        if old { Self::OldText } else { Self::Text }
    }
}

/// Whether an input has hardly any text but control characters all over, as compressed data and images have.
fn is_noise(sample: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(byte, 1..=6 | 14..=26 | 28..=31 | 127);
    let printable = sample.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')).count();
    let controls = sample.iter().filter(control).count();
    sample.len() >= 64 && controls * 25 > sample.len() && printable * 10 < sample.len() * 6
}

/// Whether an input with zeros is text all the same, into which a program printed some.
fn is_mostly_printable(sample: &[u8]) -> bool {
    let printable = sample.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')).count();
    printable * 10 > sample.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_is_told_from_what_is_none() {
        assert_eq!(Form::of(b"a\nb\n"), Form::Text);
        assert_eq!(Form::of(b"10%\r20%\rdone\n"), Form::Text);
        assert_eq!(Form::of(b"a\rb\r"), Form::OldText);
        assert_eq!(Form::of(b" \r\n"), Form::Refused("it is empty"));
        assert_eq!(Form::of(&[0, 159, 146, 150].repeat(99)), Form::Refused("it is binary"));
        assert_eq!(Form::of("naïve – ✓".as_bytes()), Form::Text);
    }

    #[test]
    fn noise_is_no_text() {
        // Multiplying by an odd number visits every byte.
        let noise: Vec<u8> = (1..4000u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(Form::of(&noise), Form::Refused("it is binary"));
        let colored = "\u{1b}[31mF\u{1b}[0m\u{1b}[31mF\u{1b}[0m\u{8}\u{8}\n".repeat(99);
        assert_eq!(Form::of(colored.as_bytes()), Form::Text);
        assert_eq!(Form::of("失敗しました。\n".repeat(99).as_bytes()), Form::Text);
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        let text = "FAILED a.py::naïve – 1";
        assert_eq!(Form::of(&utf16(text, u16::to_le_bytes)), Form::Utf16Little);
        assert_eq!(Form::of(&utf16(text, u16::to_be_bytes)), Form::Utf16Big);
        assert_eq!(Form::of(&utf16("\u{feff}a", u16::to_le_bytes)), Form::Utf16Little);
        assert_eq!(Form::of(&utf16("\u{feff}a", u16::to_be_bytes)), Form::Utf16Big);
    }

    #[test]
    fn other_archives_are_refused_with_what_to_do() {
        let mut tar = vec![b'a'; 300];
        tar[257..262].copy_from_slice(b"ustar");
        for sample in [&b"BZh9"[..], b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", &tar] {
            let Form::Refused(why) = Form::of(sample) else { panic!("{sample:?}") };
            assert!(why.contains("unpack it"), "{why}");
        }
    }
}
