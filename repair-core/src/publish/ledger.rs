//! What we have proposed and reported so far, as the forge remembers it.

use super::record::Record;
use super::{Left, PublishPolicy};
use crate::Fingerprint;
use crate::forge::{Item, LABEL_OFF, is_labelled};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Our pull requests and issues in a repository, each with what it is about.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<(Item, Record)>,
}

impl Ledger {
    /// Those of `items` that were opened by `login` and say what they are about.
    pub(super) fn of(items: Vec<Item>, login: &str) -> Self {
        let ours = items.into_iter().filter(|item| item.author.as_deref() == Some(login));
        Self { entries: ours.filter_map(|item| Record::in_text(&item.body).map(|record| (item, record))).collect() }
    }

    fn about<'a, 'b>(
        &'a self,
        fingerprints: &'b [Fingerprint],
        base: &'b str,
    ) -> impl Iterator<Item = &'a (Item, Record)> + use<'a, 'b> {
        self.entries.iter().filter(move |(_, record)| record.base == base && record.is_about(fingerprints))
    }

    /// Whether a person has stopped us, by a label or by closing what we opened.
    pub(super) fn stopped(&self, fingerprints: &[Fingerprint], base: &str, pull_request: bool) -> Option<Left> {
        let off = |item: &Item| is_labelled(&item.labels, LABEL_OFF);
        self.about(fingerprints, base).find_map(|(item, record)| {
            let url = || item.url.clone();
            match () {
                () if off(item) => Some(Left::SwitchedOff(url())),
                () if item.is_pull_request == pull_request && is_no(item, record) => Some(Left::Declined(url())),
                () => None,
            }
        })
    }

    /// The open pull request for one of these failures of a branch.
    pub(super) fn proposal<'a>(&'a self, fingerprints: &[Fingerprint], base: &str) -> Option<(&'a Item, &'a Record)> {
        let found = self.about(fingerprints, base).find(|(item, _)| item.open && item.is_pull_request);
        found.map(|(item, record)| (item, record))
    }

    /// A pull request that deals with all of these failures of a branch: an open one, or one that a person has closed.
    pub(super) fn dealt_with(&self, fingerprints: &[Fingerprint], base: &str) -> Option<&Item> {
        let all = |record: &Record| fingerprints.iter().all(|one| record.fingerprints.contains(one));
        let mut about = self.about(fingerprints, base).filter(|(item, record)| item.is_pull_request && all(record));
        about.find(|(item, record)| item.open || is_no(item, record)).map(|(item, _)| item)
    }

    /// The open issue for one of these failures of a branch.
    pub(super) fn issue<'a>(&'a self, fingerprints: &[Fingerprint], base: &str) -> Option<&'a Item> {
        self.about(fingerprints, base).map(|(item, _)| item).find(|item| item.open && !item.is_pull_request)
    }

    /// The failures of a branch for which a person has closed what we proposed.
    pub(super) fn declined(&self, base: &str) -> BTreeSet<Fingerprint> {
        let no = self
            .entries
            .iter()
            .filter(|(item, record)| item.is_pull_request && record.base == base && is_no(item, record));
        no.flat_map(|(_, record)| record.fingerprints.iter().copied()).collect()
    }

    /// Whether one more change would be too many for these failures of a branch.
    pub(super) fn tried_enough(
        &self,
        fingerprints: &[Fingerprint],
        base: &str,
        policy: &PublishPolicy,
        now: SystemTime,
    ) -> Option<Left> {
        // What was merged did work out, also if the same fails again one day.
        let proposals = || self.about(fingerprints, base).filter(|(item, _)| item.is_pull_request && !item.merged);
        let attempts = proposals().fold(0_u32, |sum, (_, record)| sum.saturating_add(record.attempt.max(1)));
        if attempts >= policy.attempts {
            return Some(Left::Limit(format!(
                "{attempts} changes were proposed for this failure, and none worked out"
            )));
        }
        let hot = proposals().any(|(_, record)| record.age(now) < policy.cool_down);
        hot.then(|| Left::Limit("a change was proposed for this failure a short time ago".to_owned()))
    }

    /// Whether one more pull request, or issue, would be too many for the repository.
    pub(super) fn crowded(&self, pull_request: bool, policy: &PublishPolicy, now: SystemTime) -> Option<Left> {
        let (limit, noun) = match pull_request {
            true => (policy.open_pull_requests, "pull requests"),
            false => (policy.open_issues, "issues"),
        };
        let open = self.entries.iter().filter(|(item, _)| item.open && item.is_pull_request == pull_request).count();
        if open >= limit {
            return Some(Left::Limit(format!("{open} {noun} of ours are open already")));
        }
        let recent = |item: &Item| now.duration_since(item.created).unwrap_or_default() < DAY;
        let today = self.entries.iter().filter(|(item, _)| recent(item)).count();
        (today >= policy.per_day)
            .then(|| Left::Limit(format!("{today} pull requests and issues were opened in the last 24 hours")))
    }
}

/// Whether a person closed it and so said no.
fn is_no(item: &Item, record: &Record) -> bool {
    match item.is_pull_request {
        true => !item.open && !item.merged && !record.ended_by_us,
        false => item.not_planned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Failure};

    fn at(hours: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + DAY * 20_000 + Duration::from_secs(3600 * hours)
    }

    fn fingerprint(tool: &str) -> Fingerprint {
        Failure::new(Category::Test, tool).fingerprint()
    }

    fn item(number: u64, pull_request: bool, record: &Record) -> Item {
        let mut item = Item::new(number, at(0));
        item.author = Some("bot".to_owned());
        item.is_pull_request = pull_request;
        item.body = record.hidden();
        item.url = format!("https://x/{number}");
        item
    }

    fn record(tool: &str) -> Record {
        let time = at(0).duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let fingerprints = vec![fingerprint(tool)];
        Record { fingerprints, base: "main".to_owned(), attempt: 1, time, ..Record::default() }
    }

    fn ledger(change: impl FnOnce(&mut Item)) -> Ledger {
        let mut item = item(1, true, &record("a"));
        change(&mut item);
        Ledger::of(vec![item], "bot")
    }

    fn stopped(ledger: &Ledger) -> Option<Left> {
        ledger.stopped(&[fingerprint("b"), fingerprint("a")], "main", true)
    }

    #[test]
    fn a_proposal_is_found_by_any_of_its_failures_and_its_branch() {
        let found = ledger(|_| {});
        assert_eq!(found.proposal(&[fingerprint("b"), fingerprint("a")], "main").unwrap().0.number, 1);
        assert!(found.proposal(&[fingerprint("b")], "main").is_none());
        assert!(found.proposal(&[fingerprint("a")], "other").is_none());
        assert!(ledger(|item| item.open = false).proposal(&[fingerprint("a")], "main").is_none());
    }

    #[test]
    fn what_somebody_else_opened_is_not_ours() {
        let theirs = ledger(|item| item.author = Some("mallory".to_owned()));
        assert!(theirs.proposal(&[fingerprint("a")], "main").is_none());
        assert!(ledger(|item| item.author = None).proposal(&[fingerprint("a")], "main").is_none());
    }

    #[test]
    fn closed_by_a_person_means_no() {
        let closed = ledger(|item| item.open = false);
        assert_eq!(stopped(&closed), Some(Left::Declined("https://x/1".to_owned())));
        assert_eq!(closed.declined("main"), BTreeSet::from([fingerprint("a")]));
        assert!(closed.declined("other").is_empty());
        let merged = ledger(|item| (item.open, item.merged) = (false, true));
        assert_eq!((stopped(&merged), merged.declined("main").len()), (None, 0));
        let ours = ledger(|item| {
            item.open = false;
            item.body = Record { ended_by_us: true, ..record("a") }.hidden();
        });
        assert_eq!(stopped(&ours), None);
    }

    #[test]
    fn a_label_stops_us_whatever_it_is_on() {
        for pull_request in [true, false] {
            let off = ledger(|item| {
                item.labels.push(LABEL_OFF.to_owned());
                item.is_pull_request = pull_request;
            });
            assert_eq!(stopped(&off), Some(Left::SwitchedOff("https://x/1".to_owned())));
        }
    }

    #[test]
    fn a_label_is_the_same_in_capitals() {
        let off = ledger(|item| item.labels.push("CI-Repair:OFF".to_owned()));
        assert_eq!(stopped(&off), Some(Left::SwitchedOff("https://x/1".to_owned())));
    }

    #[test]
    fn what_a_pull_request_deals_with_needs_no_report() {
        let dealt = |ledger: &Ledger, tools: &[&str]| {
            let failures: Vec<Fingerprint> = tools.iter().map(|tool| fingerprint(tool)).collect();
            ledger.dealt_with(&failures, "main").is_some()
        };
        assert!(dealt(&ledger(|_| {}), &["a"]) && dealt(&ledger(|item| item.open = false), &["a"]));
        assert!(!dealt(&ledger(|_| {}), &["a", "b"]), "not with all of them");
        assert!(!dealt(&ledger(|item| (item.open, item.merged) = (false, true)), &["a"]), "it did not help");
        assert!(!dealt(&ledger(|item| item.is_pull_request = false), &["a"]));
    }

    #[test]
    fn attempts_are_counted_over_all_that_did_not_work_out() {
        let policy = PublishPolicy { attempts: 3, ..PublishPolicy::default() };
        let ended = Record { attempt: 2, ended_by_us: true, ..record("a") };
        let mut closed = item(2, true, &ended);
        closed.open = false;
        let enough = |items: &[&Item]| {
            let ledger = Ledger::of(items.iter().copied().cloned().collect(), "bot");
            ledger.tried_enough(&[fingerprint("a")], "main", &policy, at(9)).is_some()
        };
        let open = item(1, true, &record("a"));
        assert!(!enough(&[&closed]) && enough(&[&closed, &open]));
        let merged = Item { merged: true, ..closed };
        assert!(!enough(&[&merged, &open]));
    }

    #[test]
    fn a_failure_cools_down() {
        let policy = PublishPolicy { cool_down: Duration::from_secs(3600), ..PublishPolicy::default() };
        let hot = |now| ledger(|_| {}).tried_enough(&[fingerprint("a")], "main", &policy, now).is_some();
        assert!(hot(at(0)) && !hot(at(2)));
    }

    #[test]
    fn a_repository_is_not_flooded() {
        let policy = PublishPolicy { open_pull_requests: 2, per_day: 3, ..PublishPolicy::default() };
        let of = |open: usize, closed: usize| {
            let items = (0..open + closed).map(|n| {
                let mut item = item(n as u64, true, &record("a"));
                item.open = n < open;
                item
            });
            Ledger::of(items.collect(), "bot")
        };
        assert!(of(1, 1).crowded(true, &policy, at(1)).is_none());
        assert!(of(2, 0).crowded(true, &policy, at(1)).is_some());
        assert!(of(2, 0).crowded(false, &policy, at(1)).is_none(), "issues are counted apart");
        assert!(of(1, 2).crowded(false, &policy, at(1)).is_some(), "but the day is one");
        assert!(of(1, 2).crowded(true, &policy, at(25)).is_none());
    }
}
