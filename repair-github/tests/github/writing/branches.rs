//! Branches and commits.

use super::{assert_manners, changing, github, head, name, signed_in};
use crate::support::{Fault, Universe};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use repair_core::forge::{ForgeErrorKind, Publisher};
use repair_github::{GitHub, SignIn};
use std::collections::BTreeMap;

const BRANCH: &str = "ci-repair/0a1b";
const MESSAGE: &str = "fix: a repair\n\nWhy\n\nCI-Repair-Fixer: x";

/// The modes of all files of a commit.
async fn modes(universe: &Universe, commit: &str) -> BTreeMap<String, String> {
    let tree = universe.owner_sees(&format!("git/trees/{commit}?recursive=1")).await;
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    tree["tree"].as_array().unwrap().iter().map(|entry| (text(&entry["path"]), text(&entry["mode"]))).collect()
}

#[tokio::test]
async fn a_branch_is_made_moved_and_removed() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let first = head(&universe, "main").await.unwrap();
    let second = universe.commit("main", &[("a", "b")]).await;
    github.move_branch(&name, BRANCH, None, Some(&first)).await.unwrap();
    assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&first));
    github.move_branch(&name, BRANCH, Some(&first), Some(&second)).await.unwrap();
    assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&second));
    github.move_branch(&name, BRANCH, Some(&second), Some(&first)).await.expect("backwards too");
    assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&first));
    github.move_branch(&name, BRANCH, Some(&first), None).await.unwrap();
    assert_eq!(head(&universe, BRANCH).await, None);
    let repository = universe.requests().iter().filter(|call| call.method == "GET").count();
    assert_eq!(repository, 1, "the repository's identifier is asked for once");
    assert_manners(&universe);
}

#[tokio::test]
async fn a_branch_that_is_elsewhere_is_a_conflict_and_stays() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let first = head(&universe, "main").await.unwrap();
    let second = universe.commit(BRANCH, &[("a", "b")]).await;
    let attempts =
        [(None, Some(first.as_str())), (Some(first.as_str()), Some(second.as_str())), (Some(first.as_str()), None)];
    for (from, to) in attempts {
        let error = github.move_branch(&name, BRANCH, from, to).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Conflict, "{error}");
        assert!(error.to_string().contains(&second), "{error}");
        assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&second));
    }
    let gone = github.move_branch(&name, "ci-repair/gone", Some(&first), Some(&second)).await.unwrap_err();
    assert_eq!(gone.kind(), ForgeErrorKind::Conflict, "{gone}");
    let nothing = "1".repeat(40);
    let nowhere = github.move_branch(&name, BRANCH, Some(&second), Some(&nothing)).await.unwrap_err();
    assert_eq!(nowhere.kind(), ForgeErrorKind::Invalid, "it is where it was said to be: {nowhere}");
    assert_manners(&universe);
}

#[tokio::test]
async fn of_many_who_move_a_branch_at_once_one_does() {
    let universe = Universe::start().await;
    let first = universe.commit(BRANCH, &[("a", "0")]).await;
    let mut others = Vec::new();
    for number in 0..4 {
        others.push(universe.commit(&format!("other-{number}"), &[("a", &number.to_string())]).await);
    }
    let (github, name) = (github(&universe), name(&universe));
    let moved = |to: String| {
        let (github, name, first) = (&github, &name, &first);
        async move { github.move_branch(name, BRANCH, Some(first), Some(&to)).await }
    };
    let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| moved(others[at].clone()));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let told = [a, b, c, d];
    let winner = told.iter().position(Result::is_ok).expect("one of them moved it");
    assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&others[winner]));
    let conflicts =
        told.iter().filter_map(|told| told.as_ref().err()).filter(|error| error.kind() == ForgeErrorKind::Conflict);
    assert_eq!(conflicts.count(), 3);
}

#[tokio::test]
async fn no_other_branch_is_ever_asked_for() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let main = head(&universe, "main").await.unwrap();
    for branch in ["main", "feature", "ci-repair", "ci-repair/", "refs/heads/ci-repair/x", "ci-repair/../main"] {
        let moved = github.move_branch(&name, branch, Some(&main), None).await.unwrap_err();
        let committed = github.commit(&name, branch, &main, &changing(&[("a", Some("b"))])).await.unwrap_err();
        assert_eq!(
            (moved.kind(), committed.kind()),
            (ForgeErrorKind::Forbidden, ForgeErrorKind::Forbidden),
            "{branch}"
        );
    }
    let nowhere = github.move_branch(&name, BRANCH, None, None).await.unwrap_err();
    assert_eq!(nowhere.kind(), ForgeErrorKind::Invalid);
    assert!(universe.requests().is_empty(), "{:?}", universe.requests());
    assert_eq!(head(&universe, "main").await, Some(main));
}

#[tokio::test]
async fn a_commit_is_signed_ours_and_only_on_top_of_what_is_expected() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let parent = universe.commit(BRANCH, &[("a", "1"), ("old", "x")]).await;
    let change = changing(&[("a", Some("2")), ("old", None), ("new/é", Some("3"))]);
    let made = github.commit(&name, BRANCH, &parent, &change).await.unwrap();
    assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&made));
    let commits = github.commits_between(&name, "main", BRANCH).await.unwrap();
    let last = commits.last().unwrap();
    assert_eq!((commits.len(), &commits[0].sha, &last.sha), (2, &parent, &made));
    assert_eq!((last.author.as_deref(), last.verified, last.is_merge), (Some("github-actions[bot]"), true, false));
    assert_eq!(last.message, MESSAGE);
    assert_eq!((commits[0].author.as_deref(), commits[0].verified), (Some("octocat"), false));
    let modes = modes(&universe, &made).await;
    assert_eq!(modes.get("new/é").map(String::as_str), Some("100644"));
    assert!(!modes.contains_key("old"));
    let again = github.commit(&name, BRANCH, &parent, &change).await.unwrap_err();
    assert_eq!(again.kind(), ForgeErrorKind::Conflict, "{again}");
    let nowhere = github.commit(&name, "ci-repair/nowhere", &parent, &change).await.unwrap_err();
    assert_eq!(nowhere.kind(), ForgeErrorKind::NotFound, "{nowhere}");
    assert_manners(&universe);
}

#[tokio::test]
async fn an_executable_file_stays_one_and_the_commit_is_signed_all_the_same() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let script = "#!/bin/sh\n";
    let parent = universe.commit(BRANCH, &[("a", "1"), ("bin/x/run", script), ("bin/old", script)]).await;
    let change =
        changing(&[("a", Some("2")), ("bin/x/run", Some("#!/bin/sh\necho\n")), ("bin/old", None), ("b", Some("é"))]);
    let made = github.commit(&name, BRANCH, &parent, &change).await.unwrap();
    let modes = modes(&universe, &made).await;
    let mode = |path: &str| modes.get(path).map(String::as_str);
    assert_eq!((mode("bin/x/run"), mode("a"), mode("b")), (Some("100755"), Some("100644"), Some("100644")));
    assert_eq!((mode("bin/old"), mode("README.md")), (None, Some("100644")));
    let content = universe.owner_sees(&format!("contents/bin/x/run?ref={made}")).await;
    assert_eq!(STANDARD.decode(content["content"].as_str().unwrap().trim()).unwrap(), b"#!/bin/sh\necho\n");
    let commits = github.commits_between(&name, &parent, BRANCH).await.unwrap();
    let told: Vec<_> = commits.iter().map(|commit| (&commit.sha, commit.verified, commit.message.as_str())).collect();
    assert_eq!(told, [(&made, true, MESSAGE)]);
    for branch in [BRANCH, "ci-repair/nowhere"] {
        let error = github.commit(&name, branch, &parent, &change).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Conflict, "{error}");
    }
    assert_eq!(head(&universe, BRANCH).await, Some(made));
    assert_manners(&universe);
}

#[tokio::test]
async fn what_comes_before_the_branch_moves_may_be_repeated_and_its_end_may_not() {
    let universe = Universe::start().await;
    let name = name(&universe);
    let parent = universe.commit(BRANCH, &[("run", "#!/bin/sh\n")]).await;
    let change = changing(&[("run", Some("#!/bin/sh\necho\n"))]);
    let before = [
        "GET /repos/*/*/git/commits/*",
        "GET /repos/*/*/git/trees/*",
        "POST /repos/*/*/git/blobs",
        "POST /repos/*/*/git/trees",
        "POST /repos/*/*/git/commits",
    ];
    for calls in before {
        universe.fault(calls, Fault::Lost);
        let error = github(&universe).commit(&name, BRANCH, &parent, &change).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Unavailable, "{calls}: {error}");
        universe.heal();
        assert_eq!(head(&universe, BRANCH).await.as_ref(), Some(&parent), "{calls}");
    }
    universe.fault("POST /graphql", Fault::Lost);
    let error = github(&universe).commit(&name, BRANCH, &parent, &change).await.unwrap_err();
    assert_eq!(error.kind(), ForgeErrorKind::Uncertain, "{error}");
    universe.heal();
    let commits = github(&universe).commits_between(&name, &parent, BRANCH).await.unwrap();
    assert_eq!(commits.len(), 1, "it was done, and once");
    let head = commits[0].sha.clone();
    before.iter().for_each(|calls| universe.fault_times(calls, Fault::Lost, 1));
    github(&universe).commit(&name, BRANCH, &head, &change).await.expect("one failure each is overcome");
    assert_eq!(github(&universe).commits_between(&name, &parent, BRANCH).await.unwrap().len(), 2);
}

#[tokio::test]
async fn links_are_not_written_to() {
    let universe = Universe::start().await;
    let parent = universe.commit(BRANCH, &[("target", "1"), ("link", "-> target"), ("folder/a", "1")]).await;
    for path in ["link", "link/below", "folder"] {
        let change = changing(&[(path, Some("2"))]);
        let error = github(&universe).commit(&name(&universe), BRANCH, &parent, &change).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Invalid, "{path}: {error}");
    }
    assert_eq!(head(&universe, BRANCH).await, Some(parent));
    assert_manners(&universe);
}

#[tokio::test]
async fn commits_between_are_read_by_any_name_page_by_page_and_in_order() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let base = head(&universe, "main").await.unwrap();
    let mut made = Vec::new();
    for number in 0..120 {
        made.push(universe.commit("feature/a", &[("a", &number.to_string())]).await);
    }
    universe.forget_requests();
    let found = github.commits_between(&name, &base, "feature/a").await.unwrap();
    assert!(found.iter().map(|commit| &commit.sha).eq(&made));
    assert_eq!(universe.requests().len(), 2);
    assert!(github.commits_between(&name, "feature/a", "main").await.unwrap().is_empty());
    let missing = github.commits_between(&name, "main", "nothing").await.unwrap_err();
    assert_eq!(missing.kind(), ForgeErrorKind::NotFound);
    assert_manners(&universe);
}

#[tokio::test]
async fn a_server_of_ones_own_has_both_interfaces_elsewhere() {
    let universe = Universe::start().await;
    let name = name(&universe);
    let sign_in = SignIn::workflow_token(universe.token());
    let github = GitHub::builder(sign_in).api_url(universe.enterprise_url()).build().unwrap();
    let main = head(&universe, "main").await.unwrap();
    github.move_branch(&name, BRANCH, None, Some(&main)).await.unwrap();
    github.commit(&name, BRANCH, &main, &changing(&[("a", Some("b"))])).await.unwrap();
    assert_eq!(github.login().await.unwrap(), "github-actions[bot]");
    assert!(universe.requests().iter().all(|call| call.prefix == "/api/v3"), "{:?}", universe.requests());
    assert_manners(&universe);
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let universe = Universe::start().await;
    let (github, name) = (signed_in(&universe, SignIn::token(universe.token_of("mallory"))), name(&universe));
    let main = head(&universe, "main").await.unwrap();
    let moved = github.move_branch(&name, BRANCH, None, Some(&main)).await.unwrap_err();
    let ours = universe.commit(BRANCH, &[("a", "b")]).await;
    let committed = github.commit(&name, BRANCH, &ours, &changing(&[("a", Some("b"))])).await.unwrap_err();
    for error in [moved, committed] {
        assert!(matches!(error.kind(), ForgeErrorKind::Forbidden | ForgeErrorKind::NotFound), "{error}");
    }
    assert_eq!(head(&universe, BRANCH).await, Some(ours));
}

#[tokio::test]
async fn a_file_that_is_to_be_new_replaces_none() {
    let universe = Universe::start().await;
    let (github, name) = (github(&universe), name(&universe));
    let parent = universe.commit(BRANCH, &[("tests/a.py", "1")]).await;
    let mut change = changing(&[("tests/a.py", Some("2"))]);
    change.created = vec![change.files[0].0.clone()];
    let error = github.commit(&name, BRANCH, &parent, &change).await.unwrap_err();
    assert_eq!(error.kind(), ForgeErrorKind::Invalid, "{error}");
    assert!(error.to_string().contains("`tests/a.py` is to be new, and is there already"), "{error}");
    assert_eq!(head(&universe, BRANCH).await, Some(parent));
}
