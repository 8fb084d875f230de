"""How long answering takes on one core, 20,000 rows at once and one, beside scikit-learn, oneDAL, LightGBM and XGBoost.

`cargo xtask bench predict [--only CASE,…] [--scale SHARE] [--repeats N] [--no-results]`

Everybody answers the same rows several times a turn; the figure is the median of all answers, of models that are
warm. Fits are not counted: peers fit once, ours is a process of its own and fits in every turn. One row at a time is
asked of ours in its own process, thousands of times, each time another row, and the middle call counts; Python's peers
pay their own calls there.
"""

import time

import speed  # pins this process to one core before any peer starts its threads

import lightgbm
import xgboost
from sklearn import ensemble, linear_model, neighbors, neural_network, svm, tree
from sklearn.metrics import accuracy_score, r2_score
from sklearnex import ensemble as intel_ensemble
from sklearnex import linear_model as intel_linear
from sklearnex import neighbors as intel_neighbors
from sklearnex import svm as intel_svm
from speed import CORE, EXTREME, FOREST, LIGHT, LOGISTIC, NO_PROBABILITY, PERCEPTRON, Case, Rival, data, of

import common

REPEATS = 3
# Answers of all rows in one turn.
ANSWERS = 3
ASKED = 20_000
SINGLE_BAR = 20e-6


def brute(module):
    return of(module.KNeighborsClassifier, algorithm="brute")


def pair(ours, theirs, bar=0.0, **settings):
    """scikit-learn's estimator, and oneDAL's of the same name."""
    return {"scikit-learn": Rival(of(ours, **settings)), "oneDAL": Rival(of(theirs, **settings), bar=bar)}


CASES = [
    Case("linear 50k×50", "linear_regression", "regression", 50_000, 50,
         peers=pair(linear_model.LinearRegression, intel_linear.LinearRegression)),
    Case("logistic 50k×50", "logistic_regression", "classification", 50_000, 50,
         peers=pair(linear_model.LogisticRegression, intel_linear.LogisticRegression, **LOGISTIC)),
    Case("tree 100k×30, classes", "decision_tree", "classification", 100_000, 30, classes=3,
         peers={"scikit-learn": Rival(of(tree.DecisionTreeClassifier, random_state=1))}),
    Case("forest 20k×30, classes", "random_forest", "classification", 20_000, 30, classes=3,
         peers=pair(ensemble.RandomForestClassifier, intel_ensemble.RandomForestClassifier, **FOREST)),
    Case("forest 20k×30, numbers", "random_forest", "regression", 20_000, 30,
         peers=pair(ensemble.RandomForestRegressor, intel_ensemble.RandomForestRegressor, **FOREST)),
    Case("boosting 100k×50, classes", "gradient_boosting", "classification", 100_000, 50, peers={
        "LightGBM": Rival(of(lightgbm.LGBMClassifier, **LIGHT)),
        "XGBoost": Rival(of(xgboost.XGBClassifier, **EXTREME))}),
    Case("svm 10k×20", "svm", "classification", 10_000, 20, settings=NO_PROBABILITY,
         peers=pair(svm.SVC, intel_svm.SVC, bar=2)),
    Case("svm 4k×784, 10 classes", "svm", "classification", 4_000, 784, classes=10, settings=NO_PROBABILITY,
         peers=pair(svm.SVC, intel_svm.SVC, bar=2)),
    Case("nearest 50k×20, 5 classes", "knn", "classification", 50_000, 20, classes=5, peers={
        "scikit-learn": Rival(brute(neighbors)), "oneDAL": Rival(brute(intel_neighbors), bar=0.9)}),
    Case("nearest 10k×784, 10 classes", "knn", "classification", 10_000, 784, classes=10, peers={
        "scikit-learn": Rival(brute(neighbors)), "oneDAL": Rival(brute(intel_neighbors), bar=0.9)}),
    Case("neural net 20k×64, classes", "neural_net", "classification", 20_000, 64, classes=3,
         peers={"scikit-learn": Rival(of(neural_network.MLPClassifier, **PERCEPTRON))}),
]
SINGLE = [
    Case("one row, forest 100k×30, classes", "random_forest", "classification", 100_000, 30, classes=3,
         peers={"scikit-learn": Rival(of(ensemble.RandomForestClassifier, **FOREST))}),
    Case("one row, forest 20k×30, numbers", "random_forest", "regression", 20_000, 30),
    Case("one row, boosting 100k×50, classes", "gradient_boosting", "classification", 100_000, 50),
]


def timed(work):
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def table(case, scale):
    rows = max(int(case.rows * scale), 200)
    asked = max(int(ASKED * scale), 100)
    x, y = data(case, rows, asked)
    return x[:rows], y[:rows], x[rows:], y[rows:]


def ours(case, x, y, test, **flags):
    folder = common.SCRATCH / "predict" / case.name.replace(" ", "-")
    said, answers = common.speed(folder, case.algorithm, case.task, (x, y, test), case.settings, **flags)
    return said, answers[:, 0] if case.task == "regression" else answers.argmax(axis=1)


def run(case, scale, repeats):
    x, y, test, truth = table(case, scale)
    score = r2_score if case.task == "regression" else accuracy_score
    models = {name: rival.make().fit(x, y) for name, rival in case.peers.items()}
    times, answers = {name: [] for name in ["ours", *models]}, {}
    for turn in range(repeats):
        said, answers["ours"] = ours(case, x, y, test, answers=ANSWERS, wrote=turn > 0)
        times["ours"].append(said["predict_seconds"])
        for name, model in models.items():
            for _ in range(ANSWERS):
                took, answers[name] = timed(lambda: model.predict(test))
                times[name].append(took)
    mine, good = common.median(times["ours"]), {name: score(truth, answer) for name, answer in answers.items()}
    metric = "R²" if case.task == "regression" else "accuracy"
    label = case.name if scale == 1 else f"{case.name} ×{scale:g}"
    for name, rival in case.peers.items():
        theirs = common.median(times[name])
        yield [label, name, f"**{theirs / mine:.1f}×**", f"≥ {rival.bar:g}×" if rival.bar else "",
               common.verdict(theirs / mine, rival.bar if scale == 1 else 0),
               f"{mine * 1e6 / len(test):.2f} µs", f"{theirs * 1e6 / len(test):.2f} µs",
               f"{metric} {good['ours']:.4f}", f"{good[name]:.4f}"]


def single(case, scale):
    x, y, test, _ = table(case, scale)
    mine = ours(case, x, y, test, single=5000)[0]["single_seconds"]
    times = {}
    for name, rival in case.peers.items():
        model = rival.make().fit(x, y)
        calls = [timed(lambda: model.predict(test[row:row + 1]))[0] for row in range(min(200, len(test)))]
        times[name] = common.median(calls)
    theirs = f"{times['scikit-learn'] * 1e6:.0f} µs" if times else ""
    return [case.name if scale == 1 else f"{case.name} ×{scale:g}", f"**{mine * 1e6:.1f} µs**",
            f"≤ {SINGLE_BAR * 1e6:.0f} µs", common.verdict(mine, SINGLE_BAR if scale == 1 else 0, least=False), theirs]


def main():
    asked = common.arguments(__doc__, REPEATS)
    rows = [row for case in common.chosen(CASES, asked) for row in run(case, asked.scale, asked.repeats)]
    lines = common.table(
        ["case", "peer", "peer ÷ ours", "bar", "verdict", "ours a row", "peer a row", "our quality", "theirs"], rows)
    ones = [single(case, asked.scale) for case in common.chosen(SINGLE, asked)]
    lines += ["", *common.table(["one row at a time", "ours, middle call", "bar", "verdict", "scikit-learn"], ones)]
    lines += ["", f"One core (number {CORE}), warm models, medians; {ASKED:,} rows at once; 100 trees in a forest."]
    common.keep("predict", speed.PACKAGES, lines)


if __name__ == "__main__":
    main()
