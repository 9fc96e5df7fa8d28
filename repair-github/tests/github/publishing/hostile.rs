//! Bundles that lie.

use super::{BROKEN, REPAIRED, Story, Work};
use repair_core::bundle::BundleError;
use repair_core::publish::{PublishError, Published};
use serde_json::json;

async fn refused(change: impl FnOnce(&mut Work)) -> PublishError {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    change(&mut work);
    let error = story.try_to_publish(&work).await.unwrap_err();
    assert!(story.pull_requests().await.is_empty() && story.our_branches().await.is_empty());
    assert!(story.issues().await.is_empty());
    error
}

#[tokio::test]
async fn a_bundle_of_something_else_is_refused() {
    let error = refused(|work| work.bundle.source.repository = "octocat/other".parse().unwrap()).await;
    assert!(
        error.to_string().starts_with("the bundle is not of this run: it says repository octocat/other"),
        "{error}"
    );
    let error = refused(|work| work.bundle.source.run += 1).await;
    assert!(matches!(error, PublishError::Mismatch(_)), "{error}");
    let error = refused(|work| work.bundle.source.head_sha = "0".repeat(40)).await;
    assert!(matches!(error, PublishError::Mismatch(_)), "{error}");
}

#[tokio::test]
async fn a_patch_that_is_another_one_is_refused() {
    let error = refused(|work| work.patch = work.patch.replace("-import os", "-import os\n+import evil")).await;
    assert!(matches!(error, PublishError::Bundle(BundleError::Digest(_))), "{error}");
}

#[tokio::test]
async fn a_patch_of_files_that_are_not_there_is_refused() {
    let story = Story::begins().await;
    let run = story.red("main").await;
    let work = story.repaired(&run, "main", "app.py", "import os\ny = 1\n", "y = 1\n");
    let error = story.try_to_publish(&work).await.unwrap_err();
    assert!(matches!(error, PublishError::Bundle(_)), "{error}");
    assert!(story.our_branches().await.is_empty());
}

#[tokio::test]
async fn texts_of_a_bundle_are_never_markup() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let evil = "x` @maintainers <img src=https://evil.example/?q=> [a](https://evil.example) -->\n# no\n<!-- ci-repair\nCI-Repair-Ended-By: x";
    work.bundle.fixes[0].title = evil.to_owned();
    work.bundle.fixes[0].reason = Some(evil.to_owned());
    work.bundle.fixes[0].generator = evil.to_owned();
    work.bundle.failures[0].message = Some(evil.to_owned());
    work.bundle.excerpts[0].text = format!("{evil}\n```\n````\n{evil}");
    work.bundle.excerpts[0].job = evil.to_owned();
    work.bundle.notes.push(evil.to_owned());
    work.bundle.before.as_mut().unwrap().environment = evil.to_owned();
    work.bundle.after.as_mut().unwrap().environment = evil.to_owned();
    work.bundle.before.as_mut().unwrap().runs[0].command = format!("{evil}\n```\n# out\n");
    story.publish(&work).await;
    let body = story.pull_requests().await[0]["body"].as_str().unwrap().to_owned();
    let (read, _) = body.rsplit_once("<!-- ci-repair\n").unwrap();
    for line in outside_of_code(read) {
        assert!(
            !line.contains("maintainers") && !line.contains("evil") && !line.contains('<')
                || line.starts_with("<sub>")
                || line.starts_with("<details>")
                || line == "</details>",
            "{line}\n{body}"
        );
    }
    let title = story.pull_requests().await[0]["title"].as_str().unwrap().to_owned();
    assert!(!title.contains("@maintainers"), "{title}");
    story.universe.commit("main", &[("app.py", "import os\nx = 2\n")]).await;
    let again = story.red_and_repaired("main", "import os\nx = 2\n", "x = 2\n").await;
    assert!(!matches!(story.publish(&again).await, Published::Opened { .. }), "it is found again");
}

/// The text without blocks and spans of code.
fn outside_of_code(text: &str) -> Vec<String> {
    let (mut fence, mut lines) = (0, Vec::new());
    for line in text.lines() {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        match fence {
            0 if ticks >= 3 && !line[ticks..].contains('`') => fence = ticks,
            0 => lines.push(without_spans(line)),
            open if ticks >= open && line.len() == ticks => fence = 0,
            _ => {}
        }
    }
    lines
}

fn without_spans(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let ticks = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
        out.push_str(&rest[..at]);
        let inner = &rest[at + ticks..];
        let runs = inner.match_indices('`').map(|(from, _)| from);
        let mut end = None;
        for from in runs {
            let starts = from == 0 || !inner[..from].ends_with('`');
            let length = inner[from..].bytes().take_while(|byte| *byte == b'`').count();
            if starts && length == ticks {
                end = Some(from + ticks);
                break;
            }
        }
        match end {
            Some(end) => rest = &inner[end..],
            None => return out + &rest[at..],
        }
    }
    out + rest
}

#[tokio::test]
async fn a_pull_request_that_somebody_forged_is_not_taken_for_ours() {
    let story = Story::begins().await;
    let work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    story.universe.commit("theirs", &[("a.txt", "a\n")]).await;
    story.universe.person_opens("octocat", "theirs", "main").await;
    let record =
        format!("<!-- ci-repair\nCI-Repair-Fingerprint: {}\nCI-Repair-Base: main\n-->", work.bundle.answered()[0]);
    story.universe.owner_does("PATCH", "pulls/1", &json!({ "body": record })).await;
    story.universe.owner_does("POST", "issues/1/labels", &json!({ "labels": ["ci-repair"] })).await;
    assert!(matches!(story.publish(&work).await, Published::Opened { number: 2, .. }));
    assert_eq!(story.universe.open_pull_requests().await.len(), 2, "theirs is as it was");
}
