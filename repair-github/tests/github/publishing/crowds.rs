//! Many at once.

use super::{BROKEN, REPAIRED, Story};
use repair_core::publish::{Left, Published};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_runs_delivered_three_times_each_become_fifty_pull_requests() {
    let mut story = Story::begins().await;
    (story.policy.open_pull_requests, story.policy.per_day) = (100, 100);
    story.patience = Duration::from_secs(60);
    let files: Vec<String> = (0..50).map(|number| format!("m{number}.py")).collect();
    let broken: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), BROKEN)).collect();
    story.universe.commit("main", &broken).await;
    let run = story.red("main").await;
    let works: Vec<_> = files.iter().map(|file| story.repaired(&run, "main", file, BROKEN, REPAIRED)).collect();
    let story = Arc::new(story);
    let mut tasks = tokio::task::JoinSet::new();
    for work in works.iter().cycle().take(150) {
        let (story, work) = (Arc::clone(&story), work.clone());
        tasks.spawn(async move { story.try_to_publish(&work).await });
    }
    let results = tasks.join_all().await;
    let opened = results.iter().filter(|result| matches!(result, Ok(Published::Opened { .. }))).count();
    let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!((opened, failed), (50, Vec::new()));
    let pulls = story.universe.open_pull_requests().await;
    let heads: BTreeSet<&str> = pulls.iter().map(|pull| pull["head"]["ref"].as_str().unwrap()).collect();
    assert_eq!((pulls.len(), heads.len()), (50, 50));
    assert_eq!(story.our_branches().await.len(), 50, "nothing else is left");
    story.ends();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_report_delivered_three_times_at_once_is_one_issue() {
    let story = Arc::new(Story::begins().await);
    let run = story.red("main").await;
    let work = story.diagnosed(&run, "main", "app.py");
    let mut tasks = tokio::task::JoinSet::new();
    for work in std::iter::repeat_n(work, 3) {
        let story = Arc::clone(&story);
        tasks.spawn(async move { story.publish(&work).await });
    }
    let results = tasks.join_all().await;
    let new = results.iter().filter(|result| matches!(result, Published::Reported { new: true, .. })).count();
    assert_eq!((new, story.issues().await.len()), (1, 1), "{results:?}");
    assert!(story.our_branches().await.is_empty());
}

#[tokio::test]
async fn a_repository_is_not_flooded() {
    let mut story = Story::begins().await;
    story.policy.open_pull_requests = 2;
    let files: Vec<String> = (0..3).map(|number| format!("m{number}.py")).collect();
    let broken: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), BROKEN)).collect();
    story.universe.commit("main", &broken).await;
    let run = story.red("main").await;
    let mut last = None;
    for file in &files {
        last = Some(story.publish(&story.repaired(&run, "main", file, BROKEN, REPAIRED)).await);
    }
    assert!(matches!(&last, Some(Published::Left(Left::Limit(why))) if why.starts_with("2 pull requests")), "{last:?}");
    assert_eq!(story.universe.open_pull_requests().await.len(), 2);
}
