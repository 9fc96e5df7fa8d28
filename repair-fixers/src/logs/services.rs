//! Output of several containers in one: `web-1  | text`, as `docker compose up` prints it.

use repair_core::{Output, Step, StepOutcome};
use std::collections::BTreeMap;

/// The steps that the containers of a step would be, if it shows the output of containers: each line without its name.
///
/// Containers that are said to have ended well are left out; if the log says which one ended badly, all others are.
pub(super) fn split(step: &Step) -> Option<Vec<Step>> {
    let named = step.output.iter().filter(|line| container(line).is_some()).count();
    let spoken = || step.output.iter().filter(|line| !line.trim().is_empty()).count();
    if named < 2 || named * 2 < spoken() {
        return None;
    }
    let mut outputs: BTreeMap<&str, Output> = BTreeMap::new();
    let mut ended: BTreeMap<&str, i32> = BTreeMap::new();
    for (index, line) in step.output.iter().enumerate() {
        if let Some((name, text)) = container(line) {
            outputs.entry(name).or_default().push(step.output.number(index), text);
        } else if let Some((name, code)) = end(line) {
            ended.insert(name, code);
        }
    }
    let bad = ended.values().any(|code| *code != 0);
    outputs.retain(|name, _| ended.get(name).map_or(!bad, |code| *code != 0));
    let part = |(name, output)| {
        let mut part = of(step);
        part.output = output;
        part.outcome = ended.get(name).map_or(step.outcome, |code| StepOutcome::Failed(Some(*code)));
        part
    };
    Some(outputs.into_iter().map(part).collect()).filter(|steps: &Vec<Step>| !steps.is_empty())
}

/// A step like this one, without its output.
fn of(step: &Step) -> Step {
    let mut copy = Step::default();
    copy.job.clone_from(&step.job);
    copy.name.clone_from(&step.name);
    copy.command.clone_from(&step.command);
    copy.environment.clone_from(&step.environment);
    copy.shell.clone_from(&step.shell);
    copy.working_directory.clone_from(&step.working_directory);
    copy
}

/// Name and text of a line that a container printed.
fn container(line: &str) -> Option<(&str, &str)> {
    let (before, text) = line.split_once('|')?;
    let name = before.trim_end();
    let spaced = name.len() < before.len() && (text.is_empty() || text.starts_with(' '));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let proper = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name);
    (spaced && proper).then(|| (name, text.strip_prefix(' ').unwrap_or(text)))
}

/// `tests-1 exited with code 1`: name and exit code.
fn end(line: &str) -> Option<(&str, i32)> {
    let (name, code) = line.trim().split_once(" exited with code ")?;
    Some((name, code.trim().parse().ok()?)).filter(|_| !name.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(output: &str) -> Option<Vec<(Vec<String>, StepOutcome)>> {
        let mut step = Step::default();
        step.output = output.lines().collect();
        let texts = |step: Step| (step.output.iter().map(str::to_owned).collect(), step.outcome);
        Some(split(&step)?.into_iter().map(texts).collect())
    }

    #[test]
    fn containers_are_told_apart() {
        let found =
            texts("Creating x\ndb_1     | ready\ntests_1  | one\ndb_1     | asked\ntests_1  | \ntests_1  | two")
                .unwrap();
        assert_eq!(found[0].0, ["ready", "asked"]);
        assert_eq!(found[1].0, ["one", "", "two"]);
    }

    #[test]
    fn the_one_that_ended_badly_counts() {
        let found = texts("db-1     | x\ntests-1  | y\ntests-1 exited with code 1\ndb-1 exited with code 0").unwrap();
        assert_eq!(found, [(vec!["y".to_owned()], StepOutcome::Failed(Some(1)))]);
    }

    #[test]
    fn other_bars_are_none() {
        assert_eq!(texts("   12 | int x;\n      | ^\n   13 | y"), None);
        assert_eq!(texts("| a | b |\n|---|---|\n| 1 | 2 |"), None);
        assert_eq!(texts("a | b\nmuch\nother\ntext\nin\nhere\nc | d"), None);
    }
}
