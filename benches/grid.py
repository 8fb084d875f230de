"""A grid of parameters searched by five folds of the iris data, beside scikit-learn's GridSearchCV.

`cargo xtask bench grid [--rounds N] [--no-results]`

The grids are those that the old grid-search API tries when nothing is named: 8 settings of a tree and 12 of a forest, each
judged on 5 folds. Ours is asked through two doors of a running server, one request after another: that old API (`POST
/dialects/grid-search/train`, a search on all rows, a last fit and a stored model before it answers) and studies (`POST
/api/v1/studies`, which hold a fifth of the rows back for a test; no setting is given up early). Both are timed as whole
requests, and studies' jobs by their own clock too. GridSearchCV(n_jobs=1) is called in this process, and nothing but its fit
is counted. It works on one core, the server on all; what processor time the server used stands beside. A line of its own
compares trying all settings alone, without the fit of the best one that GridSearchCV ends with (one of forty-one, or of
sixty-one). The rest of a study is what makes it last: durable commits, a report with intervals, a certificate, a stored model.
"""

import argparse
import shutil
import time
from datetime import datetime

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

import common
from server import Server

# GridSearchCV's time ÷ ours.
BAR = 20
FOLDS = 5
FOLDER = common.SCRATCH / "grid"
SAMPLE, TARGET = "iris", "species"
# Whom everybody knows where old clients are demonstrated.
DEMONSTRATION = {"username": "test_1", "password": "testpassword"}
GRIDS = {
    "decision_tree": (DecisionTreeClassifier, {"max_depth": [2, 5, 7, 10], "criterion": ["entropy", "gini"]}),
    "random_forest": (RandomForestClassifier, {"n_estimators": [10, 50, 100], "max_depth": [2, 5, 7, 10]}),
}


def scikit_learn(algorithm):
    """(seconds, best score, best parameters)"""
    estimator, grid = GRIDS[algorithm]
    table = pd.read_csv(common.ROOT / f"crates/platform/samples/{SAMPLE}.csv")
    inputs, answers = table.drop(columns=TARGET).to_numpy(), table[TARGET].to_numpy()
    search = GridSearchCV(estimator(), grid, cv=FOLDS, scoring="accuracy", n_jobs=1)
    begun = time.perf_counter()
    search.fit(inputs, answers)
    return time.perf_counter() - begun, search.best_score_, search.best_params_


def used(server, act):
    """(what it gave, seconds, processor seconds of the server)"""
    before, begun = server.processor_seconds(), time.perf_counter()
    found = act()
    took = time.perf_counter() - begun
    time.sleep(0.2)
    return found, took, server.processor_seconds() - before


class OldApi:
    name = "old grid-search API"

    def __init__(self, server):
        self.server = server
        said = server.json("POST", "/dialects/grid-search/request_token", DEMONSTRATION, headers={"Authorization": ""})
        self.headers = {"Authorization": f"Bearer {said['token']}"}

    def search(self, algorithm):
        body = {"algorithm": algorithm, "param_grid": {}}
        ask = lambda: self.server.json("POST", "/dialects/grid-search/train", body, headers=self.headers)
        found, took, processor = used(self.server, ask)
        return {"seconds": took, "processor": processor, "score": found["best_score"], "params": found["best_params_"]}


class Studies:
    name = "studies"

    def __init__(self, server):
        self.server = server
        self.dataset = server.json("POST", f"/api/v1/samples/{SAMPLE}", {}, headers={"Prefer": "wait=60"})["id"]

    def search(self, algorithm):
        search = {"method": "grid", "folds": FOLDS, "space": GRIDS[algorithm][1], "pruning": False}
        body = {"dataset_id": self.dataset, "target": TARGET, "algorithm": algorithm, "metric": "accuracy", "search": search}
        ask = lambda: self.server.json("POST", "/api/v1/studies", body, headers={"Prefer": "wait=60"})
        found, took, processor = used(self.server, ask)
        if found["status"] != "done":
            raise SystemExit(f"the study is {found['status']}: {found}")
        job = self.server.json("GET", f"/api/v1/jobs/{found['job_id']}")
        lasted = datetime.fromisoformat(job["finished_at"]) - datetime.fromisoformat(job["started_at"])
        trials = self.server.json("GET", f"/api/v1/studies/{found['id']}/trials?limit=100")["items"]
        self.server.json("DELETE", f"/api/v1/studies/{found['id']}")
        return {"seconds": took, "processor": processor, "job": lasted.total_seconds(),
                "trials": sum(trial["seconds"] for trial in trials), "score": found["best"]["score"],
                "params": found["best"]["params"]}


def said(params):
    return ", ".join(f"{name} {params[name]}" for name in sorted(params))


def row(algorithm, way, goes, theirs):
    took = common.median(one["seconds"] for one in goes)
    parts = [f"{common.median(one[part] for one in goes) * 1000:.0f} ms" if part in goes[0] else ""
             for part in ("job", "trials")]
    ratio = theirs / took
    return [algorithm, way, f"**{ratio:.1f}×**", f"≥ {BAR}×", common.verdict(ratio, BAR), f"{took * 1000:.0f} ms", *parts,
            f"{common.median(one['processor'] for one in goes) * 1000:.0f} ms", f"{goes[-1]['score']:.4f}", said(goes[-1]["params"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    asked = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    rows = []
    with Server(FOLDER / "data", "--digits", "off", "--demo") as server:
        doors = [OldApi(server), Studies(server)]
        for algorithm in GRIDS:
            # The first go of each is not counted: it imports, reads and makes what later ones find.
            goes, theirs = {door.name: [door.search(algorithm)] for door in doors}, [scikit_learn(algorithm)]
            for _ in range(asked.rounds):
                theirs.append(scikit_learn(algorithm))
                for door in doors:
                    goes[door.name].append(door.search(algorithm))
            middle = common.median(took for took, _, _ in theirs[1:])
            rows += [row(algorithm, way, found[1:], middle) for way, found in goes.items()]
            alone = common.median(one["trials"] for one in goes[Studies.name][1:])
            rows.append([algorithm, "studies, trials alone", f"**{middle / alone:.1f}×**", f"≥ {BAR}×",
                         common.verdict(middle / alone, BAR), f"{alone * 1000:.0f} ms", "", "", "", "", ""])
            _, score, params = theirs[-1]
            rows.append([algorithm, "GridSearchCV", "", "", "", f"{middle * 1000:.0f} ms", "", "", "", f"{score:.4f}",
                         said(params)])
    lines = [
        *common.table(["grid", "who", "GridSearchCV ÷ ours", "bar", "verdict", "time", "of which its job",
                       "of which its trials", "processor time of the server", "best score", "best parameters"], rows), "",
        f"{len(GRIDS)} grids, {FOLDS} folds, {asked.rounds} rounds in turns after one that is not counted, medians; scores and"
        " parameters of the last round. Old API and GridSearchCV search on 150 rows, studies on the 120 that are no test rows.",
    ]
    common.keep("grid", ["scikit-learn"], lines)


if __name__ == "__main__":
    main()
