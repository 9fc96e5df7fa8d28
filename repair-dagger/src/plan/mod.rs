//! What a container must have to be like the failed job's machine: data alone, made without asking anybody.

mod action;
mod draft;
mod failed_job;
mod forward;
mod image;
mod needs;
mod pipeline;
mod requirements;
mod services;
mod system;

pub use failed_job::FailedJob;
pub use forward::Forward;
pub use pipeline::{Pipeline, PipelinePlan};

use std::collections::BTreeMap;

/// An environment, and the checks that run in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The image that it begins with, such as `python:3.11-slim`.
    pub image: String,
    /// Debian packages to install.
    pub packages: Vec<String>,
    /// Variables of every step; none is secret.
    pub environment: BTreeMap<String, String>,
    /// What runs beside it.
    pub services: Vec<Service>,
    /// Ports of the machine itself that stand for ports of services: see [`Plan::prelude`].
    pub forwards: Vec<Forward>,
    /// What prepares it, in order. Each is a shell command, and one that fails stops everything.
    pub steps: Vec<PlannedStep>,
    /// What of the job is not mirrored, and why, for the reader.
    pub notes: Vec<String>,
}

/// A step that prepares an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// What it is called.
    pub name: String,
    /// The command, for a shell that stops at the first error.
    pub command: String,
    /// The folder to run it in, relative to the repository; `None` is its top.
    pub working_directory: Option<String>,
    /// Variables of it alone.
    pub environment: BTreeMap<String, String>,
    /// The only files of the repository that it needs, so that a change of others does not repeat it; `None` if that is
    /// not known, and it needs all.
    pub needs: Option<Vec<String>>,
}

/// A service that runs beside the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The name by which the checks reach it.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Its variables.
    pub environment: BTreeMap<String, String>,
    /// The ports that it listens on.
    pub ports: Vec<u16>,
}

impl Plan {
    /// An environment with nothing but an image.
    pub fn new(image: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            packages: Vec::new(),
            environment: BTreeMap::new(),
            services: Vec::new(),
            forwards: Vec::new(),
            steps: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What a shell has to run before each command that may use services; `None` if nothing.
    ///
    /// A job that is in no container reaches its services at `localhost`, and containers reach each other by name.
    /// Rewriting variables would not help code that has `localhost` in it, so ports of the machine are forwarded instead.
    pub fn prelude(&self) -> Option<String> {
        forward::command(&self.forwards)
    }
}
