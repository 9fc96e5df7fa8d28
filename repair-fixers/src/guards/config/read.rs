//! The settings of one configuration file, by the name and format of the file.

use super::ini;
use super::setting::{Setting, Value};
use repair_core::RepoPath;
use toml_edit::{Item, TableLike};

/// The settings of one file.
#[derive(Debug, Default)]
pub(in crate::guards) struct Settings {
    /// In the order of the file. Their `path` is a placeholder until [`of_file`] fills it in.
    pub(in crate::guards) all: Vec<Setting>,
    /// Whether the file is of its format.
    pub(in crate::guards) readable: bool,
}

/// The format and the owner of a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// `[tool.X]` tables.
    Pyproject,
    /// A TOML file of one tool.
    Toml(&'static str),
    /// An INI file that several tools share.
    SharedIni,
    /// An INI file of one tool, whose sections are parts of the key.
    Ini(&'static str),
    /// A YAML or JSON file of one tool.
    Yaml(&'static str),
}

fn format(name: &str) -> Option<Format> {
    Some(match name {
        "pyproject.toml" => Format::Pyproject,
        "ruff.toml" | ".ruff.toml" => Format::Toml("ruff"),
        "tox.toml" => Format::Toml("tox"),
        "pytest.toml" | ".pytest.toml" => Format::Toml("pytest"),
        "pyrefly.toml" => Format::Toml("pyrefly"),
        "ty.toml" => Format::Toml("ty"),
        ".coveragerc.toml" => Format::Toml("coverage"),
        "setup.cfg" | "tox.ini" | "pytest.ini" | ".pytest.ini" | ".flake8" | ".bandit" | ".pydocstyle" => {
            Format::SharedIni
        }
        ".codespellrc" | ".pycodestyle" | ".isort.cfg" | "mypy.ini" | ".mypy.ini" => Format::SharedIni,
        ".coveragerc" => Format::Ini("coverage"),
        ".pylintrc" | "pylintrc" => Format::Ini("pylint"),
        "bandit.yaml" | "bandit.yml" | ".bandit.yml" => Format::Yaml("bandit"),
        "codecov.yml" | ".codecov.yml" | "codecov.yaml" => Format::Yaml("codecov"),
        ".yamllint" | ".yamllint.yaml" | ".yamllint.yml" => Format::Yaml("yamllint"),
        "pyrightconfig.json" => Format::Yaml("pyright"),
        _ => return None,
    })
}

/// Whether a file of this name configures a check.
pub(in crate::guards) fn is_config(path: &RepoPath) -> bool {
    format(path.file_name()).is_some()
}

/// The settings in `text`, the contents of `path`.
pub(in crate::guards) fn of_text(path: &RepoPath, text: &str) -> Settings {
    let mut reader = Reader { path, text, settings: Settings { all: Vec::new(), readable: true } };
    match format(path.file_name()) {
        Some(Format::Pyproject) => reader.toml(None),
        Some(Format::Toml(tool)) => reader.toml(Some(tool)),
        Some(Format::SharedIni) => reader.ini(text, None),
        Some(Format::Ini(tool)) => reader.ini(text, Some(tool)),
        Some(Format::Yaml(tool)) => reader.yaml(tool),
        None => {}
    }
    reader.settings
}

struct Reader<'a> {
    path: &'a RepoPath,
    text: &'a str,
    settings: Settings,
}

impl Reader<'_> {
    fn add(&mut self, tool: &str, key: &str, value: Value, line: Option<u32>) {
        let (tool, key) = normal(tool, key);
        self.settings.all.push(Setting { tool, key, value, path: self.path.clone(), line });
    }

    fn toml(&mut self, tool: Option<&str>) {
        let Ok(document) = self.text.parse::<toml_edit::Document<String>>() else {
            self.settings.readable = false;
            return;
        };
        let root = document.as_table();
        if let Some(tool) = tool {
            return self.table(tool, "", root);
        }
        for (tool, item) in root.get("tool").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
            if let Some(table) = item.as_table_like() {
                self.table(tool, "", table);
            }
        }
        if let Some(table) = root.get("build-system").and_then(Item::as_table_like) {
            self.table("build-system", "", table);
        }
    }

    fn table(&mut self, tool: &str, prefix: &str, table: &dyn TableLike) {
        self.add(tool, prefix, Value::List(Vec::new()), None);
        for (name, item) in table.iter() {
            let key = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
            let line = item.span().map(|span| repair_core::Span::line_of(self.text, span.start));
            if tool == "tox" && name == "legacy_tox_ini" {
                self.ini(item.as_str().unwrap_or_default(), None);
            } else if let Some(table) = item.as_table_like() {
                self.table(tool, &key, table);
            } else if let Some(tables) = item.as_array_of_tables() {
                tables.iter().for_each(|table| self.table(tool, &format!("{key}[{}]", owner(table)), table));
            } else if let Some(array) = item.as_array() {
                let inline = array.iter().filter_map(toml_edit::Value::as_inline_table);
                inline.for_each(|table| self.table(tool, &format!("{key}[{}]", owner(table)), table));
                self.add(tool, &key, Value::List(array.iter().map(scalar).collect()), line);
            } else if let Some(value) = item.as_value() {
                self.add(tool, &key, Value::Text(scalar(value).lines().map(str::to_owned).collect()), line);
            }
        }
    }

    fn ini(&mut self, text: &str, tool: Option<&str>) {
        for entry in ini::read(text) {
            let (owner, prefix) = match tool {
                Some("pylint") => ("pylint".to_owned(), String::new()),
                Some(tool) => (tool.to_owned(), entry.section.clone()),
                None => ini_owner(&entry.section),
            };
            let key = if prefix.is_empty() { entry.key } else { format!("{prefix}.{}", entry.key) };
            self.add(&owner, &key, Value::Text(entry.lines), Some(entry.line));
        }
        for section in text.lines().filter_map(|line| line.trim_end().strip_prefix('[')?.strip_suffix(']')) {
            let (owner, _) = tool.map_or_else(|| ini_owner(section), |tool| (tool.to_owned(), String::new()));
            self.add(&owner, "", Value::List(Vec::new()), None);
        }
    }

    fn yaml(&mut self, tool: &str) {
        match yaml_serde::from_str::<yaml_serde::Value>(self.text) {
            Ok(value) => self.yaml_value(tool, "", &value),
            Err(_) => self.settings.readable = false,
        }
    }

    fn yaml_value(&mut self, tool: &str, prefix: &str, value: &yaml_serde::Value) {
        match value {
            yaml_serde::Value::Mapping(map) => {
                for (key, value) in map {
                    let key = yaml_text(key);
                    let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
                    self.yaml_value(tool, &key, value);
                }
            }
            yaml_serde::Value::Sequence(items) => {
                self.add(tool, prefix, Value::List(items.iter().map(yaml_text).collect()), None);
            }
            other => self.add(tool, prefix, Value::Text(vec![yaml_text(other)]), None),
        }
    }
}

fn yaml_text(value: &yaml_serde::Value) -> String {
    match value {
        yaml_serde::Value::String(text) => text.clone(),
        yaml_serde::Value::Bool(flag) => flag.to_string(),
        yaml_serde::Value::Number(number) => number.to_string(),
        yaml_serde::Value::Null => String::new(),
        other => yaml_serde::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

fn scalar(value: &toml_edit::Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string().trim().to_owned(),
    }
}

/// What a table of an array is about: its `module`, or its first text.
fn owner(table: &dyn TableLike) -> String {
    let item = table.get("module").or_else(|| table.get("name")).or_else(|| table.get("path"));
    match item.and_then(Item::as_value) {
        Some(toml_edit::Value::Array(array)) => array.iter().map(scalar).collect::<Vec<_>>().join(","),
        Some(value) => scalar(value),
        None => String::new(),
    }
}

/// The tool that owns a section of a shared INI file, and what of the section's name belongs to the key.
fn ini_owner(section: &str) -> (String, String) {
    let own = |tool: &str| (tool.to_owned(), String::new());
    if let Some(module) = section.strip_prefix("mypy-") {
        return ("mypy".to_owned(), format!("overrides[{module}]"));
    }
    if section.starts_with("pylint") {
        return own("pylint");
    }
    match section.split_once(':') {
        Some(("tool", tool)) => own(tool),
        Some(("tox", _)) => own("tox"),
        Some(("testenv", name)) => ("tox".to_owned(), format!("testenv:{name}")),
        Some((tool, rest)) => (tool.to_owned(), rest.to_owned()),
        None if section == "settings" => own("isort"),
        None if section == "testenv" => ("tox".to_owned(), section.to_owned()),
        None => own(section),
    }
}

/// Different spellings of the same setting become one.
fn normal(tool: &str, key: &str) -> (String, String) {
    // What follows is a pattern of paths, in which `_` means itself.
    let names = key.find("per-file-ignores.").or_else(|| key.find("per_file_ignores.")).unwrap_or(key.len());
    let split = (names + "per-file-ignores".len()).min(key.len());
    let key = format!("{}{}", key[..split].replace('_', "-"), &key[split..]);
    let key = match tool {
        "pytest" => key.strip_prefix("ini-options.").unwrap_or(&key).trim_end_matches("ini-options").to_owned(),
        "ruff" => key.strip_prefix("lint.").unwrap_or(&key).to_owned(),
        "pylint" => key.rsplit('.').next().unwrap_or(&key).to_owned(),
        _ => key,
    };
    (tool.to_owned(), key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<(String, String, Vec<String>)> {
        let settings = of_text(&RepoPath::new(path).unwrap(), text);
        assert!(settings.readable);
        let keyed = settings.all.into_iter().filter(|setting| !setting.value.lines().is_empty());
        keyed.map(|setting| (setting.tool, setting.key, setting.value.list())).collect()
    }

    fn row(tool: &str, key: &str, values: &[&str]) -> (String, String, Vec<String>) {
        (tool.to_owned(), key.to_owned(), values.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn one_setting_reads_the_same_from_every_format() {
        let expected = vec![row("pytest", "testpaths", &["a", "b"])];
        assert_eq!(read("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = ['a', 'b']\n"), expected);
        assert_eq!(read("pytest.ini", "[pytest]\ntestpaths = a b\n"), expected);
        assert_eq!(read("setup.cfg", "[tool:pytest]\ntestpaths =\n  a\n  b\n"), expected);
        let expected = vec![row("coverage", "report.fail-under", &["80"])];
        assert_eq!(read(".coveragerc", "[report]\nfail_under = 80\n"), expected);
        assert_eq!(read("setup.cfg", "[coverage:report]\nfail_under = 80\n"), expected);
        assert_eq!(read("pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n"), expected);
        let expected = vec![row("mypy", "overrides[x.*].ignore-errors", &["true"])];
        assert_eq!(read("mypy.ini", "[mypy-x.*]\nignore_errors = true\n"), expected);
        let toml = "[[tool.mypy.overrides]]\nmodule = 'x.*'\nignore_errors = true\n";
        assert!(read("pyproject.toml", toml).contains(&expected[0]));
        assert_eq!(read("ruff.toml", "[lint]\nselect = ['E']\n"), vec![row("ruff", "select", &["E"])]);
        assert_eq!(read("pyrightconfig.json", "{\"strict\": [\"src\"]}"), vec![row("pyright", "strict", &["src"])]);
    }

    #[test]
    fn a_file_that_is_not_of_its_format_is_told() {
        assert!(!of_text(&RepoPath::new("pyproject.toml").unwrap(), "[tool\n").readable);
    }
}
