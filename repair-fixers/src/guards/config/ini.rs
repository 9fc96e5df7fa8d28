//! A reader of INI files as Python's tools read them.

/// One `key = value` of an INI file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The name in the brackets above it, empty before the first section.
    pub(super) section: String,
    /// In lower case.
    pub(super) key: String,
    /// The lines of the value, trimmed, without blank and comment lines.
    pub(super) lines: Vec<String>,
    /// 1-based line of the key.
    pub(super) line: u32,
}

/// The entries of `text`; lines that are neither section, entry nor continuation are passed over.
pub(super) fn read(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut section = String::new();
    let mut open = false;
    for (number, line) in (1u32..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        if let Some(entry) = entries.last_mut().filter(|_| indented && open) {
            entry.lines.push(trimmed.to_owned());
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = name.trim().to_owned();
            open = false;
        } else if let Some((key, value)) = split(trimmed) {
            let lines = Some(value.to_owned()).filter(|value| !value.is_empty()).into_iter().collect();
            entries.push(Entry { section: section.clone(), key: key.to_ascii_lowercase(), lines, line: number });
            open = true;
        }
    }
    entries
}

fn split(line: &str) -> Option<(&str, &str)> {
    match line.find(['=', ':']) {
        Some(at) => Some((line[..at].trim(), line[at + 1..].trim())),
        None => Some((line, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn sections_entries_and_continuations_are_read() {
        let text = "top = 1\n[a b]\n# c\nKey: one\n  two\n\n  # c\n  three\nflag\n[c]\nx =\n  y = z\n";
        let found: Vec<(String, String, String, u32)> =
            read(text).into_iter().map(|entry| (entry.section, entry.key, entry.lines.join("|"), entry.line)).collect();
        let expected =
            [("", "top", "1", 1), ("a b", "key", "one|two|three", 4), ("a b", "flag", "", 9), ("c", "x", "y = z", 11)];
        assert_eq!(found, expected.map(|(s, k, v, l)| (s.to_owned(), k.to_owned(), v.to_owned(), l)));
    }
}
