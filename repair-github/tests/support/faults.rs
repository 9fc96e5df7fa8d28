//! Trouble, made on demand.

use super::answer::Answer;
use super::call::Call;
use serde_json::json;
use std::sync::Mutex;
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// The request is answered with this status and nothing is done.
    Status(u16),
    /// 429, with the seconds after which to come again if they are said.
    TooMany(Option<u64>),
    /// 403 since requests come too fast, with the seconds after which to come again.
    SecondaryLimit(u64),
    /// 403 since the hour's requests are used up; new ones come in so many seconds.
    PrimaryLimit(u64),
    /// The answer comes late.
    Slow(Duration),
    /// The answer breaks off in its middle.
    Cut,
    /// A page for people comes with status 200.
    Garbage,
    /// GraphQL refuses with this type and status 200; without a name, something went wrong.
    GraphQl(&'static str),
    /// The connection is closed and nothing was done.
    Refused,
    /// All is done, and the connection is closed before the answer.
    Lost,
}

/// What shall go wrong, and where.
#[derive(Debug)]
struct Rule {
    method: String,
    pattern: Vec<String>,
    fault: Fault,
    /// How many calls go well before.
    spared: usize,
    left: usize,
}

/// All that shall go wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Rule>>);

impl Faults {
    /// From now on, after `spared` calls that go well, `times` calls fail whose method and path fit
    /// `GET /repos/*/*/pulls/**`.
    pub(crate) fn add(&self, calls: &str, fault: Fault, spared: usize, times: usize) {
        let (method, path) = calls.split_once(' ').expect("a method and a path");
        let pattern = path.trim_matches('/').split('/').map(str::to_owned).collect();
        self.rules().push(Rule { method: method.to_owned(), pattern, fault, spared, left: times });
    }

    /// Nothing more goes wrong.
    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    /// What goes wrong with this call.
    pub(crate) fn of(&self, call: &Call) -> Option<Fault> {
        let segments = call.segments();
        let fits = |rule: &Rule| {
            let method = rule.method == "*" || rule.method == call.method;
            rule.left > 0 && method && fits(&rule.pattern, &segments)
        };
        let mut rules = self.rules();
        let rule = rules.iter_mut().find(|rule| fits(rule))?;
        if rule.spared > 0 {
            rule.spared -= 1;
            return None;
        }
        rule.left -= 1;
        Some(rule.fault)
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.0.lock().expect("not poisoned")
    }
}

/// Whether a path fits a pattern: `*` stands for one part, `**` for all that follow.
fn fits(pattern: &[String], path: &[String]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        ([all], _) if all == "**" => true,
        ([first, pattern @ ..], [part, path @ ..]) => (first == "*" || first == part) && fits(pattern, path),
        _ => false,
    }
}

impl Fault {
    /// The answer that is given instead, if this fault has one.
    pub(crate) fn answer(self) -> Option<Answer> {
        match self {
            Self::Status(status) => Some(status_answer(status)),
            Self::TooMany(after) => Some(too_many(after)),
            Self::SecondaryLimit(after) => Some(secondary(after)),
            Self::PrimaryLimit(wait) => Some(primary(wait)),
            Self::Garbage => {
                Some(Answer::new(200, "text/html", "<!DOCTYPE html>\n<html><body>A unicorn!</body></html>"))
            }
            Self::GraphQl(kind) => Some(graphql(kind)),
            Self::Slow(_) | Self::Cut | Self::Refused | Self::Lost => None,
        }
    }
}

fn status_answer(status: u16) -> Answer {
    match status {
        401 => Answer::refusal(401, "Bad credentials"),
        403 => Answer::refusal(403, "Resource not accessible by integration"),
        404 => Answer::not_found(),
        409 => Answer::refusal(409, "Git Repository is empty."),
        410 => Answer::refusal(410, "Gone"),
        422 => Answer::refusal(422, "Validation Failed"),
        500.. => {
            Answer::new(status, "text/html", "<html><body><h1>Whoa there!</h1>GitHub is having trouble.</body></html>")
        }
        other => Answer::refusal(other, "Something is wrong"),
    }
}

fn too_many(after: Option<u64>) -> Answer {
    let answer = Answer::refusal(429, "API rate limit exceeded for installation ID 12346.");
    match after {
        Some(seconds) => answer.with("retry-after", seconds),
        None => answer,
    }
}

fn graphql(kind: &str) -> Answer {
    let error = match kind {
        "" => json!({ "message": "Something went wrong while executing your query." }),
        kind => json!({ "type": kind, "message": "This cannot be done" }),
    };
    Answer::json(200, &json!({ "data": null, "errors": [error] }))
}

fn secondary(after: u64) -> Answer {
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    Answer::refusal(403, message).with("retry-after", after)
}

fn primary(wait: u64) -> Answer {
    Answer::refusal(403, "API rate limit exceeded for installation ID 12346.")
        .with("x-ratelimit-remaining", 0)
        .with("x-ratelimit-reset", super::front::now() + wait)
}
