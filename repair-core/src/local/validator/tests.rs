use super::*;
use crate::fs::testing::path;
use crate::local::testing::{block_on, sandboxes, snapshot};
use crate::{Category, Parsed, Verdict};
use std::sync::Mutex as Lock;

/// Reads `FAIL name` lines, and keeps what it was given.
#[derive(Default)]
struct Lines(Lock<Vec<(String, String, Option<i32>)>>);

impl OutputReader for Lines {
    fn read(&self, command: &str, output: &str, exit: Option<i32>) -> Parsed {
        self.0.lock().unwrap().push((command.into(), output.into(), exit));
        let failure = |name: &str| Failure { test_id: Some(name.into()), ..Failure::new(Category::Test, "lines") };
        let failures = output.lines().filter_map(|line| line.strip_prefix("FAIL ")).map(failure).collect();
        Parsed { failures, ..Parsed::default() }
    }
}

fn check(name: &str, command: &str) -> Check {
    Check { name: name.into(), command: command.into(), ..Check::default() }
}

fn builder(sandbox: Sandbox) -> LocalValidatorBuilder {
    LocalValidator::builder(None, Arc::new(Lines::default())).sandbox(sandbox)
}

fn validate(validator: &LocalValidator, request: ValidationRequest<'_>) -> ValidationResult {
    block_on(validator.validate(request)).unwrap()
}

#[test]
fn a_repair_is_seen_as_one() {
    for sandbox in sandboxes() {
        let test = check("test", "grep -q 'x = 2' a.py || { echo FAIL one; exit 1; }");
        let validator = builder(sandbox).checks([test]).build();
        let (broken, mended) = (snapshot(&[("a.py", "x = 1\n")]), snapshot(&[("a.py", "x = 2\n")]));
        let before = validate(&validator, ValidationRequest::full(&broken));
        let after = validate(&validator, ValidationRequest::full(&mended));
        let failures: Vec<Failure> = before.failures().cloned().collect();
        assert_eq!(failures[0].test_id.as_deref(), Some("one"));
        assert_eq!(Verdict::of(&before, &after, &failures), Verdict::Fixed);
        assert!(after.complete && after.success());
        assert_eq!(after.environment, validator.sandbox.describe());
    }
}

#[test]
fn checks_share_what_they_make_but_not_what_they_change() {
    for sandbox in sandboxes() {
        let checks = [
            check("one", "echo data > .coverage; echo bad > a.py"),
            check("two", "cat .coverage a.py"),
            check("three", "test -e .coverage"),
        ];
        let validator = builder(sandbox).checks(checks).build();
        let files = snapshot(&[("a.py", "good\n")]);
        let result = validate(&validator, ValidationRequest::full(&files));
        assert!(result.success(), "{result:?}");
        assert_eq!(result.runs[1].tail, "data\ngood\n");
        let validator = LocalValidator { checks: vec![check("three", "test -e .coverage")], ..validator };
        let result = validate(&validator, ValidationRequest::full(&files));
        assert!(!result.success(), "each call begins anew");
    }
}

#[test]
fn a_targeted_run_is_narrowed_and_says_so() {
    let narrow: Narrow = Arc::new(|check, failures| match check.name.as_str() {
        "tests" => Some(format!("echo {}", failures[0].test_id.as_deref().unwrap_or_default())),
        "lint" => Some(String::new()),
        _ => None,
    });
    let checks = ["tests", "lint", "other"].map(|name| check(name, "echo full"));
    let validator = builder(Sandbox::detect()).checks(checks.clone()).narrow(Arc::clone(&narrow)).build();
    let failure = [Failure { test_id: Some("one".into()), ..Failure::new(Category::Test, "lines") }];
    let files = snapshot(&[("a.py", "")]);
    let result = validate(&validator, ValidationRequest::targeted(&files, &failure));
    let ran: Vec<_> = result.runs.iter().map(|run| (run.name.as_str(), run.tail.as_str())).collect();
    assert_eq!(ran, [("tests", "one\n"), ("other", "full\n")]);
    assert!(!result.complete);
    let validator = builder(Sandbox::detect()).checks([checks[1].clone()]).narrow(narrow).build();
    let result = validate(&validator, ValidationRequest::targeted(&files, &failure));
    assert!(result.complete && result.runs.len() == 1, "a run of nothing would say nothing");
}

#[test]
fn a_check_has_its_folder_variables_and_limits() {
    for sandbox in sandboxes() {
        let variables = [("NAME".to_owned(), "value".to_owned())].into();
        let inside =
            Check { working_directory: Some("sub".into()), environment: variables, ..check("in", "cat f; echo $NAME") };
        let checks = [inside, check("slow", "sleep 100"), check("loud", "yes")];
        let validator = builder(sandbox).checks(checks).time_limit(Duration::from_secs(1)).output_cap(100_000).build();
        let result = validate(&validator, ValidationRequest::full(&snapshot(&[("sub/f", "text\n")])));
        assert_eq!(result.runs[0].tail, "text\nvalue\n");
        assert_eq!([result.runs[1].exit, result.runs[2].exit], [Exit::TimedOut, Exit::TooMuchOutput]);
        assert!(result.runs[2].tail.len() <= TAIL && result.runs[2].tail.starts_with("y\n"));
        assert_eq!(result.runs[1].failures.len(), 1, "silence is no success");
    }
}

#[test]
fn paths_are_read_relative_to_the_repository() {
    for sandbox in sandboxes() {
        let reader = Arc::new(Lines::default());
        let validator = LocalValidator::builder(None, Arc::<Lines>::clone(&reader) as Arc<dyn OutputReader>)
            .checks([check("trace", "echo \"File \\\"$PWD/src/a.py\\\", line 1\"; exit 3")])
            .sandbox(sandbox.clone())
            .build();
        validate(&validator, ValidationRequest::full(&snapshot(&[("src/a.py", "")])));
        let seen = reader.0.lock().unwrap().remove(0);
        assert_eq!((seen.1.as_str(), seen.2), ("File \"src/a.py\", line 1\n", Some(3)), "{sandbox:?}");
    }
}

#[test]
fn without_a_check_there_is_an_error() {
    let validator = builder(Sandbox::detect()).build();
    let files = snapshot(&[("a.py", "")]);
    let error = block_on(validator.validate(ValidationRequest::full(&files))).unwrap_err();
    assert!(matches!(error, ValidateError::NoCheck));
}

#[test]
fn a_folder_that_is_not_there_is_an_error_and_not_a_failed_check() {
    let lost = Check { working_directory: Some("lost".into()), ..check("lost", "true") };
    let validator = builder(Sandbox::detect()).checks([lost]).build();
    let error = block_on(validator.validate(ValidationRequest::full(&snapshot(&[("a.py", "")])))).unwrap_err();
    assert!(error.to_string().contains("`lost`"), "{error}");
}

#[test]
fn a_dropped_validator_leaves_no_folder() {
    let validator = builder(Sandbox::detect()).checks([check("one", "true")]).build();
    validate(&validator, ValidationRequest::full(&snapshot(&[("a.py", "")])));
    let root = block_on(validator.workspace.lock()).as_ref().unwrap().root().to_path_buf();
    assert!(root.join("repo").join(path("a.py").as_str()).is_file());
    drop(validator);
    assert!(!root.exists());
}
