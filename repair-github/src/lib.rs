//! GitHub for `repair-core`: runs and logs in, pull requests and issues out.
//!
//! ```no_run
//! use repair_core::forge::Forge;
//! use repair_github::{GitHub, SignIn};
//!
//! # async fn example() -> Result<(), repair_core::forge::ForgeError> {
//! let github = GitHub::builder(SignIn::token("…")).build()?;
//! let run = github.run(&"octocat/hello".parse().expect("a name"), 42, None).await?;
//! for job in github.jobs(&run).await? {
//!     println!("{}: {:?}", job.name, job.conclusion);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Writing is [`Publisher`](repair_core::forge::Publisher); what makes one pull request or one report of it is
//! `repair_core::publish`:
//!
//! ```no_run
//! use repair_core::bundle::Bundle;
//! use repair_core::publish::{PublishPolicy, Publishing, Templates};
//! use repair_core::redact::Redactor;
//! use repair_github::{GitHub, SignIn};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let github = GitHub::builder(SignIn::workflow_token("…")).build()?;
//! let (bundle, patch) = Bundle::read("bundle".as_ref(), None)?;
//! let publishing = Publishing {
//!     forge: &github,
//!     guards: &[], // those of `repair_fixers::guards::all()`
//!     policy: &PublishPolicy::default(),
//!     templates: &Templates::default(),
//!     redactor: &Redactor::new(),
//!     now: std::time::SystemTime::now(),
//! };
//! println!("{:?}", publishing.publish(&bundle, &patch, &"octocat/hello".parse()?, Some(42)).await?);
//! # Ok(())
//! # }
//! ```
//!
//! octocrab is wrapped: no type of it appears in the public interface. What it does unsafely by default is not used:
//! its retries, its strict models, its cache and its log download.

mod client;
mod event;
mod forge;
mod github;
mod installation;
mod limits;
mod models;
mod sign_in;
mod tarball;

pub use event::{CheckRun, Ended, EventError, Trigger};
pub use github::{GitHub, GitHubBuilder};
pub use limits::Limits;
pub use sign_in::{Installation, SignIn};
