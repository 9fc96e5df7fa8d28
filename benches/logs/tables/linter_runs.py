"""Linters, formatters, type checkers, scanners and installers, from old to new, in their forms."""

from lab import Case, Label, env


def file_of(name, *messages):
    """A failure of a file as a whole, in whichever of the tool's words."""
    return [Label(category="quality", file=name, message=messages[0], also={"alt_messages": list(messages)})]


RUFF = [
    env("3.9", "ruff==0.0.165"),
    env("3.9", "ruff==0.0.241"),
    env("3.11", "ruff==0.0.292"),
    env("3.11", "ruff==0.1.15"),
    env("3.11", "ruff==0.4.10"),
    env("3.11", "ruff==0.6.9"),
    env("3.11", "ruff==0.9.10"),
    env("3.12", "ruff==0.14.5"),
]
FLAKE8 = [
    env("3.7", "flake8==3.8.4", "importlib-metadata<5"),
    env("3.8", "flake8==5.0.4"),
    env("3.11", "flake8==6.1.0"),
    env("3.12", "flake8==7.1.1"),
]
PYFLAKES = [env("3.8", "pyflakes==2.4.0"), env("3.11", "pyflakes==3.2.0")]
PYCODESTYLE = [env("3.8", "pycodestyle==2.5.0"), env("3.11", "pycodestyle==2.11.1")]
PYLINT = [env("3.7", "pylint==2.4.4"), env("3.9", "pylint==2.17.7"), env("3.11", "pylint==3.3.3")]
PYDOCSTYLE = [env("3.8", "pydocstyle==5.1.1", "snowballstemmer<3"), env("3.11", "pydocstyle==6.3.0")]
BLACK = [
    env("3.8", "black==20.8b1", "click<8.1"),
    env("3.8", "black==22.12.0"),
    env("3.11", "black==23.12.1"),
    env("3.12", "black==25.1.0"),
]
ISORT = [env("3.8", "isort==5.6.4"), env("3.11", "isort==5.13.2"), env("3.11", "isort==6.0.1")]
MYPY = [env("3.8", "mypy==0.770"), env("3.8", "mypy==0.910"), env("3.11", "mypy==1.0.1"), env("3.12", "mypy==1.13.0")]
BANDIT = [env("3.8", "bandit==1.7.4", "setuptools<80"), env("3.11", "bandit==1.7.10")]
CODESPELL = [env("3.8", "codespell==2.1.0"), env("3.11", "codespell==2.2.6")]
COVERAGE = [env("3.8", "coverage==5.5"), env("3.11", "coverage==6.5.0"), env("3.12", "coverage==7.6.1")]
HOOKS = [
    env("3.8", "pre-commit==2.21.0", "pre-commit-hooks==4.4.0", "setuptools<70"),
    env("3.11", "pre-commit==3.8.0", "pre-commit-hooks==4.6.0"),
]
PIP = [
    env("3.8", "pip==20.2.4"),
    env("3.8", "pip==20.3.4"),
    env("3.9", "pip==21.3.1"),
    env("3.11", "pip==23.2.1"),
    env("3.12", "pip==25.3"),
]
UV = [env("3.12", "uv==0.4.30"), env("3.12", "uv==0.9.10")]
TY = [env("3.11", "ty==0.0.1a6"), env("3.12", "ty==0.0.21")]
PYREFLY = [env("3.11", "pyrefly==0.20.2"), env("3.12", "pyrefly==0.40.0")]

SOUND = {"shop.py": "def total(items):\n    return sum(items)\n"}
LINT = {
    "shop.py": """
        import os


        def total(items):
            x = 5
            return missing
    """,
}
LINT_LABELS = [
    Label(category="quality", code="F401", file="shop.py", line=1, message="imported but unused"),
    Label(category="quality", code="F841", file="shop.py", line=5, message="is assigned to but never used"),
    Label(category="quality", code="F821", file="shop.py", line=6),
]
PYLINT_LABELS = [
    Label(category="quality", code="W0611", file="shop.py", line=1, message="Unused import os"),
    Label(category="quality", code="W0613", file="shop.py", line=4, message="Unused argument 'items'"),
    Label(category="quality", code="W0612", file="shop.py", line=5, message="Unused variable 'x'"),
    Label(category="quality", code="E0602", file="shop.py", line=6, message="Undefined variable 'missing'"),
]
UNPARSED = {"bad.py": "def total(items)\n    return items\n"}


def unparsed(code):
    words = [
        "Expected ':', found newline",
        "Expected `:`, found newline",
        "expected ':'",
        "invalid syntax",
        "Unexpected token Newline",
    ]
    return [Label(category="syntax", code=code, file="bad.py", line=1, also={"alt_messages": words})]


def ruff(form):
    return [f"ruff check --output-format {form} ."]


LINTERS = [
    Case(
        "ruff-lint",
        "ruff",
        LINT,
        LINT_LABELS,
        [
            (RUFF[:2], ["ruff .", "ruff --format grouped .", "ruff --format json .", "ruff --format github ."]),
            (
                RUFF[2:],
                [
                    "ruff check .",
                    *ruff("grouped"),
                    *ruff("github"),
                    *ruff("gitlab"),
                    *ruff("pylint"),
                    *ruff("json"),
                    *ruff("azure"),
                ],
            ),
            (
                RUFF[4:],
                [*ruff("concise"), *ruff("full"), *ruff("sarif"), *ruff("junit"), *ruff("json-lines"), *ruff("rdjson")],
            ),
        ],
    ),
    Case(
        "ruff-syntax",
        "ruff",
        UNPARSED,
        unparsed(None),
        [(RUFF[2:], ["ruff check .", *ruff("gitlab"), *ruff("github")])],
    ),
    Case(
        "ruff-format",
        "ruff",
        {"a.py": "x = {  'a':1 }\n", "b.py": "x = 1\n"},
        file_of("a.py", "Would reformat: a.py", "1 file would be reformatted", "File would be reformatted"),
        [(RUFF[3:], ["ruff format --check .", "ruff format --diff .", "ruff format --check -q ."])],
    ),
    Case(
        "ruff-preview",
        "ruff",
        {"a.py": "x = {  'a':1 }\n", "b.py": "x = 1\n"},
        file_of("a.py", "File would be reformatted"),
        [
            (
                RUFF[-1:],
                [
                    f"ruff format --check --preview --output-format {form} ."
                    for form in ("full", "concise", "grouped", "github", "json")
                ],
            )
        ],
    ),
    Case(
        "flake8-lint",
        "flake8",
        LINT,
        LINT_LABELS,
        [
            (
                FLAKE8,
                [
                    "flake8 .",
                    "flake8 --format=pylint .",
                    "flake8 --show-source .",
                    "flake8 --count --statistics .",
                    "flake8 --format='%(path)s|%(row)d|%(col)d|%(code)s %(text)s' .",
                    "flake8 --format='::error file=%(path)s,line=%(row)d,col=%(col)d::[flake8] %(code)s: %(text)s' .",
                ],
            )
        ],
    ),
    Case("flake8-quiet", "flake8", LINT, file_of("shop.py", "./shop.py"), [(FLAKE8, ["flake8 -q ."])]),
    Case("flake8-syntax", "flake8", UNPARSED, unparsed("E999"), [(FLAKE8, ["flake8 --select E9 ."])]),
    Case("pyflakes-lint", "pyflakes", LINT, LINT_LABELS, [(PYFLAKES, ["pyflakes .", "python -m pyflakes shop.py"])]),
    Case(
        "pycodestyle-lint",
        "pycodestyle",
        {"shop.py": "import os\nx = {'a':1}\n"},
        [Label(category="quality", code="E231", file="shop.py", line=2)],
        [(PYCODESTYLE, ["pycodestyle .", "pycodestyle --show-source shop.py", "pycodestyle --format=pylint shop.py"])],
    ),
    Case(
        "pylint-lint",
        "pylint",
        LINT,
        PYLINT_LABELS,
        [
            (
                PYLINT,
                [
                    "pylint --disable=C,R shop.py",
                    *[f"pylint --disable=C,R -f {form} shop.py" for form in ("parseable", "colorized", "json", "msvs")],
                    "pylint --disable=C,R --msg-template='{msg_id}:{line:3d},{column}: {obj}: {msg}' shop.py",
                ],
            )
        ],
    ),
    Case(
        "pylint-syntax", "pylint", UNPARSED, unparsed("E0001"), [(PYLINT, ["pylint bad.py", "pylint -f json bad.py"])]
    ),
    Case(
        "pydocstyle-lint",
        "pydocstyle",
        {"shop.py": '"""Doc."""\n\n\ndef total():\n    pass\n'},
        [
            Label(
                category="quality", code="D103", file="shop.py", line=4, message="Missing docstring in public function"
            )
        ],
        [(PYDOCSTYLE, ["pydocstyle shop.py", "pydocstyle --explain --source shop.py"])],
    ),
    Case(
        "codespell-lint",
        "codespell",
        {"README.md": "# Shop\n\nThis is teh shop.\n"},
        [Label(category="quality", file="README.md", line=3, message="teh ==> the")],
        [(CODESPELL, ["codespell .", "codespell --context 1 .", "codespell --summary --count ."])],
    ),
    Case(
        "linters-sound",
        "ruff",
        SOUND,
        [],
        [(RUFF[2::3], ["ruff check .", "ruff format --check ."]), (FLAKE8[::2], ["flake8 ."])],
    ),
    Case(
        "linters-forgiven",
        "ruff",
        LINT,
        [],
        [
            (RUFF[2::2], ["ruff check --exit-zero .", "ruff check . || true"]),
            (FLAKE8[:2], ["flake8 --exit-zero ."]),
            (PYLINT[1:], ["pylint --exit-zero shop.py"]),
        ],
        form="gha-raw",
    ),
]
FORMATTERS = [
    Case(
        "black-check",
        "black",
        {"a.py": "x = {  'a':1 }\n", "b.py": "x = 1\n"},
        file_of("a.py", "would reformat a.py", "would reformat"),
        [(BLACK, ["black --check a.py b.py", "black --check --diff a.py b.py", "black --check -v a.py b.py"])],
    ),
    Case(
        "black-syntax",
        "black",
        UNPARSED,
        [Label(category="syntax", file="bad.py", message="Cannot parse", also={"alt_messages": ["cannot parse: "]})],
        [(BLACK, ["black --check bad.py"])],
    ),
    Case(
        "isort-check",
        "isort",
        {"a.py": "import sys\nimport os\n", "b.py": "import os\n"},
        file_of("a.py", "Imports are incorrectly sorted and/or formatted."),
        [(ISORT, ["isort -c .", "isort --check --diff .", "isort -c a.py"])],
    ),
    Case(
        "formatters-sound",
        "black",
        {"b.py": "x = 1\n"},
        [],
        [(BLACK[::3], ["black --check b.py"]), (ISORT[:1], ["isort -c ."])],
    ),
]
TYPED = {
    "shop.py": """
        def total(prices: list) -> int:
            return "x"


        x: int = "a"
    """,
}
MYPY_LABELS = [
    Label(category="type_check", code="return-value", file="shop.py", line=2, message="Incompatible return value type"),
    Label(category="type_check", code="assignment", file="shop.py", line=5, message="Incompatible types in assignment"),
]
TYPES = [
    Case(
        "mypy-types",
        "mypy",
        TYPED,
        MYPY_LABELS,
        [
            (
                MYPY,
                [
                    "mypy shop.py",
                    "mypy --show-error-codes --show-column-numbers shop.py",
                    "mypy --pretty shop.py",
                    "mypy --no-error-summary shop.py",
                ],
            ),
            (MYPY[-1:], ["mypy -O json shop.py"]),
        ],
    ),
    Case("mypy-syntax", "mypy", UNPARSED, [Label(category="syntax", file="bad.py", line=1)], [(MYPY, ["mypy bad.py"])]),
    Case("mypy-sound", "mypy", {"shop.py": "x: int = 1\n"}, [], [(MYPY[1:3], ["mypy shop.py"])]),
    Case(
        "ty-types",
        "ty",
        TYPED,
        [
            Label(category="type_check", code="invalid-return-type", file="shop.py", line=2),
            Label(category="type_check", code="invalid-assignment", file="shop.py", line=5),
        ],
        [(TY, ["ty check", "ty check --output-format concise"]), (TY[1:], ["ty check --output-format github"])],
    ),
    Case(
        "pyrefly-types",
        "pyrefly",
        TYPED,
        [
            Label(category="type_check", code="bad-return", file="shop.py", line=2),
            Label(category="type_check", code="bad-assignment", file="shop.py", line=5),
        ],
        [(PYREFLY, ["pyrefly check shop.py", "pyrefly check --output-format min-text shop.py"])],
    ),
]
SCANNERS = [
    Case(
        "bandit-scan",
        "bandit",
        {"shop.py": "eval(input())\n"},
        [Label(category="security", file="shop.py", line=1, code="B307")],
        [(BANDIT, ["bandit shop.py", "bandit -f json shop.py", "bandit -f custom shop.py"])],
    ),
    Case(
        "coverage-bar",
        "coverage",
        {"shop.py": "x = 1\nif x == 2:\n    y = 1\n    z = 2\n    w = 3\n"},
        [Label(category="coverage", message="Coverage failure: total of 40 is less than fail-under=90")],
        [
            (
                COVERAGE,
                [
                    "coverage run shop.py; coverage report --fail-under=90",
                    "coverage run shop.py; coverage report -m --fail-under=90",
                ],
            )
        ],
    ),
]
HOOKED = {
    ".pre-commit-config.yaml": """
        repos:
        - repo: local
          hooks:
          - {id: trailing-whitespace, name: Trim Trailing Whitespace, entry: trailing-whitespace-fixer, language: system, types: [text]}
          - {id: check-yaml, name: Check Yaml, entry: check-yaml, language: system, types: [yaml]}
          - {id: check-json, name: Check JSON, entry: check-json, language: system, types: [json]}
          - {id: check-ast, name: Check python ast, entry: check-ast, language: system, types: [python]}
          - {id: no-print, name: no print, entry: 'print\\(', language: pygrep, types: [python]}
          - {id: fine, name: a hook that passes, entry: 'true', language: system}
          - {id: mine, name: a hook of the project, entry: sh -c 'echo it is wrong; exit 3', language: system, pass_filenames: false}
    """,
    "a.txt": "x  \n",
    "bad.yaml": "a: 1\n  b: [\n",
    "bad.json": '{"a": 1,}\n',
    "shop.py": "print(1)\n",
    **UNPARSED,
}
HOOK_LABELS = [
    Label(category="quality", tool="pre-commit", code="trailing-whitespace", file="a.txt"),
    Label(category="quality", tool="pre-commit", code="check-yaml", file="bad.yaml"),
    Label(category="quality", tool="pre-commit", code="check-json", file="bad.json"),
    Label(category="syntax", tool="pre-commit", code="check-ast", file="bad.py", line=1),
    Label(category="quality", tool="pre-commit", code="no-print", file="shop.py", line=1),
    Label(category="quality", tool="pre-commit", code="mine", message="it is wrong"),
]
REPOSITORY = "git init -q . && git add -A && "
HOOK_CASES = [
    Case(
        "hooks",
        "pre-commit",
        HOOKED,
        HOOK_LABELS,
        [
            (
                HOOKS,
                [
                    REPOSITORY + "pre-commit run -a",
                    REPOSITORY + "pre-commit run -a --verbose",
                    REPOSITORY + "pre-commit run -a --color always",
                ],
            ),
        ],
    )
]


def dependency(message, code=None, tool=None, when=lambda run: True):
    return Label(category="dependency", message=message, code=code, tool=tool, when=when)


CONFLICT = {"r.txt": "requests==2.25.1\nurllib3==1.20\n"}
PROJECT = '[project]\nname = "q"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["six==99"]\n'
INSTALLERS = [
    Case(
        "pip-version",
        "pip",
        SOUND,
        [dependency("No matching distribution found for six==99.1")],
        [(PIP, ["pip install six==99.1"])],
    ),
    Case(
        "pip-conflict",
        "pip",
        CONFLICT,
        [dependency("for help visit", code="ResolutionImpossible")],
        [(PIP[1:], ["pip install -r r.txt"])],
    ),
    Case(
        "pip-invalid",
        "pip",
        {"r.txt": "six\nfoo bar baz\n"},
        [dependency("Invalid requirement: ")],
        [(PIP, ["pip install -r r.txt"])],
    ),
    Case(
        "pip-hash",
        "pip",
        {"r.txt": "six==1.16.0 --hash=sha256:" + "0" * 64 + "\n"},
        [dependency("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.")],
        [(PIP, ["pip install -r r.txt"])],
    ),
    Case(
        "pip-build",
        "pip",
        {"p/setup.py": "from setuptools import setup\nraise RuntimeError('the library foo is needed')\n"},
        [Label(category="build", message="the library foo is needed", code="RuntimeError")],
        [(PIP[1:4], ["pip install ./p"])],
    ),
    Case(
        "uv-version",
        "uv",
        {"pyproject.toml": PROJECT},
        [dependency("there is no version of six==99")],
        [(UV, ["uv sync", "uv lock"])],
    ),
    Case(
        "uv-hash",
        "uv",
        {"r.txt": "six==1.16.0\n"},
        [dependency("In `--require-hashes` mode, all requirements must have a hash")],
        [(UV, ["uv pip install --require-hashes -r r.txt"])],
    ),
    Case(
        "uv-program",
        "uv",
        {"pyproject.toml": PROJECT.replace('"six==99"', "")},
        [dependency("Failed to spawn: `nosuchprogram`")],
        [(UV, ["uv run nosuchprogram"])],
    ),
]
CASES = [*LINTERS, *FORMATTERS, *TYPES, *SCANNERS, *HOOK_CASES, *INSTALLERS]
