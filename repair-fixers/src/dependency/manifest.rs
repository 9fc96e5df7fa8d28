//! The places where a repository declares its dependencies.

use super::entries::{Form, List};
use super::table::{normalized, requirement_name};
use crate::python::Module;
use crate::python::insert::after_line;
use repair_core::{RepoPath, Snapshot, Span};
use std::ops::Range;

/// A list of dependencies in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) path: RepoPath,
    /// How a person would call the place.
    pub(super) title: String,
    pub(super) list: List,
    /// What an entry is: `name`, `"name"`, `name = "*"`.
    style: Style,
    /// Whether it is for development and tests only.
    pub(super) development: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Style {
    Plain(&'static str),
    Quoted(char),
    Table,
}

impl Manifest {
    /// The edits that declare `distribution`.
    pub(super) fn insertion(&self, text: &str, distribution: &str) -> Vec<(Span, String)> {
        let (entry, lead) = match &self.style {
            Style::Plain(lead) => (distribution.to_owned(), *lead),
            Style::Quoted(quote) => (format!("{quote}{distribution}{quote}"), ""),
            Style::Table => (format!("{distribution} = \"*\""), ""),
        };
        self.list.insertion(text, &entry, lead)
    }

    /// Whether it declares `distribution`.
    pub(super) fn declares(&self, text: &str, distribution: &str) -> bool {
        let name = normalized(distribution);
        self.list.entries.iter().any(|span| normalized(requirement_name(&text[span.range()])) == name)
    }
}

const MANIFESTS: [&str; 6] =
    ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml", "environment.yaml"];

/// Every list of dependencies of the repository, the most authoritative first.
pub(super) fn manifests(snapshot: &Snapshot) -> Vec<Manifest> {
    let mut all = Vec::new();
    let is_manifest =
        |path: &&RepoPath| MANIFESTS.contains(&path.file_name()) || is_requirements(path, path.file_name());
    for path in snapshot.paths().filter(is_manifest) {
        let Ok(text) = snapshot.text(path) else { continue };
        match path.file_name() {
            "pyproject.toml" => all.extend(pyproject(path, text)),
            "setup.cfg" => all.extend(setup_cfg(path, text)),
            "setup.py" => all.extend(setup_py(path, text)),
            "Pipfile" => all.extend(tables(path, text, &[("[packages]", false), ("[dev-packages]", true)])),
            "environment.yml" | "environment.yaml" => all.extend(environment(path, text)),
            name if is_requirements(path, name) => all.push(requirements(path, text)),
            _ => {}
        }
    }
    let depth = |path: &RepoPath| path.components().count();
    all.sort_by_key(|manifest| (depth(&manifest.path).max(1) - 1, rank(&manifest.path)));
    all
}

fn rank(path: &RepoPath) -> usize {
    let order = ["pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "Pipfile"];
    order.iter().position(|name| path.file_name() == *name).unwrap_or(order.len())
}

fn is_requirements(path: &RepoPath, name: &str) -> bool {
    let folder = path.parent().is_some_and(|parent| parent.file_name() == "requirements");
    name.ends_with(".txt") && (name.contains("requirements") || folder) && !name.contains("constraints")
}

fn is_development(name: &str) -> bool {
    ["dev", "test", "ci"]
        .iter()
        .any(|word| name.to_ascii_lowercase().split(['-', '_', '.', '/']).any(|part| part.starts_with(word)))
}

fn requirements(path: &RepoPath, text: &str) -> Manifest {
    let entries = lines(text, 0..text.len())
        .filter(|(_, line)| line.starts_with(|c: char| c.is_ascii_alphanumeric()))
        .map(|(span, _)| span)
        .collect();
    Manifest {
        path: path.clone(),
        title: path.to_string(),
        list: List { form: Form::Lines, entries, start: text.len() },
        style: Style::Plain(""),
        development: is_development(path.as_str()),
    }
}

/// The lines of a part of the text, without white space around and comment behind, that are not empty.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = (Span, &str)> {
    let mut start = range.start;
    text[range].split_inclusive('\n').filter_map(move |part| {
        let at = start + part.len() - part.trim_start().len();
        start += part.len();
        let line = part.trim();
        (!line.is_empty() && !line.starts_with('#')).then(|| (Span::new(at, at + line.len()), line))
    })
}

fn pyproject(path: &RepoPath, text: &str) -> Vec<Manifest> {
    let Ok(document) = toml_edit::Document::parse(text) else { return Vec::new() };
    let root = document.as_table();
    let mut all = Vec::new();
    let mut add = |item: Option<&toml_edit::Item>, title: &str, development| {
        all.extend(item.and_then(|item| array(path, text, item, title, development)));
    };
    let project = root.get("project");
    add(project.and_then(|project| project.get("dependencies")), "project.dependencies", false);
    for (holder, name) in [
        (project.and_then(|project| project.get("optional-dependencies")), "project.optional-dependencies"),
        (root.get("dependency-groups"), "dependency-groups"),
    ] {
        for (key, item) in holder.and_then(|holder| holder.as_table_like()).into_iter().flat_map(|table| table.iter()) {
            if is_development(key) {
                add(Some(item), &format!("{name}.{key}"), true);
            }
        }
    }
    all.extend(tables(
        path,
        text,
        &[
            ("[tool.poetry.dependencies]", false),
            ("[tool.poetry.group.dev.dependencies]", true),
            ("[tool.poetry.group.test.dependencies]", true),
            ("[tool.poetry.dev-dependencies]", true),
        ],
    ));
    all
}

fn array(path: &RepoPath, text: &str, item: &toml_edit::Item, title: &str, development: bool) -> Option<Manifest> {
    let whole = item.span()?;
    let entries: Vec<Span> =
        item.as_array()?.iter().filter_map(|value| value.as_str().and(value.span())).map(Span::from).collect();
    let quote = entries.first().map_or('"', |span| if text[span.range()].starts_with('\'') { '\'' } else { '"' });
    Some(Manifest {
        path: path.clone(),
        title: format!("{title} of {path}"),
        list: List { form: Form::Array, entries, start: whole.start + 1 },
        style: Style::Quoted(quote),
        development,
    })
}

/// Tables of TOML whose keys are distributions.
fn tables(path: &RepoPath, text: &str, headers: &[(&str, bool)]) -> Vec<Manifest> {
    let mut all = Vec::new();
    for (header, development) in headers {
        let Some((span, _)) = lines(text, 0..text.len()).find(|(_, line)| line == header) else { continue };
        let start = after_line(text, span.end());
        let end = lines(text, start..text.len())
            .find(|(_, line)| line.starts_with('['))
            .map_or(text.len(), |(next, _)| next.start());
        let entry = |(span, line): (Span, &str)| (line.contains('=') && !line.starts_with("python ")).then_some(span);
        all.push(Manifest {
            path: path.clone(),
            title: format!("{header} of {path}"),
            list: List { form: Form::Lines, entries: lines(text, start..end).filter_map(entry).collect(), start },
            style: Style::Table,
            development: *development,
        });
    }
    all
}

fn setup_cfg(path: &RepoPath, text: &str) -> Option<Manifest> {
    let (span, _) = lines(text, 0..text.len()).find(|(_, line)| line.replace(' ', "") == "install_requires=")?;
    let start = after_line(text, span.end());
    let indented = text[start..].split_inclusive('\n').take_while(|line| line.starts_with([' ', '\t']));
    let end = start + indented.map(str::len).sum::<usize>();
    Some(Manifest {
        path: path.clone(),
        title: format!("install_requires of {path}"),
        list: List { form: Form::Lines, entries: lines(text, start..end).map(|(span, _)| span).collect(), start },
        style: Style::Plain("    "),
        development: false,
    })
}

fn setup_py(path: &RepoPath, text: &str) -> Option<Manifest> {
    let module = Module::parse(text);
    let list = module.nodes_of_kind("keyword_argument").find_map(|node| {
        let name = node.child_by_field_name("name")?;
        let value = node.child_by_field_name("value")?;
        (module.text_of(name) == "install_requires" && value.kind() == "list").then_some(value)
    })?;
    let mut cursor = list.walk();
    let entries: Vec<Span> =
        list.named_children(&mut cursor).filter(|node| node.kind() == "string").map(Module::span).collect();
    let quote = if entries.first().is_none_or(|span| text[span.range()].starts_with('"')) { '"' } else { '\'' };
    Some(Manifest {
        path: path.clone(),
        title: format!("install_requires of {path}"),
        list: List { form: Form::Array, entries, start: list.start_byte() + 1 },
        style: Style::Quoted(quote),
        development: false,
    })
}

/// The packages that pip installs into a conda environment, or else those of conda itself.
fn environment(path: &RepoPath, text: &str) -> Option<Manifest> {
    let (dependencies, _) = lines(text, 0..text.len()).find(|(_, line)| *line == "dependencies:")?;
    let all: Vec<(Span, &str)> = lines(text, after_line(text, dependencies.end())..text.len())
        .take_while(|(_, line)| line.starts_with('-'))
        .collect();
    let pip = all.iter().position(|(_, line)| line.replace(' ', "") == "-pip:");
    let own = pip.map_or(&all[..], |pip| &all[pip + 1..]);
    let entry = |(span, line): &(Span, &str)| {
        let name = line.trim_start_matches('-').trim_start();
        Span::new(span.end() - name.len(), span.end())
    };
    let entries: Vec<Span> = own.iter().map(entry).collect();
    let start = entries.first()?.start();
    let list = List { form: Form::Lines, entries, start };
    Some(Manifest {
        path: path.clone(),
        title: path.to_string(),
        list,
        style: Style::Plain("  - "),
        development: false,
    })
}
