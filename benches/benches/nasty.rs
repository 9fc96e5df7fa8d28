//! Logs that are made to be slow to read. The time for a byte must not grow with their length.
//!
//! `cargo bench -p repair-benches --bench nasty` prints the speed for a megabyte and for four, and their ratio, which
//! is 1 where the time is linear and 4 where it is quadratic.

mod common;

use common::clock::best;
use repair_fixers::logs::{diagnose, read};

/// What is repeated: a unit of a log, by its number.
type Unit = fn(usize) -> String;

const UNITS: [(&str, Unit); 15] = [
    ("tracebacks", |_| "Traceback (most recent call last):\n".to_owned()),
    ("frames", |number| format!("  File \"/srv/app/m{number}.py\", line 1, in f\n")),
    ("links of a chain", |_| "Traceback (most recent call last):\nE: x\n\nDuring handling of the above\n\n".to_owned()),
    ("syntax errors", |number| {
        format!("Traceback (most recent call last):\n  File \"m{number}.py\", line 1\nSyntaxError: x\n")
    }),
    ("failed tests", |number| format!("FAILED a.py::t{number} - x\n")),
    ("failed tests without their parts", |number| match number {
        0 => "===== FAILURES =====\n".to_owned(),
        number if number < 10_000 => format!("____ test_x{number} ____\nE   x\n"),
        10_000 => "===== short test summary info =====\n".to_owned(),
        number => format!("FAILED a.py::test_y{number} - AssertionError: x\n"),
    }),
    ("parts without a summary", |number| match number {
        0 => "===== FAILURES =====\n".to_owned(),
        number => format!("____ test_x{number} ____\nE   x\na.py:{number}: E\n"),
    }),
    ("tests that end in no session", |number| format!("a.py::t{number} FAILED\n")),
    ("unittest", |number| {
        let (rule, thin) = ("=".repeat(70), "-".repeat(70));
        format!(
            "{rule}\nFAIL: t{number} (m.T)\n{thin}\nTraceback (most recent call last):\n  File \"/x/m{number}.py\", line 1, in f\nE: x\n\n"
        )
    }),
    ("findings", |number| format!("a{number}.py:1:1: F401 `x` imported but unused\n")),
    ("types", |number| format!("a{number}.py:1: error: bad\n")),
    ("hooks", |number| format!("hook {number}....Failed\n- hook id: h{number}\n- exit code: 1\n\n")),
    ("brackets", |_| "[".repeat(1000)),
    ("escapes", |_| "\u{1b}".repeat(1000)),
    ("troubles", |number| format!("fatal{number}: Connection timed out\nfatal: early EOF\n")),
];

fn main() {
    println!("{:<34} {:>9} {:>9}   ratio", "log", "1 MB", "4 MB");
    for (name, unit) in UNITS {
        let [small, large] = [1, 4].map(|megabytes| {
            let mut text = String::from("##[group]Run make\nshell: bash\n##[endgroup]\n");
            let numbers = 0..;
            for number in numbers {
                text += &unit(number);
                if text.len() > megabytes * 1_000_000 {
                    break;
                }
            }
            text += "\n##[error]Process completed with exit code 2.\n";
            let time = best(3, || read(text.as_bytes()).map(|log| diagnose(&log)));
            text.len() as f64 / 1e6 / time.as_secs_f64()
        });
        println!("{name:<34} {small:>9.1} {large:>9.1}   {:>5.2}", small / large);
    }
}
