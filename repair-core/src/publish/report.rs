//! Where nothing can be proposed: one issue, or one comment on the pull request, kept up to date.

use super::case::Case;
use super::proposal::differs;
use super::record::Record;
use super::template::render;
use super::{Hindrance, Left, PublishError, Published, Publishing, names, text};
use crate::forge::{Comment, ForgeErrorKind, ItemEdit, LABEL, PullRequest};
use minijinja::context;
use std::time::SystemTime;

/// How long a report may take, in seconds, before others do not wait for it any more.
const TERM: u64 = 600;

impl Publishing<'_> {
    /// Tells what was found, and why nothing is proposed.
    pub(super) async fn report(&self, case: &Case<'_>, why: &Hindrance) -> Result<Published, PublishError> {
        if case.bundle.failures.is_empty() {
            return Ok(Published::Left(Left::NothingFailed));
        }
        if !self.policy.report {
            return Ok(Published::Left(Left::Silent(why.to_string())));
        }
        match &case.pull_request {
            Some(request) => {
                let place = format!("#{} {}", request.number, about(case));
                self.alone(case, &place, self.comment_on(case, request, why)).await
            }
            None if case.run.is_from_fork() => Ok(Published::Left(Left::Silent(why.to_string()))),
            None => self.alone(case, &case.base, self.open_issue(case, why)).await,
        }
    }

    /// Does something while nobody else does it for the same failure and place: a forge keeps no two issues apart, but it keeps two
    /// branches of one name apart.
    async fn alone(
        &self,
        case: &Case<'_>,
        place: &str,
        work: impl Future<Output = Result<Published, PublishError>> + Send,
    ) -> Result<Published, PublishError> {
        let repository = &case.run.repository;
        let term = case.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / TERM;
        let lock = |term| names::lock(case.first, place, term);
        let at = self.forge.head(repository, &case.default_branch).await?.ok_or_else(PublishError::busy)?;
        match self.forge.move_branch(repository, &lock(term), None, Some(&at)).await {
            Err(error) if error.kind() == ForgeErrorKind::Conflict => return Ok(Published::Left(Left::AtWork)),
            other => other?,
        }
        let done = work.await;
        self.unlock(case, &lock(term)).await?;
        self.unlock(case, &lock(term.saturating_sub(1))).await?;
        done
    }

    async fn unlock(&self, case: &Case<'_>, lock: &str) -> Result<(), PublishError> {
        let repository = &case.run.repository;
        match self.forge.head(repository, lock).await? {
            Some(at) => super::branch::settled(self.forge.move_branch(repository, lock, Some(&at), None).await),
            None => Ok(()),
        }
    }

    async fn comment_on(
        &self,
        case: &Case<'_>,
        request: &PullRequest,
        why: &Hindrance,
    ) -> Result<Published, PublishError> {
        let repository = &case.run.repository;
        let number = request.number;
        let about = about(case);
        let record = Record { about: about.to_owned(), ..case.record(case.fingerprints()) };
        let body = self.report_text(case, why, &record)?;
        let is_it = |comment: &&Comment| {
            comment.author.as_deref() == Some(&case.login)
                && Record::in_text(&comment.body).is_some_and(|record| record.about == about)
        };
        let comments = self.forge.comments(repository, number).await?;
        let told = |new| Published::Reported { number, url: request.url.clone(), new };
        match comments.iter().find(is_it) {
            Some(comment) if !differs(&comment.body, &body) => Ok(told(false)),
            Some(comment) => {
                self.forge.edit_comment(repository, comment.id, &body).await?;
                Ok(told(false))
            }
            None => {
                self.forge.comment(repository, number, &body).await?;
                Ok(told(true))
            }
        }
    }

    async fn open_issue(&self, case: &Case<'_>, why: &Hindrance) -> Result<Published, PublishError> {
        let repository = &case.run.repository;
        let ledger = self.ledger(case).await?;
        let fingerprints = case.fingerprints();
        if let Some(left) = ledger.stopped(&fingerprints, &case.base, false) {
            return Ok(Published::Left(left));
        }
        match ledger.dealt_with(&fingerprints, &case.base) {
            Some(item) if item.open => {
                return Ok(Published::Unchanged { number: item.number, url: item.url.clone() });
            }
            Some(item) => return Ok(Published::Left(Left::Declined(item.url.clone()))),
            None => {}
        }
        let body = self.report_text(case, why, &case.record(fingerprints.clone()))?;
        let title = self.outgoing_title(text::issue_title(case));
        if let Some(issue) = ledger.issue(&fingerprints, &case.base) {
            if differs(&issue.body, &body) {
                let edit = ItemEdit { title: Some(title), body: Some(body), open: None };
                self.forge.edit(repository, issue.number, &edit).await?;
            }
            return Ok(Published::Reported { number: issue.number, url: issue.url.clone(), new: false });
        }
        if let Some(left) = ledger.crowded(false, self.policy, case.now) {
            return Ok(Published::Left(left));
        }
        match self.forge.open_issue(repository, &title, &body, &[LABEL]).await {
            Ok(opened) => Ok(Published::Reported { number: opened.number, url: opened.url, new: true }),
            // The repository has no issues.
            Err(error) if error.kind() == ForgeErrorKind::Gone => Ok(Published::Left(Left::Silent(why.to_string()))),
            Err(error) => Err(error.into()),
        }
    }

    fn report_text(&self, case: &Case<'_>, why: &Hindrance, record: &Record) -> Result<String, PublishError> {
        let values = context! {
            why => super::template::word(why.to_string()),
            diff => if why.shows_patch() { text::diff(case.patch) } else { String::new() },
            commands => text::commands(case.bundle, &[]),
            ..text::values(case)
        };
        // Where nothing was executed, a bundle that tells of changes and checks all the same is not believed.
        let none = || Vec::<String>::new();
        let values = match why {
            Hindrance::Diagnosed(_) => {
                context! { checks => none(), fixes => none(), withheld => none(), refused => none(), commands => "", ..values }
            }
            _ => values,
        };
        let body = render("a report", &self.templates.report, &values)?;
        Ok(format!("{}\n{}", text::fitted(self.outgoing(body)), record.hidden()))
    }
}

/// The workflow that a comment is about.
fn about<'a>(case: &'a Case<'_>) -> &'a str {
    case.run.workflow_path.as_deref().or(case.run.workflow.as_deref()).unwrap_or_default()
}
