//! Dependencies that are not declared.

mod entries;
mod manifest;
mod missing_module;
mod table;

use repair_core::FixGenerator;
#[cfg(feature = "local")]
pub(crate) use table::normalized;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![Box::new(missing_module::MissingModule)]
}

/// Every requirement that the repository declares, as pip takes it: a name, and its versions if they are plain.
#[cfg(feature = "local")]
pub(crate) fn requirements(snapshot: &repair_core::Snapshot) -> std::collections::BTreeSet<String> {
    let mut all = std::collections::BTreeSet::new();
    for manifest in manifest::manifests(snapshot) {
        let text = snapshot.text(&manifest.path).unwrap_or_default();
        all.extend(manifest.list.entries.iter().filter_map(|entry| requirement(&text[entry.range()])));
    }
    all
}

/// The requirement of an entry, whatever its form: `PyYAML>=6`, `"PyYAML>=6"`, `PyYAML = "*"`.
#[cfg(feature = "local")]
fn requirement(entry: &str) -> Option<String> {
    let entry =
        entry.split(" #").next().unwrap_or(entry).trim().trim_start_matches("- ").trim_matches(['"', '\'', ',']);
    let plain: Result<pep508_rs::Requirement<pep508_rs::VerbatimUrl>, _> = entry.trim().parse();
    match plain {
        Ok(plain) if !matches!(plain.version_or_url, Some(pep508_rs::VersionOrUrl::Url(_))) => {
            Some(entry.trim().to_owned())
        }
        _ => Some(table::requirement_name(entry))
            .filter(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric()))
            .map(str::to_owned),
    }
}

#[cfg(all(test, feature = "local"))]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    #[test]
    fn requirements_are_read_from_every_manifest() {
        let files = "#- requirements.txt\nattrs>=2 # why\n-e .\nx @ https://example.org/x.whl\n#- pyproject.toml\n[project]\ndependencies = [\n  \"requests[socks]>=2\",\n]\n[tool.poetry.dependencies]\npython = \"^3.9\"\nPyYAML = \"*\"\n";
        let found: Vec<String> = requirements(&Fixture::new(files).snapshot).into_iter().collect();
        assert_eq!(found, ["PyYAML", "attrs>=2", "requests[socks]>=2", "x"]);
    }
}
