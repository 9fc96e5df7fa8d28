//! An import that names the folder in which the package lies.

use crate::manual::fixer;
use crate::python::Module;
use crate::python::layout::is_python;
use repair_core::{
    Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip, Snapshot, Span,
};

fixer! {
    /// Imports a package by its own name, without the folder in which it lies.
    ///
    /// # What it repairs
    ///
    /// `No module named 'src'` (or another folder's name) where a file says `from src.package.module import name`: the
    /// folder holds packages and is none itself, so its name is no part of theirs once the package is installed.
    /// Every such `from` import of the file is mended at once.
    ///
    /// # What may change
    ///
    /// Two ways to one file, `src.package` and `package`, are two modules to Python; code that relied on that changes.
    ///
    /// # Before
    ///
    /// ```text
    /// #- app.py
    /// from src.shop.prices import total
    /// #- src/shop/__init__.py
    /// #- src/shop/prices.py
    /// total = 1
    /// ```
    ///
    /// # After
    ///
    /// ```text
    /// #- app.py
    /// from shop.prices import total
    /// #- src/shop/__init__.py
    /// #- src/shop/prices.py
    /// total = 1
    /// ```
    pub(crate) struct SourceFolder {
        id: "import/source-folder",
        summary: "import a package by its own name, without the folder in which it lies",
        handles: [Import, Test],
        applicability: Unsafe,
    }
}

impl FixGenerator for SourceFolder {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let message = ctx.analysis.failure.message.as_deref().unwrap_or_default();
        let missing = message.split_once("No module named ").or_skip("no module is missing")?.1;
        let name = missing.trim_matches(['\'', '"', ' ']).split(['.', '\'']).next().unwrap_or_default();
        let folder = holds_packages(name, ctx.snapshot).or_skip("the module is no folder of packages")?;
        let suspect = ctx.analysis.suspects.first().or_skip("the failure names no file")?;
        let module = Module::at(ctx.snapshot, &suspect.path).or_skip("not a text file")?;
        let prefixes = prefixes(&module, &folder, ctx.snapshot);
        let title = format!("Import without `{name}.`");
        let fix = fixes.add(Applicability::Unsafe, title, |changes| {
            for prefix in &prefixes {
                changes.delete(&suspect.path, *prefix);
            }
        })?;
        fix.confidence(Confidence::High).because(format!("`{name}` is the folder in which the package lies"));
        Ok(())
    }
}

/// The folder `name` at the top of the repository, if packages lie in it.
///
/// It may have an `__init__.py`, but it cannot be imported, as the failure says.
fn holds_packages(name: &str, snapshot: &Snapshot) -> Option<RepoPath> {
    let folder = RepoPath::new(name).ok()?;
    let own = folder.join("__init__.py").ok()?;
    let is_package = |path: &RepoPath| path.is_within(&folder) && path.file_name() == "__init__.py" && *path != own;
    snapshot.paths().any(is_package).then_some(folder)
}

/// The folder's name with its dot in each `from` import of a module that is there.
fn prefixes(module: &Module, folder: &RepoPath, snapshot: &Snapshot) -> Vec<Span> {
    let named =
        module.nodes_of_kind("import_from_statement").filter_map(|node| node.child_by_field_name("module_name"));
    let below = named.filter(|node| {
        let text = module.text_of(*node).replace('.', "/");
        let rest = text.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
        let file = |rest: &str| folder.join(rest).ok();
        rest.and_then(file)
            .is_some_and(|path| snapshot.paths().any(|known| is_python(known) && is_module(known, &path)))
    });
    below.map(|node| Span::new(node.start_byte(), node.start_byte() + folder.as_str().len() + 1)).collect()
}

/// Whether `file` is the module at `path`, or lies in the package there.
fn is_module(file: &RepoPath, path: &RepoPath) -> bool {
    file.is_within(path) || file.as_str().strip_suffix(".py") == Some(path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{check, check_skipped};
    use repair_core::{Category, Failure};

    fn missing(module: &str) -> Failure {
        let mut failure = Failure::new(Category::Import, "python");
        failure.code = Some("ModuleNotFoundError".into());
        failure.message = Some(format!("No module named '{module}'"));
        failure
    }

    const PACKAGE: &str = "#- src/shop/__init__.py\n#- src/shop/prices.py\ntotal = 1\n#- src/shop/util.py\n";

    #[test]
    fn every_import_of_the_file_is_mended() {
        let fixture = format!(
            "{PACKAGE}$0from src.shop.prices import total\nimport os\nfrom src.shop import prices\nfrom src.other import x\n"
        );
        let expected = "--- a/src/shop/util.py\n+++ b/src/shop/util.py\n@@ -1,4 +1,4 @@\n-from src.shop.prices import total\n+from shop.prices import total\n import os\n-from src.shop import prices\n+from shop import prices\n from src.other import x\n";
        check(&SourceFolder, &fixture, missing("src"), expected);
    }

    #[test]
    fn folders_without_packages_are_left_alone() {
        check_skipped(&SourceFolder, &format!("{PACKAGE}$0import yaml\n"), missing("yaml"), "no folder of packages");
        let package = "#- src/__init__.py\n#- src/shop.py\n#- app.py\n$0from src import shop\n";
        check_skipped(&SourceFolder, package, missing("src"), "no folder of packages");
    }
}
