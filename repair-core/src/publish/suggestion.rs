//! A change as suggestions in a review, where every line of it is in the pull request's own diff.

use super::case::{Case, Change};
use super::record::Record;
use super::{Left, PublishError, Published, Publishing};
use crate::forge::{LinesShown, Suggestion};
use crate::{Edit, FileChange, RepoPath, Snapshot};

/// What the record of a comment says that tells of suggestions.
const ABOUT: &str = "suggestions";
/// The most suggestions of one review.
const MOST: usize = 20;

impl Publishing<'_> {
    /// Suggests the change in a review of the pull request that failed, once. `None` if it is to become a pull request.
    pub(super) async fn suggest(&self, case: &Case<'_>, change: &Change) -> Result<Option<Published>, PublishError> {
        let Some(request) = case.pull_request.as_ref().filter(|_| self.policy.suggest) else { return Ok(None) };
        let repository = &case.run.repository;
        let base = self.forge.snapshot(repository, &case.run.head_sha).await?;
        let shown = self.forge.lines_shown(repository, request.number).await?;
        let Some(suggestions) = suggestions(change, &base, &shown) else { return Ok(None) };
        let told = Published::Suggested { number: request.number, url: request.url.clone() };
        let comments = self.forge.comments(repository, request.number).await?;
        let ours = comments.iter().filter(|comment| comment.author.as_deref() == Some(&case.login));
        let mut said = ours.filter_map(|comment| Some((comment, Record::in_text(&comment.body)?)));
        let said = said.find(|(_, said)| said.about == ABOUT && said.is_about(&case.fingerprints));
        let attempt = said.as_ref().map_or(0, |(_, said)| said.attempt.max(1)).saturating_add(1);
        let (patch, about) = (case.bundle.patch_sha256.clone(), ABOUT.to_owned());
        let record = Record { patch, about, attempt, ..case.record(case.fingerprints()) };
        let body = format!("These suggestions repair the failed run.\n\n{}", record.hidden());
        match said {
            Some((_, said)) if said.patch == record.patch && said.head == record.head => return Ok(Some(told)),
            Some(_) if attempt > self.policy.attempts => {
                let why = format!("changes were suggested {} times for this failure", attempt - 1);
                return Ok(Some(Published::Left(Left::Limit(why))));
            }
            Some((comment, _)) => self.forge.edit_comment(repository, comment.id, &body).await?,
            None => self.forge.comment(repository, request.number, &body).await?,
        }
        let suggestions: Vec<Suggestion> = suggestions.into_iter().map(|one| self.redacted(case, one)).collect();
        let why = self.outgoing(crate::markdown::code(&super::text::title(case.bundle)));
        self.forge.suggest(repository, request.number, &case.run.head_sha, &why, &suggestions).await?;
        Ok(Some(told))
    }

    fn redacted(&self, case: &Case<'_>, suggestion: Suggestion) -> Suggestion {
        let about = |fix: &&crate::bundle::FixNote| fix.files.contains(&suggestion.path);
        let why = case.bundle.fixes.iter().find(about).map(|fix| crate::markdown::code(&fix.title)).unwrap_or_default();
        Suggestion { why: self.outgoing(why), ..suggestion }
    }
}

/// The change as suggestions; `None` if one of its lines is not shown, or there are too many.
fn suggestions(change: &Change, base: &Snapshot, shown: &[LinesShown]) -> Option<Vec<Suggestion>> {
    let mut all = Vec::new();
    for (path, file) in change.changes.files() {
        let FileChange::Edit { .. } = file else { return None };
        let text = base.text(path).ok()?;
        let rewritten = crate::ChangeSet::between(base, &change.after).ok()?;
        let FileChange::Edit { edits, .. } = rewritten.get(path)? else { return None };
        for edit in edits {
            all.push(suggestion(path, text, edit).filter(|one| is_shown(one, shown))?);
        }
    }
    (!all.is_empty() && all.len() <= MOST).then_some(all)
}

/// An edit of whole lines as a suggestion; an insertion takes the line before it along.
fn suggestion(path: &RepoPath, text: &str, edit: &Edit) -> Option<Suggestion> {
    let (mut start, end) = (edit.span().start(), edit.span().end());
    let mut new = edit.text().to_owned();
    if start == end {
        let before = text.get(..start)?.strip_suffix('\n')?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        new = format!("{}{new}", text.get(line..start)?);
        start = line;
    }
    let first = line_of(text, start)?;
    let last = line_of(text, end.checked_sub(1)?)?;
    let text = if new.is_empty() || new.ends_with('\n') { new } else { new + "\n" };
    Some(Suggestion { path: path.clone(), lines: (first, last), text, why: String::new() })
}

fn line_of(text: &str, at: usize) -> Option<u32> {
    u32::try_from(text.get(..at)?.matches('\n').count()).ok()?.checked_add(1)
}

fn is_shown(one: &Suggestion, shown: &[LinesShown]) -> bool {
    let within = |shown: &LinesShown| shown.lines.0 <= one.lines.0 && one.lines.1 <= shown.lines.1;
    shown.iter().any(|shown| shown.path == one.path.as_str() && within(shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChangeSet;

    fn path() -> RepoPath {
        RepoPath::new("a.py").unwrap()
    }

    fn of(before: &str, after: &str, lines: (u32, u32)) -> Option<Vec<Suggestion>> {
        let base = Snapshot::from_files([(path(), before)]);
        let after = Snapshot::from_files([(path(), after)]);
        let changes = ChangeSet::between(&base, &after).unwrap();
        let shown = [LinesShown { path: "a.py".to_owned(), lines }];
        suggestions(&Change { after, changes }, &base, &shown)
    }

    #[test]
    fn lines_that_change_come_or_go_are_suggested() {
        let lines = |before, after| {
            let found = of(before, after, (1, 9)).unwrap();
            found.into_iter().map(|one| (one.lines, one.text)).collect::<Vec<_>>()
        };
        assert_eq!(lines("a\nb\nc\n", "a\nB\nc\n"), [((2, 2), "B\n".to_owned())]);
        assert_eq!(lines("a\nb\nc\n", "a\nb\nnew\nc\n"), [((2, 2), "b\nnew\n".to_owned())]);
        assert_eq!(lines("a\nb\nc\n", "a\nc\n"), [((2, 2), String::new())]);
        assert_eq!(lines("a\nb\nc\nd\n", "x\ny\nc\nd\n"), [((1, 2), "x\ny\n".to_owned())]);
    }

    #[test]
    fn what_the_diff_does_not_show_is_not_suggested() {
        assert!(of("a\nb\nc\n", "a\nB\nc\n", (2, 2)).is_some());
        assert!(of("a\nb\nc\n", "A\nB\nc\n", (2, 3)).is_none());
        assert!(of("a\nb\n", "new\na\nb\n", (1, 2)).is_none(), "there is no line before the first");
    }
}
