//! How a universe comes and goes.

use super::asking::{document, get};
use crate::support::Universe;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[tokio::test]
async fn an_emulator_of_its_own_starts_within_five_seconds_and_ends_with_it() {
    drop(Universe::start().await);
    let start = Instant::now();
    let universe = Universe::alone().await;
    let taken = start.elapsed();
    let process = PathBuf::from(format!("/proc/{}", universe.emulator_process()));
    assert!(process.exists());
    drop(universe);
    let end = Instant::now() + Duration::from_secs(5);
    while process.exists() {
        assert!(Instant::now() < end, "the process is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(taken < Duration::from_secs(5), "{taken:?}");
}

#[tokio::test]
async fn universes_share_an_emulator_and_see_nothing_of_each_other() {
    let (one, other) = (Universe::start().await, Universe::start().await);
    assert_eq!(one.emulator_process(), other.emulator_process());
    one.set_variable("CI_REPAIR", "off");
    assert_eq!(get(&one, "actions/variables/CI_REPAIR").await.status(), 200);
    assert_eq!(get(&other, "actions/variables/CI_REPAIR").await.status(), 404);
    assert_ne!(one.repository(), other.repository());
    let url = format!("{}/repos/{}", one.url(), other.repository());
    let stranger = super::asking::client().get(url).bearer_auth(other.token()).send().await.unwrap();
    assert_eq!(stranger.status(), 401, "a token is of one universe");
}

#[tokio::test]
async fn the_server_edition_answers_below_its_prefix_and_names_itself_so() {
    let universe = Universe::start().await;
    let url = format!("{}/repos/{}", universe.enterprise_url(), universe.repository());
    let answer = super::asking::client().get(&url).bearer_auth(universe.token()).send().await.unwrap();
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["url"], url);
    assert_eq!(document(&universe, "").await["url"], url.replace("/api/v3", ""));
}
