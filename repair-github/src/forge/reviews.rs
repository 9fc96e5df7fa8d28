//! Reviews: what a diff shows, and suggestions on it.

use super::{get, post, texts};
use crate::GitHub;
use repair_core::forge::{ForgeError, LinesShown, RepositoryName, Suggestion};
use repair_core::markdown::fence;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct FileModel {
    filename: String,
    /// Is missing where the file is binary or the diff too long.
    #[serde(default)]
    patch: Option<String>,
}

#[derive(Deserialize)]
struct ReviewModel {
    #[serde(rename = "id")]
    _id: u64,
}

impl GitHub {
    pub(super) async fn read_lines_shown(
        &self,
        repository: &RepositoryName,
        number: u64,
    ) -> Result<Vec<LinesShown>, ForgeError> {
        let path = ["pulls", &number.to_string(), "files"];
        let request = get(repository, &path, format!("list the files of the pull request #{number}"));
        let files = self.client.all(&request, |page: Vec<FileModel>| page).await?;
        Ok(files.into_iter().flat_map(shown).collect())
    }

    pub(super) async fn write_review(
        &self,
        repository: &RepositoryName,
        number: u64,
        commit: &str,
        body: &str,
        suggestions: &[Suggestion],
    ) -> Result<(), ForgeError> {
        let doing = format!("review the pull request #{number}");
        texts::body(body, &doing)?;
        let comments: Vec<(String, &Suggestion)> =
            suggestions.iter().map(|suggestion| (fenced(suggestion), suggestion)).collect();
        comments.iter().try_for_each(|(text, _)| texts::body(text, &doing))?;
        let comments: Vec<Value> = comments.into_iter().map(|(text, suggestion)| comment(text, suggestion)).collect();
        let review = json!({ "commit_id": commit, "body": body, "event": "COMMENT", "comments": comments });
        let request = post(repository, &["pulls", &number.to_string(), "reviews"], doing).with(review);
        self.client.json::<ReviewModel>(&request).await.map(drop)
    }
}

/// The lines that a file's diff shows, by the headers of its hunks.
fn shown(file: FileModel) -> Vec<LinesShown> {
    let FileModel { filename, patch } = file;
    let hunks = patch.as_deref().unwrap_or_default().lines().filter_map(hunk);
    hunks.map(|lines| LinesShown { path: filename.clone(), lines }).collect()
}

/// The first and the last line of a hunk in the file after it: `@@ -1,2 +3,4 @@` shows 3 to 6.
fn hunk(line: &str) -> Option<(u32, u32)> {
    let after = line.strip_prefix("@@ -")?.split_once(" +")?.1.split_once(" @@")?.0;
    let (first, count) = after.split_once(',').unwrap_or((after, "1"));
    let (first, count): (u32, u32) = (first.parse().ok()?, count.parse().ok()?);
    (count > 0).then(|| (first, first.saturating_add(count - 1)))
}

fn comment(text: String, suggestion: &Suggestion) -> Value {
    let (first, last) = suggestion.lines;
    let mut comment = json!({ "path": suggestion.path.as_str(), "line": last, "side": "RIGHT", "body": text });
    if first < last {
        comment["start_line"] = json!(first);
        comment["start_side"] = json!("RIGHT");
    }
    comment
}

/// The suggestion between fences that nothing in it closes. Without a text the lines go.
fn fenced(suggestion: &Suggestion) -> String {
    let Suggestion { text, why, .. } = suggestion;
    let fence = fence(text).max(fence(why));
    format!("{why}\n\n{fence}suggestion\n{text}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestion(lines: (u32, u32), text: &str) -> Suggestion {
        let path = repair_core::RepoPath::new("a.py").unwrap();
        Suggestion { path, lines, text: text.to_owned(), why: "Since".to_owned() }
    }

    #[test]
    fn hunks_are_read_and_content_is_not_taken_for_one() {
        let patch =
            "@@ -1,3 +1,4 @@ def f():\n a\n+@@ -9,9 +9,9 @@\n-@@ -7 +7 @@\n@@ -9 +10 @@\n x\n@@ -20,2 +21,0 @@\n-a\n-b";
        let file = FileModel { filename: "a.py".to_owned(), patch: Some(patch.to_owned()) };
        let lines: Vec<(u32, u32)> = shown(file).into_iter().map(|shown| shown.lines).collect();
        assert_eq!(lines, [(1, 4), (10, 10)]);
        assert!(shown(FileModel { filename: "a.png".to_owned(), patch: None }).is_empty());
    }

    #[test]
    fn nonsense_in_a_header_shows_nothing() {
        for line in ["@@", "@@ -1 +x @@", "@@ -1,2 +3,-4 @@", "@@ -1,2 +99999999999,1 @@", "@@ -1,2 +3,4"] {
            assert_eq!(hunk(line), None, "{line}");
        }
        assert_eq!(hunk("@@ -1 +4294967295,4294967295 @@"), Some((u32::MAX, u32::MAX)));
    }

    #[test]
    fn one_line_is_named_once_and_several_by_both_ends() {
        let one = comment("x".to_owned(), &suggestion((3, 3), "a"));
        assert_eq!(one, json!({ "path": "a.py", "line": 3, "side": "RIGHT", "body": "x" }));
        let several = comment("x".to_owned(), &suggestion((3, 5), "a"));
        assert_eq!(
            (&several["start_line"], &several["start_side"], &several["line"]),
            (&json!(3), &json!("RIGHT"), &json!(5))
        );
    }

    #[test]
    fn no_text_closes_its_fence() {
        assert_eq!(fenced(&suggestion((1, 1), "x = 1\n")), "Since\n\n```suggestion\nx = 1\n```");
        assert_eq!(fenced(&suggestion((1, 1), "x\n\n")), "Since\n\n```suggestion\nx\n\n```");
        assert_eq!(fenced(&suggestion((1, 1), "\n")), "Since\n\n```suggestion\n\n```", "an empty line");
        assert_eq!(fenced(&suggestion((1, 1), "")), "Since\n\n```suggestion\n```");
        assert_eq!(fenced(&suggestion((1, 1), "````\nx\n")), "Since\n\n`````suggestion\n````\nx\n`````");
    }
}
