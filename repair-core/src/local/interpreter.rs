//! The Python environment that checks run in.

use super::{LocalError, is_program, program_in};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What to do when there is no interpreter.
const ADVICE: &str = "give one with `--python PATH` (an executable or the folder of a virtual environment), or make a \
                      virtual environment with what the checks need in `.venv`";

/// A Python interpreter and the environment that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    program: PathBuf,
    folder: PathBuf,
    environment: Option<PathBuf>,
    base: Option<PathBuf>,
    version: Option<String>,
}

impl Interpreter {
    /// The interpreter at `chosen` if given; else that of the active environment, of `.venv` or `venv` in the
    /// repository, or the first `python3` in `PATH`.
    ///
    /// An interpreter inside of `repository` is not run: what it is comes from its configuration.
    pub fn find(chosen: Option<&Path>, repository: &Path) -> Result<Self, LocalError> {
        Self::find_with(chosen, repository, &|name| std::env::var_os(name))
    }

    fn find_with(
        chosen: Option<&Path>,
        repository: &Path,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, LocalError> {
        if let Some(chosen) = chosen {
            return Self::at(chosen);
        }
        let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(variable).map(PathBuf::from);
        let inside = [".venv", "venv"].map(|name| repository.join(name));
        for folder in active.chain(inside) {
            if let Some(found) = Self::of_environment(&folder) {
                return Ok(found);
            }
        }
        let search = variable("PATH").unwrap_or_default();
        let outside = |program: &PathBuf| !program.starts_with(repository);
        let found = ["python3", "python"].into_iter().filter_map(|name| program_in(name, &search)).find(outside);
        found.and_then(|program| Self::of_system(&program)).ok_or_else(|| missing("no Python was found"))
    }

    /// The interpreter of this executable or this environment's folder.
    pub fn at(path: &Path) -> Result<Self, LocalError> {
        let absolute = std::path::absolute(path).map_err(LocalError::io("find", path))?;
        let found = match absolute.is_dir() {
            true => Self::of_environment(&absolute),
            false if !is_program(&absolute) => None,
            false => absolute.parent().and_then(Path::parent).and_then(Self::of_environment).map_or_else(
                || Self::of_system(&absolute),
                |of_environment| Some(Self { program: absolute.clone(), ..of_environment }),
            ),
        };
        found.ok_or_else(|| missing(&format!("`{}` is no Python environment", path.display())))
    }

    /// The interpreter of a virtual or conda environment, without running it.
    fn of_environment(folder: &Path) -> Option<Self> {
        let configuration = std::fs::read_to_string(folder.join("pyvenv.cfg")).ok();
        let conda = folder.join("conda-meta");
        if configuration.is_none() && !conda.is_dir() {
            return None;
        }
        let bin = folder.join("bin");
        let program = ["python", "python3"].map(|name| bin.join(name)).into_iter().find(is_program)?;
        let settings = configuration.map(|text| settings(&text)).unwrap_or_default();
        let version = settings.get("version").or(settings.get("version_info")).cloned();
        Some(Self {
            program,
            folder: bin,
            environment: Some(folder.to_path_buf()),
            base: settings.get("home").and_then(|home| Path::new(home).parent()).map(Path::to_path_buf),
            version: version.or_else(|| conda_version(&conda)),
        })
    }

    /// An interpreter of the system, which is asked where it really is: it may be a version manager's script.
    fn of_system(program: &Path) -> Option<Self> {
        const QUESTION: &str = "import sys; print(sys.executable, sys.base_prefix, sys.version.split()[0], sep='\\n')";
        let mut command = Command::new(program);
        command.args(["-I", "-S", "-c", QUESTION]).stdin(Stdio::null()).current_dir("/");
        let output = command.output().ok().filter(|output| output.status.success())?;
        let answer = String::from_utf8(output.stdout).ok()?;
        let mut lines = answer.lines();
        let program = PathBuf::from(lines.next().filter(|line| line.starts_with('/'))?);
        Some(Self {
            folder: program.parent()?.to_path_buf(),
            program,
            environment: None,
            base: lines.next().map(PathBuf::from),
            version: lines.next().map(str::to_owned),
        })
    }

    /// The executable.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The folder of the executable and of the tools installed beside it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the virtual or conda environment, if it is one.
    pub fn environment(&self) -> Option<&Path> {
        self.environment.as_deref()
    }

    /// Its version, such as `3.11.7`, where that is known.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Variables that an activated environment sets.
    pub(super) fn variables(&self) -> impl Iterator<Item = (String, OsString)> {
        self.environment.iter().map(|folder| ("VIRTUAL_ENV".to_owned(), folder.clone().into_os_string()))
    }

    /// The folders that must be readable for it to run.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        self.environment.as_deref().into_iter().chain(self.base.as_deref()).chain([self.folder.as_path()])
    }

    /// Where packages are installed in the environment.
    pub fn site_packages(&self) -> Vec<PathBuf> {
        let library = self.environment.as_ref().or(self.base.as_ref()).map(|folder| folder.join("lib"));
        let entries = library.and_then(|library| library.read_dir().ok()).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("site-packages")).filter(|folder| folder.is_dir()).collect()
    }
}

fn missing(what: &str) -> LocalError {
    LocalError::NoInterpreter(format!("{what}; {ADVICE}"))
}

/// Reads the `key = value` lines of a `pyvenv.cfg`.
fn settings(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned())).collect()
}

/// The version in the name of `conda-meta/python-3.11.7-h955ad1f_0.json`.
fn conda_version(conda: &Path) -> Option<String> {
    let names = conda.read_dir().ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_version = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    names
        .filter_map(|name| Some(name.strip_prefix("python-")?.split('-').next()?.to_owned()))
        .find(|version| is_version(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::testing::write;
    use std::os::unix::fs::PermissionsExt;

    fn environment(root: &Path, name: &str, configuration: &str) -> PathBuf {
        let folder = root.join(name);
        write(&folder, "pyvenv.cfg", configuration);
        // It must not be run to be known.
        write(&folder, "bin/python", "#!/bin/sh\ntouch \"$0.was-run\"\n");
        std::fs::set_permissions(folder.join("bin/python"), PermissionsExt::from_mode(0o755)).unwrap();
        folder
    }

    fn nothing(_: &str) -> Option<OsString> {
        None
    }

    #[test]
    fn an_environment_is_known_without_being_run() {
        let dir = tempfile::tempdir().unwrap();
        let folder = environment(dir.path(), ".venv", "home = /opt/py/bin\nversion = 3.11.7\n");
        let found = Interpreter::find_with(None, dir.path(), &nothing).unwrap();
        assert_eq!(found, Interpreter::at(&folder).unwrap());
        assert_eq!(found, Interpreter::at(&folder.join("bin/python")).unwrap());
        assert_eq!((found.version(), found.environment()), (Some("3.11.7"), Some(folder.as_path())));
        assert_eq!(found.folder(), folder.join("bin"));
        assert!(found.folders().any(|folder| folder == Path::new("/opt/py")));
        assert!(!folder.join("bin/python.was-run").exists());
    }

    #[test]
    fn the_chosen_comes_before_the_active_before_that_of_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let [chosen, active, own] = ["chosen", "active", "venv"].map(|name| environment(dir.path(), name, ""));
        let with_active = |name: &str| (name == "VIRTUAL_ENV").then(|| active.clone().into_os_string());
        let found = |chosen, variable: &dyn Fn(&str) -> Option<OsString>| {
            Interpreter::find_with(chosen, dir.path(), variable).unwrap().environment().map(Path::to_path_buf)
        };
        assert_eq!(found(Some(chosen.as_path()), &with_active), Some(chosen.clone()));
        assert_eq!(found(None, &with_active), Some(active.clone()));
        assert_eq!(found(None, &nothing), Some(own));
    }

    #[test]
    fn a_conda_environment_tells_its_version() {
        let dir = tempfile::tempdir().unwrap();
        let folder = environment(dir.path(), "conda", "");
        std::fs::remove_file(folder.join("pyvenv.cfg")).unwrap();
        write(&folder, "conda-meta/python-dateutil-2.9.0-0.json", "");
        write(&folder, "conda-meta/python-3.10.14-h955ad1f_0.json", "");
        assert_eq!(Interpreter::at(&folder).unwrap().version(), Some("3.10.14"));
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "bin/python3", "in the repository, where PATH must not lead");
        let path = |name: &str| (name == "PATH").then(|| dir.path().join("bin").into_os_string());
        for (chosen, variable) in [(None, &path as &dyn Fn(&str) -> _), (Some(dir.path()), &nothing)] {
            let error = Interpreter::find_with(chosen, dir.path(), variable).unwrap_err().to_string();
            assert!(error.contains("--python PATH") && error.contains(".venv"), "{error}");
        }
    }

    #[test]
    fn the_python_of_the_system_is_the_real_one() {
        let dir = tempfile::tempdir().unwrap();
        match Interpreter::find_with(None, dir.path(), &|name| std::env::var_os(name).filter(|_| name == "PATH")) {
            Ok(found) => {
                assert!(found.program().is_absolute() && found.version().is_some_and(|text| text.starts_with('3')));
                assert!(!found.program().to_string_lossy().contains("shims"), "{found:?}");
            }
            Err(error) => println!("skipped: there is no Python here: {error}"),
        }
    }
}
