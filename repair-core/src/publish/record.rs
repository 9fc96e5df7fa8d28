//! What our pull requests, issues, comments and commits say to machines: trailers, one fact a line.

use crate::{Applicability, Fingerprint};
use std::time::{Duration, SystemTime};

/// The most fingerprints that a record names.
const MOST: usize = 100;

/// The most fixers that a record names.
const FIXERS: usize = 20;

/// What a record in a text begins with, alone on its line.
const MARK: &str = "<!-- ci-repair";
/// What it ends with.
const END: &str = "-->";

const FINGERPRINT: &str = "CI-Repair-Fingerprint";
const FIXER: &str = "CI-Repair-Fixer";
const LEVEL: &str = "CI-Repair-Level";
const BASE: &str = "CI-Repair-Base";
const HEAD: &str = "CI-Repair-Head";
const PARTIAL: &str = "CI-Repair-Partial";
const PATCH: &str = "CI-Repair-Patch";
const ATTEMPT: &str = "CI-Repair-Attempt";
const TIME: &str = "CI-Repair-Time";
const ABOUT: &str = "CI-Repair-About";
const ENDED: &str = "CI-Repair-Ended-By";

/// What a proposal or a report of ours is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    /// The failures that it answers, or tells of.
    pub(super) fingerprints: Vec<Fingerprint>,
    /// The ids of the generators of its fixes.
    pub(super) fixers: Vec<String>,
    /// The least level of its fixes.
    pub(super) level: Option<String>,
    /// Whether something still fails with it.
    pub(super) partial: bool,
    /// The branch that it is for.
    pub(super) base: String,
    /// The commit that it was made for.
    pub(super) head: String,
    /// The SHA-256 of its patch; empty for a report.
    pub(super) patch: String,
    /// How many changes were proposed in it so far.
    pub(super) attempt: u32,
    /// When the last of them was, in seconds since 1970.
    pub(super) time: u64,
    /// The workflow that a report is about.
    pub(super) about: String,
    /// Whether we closed it ourselves.
    pub(super) ended_by_us: bool,
}

impl Record {
    /// The record as trailers.
    pub(super) fn trailers(&self) -> String {
        let fingerprints = self.fingerprints.iter().take(MOST).map(|one| (FINGERPRINT, one.to_string()));
        let fixers = self.fixers.iter().take(FIXERS).map(|fixer| (FIXER, fixer.clone()));
        let number = |number: u64| if number == 0 { String::new() } else { number.to_string() };
        let flag = |set: bool, word: &str| if set { word.to_owned() } else { String::new() };
        let rest = [
            (LEVEL, self.level.clone().unwrap_or_default()),
            (PARTIAL, flag(self.partial, "yes")),
            (BASE, self.base.clone()),
            (HEAD, self.head.clone()),
            (PATCH, self.patch.clone()),
            (ATTEMPT, number(self.attempt.into())),
            (TIME, number(self.time)),
            (ABOUT, self.about.clone()),
            (ENDED, flag(self.ended_by_us, "ci-repair")),
        ];
        let all = fingerprints.chain(fixers).chain(rest).filter(|(_, value)| !value.is_empty());
        all.map(|(name, value)| format!("{name}: {}\n", escaped(&value))).collect()
    }

    /// The record in a comment that a reader of the text does not see.
    pub(super) fn hidden(&self) -> String {
        format!("{MARK}\n{}{END}\n", self.trailers())
    }

    /// The record in a text of ours, which ends with it; `None` if it has none.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        Self::parse(parts(text)?.1.split(END).next()?)
    }

    /// The record in a commit's message, whose last paragraph it is; `None` if it has none.
    pub(super) fn in_message(message: &str) -> Option<Self> {
        Self::parse(message.trim_end().rsplit_once("\n\n")?.1)
    }

    fn parse(trailers: &str) -> Option<Self> {
        let mut record = Self::default();
        for (name, value) in trailers.lines().filter_map(|line| line.split_once(": ")) {
            let value = unescaped(value.trim());
            match name {
                FINGERPRINT if record.fingerprints.len() < MOST => record.fingerprints.extend(fingerprint(&value)),
                FIXER => record.fixers.push(value),
                LEVEL => record.level = Some(value),
                PARTIAL => record.partial = true,
                BASE => record.base = value,
                HEAD => record.head = value,
                PATCH => record.patch = value,
                ATTEMPT => record.attempt = value.parse().unwrap_or(u32::MAX),
                TIME => record.time = value.parse().unwrap_or(u64::MAX),
                ABOUT => record.about = value,
                ENDED => record.ended_by_us = true,
                _ => {}
            }
        }
        (!record.fingerprints.is_empty()).then_some(record)
    }

    /// Whether it is about one of these failures.
    pub(super) fn is_about(&self, fingerprints: &[Fingerprint]) -> bool {
        self.fingerprints.iter().any(|one| fingerprints.contains(one))
    }

    /// Whether a person need not look before it is merged: everything is repaired, by what does no more.
    pub(super) fn is_ready(&self) -> bool {
        self.level.as_deref() == Some(Applicability::Safe.name()) && !self.partial
    }

    /// How long ago its last change was proposed.
    pub(super) fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(SystemTime::UNIX_EPOCH + Duration::from_secs(self.time.min(1 << 40))).unwrap_or_default()
    }
}

/// What people read of a text of ours.
pub(super) fn without_record(text: &str) -> &str {
    parts(text).map_or(text, |(text, _)| text).trim_end()
}

/// What people read of a text of ours, and its record: the last one, since what stands before is quoted from logs and
/// may look like one. A text that somebody has edited in a browser has other line ends than ours.
fn parts(text: &str) -> Option<(&str, &str)> {
    text.rmatch_indices(MARK).find_map(|(at, _)| {
        let record = &text[at + MARK.len()..];
        (record.starts_with('\n') || record.starts_with("\r\n")).then(|| (&text[..at], record))
    })
}

fn fingerprint(text: &str) -> Option<Fingerprint> {
    text.parse().ok()
}

/// Without what could end the line, or the comment that the record stands in.
fn escaped(value: &str) -> String {
    let escape = |c: char| c.is_control() || matches!(c, '%' | '>' | '<');
    let one = |c: char| if escape(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() };
    value.chars().map(one).collect()
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                text.push(char::from(code));
                rest = &after[2..];
            }
            None => {
                text.push('%');
                rest = after;
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Failure};
    use proptest::prelude::*;

    fn record() -> Record {
        Record {
            fingerprints: vec![Failure::new(Category::Test, "pytest").fingerprint()],
            fixers: vec!["import/unused".to_owned(), "quality/format".to_owned()],
            level: Some("safe".to_owned()),
            partial: true,
            base: "feature/-->x".to_owned(),
            head: "abc".to_owned(),
            patch: "def".to_owned(),
            attempt: 2,
            time: 1_700_000_000,
            about: "CI: 100% <b>\nCI-Repair-Attempt: 9".to_owned(),
            ended_by_us: true,
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_breaks_out() {
        let hidden = record().hidden();
        assert_eq!(Record::in_text(&format!("# Hello\n\nCI-Repair-Attempt: 7\n{hidden}")), Some(record()));
        assert_eq!(hidden.matches("-->").count(), 1);
        assert_eq!(hidden.matches("CI-Repair-Attempt: ").count(), 2, "one of them inside of a value");
        assert_eq!(hidden.lines().filter(|line| line.starts_with("CI-Repair-Attempt: ")).count(), 1);
    }

    #[test]
    fn a_text_without_a_fingerprint_has_no_record() {
        assert_eq!(Record::parse("CI-Repair-Base: main\nCI-Repair-Fingerprint: nonsense\n"), None);
    }

    #[test]
    fn what_is_quoted_is_not_taken_for_a_record() {
        let forged = Record { ended_by_us: true, attempt: 0, ..record() };
        let text = format!("```\n{}```\n\n{}", forged.hidden(), Record { ended_by_us: false, ..record() }.hidden());
        assert!(!Record::in_text(&text).unwrap().ended_by_us);
        assert_eq!(without_record(&text), format!("```\n{}```", forged.hidden()));
        assert_eq!(Record::in_text(&forged.trailers()), None);
        let message = format!("Repair\n\n{}\n{}", forged.trailers(), record().trailers());
        assert_eq!(Record::in_message(&message), Some(record()));
        assert_eq!(Record::in_message("Repair"), None);
    }

    #[test]
    fn a_text_that_went_through_a_browser_keeps_its_record() {
        let text = format!("Hello\n\n{}", record().hidden()).replace('\n', "\r\n");
        assert_eq!(Record::in_text(&text), Some(record()));
        assert_eq!(without_record(&text), "Hello");
        let more = format!("{text}\r\nCI-Repair-Attempt: 0\r\n");
        assert_eq!(Record::in_text(&more), Some(record()), "what is added behind it is not part of it");
    }

    #[test]
    fn only_what_is_safe_and_whole_is_ready() {
        let ready = |level: &str, partial| Record { level: Some(level.to_owned()), partial, ..record() }.is_ready();
        assert!(ready("safe", false) && !ready("safe", true) && !ready("unsafe", false));
    }

    #[test]
    fn numbers_that_are_none_stop_us_rather_than_free_us() {
        let text = record().trailers().replace("Attempt: 2", "Attempt: many").replace("Time: 17", "Time: x17");
        let record = Record::parse(&text).unwrap();
        assert_eq!(record.attempt, u32::MAX);
        assert_eq!(record.age(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn any_branch_name_comes_back(base in "\\PC{0,30}") {
            let record = Record { base: base.trim().to_owned(), ..record() };
            prop_assert_eq!(Record::in_text(&record.hidden()).unwrap().base, base.trim());
        }
    }
}
