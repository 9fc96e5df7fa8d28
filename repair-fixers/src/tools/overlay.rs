//! Proof for added dependencies: they are installed beside the environment before the checks run.

use super::ToolCache;
use crate::dependency::{normalized, requirements};
use async_trait::async_trait;
use repair_core::{
    Check, Interpreter, LocalValidator, Snapshot, ValidateError, ValidationRequest, ValidationResult, Validator,
};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A folder on the checks' `PYTHONPATH` that gets the distributions which a change adds to the project's dependencies.
///
/// pip installs them from wheels alone, outside of the sandbox, since they come from the network; nothing of them or
/// of the repository runs there. What the environment has already is not installed again.
#[derive(Debug)]
pub struct Overlay {
    folder: TempDir,
    cache: ToolCache,
    interpreter: Interpreter,
    installed: Mutex<BTreeSet<String>>,
}

impl Overlay {
    /// An empty overlay for the environment of `interpreter`, in a folder of `cache` that goes with it.
    pub fn new(cache: ToolCache, interpreter: Interpreter) -> std::io::Result<Self> {
        let folder = cache.scratch("overlay-")?;
        Ok(Self { folder, cache, interpreter, installed: Mutex::default() })
    }

    /// The check with the overlay at the end of its `PYTHONPATH`.
    pub fn beneath(&self, mut check: Check) -> Check {
        let folder = self.packages().to_string_lossy().into_owned();
        let path = check.environment.entry("PYTHONPATH".to_owned()).or_default();
        *path = if path.is_empty() { folder } else { format!("{path}:{folder}") };
        check
    }

    fn packages(&self) -> PathBuf {
        self.folder.path().join("packages")
    }

    /// Makes the overlay hold `wanted` and what they need, and nothing else.
    async fn hold(&self, wanted: BTreeSet<String>) -> Result<(), String> {
        let mut installed = self.installed.lock().await;
        if *installed == wanted {
            return Ok(());
        }
        installed.clear();
        let packages = self.packages();
        match tokio::fs::remove_dir_all(&packages).await {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.to_string()),
            _ => {}
        }
        if !wanted.is_empty() {
            self.cache.install_packages(&wanted, &present(&self.interpreter), &self.interpreter, &packages).await?;
        }
        *installed = wanted;
        Ok(())
    }
}

/// The distributions that the environment has, by normalized name.
fn present(interpreter: &Interpreter) -> BTreeSet<String> {
    let folders = interpreter.site_packages();
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter_map(|name| Some(normalized(name.strip_suffix(".dist-info")?.split_once('-')?.0))).collect()
}

/// A local validator that installs what a change adds to the project's dependencies before it runs the checks.
pub struct WithDependencies {
    inner: LocalValidator,
    overlay: Overlay,
    declared: BTreeSet<String>,
}

impl WithDependencies {
    /// Runs `inner`, whose checks have `overlay` [beneath](Overlay::beneath) them, for changes of `base`.
    pub fn new(inner: LocalValidator, overlay: Overlay, base: &Snapshot) -> Self {
        Self { inner, overlay, declared: requirements(base) }
    }
}

#[async_trait]
impl Validator for WithDependencies {
    fn id(&self) -> &'static str {
        "local"
    }

    async fn validate(&self, request: ValidationRequest<'_>) -> Result<ValidationResult, ValidateError> {
        let added: BTreeSet<String> = requirements(request.snapshot).difference(&self.declared).cloned().collect();
        let mut note = added.iter().cloned().collect::<Vec<_>>().join(", ");
        // What cannot be installed leaves the failure as it is, and so refuses the fix.
        if let Err(error) = self.overlay.hold(added).await {
            note = format!("{note}: not installed: {error}");
        }
        let mut result = self.inner.validate(request).await?;
        if !note.is_empty() {
            result.environment = format!("{}; with {note}", result.environment);
        }
        Ok(result)
    }
}
