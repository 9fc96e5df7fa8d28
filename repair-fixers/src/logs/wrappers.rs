//! Programs that run others are looked through: the inner one is the one that failed.

use super::{Diagnosis, diagnose, read};
use repair_core::Category;

/// A step of GitHub that runs `command`, prints `output` and fails.
fn failed(command: &str, output: &str, code: i32) -> Diagnosis {
    let text = format!(
        "##[group]Run {command}\n\u{1b}[36;1m{command}\u{1b}[0m\nshell: bash\n##[endgroup]\n{output}\
         ##[error]Process completed with exit code {code}.\n"
    );
    let stamped: String = text.lines().map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\n")).collect();
    diagnose(&read(stamped.as_bytes()).unwrap())
}

/// Each wrapper's command, and what it prints around the command `CMD` with its output `OUT` that ends with `CODE`.
const WRAPPERS: [(&str, &str); 18] = [
    (
        "tox -e py39",
        "py39 run-test: commands[0] | CMD\nOUTERROR: InvocationError for command /home/x/.tox/py39/bin/CMD (exited with code \
         CODE)\n___________________________________ summary ____________________________________\nERROR:   py39: commands failed\n",
    ),
    (
        "python -m tox",
        "py39: commands[0]> CMD\nOUTpy39: exit CODE (0.35 seconds) /home/x> CMD pid=12\n  py39: FAIL code CODE \
         (2.03=setup[1.99]+cmd[0.04] seconds)\n  evaluation failed :( (2.10 seconds)\n",
    ),
    (
        "nox -s tests",
        "nox > Running session tests-3.9\nnox > Creating virtual environment (virtualenv) using python3.9 in .nox/tests-3-9\nnox > CMD\n\
         OUTnox > Command CMD failed with exit code CODE\nnox > Session tests-3.9 failed.\n",
    ),
    ("make test", "CMD\nOUTmake: *** [Makefile:3: test] Error CODE\n"),
    (
        "make -C sub test",
        "make: Entering directory '/x'\nCMD\nOUTmake[1]: *** [Makefile:3: test] Error CODE\nmake: *** [Makefile:9: all] Error 2\n",
    ),
    ("just test", "CMD\nOUTerror: Recipe `test` failed on line 3 with exit code CODE\n"),
    ("hatch run test:all", "cmd [1] | CMD\nOUT"),
    (
        "npm test",
        "\n> app@1.0.0 test\n> CMD\n\nOUTnpm ERR! code CODE\nnpm ERR! path /home/x\nnpm ERR! command failed\nnpm ERR! command sh -c CMD\n",
    ),
    ("npm run lint", "\n> app@1.0.0 lint\n> CMD\n\nOUTnpm error code CODE\nnpm error command failed\n"),
    (
        "yarn test",
        "yarn run v1.22.19\n$ CMD\nOUTerror Command failed with exit code CODE.\ninfo Visit https://yarnpkg.com/en/docs/cli/run\n",
    ),
    (
        "pnpm test",
        "\n> app@1.0.0 test /home/x\n> CMD\n\nOUT\u{2009}ELIFECYCLE\u{2009} Command failed with exit code CODE.\n",
    ),
    ("poe test", "Poe => CMD\nOUT"),
    ("task test", "task: [test] CMD\nOUTtask: Failed to run task \"test\": exit status CODE\n"),
    (
        "docker build .",
        "Step 3/4 : RUN CMD\n ---> Running in 1a\nOUTThe command '/bin/sh -c CMD' returned a non-zero code: CODE\n",
    ),
    ("bash -x ci.sh", "+ CMD\nOUT"),
    ("poetry run CMD", "OUT"),
    ("time xvfb-run -a CMD", "OUT\nreal\t0m1.2s\nuser\t0m1.1s\nsys\t0m0.1s\n"),
    ("env A=1 uv run CMD", "OUT"),
];

fn filled(text: &str, command: &str, output: &str, code: i32) -> String {
    text.replace("CMD", command).replace("OUT", output).replace("CODE", &code.to_string())
}

#[test]
fn the_inner_tools_finding_is_the_only_failure() {
    let finding = "src/a.py:1:1: F401 'os' imported but unused\n";
    let tests = "=========================== short test summary info ============================\nFAILED tests/test_a.py::test_b - assert \
                 0\n1 failed in 0.10s\n";
    for (wrapper, around) in WRAPPERS {
        for (command, output, tool, code) in
            [("flake8 src", finding, "flake8", "F401"), ("pytest -q", tests, "pytest", "")]
        {
            let diagnosis = failed(&filled(wrapper, command, output, 1), &filled(around, command, output, 1), 1);
            let told: Vec<_> = diagnosis.failures.iter().map(|failure| failure.tool.as_str()).collect();
            assert_eq!(told, [tool], "{wrapper}: {:?}", diagnosis.failures);
            let found = diagnosis.failures[0].code.as_deref();
            assert!(code.is_empty() || found == Some(code), "{wrapper}: {found:?}");
        }
    }
}

#[test]
fn an_inner_program_that_nobody_knows_is_the_tool() {
    let announced = WRAPPERS.iter().filter(|(wrapper, _)| {
        !wrapper.starts_with("make")
            && !wrapper.starts_with("just")
            && !wrapper.contains("CMD")
            && !wrapper.contains("bash")
    });
    for (wrapper, around) in announced {
        let output = "the reactor is cold\n";
        let diagnosis = failed(wrapper, &filled(around, "./reactor.sh", output, 3), 3);
        let [failure] = diagnosis.failures.as_slice() else { panic!("{wrapper}: {:?}", diagnosis.failures) };
        let told = (failure.tool.as_str(), failure.code.as_deref(), failure.message.as_deref());
        assert_eq!(told, ("reactor.sh", Some("3"), Some("the reactor is cold")), "{wrapper}");
    }
}

#[test]
fn a_wrapper_that_alone_complains_is_the_tool() {
    for (command, output, tool, message) in [
        (
            "make test",
            "make: *** No rule to make target 'test'.  Stop.\n",
            "make",
            "make: *** No rule to make target 'test'.  Stop.",
        ),
        (
            "tox -e x",
            "x: skipped because could not find python interpreter\n  x: FAIL code 1\n",
            "tox",
            "x: skipped because could not find python interpreter",
        ),
        (
            "just test",
            "error: Justfile does not contain recipe `test`.\n",
            "just",
            "error: Justfile does not contain recipe `test`.",
        ),
        ("make test", "make: *** [Makefile:3: test] Error 1\n", "make", "make: *** [Makefile:3: test] Error 1"),
    ] {
        let diagnosis = failed(command, output, 2);
        let [failure] = diagnosis.failures.as_slice() else { panic!("{command}: {:?}", diagnosis.failures) };
        assert_eq!((failure.tool.as_str(), failure.code.as_deref()), (tool, Some("2")), "{command}");
        assert_eq!(failure.message.as_deref(), Some(message), "{command}");
    }
}

#[test]
fn the_category_is_that_of_the_inner_command() {
    let diagnosis = failed(
        "nox -s docs",
        "nox > sphinx-build docs out\nit is dark\nnox > Command sphinx-build docs out failed with exit code 2\n",
        2,
    );
    let [failure] = diagnosis.failures.as_slice() else { panic!("{:?}", diagnosis.failures) };
    assert_eq!((failure.tool.as_str(), failure.category), ("sphinx-build", Category::Documentation));
}
