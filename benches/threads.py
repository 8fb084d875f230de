"""What a second core is worth, and that it changes nothing: fits (knn: answers) with one thread and with two.

`cargo xtask bench threads [--only CASE,…] [--scale SHARE] [--repeats N] [--no-results]`

One and two threads take turns; what was learned is compared byte by byte. Nothing else should run meanwhile.
"""

import filecmp
import os

CORES = os.sched_getaffinity(0)

import speed

os.sched_setaffinity(0, CORES)  # undoes what importing it did

import common

REPEATS = 5
BAR = 1.7
FAMILIES = ("decision_tree", "random_forest", "extra_trees", "gradient_boosting", "svm", "knn")
CASES = [case for case in speed.CASES if case.algorithm in FAMILIES]


def run(case, scale, repeats):
    rows = max(int(case.rows * scale), 200)
    x, y = speed.data(case, rows)
    table = x[:rows], y[:rows], x[rows:]
    folder = common.SCRATCH / "threads"
    models = {threads: folder / f"model-{threads}" for threads in (1, 2)}
    times = {threads: [] for threads in models}
    wrote = False
    for _ in range(repeats):
        for threads, model in models.items():
            said, _ = common.speed(folder, case.algorithm, case.task, table, case.settings, threads, model=model,
                                   wrote=wrote)
            times[threads].append(said[f"{case.timed}_seconds"])
            wrote = True
    one, two = common.median(times[1]), common.median(times[2])
    same = filecmp.cmp(models[1], models[2], shallow=False)
    print(f"{case.name}: {one:.3f} s and {two:.3f} s", flush=True)
    label = case.name if scale == 1 else f"{case.name} ×{scale:g}"
    return [label, f"**{one / two:.2f}×**", f"≥ {BAR}×", common.verdict(one / two, BAR if scale == 1 else 0),
            common.seconds(one), common.seconds(two), "the same" if same else "OTHER BYTES"]


def main():
    if len(CORES) < 2:
        raise SystemExit("this needs two cores, and may use one")
    asked = common.arguments(__doc__, REPEATS)
    rows = [run(case, asked.scale, asked.repeats) for case in common.chosen(CASES, asked)]
    lines = common.table(["case", "two threads", "bar", "verdict", "one", "two", "models"], rows)
    lines += ["", f"Medians of {asked.repeats}."]
    common.keep("threads", ["numpy"], lines)


if __name__ == "__main__":
    main()
