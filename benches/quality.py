"""How good our models are beside the peers' of the same name, on the same splits.

`cargo xtask bench quality [--quick] [--splits N] [--only NAME,…] [--algorithms NAME,…] [--no-results]`

For every table, split and algorithm this writes the rows to learn from and the rows to judge by as CSV, runs
`trainyard train … --no-holdout` and `trainyard predict --proba` on them, and fits the peers of `rivals.py` in the
pipeline anybody would write: median for missing numbers, one-hot for categories (unknown ones ignored), dates as
their parts, scaling where an algorithm needs it, columns that name each row left out; boosting takes missing numbers
and categories as they are. Both keep their defaults; what differs from them says `rivals.py`.

The measures are accuracy, AUC (two classes; of a support vector machine's distances) and, of numbers, R² and RMSE. An
algorithm is BEHIND when the mean difference is worse than the bar (0.002 of accuracy, AUC or R²; 1 % of RMSE) by more
than two standard errors of the paired differences. R² is the measure of numbers on the scale of the others; the RMSE
stands beside it, because where R² is near 1 two thousandths of it are much.

Where a fit would take minutes both sides get the same rows drawn from the table: LARGEST says how many for which
algorithm; what is in LEFT_OUT is not run at all.

The samples come from crates/platform/samples. The other tables come from the folder in TRAINYARD_BENCH_DATA, whose
bench.json says for each its file, task, target and columns to drop.

A peer's score on a split never changes, so it is computed once and kept under target/bench/quality.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split

import common
import rivals

SAMPLES = {
    "iris": ("species", "classification"),
    "penguins": ("species", "classification"),
    "titanic": ("survived", "classification"),
    "sacramento_housing": ("price", "regression"),
    "diabetes": ("target", "regression"),
    "digits_8x8": ("digit", "classification"),
    "credit_default": ("default", "classification"),
    "seattle_weather": ("weather", "classification"),
}
TABLES = ["diamonds", "flights", "churn", "german_credit", "letter", "ames_housing"]
# scikit-learn's forests on 4,000 one-hot columns take minutes for ten trees: both sides grow ten there, on fewer splits.
AT_MOST_SPLITS = {("flights", name): 3 for name in ("random_forest", "extra_trees", "gradient_boosting")}
SMALLER = {("flights", "random_forest"): {"n_estimators": 10}, ("flights", "extra_trees"): {"n_estimators": 10}}
# With these algorithms both sides learn from and are judged by so many rows at most.
LARGEST = {"svm": 5_000, "knn": 20_000, "neural_net": 10_000}
LEFT_OUT = {("flights", "svm"), ("flights", "knn"), ("flights", "neural_net")}
BAR = 0.002
RMSE_BAR = 0.01
FIRST = ("linear_regression", "logistic_regression", "decision_tree", "random_forest", "extra_trees")
# A change here makes the kept scores worthless.
PIPELINE_VERSION = 1


def load(name):
    """(table with its target present in every row, target, task)."""
    if name in SAMPLES:
        target, task = SAMPLES[name]
        return tidy(pd.read_csv(common.ROOT / f"crates/platform/samples/{name}.csv"), target), target, task
    folder = os.environ.get("TRAINYARD_BENCH_DATA")
    if not folder:
        raise SystemExit("set TRAINYARD_BENCH_DATA to the folder with bench.json and its tables, or use --only with samples")
    listed = {entry["name"]: entry for entry in json.loads((pathlib.Path(folder) / "bench.json").read_text())}
    entry = listed[name]
    path = pathlib.Path(folder) / entry["file"]
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    target = entry["target"]
    task = "regression" if entry["task"] == "regression" else "classification"
    return tidy(frame.drop(columns=entry["drop"]), target), target, task


def tidy(frame, target):
    """Rows with a target; text that is a date in every row becomes one, as a person would do by hand."""
    frame = frame[frame[target].notna()].reset_index(drop=True)
    if pd.api.types.is_float_dtype(frame[target]) and (frame[target] % 1 == 0).all():
        frame[target] = frame[target].astype("int64")
    for column in frame.columns.drop(target):
        if is_text(frame[column]):
            dates = pd.to_datetime(frame[column], format="%Y/%m/%d", errors="coerce")
            if dates.notna().all():
                frame[column] = dates
    return frame


def is_text(column):
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column))


def date_parts(frame):
    """Dates as numbers, the parts that vary."""
    parts = {}
    for column in frame.columns:
        if not pd.api.types.is_datetime64_any_dtype(frame[column]):
            parts[column] = frame[column]
            continue
        when = frame[column].dt
        for part in ("year", "month", "day", "dayofweek", "dayofyear", "hour", "minute"):
            parts[f"{column} {part}"] = getattr(when, part).astype("float64")
    return pd.DataFrame(parts, index=frame.index)


def reference(frame, target, task, algorithm, peer, train, test, seed, settings):
    """A peer's scores on the test rows."""
    inputs = frame.drop(columns=target)
    names_a_row = [column for column in inputs if is_text(inputs[column]) and inputs[column].nunique() > 0.95 * len(inputs)]
    inputs = date_parts(inputs.drop(columns=names_a_row))
    text = [column for column in inputs if is_text(inputs[column])]
    for column in text:
        values = inputs[column].astype(object)
        inputs[column] = values.where(values.notna(), np.nan)
    numbers = [column for column in inputs if column not in text]
    inputs[numbers] = inputs[numbers].astype("float64")
    truth = labels(frame[target]) if task == "classification" else frame[target].astype("float64")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        said = rivals.answers(inputs, text, truth, task, algorithm, peer, train, test, seed, settings)
    return scores(task, truth.iloc[test], *said)


def ours(frame, target, task, algorithm, train, test, seed, folder, settings):
    """Our scores on the same test rows, by the command line alone."""
    folder.mkdir(parents=True, exist_ok=True)
    learn, judge, model, answers = (folder / name for name in ("train.csv", "test.csv", "model.tym", "answers.csv"))
    frame.iloc[train].to_csv(learn, index=False)
    frame.iloc[test].drop(columns=target).to_csv(judge, index=False)
    binary = str(common.built("trainyard"))
    params = [word for name, value in settings.items() for word in ("--param", f"{name}={value}")]
    call(binary, "train", learn, "--target", target, "--task", task, "--algorithm", algorithm,
         "--seed", seed, "--no-holdout", *params, "-o", model)
    proba = ["--proba"] if task == "classification" else []
    call(binary, "predict", model, judge, *proba, "-o", answers)
    return said(frame, target, task, test, answers)


def said(frame, target, task, test, answers):
    """The scores of a file of our answers to the test rows."""
    answered = pd.read_csv(answers, dtype={"prediction": str}, keep_default_na=False)
    if len(answered) != len(test):
        raise SystemExit(f"{len(answered)} answers for {len(test)} rows")
    if task == "regression":
        return scores(task, frame[target].iloc[test].astype("float64"), answered["prediction"].astype(float).to_numpy(), None, None)
    columns = [column for column in answered if column.startswith("probability:")]
    classes = [column.removeprefix("probability:") for column in columns]
    return scores(task, labels(frame[target]).iloc[test], answered["prediction"].to_numpy(), answered[columns].to_numpy(), classes)


def labels(column):
    """Class labels as the text a CSV file has."""
    return column.astype(str)


def call(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def scores(task, truth, predicted, probabilities, classes):
    """Metric name → value. Two classes have an AUC besides their accuracy."""
    if task == "regression":
        return {"RMSE": float(np.sqrt(np.mean((truth.to_numpy() - predicted) ** 2)))}
    found = {"accuracy": float(accuracy_score(truth, predicted))}
    if truth.nunique() == 2:
        positive = sorted(truth.unique())[-1]
        found["AUC"] = float(roc_auc_score(truth == positive, probabilities[:, classes.index(positive)]))
    return found


def splits(frame, target, task, count):
    """Row numbers to learn from and to judge by: 80 and 20 %, by class where there are classes."""
    rows = np.arange(len(frame))
    by_class = labels(frame[target]) if task == "classification" else None
    for seed in range(count):
        yield seed, *train_test_split(rows, test_size=0.2, random_state=seed, stratify=by_class)


def kept(key, compute):
    """The value kept under this key, computed when there is none."""
    name = hashlib.sha256(json.dumps([PIPELINE_VERSION, sklearn.__version__, *key]).encode()).hexdigest()[:24]
    path = common.SCRATCH / "quality/reference" / f"{name}.json"
    if path.exists():
        return json.loads(path.read_text())
    value = compute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return value


def compare(name, algorithm, peer, metric, mine, theirs):
    """One row of the table, and whether we are behind."""
    mine, theirs = np.array(mine), np.array(theirs)
    error = metric == "RMSE"
    better, noise = common.paired(theirs, mine) if error else common.paired(mine, theirs)
    verdict = common.standing(better, noise, RMSE_BAR * theirs.mean() if error else BAR)
    if error:
        said = [f"**{better / theirs.mean():+.2%}**", f"± {noise / theirs.mean():.2%}", f"{mine.mean():.4g}", f"{theirs.mean():.4g}"]
    else:
        said = [f"**{better:+.4f}**", f"± {noise:.4f}", f"{mine.mean():.4f}", f"{theirs.mean():.4f}"]
    return [name, algorithm, peer, metric, *said, verdict], verdict == "BEHIND"


def measured(scores, truth):
    """The scores; of numbers also the share of their variance that is explained."""
    if "RMSE" not in scores:
        return scores
    return {"R²": 1 - scores["RMSE"] ** 2 / float(np.var(truth.astype("float64"))), **scores}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 splits instead of 10")
    parser.add_argument("--splits", type=int, help="how many splits")
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--algorithms", help="algorithms, separated by commas")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def drawn(frame, algorithm):
    """At most as many rows as the algorithm is asked to learn, always the same ones."""
    most = LARGEST.get(algorithm, len(frame))
    return frame if len(frame) <= most else frame.sample(most, random_state=0).sort_index().reset_index(drop=True)


def run(name, whole, target, task, algorithm, count):
    """One table and algorithm: the rows of each peer and metric, and whether we are behind."""
    frame = drawn(whole, algorithm)
    settings = SMALLER.get((name, algorithm), {})
    peers = rivals.PEERS[task][algorithm]
    found = {who: {} for who in ("ours", *peers)}
    for seed, train, test in splits(frame, target, task, count):
        folder = common.SCRATCH / "quality" / f"{name}-{algorithm}"
        said = {"ours": ours(frame, target, task, algorithm, train, test, seed, folder, settings)}
        for peer in peers:
            key = [name, len(frame), algorithm, seed, *([settings] if settings else [])]
            # Kept scores of scikit-learn's first algorithms do not say whose they are.
            key += [] if algorithm in FIRST else [peer]
            said[peer] = kept(key, lambda: reference(frame, target, task, algorithm, peer, train, test, seed, settings))
        for who, scores in said.items():
            for metric, value in measured(scores, frame[target].iloc[test]).items():
                found[who].setdefault(metric, []).append(value)
    for peer in peers:
        for metric, theirs in found[peer].items():
            yield compare(name, algorithm, peer, metric, found["ours"][metric], theirs)


def main():
    chosen = arguments()
    count = chosen.splits or (3 if chosen.quick else 10)
    names = chosen.only.split(",") if chosen.only else [*SAMPLES, *TABLES]
    rows, behind = [], []
    for name in names:
        frame, target, task = load(name)
        for algorithm in rivals.PEERS[task]:
            if (name, algorithm) in LEFT_OUT or (chosen.algorithms and algorithm not in chosen.algorithms.split(",")):
                continue
            start = time.perf_counter()
            limit = min(count, AT_MOST_SPLITS.get((name, algorithm), count))
            for row, is_behind in run(name, frame, target, task, algorithm, limit):
                rows.append(row)
                behind += [" ".join(row[:4])] if is_behind else []
                print("  ".join(row), f"({time.perf_counter() - start:.0f} s)", flush=True)
    lines = common.table(
        ["table", "algorithm", "peer", "metric", "better by", "two standard errors", "ours", "peer's", "verdict"], rows)
    asked = {(row[0], row[1]) for row in rows}
    fewer = [f"{name} {algorithm}: {limit}" + (", with 10 trees on both sides" if (name, algorithm) in SMALLER else "")
             for (name, algorithm), limit in AT_MOST_SPLITS.items() if limit < count and (name, algorithm) in asked]
    drawn_from = [f"{name}: {most:,}" for name, most in LARGEST.items() if any(name == algorithm for _, algorithm in asked)]
    lines += ["", f"Mean over {count} splits (fewer for {', '.join(fewer) or 'none'}); rows at most, both sides the same:"
                  f" {', '.join(drawn_from) or 'all'}. Behind by more than the bar: {', '.join(behind) or 'nothing'}."]
    common.keep("quality", ["scikit-learn", "lightgbm", "xgboost", "pandas", "numpy"], lines)
    sys.exit(1 if behind else 0)


if __name__ == "__main__":
    main()
