//! The same failure on another machine has the same fingerprint, and another failure another one.

use crate::build::{diagnosis, heading, job, rule, step};
use proptest::prelude::*;
use repair_core::Phase;
use std::collections::BTreeSet;

/// What differs between two runs of the same job.
#[derive(Debug, Clone)]
struct Machine {
    /// The folder of the checkout, with a slash at its end.
    checkout: String,
    /// Python's folder.
    python: String,
    /// A temporary folder.
    temporary: String,
    patch: u32,
    /// By how many lines the file has grown.
    shift: u32,
    address: u64,
    seconds: f64,
    /// Whether sets come in another order.
    reversed: bool,
    worker: u32,
    commit: u64,
}

fn machine() -> impl Strategy<Value = Machine> {
    let checkouts = prop_oneof![
        Just("/home/runner/work/shop/shop/".to_owned()),
        Just("/Users/runner/work/shop/shop/".to_owned()),
        Just("/__w/shop/shop/".to_owned()),
        Just("/builds/acme/shop/".to_owned()),
        Just("/home/travis/build/acme/shop/".to_owned()),
        Just("/github/workspace/".to_owned()),
    ];
    let pythons = prop_oneof![
        Just("/opt/hostedtoolcache/Python/3.11.7/x64/lib/python3.11/".to_owned()),
        Just("/usr/lib/python3.11/".to_owned()),
        Just("/home/me/.pyenv/versions/3.11.2/lib/python3.11/".to_owned()),
    ];
    let temporary = prop_oneof!["/tmp/tmp[a-z0-9_]{8}", "/private/var/folders/x1/y2/T/tmp[a-z0-9_]{8}"];
    (
        checkouts,
        pythons,
        temporary,
        0u32..20,
        0u32..5000,
        any::<u64>(),
        0.0f64..5000.0,
        any::<bool>(),
        0u32..32,
        any::<u64>(),
    )
        .prop_map(|(checkout, python, temporary, patch, shift, address, seconds, reversed, worker, commit)| {
            Machine { checkout, python, temporary, patch, shift, address, seconds, reversed, worker, commit }
        })
}

impl Machine {
    fn set(&self) -> &'static str {
        if self.reversed { "{'b', 'a'}" } else { "{'a', 'b'}" }
    }

    fn line(&self, line: u32) -> u32 {
        line + self.shift
    }
}

/// A job of one failed step.
type Make = fn(&Machine) -> (String, String);

/// Logs of different failures: command and output.
const LOGS: [Make; 16] = [
    |machine| ("pytest".into(), pytest(machine, "test_total", "AssertionError", "assert 1 == 2")),
    |machine| ("pytest".into(), pytest(machine, "test_other", "AssertionError", "assert 1 == 2")),
    |machine| ("pytest".into(), pytest(machine, "test_total", "ValueError", "bad")),
    |machine| {
        (
            "pytest".into(),
            pytest(machine, &format!("test_p[<A object at {:#x}>]", machine.address), "ValueError", "bad"),
        )
    },
    |machine| ("pytest".into(), collection(machine, "No module named 'nope'")),
    |machine| ("pytest".into(), collection(machine, "No module named 'none'")),
    |machine| {
        (
            "mypy src".into(),
            mypy(machine, "Incompatible return value type (got \"str\", expected \"int\")  [return-value]"),
        )
    },
    |machine| ("mypy src".into(), mypy(machine, &format!("Unexpected keys {}  [misc]", machine.set()))),
    |machine| ("ruff check .".into(), ruff(machine, "src/app.py", "F401 [*] `os` imported but unused")),
    |machine| ("ruff check .".into(), ruff(machine, "src/app.py", "F401 [*] `re` imported but unused")),
    |machine| ("ruff check .".into(), ruff(machine, "src/other.py", "F401 [*] `os` imported but unused")),
    |machine| {
        ("python tool.py".into(), traceback(machine, "OSError", &format!("cannot read {}/x.txt", machine.temporary)))
    },
    |machine| {
        let message =
            format!("<Shop object at {:#x}> has {} members {}", machine.address, machine.worker, machine.set());
        ("python tool.py".into(), traceback(machine, "RuntimeError", &message))
    },
    |machine| ("pip install -r requirements.txt".into(), pip(machine, "nopackage==1.0")),
    |machine| ("python -m unittest".into(), unittest(machine)),
    |machine| {
        let text = format!(
            "building {:x}\nthe reactor {}/core is cold after {:.2}s",
            machine.commit, machine.temporary, machine.seconds
        );
        ("./build".into(), text)
    },
];

fn pytest(machine: &Machine, name: &str, exception: &str, message: &str) -> String {
    let line = machine.line(7);
    let shown = if exception == "AssertionError" { message.to_owned() } else { format!("{exception}: {message}") };
    format!(
        "{}\nplatform linux -- Python 3.11.{}, pytest-8.0.0\nrootdir: {}\nUsing --randomly-seed={}\n\n{}\n{}\n[gw{}] linux -- \
         Python 3.11.{}\n\n    def test():\n>       call()\nE       {shown}\n\ntests/test_a.py:{line}: {exception}\n{}\nFAILED \
         tests/test_a.py::{name} - {shown}\n{}",
        rule("test session starts"),
        machine.patch,
        machine.checkout.trim_end_matches('/'),
        machine.address,
        rule("FAILURES"),
        heading(name),
        machine.worker,
        machine.patch,
        rule("short test summary info"),
        rule(&format!("1 failed in {:.2}s", machine.seconds)),
    )
}

fn collection(machine: &Machine, message: &str) -> String {
    format!(
        "{}\nrootdir: {}\n{}\n{}\nImportError while importing test module '{}tests/test_a.py'.\nTraceback:\n{}importlib/__init__.py:126: in \
         import_module\n    return _bootstrap._gcd_import(name)\ntests/test_a.py:{}: in <module>\n    import x\nE   \
         ModuleNotFoundError: {message}\n{}\nERROR tests/test_a.py\n{:!^80}\n{}",
        rule("test session starts"),
        machine.checkout.trim_end_matches('/'),
        rule("ERRORS"),
        heading("ERROR collecting tests/test_a.py"),
        machine.checkout,
        machine.python,
        machine.line(1),
        rule("short test summary info"),
        " Interrupted: 1 error during collection ",
        rule(&format!("1 error in {:.2}s", machine.seconds)),
    )
}

fn mypy(machine: &Machine, message: &str) -> String {
    format!(
        "src/app.py:{}: error: {message}\nFound 1 error in 1 file (checked {} source files)",
        machine.line(3),
        machine.worker + 1
    )
}

fn ruff(machine: &Machine, path: &str, message: &str) -> String {
    format!("{path}:{}:8: {message}\nFound 1 error.", machine.line(3))
}

fn traceback(machine: &Machine, exception: &str, message: &str) -> String {
    format!(
        "Traceback (most recent call last):\n  File \"{}tool.py\", line {}, in <module>\n    main()\n  File \"{}json/decoder.py\", line \
         337, in decode\n    raise\n{exception}: {message}",
        machine.checkout,
        machine.line(9),
        machine.python,
    )
}

fn pip(machine: &Machine, requirement: &str) -> String {
    let name = requirement.split('=').next().unwrap_or_default();
    format!(
        "Collecting pytest\n  Downloading pytest-8.0.0-py3-none-any.whl ({} kB)\nERROR: Could not find a version that satisfies the \
         requirement {requirement} (from versions: none)\nERROR: No matching distribution found for {name}",
        machine.worker
    )
}

fn unittest(machine: &Machine) -> String {
    format!(
        "F.\n{}\nFAIL: test_sum (tests.test_m.SumTest.test_sum)\n{}\nTraceback (most recent call last):\n  File \"{}tests/test_m.py\", line \
         {}, in test_sum\n    self.assertEqual(1, 2)\nAssertionError: 1 != 2\n\n{}\nRan 2 tests in {:.3}s\n\nFAILED (failures=1)",
        "=".repeat(70),
        "-".repeat(70),
        machine.checkout,
        machine.line(5),
        "-".repeat(70),
        machine.seconds,
    )
}

/// The fingerprints of what failed on a machine.
fn fingerprints(make: Make, machine: &Machine) -> Vec<String> {
    let (command, output) = make(machine);
    let setup = step("python --version", &format!("Python 3.11.{}", machine.patch), None);
    let found = diagnosis(job(&[setup, step(&command, &output, Some(1))])).failures;
    found.iter().map(|failure| failure.fingerprint().to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_failure_is_the_same_on_every_machine(one in machine(), other in machine()) {
        for (index, make) in LOGS.into_iter().enumerate() {
            let found = fingerprints(make, &one);
            prop_assert_eq!(found.len(), 1, "{:?}", make(&one));
            prop_assert_eq!(found, fingerprints(make, &other), "log {}: {:?}", index, make(&one));
        }
    }

    #[test]
    fn two_failures_are_never_the_same(machine in machine()) {
        let all: BTreeSet<_> = LOGS.into_iter().flat_map(|make| fingerprints(make, &machine)).collect();
        prop_assert_eq!(all.len(), LOGS.len());
    }
}

#[test]
fn the_phase_says_how_far_the_job_came() {
    let python = "/usr/lib/python3.11/".to_owned();
    let machine = Machine {
        checkout: "/builds/acme/shop/".to_owned(),
        python,
        temporary: "/tmp/x".to_owned(),
        patch: 1,
        shift: 0,
        address: 9,
        seconds: 1.0,
        reversed: false,
        worker: 1,
        commit: 7,
    };
    let conftest = "ImportError while loading conftest '/builds/acme/shop/tests/conftest.py'.\ntests/conftest.py:1: in <module>\n    \
                    import nope\nE   ModuleNotFoundError: No module named 'nope'";
    let syntax = "  File \"/builds/acme/shop/app.py\", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax";
    let short = format!(
        "{}\n\nFAIL Required test coverage of 90% not reached. Total coverage: 80.00%",
        rule("1 passed in 0.1s")
    );
    for (command, output, phase) in [
        ("pytest", pytest(&machine, "test_a", "ValueError", "bad"), Phase::Run),
        ("pytest", collection(&machine, "No module named 'nope'"), Phase::Import),
        ("pytest", conftest.to_owned(), Phase::Import),
        ("python app.py", syntax.to_owned(), Phase::Parse),
        ("mypy .", mypy(&machine, "Name \"x\" is not defined  [name-defined]"), Phase::Run),
        ("ruff check .", ruff(&machine, "a.py", "F401 [*] `os` imported but unused"), Phase::Run),
        ("pip install x", pip(&machine, "x==1"), Phase::Install),
        ("python -m unittest", unittest(&machine), Phase::Run),
        ("pytest --cov --cov-fail-under=90", short, Phase::Measure),
    ] {
        let found = diagnosis(job(&[step(command, &output, Some(1))])).failures;
        assert_eq!(found.len(), 1, "{command}: {found:?}");
        assert_eq!(found[0].phase, phase, "{command}: {output}");
    }
}
