//! Logs in every form that they are handed over in: read, or refused with a sentence.

use crate::harness::{Ran, run, run_with};
use crate::job_log;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A job in which ruff finds something in `path`.
fn job(path: &str) -> Vec<u8> {
    let output = format!("{path}:1:8: F401 [*] `os` imported but unused\nFound 1 error.");
    job_log::step("ruff check --output-format concise .", &output, 1).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn detect(folder: &Path, log: &str) -> Ran {
    run(folder, &["detect", log, "--format", "json"])
}

/// The paths that the failures name.
fn paths(report: &Value) -> Vec<&str> {
    report["failures"].as_array().unwrap().iter().map(|failure| failure["path"].as_str().unwrap()).collect()
}

#[test]
fn every_form_is_read_as_a_file_and_from_standard_input() {
    let text = String::from_utf8(job("app.py")).unwrap();
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let run_of_jobs = zip(&[("0_lint.txt", job("app.py")), ("lint/1_Set up job.txt", job("app.py"))]);
    for (form, bytes) in [
        ("text", text.clone().into_bytes()),
        ("gzip", gzip(text.as_bytes())),
        ("zip", run_of_jobs),
        ("UTF-16", utf16),
        ("carriage returns", text.replace('\n', "\r").into_bytes()),
    ] {
        let folder = folder(&[("x.log", bytes)]);
        let report = detect(folder.path(), "x.log").ends_with(1).json();
        assert_eq!(paths(&report), ["app.py"], "{form}");
        let from_input = |command: &mut Command| {
            command.stdin(File::open(folder.path().join("x.log")).unwrap());
        };
        let piped = run_with(folder.path(), &["detect", "-", "--format", "json"], from_input).ends_with(1);
        assert_eq!(piped.json(), report, "{form}");
    }
}

#[test]
fn a_folder_is_read_like_the_archive_that_it_was() {
    let files = [
        ("0_lint.txt", job("a.py")),
        ("1_test.txt", job("b.py")),
        ("lint/1_Set up job.txt", job("a.py")),
        ("lint/system.txt", b"x".to_vec()),
        ("notes.md", b"F401".to_vec()),
    ];
    let unpacked = folder(&files);
    let report = detect(unpacked.path(), ".").ends_with(1).json();
    assert_eq!(paths(&report), ["a.py", "b.py"]);
    let packed = folder(&[("run.zip", zip(&files))]);
    assert_eq!(detect(packed.path(), "run.zip").ends_with(1).json(), report);
    assert_eq!(paths(&detect(packed.path(), ".").ends_with(1).json()), ["a.py", "b.py"]);
}

#[test]
fn what_is_odd_in_a_folder_is_left_out_and_told() {
    let folder = folder(&[("a.log", job("a.py"))]);
    symlink(".", folder.path().join("loop")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.log")).status().unwrap().success());
    let ran = run(folder.path(), &["detect", "."]).ends_with(1);
    ran.prints(&["a.py:1:8", "`loop` is a link", "`pipe.log` is no regular file"]);
}

#[test]
fn nothing_to_read_is_said() {
    let empty = folder(&[("sub/app.py", Vec::new())]);
    run(empty.path(), &["detect", "."]).ends_with(2).says(&["no logs in the folder `.`", ".log or .txt"]);
    let broken = folder(&[("a.log", vec![0; 500]), ("b.log", gzip(&gzip(b"x"))), ("c.zip", b"PK\x03\x04".to_vec())]);
    let told =
        ["`a.log` is not a log: it is binary", "`b.log` is not a log: it is an archive inside", "cut off or damaged"];
    run(broken.path(), &["detect", "."]).ends_with(2).prints(&told);
}

#[test]
fn a_pipe_that_nobody_writes_to_is_refused() {
    let folder = folder(&[]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    run(folder.path(), &["detect", "pipe"]).ends_with(2).says(&["`pipe` is a named pipe", "- < pipe"]);
}

#[test]
fn an_archive_with_too_many_files_is_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..20_001 {
        writer.start_file(format!("{number}_job.txt"), SimpleFileOptions::default()).unwrap();
    }
    let folder = folder(&[("run.zip", writer.finish().unwrap().into_inner())]);
    run(folder.path(), &["detect", "run.zip"]).ends_with(2).prints(&["more than 20000 files; unpack it"]);
}

#[test]
fn a_cut_off_archive_is_read_as_far_as_it_goes() {
    let rest: String = (0..50_000).map(|number| format!("step {number}\n")).collect();
    let packed = gzip(&[job("a.py"), rest.into_bytes()].concat());
    let folder = folder(&[("x.gz", packed[..packed.len() / 2].to_vec())]);
    run(folder.path(), &["detect", "x.gz"]).ends_with(1).prints(&["a.py:1:8", "the log is cut off or damaged"]);
}

#[test]
fn several_logs_are_several_jobs() {
    let failed = |words: &str| job_log::step("./check.sh", words, 3).into_bytes();
    let folder = folder(&[("one.log", failed("the first is broken")), ("two.log", failed("the second is broken"))]);
    let ran = run(folder.path(), &["detect", "one.log", "two.log"]).ends_with(1);
    ran.prints(&["the first is broken", "the second is broken"]);
}
