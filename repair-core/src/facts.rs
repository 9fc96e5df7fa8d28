//! What a generator may ask of the world, and the answers.

use crate::{RepoPath, Snapshot};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// A question that needs a process or the network.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Query {
    /// What would one of the project's own tools make of a file?
    Rewrite {
        /// The tool, such as `black`.
        tool: String,
        /// How it is to be called; the tool runner's business.
        profile: String,
        /// The file.
        path: RepoPath,
    },
    /// Which distribution provides a module?
    Distribution {
        /// The module's dotted name.
        module: String,
    },
    /// A third party's question.
    Custom {
        /// Whose question it is.
        kind: String,
        /// The question.
        key: String,
    },
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// What the tool made of the file.
    Rewrite {
        /// The new contents; `None` if the tool leaves the file as it is.
        contents: Option<Vec<u8>>,
        /// The tool with its version and where that was found, for the report.
        by: String,
    },
    /// The distribution that provides the module.
    Distribution {
        /// Its name on the package index.
        name: String,
        /// The version at hand, if one is installed.
        version: Option<String>,
    },
    /// The answer to a third party's question.
    Text(String),
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// The tool, index or model is not there.
    #[error("{0}")]
    Unavailable(String),
    /// It was asked and failed.
    #[error("{0}")]
    Failed(String),
}

/// Answers queries. The only place where a fix may touch a process or the network.
#[async_trait]
pub trait FactProvider: Send + Sync {
    /// The answer to one query about `snapshot`, or `None` if this provider does not answer such queries.
    async fn answer(&self, query: &Query, snapshot: &Snapshot) -> Option<Result<Fact, FactError>>;

    /// The answers to many queries, in their order; worth overriding where asking once for all is cheaper.
    async fn answer_all(&self, queries: &[Query], snapshot: &Snapshot) -> Vec<Option<Result<Fact, FactError>>> {
        let mut answers = Vec::with_capacity(queries.len());
        for query in queries {
            answers.push(self.answer(query, snapshot).await);
        }
        answers
    }
}

/// Queries with their answers.
#[derive(Debug, Clone, Default)]
pub struct Facts(BTreeMap<Query, Result<Fact, FactError>>);

impl Facts {
    /// Remembers an answer.
    pub fn insert(&mut self, query: Query, answer: Result<Fact, FactError>) {
        self.0.insert(query, answer);
    }

    /// The answer to `query`, if it was asked and somebody answered.
    pub fn get(&self, query: &Query) -> Option<&Result<Fact, FactError>> {
        self.0.get(query)
    }
}

impl FromIterator<(Query, Result<Fact, FactError>)> for Facts {
    fn from_iter<I: IntoIterator<Item = (Query, Result<Fact, FactError>)>>(answers: I) -> Self {
        Self(answers.into_iter().collect())
    }
}
