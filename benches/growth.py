"""How time and memory of a fit grow with the rows: 10,000, 100,000 and a million, on one core.

`cargo xtask bench growth [--only CASE,…] [--scale SHARE] [--repeats N] [--no-results]`

The factor of each step is time against time, divided by the rows against the rows: 1 is linear. Trees without a limit
of depth are held against n·log n instead. Memory is the peak of resident memory (VmHWM, set back right before the fit)
beyond what was resident then, which is the table itself as 64-bit numbers; beside it stands its ratio to the table as
32-bit numbers.
"""

import dataclasses
import math

import speed  # pins this process, and what it starts, to one core
from speed import CORE, Case, data

import common

REPEATS = 3
ROWS = [10_000, 100_000, 1_000_000]
GROWTH_BAR = 1.15
MEMORY_BAR = 2.5


@dataclasses.dataclass(frozen=True)
class Growing(Case):
    # What the time is held against.
    law: str = "n"
    # Whether memory is held against the bar.
    held: bool = False
    # Only so many of the sizes.
    sizes: tuple = tuple(ROWS)


def growing(name, algorithm, task, columns, settings=None, **others):
    return Growing(name, algorithm, task, ROWS[-1], columns, settings=settings or {}, **others)


SHALLOW = {"max_depth": 12}
FEW = {"n_estimators": 20}
CASES = [
    growing("boosting ×50, classes", "gradient_boosting", "classification", 50, held=True),
    growing("boosting ×50, numbers", "gradient_boosting", "regression", 50, held=True),
    growing("linear ×50", "linear_regression", "regression", 50),
    growing("logistic ×50", "logistic_regression", "classification", 50),
    growing("tree ×30, depth 12, classes", "decision_tree", "classification", 30, SHALLOW),
    growing("tree ×30, depth 12, numbers", "decision_tree", "regression", 30, SHALLOW),
    growing("tree ×30, full depth, classes", "decision_tree", "classification", 30, law="n·log n"),
    growing("forest of 20 ×30, depth 12, classes", "random_forest", "classification", 30, SHALLOW | FEW),
    growing("forest of 20 ×30, depth 12, numbers", "random_forest", "regression", 30, SHALLOW | FEW),
    growing("forest of 20 ×30, full depth, classes", "random_forest", "classification", 30, FEW, law="n·log n"),
    # No bar of time: machines of support vectors grow with the square. The memory must not.
    growing("svm ×20", "svm", "classification", 20, {"probability": False}, law="n²", sizes=(5_000, 20_000, 50_000)),
]
LAWS = {"n": lambda rows: rows, "n·log n": lambda rows: rows * math.log(rows), "n²": lambda rows: rows**2}


def run(case, scale, repeats):
    law, last = LAWS[case.law], None
    for size in case.sizes:
        rows = max(int(size * scale), 200)
        x, y = data(case, rows, 100)
        table = x[:rows], y[:rows], x[rows:]
        folder = common.SCRATCH / "growth"
        said = [common.speed(folder, case.algorithm, case.task, table, case.settings, wrote=turn > 0)[0]
                for turn in range(repeats)]
        took = common.median(one["fit_seconds"] for one in said)
        beyond = common.median(one["fit_bytes"] for one in said)
        single = rows * case.columns * 4
        factor, grew = "", 0.0
        growth_bar = GROWTH_BAR if last and case.law != "n²" and scale == 1 else 0
        if last:
            grew = took / last[1] / (law(rows) / law(last[0]))
            factor = f"**{grew:.2f}**"
        memory_bar = MEMORY_BAR if case.held and rows == ROWS[-1] else 0
        print(f"{case.name}: {rows} rows {took:.3f} s, {beyond / 1e6:.1f} MB", flush=True)
        yield [case.name, f"{rows:,}", common.seconds(took), factor,
               f"≤ {growth_bar} × {case.law}" if growth_bar else "",
               common.verdict(grew, growth_bar, least=False), f"{beyond / 1e6:.0f} MB",
               f"{beyond / single:.2f}×", f"≤ {memory_bar}×" if memory_bar else "",
               common.verdict(beyond / single, memory_bar, least=False)]
        last = rows, took
        for file in folder.iterdir():  # hundreds of megabytes
            file.unlink()


def main():
    asked = common.arguments(__doc__, REPEATS)
    rows = [row for case in common.chosen(CASES, asked) for row in run(case, asked.scale, asked.repeats)]
    lines = common.table(
        ["case", "rows", "seconds", "growth", "bar", "verdict", "memory beyond the table", "÷ table as f32", "bar",
         "verdict"], rows)
    lines += ["", f"One core (number {CORE}), medians of {asked.repeats}."]
    common.keep("growth", ["numpy"], lines)


if __name__ == "__main__":
    main()
