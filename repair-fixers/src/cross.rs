//! What every fixer of this crate must keep, tested over all of them.

use crate::python::syntax_problem;
use repair_core::testing::{Fixture, propose};
use repair_core::{Category, Facts, Failure, Fix, FixGenerator, RepoPath};

/// The failure that the example of a manual answers: what the log says about `Before`.
fn example(id: &str) -> Option<Failure> {
    let (category, code, line, message) = match id {
        "import/undefined-name" => (Category::Quality, "F821", 3, "Undefined name `json`"),
        "import/unused-import" => (Category::Quality, "F401", 2, "`typing.List` imported but unused"),
        "import/duplicate-import" => (Category::Quality, "F811", 3, "Redefinition of unused `json` from line 1"),
        "import/source-folder" => (Category::Import, "ModuleNotFoundError", 1, "No module named 'src'"),
        "import/moved-name" => (
            Category::Import,
            "ImportError",
            1,
            "cannot import name 'Mapping' from 'collections' (/lib/collections.py)",
        ),
        "dependency/missing-module" => (Category::Import, "ModuleNotFoundError", 1, "No module named 'yaml'"),
        "syntax/mixed-tabs" => (Category::Syntax, "TabError", 3, "inconsistent use of tabs and spaces in indentation"),
        "syntax/indentation" => (Category::Syntax, "IndentationError", 2, "expected an indented block"),
        id if id.starts_with("syntax/") => (Category::Syntax, "SyntaxError", 1, "invalid syntax"),
        "quality/unused-variable" => {
            (Category::Quality, "F841", 2, "Local variable `answer` is assigned to but never used")
        }
        "quality/line-too-long" => (Category::Quality, "E501", 2, "line too long (60 > 50 characters)"),
        "quality/misspelled-name" => (Category::Quality, "F821", 2, "undefined name 'arguemnt'"),
        "quality/spacing" => (Category::Quality, "E201", 1, "whitespace after '('"),
        "quality/continuation-line" => (Category::Quality, "E128", 2, "continuation line under-indented"),
        "quality/comparison" => (Category::Quality, "E713", 1, "test for membership should be 'not in'"),
        "quality/string-prefix" => (Category::Quality, "W605", 1, "invalid escape sequence"),
        "quality/blank-lines" => (Category::Quality, "E302", 4, "expected 2 blank lines, found 1"),
        _ => return None,
    };
    Some(failure(category, code, line, message))
}

fn failure(category: Category, code: &str, line: u32, message: &str) -> Failure {
    let mut failure = Failure::new(category, "tool");
    failure.code = Some(code.to_owned());
    failure.line = Some(line);
    failure.message = Some(message.to_owned());
    failure.path = RepoPath::new("app.py").ok();
    failure
}

/// The generators that have an example here.
fn generators() -> Vec<Box<dyn FixGenerator>> {
    let own = ["syntax/", "import/", "dependency/", "quality/"];
    let by_tool = ["quality/own-tool", "quality/whitespace"];
    let counts = |id: &str| own.iter().any(|family| id.starts_with(family)) && !by_tool.contains(&id);
    crate::generators().into_iter().filter(|one| counts(one.meta().id)).collect()
}

/// The first code block below `heading`, as a fixture.
fn block(manual: &str, heading: &str) -> String {
    let section = manual.split_once(&format!("# {heading}\n")).unwrap_or_else(|| panic!("no {heading}: {manual}")).1;
    let code = section.split("```").nth(1).expect("a code block");
    let code = code.split_once('\n').expect("a language").1;
    if code.starts_with("#- ") { code.to_owned() } else { format!("#- app.py\n{code}") }
}

fn fixes_of(generator: &dyn FixGenerator, fixture: &Fixture) -> Vec<Fix> {
    let id = generator.meta().id;
    let failure = example(id).unwrap_or_else(|| panic!("{id} has no example"));
    propose(generator, &fixture.snapshot, &failure, &Facts::default()).unwrap_or_else(|skip| panic!("{id}: {skip}"))
}

#[test]
fn every_manual_keeps_what_it_promises() {
    for generator in generators() {
        let meta = generator.meta();
        assert!(meta.manual.contains("# What it repairs"), "{}", meta.id);
        assert!(meta.manual.contains("# Why it is safe") || meta.manual.contains("# What may change"), "{}", meta.id);
        let (before, after) = (Fixture::new(&block(meta.manual, "Before")), Fixture::new(&block(meta.manual, "After")));
        let fixes = fixes_of(generator.as_ref(), &before);
        let repaired = fixes[0].changes().apply(&before.snapshot).unwrap();
        for path in after.snapshot.paths() {
            assert_eq!(repaired.text(path), after.snapshot.text(path), "{}", meta.id);
        }
    }
}

#[test]
fn every_generator_proposes_the_same_twice() {
    for generator in generators() {
        let before = Fixture::new(&block(generator.meta().manual, "Before"));
        assert_eq!(fixes_of(generator.as_ref(), &before), fixes_of(generator.as_ref(), &before));
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut ids: Vec<&str> = crate::generators().iter().map(|one| one.meta().id).collect();
    assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c))));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// Sound files of many forms.
const GREEN: &str = "#- app.py\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nimport os\nfrom typing import (\n    \
    List,\n    Optional,\n)\n\n\ndef f(a: Optional[int] = None, *b: int) -> List[str]:\n    if a:\n        return [\n            \
    f\"{a!r:>{b[0]}}\",\n            os.name,\n        ]\n    print(\"it's\", 'a \"b\"')\n    return []\n#- pkg/__init__.py\n\
    #- pkg/mod.py\nclass A:\n\tdef g(self):\n\t\treturn 1\n#- requirements.txt\nrequests==2.0\n#- pyproject.toml\n[project]\n\
    name = \"x\"\ndependencies = [\"requests\"]\n";

#[test]
fn a_green_repository_gets_no_fix() {
    let fixture = Fixture::new(GREEN);
    let messages = [
        (Category::Syntax, "SyntaxError", "invalid syntax"),
        (Category::Syntax, "IndentationError", "unexpected indent"),
        (Category::Syntax, "TabError", "inconsistent use of tabs and spaces in indentation"),
        (Category::Test, "AssertionError", "assert 1 == 2"),
        (Category::Test, "NameError", "name 'os' is not defined"),
        (Category::Quality, "E501", "line too long (100 > 88 characters)"),
        (Category::Quality, "F401", "`json` imported but unused"),
        (Category::TypeCheck, "arg-type", "Argument 1 to \"f\" has incompatible type \"str\"; expected \"int\""),
        (Category::Import, "ModuleNotFoundError", "No module named 'os'"),
        (Category::Import, "ModuleNotFoundError", "No module named 'requests'"),
        (Category::Dependency, "error", "something else is wrong"),
    ];
    for generator in generators() {
        for (category, code, message) in messages {
            for line in [1, 5, 12, 18] {
                let failure = failure(category, code, line, message);
                if let Ok(fixes) = propose(generator.as_ref(), &fixture.snapshot, &failure, &Facts::default()) {
                    assert!(fixes.is_empty(), "{} for {message}: {fixes:#?}", generator.meta().id);
                }
            }
        }
    }
}

#[test]
fn what_parses_still_parses_afterwards() {
    for generator in generators() {
        let before = Fixture::new(&block(generator.meta().manual, "Before"));
        for fix in fixes_of(generator.as_ref(), &before) {
            let after = fix.changes().apply(&before.snapshot).unwrap();
            for path in fix.changes().paths().filter(|path| path.extension() == Some("py")) {
                let parsed = before.snapshot.text(path).is_ok_and(|text| syntax_problem(text).is_none());
                assert!(!parsed || syntax_problem(after.text(path).unwrap()).is_none(), "{}: {path}", fix.title());
            }
        }
    }
}
