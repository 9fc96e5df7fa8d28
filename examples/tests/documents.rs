//! The documents name files that exist and commands that the binary has.

use repair_examples::toolbox::workspace;
use std::fs;
use std::process::Command;

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// The texts between back-ticks, outside of code blocks.
fn code_spans(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut seen = 0;
    for document in DOCUMENTS {
        let text = fs::read_to_string(workspace().join(document)).expect("the document");
        let roots = ["repair-core/", "repair-fixers/", "examples/", "benches/"];
        let names_a_file = |span: &&String| {
            roots.iter().any(|root| span.starts_with(root))
                && !span.contains(|c: char| c.is_uppercase() || c.is_whitespace())
        };
        for path in code_spans(&text).iter().filter(names_a_file) {
            assert!(workspace().join(path).exists(), "{document} names `{path}`, which is not there");
            seen += 1;
        }
    }
    assert!(seen > 5, "only {seen} files were looked for");
}

#[test]
fn every_subcommand_that_the_readme_names_is_there() {
    let help = Command::new(env!("CARGO_BIN_EXE_ci-repair")).arg("--help").output().expect("the binary runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let text = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let mut seen = 0;
    for span in code_spans(&text).iter().filter_map(|span| span.strip_prefix("ci-repair ")) {
        let name = span.split([' ', '`']).next().unwrap_or_default();
        assert!(help.lines().any(|line| line.trim_start().starts_with(name)), "`ci-repair {name}` is not in the help");
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} subcommands were looked for");
}
