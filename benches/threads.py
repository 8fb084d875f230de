"""What a second core is worth, and that it changes nothing: fits (knn: answers) with one thread and with two.

`cargo xtask bench threads [--only CASE,…] [--scale SHARE] [--repeats N] [--no-results]`

One and two threads take turns; what was learned is compared byte by byte. Nothing else should run meanwhile. The ceiling
is what two fits of one thread each reach side by side: they share nothing but the processor, its memory and its clock.
"""

import filecmp
import os
from concurrent.futures import ThreadPoolExecutor

CORES = os.sched_getaffinity(0)

import speed

os.sched_setaffinity(0, CORES)  # undoes what importing it did

import common

REPEATS = 5
BAR = 1.7
FAMILIES = ("decision_tree", "random_forest", "extra_trees", "gradient_boosting", "svm", "knn")
# As everybody gets them who sets nothing: the peers' comparison leaves the probabilities out.
USUAL = speed.Case("svm 10k×20, with probabilities", "svm", "classification", 10_000, 20)
CASES = [case for case in [*speed.CASES, USUAL] if case.algorithm in FAMILIES]


def run(case, scale, repeats):
    rows = max(int(case.rows * scale), 200)
    x, y = speed.data(case, rows)
    table = x[:rows], y[:rows], x[rows:]
    folder = common.SCRATCH / "threads"
    models = {threads: folder / f"model-{threads}" for threads in (1, 2)}
    times = {threads: [] for threads in models}
    beside = []
    wrote = False
    for _ in range(repeats):
        for threads, model in models.items():
            said, _ = common.speed(folder, case.algorithm, case.task, table, case.settings, threads, model=model,
                                   wrote=wrote)
            times[threads].append(said[f"{case.timed}_seconds"])
            wrote = True
        beside.append(side_by_side(folder, case, table))
    one, two, beside = common.median(times[1]), common.median(times[2]), common.median(beside)
    same = filecmp.cmp(models[1], models[2], shallow=False)
    print(f"{case.name}: {one:.3f} s and {two:.3f} s", flush=True)
    label = case.name if scale == 1 else f"{case.name} ×{scale:g}"
    return [label, f"**{one / two:.2f}×**", f"≥ {BAR}×", common.verdict(one / two, BAR if scale == 1 else 0),
            f"{2 * one / beside:.2f}×", common.seconds(one), common.seconds(two), "the same" if same else "OTHER BYTES"]


def side_by_side(folder, case, table):
    """Mean seconds of two fits of one thread each that run at once."""
    def fit(name):
        said, _ = common.speed(folder, case.algorithm, case.task, table, case.settings, 1, model=folder / name, wrote=True)
        return said[f"{case.timed}_seconds"]

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(fit, ["beside-1", "beside-2"])) / 2


def main():
    if len(CORES) < 2:
        raise SystemExit("this needs two cores, and may use one")
    asked = common.arguments(__doc__, REPEATS)
    rows = [run(case, asked.scale, asked.repeats) for case in common.chosen(CASES, asked)]
    lines = common.table(["case", "two threads", "bar", "verdict", "ceiling", "one", "two", "models"], rows)
    lines += ["", f"Medians of {asked.repeats}."]
    common.keep("threads", ["numpy"], lines)


if __name__ == "__main__":
    main()
