//! Every job of recorded workflow files has a plan that a machine can follow.
#![expect(clippy::unwrap_used, reason = "tests may panic, and their helpers too")]

use repair_core::{RepoPath, Snapshot};
use repair_dagger::plan::{FailedJob, Plan};
use repair_fixers::workflow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use yaml_serde::Value;

/// The recorded cases beside the repository; `None` where there are none.
fn corpus() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.map(|folder| folder.join("shared/corpus/guards/cases.jsonl")).find(|file| file.is_file())
}

/// What the jobs of a workflow file are called, with the first values of their matrix.
fn names(workflow: &str) -> Vec<String> {
    let document: Value = yaml_serde::from_str(workflow).unwrap();
    let jobs = document["jobs"].as_mapping().unwrap().iter();
    let named = jobs.filter_map(|(key, job)| {
        let name = job.get("name").unwrap_or(key).as_str()?;
        let axes = job.get("strategy").and_then(|strategy| strategy.get("matrix")?.as_mapping()).into_iter().flatten();
        let axes = axes.filter(|(name, _)| !matches!(name.as_str(), Some("include" | "exclude")));
        let first = axes.filter_map(|(_, values)| match values.get(0)? {
            Value::String(text) => Some(text.clone()),
            other => other.as_u64().map(|n| n.to_string()).or(other.as_f64().map(|n| n.to_string())),
        });
        let values: Vec<String> = first.collect();
        Some(match values.is_empty() || name.contains("${{") {
            true => name.to_owned(),
            false => format!("{name} ({})", values.join(", ")),
        })
    });
    named.collect()
}

fn is_sound(plan: &Plan, files: &Snapshot) {
    assert!(!plan.image.is_empty() && !plan.image.contains("${{"), "{plan:?}");
    for step in &plan.steps {
        assert!(!step.command.trim().is_empty() && !step.command.contains("${{"), "{step:?}");
        for needed in step.needs.iter().flatten() {
            assert!(files.contains(&RepoPath::new(needed).unwrap()), "{step:?}");
        }
    }
    assert!(plan.environment.values().all(|value| !value.contains("${{")), "{plan:?}");
    let services: BTreeSet<&str> = plan.services.iter().map(|service| service.name.as_str()).collect();
    assert!(plan.forwards.iter().all(|forward| services.contains(forward.service.as_str())), "{plan:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the recorded cases are files")]
fn every_job_of_the_corpus_has_a_sound_plan() {
    let Some(cases) = corpus() else {
        eprintln!("skipped: there is no corpus of recorded cases beside the repository");
        return;
    };
    let (mut seen, mut planned) = (BTreeSet::new(), 0);
    for case in std::fs::read_to_string(cases).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(case).unwrap();
        let files = case["base"].as_object().unwrap();
        let entries = files.iter().filter_map(|(name, text)| Some((RepoPath::new(name).ok()?, text.as_str()?)));
        let snapshot = Snapshot::from_files(entries);
        let workflows = files.iter().filter(|(name, _)| name.starts_with(".github/workflows/"));
        for text in workflows.filter_map(|(_, text)| text.as_str()).filter(|text| seen.insert(text.to_string())) {
            for name in names(text) {
                let job = workflow::job(text, &name, &|_| None, &BTreeMap::new());
                let job = job.unwrap_or_else(|| panic!("{name} of {text}"));
                is_sound(&FailedJob::new(&job, &snapshot).plan(), &snapshot);
                for step in job.steps.iter().filter_map(|step| step.run.as_ref()) {
                    is_sound(&FailedJob::new(&job, &snapshot).command(step.text()).plan(), &snapshot);
                }
                planned += 1;
            }
        }
    }
    eprintln!("{planned} jobs of {} workflow files have plans", seen.len());
    assert!(planned > 0);
}
