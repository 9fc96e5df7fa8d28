//! What tests say has happened: runs, jobs, logs, artifacts.

/// A job's log, as the storage has it.
#[derive(Debug, Clone)]
pub(crate) enum Log {
    /// It can be read.
    Text(Vec<u8>),
    /// It can be read and travels compressed.
    Compressed(Vec<u8>),
    /// It has expired (410).
    Expired,
    /// There is none (404).
    Missing,
}

/// A job of a run.
#[derive(Debug, Clone)]
pub(crate) struct JobScript {
    pub(crate) name: String,
    pub(crate) conclusion: Option<&'static str>,
    pub(crate) steps: Vec<(String, &'static str)>,
    pub(crate) labels: Vec<String>,
    pub(crate) log: Log,
    pub(crate) annotations: Vec<(String, u32, &'static str, String)>,
}

impl JobScript {
    /// A job that failed.
    pub(crate) fn failed(name: &str, log: &str) -> Self {
        let steps = vec![("Set up job".to_owned(), "success"), ("Run tests".to_owned(), "failure")];
        Self {
            name: name.to_owned(),
            conclusion: Some("failure"),
            steps,
            labels: vec!["ubuntu-latest".to_owned()],
            log: Log::Text(log.as_bytes().to_vec()),
            annotations: Vec::new(),
        }
    }

    /// A job that passed.
    pub(crate) fn passed(name: &str) -> Self {
        let steps = vec![("Set up job".to_owned(), "success"), ("Run tests".to_owned(), "success")];
        Self { conclusion: Some("success"), steps, ..Self::failed(name, "all is well\n") }
    }

    /// The same with another log.
    #[must_use]
    pub(crate) fn log(self, log: Log) -> Self {
        Self { log, ..self }
    }

    /// The same with an annotation: file, line, level, message.
    #[must_use]
    pub(crate) fn annotated(mut self, path: &str, line: u32, level: &'static str, message: &str) -> Self {
        self.annotations.push((path.to_owned(), line, level, message.to_owned()));
        self
    }
}

/// Files that a run put aside.
#[derive(Debug, Clone)]
pub(crate) struct ArtifactScript {
    pub(crate) name: String,
    pub(crate) archive: Vec<u8>,
    pub(crate) expired: bool,
}

impl ArtifactScript {
    /// An archive under a name.
    pub(crate) fn new(name: &str, archive: Vec<u8>) -> Self {
        Self { name: name.to_owned(), archive, expired: false }
    }

    /// The same, no longer to be had.
    #[must_use]
    pub(crate) fn expired(self) -> Self {
        Self { expired: true, ..self }
    }
}

/// Where a run's commit comes from.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// The repository itself.
    Here,
    /// A fork.
    Fork(String),
    /// A fork that was deleted since.
    Deleted,
}

/// A run of a workflow.
#[derive(Debug, Clone)]
pub(crate) struct RunScript {
    pub(crate) branch: String,
    pub(crate) sha: Option<String>,
    pub(crate) event: &'static str,
    pub(crate) conclusion: Option<&'static str>,
    pub(crate) actor: String,
    pub(crate) origin: Origin,
    /// The jobs of each attempt.
    pub(crate) attempts: Vec<Vec<JobScript>>,
    pub(crate) artifacts: Vec<ArtifactScript>,
    /// Whether the fields that may be null are.
    pub(crate) bare: bool,
}

impl RunScript {
    /// A push to a branch whose run failed in this job.
    pub(crate) fn red(branch: &str, job: JobScript) -> Self {
        Self {
            branch: branch.to_owned(),
            sha: None,
            event: "push",
            conclusion: Some("failure"),
            actor: "octocat".to_owned(),
            origin: Origin::Here,
            attempts: vec![vec![job]],
            artifacts: Vec::new(),
            bare: false,
        }
    }

    /// The same with one job more in its last attempt.
    #[must_use]
    pub(crate) fn job(mut self, job: JobScript) -> Self {
        self.attempts.last_mut().expect("one attempt").push(job);
        self
    }

    /// The same, started again: one attempt more.
    #[must_use]
    pub(crate) fn again(mut self, jobs: Vec<JobScript>) -> Self {
        self.attempts.push(jobs);
        self
    }

    /// The same with an artifact.
    #[must_use]
    pub(crate) fn artifact(mut self, artifact: ArtifactScript) -> Self {
        self.artifacts.push(artifact);
        self
    }

    /// The same, caused by somebody.
    #[must_use]
    pub(crate) fn by(self, login: &str) -> Self {
        Self { actor: login.to_owned(), ..self }
    }

    /// The same, for a pull request from a fork.
    #[must_use]
    pub(crate) fn of_fork(self, fork: &str, sha: &str) -> Self {
        let (origin, sha) = (Origin::Fork(fork.to_owned()), Some(sha.to_owned()));
        Self { origin, sha, event: "pull_request", ..self }
    }

    /// The same, whose fork is gone.
    #[must_use]
    pub(crate) fn of_deleted_fork(self, sha: &str) -> Self {
        Self { origin: Origin::Deleted, sha: Some(sha.to_owned()), event: "pull_request", ..self }
    }

    /// The same, as a run that ended so (`None`: it still runs).
    #[must_use]
    pub(crate) fn ended(self, conclusion: Option<&'static str>) -> Self {
        Self { conclusion, ..self }
    }

    /// The same, with null wherever GitHub may say null.
    #[must_use]
    pub(crate) fn bare(self) -> Self {
        Self { bare: true, ..self }
    }
}
