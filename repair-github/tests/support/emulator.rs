//! The emulator's process.

use super::parts;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::{Arc, LazyLock, Mutex};

/// How many universes can have tokens of their own; the emulator counts a rate limit for each token.
const SLOTS: usize = 32;

/// The people of every universe: its owner, somebody who may write, somebody who may not.
pub(crate) const PEOPLE: [&str; 3] = ["octocat", "hubot", "mallory"];

/// The apps of every universe: ours, and the one that GitHub's own tokens act for.
const APPS: [(u64, &str); 2] = [(12_345, "ci-repair"), (15_368, "github-actions")];

static SHARED: LazyLock<Arc<Emulator>> = LazyLock::new(|| Arc::new(Emulator::start(&seed())));

/// A running emulator. It ends with its owner: killed when dropped, and by itself when its input closes.
pub(crate) struct Emulator {
    child: Mutex<Child>,
    started: Started,
}

#[derive(Deserialize)]
struct Started {
    url: String,
    keys: BTreeMap<String, String>,
    tokens: BTreeMap<String, Vec<String>>,
}

impl Emulator {
    /// The one that the tests of a process share.
    pub(crate) fn shared() -> Arc<Self> {
        SHARED.clone()
    }

    /// Starts one with a seed of its own.
    pub(crate) fn start(seed: &Value) -> Self {
        let mut command = parts::node();
        command.arg(parts::script("start.mjs").expect("the emulator's scripts")).arg(seed.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("Node.js 24 starts the emulator");
        let mut line = String::new();
        let _ = BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line);
        let started = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no emulator: {line}{}", said(&mut child)));
        Self { child: Mutex::new(child), started }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.started.url
    }

    /// The private key of our app, with its number.
    pub(crate) fn app_key(&self) -> (u64, &str) {
        let (id, _) = APPS[0];
        (id, &self.started.keys[&id.to_string()])
    }

    /// The token of a person (`octocat`) or a bot (`github-actions[bot]`) in a slot.
    pub(crate) fn token(&self, login: &str, slot: usize) -> String {
        match login.strip_suffix("[bot]") {
            Some(app) => self.started.tokens[app][slot % SLOTS].clone(),
            None => person_token(login, slot % SLOTS),
        }
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.lock().expect("not poisoned").id()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What it said before it ended.
fn said(child: &mut Child) -> String {
    let _ = child.kill();
    let mut text = String::new();
    let _ = child.stderr.take().map(|mut pipe| pipe.read_to_string(&mut text));
    text
}

fn person_token(login: &str, slot: usize) -> String {
    format!("ghp_{login}{slot:02}")
}

/// The seed of a universe like all others.
pub(crate) fn seed() -> Value {
    let people = PEOPLE.map(|login| json!({ "login": login, "email": format!("{login}@example.org") }));
    let tokens: serde_json::Map<String, Value> = PEOPLE
        .iter()
        .flat_map(|login| (0..SLOTS).map(move |slot| (login, slot)))
        .map(|(login, slot)| (person_token(login, slot), json!({ "login": login, "scopes": ["repo", "workflow"] })))
        .collect();
    json!({ "slots": SLOTS, "tokens": tokens, "github": { "users": people, "apps": APPS.map(app) } })
}

fn app((id, slug): (u64, &str)) -> Value {
    let permissions = json!({
        "actions": "read", "checks": "write", "contents": "write", "issues": "write", "metadata": "read",
        "pull_requests": "write",
    });
    let installation = json!({ "installation_id": id + 1, "account": PEOPLE[0], "repository_selection": "all" });
    json!({
        "app_id": id, "slug": slug, "name": slug, "permissions": permissions, "events": ["workflow_run"],
        "installations": [installation],
    })
}
