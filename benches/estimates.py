"""What trainings are told to take, before they are paid for, beside what they take: seconds and memory.

`cargo xtask bench estimates [--only CASE,…] [--scale SHARE] [--repeats N] [--json FILE] [--no-results]`

None of these tables and settings was used to fit the estimates. Each case asks `POST /api/v1/models?dry_run=true` and then
trains the same for real, by a server that has just been started, has trained the same algorithm on a small table and has come
to rest.

The seconds are those of the training's job, from its start to its end: reading the table, learning, judging, explaining,
certifying and storing. What takes less than a second is trained N times and the median counts.

Memory is told as the most bytes at one moment beyond the table. So it is measured by a second server, whose allocator gives
back at once what is freed: its peak in this training (VmHWM after a reset, without the pages of files) less what it held
before, less the table: eight bytes a number, four a category, of every row and column. What the first server, whose allocator
keeps some for later, grew by at most with the table included stands beside.

An estimate is right within a factor of 2; `OFF` where it is not. Nothing is too small to be judged.

Five of the tables are in the folder in TRAINYARD_BENCH_DATA; without it there are fifteen cases.
"""

import argparse
import dataclasses
import gzip
import json
import os
import pathlib
import shutil
import time
from datetime import datetime

import numpy as np
import pandas as pd

import common
from server import Server

FOLDER = common.SCRATCH / "estimates"
FACTOR = 2
SHORT = 1.0
# What warms a server: a small table for each task.
SMALL = {"classification": ("iris", "species"), "regression": ("diabetes", "target")}
NUMBER_BYTES, CATEGORY_BYTES = 8, 4
# An allocator that keeps nothing for later.
AT_ONCE = {"MIMALLOC_PURGE_DELAY": "0", "MIMALLOC_ARENA_EAGER_COMMIT": "0"}


@dataclasses.dataclass(frozen=True)
class Case:
    """A training of a sample, of a table that is made (`made`: rows, numbers, categories, classes or 0), or of a listed one."""

    name: str
    target: str
    algorithm: str
    task: str
    params: dict = dataclasses.field(default_factory=dict)
    # Whatever else the request says.
    more: dict = dataclasses.field(default_factory=dict)
    made: tuple = ()
    file: str = ""

    def request(self):
        own = {"algorithm": self.algorithm, **({"params": self.params} if self.params else {})}
        return {"target": self.target, "task": self.task, **own, **self.more}


def classes(name, target, algorithm, *words, **more):
    return Case(name, target, algorithm, "classification", *words, **more)


def numbers(name, target, algorithm, *words, **more):
    return Case(name, target, algorithm, "regression", *words, **more)


CASES = [
    classes("titanic", "survived", "random_forest"),
    classes("credit_default", "default", "gradient_boosting", {"n_estimators": 300, "learning_rate": 0.05}),
    classes("digits_8x8", "digit", "svm", {"C": 10.0}),
    classes("seattle_weather", "weather", "extra_trees", {"n_estimators": 400}),
    numbers("sacramento_housing", "price", "neural_net", {"epochs": 60}),
    classes("penguins", "species", "logistic_regression", {}, {"folds": 10}),
    numbers("diabetes", "target", "random_forest", {}, {"search": {"method": "random", "trials": 15}}),
    classes("200k×30, classes", "answer", "logistic_regression", made=(200_000, 30, 0, 2)),
    numbers("200k×30, numbers", "answer", "gradient_boosting", {"n_estimators": 200, "max_leaf_nodes": 63},
            made=(200_000, 30, 0, 0)),
    classes("150k×24, 5 classes", "answer", "random_forest", {"n_estimators": 40, "max_depth": 12}, made=(150_000, 20, 4, 5)),
    numbers("120k×18, numbers", "answer", "decision_tree", made=(120_000, 12, 6, 0)),
    numbers("60k×60, numbers", "answer", "linear_regression", made=(60_000, 60, 0, 0)),
    classes("30k×16, classes", "answer", "knn", {"n_neighbors": 15}, made=(30_000, 16, 0, 2)),
    classes("12k×25, 3 classes", "answer", "svm", made=(12_000, 25, 0, 3)),
    classes("40k×24, classes", "answer", "neural_net", {"hidden_layer_sizes": [128], "epochs": 10}, made=(40_000, 20, 4, 2)),
]
LISTED = [
    classes("letter", "letter", "random_forest", file="letter.csv.gz"),
    numbers("diamonds", "price", "extra_trees", {"n_estimators": 50}, file="diamonds.csv.gz"),
    classes("flights", "late", "gradient_boosting", file="flights.parquet"),
    numbers("birthdays", "births", "decision_tree", {"max_depth": 14}, file="birthdays.parquet"),
    classes("churn", "churn", "auto", {}, {"effort": "quick"}, file="churn.csv.gz"),
]


def make(case, scale):
    """A CSV file of numbers of several shapes, categories and a few gaps, whose answer is waves, steps and products."""
    rows, wide, categories, kinds = case.made
    rows = max(200, int(rows * scale))
    draw = np.random.default_rng([rows, wide, categories, kinds])
    table = {}
    for place in range(wide):
        cells = [draw.normal(0, 1, rows), draw.lognormal(0, 0.7, rows), draw.integers(0, 50, rows) / 10][place % 3]
        if place % 5 == 4:
            cells = np.where(draw.random(rows) < 0.03, np.nan, cells)
        table[f"n{place}"] = np.round(cells, 4)
    for place in range(categories):
        table[f"c{place}"] = np.array([f"kind {kind}" for kind in range(5 + 7 * place)])[draw.integers(0, 5 + 7 * place, rows)]
    cells = [np.nan_to_num(table[f"n{place}"]) for place in range(min(wide, 8))]
    answer = np.sin(2 * cells[0]) + 0.4 * cells[1] * cells[3] + (cells[2] > 2.5) + 0.3 * cells[5] + draw.normal(0, 0.5, rows)
    if categories:
        answer += (table["c0"] == "kind 1") - 0.5 * (table["c0"] == "kind 3")
    if kinds:
        borders = np.quantile(answer, np.arange(1, kinds) / kinds)
        answer = np.array([f"class {place}" for place in range(kinds)])[np.searchsorted(borders, answer)]
    else:
        answer = np.round(answer, 4)
    path = FOLDER / f"{case.target}-{rows}x{wide + categories}-{kinds}.csv"
    pd.DataFrame({**table, "answer": answer}).to_csv(path, index=False)
    return path


def brought(server, case, scale):
    """The data set of a case."""
    if case.made:
        return server.upload(make(case, scale))
    if not case.file:
        return server.json("POST", f"/api/v1/samples/{case.name}", {}, headers={"Prefer": "wait=60"})
    path = pathlib.Path(os.environ["TRAINYARD_BENCH_DATA"]) / case.file
    if path.suffix == ".gz":
        packed, path = path, FOLDER / path.stem
        path.write_bytes(gzip.decompress(packed.read_bytes()))
    return server.upload(path)


def trained(server, request):
    """(the model, seconds of its job)"""
    accepted = server.json("POST", "/api/v1/models", request)
    job = server.ended(accepted["job_id"])
    if job["status"] != "done":
        raise SystemExit(f"{request}: the job is {job['status']}: {job.get('error')}")
    lasted = datetime.fromisoformat(job["finished_at"]) - datetime.fromisoformat(job["started_at"])
    return server.json("GET", f"/api/v1/models/{accepted['id']}"), lasted.total_seconds()


def warm(server, case, small):
    """Trains the algorithm on a small table, and waits until what that took is given back."""
    dataset, target = small[case.task]
    if case.algorithm == "auto":
        request = {"algorithm": "auto", "effort": "quick"}
    else:
        request = {"algorithm": case.algorithm}
    trained(server, {"dataset_id": dataset, "target": target, "task": case.task, **request})
    used, until = -1.0, time.monotonic() + 10
    while used != (now := server.processor_seconds()) and time.monotonic() < until:
        used = now
        time.sleep(1)


def grown(server, request):
    """(bytes the process grew by at most, of which are not pages of files; the model; seconds of its job)"""
    server.forget_peak()
    before, anonymous = server.memory("VmRSS"), server.memory("RssAnon")
    model, took = trained(server, request)
    peak = server.memory("VmHWM")
    return (peak - before) * 1e6, (peak - server.memory("RssFile") - anonymous) * 1e6, model, took


def measured(case, dataset, small, repeats):
    """Everything that is known about a case: what was told, and what it took."""
    request = {"dataset_id": dataset, **case.request()}
    with Server(FOLDER / "data", "--digits", "off") as server:
        told = server.json("POST", "/api/v1/models?dry_run=true", request)
        profile = server.json("GET", f"/api/v1/datasets/{dataset}/profile")
        warm(server, case, small)
        kept, _, model, took = grown(server, request)
        seconds = [took]
        if took < SHORT:
            seconds += [trained(server, request)[1] for _ in range(repeats - 1)]
        lineage = server.json("GET", f"/api/v1/models/{model['id']}/lineage")
    with Server(FOLDER / "data", "--digits", "off", environment=AT_ONCE) as server:
        warm(server, case, small)
        _, held, _, _ = grown(server, request)
    kinds = [column["kind"] for column in profile["columns"]]
    texts = sum(kind in ("category", "text", "identifier") for kind in kinds)
    table = profile["rows"] * (CATEGORY_BYTES * texts + NUMBER_BYTES * (len(kinds) - texts))
    return {
        "case": case.name, "algorithm": case.algorithm, "task": case.task, "params": case.params, "more": case.more,
        "rows": profile["rows"], "columns": len(kinds) - 1, "target": case.target,
        "profile": [[column["name"], column["kind"], column.get("distinct"), column.get("missing")]
                    for column in profile["columns"]],
        "estimated_seconds": told["seconds"], "seconds": common.median(seconds), "all_seconds": seconds,
        "fit_seconds": model.get("fit_seconds"), "estimated_bytes": told["bytes"], "bytes": held - table, "held_bytes": held,
        "kept_bytes": kept, "table_bytes": table, "model_bytes": lineage.get("bytes"), "cores": os.cpu_count(),
    }


def within(told, found):
    """(told ÷ found, whether that is within the factor)"""
    ratio = told / max(found, 1e-9)
    return ratio, 1 / FACTOR <= ratio <= FACTOR


def row(found):
    times, right = within(found["estimated_seconds"], found["seconds"])
    more, fits = within(found["estimated_bytes"], found["bytes"])
    # What needs no more than its table has no ratio.
    much = f"**{more:.2f}**" if found["bytes"] > 0 else "∞"
    settings = ", ".join(f"{name} {value}" for name, value in {**found["params"], **found["more"]}.items())
    return [
        found["case"], found["algorithm"] + (f" ({settings})" if settings else ""), f"{found['rows']:,}×{found['columns']}",
        f"{found['estimated_seconds']:.2f} s", f"{found['seconds']:.2f} s", f"**{times:.2f}**", "ok" if right else "OFF",
        f"{found['estimated_bytes'] / 1e6:.1f} MB", f"{found['bytes'] / 1e6:.1f} MB", much, "ok" if fits else "OFF",
        f"{found['kept_bytes'] / 1e6:.1f} MB",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", help="parts of case names, separated by commas")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows of tables that are made, to try the script")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="a file for all figures")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    asked = parser.parse_args()
    listed = LISTED if os.environ.get("TRAINYARD_BENCH_DATA") else []
    cases = common.chosen([*CASES, *listed], asked)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with Server(FOLDER / "data", "--digits", "off") as server:
        bring = lambda name: server.json("POST", f"/api/v1/samples/{name}", {}, headers={"Prefer": "wait=60"})["id"]
        small = {task: (bring(name), target) for task, (name, target) in SMALL.items()}
        datasets = [brought(server, case, asked.scale)["id"] for case in cases]
    found = []
    for case, dataset in zip(cases, datasets, strict=True):
        found.append(measured(case, dataset, small, asked.repeats))
        print(" | ".join(row(found[-1])), flush=True)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=1))
    right = [sum(within(one[f"estimated_{what}"], one[what])[1] for one in found) for what in ("seconds", "bytes")]
    lines = [
        *common.table(["case", "algorithm", "table", "told", "took", "told ÷ took", "verdict", "memory told", "memory taken",
                       "told ÷ taken", "verdict", "server grew by"], [row(one) for one in found]), "",
        f"Within a factor of {FACTOR}: **{right[0]} of {len(found)}** of the seconds, **{right[1]} of {len(found)}** of the"
        " memory. Seconds are those of the training's job. Memory is the most it held at one moment beyond the table; the last"
        " column is what a server grew by at most whose allocator keeps some for later, the table included.",
    ]
    common.keep("estimates", [], lines)


if __name__ == "__main__":
    main()
