"""What every bench shares: where things are, what machine this is, and how a result is kept.

Results go to RESULTS.md, newest last, each with date, versions and machine.
"""

import datetime
import importlib.metadata
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


def median(values):
    return statistics.median(values)
