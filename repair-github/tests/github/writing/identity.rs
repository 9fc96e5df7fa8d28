//! Who we are, and what we may.

use super::{assert_manners, github, head, limits, name, signed_in};
use crate::support::{Fault, Universe};
use repair_core::forge::{ForgeErrorKind, Publisher};
use repair_github::{GitHub, Installation, SignIn};

/// Our app, that may write to the repository.
fn app(universe: &Universe) -> SignIn {
    let (id, key, installation) = universe.app();
    let repository = name(universe).name().to_owned();
    let permissions = vec![("contents".to_owned(), "write".to_owned())];
    SignIn::app(id, &key, Installation { id: installation, repository, permissions }).unwrap()
}

#[tokio::test]
async fn people_workflows_and_apps_are_told_who_they_are_and_once_is_enough() {
    let universe = Universe::start().await;
    let all = [
        (SignIn::workflow_token(universe.token()), "github-actions[bot]", false),
        (SignIn::token(universe.token_of("octocat")), "octocat", true),
        (app(&universe), "ci-repair[bot]", true),
    ];
    for (sign_in, login, starts_checks) in all {
        let github = signed_in(&universe, sign_in);
        universe.forget_requests();
        for _ in 0..3 {
            assert_eq!(github.login().await.unwrap(), login);
        }
        let asked = universe.requests().iter().filter(|call| call.path == "/graphql").count();
        assert_eq!((asked, github.starts_checks()), (1, starts_checks), "{login}");
        assert_manners(&universe);
    }
}

#[tokio::test]
async fn whether_pull_requests_may_be_opened_matters_to_workflows_alone() {
    let universe = Universe::start().await;
    let (name, owner) = (name(&universe), universe.token_of("octocat"));
    let workflow = signed_in(&universe, SignIn::workflow_token(owner.clone()));
    assert_eq!(workflow.may_open_pull_requests(&name).await.unwrap(), Some(true));
    universe.forbid_pull_requests();
    assert_eq!(workflow.may_open_pull_requests(&name).await.unwrap(), Some(false), "asked anew");
    assert_eq!(github(&universe).may_open_pull_requests(&name).await.unwrap(), None, "its own token may not see it");
    assert_manners(&universe);
    universe.forget_requests();
    let person = GitHub::builder(SignIn::token(owner)).api_url(universe.url()).limits(limits()).build().unwrap();
    assert_eq!(person.may_open_pull_requests(&name).await.unwrap(), Some(true));
    assert!(universe.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_cannot_be_had_leaves_nothing_open_since_nothing_was_sent() {
    let universe = Universe::start().await;
    let (tokens, name) = ("POST /app/installations/*/access_tokens", name(&universe));
    let main = head(&universe, "main").await.unwrap();
    for fault in [Fault::Status(503), Fault::Lost, Fault::Refused] {
        universe.fault(tokens, fault);
        let github = signed_in(&universe, app(&universe));
        let error = github.move_branch(&name, "ci-repair/1", None, Some(&main)).await.unwrap_err();
        assert_eq!(error.kind(), ForgeErrorKind::Unavailable, "{fault:?}: {error}");
        universe.heal();
        universe.fault_times(tokens, fault, 1);
        let branch = format!("ci-repair/{fault:?}").replace(['(', ')'], "-");
        signed_in(&universe, app(&universe)).move_branch(&name, &branch, None, Some(&main)).await.unwrap();
        assert_eq!(head(&universe, &branch).await.as_ref(), Some(&main));
        universe.heal();
    }
    assert_eq!(head(&universe, "ci-repair/1").await, None);
}
