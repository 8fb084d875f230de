"""How good the automatic choice is beside what anybody would reach for first, on the same splits.

`cargo xtask bench auto [--seconds S] [--only NAME,…] [--no-families] [--no-results]`

For every table `trainyard train --algorithm auto --seconds S` learns from 80 % of the rows with all cores, and so do
scikit-learn's default forest, its HistGradientBoosting and LightGBM, each with its defaults. All are judged by one score
on the other 20 %: AUC for two classes, accuracy for more, RMSE for numbers. Dates are their parts for the peers;
categories are one-hot for the forest (codes where that would be too wide), native for the others (codes above 255 values
for HistGradientBoosting).

The best single family of ours is the best on the test rows among the best setting of each family that the choice had
found: to know which in advance would be luck, so `auto` may stay 1 % behind it. `--no-families` leaves it out.

Tables are those of bench quality and all others that bench.json in TRAINYARD_BENCH_DATA lists. Peers' scores are kept
under target/bench/quality like those of bench quality.
"""

import argparse
import json
import os
import pathlib
import sys
import time

import lightgbm
import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

import common
import quality

PEERS = ["forest", "HistGradientBoosting", "LightGBM"]
# HistGradientBoosting takes no more values of a category.
MOST_LEVELS = 255
# One-hot cells that a forest is given at most.
MOST_CELLS = 50_000_000
BEHIND_THE_BEST = 0.01
PEERS_VERSION = 1


def tables():
    """The samples and everything that bench.json lists."""
    folder = os.environ.get("TRAINYARD_BENCH_DATA")
    listed = json.loads((pathlib.Path(folder) / "bench.json").read_text()) if folder else []
    return [*quality.SAMPLES, *(entry["name"] for entry in listed)]


def metric_of(frame, target, task):
    """The score's name in tables, and what ours is told to maximise."""
    if task == "regression":
        return "RMSE", "rmse"
    return ("AUC", "roc_auc") if frame[target].nunique() == 2 else ("accuracy", "accuracy")


def inputs_of(frame, target, train):
    """What the peers see: numbers, and text as pandas categories of the training rows."""
    inputs = frame.drop(columns=target)
    names_a_row = [column for column in inputs if quality.is_text(inputs[column]) and inputs[column].nunique() > 0.95 * len(inputs)]
    inputs = quality.date_parts(inputs.drop(columns=names_a_row))
    for column in inputs:
        if quality.is_text(inputs[column]):
            text = inputs[column].astype(object).where(inputs[column].notna(), None)
            known = sorted(text.iloc[train].dropna().astype(str).unique())
            inputs[column] = pd.Categorical(text.map(lambda value: None if value is None else str(value)), categories=known)
        else:
            inputs[column] = inputs[column].astype("float64")
    return inputs


def codes(inputs, columns):
    """The columns as numbers, missing where a value is unknown."""
    coded = inputs.copy()
    for column in columns:
        coded[column] = inputs[column].cat.codes.replace(-1, np.nan).astype("float64")
    return coded


def peer(name, inputs, answers, task, train, test, seed):
    """Predictions, probabilities and classes of one peer."""
    categories = [column for column in inputs if isinstance(inputs[column].dtype, pd.CategoricalDtype)]
    wide = [column for column in categories if len(inputs[column].cat.categories) > MOST_LEVELS]
    classes = task == "classification"
    if name == "LightGBM":
        model = (lightgbm.LGBMClassifier if classes else lightgbm.LGBMRegressor)(random_state=seed, verbose=-1, n_jobs=os.cpu_count())
        inputs = inputs.rename(columns={column: f"c{place}" for place, column in enumerate(inputs)})
    elif name == "HistGradientBoosting":
        model = (HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor)(random_state=seed)
        inputs = codes(inputs, wide)
    else:
        numbers = [column for column in inputs if column not in categories]
        width = len(numbers) + sum(len(inputs[column].cat.categories) for column in categories)
        encoder = OneHotEncoder(handle_unknown="ignore")
        if width * len(inputs) > MOST_CELLS:
            encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        inputs[categories] = inputs[categories].astype(object)
        prepare = ColumnTransformer([
            ("numbers", SimpleImputer(strategy="median"), numbers),
            ("categories", make_pipeline(SimpleImputer(missing_values=np.nan, strategy="constant", fill_value="missing"), encoder), categories),
        ])
        forest = (RandomForestClassifier if classes else RandomForestRegressor)(random_state=seed, n_jobs=-1)
        model = make_pipeline(prepare, forest)
    model.fit(inputs.iloc[train], answers.iloc[train])
    if not classes:
        return model.predict(inputs.iloc[test]), None, None
    return model.predict(inputs.iloc[test]), model.predict_proba(inputs.iloc[test]), list(model.classes_)


def peers(name, frame, target, task, metric, train, test, seed):
    """Score and seconds of every peer."""
    answers = quality.labels(frame[target]) if task == "classification" else frame[target].astype("float64")
    found = {}
    for one in PEERS:
        def compute(one=one):
            inputs = inputs_of(frame, target, train)
            start = time.perf_counter()
            said = peer(one, inputs, answers, task, train, test, seed)
            return [quality.scores(task, answers.iloc[test], *said)[metric], time.perf_counter() - start]
        found[one] = quality.kept(["auto", PEERS_VERSION, name, len(frame), one, seed, os.cpu_count(), lightgbm.__version__], compute)
    return found


class Ours:
    """Our command line on one split."""

    def __init__(self, name, frame, target, task, metric, train, test):
        self.folder = common.SCRATCH / "auto" / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.frame, self.target, self.task, self.metric, self.test = frame, target, task, metric, test
        frame.iloc[train].to_csv(self.folder / "train.csv", index=False)
        frame.iloc[test].drop(columns=target).to_csv(self.folder / "test.csv", index=False)

    def score(self, *words):
        """The score of a model trained like this, with the report."""
        model, answers = self.folder / "model.tym", self.folder / "answers.csv"
        binary = common.built("trainyard")
        report = quality.call(binary, "train", self.folder / "train.csv", "--target", self.target, "--task", self.task,
                              "--no-holdout", "--json", "-o", model, *words)
        proba = ["--proba"] if self.task == "classification" else []
        quality.call(binary, "predict", model, self.folder / "test.csv", *proba, "-o", answers)
        found = quality.said(self.frame, self.target, self.task, self.test, answers)
        return found[self.metric], json.loads(report)

    def best_family(self, report, maximise):
        """Score and name of the family that does best on the test rows, each with its best setting."""
        best = {}
        for one in report["contenders"]:
            if one["value"] is None or one["baseline"] or one["algorithm"] == "ensemble":
                continue
            best.setdefault(one["algorithm"], one)
        found = []
        for algorithm, one in best.items():
            words = [word for name, value in one["params"].items() for word in ("--param", f"{name}={json.dumps(value)}")]
            found.append((self.score("--algorithm", algorithm, "--metric", maximise, *words)[0], algorithm))
        return min(found) if self.metric == "RMSE" else max(found)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="budget a table")
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--no-families", action="store_true", help="leave the best single family of ours out")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def main():
    chosen = arguments()
    rows, ranks, behind, seed = [], [], [], 0
    for name in chosen.only.split(",") if chosen.only else tables():
        frame, target, task = quality.load(name)
        metric, maximise = metric_of(frame, target, task)
        _, train, test = next(quality.splits(frame, target, task, 1))
        ours = Ours(name, frame, target, task, metric, train, test)
        start = time.perf_counter()
        value, report = ours.score("--algorithm", "auto", "--seconds", chosen.seconds, "--metric", maximise)
        seconds = time.perf_counter() - start
        others = peers(name, frame, target, task, metric, train, test, seed)
        values = [value, *(score for score, _ in others.values())]
        ranks.append(rankdata(values if metric == "RMSE" else [-one for one in values]))
        form = (lambda number: f"{number:.5g}") if metric == "RMSE" else (lambda number: f"{number:.4f}")
        row = [name, f"{len(train):,}", metric, f"**{form(value)}**", *(form(score) for score, _ in others.values())]
        family = "–"
        if not chosen.no_families:
            best, algorithm = ours.best_family(report, maximise)
            family = f"{form(best)} ({algorithm})"
            worse = value / best - 1 if metric == "RMSE" else 1 - value / best
            behind += [f"{name} by {worse:.1%}"] if worse > BEHIND_THE_BEST else []
        row += [family, report["algorithm"], f"{ranks[-1][0]:g}", common.seconds(seconds)]
        rows.append(row)
        print("  ".join(row), flush=True)
    mean = np.mean(ranks, axis=0)
    head = ["table", "rows", "score", "auto", *PEERS, "best family of ours", "chosen", "rank", "seconds"]
    lines = common.table(head, rows)
    named = ", ".join(f"{name} {rank:.2f}" for name, rank in zip(["auto", *PEERS], mean))
    first = mean[0] < min(mean[1:])
    lines += ["", f"Average rank over {len(rows)} tables with {chosen.seconds:g} s each: {named}."]
    if not chosen.no_families:
        lines += [f"More than 1 % behind the best family: {', '.join(behind) or 'nowhere'}."]
    common.keep("auto", ["scikit-learn", "lightgbm", "pandas", "numpy"], lines)
    sys.exit(0 if first and not behind else 1)


if __name__ == "__main__":
    main()
