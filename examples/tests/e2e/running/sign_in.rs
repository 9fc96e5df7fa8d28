//! Who `run` is.

use super::{Step, assert_manners, red};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn an_app_signs_in_with_its_key_and_gets_no_more_than_it_needs() {
    let (universe, run) = red("main").await;
    let (id, key, installation) = universe.app();
    let step = Step::new(&universe).with("GITHUB_TOKEN", "").with("CI_REPAIR_APP_ID", &id.to_string());
    let file = step.file("key.pem", &key);
    let step = step.with("CI_REPAIR_APP_KEY_FILE", file.to_str().unwrap());
    let came = step.of(&run, &[]);
    came.ends(0, "repaired", true);
    let paths: Vec<String> = universe.requests().iter().map(|call| call.path.clone()).collect();
    assert_eq!(paths.iter().filter(|path| path.ends_with("/installation")).count(), 1, "{paths:?}");
    let minted: Vec<Value> = universe
        .requests()
        .iter()
        .filter(|call| call.path.ends_with(&format!("/installations/{installation}/access_tokens")))
        .map(|call| serde_json::from_slice(&call.body).unwrap())
        .collect();
    assert_eq!(minted.len(), 1);
    let name = universe.repository().split('/').next_back().unwrap();
    assert_eq!(minted[0]["repositories"], serde_json::json!([name]));
    let permissions = minted[0]["permissions"].as_object().unwrap();
    assert!(permissions.values().all(|level| level == "read") && permissions.len() == 6, "{permissions:?}");
    assert_manners(&universe);
    universe.forget_requests();
    let step = step.with("CI_REPAIR_APP_INSTALLATION", &installation.to_string()).with("CI_REPAIR_APP_KEY", &key);
    let outputs = step.of(&run, &["--exit-zero"]).outputs;
    assert_eq!(outputs["conclusion"], "repaired");
    assert!(universe.requests().iter().all(|call| !call.path.ends_with("/installation")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_told_and_not_shown() {
    let (universe, run) = red("main").await;
    let step = Step::new(&universe).with("CI_REPAIR_APP_ID", "7").with("CI_REPAIR_APP_KEY", "-----BEGIN nothing");
    step.of(&run, &[]).ran.ends_with(2).says(&["private key is not an RSA key"]);
    let step = Step::new(&universe).with("CI_REPAIR_APP_ID", "7");
    step.of(&run, &[]).ran.ends_with(2).says(&["set `CI_REPAIR_APP_KEY`"]);
}
