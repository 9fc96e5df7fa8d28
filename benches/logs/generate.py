#!/usr/bin/env python3
"""Makes logs with known failures by running real tools of many versions on small broken (and sound) projects.

usage: generate.py [--out DIR] [--only WORD ...] [-j N] [--offline] [--list]

Each module of `tables/` has `CASES`: a project, what is wrong with it, and the commands that show it.
The tools are installed once, with pip, below `target/logs-tools`; what they printed is kept there, too, so that a second
run is quick. Written are the logs and a `cases.jsonl`, which `scoreboard detect DIR` reads. A case whose Python or tool is
not to be had is left out, with a sentence.
"""
import argparse
import concurrent.futures
import importlib
import json
import pathlib
import sys

import forms
import lab

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "target" / "logs-tools"


def all_cases():
    for path in sorted((HERE / "tables").glob("*.py")):
        if path.stem != "__init__":
            yield from importlib.import_module(f"tables.{path.stem}").CASES


def wanted(run, words):
    text = f"{run.id} {run.env.name} {run.command}"
    return all(word in text for word in words)


def make(run, workshop, out, index):
    """Writes the log of one run and returns its line of `cases.jsonl`."""
    form = run.form or forms.NAMES[index % len(forms.NAMES)]
    result = workshop.result(run, in_ci=form != "plain")
    failures = lab.visible(run, result)
    text = forms.write(form, run, result, workshop)
    (out / f"{run.id}.log").write_text(text, encoding="utf-8")
    return {
        "id": run.id, "source": "generated", "origin": f"{run.env.name}: {run.command}", "log": f"{run.id}.log",
        "form": form, "failures": failures, "notes": "" if failures else "NO FAILURE.",
        "tool": run.case.tool, "env": run.env.name, "style": run.command,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=TARGET / "logs")
    parser.add_argument("--only", nargs="*", default=[], help="words that a run's id, environment or command must have")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--offline", action="store_true", help="leave out what is not installed yet")
    parser.add_argument("--list", action="store_true", help="print the runs and stop")
    args = parser.parse_args()
    runs = [run for case in all_cases() for run in case.runs()]
    ids = [run.id for run in runs]
    doubled = {id for id in ids if ids.count(id) > 1}
    assert not doubled, f"ids must be unique: {sorted(doubled)}"
    chosen = [(index, run) for index, run in enumerate(runs) if wanted(run, args.only)]
    if args.list:
        print("\n".join(f"{run.id}\t{run.env.name}\t{run.command}" for _, run in chosen))
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    workshop = lab.Workshop(TARGET, offline=args.offline)

    def attempt(item):
        try:
            return make(item[1], workshop, args.out, item[0])
        except lab.Unavailable as error:
            print(f"left out {item[1].id}: {error}", file=sys.stderr)
            return None

    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        lines = [line for line in pool.map(attempt, chosen) if line]
    with open(args.out / "cases.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    red = sum(bool(line["failures"]) for line in lines)
    print(f"{len(lines)} logs ({red} red, {len(lines) - red} green), {len(chosen) - len(lines)} left out: {args.out}")
    return 0 if lines else 1


if __name__ == "__main__":
    sys.exit(main())
