//! The server in front of the emulator.

use super::actions;
use super::answer::Answer;
use super::call::Call;
use super::emulator::Emulator;
use super::faults::{Fault, Faults};
use super::graphql;
use super::passing::pass;
use super::scene::Scene;
use super::storage::{Storage, Stored};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How many requests an hour has.
const LIMIT: u64 = 5000;

/// Everything that the front knows.
pub(crate) struct Front {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) client: reqwest::Client,
    pub(crate) scene: Mutex<Scene>,
    pub(crate) storage: Storage,
    pub(crate) faults: Faults,
    /// What the interface was asked.
    pub(crate) asked: Mutex<Vec<Call>>,
    /// What the storage was asked.
    pub(crate) fetched: Mutex<Vec<Call>>,
    pub(crate) tokens: Mutex<BTreeSet<String>>,
    pub(crate) used: AtomicU64,
    /// Held while a branch changes through GraphQL: it is one step.
    pub(crate) committing: tokio::sync::Mutex<()>,
    /// Whether 304 was ever answered.
    pub(crate) unchanged: AtomicBool,
    address: String,
    storage_address: String,
    count: AtomicU64,
}

/// Which of the two hosts a connection came to.
#[derive(Clone, Copy)]
enum Host {
    Interface,
    Storage,
}

/// The tasks that serve; they end when dropped.
pub(crate) struct Serving(Vec<JoinHandle<()>>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl Front {
    /// Listens on two free ports.
    pub(crate) async fn start(emulator: Arc<Emulator>, scene: Scene, tokens: BTreeSet<String>) -> (Arc<Self>, Serving) {
        let interface = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let storage = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let front = Arc::new(Self {
            emulator,
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            scene: Mutex::new(scene),
            storage: Storage::default(),
            faults: Faults::default(),
            asked: Mutex::default(),
            fetched: Mutex::default(),
            tokens: Mutex::new(tokens),
            used: AtomicU64::new(0),
            committing: tokio::sync::Mutex::default(),
            unchanged: AtomicBool::new(false),
            address: format!("http://{}", interface.local_addr().expect("an address")),
            storage_address: format!("http://localhost:{}", storage.local_addr().expect("an address").port()),
            count: AtomicU64::new(0),
        });
        let serving = [(interface, Host::Interface), (storage, Host::Storage)]
            .map(|(listener, host)| tokio::spawn(listen(front.clone(), listener, host)));
        (front, Serving(serving.into()))
    }

    /// The interface's address, as the caller of `call` knows it.
    pub(crate) fn base(&self, call: &Call) -> String {
        format!("{}{}", self.address, call.prefix)
    }

    /// The interface's address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The other host's address.
    pub(crate) fn storage_address(&self) -> &str {
        &self.storage_address
    }

    /// The signed address of something in the storage.
    pub(crate) fn signed(&self, name: &str, stored: Stored) -> String {
        format!("{}{}", self.storage_address, self.storage.sign(name, stored))
    }

    /// What happened so far, to look at or to change.
    pub(crate) fn scene(&self) -> std::sync::MutexGuard<'_, Scene> {
        self.scene.lock().expect("not poisoned")
    }

    /// Does what is asked.
    async fn perform(&self, call: &Call) -> Answer {
        if !self.knows(call) {
            return Answer::refusal(401, "Bad credentials");
        }
        let answer = match graphql::answer(self, call).await {
            Some(answer) => answer,
            None => match actions::answer(self, call).await {
                Some(answer) => answer,
                None => pass(self, call).await,
            },
        };
        self.learn(call, &answer);
        answer
    }

    /// Whether the token is one that exists; app tokens are checked by the emulator.
    fn knows(&self, call: &Call) -> bool {
        let for_app = call.path.starts_with("/app") || call.path.ends_with("/installation");
        let known = |token: &str| self.tokens.lock().expect("not poisoned").contains(token);
        for_app || call.token().is_none_or(known)
    }

    /// A token that was just made exists from now on.
    fn learn(&self, call: &Call, answer: &Answer) {
        if call.path.ends_with("/access_tokens") && answer.status == 201 {
            let made: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let token = made["token"].as_str().map(str::to_owned);
            self.tokens.lock().expect("not poisoned").extend(token);
        }
    }

    /// Adds what every answer of the interface has: a request's number, the rate limit, and the tag of what is sent.
    fn finish(&self, call: &Call, mut answer: Answer) -> Answer {
        if call.method == "GET" && answer.status == 200 {
            let mut hasher = DefaultHasher::new();
            (&*answer.body, call.header("accept")).hash(&mut hasher);
            let tag = format!("W/\"{:016x}\"", hasher.finish());
            if call.header("if-none-match") == Some(&tag) {
                answer = Answer { status: 304, headers: answer.headers, body: Bytes::new() };
                answer.headers.remove("content-type");
                self.unchanged.store(true, Ordering::Relaxed);
            }
            answer = answer.with("etag", tag).with("cache-control", "private, max-age=60, s-maxage=60");
        }
        let used = self.used.fetch_add(u64::from(answer.status != 304), Ordering::Relaxed) + 1;
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let left = LIMIT.saturating_sub(used);
        for (name, value) in [("limit", LIMIT), ("used", used), ("remaining", left), ("reset", now() + 3600)] {
            let name = format!("x-ratelimit-{name}");
            let scripted = answer.status == 403 && answer.headers.contains_key(&name);
            answer = if scripted { answer } else { answer.with(&name, value) };
        }
        answer.with("x-ratelimit-resource", "core").with("x-github-request-id", format!("C0DE:{number:06X}:1A2B3C"))
    }

    /// The rate limit, which costs nothing to ask.
    pub(crate) fn rate_limit(&self) -> Answer {
        let used = self.used.load(Ordering::Relaxed);
        let rate =
            json!({ "limit": LIMIT, "used": used, "remaining": LIMIT.saturating_sub(used), "reset": now() + 3600 });
        Answer::json(200, &json!({ "resources": { "core": rate, "search": rate }, "rate": rate }))
    }
}

async fn listen(front: Arc<Front>, listener: TcpListener, host: Host) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let front = front.clone();
        connections.spawn(async move {
            let service = service_fn(|request| serve(&front, host, request));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An error closes the connection without an answer.
async fn serve(front: &Front, host: Host, request: Request<Incoming>) -> Result<Response<Sent>, io::Error> {
    let call = received(request).await?;
    let (log, fault) = match host {
        Host::Interface => (&front.asked, front.faults.of(&call)),
        Host::Storage => (&front.fetched, front.faults.of(&call)),
    };
    log.lock().expect("not poisoned").push(call.clone());
    match fault {
        Some(Fault::Refused) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        _ => {}
    }
    let instead = fault.and_then(Fault::answer);
    let answer = match (host, instead) {
        (Host::Interface, Some(answer)) => front.finish(&call, answer),
        (Host::Interface, None) => front.finish(&call, front.perform(&call).await),
        (Host::Storage, Some(answer)) => answer,
        (Host::Storage, None) => front.storage.answer(&call),
    };
    match fault {
        Some(Fault::Lost) => Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Cut) => Ok(sent(answer, true)),
        _ => Ok(sent(answer, false)),
    }
}

async fn received(request: Request<Incoming>) -> Result<Call, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path();
    let (prefix, path) = match (path.strip_prefix("/api/v3"), path) {
        // On a server of one's own it is beside `v3`, not below it.
        (Some("/graphql"), path) => ("", path),
        (Some(rest), _) => ("/api/v3", rest),
        (None, "/api/graphql") => ("/api/v3", "/graphql"),
        (None, path) => ("", path),
    };
    let query = head.uri.query().map(str::to_owned);
    Ok(Call { method: head.method.to_string(), path: path.to_owned(), query, headers: head.headers, body, prefix })
}

fn sent(answer: Answer, cut: bool) -> Response<Sent> {
    let length = answer.body.len();
    let body =
        if cut { Sent::Half(answer.body.slice(..length / 2), None) } else { Sent::Whole(Full::new(answer.body)) };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status.try_into().expect("a status");
    *response.headers_mut() = *answer.headers;
    if answer.status != 304 {
        response.headers_mut().insert("content-length", length.into());
    }
    response
}

/// The body of an answer: whole, or broken off after its first half.
enum Sent {
    Whole(Full<Bytes>),
    Half(Bytes, Option<Pin<Box<tokio::time::Sleep>>>),
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Half(half, wait @ None) => {
                *wait = Some(Box::pin(tokio::time::sleep(Duration::from_millis(20))));
                Poll::Ready(Some(Ok(Frame::data(std::mem::take(half)))))
            }
            Self::Half(_, Some(wait)) => {
                wait.as_mut().poll(context).map(|()| Some(Err(io::ErrorKind::ConnectionReset.into())))
            }
        }
    }
}

/// Seconds since the epoch.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
