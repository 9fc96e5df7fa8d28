"""Records the log of the bundled broken project: runs its CI commands and writes what GitHub's runner would.

usage: record-log.py PROJECT OUTPUT     (with the Python that has the tools of python-tools.txt)
"""

import datetime
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

CHECKOUT = "/home/runner/work/tally/tally"
PYTHON = f"/opt/hostedtoolcache/Python/{platform.python_version()}/x64"
STEPS = [
    "ruff check tally tests",
    "black --check tally tests",
    "python -m pytest",
    "python -m py_compile scripts/export.py",
]


def main(project: str, output: str) -> None:
    lines = []

    def say(text: str) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        lines.append(f"{now} {text}")

    say("Current runner version: '2.329.0'")
    say("Complete job name: test")
    say("##[group]Run actions/checkout@v5")
    say("with:")
    say("  repository: tally/tally")
    say("##[endgroup]")
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, "tally")
        shutil.copytree(project, copy)
        bin_dir = pathlib.Path(sys.executable).parent
        env = {"PATH": f"{bin_dir}:/usr/bin:/bin", "HOME": folder, "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
        for step in STEPS:
            say(f"##[group]Run {step}")
            say(f"\x1b[36;1m{step}\x1b[0m")
            say("shell: /usr/bin/bash -e {0}")
            say("env:")
            say(f"  pythonLocation: {PYTHON}")
            say("##[endgroup]")
            done = subprocess.run(
                ["bash", "-e", "-c", step], cwd=copy, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for line in done.stdout.splitlines():
                for here, there in ((str(copy), CHECKOUT), (sys.prefix, PYTHON), (sys.base_prefix, PYTHON)):
                    line = line.replace(here, there)
                say(line)
            if done.returncode:
                say(f"##[error]Process completed with exit code {done.returncode}.")
    say("Post job cleanup.")
    pathlib.Path(output).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
