//! The pull request: found again, updated, opened anew, or not opened.

use super::case::{Case, Change};
use super::ledger::Ledger;
use super::record::{Record, without_record};
use super::template::{render, word};
use super::{Hindrance, Left, PublishError, Published, Publishing, branch, text};
use crate::forge::{ForgeError, ForgeErrorKind, ItemEdit, LABEL, LABEL_OFF, NewPullRequest, PullRequest, is_labelled};
use minijinja::context;

/// How often we look again after somebody else, or a lost answer, came between.
const TRIES: usize = 6;

/// What is said where a branch is given up.
const THEIRS: &str = "Somebody has committed to this branch, so it is theirs now, and ci-repair does not touch it again. The \
                      repair is proposed anew in another pull request.";

/// What came of a try to propose.
pub(super) type Proposed = Result<Published, Hindrance>;

impl Publishing<'_> {
    /// Proposes the change in one pull request.
    ///
    /// Every step looks at what is there before it adds what is missing, so that it can be repeated: after a conflict
    /// with somebody who does the same, and after an answer that was lost.
    pub(super) async fn propose(&self, case: &Case<'_>, change: &Change) -> Result<Proposed, PublishError> {
        let mut last = None;
        for _ in 0..TRIES {
            match self.try_to_propose(case, change).await {
                Err(PublishError::Forge(error)) if is_worth_a_look(&error) => last = Some(error),
                other => return other,
            }
        }
        Err(last.map_or_else(PublishError::busy, PublishError::Forge))
    }

    async fn try_to_propose(&self, case: &Case<'_>, change: &Change) -> Result<Proposed, PublishError> {
        let ledger = self.ledger(case).await?;
        let fingerprints = case.fingerprints();
        if let Some(left) = ledger.stopped(&fingerprints, &case.base, true) {
            return Ok(Ok(Published::Left(left)));
        }
        let Some((item, record)) = ledger.proposal(&fingerprints, &case.base) else {
            return self.propose_new(case, change, &ledger).await;
        };
        let request = self.forge.pull_request(&case.run.repository, item.number).await?;
        match self.is_open_and_ours(case, &request).await? {
            Standing::Ours => self.update(case, change, &ledger, &request, record).await,
            Standing::Left(left) => Ok(Ok(Published::Left(left))),
            Standing::Theirs => {
                self.end(case, &request, record, THEIRS).await?;
                self.propose_new(case, change, &ledger).await
            }
        }
    }

    /// Whose an open pull request of ours is by now.
    async fn is_open_and_ours(&self, case: &Case<'_>, request: &PullRequest) -> Result<Standing, PublishError> {
        let url = || request.url.clone();
        if is_labelled(&request.labels, LABEL_OFF) {
            return Ok(Standing::Left(Left::SwitchedOff(url())));
        }
        if request.head_repository.as_ref() != Some(&case.run.repository) || request.base_branch != case.base {
            return Ok(Standing::Left(Left::Moved(url())));
        }
        let ours = self.is_branch_ours(case, &case.base, &request.head_branch).await?;
        Ok(if ours { Standing::Ours } else { Standing::Theirs })
    }

    /// Closes a pull request with a sentence, so that it is no refusal.
    pub(super) async fn end(
        &self,
        case: &Case<'_>,
        request: &PullRequest,
        record: &Record,
        sentence: &str,
    ) -> Result<(), PublishError> {
        let repository = &case.run.repository;
        let ended = Record { ended_by_us: true, ..record.clone() };
        let body = format!("{}\n{}", without_record(&request.body), ended.hidden());
        let edit = ItemEdit { body: Some(body), open: Some(false), title: None };
        self.forge.edit(repository, request.number, &edit).await?;
        Ok(self.forge.comment(repository, request.number, sentence).await?)
    }

    async fn update(
        &self,
        case: &Case<'_>,
        change: &Change,
        ledger: &Ledger,
        request: &PullRequest,
        record: &Record,
    ) -> Result<Proposed, PublishError> {
        let repository = &case.run.repository;
        let new = self.proposal_record(case);
        let same = record.patch == new.patch && request.mergeable != Some(false);
        let new = match same {
            true => Record { attempt: record.attempt, time: record.time, head: record.head.clone(), ..new },
            false => Record { attempt: record.attempt.saturating_add(1), ..new },
        };
        let enough = || ledger.tried_enough(&case.fingerprints(), &case.base, self.policy, case.now);
        if let Some(left) = (!same).then(enough).flatten() {
            return Ok(Ok(Published::Left(left)));
        }
        let body = self.proposal_text(case, ledger, &new, &request.head_branch)?;
        if !same {
            self.bring(case, change, &new, &request.head_branch).await?;
        }
        self.mark(case, request).await?;
        // If a person has opened it again, it is no longer one that we ended.
        if same && !record.ended_by_us && !differs(&request.body, &body) {
            return Ok(Ok(Published::Unchanged { number: request.number, url: request.url.clone() }));
        }
        if record.is_ready() != new.is_ready() {
            self.forge.set_draft(repository, request.number, !new.is_ready()).await?;
        }
        let title = self.outgoing_title(text::title(case.bundle));
        let edit = ItemEdit { title: Some(title), body: Some(body), open: None };
        self.forge.edit(repository, request.number, &edit).await?;
        Ok(Ok(Published::Updated { number: request.number, url: request.url.clone() }))
    }

    async fn propose_new(&self, case: &Case<'_>, change: &Change, ledger: &Ledger) -> Result<Proposed, PublishError> {
        let fingerprints = case.fingerprints();
        let free = match self.find_branch(case).await? {
            branch::Place::Free(name) => name,
            branch::Place::Proposed(request) => return self.adopt(case, &request).await,
            branch::Place::Declined(url) => return Ok(Ok(Published::Left(Left::Declined(url)))),
        };
        let enough = ledger.tried_enough(&fingerprints, &case.base, self.policy, case.now);
        if let Some(left) = enough.or_else(|| ledger.crowded(true, self.policy, case.now)) {
            return Ok(Ok(Published::Left(left)));
        }
        let record = self.proposal_record(case);
        let new = NewPullRequest {
            title: self.outgoing_title(text::title(case.bundle)),
            body: self.proposal_text(case, ledger, &record, &free)?,
            head: free.clone(),
            base: case.base.clone(),
            draft: !record.is_ready(),
        };
        self.bring(case, change, &record, &free).await?;
        let opened = match self.forge.open_pull_request(&case.run.repository, &new).await {
            Ok(opened) => opened,
            Err(error) if error.kind() == ForgeErrorKind::Forbidden => {
                // Without a pull request the branch is litter.
                self.remove(case, &case.base, &free).await?;
                return Ok(Err(Hindrance::NotPermitted));
            }
            Err(error) => return Err(error.into()),
        };
        self.mark(case, &opened).await?;
        Ok(Ok(Published::Opened { number: opened.number, url: opened.url, branch: free }))
    }

    /// Takes up a pull request of ours that the label does not lead to: somebody is about to put it on, or took it off.
    async fn adopt(&self, case: &Case<'_>, request: &PullRequest) -> Result<Proposed, PublishError> {
        if is_labelled(&request.labels, LABEL_OFF) {
            return Ok(Ok(Published::Left(Left::SwitchedOff(request.url.clone()))));
        }
        self.mark(case, request).await?;
        Ok(Ok(Published::Unchanged { number: request.number, url: request.url.clone() }))
    }

    /// Puts our label on a pull request that has it not.
    async fn mark(&self, case: &Case<'_>, request: &PullRequest) -> Result<(), PublishError> {
        match is_labelled(&request.labels, LABEL) {
            true => Ok(()),
            false => Ok(self.forge.label(&case.run.repository, request.number, LABEL).await?),
        }
    }

    fn proposal_record(&self, case: &Case<'_>) -> Record {
        Record { patch: case.bundle.patch_sha256.clone(), ..case.record(case.fingerprints()) }
    }

    fn proposal_text(
        &self,
        case: &Case<'_>,
        ledger: &Ledger,
        record: &Record,
        branch: &str,
    ) -> Result<String, PublishError> {
        let fetch = [format!("git fetch origin {branch} && git switch --detach FETCH_HEAD")];
        let values = context! {
            safe => record.is_ready(),
            closes => ledger.issue(&case.fingerprints(), &case.base).map(|issue| issue.number),
            commands => text::commands(case.bundle, &fetch),
            starts_checks => self.forge.starts_checks(),
            branch => branch,
            patch => word(&record.patch),
            ..text::values(case)
        };
        let body = render("a pull request", &self.templates.pull_request, &values)?;
        Ok(format!("{}\n{}", text::fitted(self.outgoing(body)), record.hidden()))
    }
}

/// Whose a pull request is.
enum Standing {
    /// Nobody but us has touched it.
    Ours,
    /// Somebody has committed to its branch.
    Theirs,
    /// It is left alone.
    Left(Left),
}

/// Whether somebody else did the same at the same time, or the answer was lost: then what is there tells.
fn is_worth_a_look(error: &ForgeError) -> bool {
    matches!(error.kind(), ForgeErrorKind::Conflict | ForgeErrorKind::Uncertain)
}

/// Whether two texts say different things to a person; the record's time is not one.
pub(super) fn differs(old: &str, new: &str) -> bool {
    // A browser in which a person has edited a text ends its lines otherwise.
    let read = |text| without_record(text).trim().replace("\r\n", "\n");
    read(old) != read(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_differs_by_what_people_read() {
        let text = |said: &str, time: u32| format!("{said}\n\n<!-- ci-repair\nCI-Repair-Time: {time}\n-->\n");
        assert!(!differs(&text("a", 1), &text("a", 2)));
        assert!(differs(&text("a", 1), &text("b", 1)));
        assert!(!differs(&text("a\nb", 1).replace('\n', "\r\n"), &text("a\nb", 1)));
    }

    #[test]
    fn only_what_another_look_can_settle_is_tried_again() {
        let error = |kind| ForgeError::new(kind, "x", "y");
        assert!(
            is_worth_a_look(&error(ForgeErrorKind::Conflict)) && is_worth_a_look(&error(ForgeErrorKind::Uncertain))
        );
        assert!(
            !is_worth_a_look(&error(ForgeErrorKind::Unavailable)) && !is_worth_a_look(&error(ForgeErrorKind::Invalid))
        );
    }
}
