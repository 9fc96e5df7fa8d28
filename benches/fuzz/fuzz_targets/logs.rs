//! Reads and diagnoses any bytes: no panic, and the same answer when they come in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use repair_fixers::logs::{diagnose, read};
use std::io::BufReader;

fuzz_target!(|bytes: &[u8]| {
    let whole = read(bytes);
    let pieces = read(BufReader::with_capacity(1 + bytes.len() % 13, bytes));
    let (Ok(whole), Ok(pieces)) = (whole, pieces) else { return };
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    for failure in diagnose(&whole).failures {
        failure.fingerprint();
    }
});
