"""Handwritten digits (MNIST, 20,000 to learn from and 5,000 to judge by): a support vector machine on raw pixels.

`cargo xtask bench digits [--scale SHARE] [--repeats N] [--no-results]`

The pictures are IDX files, found in the folder in TRAINYARD_BENCH_DATA, in `digits` within it, or beside it. One core;
oneDAL fits and answers the same bytes with the same parameters.
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
SETTINGS = {"C": 5.0, "gamma": "scale"}


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


def main():
    asked = common.arguments(__doc__, REPEATS)
    (x, y), (test, truth) = pictures("train-20k"), pictures("test-5k")
    rows = int(len(y) * asked.scale)
    x, y = x[:rows], y[:rows]
    settings = SETTINGS | {"probability": False}
    times = {name: ([], []) for name in ("ours", "oneDAL")}
    for turn in range(asked.repeats):
        said, answers = common.speed(
            common.SCRATCH / "digits", "svm", "classification", (x, y, test), settings, wrote=turn > 0)
        times["ours"][0].append(said["fit_seconds"])
        times["ours"][1].append(said["predict_seconds"])
        start = time.perf_counter()
        peer = intel_svm.SVC(**SETTINGS).fit(x, y)
        times["oneDAL"][0].append(time.perf_counter() - start)
        start = time.perf_counter()
        theirs = peer.predict(test)
        times["oneDAL"][1].append(time.perf_counter() - start)
    good = {"ours": np.mean(answers.argmax(axis=1) == truth), "oneDAL": np.mean(theirs == truth)}
    lines = common.table(["who", "accuracy", "bar", "verdict", "fit", "answers", "memory of the fit"], [
        [name, f"**{good[name]:.4f}**", f"≥ {BAR}" if name == "ours" else "",
         common.verdict(good[name], BAR) if name == "ours" and asked.scale == 1 else "",
         common.seconds(common.median(fits)), common.seconds(common.median(asks)),
         f"{said['fit_bytes'] / 1e6:.0f} MB" if name == "ours" else ""]
        for name, (fits, asks) in times.items()])
    lines += ["", f"{len(y):,} pictures to learn from, {len(truth):,} to judge by; C = {SETTINGS['C']:g}, gamma = scale;"
                  f" one core (number {CORE}), medians of {asked.repeats}."]
    common.keep("digits", PACKAGES, lines)


if __name__ == "__main__":
    main()
