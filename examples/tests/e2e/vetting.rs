//! `vet`.

use crate::project::Project;
use serde_json::json;

const TEST: &str = "def test_sum():\n    assert 1 + 1 == 3\n";
const SUPPRESSED: &str = "import os  # noqa: F401\n";

fn project() -> Project {
    Project::of(&[("app.py", "import os\n"), ("test_app.py", TEST)])
}

#[test]
fn a_suppression_is_refused_between_folders() {
    let (base, head) = (project(), project());
    head.write("app.py", SUPPRESSED.as_bytes());
    let (base_root, head_root) = (base.root(), head.root());
    let args = ["vet", "--base", base_root.to_str().unwrap(), "--head", head_root.to_str().unwrap()];
    base.run(&args).ends_with(1).prints(&["app.py:1", "refuse: 1 objection", "ci-repair explain"]);
    let report = base.run(&[&args[..], &["--format", "json"]].concat()).ends_with(1).json();
    assert_eq!(report["verdict"], "refuse");
    assert_eq!(report["objections"][0]["path"], "app.py");
}

#[test]
fn a_suppression_is_refused_between_revisions_and_in_the_working_tree() {
    let project = project();
    project.write("app.py", SUPPRESSED.as_bytes());
    project.run(&["vet", "--base", "HEAD"]).ends_with(1).prints(&["app.py:1"]);
    project.commit();
    project.run(&["vet", "--base", "HEAD"]).ends_with(0).prints(&["allow: no guard objects"]);
    project.run(&["vet", "--base", "HEAD~1", "--head", "HEAD"]).ends_with(1).prints(&["app.py:1"]);
}

#[test]
fn a_patch_is_vetted_and_the_folder_is_left_alone() {
    let project = project();
    project.write("app.py", SUPPRESSED.as_bytes());
    let cheat = project.beside("cheat.patch", project.git(&["diff"]));
    project.write("app.py", b"import sys\n\nprint(sys.path)\n");
    let honest = project.beside("honest.patch", project.git(&["diff"]));
    project.git(&["checkout", "--quiet", "."]);
    let before = project.state();
    project.run(&["vet", "--base", ".", "--patch", &cheat]).ends_with(1);
    project.run(&["vet", "--base", ".", "--patch", &honest]).ends_with(0);
    let report = project.run(&["vet", "--base", "HEAD", "--patch", &honest, "--format", "json"]).ends_with(0).json();
    assert_eq!(report, json!({"verdict": "allow", "objections": []}));
    assert!(before == project.state());
}

#[test]
fn a_patch_that_does_not_apply_is_wrong_usage() {
    let project = project();
    let patch = "diff --git a/no.py b/no.py\n--- a/no.py\n+++ b/no.py\n@@ -1 +1 @@\n-x\n+y\n";
    let patch = project.beside("stray.patch", patch);
    project.run(&["vet", "--base", ".", "--patch", &patch]).ends_with(2).says(&["no.py", "git diff"]);
    let escape = "diff --git a/../out.py b/../out.py\n--- a/../out.py\n+++ b/../out.py\n@@ -1 +1 @@\n-x\n+y\n";
    let escape = project.beside("escape.patch", escape);
    project.run(&["vet", "--base", ".", "--patch", &escape]).ends_with(2).says(&["git diff"]);
    let text = project.beside("text.patch", "hello\n");
    project.run(&["vet", "--base", ".", "--patch", &text]).ends_with(2).says(&["git diff"]);
}

#[test]
fn a_base_that_is_nothing_is_wrong_usage() {
    let project = project();
    project.run(&["vet", "--base", "no-such-thing"]).ends_with(2).says(&["neither a folder nor a git revision"]);
    project.run(&["vet", "--base", "app.py"]).ends_with(2).says(&["give a folder or a git revision"]);
}
