//! Which test a case is, in the words of its runner.

use super::Case;
use crate::logs::unittest;
use repair_core::RepoPath;
use std::collections::HashMap;

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    /// pytest: `tests/test_a.py::TestX::test_y[1]`.
    Pytest,
    /// unittest: `tests.test_a.TestX.test_y`.
    Unittest,
    /// nose, which names tests as unittest does.
    Nose,
}

impl Runner {
    /// Who wrote `case`, by the name of its suite or the form of its text.
    pub(super) fn of(case: &Case) -> Self {
        let native = |text: &str| {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            first.starts_with("Traceback (most recent call last)")
        };
        match case.suite.as_str() {
            "pytest" => Self::Pytest,
            "nosetests" => Self::Nose,
            _ if case.class.starts_with("unittest.") => Self::Unittest,
            _ if case.problems.iter().any(|problem| native(&problem.text)) => Self::Unittest,
            _ => Self::Pytest,
        }
    }

    /// Its name.
    pub(super) fn tool(self) -> &'static str {
        match self {
            Self::Pytest => "pytest",
            Self::Unittest => "unittest",
            Self::Nose => "nose",
        }
    }
}

/// What helps to tell a module from a class.
pub(super) struct Known<'a> {
    /// The failing tests that the log names, by what pytest would write as their name: class and id.
    ids: HashMap<String, Vec<(String, &'a str)>>,
    /// Whether the repository has a file, where that is known.
    is_file: &'a dyn Fn(&RepoPath) -> bool,
}

impl<'a> Known<'a> {
    /// What the log and the repository know.
    pub(super) fn new(ids: impl Iterator<Item = &'a str>, is_file: &'a dyn Fn(&RepoPath) -> bool) -> Self {
        let mut known: HashMap<String, Vec<(String, &str)>> = HashMap::new();
        for id in ids {
            let (class, name) = mangled(id);
            known.entry(name).or_default().push((class, id));
        }
        Self { ids: known, is_file }
    }

    /// The id in the log that pytest would write as this case: separators become dots, `.py` goes. The case's class may
    /// have more in front, a `junit_prefix`; or less, the folders between the checkout and pytest's root.
    fn id_of(&self, case: &Case) -> Option<&'a str> {
        let ends = |long: &str, short: &str| {
            long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('.') && !short.is_empty())
        };
        let candidates = self.ids.get(&case.name)?;
        let fits = |(class, _): &&(String, &str)| ends(&case.class, class) || ends(class, &case.class);
        let same = |(class, _): &&(String, &str)| *class == case.class;
        candidates.iter().find(same).or_else(|| candidates.iter().find(fits)).map(|(_, id)| *id)
    }
}

/// The test's id, and whether it stands for a module that could not be collected.
pub(super) fn of(case: &Case, runner: Runner, known: &Known<'_>) -> (String, bool) {
    if runner != Runner::Pytest {
        return unittest::identity(&format!("{} ({})", case.name, case.class));
    }
    if let Some(id) = known.id_of(case) {
        return (id.to_owned(), !id.contains("::"));
    }
    if case.class.is_empty() {
        return (file_of(&case.name), true);
    }
    let (file, classes) = module_of(case, known);
    let parts = std::iter::once(file).chain(classes.iter().map(|class| (*class).to_owned()));
    (parts.chain([case.name.clone()]).collect::<Vec<_>>().join("::"), false)
}

/// Class and name that pytest writes for an id.
fn mangled(id: &str) -> (String, String) {
    let (path, parameters) = id.split_at(id.find('[').unwrap_or(id.len()));
    let mut names: Vec<String> = path.split("::").map(str::to_owned).collect();
    if let Some(first) = names.first_mut() {
        *first = first.replace('/', ".");
        *first = first.strip_suffix(".py").unwrap_or(first).to_owned();
    }
    let name = names.pop().unwrap_or_default() + parameters;
    (names.join("."), name)
}

/// The file of the module, and the classes below it.
fn module_of<'a>(case: &'a Case, known: &Known<'_>) -> (String, Vec<&'a str>) {
    let parts: Vec<&str> = case.class.split('.').collect();
    let cut = by_file(case, &parts).or_else(|| by_repository(&parts, known)).or_else(|| by_text(case, &parts));
    // By custom classes begin with a capital, modules do not.
    let custom = || parts.iter().position(|part| part.starts_with(char::is_uppercase)).filter(|at| *at > 0);
    let cut = cut.or_else(custom).unwrap_or(parts.len());
    (format!("{}.py", parts[..cut].join("/")), parts[cut..].to_vec())
}

/// Where the attribute `file` says that the module ends. A test that is inherited names the file of the base class.
fn by_file(case: &Case, parts: &[&str]) -> Option<usize> {
    let file = case.file.as_deref()?.replace('\\', "/");
    let module = file.strip_suffix(".py")?.replace('/', ".");
    (1..=parts.len()).rev().find(|end| parts[..*end].join(".") == module)
}

fn by_repository(parts: &[&str], known: &Known<'_>) -> Option<usize> {
    let is_file =
        |end: &usize| RepoPath::new(format!("{}.py", parts[..*end].join("/"))).is_ok_and(|path| (known.is_file)(&path));
    (1..=parts.len()).rev().find(is_file)
}

/// Where a file that the traceback names ends.
fn by_text(case: &Case, parts: &[&str]) -> Option<usize> {
    let text = &case.problems.first()?.text;
    (1..=parts.len()).rev().find(|end| text.contains(&format!("{}.py:", parts[..*end].join("/"))))
}

/// `tests/test_a.py` of `tests.test_a`.
fn file_of(module: &str) -> String {
    if module.ends_with(".py") || module.contains('/') {
        module.to_owned()
    } else {
        format!("{}.py", module.replace('.', "/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(class: &str, name: &str, file: Option<&str>) -> Case {
        Case { class: class.into(), name: name.into(), file: file.map(str::to_owned), ..Case::default() }
    }

    #[track_caller]
    fn check(case: &Case, ids: &[&str], files: &[&str], expected: &str) {
        let is_file = |path: &RepoPath| files.contains(&path.as_str());
        let known = Known::new(ids.iter().copied(), &is_file);
        assert_eq!(of(case, Runner::Pytest, &known).0, expected);
    }

    #[test]
    fn the_file_attribute_says_where_the_module_ends() {
        check(
            &case("tests.test_a.TestX", "test_y[a.b]", Some("tests/test_a.py")),
            &[],
            &[],
            "tests/test_a.py::TestX::test_y[a.b]",
        );
        check(&case("tests.Test.t", "x", Some("tests/Test/t.py")), &[], &[], "tests/Test/t.py::x");
        check(&case("tests.test_a.test_c", "x", Some("tests\\test_a.py")), &[], &[], "tests/test_a.py::test_c::x");
        check(&case("tests.test_sub.TestX", "y", Some("tests/base.py")), &[], &[], "tests/test_sub.py::TestX::y");
    }

    #[test]
    fn without_it_the_repository_and_the_log_do() {
        check(&case("Tests.a.B", "t", None), &[], &["Tests/a.py"], "Tests/a.py::B::t");
        check(&case("a.b.c", "t[x-1]", None), &["a/b.py::c::t[x-1]", "a/b.py::c::t"], &[], "a/b.py::c::t[x-1]");
        check(&case("py39.a.b", "t", None), &["a/b.py::t"], &[], "a/b.py::t");
        check(&case("a.b", "t", None), &["xa/b.py::t"], &[], "a/b.py::t");
        check(&case("tests.test_a.TestX.TestInner", "t", None), &[], &[], "tests/test_a.py::TestX::TestInner::t");
        check(&case("", "tests.test_a", None), &[], &[], "tests/test_a.py");
    }

    #[test]
    fn unittest_names_tests_with_dots() {
        let known = Known::new(std::iter::empty(), &|_| false);
        let id = |class: &str, name: &str| of(&case(class, name, None), Runner::Unittest, &known);
        assert_eq!(id("tests.test_a.TestX", "test_y"), ("tests.test_a.TestX.test_y".into(), false));
        assert_eq!(id("unittest.loader._FailedTest", "tests.test_a"), ("tests.test_a".into(), true));
    }
}
