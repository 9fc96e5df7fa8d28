//! `publish`, and `run` on to the end, against GitHub: from a red run to a pull request.

mod action;
mod secrets;
mod whole;

use crate::harness::Ran;
use crate::running::{Came, Step};
use crate::support::{StartedRun, Universe};
use serde_json::Value;

/// The first half of a step's work on a run, and then the second one.
struct Halves {
    step: Step,
    first: Came,
}

impl Halves {
    /// The first half was done.
    fn first(universe: &Universe, run: &StartedRun) -> Self {
        let step = Step::new(universe);
        let first = step.of(run, &[]);
        Self { step, first }
    }

    /// The second half, of the bundle with the digest that the first one told.
    fn publish(&self, args: &[&str]) -> Came {
        let digest = self.first.outputs["digest"].clone();
        self.step.runs(&[&["publish", "bundle", "--digest", &digest], args].concat())
    }
}

/// All pull requests, the oldest first.
async fn pull_requests(universe: &Universe) -> Vec<Value> {
    let mut all = universe.owner_sees("pulls?state=all&per_page=100").await.as_array().cloned().unwrap();
    all.sort_by_key(|pull| pull["number"].as_u64());
    all
}

/// It ended with `code` and did nothing.
#[track_caller]
fn did_nothing(ran: &Ran, code: i32, words: &str) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    assert!(ran.stderr.contains(words) && ran.stdout.is_empty(), "{ran:?}");
}
