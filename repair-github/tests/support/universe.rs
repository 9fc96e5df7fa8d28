//! What tests see: a GitHub of their own with a repository, people, and things that happen.

use super::call::Call;
use super::emulator::{Emulator, PEOPLE, seed};
use super::faults::Fault;
use super::front::{Front, Serving};
use super::scene::{Scene, StoredRun};
use super::script::{Origin, RunScript};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

static COUNT: AtomicUsize = AtomicUsize::new(1);

/// The bots of every universe.
const BOTS: [&str; 2] = ["ci-repair[bot]", "github-actions[bot]"];

/// A GitHub with one repository that is new and empty but for its README.
pub(crate) struct Universe {
    front: Arc<Front>,
    repository: String,
    slot: usize,
    _serving: Serving,
}

/// A run that a test made.
#[derive(Debug, Clone)]
pub(crate) struct StartedRun {
    /// Its number.
    pub(crate) id: u64,
    /// The commit it ran on.
    pub(crate) sha: String,
    /// The numbers of the jobs of each attempt.
    pub(crate) jobs: Vec<Vec<u64>>,
}

impl Universe {
    /// One in the emulator that the process shares; its repository is its own.
    pub(crate) async fn start() -> Self {
        Self::over(Emulator::shared()).await
    }

    /// One with an emulator of its own: slower, and nobody else is there.
    pub(crate) async fn alone() -> Self {
        Self::over(Arc::new(Emulator::start(&seed()))).await
    }

    async fn over(emulator: Arc<Emulator>) -> Self {
        let slot = COUNT.fetch_add(1, Ordering::Relaxed);
        let token = |login: &&str| emulator.token(login, slot);
        let tokens: BTreeSet<String> = PEOPLE.iter().chain(&BOTS).map(&token).collect();
        let repository = format!("octocat/hello-{slot}");
        let mut scene = Scene::new(&repository);
        scene.actions_tokens.insert(emulator.token("github-actions[bot]", slot));
        scene.logins = PEOPLE.iter().chain(&BOTS).map(|login| (token(login), (*login).to_owned())).collect();
        let (front, serving) = Front::start(emulator, scene, tokens).await;
        let universe = Self { front, repository, slot, _serving: serving };
        let new = json!({ "name": format!("hello-{slot}"), "auto_init": true });
        universe.does("octocat", "POST", "/user/repos", &new).await;
        universe
    }

    /// The address of its interface.
    pub(crate) fn url(&self) -> &str {
        self.front.address()
    }

    /// The address of the same interface as the server edition has it.
    pub(crate) fn enterprise_url(&self) -> String {
        format!("{}/api/v3", self.front.address())
    }

    /// The host of signed addresses.
    pub(crate) fn storage_url(&self) -> &str {
        self.front.storage_address()
    }

    /// Its repository: `octocat/hello-1`.
    pub(crate) fn repository(&self) -> &str {
        &self.repository
    }

    /// The token that a workflow gets.
    pub(crate) fn token(&self) -> String {
        self.token_of("github-actions[bot]")
    }

    /// The token of a person (`octocat` owns, `hubot` may be let in, `mallory` is a stranger) or of a bot.
    pub(crate) fn token_of(&self, login: &str) -> String {
        self.front.emulator.token(login, self.slot)
    }

    /// The number and the private key of our app, and the number of its installation.
    pub(crate) fn app(&self) -> (u64, String, u64) {
        let (id, key) = self.front.emulator.app_key();
        (id, key.to_owned(), id + 1)
    }

    /// The emulator's process.
    pub(crate) fn emulator_process(&self) -> u32 {
        self.front.emulator.process()
    }

    // What people do; none of it is among the requests.

    /// The owner commits files to a branch, which is made if it is new; the commit.
    pub(crate) async fn commit(&self, branch: &str, files: &[(&str, &str)]) -> String {
        self.person_commits("octocat", branch, files).await
    }

    /// Somebody commits files to a branch of the repository.
    pub(crate) async fn person_commits(&self, login: &str, branch: &str, files: &[(&str, &str)]) -> String {
        self.commits_to(login, &self.repository, branch, files).await
    }

    /// Somebody forks the repository, unless it is done, and commits to a branch there: the fork and the commit.
    pub(crate) async fn fork_commits(&self, login: &str, branch: &str, files: &[(&str, &str)]) -> (String, String) {
        let fork = self.repository.replace("octocat/", &format!("{login}/"));
        if self.sees(login, &format!("/repos/{fork}")).await.is_null() {
            self.does(login, "POST", &format!("/repos/{}/forks", self.repository), &json!({})).await;
            self.front.scene().repositories.push(fork.clone());
        }
        let sha = self.commits_to(login, &fork, branch, files).await;
        (fork, sha)
    }

    async fn commits_to(&self, login: &str, repository: &str, branch: &str, files: &[(&str, &str)]) -> String {
        let entry = |(path, content): &(&str, &str)| match *content {
            // A link to another file.
            link if link.starts_with("-> ") => {
                json!({ "path": path, "mode": "120000", "type": "blob", "content": &link[3..] })
            }
            script if script.starts_with("#!") => {
                json!({ "path": path, "mode": "100755", "type": "blob", "content": script })
            }
            content => json!({ "path": path, "mode": "100644", "type": "blob", "content": content }),
        };
        let git = format!("/repos/{repository}/git");
        let there = self.sees(login, &format!("{git}/ref/heads/{branch}")).await;
        let base =
            if there.is_null() { self.sees(login, &format!("{git}/ref/heads/main")).await } else { there.clone() };
        let parent = self.sees(login, &format!("{git}/commits/{}", text(&base["object"]["sha"]))).await;
        let entries: Vec<Value> = files.iter().map(entry).collect();
        let tree = json!({ "base_tree": parent["tree"]["sha"], "tree": entries });
        let tree = self.does(login, "POST", &format!("{git}/trees"), &tree).await;
        let commit = json!({ "message": "A change", "tree": tree["sha"], "parents": [parent["sha"]] });
        let commit = self.does(login, "POST", &format!("{git}/commits"), &commit).await;
        let sha = text(&commit["sha"]);
        if there.is_null() {
            let new = json!({ "ref": format!("refs/heads/{branch}"), "sha": sha });
            self.does(login, "POST", &format!("{git}/refs"), &new).await;
        } else {
            self.does(login, "PATCH", &format!("{git}/refs/heads/{branch}"), &json!({ "sha": sha })).await;
        }
        sha
    }

    /// Somebody opens a pull request; its number.
    pub(crate) async fn person_opens(&self, login: &str, head: &str, base: &str) -> u64 {
        let new = json!({ "title": "A change", "head": head, "base": base });
        let path = format!("/repos/{}/pulls", self.repository);
        self.does(login, "POST", &path, &new).await["number"].as_u64().expect("a number")
    }

    /// The owner lets somebody in: `push`, `pull`, `admin`, ….
    pub(crate) async fn lets_in(&self, login: &str, permission: &str) {
        let path = format!("/repos/{}/collaborators/{login}", self.repository);
        self.does("octocat", "PUT", &path, &json!({ "permission": permission })).await;
    }

    /// The owner does something below the repository's address: `PUT`, `pulls/1/merge`, ….
    pub(crate) async fn owner_does(&self, method: &str, rest: &str, body: &Value) -> Value {
        self.does("octocat", method, &format!("/repos/{}/{rest}", self.repository), body).await
    }

    /// What the owner sees below the repository's address; null if there is no such thing.
    pub(crate) async fn owner_sees(&self, rest: &str) -> Value {
        let path = format!("/repos/{}/{rest}", self.repository);
        self.sees("octocat", path.trim_end_matches('/')).await
    }

    /// The pull requests that are open now.
    pub(crate) async fn open_pull_requests(&self) -> Vec<Value> {
        self.owner_sees("pulls?state=open&per_page=100").await.as_array().cloned().unwrap_or_default()
    }

    // What the script says.

    /// A run has taken place, on the newest commit of its branch unless it names another one.
    pub(crate) async fn run(&self, script: RunScript) -> StartedRun {
        let repository = match &script.origin {
            Origin::Fork(fork) => fork.clone(),
            Origin::Here | Origin::Deleted => self.repository.clone(),
        };
        let sha = match script.sha.clone() {
            Some(sha) => sha,
            None => {
                let head = format!("/repos/{repository}/git/ref/heads/{}", script.branch);
                text(&self.sees("octocat", &head).await["object"]["sha"])
            }
        };
        let run: StoredRun = self.front.scene().add(&self.repository, script, sha);
        StartedRun { id: run.id, jobs: run.numbers(), sha: run.sha }
    }

    /// The repository has a variable.
    pub(crate) fn set_variable(&self, name: &str, value: &str) {
        self.front.scene().variables.insert((self.repository.clone(), name.to_owned()), value.to_owned());
    }

    /// Tokens may not see variables.
    pub(crate) fn hide_variables(&self) {
        self.front.scene().variables_hidden = true;
    }

    /// The repository's settings keep Actions from opening pull requests.
    pub(crate) fn forbid_pull_requests(&self) {
        self.front.scene().pulls_forbidden.insert(self.repository.clone());
    }

    /// All signed addresses given so far are too old.
    pub(crate) fn expire_signatures(&self) {
        self.front.storage.expire();
    }

    // Trouble.

    /// Every call that fits `GET /repos/*/*/pulls/**` goes wrong.
    pub(crate) fn fault(&self, calls: &str, fault: Fault) {
        self.front.faults.add(calls, fault, 0, usize::MAX);
    }

    /// The next so many calls that fit go wrong.
    pub(crate) fn fault_times(&self, calls: &str, fault: Fault, times: usize) {
        self.front.faults.add(calls, fault, 0, times);
    }

    /// One call that fits goes wrong, after `spared` ones that go well.
    pub(crate) fn fault_after(&self, spared: usize, calls: &str, fault: Fault) {
        self.front.faults.add(calls, fault, spared, 1);
    }

    /// Nothing goes wrong any more.
    pub(crate) fn heal(&self) {
        self.front.faults.clear();
    }

    // What was asked.

    /// What the interface was asked since the start, or since the last time that was forgotten.
    pub(crate) fn requests(&self) -> Vec<Call> {
        self.front.asked.lock().expect("not poisoned").clone()
    }

    /// What the host of signed addresses was asked.
    pub(crate) fn storage_requests(&self) -> Vec<Call> {
        self.front.fetched.lock().expect("not poisoned").clone()
    }

    /// Forgets what was asked.
    pub(crate) fn forget_requests(&self) {
        self.front.asked.lock().expect("not poisoned").clear();
        self.front.fetched.lock().expect("not poisoned").clear();
    }

    /// Everything that was sent to either host, but for the tokens in `Authorization`.
    pub(crate) fn bytes_sent(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for call in self.requests().iter().chain(&self.storage_requests()) {
            bytes.extend_from_slice(format!("{} {}\n", call.method, call.target()).as_bytes());
            for (name, value) in call.headers.iter().filter(|(name, _)| *name != "authorization") {
                bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
            }
            bytes.extend([b"\n", &call.body[..], b"\n"].concat());
        }
        bytes
    }

    /// How many requests counted for the rate limit.
    pub(crate) fn rate_limit_used(&self) -> u64 {
        self.front.used.load(Ordering::Relaxed)
    }

    // The emulator, spoken to directly.

    async fn does(&self, login: &str, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.front.emulator.url());
        let request = self.front.client.request(method.parse().expect("a method"), url);
        let answer = request.bearer_auth(self.token_of(login)).json(body).send().await.expect("an answer");
        let (status, told) = (answer.status(), answer.text().await.expect("an answer"));
        assert!(status.is_success(), "{login} cannot {method} {path}: {status} {told}");
        serde_json::from_str(&told).unwrap_or_default()
    }

    async fn sees(&self, login: &str, path: &str) -> Value {
        let url = format!("{}{path}", self.front.emulator.url());
        let answer = self.front.client.get(url).bearer_auth(self.token_of(login)).send().await.expect("an answer");
        if answer.status().is_success() { answer.json().await.expect("JSON") } else { Value::Null }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text instead of {value}")).to_owned()
}
