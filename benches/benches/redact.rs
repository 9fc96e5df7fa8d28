//! How fast secrets are taken out, beside the usual way: one regular expression after the other over the whole text.
//!
//! `cargo bench -p repair-benches --bench redact` prints megabytes a second of one core for logs without and with
//! secrets, and for texts made to be slow, whose time for a byte must not grow with their length.

mod common;

use common::clock::best;
use common::synthetic::{Form, Kind, Synthetic};
use regex::Regex;
use repair_core::redact::Redactor;
use std::io::{Write, sink};

/// Megabytes of a log.
const MEGABYTES: u64 = 8;

/// One pattern a family, as a script would have it: prefix, alphabet, length.
#[rustfmt::skip]
const NAIVE: [&str; 28] = [
    r"gh[pousr]_[A-Za-z0-9_]{36,}", r"github_pat_\w{82}", r"glpat-[\w-]{20}", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", r"xox[bpoas]-[\w-]{10,}",
    r"hooks\.slack\.com/services/[\w/]{20,}", r"AIza[\w-]{35}", r"ya29\.[\w-]+", r"GOCSPX-[\w-]{28}", r"npm_\w{36}", r"pypi-AgEIcHlwaS5vcmc[\w-]{50,}",
    r"sk-ant-[\w-]{90,}", r"sk-[A-Za-z0-9]{20,}", r"gsk_\w{52}", r"hf_\w{34}", r"[sr]k_(?:live|test)_\w{10,}", r"SG\.[\w-]{22}\.[\w-]{43}",
    r"\bSK[0-9a-f]{32}\b", r"\d{8,10}:AA[\w-]{33}", r"shp(?:at|ss)_[0-9a-f]{32}", r"dckr_pat_[\w-]{27}", r"do[opr]_v1_[0-9a-f]{64}",
    r"hvs\.[\w-]{24,}", r"glsa_\w{32}", r"ey[\w-]{17,}\.ey[\w-]{17,}\.[\w-]{10,}", r"-----BEGIN[A-Z ]*PRIVATE KEY-----[\s\S]*?-----END",
    r"[a-z]+://[^\s:/@]+:([^\s/@]+)@", r#"(?i)(?:password|secret|token|api_key)["']?\s*[:=]\s*["']?([^\s"']{8,})"#,
];

/// What is repeated to be slow.
const SLOW: [(&str, &str); 8] = [
    ("beginnings of tokens", "eyJeyJ.eyJ"),
    ("names", "token_token_"),
    ("assignments", "token=token="),
    ("addresses", "a://b:c"),
    ("base64", "dG9rZW49"),
    ("escapes", "\\\\\\\"%25"),
    ("control sequences", "\u{1b}[3"),
    ("placeholders", "<<REDACTED:a#"),
];

fn main() {
    let naive: Vec<Regex> = NAIVE.iter().map(|pattern| Regex::new(pattern).expect("a valid pattern")).collect();
    println!("MB/s of one core, {MEGABYTES} MB\nlog                    naive    whole   stream   whole:naive");
    for (name, kind) in [("passing", Kind::Passing), ("mixed", Kind::Mixed)] {
        for every in [0, 100] {
            let bytes = Synthetic::text(Form::Raw, kind, MEGABYTES * 1_000_000);
            let text = planted(&String::from_utf8_lossy(&bytes), every);
            println!("{:<20} {}", format!("{name}, 1 secret in {every}"), row(&text, &naive));
        }
    }
    println!("\nmade to be slow               1 MB     4 MB   ratio");
    for (name, unit) in SLOW {
        let [small, large] = [1_000_000, 4_000_000].map(|size| speed(&unit.repeat(size / unit.len())));
        println!("{name:<26} {small:>7.1}  {large:>7.1}   {:>5.2}", small / large);
    }
}

fn row(text: &str, naive: &[Regex]) -> String {
    let rate = |time: std::time::Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
    let slow = rate(best(3, || {
        naive.iter().fold(text.to_owned(), |text, pattern| pattern.replace_all(&text, "<<REDACTED>>").into_owned())
    }));
    let whole = speed(text);
    let stream = rate(best(3, || {
        let mut writer = Redactor::new().stream(sink());
        writer.write_all(text.as_bytes()).and_then(|()| writer.finish())
    }));
    format!("{slow:>8.0} {whole:>8.0} {stream:>8.0} {:>13.2}", whole / slow)
}

fn speed(text: &str) -> f64 {
    let redactor = Redactor::new();
    text.len() as f64 / 1e6 / best(3, || redactor.redact(text).len()).as_secs_f64()
}

/// `text` with a secret at the end of every so many lines; without any for 0.
fn planted(text: &str, every: usize) -> String {
    let line = |(number, line): (usize, &str)| match every {
        0 => format!("{line}\n"),
        every if number % every == 0 => format!("{line} gh{}{number:036}\n", "p_"),
        _ => format!("{line}\n"),
    };
    text.lines().enumerate().map(line).collect()
}
