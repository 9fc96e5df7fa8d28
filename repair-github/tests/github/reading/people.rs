//! Branches, people, variables, files.

use super::{assert_manners, github, name};
use crate::support::Universe;
use repair_core::forge::{Forge, ForgeErrorKind, Permission};
use repair_core::{Mode, RepoPath};
use repair_github::{GitHub, Installation, SignIn};
use serde_json::json;

#[tokio::test]
async fn branches_are_found_by_any_name_and_told_protected() {
    let universe = Universe::start().await;
    let sha = universe.commit("feature/one#2", &[("a", "b")]).await;
    let (github, name) = (github(&universe), name(&universe));
    assert_eq!(github.head(&name, "feature/one#2").await.unwrap(), Some(sha));
    assert_eq!(github.head(&name, "nothing").await.unwrap(), None);
    assert_eq!(github.default_branch(&name).await.unwrap(), "main");
    assert!(!github.is_protected(&name, "main").await.unwrap());
    let protection = json!({
        "required_status_checks": null, "enforce_admins": false, "required_pull_request_reviews": null,
        "restrictions": null,
    });
    universe.owner_does("PUT", "branches/main/protection", &protection).await;
    assert!(github.is_protected(&name, "main").await.unwrap());
    assert_manners(&universe);
}

#[tokio::test]
async fn people_may_what_they_may_and_bots_are_nobody() {
    let universe = Universe::start().await;
    universe.lets_in("hubot", "push").await;
    let github = github(&universe);
    let people = [
        ("octocat", Permission::Write),
        ("hubot", Permission::Write),
        ("mallory", Permission::Read),
        ("github-actions[bot]", Permission::None),
        ("nobody-of-this-name", Permission::None),
    ];
    for (login, permission) in people {
        assert_eq!(github.permission(&name(&universe), login).await.unwrap(), permission, "{login}");
    }
    universe.lets_in("hubot", "triage").await;
    assert_eq!(github.permission(&name(&universe), "hubot").await.unwrap(), Permission::Read, "asked anew");
    assert_manners(&universe);
}

#[tokio::test]
async fn a_variable_is_read_absent_or_hidden() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    assert_eq!(github.variable(&name, "CI_REPAIR").await.unwrap(), None);
    universe.set_variable("CI_REPAIR", "off");
    assert_eq!(github.variable(&name, "CI_REPAIR").await.unwrap().as_deref(), Some("off"));
    universe.hide_variables();
    assert_eq!(github.variable(&name, "CI_REPAIR").await.unwrap(), None);
    assert_manners(&universe);
}

#[tokio::test]
async fn what_has_not_changed_costs_no_rate_limit() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let first = github.head(&name, "main").await.unwrap();
    let used = universe.rate_limit_used();
    assert_eq!(github.head(&name, "main").await.unwrap(), first);
    assert_eq!((universe.rate_limit_used(), universe.requests().len()), (used, 2));
    let newer = universe.commit("main", &[("a", "b")]).await;
    assert_eq!(github.head(&name, "main").await.unwrap(), Some(newer));
}

#[tokio::test]
async fn the_files_of_a_commit_are_read_with_links_and_modes() {
    let universe = Universe::start().await;
    let files = [("src/a.py", "x = 1\n"), ("run.sh", "#!/bin/sh\n"), ("link", "-> src/a.py")];
    let sha = universe.commit("feature", &files).await;
    universe.commit("feature", &[("src/a.py", "newer\n")]).await;
    let snapshot = github(&universe).snapshot(&name(&universe), &sha).await.unwrap();
    let path = |text: &str| RepoPath::new(text).unwrap();
    assert_eq!(snapshot.text(&path("src/a.py")).unwrap(), "x = 1\n");
    let modes = ["src/a.py", "run.sh", "link"].map(|file| snapshot.mode(&path(file)).unwrap());
    assert_eq!(modes, [Mode::Regular, Mode::Executable, Mode::Symlink]);
    assert_eq!(snapshot.link_target(&path("link")).unwrap().unwrap(), b"src/a.py");
    let missing = github(&universe).snapshot(&name(&universe), &"0".repeat(40)).await.unwrap_err();
    assert_eq!(missing.kind(), ForgeErrorKind::NotFound);
    assert_manners(&universe);
}

#[tokio::test]
async fn an_app_signs_in_once_for_one_repository_and_little_permission() {
    let universe = Universe::start().await;
    let (id, key, installation) = universe.app();
    let repository = universe.repository().strip_prefix("octocat/").unwrap().to_owned();
    let permissions = vec![("contents".to_owned(), "read".to_owned()), ("metadata".to_owned(), "read".to_owned())];
    let sign_in = SignIn::app(id, &key, Installation { id: installation, repository, permissions }).unwrap();
    let github = GitHub::builder(sign_in).api_url(universe.enterprise_url()).build().unwrap();
    let name = name(&universe);
    let (a, b, c) = tokio::join!(github.head(&name, "main"), github.default_branch(&name), github.head(&name, "x"));
    assert!(a.unwrap().is_some() && b.unwrap() == "main" && c.unwrap().is_none());
    let requests = universe.requests();
    let signing: Vec<_> = requests.iter().filter(|call| call.path.ends_with("/access_tokens")).collect();
    assert_eq!(signing.len(), 1, "one token for all");
    let asked: serde_json::Value = serde_json::from_slice(&signing[0].body).unwrap();
    assert_eq!(asked["repositories"].as_array().unwrap().len(), 1);
    assert_eq!(asked["permissions"]["contents"], "read");
    assert!(requests.iter().all(|call| call.prefix == "/api/v3"), "all below the server's prefix");
    assert_manners(&universe);
}
