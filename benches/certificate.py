"""The parity certificates of models of every bench table: how far answers differ from one way of asking to another.

`cargo xtask bench certificate [--only NAME,…] [--no-results]`

From each table a tree-based and a linear model are trained by `trainyard train`; both carry the certificate that is made
before a model is kept: 64 held-out rows, asked as a form, as JSON, as CSV, as Parquet and as ONNX, beside the answers to the
rows as they lie in memory. Shown is the largest difference of each way: of probabilities, or of numbers in units of their
size or the target's standard deviation. Labels that differ are counted where the two most probable classes are no tie.

Tables are the samples and those that bench.json in TRAINYARD_BENCH_DATA lists; of more than 100,000 rows, 100,000 are drawn.
"""

import argparse
import json
import os
import pathlib
import subprocess

import common
import quality

OWN = ["form", "json", "csv", "parquet"]
OWN_BOUND, ONNX_BOUND = 1e-6, 1e-5
MOST_ROWS = 100_000
FOLDER = common.SCRATCH / "certificate"


def tables():
    """Names of the samples and of what bench.json lists."""
    folder = os.environ.get("TRAINYARD_BENCH_DATA")
    listed = json.loads((pathlib.Path(folder) / "bench.json").read_text()) if folder else []
    return [*quality.SAMPLES, *(entry["name"] for entry in listed)]


def certified(path, target, task, algorithm):
    words = [str(common.built("trainyard")), "train", str(path), "--target", target, "--algorithm", algorithm, "--task", task,
             "--json", "-o", str(FOLDER / "model.tym")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{words}\nended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)["certificate"]


def row(name, algorithm, found):
    ways = {one["path"]: one for one in found["paths"]}
    own = max(ways[way]["largest"] or 0.0 for way in OWN)
    labels = sum(ways[way]["labels"] for way in OWN)
    onnx = ways["onnx"]
    judged = common.verdict(own, OWN_BOUND, False) if labels == 0 else "LABELS DIFFER"
    if onnx["largest"] is None:
        beyond = [onnx.get("skipped") or "not asked", ""]
    else:
        holds = onnx["labels"] == 0 and onnx["largest"] <= ONNX_BOUND
        beyond = [f"{onnx['largest']:.1e}", "ok" if holds else "BEHIND"]
    return [name, algorithm, found["rows"], f"**{own:.1e}**", labels, judged, *beyond]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", help="names of tables, separated by commas")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in asked.only.split(",") if asked.only else tables():
        frame, target, task = quality.load(name)
        path = FOLDER / f"{name}.csv"
        frame.sample(min(len(frame), MOST_ROWS), random_state=0).sort_index().to_csv(path, index=False)
        for algorithm in ["gradient_boosting", "logistic_regression" if task == "classification" else "linear_regression"]:
            rows.append(row(name, algorithm, certified(path, target, task, algorithm)))
            print(" | ".join(map(str, rows[-1])), flush=True)
    lines = [
        *common.table(["table", "algorithm", "rows asked", f"own four ways (bar {OWN_BOUND:g})", "labels that differ", "verdict",
                       f"ONNX (bar {ONNX_BOUND:g})", "verdict"], rows), "",
        f"{len(rows)} models. Differences are of probabilities, or of numbers in units of their size or the target's standard"
        " deviation; ONNX is asked by our own runner, which the suite `onnx` holds against ONNX Runtime.",
    ]
    common.keep("certificate", ["pandas"], lines)


if __name__ == "__main__":
    main()
