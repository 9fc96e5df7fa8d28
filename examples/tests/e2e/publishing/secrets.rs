//! Secrets in the log, in the environment and in the project leave in nothing that is written.

use super::{Halves, pull_requests};
use crate::job_log;
use crate::running::{FILES, Step};
use crate::support::{JobScript, RunScript, Universe};
use std::fs;

/// Secrets of several families, made here so that nobody takes them for real ones.
fn planted() -> Vec<String> {
    let letters = |length: usize| "aB3dE5gH7jK9mN1pQ2rS4tU6vW8x".chars().cycle().take(length).collect::<String>();
    vec![
        format!("ghp_{}", letters(36)),
        format!("glpat-{}", letters(20)),
        format!("AKIA{}", letters(16).to_uppercase()),
        format!("xoxb-{}-{}", "1234567890", letters(24)),
        format!("sk-{}", "0a1b2c3d4e5f6a7b".repeat(2)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn planted_secrets_do_not_leave() {
    let universe = Universe::start().await;
    universe.commit("main", &FILES).await;
    let secrets = planted();
    let said: String = secrets.iter().map(|secret| format!("connecting with {secret}\n")).collect();
    let lint = format!("{said}shop/cart.py:1:8: F401 [*] `os` imported but unused, token={}\n{said}", secrets[0]);
    let log = job_log::step("ruff check --output-format concise .", &lint, 1);
    let run = universe.run(RunScript::red("main", JobScript::failed("lint", &log))).await;
    let own = "a-deploy-key-of-this-machine";
    let step = Step::new(&universe).with("DEPLOY_KEY", own);
    let first = step.of(&run, &[]);
    let digest = first.outputs["digest"].clone();
    let halves = Halves { step, first };
    let came = halves.step.runs(&["publish", "bundle", "--digest", &digest]);
    assert_eq!(came.ran.code, Some(0), "{came:?}");
    let issues = universe.owner_sees("issues?state=all").await;
    assert!(!pull_requests(&universe).await.is_empty() || !issues.as_array().unwrap().is_empty());
    let mut left = vec![String::from_utf8_lossy(&universe.bytes_sent()).into_owned(), came.summary.clone()];
    left.extend([&halves.first.ran, &came.ran].iter().flat_map(|ran| [ran.stdout.clone(), ran.stderr.clone()]));
    for name in ["bundle.json", "changes.patch", "report.md"] {
        left.push(fs::read_to_string(halves.step.path("bundle").join(name)).unwrap());
    }
    for secret in secrets.iter().map(String::as_str).chain([own]) {
        for window in secret.as_bytes().windows(8).skip(6) {
            let window = std::str::from_utf8(window).unwrap();
            for text in &left {
                assert!(!text.contains(window), "{window} of {secret} is in\n{text}");
            }
        }
    }
}
