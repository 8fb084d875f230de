"""How long fitting (knn: answering) takes on one core, beside scikit-learn, oneDAL (scikit-learn-intelex), LightGBM,
XGBoost and Keras.

`cargo xtask bench fit [--only CASE,…] [--scale SHARE] [--repeats N] [--no-results]`

Ours is `crates/estimators/examples/speed.rs`: it reads the same numbers from raw files, fits and answers once, and
says how long both took; reading and starting are not counted on either side. Everybody is pinned to the same core, one
after the other, A B C A B C …; the figure is the median. Quality on rows held out stands beside every time, since
faster and worse does not count. A peer whose one fit takes minutes runs fewer times, which its row says.
"""

import dataclasses
import os
import time

CORE = max(os.sched_getaffinity(0))
os.sched_setaffinity(0, {CORE})  # before any peer starts its threads
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import lightgbm
import numpy as np
import xgboost
from sklearn import ensemble, linear_model, neighbors, neural_network, svm, tree
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearnex import ensemble as intel_ensemble
from sklearnex import linear_model as intel_linear
from sklearnex import neighbors as intel_neighbors
from sklearnex import svm as intel_svm

import common

REPEATS = 5
PACKAGES = ["scikit-learn", "scikit-learn-intelex", "lightgbm", "xgboost", "tensorflow-cpu", "numpy"]


@dataclasses.dataclass(frozen=True)
class Rival:
    """Makes an estimator; it is fitted at most so many times; `bar`: peer ÷ ours that the project promises."""

    make: object
    most: int = 5
    bar: float = 0.0


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    algorithm: str
    task: str
    rows: int
    columns: int
    classes: int = 2
    # What ours is told beside the defaults, so that it does what the peers do.
    settings: dict = dataclasses.field(default_factory=dict)
    peers: dict = dataclasses.field(default_factory=dict)
    # What is timed: "fit", or "predict" for the rows held out (a fifth of the others).
    timed: str = "fit"


def of(estimator, **settings):
    return lambda: estimator(**settings)


class Keras:
    """Our network's layers, batches, epochs and optimiser in Keras, on one thread. Making the layers is not timed;
    tracing them is, since every fit pays it."""

    def __init__(self, columns, classes=None):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import tensorflow

        self.classes = classes
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        layers = tensorflow.keras.layers
        tensorflow.keras.utils.set_random_seed(1)
        self.model = tensorflow.keras.Sequential([
            layers.Input((columns,)), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax") if classes else layers.Dense(1)])
        self.model.compile("adam", "sparse_categorical_crossentropy" if classes else "mse")

    def fit(self, x, y):
        # A network learns numbers in deviations from their mean, as ours does by itself.
        self.unit = (y.mean(), y.std()) if not self.classes else (0.0, 1.0)
        self.model.fit(x, (y - self.unit[0]) / self.unit[1], batch_size=32, epochs=20, verbose=0)

    def predict(self, x):
        answers = self.model.predict(x, batch_size=1024, verbose=0)
        return answers.argmax(axis=1) if self.classes else answers[:, 0] * self.unit[1] + self.unit[0]


BOOSTED = {"n_estimators": 100, "learning_rate": 0.1, "n_jobs": 1, "random_state": 1}
LIGHT = {**BOOSTED, "num_leaves": 31, "verbose": -1}
# XGBoost's leaf-wise growth, as the others grow.
EXTREME = {**BOOSTED, "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0, "tree_method": "hist"}
FOREST = {"n_estimators": 100, "random_state": 1, "n_jobs": 1}
PERCEPTRON = {"hidden_layer_sizes": (64, 64), "max_iter": 20, "batch_size": 32, "random_state": 1}
LOGISTIC = {"max_iter": 1000}
NO_PROBABILITY = {"probability": False}
NEAREST = {
    "scikit-learn": Rival(of(neighbors.KNeighborsClassifier, algorithm="brute"), 3, bar=2),
    "scikit-learn auto": Rival(of(neighbors.KNeighborsClassifier), 1),
    "oneDAL": Rival(of(intel_neighbors.KNeighborsClassifier, algorithm="brute"), bar=2),
    "oneDAL auto": Rival(of(intel_neighbors.KNeighborsClassifier), 1),
}

CASES = [
    Case("linear 200k×50", "linear_regression", "regression", 200_000, 50, peers={
        "scikit-learn": Rival(of(linear_model.LinearRegression), bar=10),
        "oneDAL": Rival(of(intel_linear.LinearRegression), bar=0.8)}),
    Case("logistic 200k×50", "logistic_regression", "classification", 200_000, 50, peers={
        "scikit-learn": Rival(of(linear_model.LogisticRegression, **LOGISTIC), bar=3),
        "oneDAL": Rival(of(intel_linear.LogisticRegression, **LOGISTIC), bar=1.8)}),
    Case("logistic 20k×64, 10 classes", "logistic_regression", "classification", 20_000, 64, classes=10, peers={
        "scikit-learn": Rival(of(linear_model.LogisticRegression, **LOGISTIC), bar=3),
        "oneDAL": Rival(of(intel_linear.LogisticRegression, **LOGISTIC), bar=0.9)}),
    Case("tree 100k×30, classes", "decision_tree", "classification", 100_000, 30, classes=3, peers={
        "scikit-learn": Rival(of(tree.DecisionTreeClassifier, random_state=1), bar=20)}),
    Case("tree 100k×30, numbers", "decision_tree", "regression", 100_000, 30, peers={
        "scikit-learn": Rival(of(tree.DecisionTreeRegressor, random_state=1), bar=15)}),
    Case("forest 100k×30, classes", "random_forest", "classification", 100_000, 30, classes=3, peers={
        "scikit-learn": Rival(of(ensemble.RandomForestClassifier, **FOREST), 1, bar=10),
        "oneDAL": Rival(of(intel_ensemble.RandomForestClassifier, **FOREST), 3, bar=4)}),
    Case("forest 100k×30, numbers", "random_forest", "regression", 100_000, 30, peers={
        "oneDAL": Rival(of(intel_ensemble.RandomForestRegressor, **FOREST), 1, bar=4)}),
    Case("forest 20k×30, numbers", "random_forest", "regression", 20_000, 30, peers={
        "scikit-learn": Rival(of(ensemble.RandomForestRegressor, **FOREST), 1, bar=10),
        "oneDAL": Rival(of(intel_ensemble.RandomForestRegressor, **FOREST), 3, bar=4)}),
    Case("extra trees 100k×30, classes", "extra_trees", "classification", 100_000, 30, classes=3, peers={
        "scikit-learn": Rival(of(ensemble.ExtraTreesClassifier, **FOREST), 1)}),
    Case("extra trees 20k×30, numbers", "extra_trees", "regression", 20_000, 30, peers={
        "scikit-learn": Rival(of(ensemble.ExtraTreesRegressor, **FOREST), 1)}),
    Case("boosting 200k×50, classes", "gradient_boosting", "classification", 200_000, 50, peers={
        "LightGBM": Rival(of(lightgbm.LGBMClassifier, **LIGHT), 3, bar=2.5),
        "XGBoost": Rival(of(xgboost.XGBClassifier, **EXTREME), 3, bar=2.5)}),
    Case("boosting 200k×50, numbers", "gradient_boosting", "regression", 200_000, 50, peers={
        "LightGBM": Rival(of(lightgbm.LGBMRegressor, **LIGHT), 3, bar=2.5),
        "XGBoost": Rival(of(xgboost.XGBRegressor, **EXTREME), 3, bar=2.5)}),
    Case("svm 10k×20", "svm", "classification", 10_000, 20, settings=NO_PROBABILITY, peers={
        "scikit-learn": Rival(of(svm.SVC), 3), "oneDAL": Rival(of(intel_svm.SVC), bar=2.5)}),
    Case("svm 4k×784, 10 classes", "svm", "classification", 4_000, 784, classes=10, settings=NO_PROBABILITY, peers={
        "scikit-learn": Rival(of(svm.SVC), 3), "oneDAL": Rival(of(intel_svm.SVC), bar=2.5)}),
    Case("svm 10k×20, numbers", "svm", "regression", 10_000, 20, settings={"scale_target": False}, peers={
        "scikit-learn": Rival(of(svm.SVR), 3), "oneDAL": Rival(of(intel_svm.SVR), bar=2.5)}),
    Case("svm 50k×20", "svm", "classification", 50_000, 20, settings=NO_PROBABILITY, peers={
        "oneDAL": Rival(of(intel_svm.SVC), 1, bar=2.5)}),
    Case("neural net 20k×64, classes", "neural_net", "classification", 20_000, 64, classes=3, peers={
        "scikit-learn": Rival(of(neural_network.MLPClassifier, **PERCEPTRON), 3, bar=7),
        "Keras": Rival(of(Keras, columns=64, classes=3), 3, bar=10)}),
    Case("neural net 20k×64, numbers", "neural_net", "regression", 20_000, 64, peers={
        "scikit-learn": Rival(of(neural_network.MLPRegressor, **PERCEPTRON), 3, bar=7),
        "Keras": Rival(of(Keras, columns=64), 3, bar=10)}),
    Case("nearest 50k×20, 5 classes, answers", "knn", "classification", 50_000, 20, classes=5, timed="predict",
         peers=NEAREST),
    Case("nearest 10k×784, 10 classes, answers", "knn", "classification", 10_000, 784, classes=10, timed="predict",
         peers=NEAREST),
]


def in_classes(signal, classes):
    """Classes of equal size, in order of the signal."""
    return np.searchsorted(np.quantile(signal, np.arange(1, classes) / classes), signal).astype(float)


def data(case, rows, held_out=None, seed=11):
    """(X, y) of `rows` rows and others to judge by (a fifth as many), from one law with noise, the same for each seed."""
    random = np.random.default_rng(seed)
    count = rows + (rows // 5 if held_out is None else held_out)
    x = random.normal(size=(count, case.columns))
    if case.algorithm.endswith("regression"):  # the two linear families
        if case.task == "regression":
            return x, x @ random.normal(size=case.columns) + random.normal(scale=0.5, size=count)
        weights = random.normal(size=(case.columns, case.classes)) * (0.6 if case.classes > 2 else 0.4)
        drawn = random.gumbel(size=(count, case.classes)) + x @ weights
        return x, drawn.argmax(axis=1).astype(float)
    if case.algorithm in ("svm", "knn"):
        if case.columns > 100:  # as pictures have it: many columns, few causes, no column below zero
            causes = random.normal(size=(case.classes, 40))
            classes = random.integers(case.classes, size=count)
            hidden = causes[classes] + random.normal(scale=1.6, size=(count, 40))
            return np.maximum(hidden @ random.normal(size=(40, case.columns)), 0) / 8, classes.astype(float)
        signal = np.sin(2 * x[:, 0]) * 2 + x[:, 1] * x[:, 2] + x[:, 3:8].sum(axis=1) / 2
        signal += random.normal(scale=0.3, size=count)
        if case.classes == 2:
            return x, signal if case.task == "regression" else (signal > 0).astype(float)
        return x, in_classes(signal, case.classes)
    x[:, 20:] = np.round(x[:, 20:] * 4)  # a third of the columns holds few values
    signal = (np.sin(2 * x[:, 0]) * 2 + x[:, 1] * x[:, 2] + np.abs(x[:, 3]) * (x[:, 4] > 0) + x[:, 5] ** 2 / 2
              + 0.3 * x[:, 20] * (x[:, 21] > 1) + x[:, 6:12].sum(axis=1) / 4)
    signal += random.normal(scale=0.7, size=count)
    if case.task == "regression":
        return x, signal
    return x, in_classes(signal, case.classes)


def quality(case, truth, answer):
    """`answer`: labels or numbers; for two classes the probability of the second."""
    if case.task == "regression":
        return "R²", r2_score(truth, answer)
    return ("AUC", roc_auc_score(truth, answer)) if case.classes == 2 else ("accuracy", accuracy_score(truth, answer))


def column(case, answers):
    """What `quality` judges of our answers: values, the probability of the second of two classes, or labels."""
    if case.task == "regression":
        return answers[:, 0]
    return answers[:, 1] if case.classes == 2 else answers.argmax(axis=1)


class Peer:
    """An estimator in this process."""

    def __init__(self, rival):
        self.make, self.most = rival.make, rival.most

    def fit(self, case, x, y, test):
        model = self.make()
        start = time.perf_counter()
        model.fit(x, y)
        took = time.perf_counter() - start
        if case.timed == "predict":
            start = time.perf_counter()
            answers = model.predict(test)
            return time.perf_counter() - start, answers
        binary = case.task == "classification" and case.classes == 2
        if not binary:
            return took, model.predict(test)
        if hasattr(model, "predict_proba"):
            return took, model.predict_proba(test)[:, 1]
        return took, model.decision_function(test)


class Ours:
    """The example program, a process for each fit; what it said last stays."""

    most = 1000

    def __init__(self, folder):
        self.folder, self.wrote, self.said = folder, False, {}

    def fit(self, case, x, y, test):
        self.said, answers = common.speed(
            self.folder, case.algorithm, case.task, (x, y, test), case.settings, wrote=self.wrote)
        self.wrote = True
        return self.said[f"{case.timed}_seconds"], column(case, answers)


def run(case, scale, repeats):
    rows = max(int(case.rows * scale), 200)
    x, y = data(case, rows)
    x, test, y, truth = x[:rows], x[rows:], y[:rows], y[rows:]
    ours = Ours(common.SCRATCH / "fit" / case.name.replace(" ", "-"))
    rivals = {"ours": ours}
    rivals |= {name: Peer(rival) for name, rival in case.peers.items()}
    times, answers = {name: [] for name in rivals}, {}
    for turn in range(repeats):
        for name, rival in rivals.items():
            if turn < rival.most:
                took, answers[name] = rival.fit(case, x, y, test)
                times[name].append(took)
                print(f"{case.name}: {name} {took:.3f} s", flush=True)
    rows_out = []
    metric = quality(case, truth, answers["ours"])[0]
    good = {name: quality(case, truth, answer)[1] for name, answer in answers.items()}
    mine = common.median(times["ours"])
    for name, rival in case.peers.items():
        theirs = common.median(times[name])
        bar = rival.bar if scale == 1 else 0
        rows_out.append([
            case.name if scale == 1 else f"{case.name} ×{scale:g}", name, f"**{theirs / mine:.1f}×**",
            f"≥ {bar:g}×" if bar else "", common.verdict(theirs / mine, bar), common.seconds(mine), common.seconds(theirs),
            f"{metric} {good['ours']:.4f}", f"{good[name]:.4f}", f"{len(times['ours'])} and {len(times[name])}",
            f"{ours.said['fit_bytes'] / 1e6:.0f} MB",
        ])
    return rows_out


def main():
    asked = common.arguments(__doc__, REPEATS)
    rows = [row for case in common.chosen(CASES, asked) for row in run(case, asked.scale, asked.repeats)]
    lines = common.table(
        ["case", "peer", "peer ÷ ours", "bar", "verdict", "ours", "peer", "our quality", "theirs", "fits", "our memory"], rows)
    lines += ["", f"One core (number {CORE}), medians; 100 trees in a forest; quality on rows held out;"
              " memory at most while fitting, beyond the loaded table."]
    common.keep("fit", PACKAGES, lines)


if __name__ == "__main__":
    main()
