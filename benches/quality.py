"""How good our models are beside scikit-learn's of the same name, on the same splits.

`cargo xtask bench quality [--quick] [--splits N] [--only NAME,…] [--algorithms NAME,…] [--no-results]`

For every table, split and algorithm this writes the rows to learn from and the rows to judge by as CSV, runs
`trainyard train … --no-holdout` and `trainyard predict --proba` on them, and fits scikit-learn's estimator in the
pipeline anybody would write: median for missing numbers, one-hot for categories (unknown ones ignored), dates as
their parts, scaling for logistic regression, columns that name each row left out. Both keep their defaults, but for
scikit-learn's iteration limit of 100, which is too low for it to converge here. An algorithm is BEHIND when the mean
difference is worse than the bar (0.005 of AUC or accuracy, 1 % of RMSE) by more than two standard errors of the
paired differences.

The samples come from crates/platform/samples. The other tables come from the folder in TRAINYARD_BENCH_DATA, whose
bench.json says for each its file, task, target and columns to drop.

scikit-learn's score on a split never changes, so it is computed once and kept under target/bench/quality.
"""

import argparse
import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import common

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
ALGORITHMS = {
    "classification": {
        "logistic_regression": lambda seed: LogisticRegression(max_iter=2000),
        "decision_tree": lambda seed: DecisionTreeClassifier(random_state=seed),
        "random_forest": lambda seed: RandomForestClassifier(random_state=seed, n_jobs=-1),
        "extra_trees": lambda seed: ExtraTreesClassifier(random_state=seed, n_jobs=-1),
    },
    "regression": {
        "linear_regression": lambda seed: LinearRegression(),
        "decision_tree": lambda seed: DecisionTreeRegressor(random_state=seed),
        "random_forest": lambda seed: RandomForestRegressor(random_state=seed, n_jobs=-1),
        "extra_trees": lambda seed: ExtraTreesRegressor(random_state=seed, n_jobs=-1),
    },
}
# scikit-learn's forests on 4,000 one-hot columns take minutes for ten trees: both sides grow ten there, on fewer splits.
AT_MOST_SPLITS = {("flights", "random_forest"): 3, ("flights", "extra_trees"): 3}
SMALLER = {("flights", "random_forest"): {"n_estimators": 10}, ("flights", "extra_trees"): {"n_estimators": 10}}
ABSOLUTE_BAR = 0.005
RMSE_BAR = 0.01
# A change here makes the kept scores of scikit-learn worthless.
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


def reference(frame, target, task, algorithm, train, test, seed, settings):
    """scikit-learn's scores on the test rows."""
    inputs = frame.drop(columns=target)
    names_a_row = [column for column in inputs if is_text(inputs[column]) and inputs[column].nunique() > 0.95 * len(inputs)]
    inputs = date_parts(inputs.drop(columns=names_a_row))
    text = [column for column in inputs if is_text(inputs[column])]
    for column in text:
        values = inputs[column].astype(object)
        inputs[column] = values.where(values.notna(), np.nan)
    numbers = [column for column in inputs if column not in text]
    inputs[numbers] = inputs[numbers].astype("float64")
    numeric = [SimpleImputer(strategy="median")]
    if algorithm == "logistic_regression":
        numeric.append(StandardScaler())
    prepare = ColumnTransformer([
        ("numbers", make_pipeline(*numeric), numbers),
        ("categories", make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"),
                                     OneHotEncoder(handle_unknown="ignore")), text),
    ])
    answers = labels(frame[target]) if task == "classification" else frame[target].astype("float64")
    model = make_pipeline(prepare, ALGORITHMS[task][algorithm](seed).set_params(**settings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(inputs.iloc[train], answers.iloc[train])
    if task == "regression":
        return scores(task, answers.iloc[test], model.predict(inputs.iloc[test]), None, None)
    probabilities = model.predict_proba(inputs.iloc[test])
    return scores(task, answers.iloc[test], model.predict(inputs.iloc[test]), probabilities, list(model.classes_))


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


def compare(name, algorithm, metric, mine, theirs):
    """One row of the table, and whether we are behind."""
    mine, theirs = np.array(mine), np.array(theirs)
    better = theirs - mine if metric == "RMSE" else mine - theirs
    bar = RMSE_BAR * theirs.mean() if metric == "RMSE" else ABSOLUTE_BAR
    error = better.std(ddof=1) / math.sqrt(len(better)) if len(better) > 1 else 0.0
    behind = better.mean() < -(bar + 2 * error)
    ahead = better.mean() > 2 * error
    form = (lambda value: f"{value:.4g}") if metric == "RMSE" else (lambda value: f"{value:.4f}")
    difference = f"{better.mean() / theirs.mean():+.2%}" if metric == "RMSE" else f"{better.mean():+.4f}"
    noise = f"{2 * error / theirs.mean():.2%}" if metric == "RMSE" else f"{2 * error:.4f}"
    verdict = "BEHIND" if behind else "ahead" if ahead else "ok"
    return [name, algorithm, metric, f"**{difference}**", f"± {noise}", form(mine.mean()), form(theirs.mean()), verdict], behind


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 splits instead of 10")
    parser.add_argument("--splits", type=int, help="how many splits")
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--algorithms", help="algorithms, separated by commas")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def main():
    chosen = arguments()
    count = chosen.splits or (3 if chosen.quick else 10)
    names = chosen.only.split(",") if chosen.only else [*SAMPLES, *TABLES]
    rows, behind = [], []
    for name in names:
        frame, target, task = load(name)
        for algorithm in ALGORITHMS[task]:
            if chosen.algorithms and algorithm not in chosen.algorithms.split(","):
                continue
            start = time.perf_counter()
            mine, theirs = {}, {}
            settings = SMALLER.get((name, algorithm), {})
            limit = min(count, AT_MOST_SPLITS.get((name, algorithm), count))
            for seed, train, test in splits(frame, target, task, limit):
                folder = common.SCRATCH / "quality" / f"{name}-{algorithm}"
                for metric, value in ours(frame, target, task, algorithm, train, test, seed, folder, settings).items():
                    mine.setdefault(metric, []).append(value)
                key = [name, len(frame), algorithm, seed, *([settings] if settings else [])]
                peer = kept(key, lambda: reference(frame, target, task, algorithm, train, test, seed, settings))
                for metric, value in peer.items():
                    theirs.setdefault(metric, []).append(value)
            for metric in theirs:
                row, is_behind = compare(name, algorithm, metric, mine[metric], theirs[metric])
                rows.append(row)
                behind += [f"{name} {algorithm} {metric}"] if is_behind else []
                print("  ".join(row), f"({time.perf_counter() - start:.0f} s)", flush=True)
    lines = common.table(
        ["table", "algorithm", "metric", "better by", "two standard errors", "ours", "scikit-learn", "verdict"], rows)
    fewer = [f"{name} {algorithm}: {limit}, with 10 trees on both sides"
             for (name, algorithm), limit in AT_MOST_SPLITS.items() if limit < count and name in names]
    lines += ["", f"Mean over {count} splits (fewer for {', '.join(fewer) or 'none'}). Behind by more than the bar: {', '.join(behind) or 'nothing'}."]
    common.keep("quality", ["scikit-learn", "pandas", "numpy"], lines)
    sys.exit(1 if behind else 0)


if __name__ == "__main__":
    main()
