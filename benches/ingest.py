"""A generated CSV file to its profile: time and peak memory, beside pandas.

`cargo xtask bench ingest [MEGABYTES] [REPEATS] [--no-results]`. Ours reads, types and profiles all columns (histograms,
correlations and duplicate rows included); pandas does `read_csv` and `describe(include="all")`. Both run as
processes of their own, alternating; seconds are from the file to the result without starting the interpreter, and
peak memory is the whole process's.

This file imports no peer itself: a child's peak memory starts at its parent's.
"""

import json
import os
import subprocess
import sys

import common

MAKE = """
import sys
import numpy as np
import pandas as pd

path, megabytes = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(7)
names = np.array(["Almería", "Bergen", "Cork", "Dresden", "Évora", "Fès", "Gdańsk", "Hvar, Croatia"])
words = np.array("the train to platform four is late today please mind gap between and doors".split())
first, written, limit = True, 0, megabytes * 1_000_000
with open(path, "w", encoding="utf-8", newline="") as file:
    while written < limit:
        rows = 20_000
        when = np.datetime64("2019-01-01T00:00:00") + random.integers(0, 150_000_000, rows).astype("timedelta64[s]")
        income = np.round(random.lognormal(10, 0.6, rows), 2)
        income[random.random(rows) < 0.06] = np.nan
        frame = pd.DataFrame({
            "order": np.arange(rows) + written,
            "when": np.datetime_as_string(when, unit="s"),
            "city": names[random.integers(0, len(names), rows)],
            "age": random.integers(17, 95, rows),
            "income": income,
            "height": np.round(random.normal(171, 9.5, rows), 1),
            "score": random.normal(0, 1, rows),
            "member": np.where(random.random(rows) < 0.3, "yes", "no"),
            "shop": random.integers(1, 900, rows).astype(str),
            "code": [f"K{value:07d}" for value in random.integers(0, 9_999_999, rows)],
            "note": [" ".join(words[pick]) for pick in random.integers(0, len(words), (rows, 5))],
            "price": np.round(random.gamma(2.0, 30.0, rows), 2),
        })
        file.write(frame.to_csv(index=False, header=first, lineterminator="\\n"))
        first, written = False, file.tell()
"""

PANDAS = """
import sys, time, json
import pandas as pd
start = time.perf_counter()
frame = pd.read_csv(sys.argv[1])
described = frame.describe(include="all")
print(json.dumps({"seconds": time.perf_counter() - start, "rows": len(frame), "columns": len(frame.columns)}))
"""


def measured(command):
    """(what the program printed as JSON on its last line, its peak resident megabytes)."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command} failed:\n{said}")
    return json.loads(said.strip().splitlines()[-1]), usage.ru_maxrss / 1024


def main():
    megabytes = common.number(0, 100)
    repeats = common.number(1, 5)
    common.SCRATCH.mkdir(parents=True, exist_ok=True)
    path = common.SCRATCH / f"ingest-{megabytes}.csv"
    if not path.exists():
        subprocess.run([sys.executable, "-c", MAKE, str(path), str(megabytes)], check=True)
    ours = [common.built("examples/ingest"), str(path)]
    pandas = [sys.executable, "-c", PANDAS, str(path)]
    runs = {"ours": [], "pandas": []}
    for _ in range(repeats):
        runs["ours"].append(measured(ours))
        runs["pandas"].append(measured(pandas))
    shape = {name: (said[0][0]["rows"], said[0][0]["columns"]) for name, said in runs.items()}
    if shape["ours"] != shape["pandas"]:
        raise SystemExit(f"the two read different tables: {shape}")
    time = {name: common.median([said["seconds"] for said, _ in all_runs]) for name, all_runs in runs.items()}
    peak = {name: common.median([memory for _, memory in all_runs]) for name, all_runs in runs.items()}
    rows = [
        ["time", f"**{time['pandas'] / time['ours']:.2f}×**", common.seconds(time["ours"]), common.seconds(time["pandas"]),
         "≥ 1× (goal 3×)", "ok" if time["ours"] <= time["pandas"] else "BEHIND"],
        ["peak memory", f"**{peak['ours'] / peak['pandas']:.2f}×**", f"{peak['ours']:.0f} MB", f"{peak['pandas']:.0f} MB",
         "≤ 0.5×", "ok" if peak["ours"] <= peak["pandas"] / 2 else "BEHIND"],
    ]
    count, columns = shape["ours"]
    lines = common.table(["what", "ratio", "ours", "pandas", "bar", "verdict"], rows)
    lines += ["", f"{path.stat().st_size / 1e6:.0f} MB, {count:,} rows, {columns} columns; median of {repeats}, alternating. "
              "Peak memory is the whole process, for pandas with its interpreter and imports."]
    common.keep("ingest", ["pandas", "numpy"], lines)


if __name__ == "__main__":
    main()
