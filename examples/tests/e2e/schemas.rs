//! Every document that the command prints has the form that its schema says.

use crate::harness::run;
use jsonschema::Validator;
use repair_examples::toolbox;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;

fn validator(text: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

fn text(name: &str) -> &'static str {
    match name {
        "bundle" => include_str!("../../schemas/bundle.schema.json"),
        "detect" => include_str!("../../schemas/detect.schema.json"),
        "vet" => include_str!("../../schemas/vet.schema.json"),
        "fix" => include_str!("../../schemas/fix.schema.json"),
        name => panic!("there is no schema `{name}`"),
    }
}

static BUNDLE: LazyLock<Validator> = LazyLock::new(|| validator(text("bundle")));
static DETECT: LazyLock<Validator> = LazyLock::new(|| validator(text("detect")));
static VET: LazyLock<Validator> = LazyLock::new(|| validator(text("vet")));
static FIX: LazyLock<Validator> = LazyLock::new(|| validator(text("fix")));
static SARIF: LazyLock<Validator> = LazyLock::new(|| validator(&toolbox::sarif_schema().unwrap()));

/// The schema of what the command prints with these arguments, if it has one.
fn schema_of(args: &[&str]) -> Option<&'static Validator> {
    let format = args.iter().position(|arg| *arg == "--format").and_then(|at| args.get(at + 1));
    match (args.first().copied(), format.copied()) {
        (_, Some("sarif")) => Some(&SARIF),
        (Some("detect"), Some("json")) => Some(&DETECT),
        (Some("vet"), Some("json")) => Some(&VET),
        (Some("fix" | "exec"), Some("json")) => Some(&FIX),
        _ => None,
    }
}

/// What the command printed with these arguments has the form that its schema says.
#[track_caller]
pub(crate) fn check(args: &[&str], stdout: &str) {
    if let Some(schema) = schema_of(args).filter(|_| !stdout.is_empty()) {
        fits(schema, args, stdout);
    }
}

/// A bundle that the command wrote has the form that its schema says.
#[track_caller]
pub(crate) fn check_bundle(json: &str) {
    fits(&BUNDLE, &["run"], json);
}

#[track_caller]
fn fits(schema: &Validator, args: &[&str], stdout: &str) {
    let document = serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{error} in:\n{stdout}"));
    let errors: Vec<String> =
        schema.iter_errors(&document).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{args:?} printed:\n{stdout}");
}

fn is_valid(schema: &str, document: &Value) -> bool {
    let schema = match schema {
        "detect" => &DETECT,
        "vet" => &VET,
        "fix" => &FIX,
        _ => &SARIF,
    };
    schema.is_valid(document)
}

#[test]
fn a_document_with_a_wrong_key_is_refused() {
    let detect = json!({ "conclusion": "passed", "failures": [], "gone": [], "comparison": null, "failed_steps": [],
        "counts": null, "notes": [] });
    let vet = json!({ "verdict": "allow", "objections": [] });
    let sarif = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "x" } }, "results": [] }] });
    for (schema, document) in [("detect", detect), ("vet", vet), ("sarif", sarif)] {
        assert!(is_valid(schema, &document), "{schema}");
        let mut more = document.clone();
        more["no_such_key"] = json!(1);
        assert!(!is_valid(schema, &more), "{schema} with a key more");
        for key in document.as_object().unwrap().keys() {
            let mut less = document.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!is_valid(schema, &less), "{schema} without {key}");
            let mut other = document.clone();
            other[key] = json!(7);
            assert!(!is_valid(schema, &other), "{schema} with another {key}");
        }
    }
}

#[test]
fn a_failure_with_a_wrong_value_is_refused() {
    let failure = json!({ "category": "test", "tool": "pytest", "code": null, "path": null, "line": 1, "column": null,
        "test_id": null, "message": null, "fingerprint": "0".repeat(32), "log_lines": [1, 2], "external": null,
        "state": null, "before": null });
    let document = |failure: Value| {
        json!({ "conclusion": "failed", "failures": [failure], "gone": [],
        "comparison": null, "failed_steps": [], "counts": null, "notes": [] })
    };
    assert!(is_valid("detect", &document(failure.clone())));
    for (key, value) in [
        ("category", json!("tests")),
        ("line", json!("1")),
        ("fingerprint", json!("0")),
        ("log_lines", json!([1])),
        ("external", json!({ "kind": "network" })),
        ("state", json!("old")),
        ("x", json!(1)),
    ] {
        let mut wrong = failure.clone();
        wrong[key] = value;
        assert!(!is_valid("detect", &document(wrong)), "{key}");
    }
}

#[test]
fn the_command_prints_its_schemas_and_each_key_is_described() {
    for name in ["detect", "vet", "fix"] {
        let printed = run(Path::new("."), &["explain", "--schema", name]).ends_with(0).stdout;
        assert_eq!(printed.trim(), text(name).trim());
        let schema: Value = serde_json::from_str(&printed).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{name} is a schema");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(described(&schema, name) > 3, "{name}");
    }
}

/// How many properties there are in `schema`; each has a description, and each object says that it has no others.
fn described(schema: &Value, place: &str) -> usize {
    let mut count = 0;
    if let Some(properties) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], false, "{place}");
        for (key, property) in properties {
            assert!(property["description"].as_str().is_some_and(|text| text.ends_with('.')), "{place}.{key}");
            count += 1 + described(property, &format!("{place}.{key}"));
        }
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        count += described(definition, &format!("{place}.{name}"));
    }
    count
}
