//! The repair loop, with a toy world in memory: every line `fail NAME` of `world.txt` is a failing test, and a line
//! `broken` is a syntax error that hides them.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use async_trait::async_trait;
use repair_core::{
    Applicability, Budget, Category, ChangeSet, Check, CheckRun, Confidence, Exit, Failure, FixContext, FixGenerator,
    Fixes, GeneratorMeta, Guard, Interrupt, Objection, OrSkip, Outcome, Parsed, Policy, RepairError, Repairer,
    RepairerBuilder, RepoPath, Rule, Scope, Skip, Snapshot, Status, Stop, TestCounts, ValidateError, ValidationRequest,
    ValidationResult, Validator, Verdict,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

fn world() -> RepoPath {
    RepoPath::new("world.txt").unwrap()
}

fn snapshot(lines: &[&str]) -> Snapshot {
    Snapshot::from_files([(world(), lines.join("\n") + "\n")])
}

fn failing_test(name: &str) -> Failure {
    let mut failure = Failure::new(Category::Test, "toy");
    failure.test_id = Some(name.to_owned());
    failure.path = Some(world());
    failure
}

fn failures(text: &str) -> Vec<Failure> {
    if text.lines().any(|line| line == "broken") {
        let mut failure = Failure::new(Category::Syntax, "toy");
        failure.path = Some(world());
        return vec![failure];
    }
    text.lines().filter_map(|line| line.strip_prefix("fail ")).map(failing_test).collect()
}

/// Runs the toy world, and counts how often.
struct Toy {
    runs: Arc<AtomicU32>,
    interrupt: Option<Interrupt>,
    entire: bool,
}

#[async_trait]
impl Validator for Toy {
    fn id(&self) -> &'static str {
        "toy"
    }

    async fn validate(&self, request: ValidationRequest<'_>) -> Result<ValidationResult, ValidateError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        if let Some(interrupt) = &self.interrupt {
            interrupt.stop();
        }
        let text = request.snapshot.text(&world()).map_err(|error| ValidateError::Unavailable(error.to_string()))?;
        let mut parsed = Parsed::default();
        parsed.failures = failures(text);
        let tests = text.lines().filter(|line| line.starts_with("fail ") || line.starts_with("pass ")).count();
        parsed.counts = Some(TestCounts { run: tests as u64, failed: parsed.failures.len() as u64, skipped: 0 });
        let targeted = matches!(request.scope, Scope::Targeted(_));
        if let Scope::Targeted(targets) = request.scope {
            parsed
                .failures
                .retain(|failure| targets.iter().any(|target| target.fingerprint() == failure.fingerprint()));
        }
        let check = Check { name: "toy".into(), entire: self.entire, ..Check::default() };
        let exit = Exit::Code(i32::from(!parsed.failures.is_empty()));
        let result =
            ValidationResult::new(vec![CheckRun::new(&check, "toy", exit, parsed, Duration::ZERO)], "in memory");
        Ok(if targeted { result.narrowed() } else { result })
    }
}

/// Replaces the line that a failure is about, by what a table says.
struct Rewrite {
    meta: &'static GeneratorMeta,
    table: &'static [(&'static str, &'static str)],
    level: Applicability,
}

impl FixGenerator for Rewrite {
    fn meta(&self) -> &'static GeneratorMeta {
        self.meta
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let wanted = match &ctx.analysis.failure.test_id {
            Some(name) => format!("fail {name}"),
            None => "broken".to_owned(),
        };
        let text = ctx.snapshot.text(&world()).or_skip("no world")?;
        let start = text.find(&wanted).or_skip("no such line")?;
        let (_, with) = self.table.iter().find(|(line, _)| *line == wanted).or_skip("the table has no such line")?;
        let fix = fixes.add(self.level, format!("Write {with}"), |changes| {
            changes.replace(&world(), start..start + wanted.len(), *with);
        })?;
        fix.confidence(Confidence::Medium);
        Ok(())
    }
}

macro_rules! meta {
    ($id:literal) => {
        &GeneratorMeta {
            id: $id,
            summary: "toy",
            manual: "toy",
            handles: &[Category::Test, Category::Syntax],
            applicability: Applicability::Safe,
        }
    };
}

fn rewrite(meta: &'static GeneratorMeta, table: &'static [(&'static str, &'static str)]) -> Box<dyn FixGenerator> {
    Box::new(Rewrite { meta, table, level: Applicability::Safe })
}

struct World {
    runs: Arc<AtomicU32>,
    builder: RepairerBuilder,
}

fn repairer(generators: Vec<Box<dyn FixGenerator>>) -> World {
    let runs = Arc::new(AtomicU32::new(0));
    let toy = Toy { runs: Arc::clone(&runs), interrupt: None, entire: false };
    World { runs, builder: Repairer::builder().generators(generators).validator(toy) }
}

impl World {
    async fn repair(self, lines: &[&str], said: &[Failure]) -> (Outcome, u32) {
        let outcome = self.builder.build().repair(&snapshot(lines), said).await.unwrap();
        (outcome, self.runs.load(Ordering::SeqCst))
    }
}

fn text_after(outcome: &Outcome, lines: &[&str]) -> String {
    outcome.changes.apply(&snapshot(lines)).unwrap().text(&world()).unwrap().to_owned()
}

const GOOD: &[(&str, &str)] = &[("fail a", "pass a"), ("fail b", "pass b"), ("broken", "whole")];

#[tokio::test]
async fn all_fixes_are_tried_at_once() {
    let lines = ["fail a", "pass x", "fail b"];
    let (outcome, runs) = repairer(vec![rewrite(meta!("toy/good"), GOOD)]).repair(&lines, &[]).await;
    assert_eq!(outcome.status(), Status::Repaired);
    assert_eq!(outcome.stop, Stop::Green);
    assert_eq!(outcome.accepted.len(), 2);
    assert_eq!(text_after(&outcome, &lines), "pass a\npass x\npass b\n");
    assert_eq!(runs, 3, "reproduction, targeted, full");
}

#[tokio::test]
async fn a_masked_failure_is_repaired_in_the_next_round() {
    let lines = ["broken", "fail a"];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/good"), GOOD)]).repair(&lines, &[]).await;
    assert_eq!(outcome.status(), Status::Repaired);
    assert_eq!(
        outcome.accepted.iter().map(|kept| kept.verdict).collect::<Vec<_>>(),
        [Verdict::Advanced, Verdict::Fixed]
    );
}

#[tokio::test]
async fn the_fix_that_makes_it_worse_is_found_by_halving() {
    const TABLE: &[(&str, &str)] = &[("fail a", "pass a"), ("fail b", "pass b\nfail c"), ("fail d", "pass d")];
    let lines = ["fail a", "fail b", "fail d"];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/mixed"), TABLE)]).repair(&lines, &[]).await;
    assert_eq!(outcome.accepted.len(), 2);
    assert_eq!(text_after(&outcome, &lines), "pass a\nfail b\npass d\n");
    assert_eq!(outcome.remaining, [failing_test("b")]);
    assert_eq!((outcome.status(), outcome.stop), (Status::Remaining, Stop::NothingLeft));
}

#[tokio::test]
async fn a_fix_that_loses_a_test_is_refused() {
    const TABLE: &[(&str, &str)] = &[("fail a", "gone")];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/loses"), TABLE)]).repair(&["fail a"], &[]).await;
    assert!(outcome.accepted.is_empty() && outcome.changes.is_empty() && outcome.after.is_none());
    assert_eq!(outcome.refused.len(), 1);
}

#[tokio::test]
async fn after_a_refusal_the_second_best_is_tried() {
    const IDLE: &[(&str, &str)] = &[("fail a", "fail a # looked at")];
    let generators = vec![rewrite(meta!("toy/a-idle"), IDLE), rewrite(meta!("toy/b-good"), GOOD)];
    let (outcome, _) = repairer(generators).repair(&["fail a"], &[]).await;
    assert_eq!(outcome.status(), Status::Repaired);
    assert_eq!(outcome.accepted[0].fix.provenance().generator, "toy/b-good");
}

#[tokio::test]
async fn a_fix_that_does_nothing_does_not_ride_along() {
    const IDLE: &[(&str, &str)] = &[("fail a", "pass a"), ("fail b", "fail b \n# idle")];
    let lines = ["fail a", "fail b"];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/half"), IDLE)]).repair(&lines, &[]).await;
    assert_eq!(text_after(&outcome, &lines), "pass a\nfail b\n");
}

#[tokio::test]
async fn what_the_policy_does_not_allow_is_withheld() {
    let guess = Rewrite { meta: meta!("toy/guess"), table: GOOD, level: Applicability::Speculative };
    let mut world = repairer(vec![Box::new(guess)]);
    world.builder = world.builder.policy(Policy { allow: Applicability::Unsafe });
    let (outcome, _) = world.repair(&["fail a"], &[]).await;
    assert_eq!((outcome.status(), outcome.withheld.len()), (Status::Withheld, 1));
    assert!(outcome.changes.is_empty());
}

#[tokio::test]
async fn only_what_was_asked_about_is_repaired() {
    let lines = ["fail a", "fail b"];
    let asked = [failing_test("a"), failing_test("elsewhere")];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/good"), GOOD)]).repair(&lines, &asked).await;
    assert_eq!(text_after(&outcome, &lines), "pass a\nfail b\n");
    assert_eq!(outcome.status(), Status::Remaining, "`elsewhere` was never seen");
    assert_eq!(outcome.foreign, [failing_test("b")]);
    assert_eq!(outcome.not_reproduced, [failing_test("elsewhere")]);
}

#[tokio::test]
async fn what_cannot_be_seen_here_is_not_repaired() {
    let good = || vec![rewrite(meta!("toy/good"), GOOD)];
    let (outcome, runs) = repairer(good()).repair(&["pass a"], &[failing_test("a")]).await;
    assert_eq!((outcome.stop.clone(), outcome.status(), runs), (Stop::NothingFailed, Status::NotReproducible, 1));
    let (outcome, _) = repairer(good()).repair(&["fail b"], &[failing_test("a")]).await;
    assert_eq!((outcome.stop.clone(), outcome.status()), (Stop::NotReproducible, Status::NotReproducible));
}

/// Objects to every change that adds the word `pass`.
struct NoPass;

static NO_PASS: Rule = Rule { id: "no-pass", manual: "Nothing may pass." };

impl Guard for NoPass {
    fn rules(&self) -> &'static [Rule] {
        std::slice::from_ref(&NO_PASS)
    }

    fn check(&self, _: &Snapshot, after: &Snapshot, _: &ChangeSet) -> Vec<Objection> {
        let passes = after.text(&world()).is_ok_and(|text| text.contains("pass"));
        if passes { vec![Objection::refuse(&NO_PASS, "it passes")] } else { Vec::new() }
    }
}

#[tokio::test]
async fn a_guard_is_heard_before_anything_runs() {
    let mut world = repairer(vec![rewrite(meta!("toy/good"), GOOD)]);
    world.builder = world.builder.guards([Box::new(NoPass) as Box<dyn Guard>]);
    let (outcome, runs) = world.repair(&["fail a"], &[]).await;
    assert_eq!((outcome.status(), outcome.refused.len(), runs), (Status::Remaining, 1, 1));
    assert_eq!(outcome.refused[0].reason.to_string(), "no-pass: it passes");
}

struct Panics;

impl FixGenerator for Panics {
    fn meta(&self) -> &'static GeneratorMeta {
        meta!("toy/panics")
    }

    fn generate(&self, _: &FixContext<'_>, _: &mut Fixes<'_>) -> Result<(), Skip> {
        panic!("a defect")
    }
}

#[tokio::test]
async fn a_generator_that_panics_does_not_stop_the_others() {
    let generators: Vec<Box<dyn FixGenerator>> = vec![Box::new(Panics), rewrite(meta!("toy/good"), GOOD)];
    let (outcome, _) = repairer(generators).repair(&["fail a"], &[]).await;
    assert_eq!(outcome.status(), Status::Repaired);
    assert!(outcome.skipped.iter().any(|skipped| skipped.generator == "toy/panics"));
}

#[tokio::test]
async fn the_plan_does_not_depend_on_the_order_of_registration() {
    const OTHER: &[(&str, &str)] = &[("fail a", "pass a # other"), ("fail b", "pass b # other")];
    let good = || rewrite(meta!("toy/good"), GOOD);
    let other = || rewrite(meta!("toy/other"), OTHER);
    let lines = snapshot(&["fail a", "fail b"]);
    let said = [failing_test("b"), failing_test("a")];
    let (one, _) = Repairer::builder().generators([good(), other()]).build().plan(&lines, &said).await;
    let (two, _) = Repairer::builder().generators([other(), good()]).build().plan(&lines, &said[..]).await;
    assert_eq!((one.chosen, one.changes), (two.chosen, two.changes));
}

#[tokio::test]
async fn limits_end_the_repair() {
    let lines = ["broken", "fail a"];
    let mut world = repairer(vec![rewrite(meta!("toy/good"), GOOD)]);
    let mut budget = Budget::default();
    budget.validations = 3;
    world.builder = world.builder.budget(budget);
    let (outcome, runs) = world.repair(&lines, &[]).await;
    assert_eq!((outcome.stop, runs), (Stop::Budget("validations".into()), 3));

    let (runs, interrupt) = (Arc::new(AtomicU32::new(0)), Interrupt::default());
    let toy = Toy { runs: Arc::clone(&runs), interrupt: Some(interrupt.clone()), entire: false };
    let generators = vec![rewrite(meta!("toy/good"), GOOD)];
    let repairer = Repairer::builder().generators(generators).validator(toy).interrupt(interrupt).build();
    let outcome = repairer.repair(&snapshot(&lines), &[]).await.unwrap();
    assert_eq!((outcome.stop, runs.load(Ordering::SeqCst)), (Stop::Interrupted, 1));
}

#[tokio::test]
async fn without_a_validator_nothing_is_called_repaired() {
    let repairer = Repairer::builder().generators([rewrite(meta!("toy/good"), GOOD)]).build();
    let error = repairer.repair(&snapshot(&["fail a"]), &[]).await.unwrap_err();
    assert!(matches!(error, RepairError::NoValidator));
}

#[tokio::test]
async fn all_that_an_entire_check_reports_is_repaired() {
    let lines = ["fail a", "fail b"];
    let (runs, entire) = (Arc::new(AtomicU32::new(0)), true);
    let toy = Toy { runs, interrupt: None, entire };
    let repairer = Repairer::builder().generators([rewrite(meta!("toy/good"), GOOD)]).validator(toy).build();
    let outcome = repairer.repair(&snapshot(&lines), &[failing_test("a")]).await.unwrap();
    assert_eq!(text_after(&outcome, &lines), "pass a\npass b\n");
    assert!(outcome.foreign.is_empty());
}

#[tokio::test]
async fn what_was_not_seen_does_not_count_once_every_check_passes() {
    let asked = [failing_test("a"), failing_test("elsewhere")];
    let (outcome, _) = repairer(vec![rewrite(meta!("toy/good"), GOOD)]).repair(&["fail a"], &asked).await;
    assert_eq!(outcome.status(), Status::Repaired);
}

/// Mends every finding by itself: the word `dirt` on its line.
struct Sweep;

impl FixGenerator for Sweep {
    fn meta(&self) -> &'static GeneratorMeta {
        meta!("toy/sweep")
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let (path, text, span) = ctx.suspect()?;
        let start = span.start() + text[span.range()].find("dirt").or_skip("the line is clean")?;
        fixes.add(Applicability::Safe, "Sweep", |changes| _ = changes.delete(path, start..start + 4))?;
        Ok(())
    }
}

#[tokio::test]
async fn findings_that_read_the_same_are_planned_together_if_they_are_in_different_places() {
    let lines = snapshot(&["one dirt", "two", "three dirt"]);
    let finding = |line| {
        let mut finding = failing_test("");
        (finding.line, finding.test_id) = (Some(line), None);
        finding
    };
    let said = [finding(1), finding(3)];
    assert_eq!(said[0].fingerprint(), said[1].fingerprint());
    let repairer = Repairer::builder().generators([Box::new(Sweep) as Box<dyn FixGenerator>]).build();
    let (plan, _) = repairer.plan(&lines, &said).await;
    assert_eq!(plan.changes.apply(&lines).unwrap().text(&world()), Ok("one \ntwo\nthree \n"));
}
