//! Which packages a log says were installed.

use std::collections::BTreeMap;

/// More packages than this are not remembered.
const LIMIT: usize = 4096;

/// Remembers the packages that `line` says were installed: `Successfully installed black-24.4.2 click-8.1.7` of pip,
/// ` + black==24.4.2` of uv.
pub(super) fn remember(line: &str, packages: &mut BTreeMap<String, String>) {
    if let Some(names) = line.strip_prefix("Successfully installed ") {
        names.split_whitespace().filter_map(|name| name.rsplit_once('-')).for_each(|pair| add(pair, packages));
    } else if let Some(pair) = line.trim_start().strip_prefix("+ ").and_then(|pin| pin.trim_end().split_once("==")) {
        add(pair, packages);
    }
}

fn add((name, version): (&str, &str), packages: &mut BTreeMap<String, String>) {
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(char::is_whitespace);
    if is_version && packages.len() < LIMIT {
        packages.insert(name.to_lowercase().replace('_', "-"), version.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_and_uv_say_what_they_installed() {
        let mut packages = BTreeMap::new();
        for line in
            ["Successfully installed black-24.4.2 mypy_extensions-1.0.0", "  + ruff==0.4.1", "+ x = 1", "a+ b==c"]
        {
            remember(line, &mut packages);
        }
        let expected = [("black", "24.4.2"), ("mypy-extensions", "1.0.0"), ("ruff", "0.4.1")];
        assert!(packages.iter().map(|(name, version)| (name.as_str(), version.as_str())).eq(expected));
    }
}
