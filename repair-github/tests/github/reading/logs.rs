//! Logs: behind a redirection, within limits, or gone.

use super::{assert_manners, limits, name};
use crate::support::{Fault, JobScript, Log, RunScript, Universe};
use repair_core::forge::{Forge, ForgeError, ForgeErrorKind};
use repair_github::{GitHub, SignIn};

/// What the client makes of a log.
async fn log(universe: &Universe, log: Log, limit: u64) -> (Result<u64, ForgeError>, Vec<u8>) {
    let run = universe.run(RunScript::red("main", JobScript::failed("a", "").log(log))).await;
    let mut limits = limits();
    limits.log = limit;
    let builder = GitHub::builder(SignIn::token(universe.token())).api_url(universe.url()).limits(limits);
    let mut into = Vec::new();
    let told = builder.build().unwrap().log(&name(universe), run.jobs[0][0], &mut into).await;
    (told, into)
}

#[tokio::test]
async fn a_log_is_read_from_the_other_host_without_the_token() {
    let universe = Universe::start().await;
    let text = "\u{feff}2026-11-20T10:00:00.0000000Z E   assert 1 == 2\n".repeat(20_000).into_bytes();
    let (size, read) = log(&universe, Log::Text(text.clone()), 1 << 30).await;
    assert_eq!((size.unwrap(), read), (text.len() as u64, text));
    assert_eq!((universe.requests().len(), universe.storage_requests().len()), (1, 1));
    assert_manners(&universe);
}

#[tokio::test]
async fn a_compressed_log_comes_out_plain_and_its_limit_is_of_what_comes_out() {
    let universe = Universe::start().await;
    let text = vec![b'x'; 100_000];
    let (size, read) = log(&universe, Log::Compressed(text.clone()), 100_000).await;
    assert_eq!((size.unwrap(), read), (100_000, text.clone()));
    let (told, read) = log(&universe, Log::Compressed(text), 99_999).await;
    assert_eq!(told.unwrap_err().kind(), ForgeErrorKind::TooLarge);
    assert!(read.len() <= 99_999);
}

#[tokio::test]
async fn a_log_that_is_too_long_expired_or_missing_says_so() {
    let universe = Universe::start().await;
    let cases = [
        (Log::Text(vec![b'x'; 1001]), ForgeErrorKind::TooLarge),
        (Log::Expired, ForgeErrorKind::Gone),
        (Log::Missing, ForgeErrorKind::NotFound),
    ];
    for (case, kind) in cases {
        universe.forget_requests();
        let error = log(&universe, case, 1000).await.0.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(universe.requests().len(), 1, "asked once: {error}");
        assert_manners(&universe);
    }
}

#[tokio::test]
async fn no_error_shows_a_signed_address() {
    let universe = Universe::start().await;
    for fault in [Fault::Status(403), Fault::Status(404), Fault::Status(503), Fault::Cut, Fault::Refused] {
        universe.fault("GET /storage/**", fault);
        let error = log(&universe, Log::Text(vec![b'x'; 1000]), 1 << 20).await.0.unwrap_err();
        let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(!shown.contains("sig=") && !shown.contains("PlantedSignature"), "{shown}");
        assert!(!shown.contains(&universe.token()), "{shown}");
        universe.heal();
    }
    assert_manners(&universe);
}
