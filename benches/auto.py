"""How good the automatic choice is beside what anybody would reach for first, on the same splits.

`cargo xtask bench auto [--seconds S | --work N] [--splits N] [--only NAME,…] [--no-families] [--no-results]`

For every table `trainyard train --algorithm auto --seconds S` learns from 80 % of the rows with all cores, and so do
scikit-learn's default forest, its HistGradientBoosting and LightGBM, each with its defaults. All are judged by one score
on the other 20 %: AUC for two classes, accuracy for more, RMSE for numbers. Dates are their parts for the peers;
categories are one-hot for the forest (codes where that would be too wide), native for the others (codes above 255 values
for HistGradientBoosting). A few hundred rows judge by luck, so tables of fewer than 5,000 rows are split five times,
others once (`--splits` says otherwise), and the mean over the splits counts. Of more than 100,000 rows, 100,000 are drawn.

The best single family of ours is the one with the best mean on the test rows, each split with the best setting of that
family that the choice had found: to know which in advance would be luck, so `auto` may stay 1 % behind it. What two
standard errors of the paired differences are is said beside a larger distance. `--no-families` leaves it out. `--work`
gives units instead of seconds, so that a change can be told from a busy machine.

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
# Rows that are drawn of larger tables: scikit-learn's forest takes an hour for more.
MOST_ROWS = 100_000
# Smaller tables are split more than once.
FEW_ROWS = 5_000
SPLITS_OF_FEW = 5
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
            levels = {level: level for level in known}
            inputs[column] = pd.Categorical(text.astype("string").map(levels).astype(object), categories=known)
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

    def families(self, report, maximise):
        """The score of each family with its best setting, by name."""
        best = {}
        for one in report["contenders"]:
            if one["value"] is None or one["baseline"] or one["algorithm"] == "ensemble":
                continue
            best.setdefault(one["algorithm"], one)
        found = {}
        for algorithm, one in best.items():
            words = [word for name, value in one["params"].items() for word in ("--param", f"{name}={json.dumps(value)}")]
            found[algorithm] = self.score("--algorithm", algorithm, "--metric", maximise, *words)[0]
        return found


class Table:
    """Scores of ours, of the peers and of our families on the splits of one table."""

    def __init__(self, name, chosen):
        frame, target, task = quality.load(name)
        if len(frame) > MOST_ROWS:
            frame = frame.sample(MOST_ROWS, random_state=0).reset_index(drop=True)
        self.name = name
        self.metric, maximise = metric_of(frame, target, task)
        self.splits = chosen.splits or (SPLITS_OF_FEW if len(frame) < FEW_ROWS else 1)
        self.ours, self.seconds, self.chosen = [], [], []
        self.peers, families = {one: [] for one in PEERS}, []
        budget = ("--work", chosen.work) if chosen.work else ("--seconds", chosen.seconds)
        for seed, train, test in quality.splits(frame, target, task, self.splits):
            self.rows = len(train)
            ours = Ours(name, frame, target, task, self.metric, train, test)
            start = time.perf_counter()
            value, report = ours.score("--algorithm", "auto", *budget, "--metric", maximise)
            self.seconds.append(time.perf_counter() - start)
            self.ours.append(value)
            self.chosen.append(report["algorithm"])
            for one, (score, _) in peers(name, frame, target, task, self.metric, train, test, seed).items():
                self.peers[one].append(score)
            if not chosen.no_families:
                families.append(ours.families(report, maximise))
        everywhere = set.intersection(*map(set, families)) if families else set()
        # A family that was too dear on one split has no mean.
        self.families = {one: [found[one] for found in families] for one in sorted(everywhere)}

    def form(self, number):
        return f"{number:.5g}" if self.metric == "RMSE" else f"{number:.4f}"

    def losses(self):
        """Mean scores of ours and the peers, smaller is better."""
        means = np.array([np.mean(self.ours), *map(np.mean, self.peers.values())])
        return means if self.metric == "RMSE" else -means

    def best_family(self):
        """The family with the best mean, and its scores."""
        sign = 1 if self.metric == "RMSE" else -1
        return min(self.families.items(), key=lambda family: sign * np.mean(family[1]), default=None)

    def behind(self):
        """How far ours is behind the best family on average, and two standard errors of that, as shares of its score."""
        scores = np.array(self.best_family()[1])
        worse = (np.array(self.ours) - scores) * (1 if self.metric == "RMSE" else -1)
        error = worse.std(ddof=1) / np.sqrt(len(worse)) if len(worse) > 1 else np.nan
        return worse.mean() / scores.mean(), 2 * error / scores.mean()

    def line(self, rank):
        best = self.best_family()
        family = f"{self.form(np.mean(best[1]))} ({best[0]})" if best else "–"
        picked = ", ".join(sorted(set(self.chosen), key=lambda one: (-self.chosen.count(one), one)))
        return [self.name, f"{self.rows:,}", self.splits, self.metric, f"**{self.form(np.mean(self.ours))}**",
                *(self.form(np.mean(scores)) for scores in self.peers.values()), family, picked, f"{rank:g}",
                common.seconds(np.mean(self.seconds))]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="budget a split")
    parser.add_argument("--work", type=float, help="budget a split in units instead: the same result whatever else the machine does")
    parser.add_argument("--splits", type=int, help=f"splits a table, instead of {SPLITS_OF_FEW} for small ones and 1 for others")
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--no-families", action="store_true", help="leave the best single family of ours out")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def main():
    chosen = arguments()
    rows, ranks, behind = [], [], []
    for name in chosen.only.split(",") if chosen.only else tables():
        table = Table(name, chosen)
        ranks.append(rankdata(table.losses().round(12)))
        rows.append(table.line(ranks[-1][0]))
        if table.families and table.behind()[0] > BEHIND_THE_BEST:
            worse, noise = table.behind()
            behind.append(f"{name} by {worse:.1%}" + (f" ± {noise:.1%}" if table.splits > 1 else ""))
        print("  ".join(map(str, rows[-1])), flush=True)
    mean = np.mean(ranks, axis=0)
    head = ["table", "rows", "splits", "score", "auto", *PEERS, "best family of ours", "chosen", "rank", "seconds"]
    lines = common.table(head, rows)
    named = ", ".join(f"{name} {rank:.2f}" for name, rank in zip(["auto", *PEERS], mean))
    allowed = f"{chosen.work:g} units" if chosen.work else f"{chosen.seconds:g} s"
    first = mean[0] < min(mean[1:])
    lines += ["", f"Average rank over {len(rows)} tables with {allowed} a split: {named}."]
    if not chosen.no_families:
        lines += [f"More than 1 % behind the best family (± two standard errors): {', '.join(behind) or 'nowhere'}."]
    common.keep("auto", ["scikit-learn", "lightgbm", "pandas", "numpy"], lines)
    sys.exit(0 if first and not behind else 1)


if __name__ == "__main__":
    main()
