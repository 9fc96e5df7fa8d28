//! The workflows: the one that `init` writes, and our own.

mod conditions;
mod halves;
mod linting;
mod tools;

use crate::initializing::ACTION;
use crate::project::Project;
use repair_examples::toolbox::workspace;
use std::fs;

/// The workflow as `init` writes it for a repository with one workflow, named `CI`.
fn shipped() -> String {
    let project = Project::of(&[(".github/workflows/ci.yml", "name: CI\non: push\n")]);
    project.run(&["init", "--print", "--action", ACTION]).ends_with(0).stdout
}

/// A file of this repository.
fn own(name: &str) -> String {
    fs::read_to_string(workspace().join(name)).unwrap()
}

fn yaml(text: &str) -> serde_json::Value {
    yaml_serde::from_str(text).unwrap()
}
