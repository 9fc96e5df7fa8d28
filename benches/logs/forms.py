"""The forms in which a log is kept."""
import datetime
import pathlib

#: The forms, which take turns.
NAMES = ("plain", "gha-raw", "gh-cli")

START = datetime.datetime(2024, 5, 14, 9, 30, 1)


def write(form, run, result, workshop):
    """The text of the log."""
    if form == "plain":
        return result.output
    output = elsewhere(run, result, workshop)
    patch = {"3.11": "9"}.get(run.env.python, "18")
    before = [f"##[group]Run {run.command}", f"\x1b[36;1m{run.command}\x1b[0m", "shell: /usr/bin/bash -e {0}", "env:",
              f"  pythonLocation: {tool_cache(run.env.python, patch)}", "##[endgroup]"]
    after = [f"##[error]Process completed with exit code {result.exit}."] if result.exit else []
    setup = [f"##[group]Run pip install {' '.join(run.env.packages) or '-r requirements.txt'}", "##[endgroup]",
             "Installing collected packages"]
    clean = ["Post job cleanup.", "[command]/usr/bin/git version", "git version 2.43.2", "Cleaning up orphan processes"]
    steps = [("Set up job", ["Current runner version: '2.316.1'", "##[group]Operating System", "Ubuntu", "##[endgroup]"]),
             ("Install", setup), ("Test", before + output.splitlines() + after), ("Post Test", clean)]
    if form == "gh-cli":
        return "".join(f"test ({run.env.python})\t{name}\t{stamp(index)} {line}\n"
                       for index, (name, line) in enumerate((name, line) for name, lines in steps for line in lines))
    lines = (line for _, lines in steps for line in lines)
    return "".join(f"{stamp(index)} {line}\n" for index, line in enumerate(lines))


def stamp(index):
    moment = START + datetime.timedelta(milliseconds=37 * index)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "1Z"


def tool_cache(python, patch):
    return f"/opt/hostedtoolcache/Python/{python}.{patch}/x64"


def elsewhere(run, result, workshop):
    """The output as if it had been printed on a runner."""
    text = result.output.replace(result.folder, "/home/runner/work/shop/shop")
    script = f"{pathlib.PurePath(result.folder).parent}/step.sh"
    text = text.replace(script, "/home/runner/work/_temp/6cf1d4ab-2f1c-4b57-9f0e-8e1b1d3a7a52.sh")
    return text.replace(str(workshop.folder(run.env)), tool_cache(run.env.python, "9"))
