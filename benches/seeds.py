"""How good the fits of `cargo xtask bench fit` are as a mean over seeds, beside the same peers.

`cargo xtask bench seeds [--only CASE,…] [--seeds N] [--scale SHARE] [--no-results]`

A time is told by one table, a quality is not: here the table (numbers, law and rows held out alike) and the fit of
everybody change from seed to seed, and the figure is the mean of the differences within the seeds. A forest has 30
trees on all sides, to be done today; the rest is as in `fit`. A case is BEHIND where the mean difference is worse than
0.002 (of accuracy, AUC or R²) by more than two standard errors.
"""

import sys
import time

import speed  # first: it pins this process to one core before any peer starts its threads

import common

TREES = 30
BAR = 0.002
FORESTS = ("random_forest", "extra_trees")


def fitted(rival, case, seed, x, y, test):
    """A peer's answers, its chance drawn from the seed."""
    def make():
        model = rival.make()
        known = model.get_params() if hasattr(model, "get_params") else {}
        own = {"random_state": seed} if "random_state" in known else {}
        return model.set_params(**own, **trees(case)) if own else model

    return speed.Peer(speed.dataclasses.replace(rival, make=make)).fit(case, x, y, test)[1]


def trees(case):
    return {"n_estimators": TREES} if case.algorithm in FORESTS else {}


def ours(case, seed, x, y, test):
    folder = common.SCRATCH / "seeds" / case.name.replace(" ", "-")
    settings = case.settings | trees(case)
    answers = common.speed(folder, case.algorithm, case.task, (x, y, test), settings, seed=seed)[1]
    return speed.column(case, answers)


def run(case, scale, seeds):
    rows = max(int(case.rows * scale), 200)
    good = {name: [] for name in ["ours", *case.peers]}
    for seed in range(1, seeds + 1):
        start = time.perf_counter()
        x, y = speed.data(case, rows, seed=seed)
        x, test, y, truth = x[:rows], x[rows:], y[:rows], y[rows:]
        answers = {"ours": ours(case, seed, x, y, test)}
        answers |= {name: fitted(rival, case, seed, x, y, test) for name, rival in case.peers.items()}
        for name, answer in answers.items():
            metric, value = speed.quality(case, truth, answer)
            good[name].append(value)
        print(case.name, seed, metric, *(f"{name} {values[-1]:.4f}" for name, values in good.items()),
              f"({time.perf_counter() - start:.0f} s)", flush=True)
    for name in case.peers:
        better, noise = common.paired(good["ours"], good[name])
        yield [case.name if scale == 1 else f"{case.name} ×{scale:g}", name, metric, f"**{better:+.4f}**", f"± {noise:.4f}",
               *(f"{sum(good[who]) / seeds:.4f}" for who in ("ours", name)), common.standing(better, noise, BAR)]


def main():
    asked = common.arguments(__doc__, 10, name="seeds")
    rows = [row for case in common.chosen(speed.CASES, asked) for row in run(case, asked.scale, asked.seeds)]
    lines = common.table(
        ["case", "peer", "metric", "better by", "two standard errors", "ours", "peer", "verdict"], rows)
    lines += ["", f"Mean over {asked.seeds} seeds of table and fit; {TREES} trees in a forest on all sides."
                  f" BEHIND: worse by more than {BAR:g} and two standard errors."]
    common.keep("quality over seeds", speed.PACKAGES, lines)
    sys.exit(any("BEHIND" in row for row in rows))


if __name__ == "__main__":
    main()
