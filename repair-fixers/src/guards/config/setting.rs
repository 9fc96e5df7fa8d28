//! One setting of one tool, whatever the format of the file that it stands in.

use repair_core::RepoPath;

/// A setting as read from a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guards) struct Setting {
    /// The tool, such as `pytest`.
    pub(in crate::guards) tool: String,
    /// The dotted key below the tool, in the spelling with `-` for `_`; sections for some modules or files carry
    /// their name: `overrides[foo.*].ignore-errors`.
    pub(in crate::guards) key: String,
    /// The value.
    pub(in crate::guards) value: Value,
    /// The file.
    pub(in crate::guards) path: RepoPath,
    /// 1-based line, if known.
    pub(in crate::guards) line: Option<u32>,
}

/// A value, as far as the format told its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guards) enum Value {
    /// The lines of a text.
    Text(Vec<String>),
    /// The members of a list.
    List(Vec<String>),
}

impl Value {
    /// As a list: members, or the parts of the text between commas, blanks and line ends.
    pub(in crate::guards) fn list(&self) -> Vec<String> {
        let strip = |line: &String| line.split(" #").next().unwrap_or_default().to_owned();
        match self {
            Self::List(items) => items.clone(),
            Self::Text(lines) => lines
                .iter()
                .map(strip)
                .flat_map(|line| line.split([',', ' ', '\t']).map(str::to_owned).collect::<Vec<_>>())
                .filter(|item| !item.is_empty())
                .collect(),
        }
    }

    /// As lines: members, or the lines of the text.
    pub(in crate::guards) fn lines(&self) -> &[String] {
        match self {
            Self::List(items) | Self::Text(items) => items,
        }
    }

    /// As one text.
    pub(in crate::guards) fn text(&self) -> String {
        self.lines().join(" ").trim().to_owned()
    }

    /// As words of a command line.
    pub(in crate::guards) fn words(&self) -> Vec<String> {
        match self {
            Self::List(items) => items.clone(),
            Self::Text(lines) => lines.iter().flat_map(|line| crate::guards::commands::words(line)).collect(),
        }
    }

    /// As a switch.
    pub(in crate::guards) fn flag(&self) -> Option<bool> {
        match self.text().trim_matches('"').to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "error" | "strict" => Some(true),
            "false" | "no" | "off" | "0" | "none" => Some(false),
            _ => None,
        }
    }

    /// As a number.
    pub(in crate::guards) fn number(&self) -> Option<f64> {
        self.text().trim_end_matches('%').parse().ok()
    }
}
