//! The steps in which something failed.

use repair_core::{Runner, Step, StepOutcome};
use std::collections::BTreeMap;

/// A step that failed, or in whose output failures were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedStep {
    /// The job, where the log names it.
    pub job: Option<String>,
    /// The step's name.
    pub name: Option<String>,
    /// The command, as it stood in the workflow.
    pub command: Option<String>,
    /// The shell, such as `/usr/bin/bash -e {0}`.
    pub shell: Option<String>,
    /// The folder it ran in, if it is not the checkout's.
    pub working_directory: Option<String>,
    /// The environment that the log shows.
    pub environment: BTreeMap<String, String>,
    /// The Python version, such as `3.11.7`.
    pub python: Option<String>,
    /// The machine that it ran on.
    pub runner: Option<Runner>,
    /// The exit code, where the log says that the step failed and with which.
    pub exit_code: Option<i32>,
    /// Whether the log itself says that the step failed; otherwise only its output shows it.
    pub said: bool,
    /// First and last 1-based line of its output in the log.
    pub log_lines: Option<(u64, u64)>,
    /// Its failures, as indices into [`Diagnosis::failures`](super::Diagnosis::failures). A failure that several
    /// steps report belongs to each of them.
    pub failures: Vec<usize>,
}

impl FailedStep {
    /// What is known of `step` and its `failures`; nothing if it neither failed nor reports any.
    pub(super) fn of(step: &Step, failures: Vec<usize>) -> Option<Self> {
        let outcome = match step.outcome {
            StepOutcome::Failed(code) => Some(code),
            _ => None,
        };
        let output = &step.output;
        (outcome.is_some() || !failures.is_empty()).then(|| Self {
            job: step.job.clone(),
            name: step.name.clone(),
            command: step.command.clone(),
            shell: step.shell.clone(),
            working_directory: step.working_directory.clone(),
            environment: step.environment.clone(),
            python: step.python.clone(),
            runner: step.runner.clone(),
            exit_code: outcome.flatten(),
            said: outcome.is_some(),
            log_lines: output.len().checked_sub(1).map(|last| (output.number(0), output.number(last))),
            failures,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::logs::{Diagnosis, diagnose, read};

    fn of(text: &str) -> Diagnosis {
        diagnose(&read(text.as_bytes()).unwrap())
    }

    const SETUP: &str = "Current runner version: '2.317.0'\n##[group]Operating System\nUbuntu\n22.04.4\nLTS\n##[endgroup]\n\
         ##[group]Runner Image\nImage: ubuntu-22.04\nVersion: 20240708.1.0\n##[endgroup]\nComplete job name: tests\n";
    const STEP: &str = "##[group]Run pytest -q\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: /usr/bin/bash -e {0}\nenv:\n  A: 1\n  \
         pythonLocation: /opt/hostedtoolcache/Python/3.11.7/x64\n##[endgroup]\n";
    const FAILED: &str = "=========================== short test summary info ============================\n\
         FAILED a.py::t - assert 0\n1 failed in 0.1s\n";
    const END: &str = "##[error]Process completed with exit code 1.\nPost job cleanup.\n";

    #[test]
    fn a_failed_step_is_told_with_all_that_the_log_knows_of_it() {
        let diagnosis = of(&format!("{SETUP}{STEP}{FAILED}{END}"));
        let [step] = diagnosis.failed_steps.as_slice() else { panic!("{diagnosis:?}") };
        assert_eq!((step.job.as_deref(), step.name.as_deref()), (Some("tests"), Some("Run pytest -q")));
        assert_eq!((step.command.as_deref(), step.exit_code, step.said), (Some("pytest -q"), Some(1), true));
        assert_eq!((step.shell.as_deref(), step.python.as_deref()), (Some("/usr/bin/bash -e {0}"), Some("3.11.7")));
        assert_eq!(step.environment["A"], "1");
        let runner = step.runner.as_ref().unwrap();
        assert_eq!((runner.version.as_deref(), runner.image.as_deref()), (Some("2.317.0"), Some("ubuntu-22.04")));
        let system = (runner.image_version.as_deref(), runner.system.as_deref());
        assert_eq!(system, (Some("20240708.1.0"), Some("Ubuntu 22.04.4 LTS")));
        assert_eq!((step.log_lines, step.failures.as_slice()), (Some((19, 22)), &[0][..]));
    }

    #[test]
    fn a_failure_of_two_jobs_belongs_to_the_step_of_each() {
        let job = |name: &str| format!("{SETUP}{STEP}{FAILED}{END}").replace("name: tests", name);
        let diagnosis = of(&format!("{}{}", job("name: one"), job("name: two")));
        assert_eq!(diagnosis.failures.len(), 1);
        let jobs: Vec<_> =
            diagnosis.failed_steps.iter().map(|step| (step.job.as_deref(), &step.failures[..])).collect();
        assert_eq!(jobs, [(Some("one"), &[0][..]), (Some("two"), &[0][..])]);
    }

    #[test]
    fn a_step_whose_failure_is_a_consequence_is_told_without_one() {
        let second = STEP.replace("pytest -q", "./report.sh");
        let error = "##[error]Process completed with exit code 3.\n";
        let diagnosis =
            of(&format!("{STEP}{FAILED}##[error]Process completed with exit code 1.\n{second}no report\n{error}"));
        let steps: Vec<_> = diagnosis.failed_steps.iter().map(|step| (step.exit_code, step.failures.len())).collect();
        assert_eq!((diagnosis.failures.len(), steps), (1, vec![(Some(1), 1), (Some(3), 0)]));
    }

    #[test]
    fn plain_output_that_shows_failures_is_a_step_of_which_nothing_is_said() {
        let diagnosis = of(FAILED);
        assert_eq!(diagnosis.failed_steps.len(), 1);
        let step = &diagnosis.failed_steps[0];
        assert_eq!(
            (step.said, step.exit_code, step.command.as_deref(), &step.failures[..]),
            (false, None, None, &[0][..])
        );
        assert!(of("3 passed in 0.1s").failed_steps.is_empty());
    }
}
