//! What the name and message of an exception tell.

use repair_core::{Category, Failure, Phase, RepoPath};

/// An exception as Python prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exception {
    /// The class with its module, such as `urllib3.exceptions.ReadTimeoutError`.
    pub(super) class: String,
    /// The first line of its text; empty if it has none.
    pub(super) message: String,
}

impl Exception {
    /// Reads `Class: message` or `Class`. The class may be any dotted name.
    pub(super) fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        let end = line.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(line.len());
        let (class, rest) = line.split_at(end);
        let message = match rest.strip_prefix(':') {
            Some(message) if message.is_empty() || message.starts_with(' ') => message.trim(),
            None if rest.trim().is_empty() => "",
            _ => return None,
        };
        let dotted = class.split('.').all(|part| part.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        dotted.then(|| Self { class: class.to_owned(), message: message.to_owned() })
    }

    /// Reads a line that has nothing but its form to show that it is an exception: the class must look like one.
    pub(super) fn recognize(line: &str) -> Option<Self> {
        Self::read(line).filter(|exception| looks_like_exception(exception.code()))
    }

    /// The last part of the class.
    pub(super) fn code(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or(&self.class)
    }
}

fn looks_like_exception(name: &str) -> bool {
    const OTHERS: [&str; 12] = [
        "KeyboardInterrupt",
        "SystemExit",
        "StopIteration",
        "ExceptionGroup",
        "BaseExceptionGroup",
        "Failed",
        "Timeout",
        "TimeoutExpired",
        "DoesNotExist",
        "NoSuchElementException",
        "DeadlineExceeded",
        "GeneratorExit",
    ];
    let suffix = ["Error", "Exception", "Warning", "Failure", "Exit", "Timeout", "NotFound", "Impossible"];
    suffix.iter().any(|suffix| name.ends_with(suffix)) || OTHERS.contains(&name)
}

/// The category of a failure with this exception, apart from where it happened.
pub(super) fn category(code: &str, message: &str) -> Category {
    match code {
        "ImportError" | "ModuleNotFoundError" => Category::Import,
        "SyntaxError" | "IndentationError" | "TabError" => Category::Syntax,
        _ if is_infrastructure(message) => Category::Infrastructure,
        _ => Category::Test,
    }
}

/// The category of a failing test. `id` or `path` may show that it needs more than the repository.
pub(super) fn test_category(code: &str, message: &str, places: &[&str]) -> Category {
    match category(code, message) {
        Category::Test if places.iter().any(|place| is_integration(place)) || needs_service(code, message) => {
            Category::IntegrationTest
        }
        category => category,
    }
}

/// Whether a path or dotted name leads through a folder of integration tests.
fn is_integration(place: &str) -> bool {
    const NAMES: [&str; 9] = [
        "integration",
        "e2e",
        "end2end",
        "end_to_end",
        "functional",
        "live",
        "acceptance",
        "integrationtests",
        "system",
    ];
    let path = place.split("::").next().unwrap_or(place);
    let folder = |part: &str| {
        let part = part.to_ascii_lowercase().replace('-', "_");
        let part = part.strip_suffix("_tests").or_else(|| part.strip_suffix("_test")).unwrap_or(&part);
        NAMES.contains(&part)
            || (path.contains('/') && part.strip_prefix("test_").is_some_and(|part| NAMES.contains(&part)))
    };
    match path.rsplit_once('/') {
        Some((folders, _)) => folders.split('/').any(folder),
        None => !path.ends_with(".py") && path.split('.').any(folder),
    }
}

fn needs_service(code: &str, message: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "Connection refused",
        "could not connect to server",
        "connection to server at",
        "Can't connect to MySQL server",
        "Error while fetching server API version",
        "Cannot connect to the Docker daemon",
        "ServerSelectionTimeoutError",
        "No DISPLAY",
        "Executable doesn't exist at",
    ];
    matches!(code, "ConnectionRefusedError" | "WebDriverException" | "NoSuchDriverException")
        || SIGNS.iter().any(|sign| message.contains(sign))
}

fn is_infrastructure(message: &str) -> bool {
    message.contains("No space left on device")
        || message.contains("[Errno 28]")
        || message.contains("Disk quota exceeded")
}

/// What an exception is about, when its message names it: a module, a name, a fixture.
pub(super) fn subject(code: &str, message: &str) -> Option<String> {
    match code {
        "ModuleNotFoundError" | "ImportError" => imported(message),
        "NameError" | "UnboundLocalError" => quoted(message),
        "AttributeError" => attribute(message),
        _ => message.strip_prefix("fixture ").and_then(quoted),
    }
}

fn imported(message: &str) -> Option<String> {
    if let Some(module) = message.strip_prefix("No module named ") {
        let module = module.split(';').next().unwrap_or(module);
        return Some(module.trim().trim_matches(['\'', '"']).to_owned()).filter(|module| !module.is_empty());
    }
    let rest = message.strip_prefix("cannot import name ")?;
    let name = quoted(rest).or_else(|| rest.split_whitespace().next().map(str::to_owned))?;
    let module = rest.split_once(" from ").and_then(|(_, rest)| quoted(rest));
    Some(module.map_or_else(|| name.clone(), |module| format!("{module}.{name}")))
}

/// `pkg.x` of `module 'pkg' has no attribute 'x'`.
fn attribute(message: &str) -> Option<String> {
    let rest = message.strip_prefix("module ").or_else(|| message.strip_prefix("partially initialized module "))?;
    let (module, rest) = rest.split_once("has no attribute ")?;
    Some(format!("{}.{}", quoted(module)?, quoted(rest)?))
}

/// The first part of `text` in quotes.
fn quoted(text: &str) -> Option<String> {
    let start = text.find(['\'', '"'])?;
    let mark = text[start..].chars().next()?;
    let rest = &text[start + 1..];
    Some(rest[..rest.find(mark)?].to_owned())
}

/// Writes an exception into a failure: code, message, subject.
pub(super) fn write(failure: &mut Failure, exception: &Exception) {
    failure.code = Some(exception.code().to_owned());
    failure.message = Some(exception.message.clone()).filter(|message| !message.is_empty());
    failure.subject = subject(exception.code(), &exception.message);
    if failure.category == Category::Syntax {
        failure.phase = Phase::Parse;
    }
}

/// A path and line as a failure has them.
pub(super) fn place(failure: &mut Failure, path: Option<RepoPath>, line: Option<u32>) {
    failure.line = path.as_ref().and(line);
    failure.path = path;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_subject(line: &str, expected: Option<&str>) {
        let exception = Exception::read(line).unwrap();
        assert_eq!(subject(exception.code(), &exception.message).as_deref(), expected, "{line}");
    }

    #[test]
    fn exceptions_are_read() {
        let full = Exception::read("a.b.ReadTimeoutError: pool: Read timed out.").unwrap();
        assert_eq!((full.code(), full.message.as_str()), ("ReadTimeoutError", "pool: Read timed out."));
        assert_eq!(Exception::read("AssertionError").unwrap().message, "");
        assert_eq!(Exception::read("AssertionError: ").unwrap().message, "");
        for line in ["not an exception", "a:b", "", "3.5: x", ": x", "a..b: c"] {
            assert_eq!(Exception::read(line), None, "{line}");
        }
        assert_eq!(Exception::recognize("Note: this is none"), None);
    }

    #[test]
    fn messages_name_what_they_are_about() {
        check_subject("ModuleNotFoundError: No module named 'a.b'", Some("a.b"));
        check_subject("ModuleNotFoundError: No module named 'a.b'; 'a' is not a package", Some("a.b"));
        check_subject("ImportError: No module named six.moves", Some("six.moves"));
        check_subject("ImportError: cannot import name 'x' from 'a.b' (/p/a/b.py)", Some("a.b.x"));
        check_subject("ImportError: cannot import name 'x' from partially initialized module 'a' (most", Some("a.x"));
        check_subject("ImportError: cannot import name x", Some("x"));
        check_subject("NameError: name 'os' is not defined", Some("os"));
        check_subject("AttributeError: module 'np' has no attribute 'float'", Some("np.float"));
        check_subject("AttributeError: 'A' object has no attribute 'b'", None);
        check_subject("Failed: x", None);
    }

    #[test]
    fn folders_tell_integration_tests() {
        let category = |place: &str| test_category("AssertionError", "", &[place]);
        for place in ["tests/integration/test_a.py::test_b", "tests.e2e.test_a.T.test", "functional/test_a.py"] {
            assert_eq!(category(place), Category::IntegrationTest, "{place}");
        }
        assert_eq!(category("tests/test_functional.py::test_integration"), Category::Test);
        assert_eq!(test_category("ConnectionRefusedError", "", &[]), Category::IntegrationTest);
        assert_eq!(test_category("OSError", "[Errno 28] No space left on device", &[]), Category::Infrastructure);
        assert_eq!(test_category("ImportError", "x", &["e2e/test.py"]), Category::Import);
    }
}
