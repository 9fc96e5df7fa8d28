//! A log of hundreds of megabytes through a pipe.

use crate::harness::{Home, Ran};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

const SIZE: usize = 200 << 20;
const LINE: &str = "2025-03-01T10:00:00.0000000Z tests/test_many.py::test_number[12345-abcdef] PASSED        [ 42%]\n";
const HEAD: &str = "2025-03-01T10:00:00.0000000Z ##[group]Run pytest -v\n\
                    2025-03-01T10:00:00.0000000Z \u{1b}[36;1mpytest -v\u{1b}[0m\n\
                    2025-03-01T10:00:00.0000000Z shell: /usr/bin/bash -e {0}\n\
                    2025-03-01T10:00:00.0000000Z ##[endgroup]\n\
                    2025-03-01T10:00:00.0000000Z ============= test session starts =============\n";
const TAIL: &str = "2025-03-01T10:00:00.0000000Z =========================== FAILURES ===========================\n\
                    2025-03-01T10:00:00.0000000Z ______________________ test_last ______________________\n\
                    2025-03-01T10:00:00.0000000Z \n\
                    2025-03-01T10:00:00.0000000Z     def test_last():\n\
                    2025-03-01T10:00:00.0000000Z >       assert 1 == 2\n\
                    2025-03-01T10:00:00.0000000Z E       assert 1 == 2\n\
                    2025-03-01T10:00:00.0000000Z \n\
                    2025-03-01T10:00:00.0000000Z tests/test_last.py:2: AssertionError\n\
                    2025-03-01T10:00:00.0000000Z ==================== short test summary info ====================\n\
                    2025-03-01T10:00:00.0000000Z FAILED tests/test_last.py::test_last - assert 1 == 2\n\
                    2025-03-01T10:00:00.0000000Z ========== 1 failed, 99999 passed in 12.00s ==========\n\
                    2025-03-01T10:00:00.0000000Z ##[error]Process completed with exit code 1.\n";

/// The most memory that the process ever had, in KiB.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_giant_log_is_read_in_bounded_memory_and_its_last_failure_is_found() {
    let home = Home::new();
    let mut command = home.ci_repair(Path::new("/"));
    command.args(["detect", "-", "--format", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let start = Instant::now();
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let block = LINE.repeat((1 << 20) / LINE.len());
    input.write_all(HEAD.as_bytes()).unwrap();
    (0..SIZE / block.len()).for_each(|_| input.write_all(block.as_bytes()).unwrap());
    input.write_all(TAIL.as_bytes()).unwrap();
    // The end of the input is not reached as long as it is open, so the process is there to be looked at.
    let peak = peak(&child);
    drop(input);
    let ran = Ran::new(&child.wait_with_output().unwrap()).ends_with(1);
    println!("{} MiB in {:.1} s, peak {} MiB", SIZE >> 20, start.elapsed().as_secs_f64(), peak >> 10);
    assert!(peak < 96 << 10, "{peak} KiB");
    assert_eq!(ran.json()["failures"][0]["test_id"], "tests/test_last.py::test_last");
}

#[test]
fn one_endless_line_is_cut() {
    let home = Home::new();
    let mut command = home.ci_repair(Path::new("/"));
    command.args(["detect", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let block = vec![b'x'; 1 << 20];
    (0..50).for_each(|_| input.write_all(&block).unwrap());
    let peak = peak(&child);
    drop(input);
    Ran::new(&child.wait_with_output().unwrap()).ends_with(2);
    assert!(peak < 48 << 10, "{peak} KiB");
}
