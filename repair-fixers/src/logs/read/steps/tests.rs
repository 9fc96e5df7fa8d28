//! Logs of other systems, cut into steps.

use crate::logs::read::read;
use repair_core::{Log, Step, StepOutcome};

fn log(text: &str) -> Log {
    read(text.as_bytes()).unwrap()
}

/// Each step's name or command, how it ended, and what of its output is kept.
#[track_caller]
fn check(text: &str, expected: &[(&str, StepOutcome, &[&str])]) -> Log {
    let log = log(text);
    let title = |step: &Step| step.command.clone().or(step.name.clone()).unwrap_or_default();
    let seen: Vec<(String, StepOutcome, Vec<&str>)> =
        log.steps.iter().map(|step| (title(step), step.outcome, step.output.iter().collect())).collect();
    let expected: Vec<(String, StepOutcome, Vec<&str>)> =
        expected.iter().map(|(title, outcome, lines)| ((*title).to_owned(), *outcome, lines.to_vec())).collect();
    assert_eq!(seen, expected);
    log
}

const FAILED: StepOutcome = StepOutcome::Failed(Some(1));
const PASSED: StepOutcome = StepOutcome::Passed;
const UNKNOWN: StepOutcome = StepOutcome::Unknown;

const GITLAB: &str = "Running with gitlab-runner 16.5.0 (853330f9)\n  on blue-1 x, system ID: s\n\
    section_start:1700000000:prepare_executor\r\u{1b}[0K\u{1b}[0K\u{1b}[36;1mPreparing the \"docker\" executor\u{1b}[0;m\n\
    Using Docker executor with image python:3.11 ...\nsection_end:1700000001:prepare_executor\r\u{1b}[0K\
    section_start:1700000001:step_script\r\u{1b}[0K\u{1b}[0K\u{1b}[36;1mExecuting \"step_script\" stage of the job script\u{1b}[0;m\n\
    \u{1b}[32;1m$ pip install -e .\u{1b}[0;m\nok\n\u{1b}[32;1m$ pytest -q\u{1b}[0;m\n$ printed by a test\n1 failed in 0.1s\n";

#[test]
fn gitlab_tells_commands_by_their_color() {
    let end = "section_end:1700000002:step_script\r\u{1b}[0K\u{1b}[36;1mRunning after_script\u{1b}[0;m\n\u{1b}[32;1m$ cat x\u{1b}[0;m\n\
         cat: x: No such file or directory\nCleaning up project directory and file based variables\n\
         \u{1b}[31;1mERROR: Job failed: exit code 1\n\u{1b}[0;m\n";
    let raw = GITLAB.replace("$ printed", "> printed");
    let log = check(
        &format!("{raw}{end}"),
        &[
            ("Prepare job", PASSED, &[]),
            ("pip install -e .", PASSED, &[]),
            ("pytest -q", FAILED, &["> printed by a test", "1 failed in 0.1s", "ERROR: Job failed: exit code 1"]),
            ("Running after_script", PASSED, &[]),
        ],
    );
    let runner = log.steps[2].runner.as_ref().unwrap();
    assert_eq!((runner.version.as_deref(), runner.image.as_deref()), (Some("16.5.0"), Some("python:3.11")));
    let stamped: String =
        format!("{raw}{end}").lines().map(|line| format!("2024-05-22T12:43:46.962646Z 00O {line}\n")).collect();
    let same = read(stamped.as_bytes()).unwrap();
    assert_eq!(format!("{:?}", same.steps), format!("{:?}", log.steps));
}

#[test]
fn a_job_of_gitlab_that_succeeded_has_no_failures() {
    let passed = log(&format!("{GITLAB}Cleaning up project directory and file based variables\nJob succeeded\n"));
    assert!(passed.steps.iter().all(|step| step.outcome == PASSED && step.output.is_empty()), "{passed:?}");
    let printed = log(&format!("{GITLAB}Job succeeded\nERROR: Job failed: exit code 1\n"));
    assert!(printed.steps.iter().any(|step| step.outcome == FAILED), "it counts at the end only: {printed:?}");
}

#[test]
fn circleci_shows_shell_and_command() {
    let log = check(
        "#!/bin/bash -eo pipefail\npip install \\\n  x\nok\n#!/bin/bash -eo pipefail\npytest -q\n1 failed in 0.1s\n\n\
         Exited with code exit status 1\nCircleCI received exit code 1\n",
        &[
            ("pip install \\\n  x", PASSED, &[]),
            (
                "pytest -q",
                FAILED,
                &["1 failed in 0.1s", "", "Exited with code exit status 1", "CircleCI received exit code 1"],
            ),
        ],
    );
    assert_eq!(log.steps[1].shell.as_deref(), Some("/bin/bash -eo pipefail"));
}

#[test]
fn azure_marks_its_sections() {
    let text = "##[section]Starting: Install\n==========\nTask         : Command line\n==========\nGenerating script.\nScript contents:\n\
        pip install -e .\n========================== Starting Command Output ===========================\nok\n\
        ##[section]Finishing: Install\n##[section]Starting: Tests\nGenerating script.\nScript contents:\npytest -q\n\
        ========================== Starting Command Output ===========================\n1 failed in 0.1s\n\
        ##[error]Bash exited with code '1'.\n##[section]Finishing: Tests\n";
    let expected: &[(&str, StepOutcome, &[&str])] = &[
        ("pip install -e .", PASSED, &[]),
        ("pytest -q", FAILED, &["Generating script.", "1 failed in 0.1s", "##[error]Bash exited with code '1'."]),
    ];
    assert_eq!(check(text, expected).steps[1].name.as_deref(), Some("Tests"));
    let stamped: String = text.lines().map(|line| format!("2024-05-22T12:43:46.1234567Z {line}\n")).collect();
    check(&stamped, expected);
}

#[test]
fn jenkins_pipelines_have_stages() {
    let log = check(
        "Started by user me\nRunning on agent-1 in /var/jenkins/workspace/app\n[Pipeline] {\n[Pipeline] stage\n[Pipeline] { (Install)\n\
         [Pipeline] sh\n+ pip install -e .\nok\n[Pipeline] }\n[Pipeline] // stage\n[Pipeline] stage\n[Pipeline] { (Test)\n\
         [Pipeline] sh\n+ pytest -q\n1 failed in 0.1s\n[Pipeline] }\n[Pipeline] stage\n[Pipeline] { (Declarative: Post Actions)\n\
         [Pipeline] sh\n+ cat x\nno x\n[Pipeline] }\n[Pipeline] End of Pipeline\nERROR: script returned exit code 1\nFinished: FAILURE\n",
        &[
            ("", UNKNOWN, &["Started by user me", "Running on agent-1 in /var/jenkins/workspace/app"]),
            ("pip install -e .", PASSED, &[]),
            ("pytest -q", FAILED, &["+ pytest -q", "1 failed in 0.1s", "ERROR: script returned exit code 1"]),
            ("cat x", PASSED, &[]),
        ],
    );
    assert_eq!(log.steps[2].name.as_deref(), Some("Test"));
    assert_eq!(log.steps[2].runner.as_ref().unwrap().name.as_deref(), Some("agent-1"));
}

#[test]
fn a_build_of_jenkins_that_succeeded_has_no_failures() {
    let text = "[Pipeline] sh\n+ pytest\n1 failed in 0.1s\n[Pipeline] }\nFinished: SUCCESS\n";
    assert!(log(text).steps.iter().all(|step| step.outcome == PASSED));
    let free = log(
        "[app] $ /bin/sh -xe /tmp/jenkins1.sh\n+ pytest\n1 failed in 0.1s\nBuild step 'Execute shell' marked build as failure\nFinished: FAILURE\n",
    );
    assert_eq!((free.steps[0].outcome, free.steps[0].command.as_deref()), (StepOutcome::Failed(None), Some("pytest")));
}

#[test]
fn buildkite_marks_its_groups() {
    check(
        "~~~ Preparing working directory\n$ cd /app\nok\n~~~ Running commands\n$ pytest -q\n--- a/x.py\n1 failed in 0.1s\n\
         🚨 Error: The command exited with status 1\n^^^ +++\n~~~ Uploading artifacts\nok\n",
        &[
            ("cd /app", PASSED, &[]),
            (
                "pytest -q",
                FAILED,
                &["--- a/x.py", "1 failed in 0.1s", "🚨 Error: The command exited with status 1", "^^^ +++"],
            ),
            ("Uploading artifacts", UNKNOWN, &["ok"]),
        ],
    );
}

#[test]
fn read_the_docs_says_the_exit_code_first() {
    check(
        "Read the Docs build information\n[rtd-command-info] start-time: a, end-time: b, duration: 0, exit-code: 0\ngit clone x\nok\n\
         [rtd-command-info] start-time: a, end-time: b, duration: 3, exit-code: 1\npython -m sphinx -W docs out\nWarning, treated as error:\nx\n",
        &[
            ("", UNKNOWN, &["Read the Docs build information"]),
            ("git clone x", PASSED, &[]),
            ("python -m sphinx -W docs out", FAILED, &["Warning, treated as error:", "x"]),
        ],
    );
}

#[test]
fn act_names_the_job_on_each_line() {
    let text = "[CI/tests] 🚀  Start image=x\n[CI/tests] ⭐ Run Main Install\n[CI/tests]   | ok\n[CI/tests]   ✅  Success - Main Install [1s]\n\
        [CI/tests] ⭐ Run Main Tests\n[CI/tests]   🐳  docker exec cmd=[bash -e /var/run/act/workflow/1]\n[CI/tests]   | 1 failed in 0.1s\n\
        [CI/tests]   ❌  Failure - Main Tests [2s]\n[CI/tests] exitcode '1': failure\n";
    let log = check(
        &format!("{text}[CI/tests] 🏁  Job failed\n"),
        &[("Install", PASSED, &[]), ("Tests", FAILED, &["1 failed in 0.1s"])],
    );
    assert_eq!(log.steps[1].job.as_deref(), Some("tests"));
    let ignored = format!("{text}[CI/tests] 🏁  Job succeeded\n");
    check(&ignored, &[("Install", PASSED, &[]), ("Tests", PASSED, &[])]);
}

#[test]
fn drone_and_woodpecker_number_the_lines_of_each_step() {
    check(
        "[install:L0:0s] + pip install x\n[tests:L0:1s] + pytest\n[tests:L1:2s] 1 failed in 0.1s\n",
        &[("install", UNKNOWN, &["+ pip install x"]), ("tests", UNKNOWN, &["+ pytest", "1 failed in 0.1s"])],
    );
    check("[gw0] x\n[a: b] y\n", &[("", UNKNOWN, &["[gw0] x", "[a: b] y"])]);
}

#[test]
fn a_container_build_names_the_command_that_failed() {
    check(
        "Step 1/3 : FROM python:3.11\n ---> 1a\nStep 2/3 : RUN pip install x\nok\nStep 3/3 : RUN pytest -q\n ---> Running in 2b\n1 failed in 0.1s\n\
         The command '/bin/sh -c pytest -q' returned a non-zero code: 1\n",
        &[
            ("FROM python:3.11", PASSED, &[]),
            ("pip install x", PASSED, &[]),
            (
                "pytest -q",
                FAILED,
                &[
                    " ---> Running in 2b",
                    "1 failed in 0.1s",
                    "The command '/bin/sh -c pytest -q' returned a non-zero code: 1",
                ],
            ),
        ],
    );
}

const QUOTE: &str = "------\n > [4/4] RUN pytest -q:\n18.23 1 failed in 0.1s\n------\n\
    ERROR: failed to solve: process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 1\n";

#[test]
fn what_a_build_repeats_is_read_once() {
    let end = "ERROR: failed to solve: process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 1";
    check(
        &format!(
            "#10 [4/4] RUN pytest -q\n#10 18.23 1 failed in 0.1s\n#10 ERROR: process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 1\n{QUOTE}"
        ),
        &[(
            "pytest -q",
            FAILED,
            &["#10 [4/4] RUN pytest -q", "1 failed in 0.1s", "------", " > [4/4] RUN pytest -q:", "------", end],
        )],
    );
    check(
        &format!(" => ERROR [4/4] RUN pytest -q\n{QUOTE}"),
        &[(
            "pytest -q",
            FAILED,
            &[" => ERROR [4/4] RUN pytest -q", "------", " > [4/4] RUN pytest -q:", "1 failed in 0.1s", "------", end],
        )],
    );
}

#[test]
fn a_terminal_has_prompts() {
    check(
        "(venv) me@host:~/app$ ruff check .\nAll checks passed!\n(venv) me@host:~/app$ pytest -q\n$ x\n1 failed in 0.1s\n(venv) me@host:~/app$ \n",
        &[("ruff check .", UNKNOWN, &["All checks passed!"]), ("pytest -q", UNKNOWN, &["$ x", "1 failed in 0.1s"])],
    );
    check("PS C:\\app> pytest -q\n1 failed\n", &[("pytest -q", UNKNOWN, &["1 failed"])]);
    check("text\n$ pytest\n", &[("", UNKNOWN, &["text", "$ pytest"])]);
}

/// A job of GitHub in which a step fails, with `rest` behind it.
fn github(rest: &str) -> Log {
    let header = |run: &str| format!("##[group]Run {run}\n\u{1b}[36;1m{run}\u{1b}[0m\nshell: bash\n##[endgroup]\n");
    let action = |name: &str| format!("##[group]Run {name}\nwith:\n  a: b\n##[endgroup]\nok\n");
    let text = [
        "Current runner version: '2.3'\n",
        &action("actions/checkout@v4"),
        &action("actions/setup-python@v5"),
        &header("flake8"),
        "a.py:1:1: F401 x\n##[error]Process completed with exit code 1.\n",
        &header("pytest"),
        "1 passed in 0.1s\n",
        rest,
        "Cleaning up orphan processes\n",
    ];
    log(&text.concat().lines().map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\n")).collect::<String>())
}

#[test]
fn a_step_that_may_fail_is_none_that_failed() {
    let checkout = "Post job cleanup.\n[command]/usr/bin/git version\n";
    let green = github(&format!("Post job cleanup.\n{checkout}"));
    assert!(green.steps.iter().all(|step| step.outcome == PASSED), "python was cleaned up, which only success does");
    let red = github(checkout);
    assert!(red.steps.iter().any(|step| step.outcome == FAILED && step.name.as_deref() == Some("Run flake8")));
}

#[test]
fn a_test_cannot_make_a_job_green() {
    let printed =
        "Post job cleanup.\nPost job cleanup.\nPost job cleanup.\n##[error]Process completed with exit code 1.\n";
    assert!(github(printed).steps.iter().any(|step| step.outcome == FAILED));
    for line in ["Job succeeded", "Finished: SUCCESS", "Done. Your build exited with 0."] {
        assert!(github(line).steps.iter().any(|step| step.outcome == FAILED), "{line}");
        let plain = log(&format!("1 failed in 0.1s\nExited with code 1\n{line}\n"));
        assert_eq!(plain.steps[0].outcome, FAILED, "{line}");
    }
}
