"""A peer of bench batch, alone on one core: `batch_peer.py fit | scikit-learn | onnxruntime | compare, FOLDER`.

`fit` leaves scikit-learn's pipeline of the same table in the folder: as many rows as ours learns from, median for missing
numbers, one-hot for categories, dates as seconds, 100 trees. The others answer rows.csv from there and say what reading,
answering and writing took, as JSON; imports and loading the model are not counted. `compare` says how far the answers are
ours.
"""

import json
import os
import pathlib
import pickle
import sys
import time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # before anybody starts threads
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import pandas as pd

TARGET, DATE, TEXTS = "answer", "since", ["city", "member", "colour"]
# What ours learns from; the rest it is judged by.
LEARNED = 0.8
# Rows at a time that ONNX Runtime is tried with on so many rows; it answers with the quickest.
SIZES = (200, 1_000, 5_000, 20_000)
TRIED = 20_000
SECOND = 10**9


def read(path):
    return pd.read_csv(path, parse_dates=[DATE])


def timed(act):
    begun = time.perf_counter()
    done = act()
    return done, time.perf_counter() - begun


def as_seconds(dates):
    return dates.astype("datetime64[ns]").astype("int64") / SECOND


def fit(folder):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    table = read(folder / "train.csv")
    table = table.iloc[: int(LEARNED * len(table))]
    inputs = table.drop(columns=TARGET)
    numbers = [name for name in inputs if name not in (DATE, *TEXTS)]
    prepared = ColumnTransformer([
        ("numbers", SimpleImputer(strategy="median"), numbers),
        ("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False), TEXTS),
        ("dates", FunctionTransformer(as_seconds), [DATE]),
    ])
    model = make_pipeline(prepared, RandomForestClassifier(100, random_state=1, n_jobs=1)).fit(inputs, table[TARGET])
    (folder / "peer.pickle").write_bytes(pickle.dumps(model))
    leaves = sum(tree.get_n_leaves() for tree in model[-1].estimators_)
    return {"learned": len(table), "leaves": int(leaves)}


def scikit_learn(folder):
    model = pickle.loads((folder / "peer.pickle").read_bytes())
    rows, reading = timed(lambda: read(folder / "rows.csv"))
    model.predict_proba(rows.iloc[:1000])
    shares, answering = timed(lambda: model.predict_proba(rows))
    labels = model.classes_[shares.argmax(axis=1)]
    return written(folder / "scikit-learn.csv", labels, shares, model.classes_, reading, 0.0, answering)


def onnx_runtime(folder):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    rows, reading = timed(lambda: read(folder / "rows.csv"))
    fed, turning = timed(lambda: {one.name: column(rows[one.name], one.type) for one in session.get_inputs()})

    def answers(size, count):
        parts = [session.run(None, {name: cells[begin:min(begin + size, count)] for name, cells in fed.items()})
                 for begin in range(0, count, size)]
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

    few = min(TRIED, len(rows))
    answers(few, few)
    best = min((size for size in SIZES if size <= few), key=lambda size: timed(lambda: answers(size, few))[1])
    (labels, shares), answering = timed(lambda: answers(best, len(rows)))
    classes = sorted(set(labels))
    said = written(folder / "onnxruntime.csv", labels, shares, classes, reading, turning, answering)
    return {**said, "size": best}


def column(cells, kind):
    """A column as the exported model takes it: [N, 1], texts with "" or doubles with NaN where nothing is."""
    if kind == "tensor(string)":
        values = cells.astype(object).where(cells.notna(), "").to_numpy(dtype=object)
    elif kind != "tensor(double)":
        raise SystemExit(f"{cells.name} is a {kind}")
    elif cells.name == DATE:
        values = as_seconds(cells).to_numpy(dtype=np.float64)
    elif cells.name in TEXTS:
        # Yes and no are 1 and 0.
        values = (cells == "yes").to_numpy(dtype=np.float64)
    else:
        values = cells.to_numpy(dtype=np.float64)
    return values.reshape(-1, 1)


def written(path, labels, shares, classes, reading, turning, answering):
    def write():
        table = pd.DataFrame(shares, columns=[f"probability_{name}" for name in classes])
        table.insert(0, "prediction", labels)
        table.to_csv(path, index=False)

    return {"rows": len(labels), "reading": reading, "turning": turning, "answering": answering, "writing": timed(write)[1]}


def compare(folder):
    """Equal labels, and the largest difference of a probability where that is to be the same."""
    ours = pd.read_csv(folder / "peer-ours.csv")
    found = {}
    for name in ("scikit-learn", "onnxruntime"):
        theirs = pd.read_csv(folder / f"{name}.csv")
        gap = np.abs(ours.iloc[:, 1:].to_numpy() - theirs.iloc[:, 1:].to_numpy()).max()
        found[name] = {"same": float((ours.iloc[:, 0] == theirs.iloc[:, 0]).mean()), "gap": float(gap)}
    return found


DOES = {"fit": fit, "scikit-learn": scikit_learn, "onnxruntime": onnx_runtime, "compare": compare}

if __name__ == "__main__":
    print(json.dumps(DOES[sys.argv[1]](pathlib.Path(sys.argv[2]))))
