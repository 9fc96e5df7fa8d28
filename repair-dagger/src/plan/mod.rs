//! What a container must have to be like the failed job's machine: data alone, made without asking anybody.

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
        let (packages, environment, services) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { image: image.into(), packages, environment, services, steps: Vec::new(), notes: Vec::new() }
    }
}
