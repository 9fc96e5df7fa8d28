//! Inputs of every form.

use super::{Part, Reader, read};
use flate2::Compression;
use flate2::write::GzEncoder;
use repair_core::{Log, StepOutcome};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const JOB: &str = "Current runner version: '2.317.0'\n##[group]Run pytest\n\u{1b}[36;1mpytest\u{1b}[0m\nshell: bash\n\
     ##[endgroup]\n1 failed in 0.1s – é\n##[error]Process completed with exit code 1.\nCleaning up orphan processes\n";

fn stamped(text: &str) -> String {
    text.lines().map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\r\n")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[track_caller]
fn steps(input: &[u8]) -> Vec<(Option<String>, StepOutcome, Vec<String>)> {
    let log = read(input).unwrap();
    assert_eq!(log.notes, [""; 0]);
    let output = |step: &repair_core::Step| step.output.iter().map(str::to_owned).collect();
    log.steps.iter().map(|step| (step.name.clone(), step.outcome, output(step))).collect()
}

#[test]
fn whatever_its_form_the_text_is_the_same() {
    let text = stamped(JOB);
    let expected = steps(text.as_bytes());
    assert_eq!(expected[1].1, StepOutcome::Failed(Some(1)));
    assert_eq!(expected[1].2[0], "1 failed in 0.1s – é");
    let marked = format!("\u{feff}{text}");
    for (form, input) in [
        ("gzip", gzip(text.as_bytes())),
        ("two gzip members", [gzip(&text.as_bytes()[..99]), gzip(&text.as_bytes()[99..])].concat()),
        ("zip", zip(&[("0_a.txt", text.as_bytes())])),
        ("UTF-16 LE", utf16(&text, u16::to_le_bytes)),
        ("UTF-16 BE", utf16(&text, u16::to_be_bytes)),
        ("UTF-16 LE with its mark", utf16(&marked, u16::to_le_bytes)),
        ("UTF-16 BE with its mark", utf16(&marked, u16::to_be_bytes)),
        ("UTF-16 in gzip", gzip(&utf16(&marked, u16::to_le_bytes))),
        ("UTF-8 with its mark", marked.clone().into_bytes()),
        ("carriage returns", text.replace("\r\n", "\r").into_bytes()),
    ] {
        assert_eq!(steps(&input), expected, "{form}");
    }
}

#[test]
fn the_jobs_of_a_run_are_told_apart() {
    let (one, other) = (stamped(JOB), stamped(&JOB.replace("exit code 1", "exit code 2")));
    let archive = zip(&[
        ("1_test (3.12).txt", other.as_bytes()),
        ("0_test (3.11).txt", one.as_bytes()),
        ("test (3.11)/1_Set up job.txt", one.as_bytes()),
        ("test (3.11)/system.txt", b"the job waits for a runner"),
    ]);
    let log = read(&archive[..]).unwrap();
    let failed: Vec<_> = log
        .steps
        .iter()
        .filter(|step| step.outcome != StepOutcome::Passed)
        .map(|step| (step.job.as_deref(), step.outcome))
        .collect();
    let expected =
        [(Some("test (3.11)"), StepOutcome::Failed(Some(1))), (Some("test (3.12)"), StepOutcome::Failed(Some(2)))];
    assert_eq!(failed, expected);
}

#[test]
fn the_steps_of_a_job_are_one_job() {
    let setup = stamped("Current runner version: '2.317.0'\nSuccessfully set up CPython (3.11.7)");
    let tests = stamped(
        "##[group]Run pytest\n\u{1b}[36;1mpytest\u{1b}[0m\nshell: bash\n##[endgroup]\n1 failed in 0.1s\n##[error]Process completed with exit code 1.",
    );
    let archive = zip(&[
        ("a/1_Set up job.txt", setup.as_bytes()),
        ("a/2_Tests.txt", tests.as_bytes()),
        ("a/10_Complete job.txt", stamped("Cleaning up orphan processes").as_bytes()),
    ]);
    let log = read(&archive[..]).unwrap();
    let seen: Vec<_> = log.steps.iter().map(|step| (step.name.as_deref().unwrap(), step.outcome)).collect();
    let expected = [
        ("Set up job", StepOutcome::Passed),
        ("Tests", StepOutcome::Failed(Some(1))),
        ("Complete job", StepOutcome::Passed),
    ];
    assert_eq!(seen, expected);
    let tests = &log.steps[1];
    assert_eq!((tests.job.as_deref(), tests.python.as_deref()), (Some("a"), Some("3.11.7")));
    assert_eq!(tests.runner.as_ref().unwrap().version.as_deref(), Some("2.317.0"));
}

#[track_caller]
fn refused(input: &[u8], why: &str) {
    let log = read(input).unwrap();
    assert!(log.steps.is_empty(), "{:?}", log.steps);
    let told = log.notes.iter().any(|note| note.contains("not a log: ") && note.contains(why));
    assert!(told, "no `{why}` in {:?}", log.notes);
}

#[test]
fn what_cannot_be_read_is_refused_with_a_sentence() {
    let text = stamped(JOB);
    refused(&gzip(b""), "it is empty");
    refused(&gzip(text.as_bytes())[..10], "cut off or damaged");
    refused(&gzip(&gzip(text.as_bytes())), "an archive inside of another one; unpack it first");
    refused(&gzip(&zip(&[("a.txt", b"x")])), "an archive inside of another one; unpack it first");
    refused(&zip(&[("a.zip", &zip(&[("a.txt", b"x")]))]), "`a.zip` is not a log: it is an archive inside");
    refused(&zip(&[("a.txt", &gzip(b"x"))]), "`a.txt` is not a log: it is an archive inside");
    refused(&zip(&[]), "no logs");
    refused(&zip(&[("app.py", b"x")]), "no logs; give one with .txt or .log files");
    let whole = zip(&[("a.txt", text.as_bytes())]);
    refused(&whole[..whole.len() / 2], "cut off or damaged");
}

#[test]
fn an_encrypted_archive_is_refused() {
    let mut archive = zip(&[("a.txt", stamped(JOB).as_bytes())]);
    let directory = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
    archive[6] |= 1;
    archive[directory + 8] |= 1;
    refused(&archive, "it is encrypted; unpack it with its password");
}

#[test]
fn of_a_cut_off_archive_the_beginning_is_read() {
    let long: String = (0..20_000).map(|number| format!("line {number}\n")).collect();
    let packed = gzip(format!("{}{long}", stamped(JOB)).as_bytes());
    let log = read(&packed[..packed.len() - 1000]).unwrap();
    assert_eq!(log.steps[1].outcome, StepOutcome::Failed(Some(1)));
    assert_eq!(log.notes, ["the log is cut off or damaged: its end is missing"]);
}

#[test]
fn a_bomb_is_refused_as_a_whole() {
    let text = stamped(JOB);
    let mut reader = Reader::with_limit(10_000);
    reader.read(&Part::job("a"), text.as_bytes()).unwrap();
    reader.read(&Part::job("b"), &gzip(&vec![b'\n'; 20_000])[..]).unwrap();
    let log: Log = reader.finish();
    assert!(log.steps.is_empty());
    assert!(log.notes[0].starts_with("not a log: unpacked it is larger than "), "{:?}", log.notes);
    let many: Vec<(String, Vec<u8>)> = (0..30).map(|number| (format!("{number}.txt"), vec![b'x'; 500])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut reader = Reader::with_limit(10_000);
    reader.read(&Part::default(), &zip(&many)[..]).unwrap();
    assert!(reader.finish().notes[0].contains("unpacked it is larger than "));
}
