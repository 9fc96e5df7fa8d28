//! How the interface speaks: tags, limits, numbers, refusals, records.

use super::asking::{client, document, get, header, request, told};
use crate::support::Universe;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn an_unchanged_answer_is_empty_and_costs_nothing() {
    let universe = Universe::start().await;
    for rest in ["branches/main", "actions/runs"] {
        let first = get(&universe, rest).await;
        let tag = header(&first, "etag").unwrap().to_owned();
        let used = universe.rate_limit_used();
        let again = request(&universe, Method::GET, rest).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        assert_eq!((universe.rate_limit_used(), again.bytes().await.unwrap().len()), (used, 0));
        let other = request(&universe, Method::GET, rest).header("if-none-match", "W/\"0\"").send().await.unwrap();
        assert_eq!((other.status().as_u16(), universe.rate_limit_used()), (200, used + 1));
    }
    let tag = header(&get(&universe, "branches/main").await, "etag").unwrap().to_owned();
    universe.commit("main", &[("a", "b")]).await;
    let changed = request(&universe, Method::GET, "branches/main").header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(changed.status(), 200);
}

#[tokio::test]
async fn every_answer_has_a_number_and_the_rate_limit() {
    let universe = Universe::start().await;
    let mut numbers = Vec::new();
    for rest in ["", "actions/runs", "nothing"] {
        let answer = get(&universe, rest).await;
        numbers.push(header(&answer, "x-github-request-id").unwrap().to_owned());
        let used = header(&answer, "x-ratelimit-used").unwrap().parse::<usize>().unwrap();
        assert_eq!(used, numbers.len());
        assert_eq!(header(&answer, "x-ratelimit-remaining").unwrap(), (5000 - used).to_string());
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 3);
}

#[tokio::test]
async fn a_wrong_token_is_refused_even_where_none_is_needed() {
    let universe = Universe::start().await;
    for rest in ["", "/actions/runs", "/pulls"] {
        let url = format!("{}/repos/{}{rest}", universe.url(), universe.repository());
        let wrong = client().get(&url).bearer_auth("ghp_wrong").send().await.unwrap();
        let (status, body) = told(wrong).await;
        assert_eq!((status, &body["message"]), (401, &json!("Bad credentials")));
        assert_eq!(client().get(&url).send().await.unwrap().status(), 200, "a public repository is public");
    }
}

#[tokio::test]
async fn addresses_in_bodies_and_links_are_the_fronts() {
    let universe = Universe::start().await;
    for number in 0..3 {
        let new = json!({ "title": number.to_string() });
        assert_eq!(request(&universe, Method::POST, "issues").json(&new).send().await.unwrap().status(), 201);
    }
    let answer = get(&universe, "issues?per_page=1").await;
    let links = header(&answer, "link").unwrap();
    assert_eq!(links.matches(universe.url()).count(), links.matches("http").count(), "{links}");
    let issues = document(&universe, "issues").await;
    assert!(issues[0]["url"].as_str().unwrap().starts_with(universe.url()));
    assert_eq!(issues[0]["user"]["login"], "github-actions[bot]");
}

#[tokio::test]
async fn all_that_is_sent_is_written_down() {
    let universe = Universe::start().await;
    universe.commit("main", &[("not", "recorded")]).await;
    let new = json!({ "title": "planted-secret-1" });
    request(&universe, Method::POST, "issues?x=planted-secret-2")
        .header("x-y", "planted-secret-3")
        .json(&new)
        .send()
        .await
        .unwrap();
    let sent = String::from_utf8(universe.bytes_sent()).unwrap();
    for number in 1..=3 {
        assert!(sent.contains(&format!("planted-secret-{number}")), "{sent}");
    }
    assert!(!sent.contains(&universe.token()) && !sent.contains("recorded"));
    let requests = universe.requests();
    assert_eq!((requests.len(), requests[0].token()), (1, Some(universe.token().as_str())));
    universe.forget_requests();
    assert!(universe.requests().is_empty() && universe.bytes_sent().is_empty());
}

#[tokio::test]
async fn an_app_signs_in_and_its_token_works_and_is_narrow() {
    let universe = Universe::start().await;
    let (id, key, installation) = universe.app();
    let builder = octocrab::Octocrab::builder().base_uri(universe.url()).unwrap();
    let app = builder.app_from_rsa_pem(id.into(), key.as_bytes()).unwrap().build_with_reqwest(client()).unwrap();
    let name = universe.repository().strip_prefix("octocat/").unwrap();
    let wanted = json!({ "repositories": [name], "permissions": { "contents": "read" } });
    let path = format!("/app/installations/{installation}/access_tokens");
    let made: serde_json::Value = app.post(path, Some(&wanted)).await.unwrap();
    let token = made["token"].as_str().unwrap();
    let url = format!("{}/repos/{}", universe.url(), universe.repository());
    assert_eq!(client().get(&url).bearer_auth(token).send().await.unwrap().status(), 200);
    let issue = client().post(format!("{url}/issues")).bearer_auth(token).json(&json!({ "title": "no" }));
    assert_eq!(issue.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn octocrab_reads_what_the_universe_shows() {
    use crate::support::{JobScript, RunScript};
    let universe = Universe::start().await;
    let run = universe.run(RunScript::red("main", JobScript::failed("test (3.11)", "E\n"))).await;
    let builder = octocrab::Octocrab::builder().base_uri(universe.url()).unwrap();
    let client = builder.personal_token(universe.token()).build_with_reqwest(self::client()).unwrap();
    let (owner, name) = universe.repository().split_once('/').unwrap();
    let shown = client.workflows(owner, name).get(run.id.into()).await.unwrap();
    assert_eq!((shown.head_sha, shown.conclusion.as_deref()), (run.sha, Some("failure")));
    let jobs = client.workflows(owner, name).list_jobs(run.id.into()).send().await.unwrap();
    assert_eq!(jobs.items[0].name, "test (3.11)");
    let log = client.workflows(owner, name).download_job_logs(run.jobs[0][0].into()).await.unwrap();
    assert_eq!(&log[..], b"E\n");
    let fetched = universe.storage_requests();
    assert!(fetched.len() == 1 && fetched[0].token().is_none(), "the token stays where it belongs");
}
