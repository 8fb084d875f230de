"""What every bench shares: where things are, what machine this is, and how a result is kept.

Results go to RESULTS.md, newest last, each with date, versions and machine.
"""

import argparse
import datetime
import importlib.metadata
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent
RELEASE = pathlib.Path(os.environ.get("TRAINYARD_RELEASE", ROOT / "target/release"))
RESULTS = FOLDER / "RESULTS.md"
# Everything that is made to be measured, and nothing that is kept.
SCRATCH = ROOT / "target/bench"


def built(name):
    """The path of a program that `cargo xtask bench` has just built."""
    path = RELEASE / name
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run this through `cargo xtask bench`, which builds it")
    return path


def machine():
    model = "unknown processor"
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    flags = vector_instructions()
    return f"{model}, {os.cpu_count()} cores{flags}, {platform.system()} {platform.release()}"


def vector_instructions():
    try:
        words = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return ""
    if "avx512f" in words:
        return " (AVX-512)"
    return " (AVX2)" if "avx2" in words else ""


def versions(*packages):
    """`name version` of Trainyard's commit and of the named Python packages."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    words = [f"trainyard {commit or 'unknown'}", f"Python {platform.python_version()}"]
    words += [f"{name} {importlib.metadata.version(name)}" for name in packages]
    return ", ".join(words)


def keep(title, packages, lines):
    """Prints the result and, without --no-results, appends it to RESULTS.md."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    text = "\n".join(
        [f"## {title}", "", f"{now}. {machine()}; load before and during {load}. {versions(*packages)}.", "", *lines, ""]
    )
    print(text)
    if "--no-results" in sys.argv:
        return
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write("\n" + text)


def table(header, rows):
    """A Markdown table."""
    cells = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in cells]


def seconds(value):
    return f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def number(position, default):
    """The whole number at this place among the words of the command line."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    return int(words[position]) if position < len(words) else default


def speed(folder, algorithm, task, data, settings=None, threads=1, **flags):
    """Runs the example program `speed` on `data` = (x, y, rows to answer); `wrote` says that they are in the folder
    already. Gives what it said and its answers, with a row for each row of the table."""
    import numpy as np

    x, y, test = data
    if not flags.pop("wrote", False):
        folder.mkdir(parents=True, exist_ok=True)
        for name, values in {"x": x, "y": y, "test": test}.items():
            np.asfortranarray(values, dtype="<f8").ravel(order="F").tofile(folder / f"{name}.f64")
    words = [
        str(built("examples/speed")), "--algorithm", algorithm, "--task", task, "--rows", str(len(y)),
        "--test-rows", str(len(test)), "--columns", str(x.shape[1]), "--threads", str(threads),
        "--folder", str(folder), "--params", json.dumps(settings or {}),
    ]
    words += [word for name, value in flags.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return said, np.fromfile(folder / "answers.f64", dtype="<f8").reshape(len(test), -1)


def arguments(about, repeats, name="repeats"):
    """What every script that compares cases can be told; `name`: what it calls its repeats."""
    parser = argparse.ArgumentParser(description=about.split("\n\n")[0])
    parser.add_argument("--only", help="parts of case names, separated by commas")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows, to try the script")
    parser.add_argument(f"--{name}", type=int, default=repeats)
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def chosen(cases, arguments):
    """The cases that --only names, or all."""
    parts = arguments.only.split(",") if arguments.only else [""]
    return [case for case in cases if any(part in case.name for part in parts)]


def verdict(value, bar, least=True):
    """ok or BEHIND against a bar that is to be reached, or not to be passed; nothing without one."""
    if not bar:
        return ""
    return "ok" if (value >= bar if least else value <= bar) else "BEHIND"


def paired(mine, theirs):
    """The mean difference of pairs and two standard errors of it."""
    better = [left - right for left, right in zip(mine, theirs, strict=True)]
    error = statistics.stdev(better) / math.sqrt(len(better)) if len(better) > 1 else 0.0
    return statistics.fmean(better), 2 * error


def standing(better, noise, bar):
    """What a mean difference says, told with two standard errors: worse than the bar beyond them, better beyond them."""
    if better < -(bar + noise):
        return "BEHIND"
    return "ahead" if better > noise else "ok"


def median(values):
    return statistics.median(values)
