"""Handwritten digits as pictures (MNIST, 20,000 to learn from and 5,000 to judge by): what the first start trains, through the
command line, beside scikit-learn's SVC on the raw pixels.

`cargo xtask bench pictures [--scale SHARE] [--repeats N] [--no-results]`

The pictures are IDX files, found in the folder in TRAINYARD_BENCH_DATA, in `digits` within it, or beside it. Ours trains on
all cores, with calibrated probabilities, from the archive to the model file; scikit-learn on the arrays in memory, with its
parameters for raw pixels and without probabilities, which would make it several times slower. The calibration error (ECE) is
over fifteen bins of the confidence in the answer.
"""

import csv
import gzip
import json
import os
import subprocess
import time
import zipfile

import numpy as np
from digits import folder, pictures

import common

REPEATS = 1
ACCURACY, TIMES, ERROR = 0.988, 5.0, 0.02
BINS = 15
# What cross-validation chooses for raw pixels, see bench digits.
RAW = {"C": 5.0, "gamma": 1.5}


def archive(name, rows):
    """One of the sets as it is uploaded: a zip archive of the pair."""
    path = common.SCRATCH / f"{name}-{rows}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind, size in (("images-idx3", 28 * 28), ("labels-idx1", 1)):
            content = gzip.decompress((folder() / f"{name}-{kind}-ubyte.gz").read_bytes())
            head = content[: 4 + 4 * content[3]]
            head = head[:4] + rows.to_bytes(4, "big") + head[8:]
            packed.writestr(kind, head + content[len(head): len(head) + rows * size])
    return path


def run(*words):
    """Seconds that the program took, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run([str(common.built("trainyard")), *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{words}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start, done.stdout


def calibration_error(confidence, right):
    """How far confidence and truth are apart, by the share of answers in each bin."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    parts = (bins == place for place in range(BINS))
    return sum(abs(confidence[part].mean() - right[part].mean()) * part.mean() for part in parts if part.any())


def ours(learned, judged, truth):
    """Accuracy, calibration error, and seconds to learn and to answer, files included."""
    model, answers = common.SCRATCH / "digits.tym", common.SCRATCH / "digits.csv"
    learning, said = run("train", learned, "--target", "label", "--algorithm", "svm", "--param", "C=5",
                         "--no-holdout", "--json", "-o", model)
    fitting = json.loads(said)["lineage"]["fit_seconds"]
    answering, _ = run("predict", model, judged, "--proba", "-o", answers)
    with answers.open() as lines:
        rows = [(row["prediction"], row[f"probability:{row['prediction']}"]) for row in csv.DictReader(lines)]
    right = np.array([int(digit) for digit, _ in rows]) == truth
    confidence = np.array([float(share) for _, share in rows])
    return right.mean(), calibration_error(confidence, right), learning, fitting, answering


def main():
    from sklearn.svm import SVC

    # Importing the other bench pinned this process to one core.
    os.sched_setaffinity(0, range(os.cpu_count()))
    asked = common.arguments(__doc__, REPEATS)
    (x, y), (test, truth) = pictures("train-20k"), pictures("test-5k")
    rows = int(len(y) * asked.scale)
    x, y = x[:rows], y[:rows]
    learned, judged = archive("train-20k", rows), archive("test-5k", len(truth))
    own, raw = [], []
    for _ in range(asked.repeats):
        own.append(ours(learned, judged, truth))
        machine = SVC(C=RAW["C"], gamma=RAW["gamma"] / (x.shape[1] * x.var()))
        start = time.perf_counter()
        machine.fit(x, y)
        fitted = time.perf_counter()
        right = np.mean(machine.predict(test) == truth)
        raw.append((right, fitted - start, time.perf_counter() - fitted))
    good, error, learning, fitting, answering = (common.median(own[turn][part] for turn in range(len(own))) for part in range(5))
    peer = [common.median(raw[turn][part] for turn in range(len(raw))) for part in range(3)]
    judge = common.verdict if asked.scale == 1 else lambda *_: ""
    lines = common.table(["who", "accuracy", "bar", "verdict", "ECE", "bar", "verdict", "fit", "bar", "verdict", "answers"], [
        ["ours, as pictures", f"**{good:.4f}**", f"≥ {ACCURACY}", judge(good, ACCURACY), f"**{error:.4f}**", f"≤ {ERROR}",
         judge(error, ERROR, False), f"{common.seconds(fitting)} (**{peer[1] / fitting:.1f}×**)", f"≥ {TIMES:g}×",
         judge(peer[1] / fitting, TIMES), common.seconds(answering)],
        ["scikit-learn, raw pixels", f"**{peer[0]:.4f}**", "", "", "", "", "", common.seconds(peer[1]), "", "",
         common.seconds(peer[2])],
    ])
    lines += ["", f"{rows:,} pictures to learn from, {len(truth):,} to judge by; from archive to model file in"
                  f" {common.seconds(learning)}; ours on all cores, with probabilities; medians of {asked.repeats}."]
    common.keep("pictures", ["scikit-learn", "numpy"], lines)


if __name__ == "__main__":
    main()
