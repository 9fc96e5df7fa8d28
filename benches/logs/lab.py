"""Cases, the environments that their tools run in, and how a run is carried out."""
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import textwrap
import threading
from typing import Callable, Optional

#: The longest that one run may take.
SECONDS = 120


class Unavailable(Exception):
    """A Python or a package is not to be had here."""


@dataclasses.dataclass(frozen=True)
class Env:
    """A Python of a minor version, and what pip installs into it."""

    python: str
    packages: tuple

    @property
    def name(self):
        return " ".join([*self.packages, f"Python {self.python}"])


def env(python, *packages):
    return Env(python, packages)


@dataclasses.dataclass(frozen=True)
class Label:
    """One failure that a project has. `at` names the line of the project that ends with `# @NAME`."""

    test_id: Optional[str] = None
    code: Optional[str] = None
    message: Optional[str] = None
    at: Optional[str] = None
    file: Optional[str] = None
    line: Optional[int] = None
    category: str = "test"
    tool: Optional[str] = None
    when: Callable = lambda run: True
    also: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Case:
    """A project, its failures, and the commands that show them.

    `grid` is a list of (environments, commands): every command runs in every environment.
    """

    name: str
    tool: str
    files: dict
    labels: list
    grid: list
    form: Optional[str] = None
    variables: dict = dataclasses.field(default_factory=dict)

    def runs(self):
        for environments, commands in self.grid:
            for environment in environments:
                yield from (Run(self, environment, command) for command in commands)


@dataclasses.dataclass(frozen=True)
class Run:
    """One command in one environment."""

    case: Case
    env: Env
    command: str

    @property
    def form(self):
        return self.case.form

    @property
    def id(self):
        words = " ".join([self.case.name, *(package.split("==")[0] + package.split("==")[-1] * ("==" in package)
                                            for package in self.env.packages[:1]), "py" + self.env.python, self.command])
        return re.sub(r"[^A-Za-z0-9.=+-]+", "_", words)[:120] + "-" + digest(words)[:4]

    def tool_version(self, name):
        """The version of a package of the environment as numbers, such as (8, 3)."""
        for package in self.env.packages:
            if package.split("==")[0] == name and "==" in package:
                return tuple(int(part) for part in re.findall(r"\d+", package.split("==")[1]))
        return ()

    @property
    def python(self):
        return tuple(int(part) for part in self.env.python.split("."))


@dataclasses.dataclass
class Result:
    output: str
    exit: int
    folder: str


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Workshop:
    """Installs tools and runs them, each once."""

    def __init__(self, root, offline=False):
        self.root, self.offline = root, offline
        self.locks, self.lock = {}, threading.Lock()

    def result(self, run, in_ci):
        """What the run printed, from the store if it ran before."""
        sources = sources_of(run.case)
        key = digest(run.env.name, run.command, json.dumps([sources, run.case.variables, in_ci], sort_keys=True))[:20]
        kept = self.root / "runs" / f"{key}.json"
        if not kept.exists():
            venv = self.venv(run.env)
            output, code, folder = carry_out(self.root / "work" / key / "shop", sources, run, venv, in_ci)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps({"output": output, "exit": code, "folder": folder}), encoding="utf-8")
        return Result(**json.loads(kept.read_text(encoding="utf-8")))

    def folder(self, environment):
        return self.root / "venvs" / f"py{environment.python}-{digest(environment.name)[:10]}"

    def venv(self, environment):
        """The folder of a virtual environment, made if it is not there."""
        with self.lock:
            lock = self.locks.setdefault(environment, threading.Lock())
        folder = self.folder(environment)
        with lock:
            if not (folder / "complete").exists():
                self.install(environment, folder)
        return folder

    def install(self, environment, folder):
        if (folder / "failed").exists():
            raise Unavailable((folder / "failed").read_text())
        python = find_python(environment.python)
        if python is None:
            raise Unavailable(f"there is no Python {environment.python} on this machine")
        if environment.packages and self.offline:
            raise Unavailable(f"{environment.name} is not installed")
        shutil.rmtree(folder, ignore_errors=True)
        if environment.python.startswith("2"):
            (folder / "bin").mkdir(parents=True)
            (folder / "bin" / "python").symlink_to(python)
        else:
            subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
        if environment.packages:
            pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            done = subprocess.run([*pip, *environment.packages], capture_output=True, text=True)
            if done.returncode:
                reason = f"pip cannot install {environment.name}: {done.stderr.strip().splitlines()[-1:]}"
                (folder / "failed").write_text(reason)
                raise Unavailable(reason)
        (folder / "complete").touch()


def find_python(version):
    """The interpreter of a minor version: on PATH, or one that pyenv or uv keeps."""
    homes = [pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions",
             pathlib.Path.home() / ".local/share/uv/python"]
    kept = [path for home in homes for path in home.glob(f"*{version}.*/bin/python{version}")]
    for candidate in [*kept, shutil.which(f"python{version}")]:
        test = "import sys; print('%d.%d' % sys.version_info[:2])"
        if candidate and subprocess.run([candidate, "-c", test], capture_output=True, text=True).stdout.strip() == version:
            return str(candidate)
    return None


def sources_of(case):
    return {name: textwrap.dedent(text).lstrip("\n") for name, text in case.files.items()}


def carry_out(folder, sources, run, venv, in_ci):
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "PYENV", "GITHUB"))}
    for gone in ("CI", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "BUILD_NUMBER"):
        variables.pop(gone, None)
    variables.update({"PATH": f"{venv / 'bin'}:/usr/bin:/bin", "VIRTUAL_ENV": str(venv), "PYTHONDONTWRITEBYTECODE": "1",
                      "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8", "GIT_CEILING_DIRECTORIES": str(folder.parent)})
    if in_ci:
        variables.update({"CI": "true"})
    variables.update(run.case.variables)
    script = folder.parent / "step.sh"
    script.write_text(run.command + "\n", encoding="utf-8")
    try:
        done = subprocess.run(["bash", "-e", script], cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"it took longer than {SECONDS} s") from error
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return done.stdout.decode("utf-8", "replace"), code, str(folder)


def visible(run, result):
    """The run's failures as the corpus writes them, without what the log does not say."""
    labels = [label for label in run.case.labels if label.when(run)]
    if not labels:
        assert result.exit == 0, f"{run.id} was to pass and ended with {result.exit}:\n{result.output[-2000:]}"
        return []
    assert result.exit != 0, f"{run.id} was to fail and passed:\n{result.output[-2000:]}"
    entries = [entry_of(run, label, result.output) for label in labels]
    seen = [entry for entry in entries if entry["test_id"] or entry["line"] or entry["message"] or entry["file"] and entry["code"]]
    if seen:
        return seen
    words = [line for line in result.output.splitlines() if line.strip()]
    return [{"category": labels[0].category, "tool": run.case.tool, "code": str(result.exit), "file": None, "line": None,
             "test_id": None, "message": words[-1].strip() if words else None}]


def entry_of(run, label, output):
    file, line = (label.file, label.line) if label.at is None else marked(run.case, label.at)
    flat = squash(output)
    messages = [text for text in [label.message, *label.also.get("alt_messages", [])] if text]
    entry = {
        "category": label.category, "tool": label.tool or run.case.tool,
        "code": label.code if label.code and label.code in output else None,
        "file": file if file and pathlib.PurePath(file).name in output else None,
        "line": line if file and line and says_line(output, pathlib.PurePath(file).name, line) else None,
        "test_id": label.test_id if label.test_id and name_of(label.test_id) in output else None,
        "message": next((text for text in messages if squash(text) in flat), None),
    }
    if label.category != "test" and not (entry["code"] or entry["message"]):
        # Only the exception tells an error of import from another one.
        entry["alt_categories"] = ["test", "import", "syntax"]
    return {**entry, **label.also}


def name_of(test_id):
    return re.split(r"::|\.(?=\w+$)", test_id.split("[")[0])[-1]


def squash(text):
    lines = (re.sub(r"^(E  |\[gw\d+\]|INTERNALERROR>|  *\| )", "", line) for line in text.splitlines())
    return " ".join(" ".join(lines).split()).lower()


def says_line(output, name, line):
    name = re.escape(name)
    return re.search(rf'{name}(:|", line |, line |, |\(|:line ){line}\b', output) is not None


def marked(case, name):
    """File and line of the project that end with `# @NAME`."""
    for file, text in sources_of(case).items():
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(rf"[#\"'|]+ ?@{re.escape(name)}\b", line):
                return file, number
    raise AssertionError(f"{case.name} has no line @{name}")
