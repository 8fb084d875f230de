"""The estimators that `cargo xtask bench quality` sets beside ours, each behind the preparation that anybody would write.

Both sides keep their defaults where these mean the same. Where they do not, both are told the same: boosting makes 100
rounds of 31 leaves without an early end, a network has two hidden layers of 64 and makes 20 rounds over batches of 32,
and what the target of a support vector machine or a network is measured in is its standard deviation, as ours does by
itself. XGBoost grows leaf by leaf, as the others do.
"""

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn import ensemble, linear_model, neighbors, neural_network, svm, tree
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

LEARNING = "scikit-learn"
SCALED = ("logistic_regression", "svm", "knn", "neural_net")
NETWORK = {"hidden_layer_sizes": (64, 64), "max_iter": 20, "batch_size": 32}
LIGHT = {"num_leaves": 31, "n_estimators": 100, "verbose": -1, "n_jobs": 1}
EXTREME = {"n_estimators": 100, "learning_rate": 0.1, "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0,
           "tree_method": "hist", "enable_categorical": True, "n_jobs": 1}
# More levels than scikit-learn's boosting takes as categories.
MOST_LEVELS = 255


def in_deviations(model):
    return TransformedTargetRegressor(model, transformer=StandardScaler())


# Task → algorithm → peer → what makes it from a seed.
PEERS = {
    "classification": {
        "logistic_regression": {LEARNING: lambda seed: linear_model.LogisticRegression(max_iter=2000)},
        "decision_tree": {LEARNING: lambda seed: tree.DecisionTreeClassifier(random_state=seed)},
        "random_forest": {LEARNING: lambda seed: ensemble.RandomForestClassifier(random_state=seed, n_jobs=-1)},
        "extra_trees": {LEARNING: lambda seed: ensemble.ExtraTreesClassifier(random_state=seed, n_jobs=-1)},
        "gradient_boosting": {
            LEARNING: lambda seed: ensemble.HistGradientBoostingClassifier(early_stopping=False, random_state=seed),
            "LightGBM": lambda seed: lightgbm.LGBMClassifier(random_state=seed, **LIGHT),
            "XGBoost": lambda seed: xgboost.XGBClassifier(random_state=seed, **EXTREME)},
        "svm": {LEARNING: lambda seed: svm.SVC()},
        "knn": {LEARNING: lambda seed: neighbors.KNeighborsClassifier()},
        "neural_net": {LEARNING: lambda seed: neural_network.MLPClassifier(random_state=seed, **NETWORK)},
    },
    "regression": {
        "linear_regression": {LEARNING: lambda seed: linear_model.LinearRegression()},
        "decision_tree": {LEARNING: lambda seed: tree.DecisionTreeRegressor(random_state=seed)},
        "random_forest": {LEARNING: lambda seed: ensemble.RandomForestRegressor(random_state=seed, n_jobs=-1)},
        "extra_trees": {LEARNING: lambda seed: ensemble.ExtraTreesRegressor(random_state=seed, n_jobs=-1)},
        "gradient_boosting": {
            LEARNING: lambda seed: ensemble.HistGradientBoostingRegressor(early_stopping=False, random_state=seed),
            "LightGBM": lambda seed: lightgbm.LGBMRegressor(random_state=seed, **LIGHT),
            "XGBoost": lambda seed: xgboost.XGBRegressor(random_state=seed, **EXTREME)},
        "svm": {LEARNING: lambda seed: in_deviations(svm.SVR())},
        "knn": {LEARNING: lambda seed: neighbors.KNeighborsRegressor()},
        "neural_net": {
            LEARNING: lambda seed: in_deviations(neural_network.MLPRegressor(random_state=seed, **NETWORK))},
    },
}


def answers(inputs, text, truth, task, algorithm, peer, train, test, seed, settings):
    """(labels or values, scores by class, classes) that a peer gives for the test rows. `inputs`: numbers, NaN where
    missing, and the columns of `text`."""
    estimator = PEERS[task][algorithm][peer](seed).set_params(**settings)
    if algorithm == "gradient_boosting":
        inputs, known = natively(inputs, text, peer), LabelEncoder()
        codes = known.fit_transform(truth) if task == "classification" else truth.to_numpy()
        model = estimator.fit(inputs.iloc[train], codes[train])
        said = model.predict(inputs.iloc[test])
        if task == "regression":
            return said, None, None
        return known.inverse_transform(said), model.predict_proba(inputs.iloc[test]), list(known.classes_)
    model = make_pipeline(prepared(inputs, text, algorithm), estimator)
    model.fit(inputs.iloc[train], truth.iloc[train])
    said = model.predict(inputs.iloc[test])
    if task == "regression":
        return said, None, None
    classes = list(model.classes_)
    if hasattr(model, "predict_proba"):
        return said, model.predict_proba(inputs.iloc[test]), classes
    by_class = model.decision_function(inputs.iloc[test])
    return said, np.column_stack([-by_class, by_class]) if len(classes) == 2 else by_class, classes


def prepared(inputs, text, algorithm):
    """Median for missing numbers, one-hot for categories (unknown ones ignored), scaling where it is needed."""
    numbers = [column for column in inputs if column not in text]
    numeric = [SimpleImputer(strategy="median")]
    if algorithm in SCALED:
        numeric.append(StandardScaler())
    # Those that compare rows are many times slower on sparse ones.
    sparse = 0.0 if algorithm in ("svm", "knn", "neural_net") else 0.3
    return ColumnTransformer([
        ("numbers", make_pipeline(*numeric), numbers),
        ("categories", make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"),
                                     OneHotEncoder(handle_unknown="ignore")), text),
    ], sparse_threshold=sparse)


def natively(inputs, text, peer):
    """Missing numbers stay, categories are categories; the codes of too many are numbers where a peer takes no more."""
    columns = {}
    for index, column in enumerate(inputs):
        values = inputs[column]
        if column in text:
            values = values.astype("category")
            if peer == LEARNING and len(values.cat.categories) > MOST_LEVELS:
                values = values.cat.codes.astype("float64").where(values.notna())
        columns[f"column {index}" if peer == LEARNING else f"column_{index}"] = values
    return pd.DataFrame(columns)
