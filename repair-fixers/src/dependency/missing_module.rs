//! A module that no installed distribution provides.

use super::manifest::{Manifest, manifests};
use super::table::{is_python2, known};
use crate::manual::fixer;
use crate::python::imports::imports;
use crate::python::layout::{Layout, is_test};
use crate::python::{Module, stdlib};
use regex::Regex;
use repair_core::{
    Analysis, Applicability, Confidence, Fact, Failure, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Query,
    RepoPath, Skip, Snapshot,
};
use std::cmp::Reverse;
use std::sync::LazyLock;

fixer! {
    /// Declares the distribution that provides a missing module.
    ///
    /// # What it repairs
    ///
    /// `ModuleNotFoundError: No module named …` where the module belongs neither to the standard library nor to the
    /// repository.
    /// The distribution's name comes from whoever answers, from a table of well-known names, or is the module's own.
    /// It goes into the list that declares what the file imports besides: `pyproject.toml` (project, groups, extras,
    /// poetry), `setup.cfg`, `setup.py`, requirement files, `Pipfile`, `environment.yml`; for a test into a list for
    /// development if there is one.
    /// Order, quotes and line ends stay.
    ///
    /// # What may change
    ///
    /// Another distribution is installed, in a version that nobody has pinned.
    ///
    /// # Before
    ///
    /// ```text
    /// #- app.py
    /// import yaml
    /// #- requirements.txt
    /// attrs==23.1
    /// requests>=2
    /// ```
    ///
    /// # After
    ///
    /// ```text
    /// #- app.py
    /// import yaml
    /// #- requirements.txt
    /// attrs==23.1
    /// PyYAML
    /// requests>=2
    /// ```
    pub(crate) struct MissingModule {
        id: "dependency/missing-module",
        summary: "declare the distribution that provides a missing module",
        handles: [Import, Test, IntegrationTest, Dependency, Documentation],
        applicability: Unsafe,
    }
}

impl FixGenerator for MissingModule {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn queries(&self, analysis: &Analysis, snapshot: &Snapshot) -> Vec<Query> {
        let module = missing_module(&analysis.failure).filter(|module| foreign(module, snapshot).is_ok());
        module.map(|module| Query::Distribution { module }).into_iter().collect()
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let module = missing_module(&ctx.analysis.failure).or_skip("the failure is not about a missing module")?;
        foreign(&module, ctx.snapshot)?;
        let (distribution, confidence) = distribution(ctx, &module);
        let all = manifests(ctx.snapshot);
        let text = |manifest: &Manifest| ctx.snapshot.text(&manifest.path).unwrap_or_default();
        if let Some(manifest) = all.iter().find(|manifest| manifest.declares(text(manifest), &distribution)) {
            return Err(Skip::new(format!("`{distribution}` is declared in {} already", manifest.title)));
        }
        let importer = ctx.analysis.suspects.first().map(|suspect| &suspect.path);
        let manifest = best(&all, importer, ctx.snapshot).or_skip("no list of dependencies is known")?;
        let edits = manifest.insertion(text(manifest), &distribution);
        fixes
            .add(Applicability::Unsafe, format!("Declare `{distribution}` in {}", manifest.title), |changes| {
                _ = changes.replace_all(&manifest.path, edits)
            })?
            .confidence(confidence)
            .because(format!("it provides `{module}`"));
        Ok(())
    }
}

/// The dotted module that is missing, if that is what the failure says.
fn missing_module(failure: &Failure) -> Option<String> {
    static MESSAGE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"No module named ['"]?([\w.]+)['"]?"#).ok());
    let message = failure.message.as_deref().unwrap_or_default();
    let found = MESSAGE.as_ref()?.captures(message).map(|found| found[1].trim_matches('.').to_owned());
    let code = failure.code.as_deref() == Some("ModuleNotFoundError");
    found.or_else(|| failure.subject.clone().filter(|_| code)).filter(|module| !module.is_empty())
}

fn foreign(module: &str, snapshot: &Snapshot) -> Result<(), Skip> {
    if stdlib::is_stdlib(module) {
        return Err(Skip::new(format!("`{module}` belongs to the standard library of some Python")));
    }
    if is_python2(module) {
        return Err(Skip::new(format!("`{module}` belongs to Python 2")));
    }
    if snapshot.derived(Layout::of).is_first_party(module) {
        return Err(Skip::new(format!("`{module}` belongs to this repository")));
    }
    Ok(())
}

fn distribution(ctx: &FixContext<'_>, module: &str) -> (String, Confidence) {
    let query = Query::Distribution { module: module.to_owned() };
    if let Ok(Fact::Distribution { name, .. }) = ctx.fact(&query) {
        return (name.clone(), Confidence::High);
    }
    match known(module) {
        Some(name) => (name.to_owned(), Confidence::High),
        None => (module.split('.').next().unwrap_or(module).replace('_', "-"), Confidence::Low),
    }
}

/// The list for what `importer` imports: for tests one for development, and the one that declares its other imports.
fn best<'m>(all: &'m [Manifest], importer: Option<&RepoPath>, snapshot: &Snapshot) -> Option<&'m Manifest> {
    let test = importer.is_some_and(is_test);
    let module = importer.and_then(|path| Module::at(snapshot, path));
    let siblings: Vec<String> = module
        .iter()
        .flat_map(|module| imports(module))
        .flat_map(|import| import.names.iter().map(|name| import.module(name).to_owned()).collect::<Vec<_>>())
        .map(|module| {
            known(&module).map_or_else(|| module.split('.').next().unwrap_or(&module).to_owned(), str::to_owned)
        })
        .collect();
    let score = |manifest: &&Manifest| {
        let text = snapshot.text(&manifest.path).unwrap_or_default();
        let declared = siblings.iter().filter(|name| manifest.declares(text, name)).count();
        (manifest.development == test, declared)
    };
    let usable =
        all.iter().filter(|manifest| test || !manifest.development || all.iter().all(|other| other.development));
    usable.enumerate().max_by_key(|(place, manifest)| (score(manifest), Reverse(*place))).map(|(_, manifest)| manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{check, check_skipped, check_with_facts};
    use repair_core::{Category, Facts};

    fn missing(module: &str) -> Failure {
        let mut failure = Failure::new(Category::Import, "python");
        failure.code = Some("ModuleNotFoundError".to_owned());
        failure.message = Some(format!("No module named '{module}'"));
        failure
    }

    #[track_caller]
    fn declared(manifest: &str, module: &str, hunk: &str) {
        let fixture = format!("#- app.py\nimport $0x\n#- {manifest}");
        let name = manifest.lines().next().unwrap();
        check(&MissingModule, &fixture, missing(module), &format!("--- a/{name}\n+++ b/{name}\n{hunk}"));
    }

    #[test]
    fn every_kind_of_manifest_is_extended() {
        declared("requirements.txt\nattrs\nzope\n", "yaml", "@@ -1,2 +1,3 @@\n attrs\n+PyYAML\n zope\n");
        declared(
            "pyproject.toml\n[project]\ndependencies = [\n    \"attrs\",\n]\n",
            "cv2",
            "@@ -1,4 +1,5 @@\n [project]\n dependencies = [\n     \"attrs\",\n+    \"opencv-python\",\n ]\n",
        );
        declared(
            "pyproject.toml\n[tool.poetry.dependencies]\npython = \"^3.9\"\nattrs = \"*\"\n\n[build-system]\n",
            "yaml",
            "@@ -1,5 +1,6 @@\n [tool.poetry.dependencies]\n python = \"^3.9\"\n attrs = \"*\"\n+PyYAML = \"*\"\n \n [build-system]\n",
        );
        declared(
            "setup.cfg\n[options]\ninstall_requires =\n    attrs\n[x]\n",
            "yaml",
            "@@ -1,4 +1,5 @@\n [options]\n install_requires =\n     attrs\n+    PyYAML\n [x]\n",
        );
        declared(
            "setup.py\nsetup(install_requires=['attrs'])\n",
            "yaml",
            "@@ -1 +1 @@\n-setup(install_requires=['attrs'])\n+setup(install_requires=['attrs', 'PyYAML'])\n",
        );
        declared(
            "Pipfile\n[packages]\nattrs = \"*\"\n",
            "yaml",
            "@@ -1,2 +1,3 @@\n [packages]\n attrs = \"*\"\n+PyYAML = \"*\"\n",
        );
        declared(
            "environment.yml\ndependencies:\n  - python\n  - pip:\n    - attrs\n",
            "yaml",
            "@@ -2,3 +2,4 @@\n   - python\n   - pip:\n     - attrs\n+    - PyYAML\n",
        );
    }

    #[test]
    fn tests_have_their_own_list() {
        check(
            &MissingModule,
            "#- tests/test_a.py\nimport $0freezegun\n#- requirements.txt\nattrs\n#- requirements-dev.txt\npytest\n",
            missing("freezegun"),
            "--- a/requirements-dev.txt\n+++ b/requirements-dev.txt\n@@ -1 +1,2 @@\n pytest\n+freezegun\n",
        );
    }

    #[test]
    fn an_answer_beats_the_table() {
        let query = Query::Distribution { module: "yaml".to_owned() };
        let fact = Fact::Distribution { name: "oyaml".to_owned(), version: None };
        let facts: Facts = [(query, Ok(fact))].into_iter().collect();
        check_with_facts(
            &MissingModule,
            "#- a.py\nimport $0yaml\n#- requirements.txt\n",
            missing("yaml"),
            &facts,
            "--- a/requirements.txt\n+++ b/requirements.txt\n@@ -0,0 +1 @@\n+oyaml\n",
        );
    }

    #[test]
    fn what_is_not_missing_is_left_alone() {
        let skipped = |fixture, module, reason| check_skipped(&MissingModule, fixture, missing(module), reason);
        skipped("#- a.py\nimport $0x\n#- requirements.txt\nPyYAML>=5\n", "yaml", "declared");
        skipped("#- pkg/b.py\n#- a.py\nimport $0x\n#- requirements.txt\n", "pkg.c", "this repository");
        skipped("#- a.py\nimport $0x\n#- requirements.txt\n", "distutils", "standard library");
        skipped("#- a.py\nimport $0x\n#- requirements.txt\n", "urllib2", "Python 2");
        skipped("#- a.py\nimport $0x\n", "yaml", "no list");
    }
}
