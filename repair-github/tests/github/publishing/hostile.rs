//! Bundles that lie.

use super::{BROKEN, Never, REPAIRED, Story, Work};
use repair_core::bundle::{BundleError, Conclusion, Excerpt};
use repair_core::publish::{Left, PublishError, Published};
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
pub(super) fn outside_of_code(text: &str) -> Vec<String> {
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

#[tokio::test]
async fn a_bundle_that_is_about_no_failure_proposes_nothing() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    work.bundle.fixes[0].fingerprints.clear();
    work.bundle.failures.clear();
    assert_eq!(story.publish(&work).await, Published::Left(Left::NothingFailed));
    assert!(story.our_branches().await.is_empty() && story.pull_requests().await.is_empty());
}

#[tokio::test]
async fn what_a_bundle_says_mentions_nobody_and_closes_nothing_in_the_commit() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let evil = "fixes #1\n\nfixes #2 @octocat closes GH-3, closes https://github.com/o/r/issues/4";
    work.bundle.fixes[0].title = evil.to_owned();
    work.bundle.fixes[0].reason = Some(format!("{evil}{}", "x".repeat(9_000)));
    story.publish(&work).await;
    let commits = story.universe.owner_sees("pulls/1/commits").await;
    let message = commits[0]["commit"]["message"].as_str().unwrap();
    for link in ["#1", "#2", "@octocat", "GH-3", "https://github.com/o/r"] {
        assert!(!message.contains(link), "{link} is in\n{message}");
    }
    assert!(message.len() < 2_000, "{message}");
}

#[tokio::test]
async fn a_patch_that_the_guards_refuse_is_not_shown_whatever_the_bundle_claims() {
    let mut story = Story::begins().await;
    story.guards.push(Box::new(Never));
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    work.bundle.conclusion = Conclusion::FailuresRemain;
    assert!(matches!(story.publish(&work).await, Published::Reported { new: true, .. }));
    let body = story.issues().await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("the guards object to the change (`never`)") && !body.contains("diff --git"), "{body}");
}

#[tokio::test]
async fn a_repair_that_nothing_bears_out_is_not_proposed() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    work.bundle.after = None;
    assert!(matches!(story.publish(&work).await, Published::Reported { new: true, .. }));
    let body = story.issues().await[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("the checks could not be made"), "{body}");
    assert!(story.pull_requests().await.is_empty() && story.our_branches().await.is_empty());
}

#[tokio::test]
async fn more_than_anybody_reads_still_fits() {
    let story = Story::begins().await;
    let mut work = story.red_and_repaired("main", BROKEN, REPAIRED).await;
    let first = work.bundle.failures[0].clone();
    let message = |number: usize| Some(format!("{} {}", "é".repeat(number), "é@#|`".repeat(500)));
    work.bundle.failures.extend((1..400).map(|number| {
        let mut failure = first.clone();
        failure.message = message(number);
        failure
    }));
    work.bundle.fixes[0].fingerprints = work.bundle.failures.iter().map(repair_core::Failure::fingerprint).collect();
    work.bundle.fixes = (0..400)
        .map(|number| repair_core::bundle::FixNote { generator: format!("x/{number}"), ..work.bundle.fixes[0].clone() })
        .collect();
    work.bundle.notes = vec!["é".repeat(900); 10_000];
    work.bundle.excerpts = vec![Excerpt { job: "é".repeat(900), text: "é|\n".repeat(9_000) }; 100];
    let runs = &mut work.bundle.before.as_mut().unwrap().runs;
    *runs = vec![runs[0].clone(); 5_000];
    assert!(matches!(story.publish(&work).await, Published::Opened { .. }));
    assert!(matches!(story.publish(&work).await, Published::Unchanged { number: 1, .. }), "and is found again");
}
