//! Linters find nothing in what is shipped, and can find something.

use super::tools::{Kind, actionlint, schema, shellcheck, zizmor};
use super::{own, shipped};

const NONE: [&str; 0] = [];

/// What is looked at, each with its name.
fn workflows() -> [(&'static str, String); 3] {
    let own = |name| (name, own(name));
    [("init", shipped()), own(".github/workflows/ci.yml"), own(".github/workflows/ci-repair.yml")]
}

#[test]
fn zizmor_finds_nothing() {
    for (name, text) in workflows() {
        assert_eq!(zizmor(Kind::Workflow, &text, &[]), NONE, "{name}");
    }
    assert_eq!(zizmor(Kind::Action, &own("action.yml"), &[]), NONE);
}

#[test]
fn all_that_is_ignored_is_the_trigger_and_its_reason_stands_beside_it() {
    let reason = "the job that runs code may write nothing, the job that may write runs no code";
    let allowed = format!("on: # zizmor: ignore[dangerous-triggers] {reason}");
    for (name, text) in workflows() {
        let ignored = zizmor(Kind::Workflow, &text, &["--no-ignores"]);
        let comments: Vec<&str> = text.lines().filter(|line| line.contains("zizmor:")).collect();
        if name.ends_with("/ci.yml") {
            assert_eq!((ignored.len(), comments.len()), (0, 0));
        } else {
            assert_eq!(ignored, ["dangerous-triggers"], "{name}");
            assert_eq!(comments, [&allowed], "{name}");
        }
    }
    assert!(!own("action.yml").contains("zizmor:"));
}

#[test]
fn actionlint_finds_nothing() {
    let texts = workflows().map(|(_, text)| text);
    assert_eq!(actionlint(&texts), [NONE; 3]);
}

#[test]
fn all_have_the_form_that_the_schemas_say() {
    for (name, text) in workflows() {
        assert_eq!(schema(Kind::Workflow, &text), NONE, "{name}");
    }
    assert_eq!(schema(Kind::Action, &own("action.yml")), NONE);
}

#[test]
fn shellcheck_finds_nothing_in_the_scripts_and_an_open_quote_in_another() {
    for name in ["action/install.sh", "action/half.sh", ".ci/run"] {
        let script = own(name);
        assert_eq!(shellcheck(&script), NONE, "{name}");
        assert!(script.lines().any(|line| line == "set -euo pipefail"), "{name} goes on after a failure");
    }
    let open = own("action/half.sh").replace("\"${words[@]}\"", "${words[@]}");
    let found = shellcheck(&open);
    assert!(matches!(&found[..], [one] if one.contains("SC2068")), "{found:?}");
}

/// The shipped workflow with one text in the place of another.
#[track_caller]
fn with(old: &str, new: &str) -> String {
    let text = shipped();
    assert!(text.contains(old), "the workflow has no `{old}`");
    text.replace(old, new)
}

#[test]
fn zizmor_reports_what_is_unsafe() {
    let pin = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1";
    let script = "    steps:\n      - name: x\n        run: echo ${{ github.event.workflow_run.head_branch }}\n";
    for (audit, text) in [
        ("unpinned-uses", with(pin, "actions/checkout@v7")),
        ("artipacked", with("          persist-credentials: false\n", "")),
        ("excessive-permissions", with("permissions: {}", "permissions: write-all")),
        ("undocumented-permissions", with("contents: write # the commit", "contents: write\n      # the commit")),
        ("dangerous-triggers", with("zizmor: ignore[dangerous-triggers]", "")),
        ("template-injection", with("    steps:\n", script)),
        ("anonymous-definition", with("name: CI repair\n", "")),
    ] {
        let found = zizmor(Kind::Workflow, &text, &[]);
        assert!(found.iter().any(|name| name == audit), "{audit} is not in {found:?}");
    }
    let action = own("action.yml").replace("\"$GITHUB_ACTION_PATH/action/half.sh\"", "half.sh ${{ inputs.args }}");
    assert_eq!(zizmor(Kind::Action, &action, &[]), ["template-injection"]);
}

#[test]
fn actionlint_reports_what_is_wrong() {
    let wrong = [
        ("digset", with("needs.repair.outputs.digest", "needs.repair.outputs.digset")),
        ("repairs", with("steps.repair.outputs.publish ==", "steps.repairs.outputs.publish ==")),
        ("permission", with("      checks: read #", "      check: read #")),
        ("timeout", with("    timeout-minutes: 90", "    timeout: 90")),
        ("complete", with("types: [completed]", "types: [complete]")),
        ("startWith", with("startsWith(", "startWith(")),
    ];
    let found = actionlint(&wrong.clone().map(|(_, text)| text));
    for ((word, _), found) in wrong.iter().zip(found) {
        assert!(found.iter().any(|line| line.contains(word)), "no `{word}` in {found:?}");
    }
}

#[test]
fn the_schemas_refuse_another_form() {
    assert_ne!(schema(Kind::Workflow, &with("    runs-on: ubuntu-24.04\n", "")), NONE);
    assert_ne!(schema(Kind::Workflow, &with("cancel-in-progress: false", "cancel: false")), NONE);
    let action = own("action.yml");
    assert_ne!(schema(Kind::Action, &action.replace("using: composite", "using: composition")), NONE);
    assert_ne!(schema(Kind::Action, &action.replace("      shell: bash\n", "")), NONE);
}
