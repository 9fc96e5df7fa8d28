//! What ci-repair knows about Python: how tools report failures, what causes them, how to repair them, and which
//! changes are cheats.

pub mod checks;
#[cfg(test)]
mod cross;
#[cfg(feature = "dependency")]
mod dependency;
pub mod guards;
#[cfg(feature = "import")]
mod import;
pub mod logs;
#[cfg(any(feature = "syntax", feature = "import", feature = "dependency", feature = "quality"))]
mod manual;
pub mod python;
#[cfg(feature = "quality")]
mod quality;
pub mod shell;
#[cfg(feature = "syntax")]
mod syntax;
#[cfg(feature = "quality")]
pub mod tools;
pub mod workflow;

use repair_core::{Analyzer, FixGenerator};

/// Every fix generator of the enabled families.
pub fn generators() -> Vec<Box<dyn FixGenerator>> {
    let families: Vec<Vec<Box<dyn FixGenerator>>> = vec![
        #[cfg(feature = "dependency")]
        dependency::generators(),
        #[cfg(feature = "import")]
        import::generators(),
        #[cfg(feature = "quality")]
        quality::generators(),
        #[cfg(feature = "syntax")]
        syntax::generators(),
    ];
    families.into_iter().flatten().collect()
}

/// Every analyzer.
pub fn analyzers() -> Vec<Box<dyn Analyzer>> {
    Vec::new()
}
