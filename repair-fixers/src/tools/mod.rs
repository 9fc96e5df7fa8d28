//! The tools that repair what they report: formatters, import sorters, linters with fixes.

#[cfg(feature = "local")]
mod fixing;
#[cfg(feature = "local")]
mod install;
#[cfg(feature = "local")]
mod overlay;
#[cfg(feature = "local")]
mod provider;
mod spec;
mod version;

#[cfg(feature = "local")]
pub use install::ToolCache;
#[cfg(feature = "local")]
pub use overlay::{Overlay, WithDependencies};
#[cfg(feature = "local")]
pub use provider::ProjectTools;
pub(crate) use spec::ToolSpec;
pub use version::{ToolVersion, version_in_use};

/// Fixes that the tool itself calls safe.
pub(crate) const FIX: &str = "fix";
/// All fixes of the tool, those included that it calls unsafe.
pub(crate) const UNSAFE_FIX: &str = "unsafe-fix";
