"""Handwritten digits (MNIST, 20,000 to learn from and 5,000 to judge by): a support vector machine on raw pixels.

`cargo xtask bench digits [--scale SHARE] [--repeats N] [--no-results]`

The pictures are IDX files, found in the folder in TRAINYARD_BENCH_DATA, in `digits` within it, or beside it. One core;
oneDAL fits and answers the same bytes with the same parameters.

C and gamma are chosen by cross-validation on pictures to learn from: a part of them in folds, each of which is judged by
what was learned from the others. The pictures to judge by are looked at once, at the end. What `svm` reaches without
being told anything stands beside it.
"""

import gzip
import os
import pathlib
import time

import numpy as np
from speed import CORE, PACKAGES, intel_svm  # pins this process to one core before any peer starts its threads

import common

REPEATS = 1
BAR = 0.98
COSTS = (5.0, 10.0)
# Times `gamma: scale`, which is 1 / (columns · variance of all entries).
WIDTHS = (1.0, 1.5, 2.0, 3.0)
# To choose by; of more pictures little else would be learned, at many times the price.
CHOOSE_FROM, FOLDS = 9_000, 3
NO_PROBABILITY = {"probability": False}


def folder():
    given = pathlib.Path(os.environ.get("TRAINYARD_BENCH_DATA", "."))
    for place in (given, given / "digits", given.parent / "digits"):
        if (place / "train-20k-images-idx3-ubyte.gz").is_file():
            return place
    raise SystemExit("set TRAINYARD_BENCH_DATA to the folder with train-20k-images-idx3-ubyte.gz, or to one beside digits")


def idx(path):
    """An IDX file of bytes: how many dimensions it has, their sizes, and its values."""
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    sizes = np.frombuffer(content, ">u4", dimensions, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(sizes).astype(float)


def pictures(name):
    place = folder()
    images, labels = (idx(place / f"{name}-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1"))
    return images.reshape(len(labels), -1), labels


def accuracy(folder, data, truth, settings, wrote):
    """What the example program said, and the share of its answers that is true."""
    said, answers = common.speed(common.SCRATCH / folder, "svm", "classification", data, settings, wrote=wrote)
    return said, np.mean(answers.argmax(axis=1) == truth)


def choose(x, y):
    """C and gamma of the best mean accuracy over folds of some pictures; the earlier of equally good ones."""
    scale = 1 / (x.shape[1] * x.var())
    x, y = x[:CHOOSE_FROM], y[:CHOOSE_FROM]
    grid = [{"C": cost, "gamma": scale * width} for cost in COSTS for width in WIDTHS]
    reached = np.zeros(len(grid))
    for fold in range(FOLDS):
        held_out = np.arange(len(y)) % FOLDS == fold
        data = x[~held_out], y[~held_out], x[held_out]
        for place, settings in enumerate(grid):
            good = accuracy("digits-fold", data, y[held_out], settings | NO_PROBABILITY, place > 0)[1]
            reached[place] += good / FOLDS
    for settings, good in zip(grid, reached):
        print(f"C = {settings['C']:g}, gamma = {settings['gamma'] / scale:g} × scale: {good:.4f}", flush=True)
    return grid[reached.argmax()]


def main():
    asked = common.arguments(__doc__, REPEATS)
    (x, y), (test, truth) = pictures("train-20k"), pictures("test-5k")
    rows = int(len(y) * asked.scale)
    x, y = x[:rows], y[:rows]
    chosen = choose(x, y)
    data, who = (x, y, test), ("ours", "ours, by default", "oneDAL")
    times, good, memory = {name: ([], []) for name in who}, {}, {}
    for turn in range(asked.repeats):
        for name, settings in (("ours", chosen | NO_PROBABILITY), ("ours, by default", {})):
            wrote = turn > 0 or name != "ours"
            said, good[name] = accuracy("digits", data, truth, settings, wrote)
            times[name][0].append(said["fit_seconds"])
            times[name][1].append(said["predict_seconds"])
            memory[name] = f"{said['fit_bytes'] / 1e6:.0f} MB"
        start = time.perf_counter()
        peer = intel_svm.SVC(**chosen).fit(x, y)
        times["oneDAL"][0].append(time.perf_counter() - start)
        start = time.perf_counter()
        good["oneDAL"] = np.mean(peer.predict(test) == truth)
        times["oneDAL"][1].append(time.perf_counter() - start)
    lines = common.table(["who", "accuracy", "bar", "verdict", "fit", "answers", "memory of the fit"], [
        [name, f"**{good[name]:.4f}**", f"≥ {BAR}" if name == "ours" else "",
         common.verdict(good[name], BAR) if name == "ours" and asked.scale == 1 else "",
         common.seconds(common.median(fits)), common.seconds(common.median(asks)),
         memory.get(name, "")]
        for name, (fits, asks) in times.items()])
    lines += ["", f"{len(y):,} pictures to learn from, {len(truth):,} to judge by; C = {chosen['C']:g}, gamma ="
                  f" {chosen['gamma'] * x.shape[1] * x.var():.3g} × scale, by {FOLDS} folds of {min(len(y), CHOOSE_FROM):,};"
                  f" one core (number {CORE}), medians of {asked.repeats}."]
    common.keep("digits", PACKAGES, lines)


if __name__ == "__main__":
    main()
