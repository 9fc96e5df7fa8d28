//! What the standard library offers: tables that live in data files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const MODULES: &str = include_str!("../data/stdlib_modules.txt");
const ATTRIBUTES: &str = include_str!("../data/stdlib_attributes.txt");
const BARE_NAMES: &str = include_str!("../data/stdlib_bare_names.txt");
const BUILTINS: &str = include_str!("../data/builtins.txt");

/// Whether the top of the dotted `module` belongs to the standard library of any supported Python.
pub fn is_stdlib(module: &str) -> bool {
    static SET: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let top = module.split('.').next().unwrap_or(module);
    SET.get_or_init(|| MODULES.lines().collect()).contains(top)
}

/// The public names of a module of the standard library; `None` if its names are not known.
pub fn attributes(module: &str) -> Option<&'static BTreeSet<&'static str>> {
    attribute_table().get(module)
}

/// The modules of the standard library that have a public `name`, in order.
pub fn modules_with(name: &str) -> Vec<&'static str> {
    attribute_table().iter().filter(|(_, names)| names.contains(name)).map(|(module, _)| *module).collect()
}

/// The modules from which programs import `name` itself, the usual one first.
pub fn homes_of(name: &str) -> &'static [&'static str] {
    static TABLE: OnceLock<BTreeMap<&str, Vec<&str>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (module, names) in rows(BARE_NAMES) {
            names.for_each(|name| table.entry(name).or_default().push(module));
        }
        table
    });
    table.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Whether `name` needs no import.
pub fn is_builtin(name: &str) -> bool {
    static SET: OnceLock<BTreeSet<&str>> = OnceLock::new();
    SET.get_or_init(|| BUILTINS.split_whitespace().collect()).contains(name)
}

/// Every name that needs no import.
pub fn builtins() -> impl Iterator<Item = &'static str> {
    BUILTINS.split_whitespace()
}

fn attribute_table() -> &'static BTreeMap<&'static str, BTreeSet<&'static str>> {
    static TABLE: OnceLock<BTreeMap<&str, BTreeSet<&str>>> = OnceLock::new();
    TABLE.get_or_init(|| rows(ATTRIBUTES).map(|(module, names)| (module, names.collect())).collect())
}

/// The rows `module: name name …` of a table.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    table.lines().filter_map(|line| line.split_once(": ")).map(|(module, names)| (module, names.split_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_know_the_library() {
        for module in ["json", "xml.etree", "asyncio", "tomllib", "distutils", "_thread", "__future__"] {
            assert!(is_stdlib(module), "{module}");
        }
        for module in ["yaml", "numpy.random", "jsonschema", "_pytest"] {
            assert!(!is_stdlib(module), "{module}");
        }
        assert!(attributes("json").is_some_and(|names| names.contains("dumps")));
        assert_eq!(homes_of("Optional"), ["typing"]);
        assert_eq!(homes_of("Iterable"), ["typing", "collections.abc"]);
        assert!(modules_with("Mapping").contains(&"collections.abc"));
        assert!(is_builtin("len") && !is_builtin("reduce"));
    }

    #[test]
    fn every_bare_name_is_an_attribute_of_its_module() {
        for (module, names) in rows(BARE_NAMES) {
            let known = attributes(module).unwrap_or_else(|| panic!("{module} is not in the table of attributes"));
            for name in names {
                let newer = ["Buffer", "HTTPMethod", "SafeConfigParser", "NoneType"].contains(&name);
                assert!(known.contains(name) || newer, "{module}.{name}");
            }
        }
    }
}
