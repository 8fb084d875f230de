"""A file of millions of rows answered: rows a second and peak memory, by the command line and by a server; and rows a
second of one core beside scikit-learn and ONNX Runtime.

`cargo xtask bench batch [ROWS] [--peer-rows N] [--rounds N] [--no-results]`; ten million rows unless said, 200,000 for the
peers; 0 leaves a part out.

A forest of 100 trees is trained on a small table; then a generated CSV file of ten columns (numbers, categories, a date,
gaps) goes through `trainyard predict`, and through a server as a batch: uploaded, counted, paid for, answered by its job
and downloaded. Peak memory is the whole process's, as the kernel counts it (VmHWM), model, server and database included.

The peers (`batch_peer.py`) are scikit-learn's own forest of the same table, and ONNX Runtime with the model that
`trainyard export` wrote of ours. Everybody is pinned to the same core, one after the other, round by round. Ours is
`trainyard predict` from its start to its end, file to file. Of the peers two things are told: answering rows that are in
memory, parsed, which is less work than ours; and reading the CSV file with pandas, answering and writing, which is the same,
without Python's imports and without loading the model.
"""

import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

import common
from server import Server, memory

BAR = 300
# Ours ÷ theirs, rows a second of one core.
PEER_BARS = {"scikit-learn": 10, "onnxruntime": 1}
FOLDER = common.SCRATCH / "batch"
ROWS_TRAINED = 20_000
HEADER = ["age", "income", "city", "member", "since", "score", "visits", "height", "colour", "rate"]
CITIES = ["Bergen", "Cork", "Dresden", "Hvar", "Lille"]


def write(path, rows, answers):
    """A table by arithmetic and chance; the same block of rows again and again, for it is not the rows that are measured."""
    draw = random.Random(7)
    block = []
    for _ in range(20_000):
        age, income, city = draw.randint(17, 94), round(draw.lognormvariate(10, 0.6), 2), draw.choice(CITIES)
        member, score = draw.random() < 0.3, draw.gauss(0, 1)
        row = [age, "" if draw.random() < 0.05 else income, city, "yes" if member else "no",
               f"20{draw.randint(10, 24)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", f"{score:.4f}",
               draw.randint(0, 40), f"{draw.gauss(171, 9):.1f}", draw.choice(["red", "green", "blue"]),
               f"{draw.random():.5f}"]
        if answers:
            value = (age > 50) + (city in ("Cork", "Hvar")) + member + score + draw.gauss(0, 0.5)
            row.append("many" if value > 2 else "some" if value > 1 else "none")
        block.append(row)
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER + (["answer"] if answers else []))
        for begin in range(0, rows, len(block)):
            table.writerows(block[: rows - begin])


def by_command_line(trainyard, model, path, rows):
    answers = FOLDER / "answers.csv"
    begun = time.perf_counter()
    process = subprocess.Popen([trainyard, "predict", model, path, "--proba", "-o", answers])
    highest = 0.0
    while process.poll() is None:
        try:
            highest = max(highest, memory(process.pid, "VmHWM"))
        except OSError:
            break
        time.sleep(0.05)
    if process.wait() != 0:
        raise SystemExit("trainyard predict failed")
    seconds = time.perf_counter() - begun
    with open(answers, "rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    if lines != rows + 1:
        raise SystemExit(f"{lines} lines of answers for {rows} rows")
    return seconds, highest


def by_server(table, path, rows):
    data = FOLDER / "data"
    shutil.rmtree(data, ignore_errors=True)
    with Server(data, "--digits", "off") as server:
        dataset = server.upload(table)
        model = server.json("POST", "/api/v1/models", {"dataset_id": dataset["id"], "target": "answer",
                            "algorithm": "random_forest"}, headers={"Prefer": "wait=60"})
        if model["status"] != "ready":
            raise SystemExit(f"the model is {model['status']}")
        trained = server.memory("VmHWM")
        # What training took is not the batch's; it is given back when nothing was asked for a moment.
        time.sleep(2)
        server.forget_peak()
        begun = time.perf_counter()
        with open(path, "rb") as file:
            batch = server.json("POST", f"/api/v1/models/{model['id']}/batch-predictions?proba=true&file_name=b.csv",
                                file, kind="application/octet-stream")
        accepted = time.perf_counter() - begun
        while batch["status"] in ("queued", "running"):
            time.sleep(0.5)
            batch = server.json("GET", f"/api/v1/batch-predictions/{batch['id']}")
        answered = time.perf_counter() - begun - accepted
        if batch["status"] != "done" or batch["rows"] != rows:
            raise SystemExit(f"the batch: {batch}")
        _, answer = server.ask("GET", f"/api/v1/batch-predictions/{batch['id']}/result")
        lines = sum(block.count(b"\n") for block in iter(lambda: answer.read(1 << 20), b""))
        if lines != rows + 1:
            raise SystemExit(f"{lines} lines of answers for {rows} rows")
        return accepted, answered, server.memory("VmHWM"), trained, batch["charged"]


def many(table, model, rows):
    """Lines about a file of so many rows, with all cores."""
    trainyard, path = common.built("trainyard"), FOLDER / f"rows-{rows}.csv"
    if not path.exists():
        write(path, rows, False)
    megabytes = path.stat().st_size / 1e6
    seconds, highest = by_command_line(trainyard, model, path, rows)
    accepted, answered, server, trained, charged = by_server(table, path, rows)
    cores = os.cpu_count()
    line = "| {} | {:.1f} s | {:,.0f} | {:,.0f} | **{:.0f} MB** | ≤ {} MB | {} |"
    fits = lambda value: common.verdict(value, BAR, least=False)
    return [
        f"{rows:,} rows of {len(HEADER)} columns ({megabytes:,.0f} MB of CSV) through a forest of 100 trees, with probabilities.",
        "",
        "| way | time | rows a second | a second and core | peak memory | bar | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        line.format("`trainyard predict`", seconds, rows / seconds, rows / seconds / cores, highest, BAR, fits(highest)),
        line.format("server: the job", answered, rows / answered, rows / answered / cores, server, BAR, fits(server)),
        "",
        f"The server took {accepted:.1f} s to receive, check and count the file and charged {charged:,} tokens; training had "
        f"taken {trained:.0f} MB before the count of memory began anew.",
    ]


def peer(*words):
    """What `batch_peer.py` said."""
    script = [sys.executable, common.FOLDER / "batch_peer.py", *words]
    return json.loads(subprocess.run(script, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def on_one_core(words):
    """Seconds of a program on the core that the peers have."""
    begun = time.perf_counter()
    subprocess.run(words, check=True, preexec_fn=lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))}))
    return time.perf_counter() - begun


def beside_peers(model, rows, rounds):
    """Lines about so many rows on one core."""
    trainyard, exported, answers = common.built("trainyard"), FOLDER / "model.onnx", FOLDER / "peer-ours.csv"
    exported.unlink(missing_ok=True)
    subprocess.run([trainyard, "export", model, "--format", "onnx", "-o", exported], check=True, stdout=subprocess.DEVNULL)
    write(FOLDER / "rows.csv", rows, False)
    learned = peer("fit", FOLDER)
    mine, theirs = [], {name: [] for name in PEER_BARS}
    for _ in range(rounds):
        mine.append(on_one_core([trainyard, "predict", model, FOLDER / "rows.csv", "--proba", "--threads", "1", "-o", answers]))
        for name, said in theirs.items():
            said.append(peer(name, FOLDER))
    alike = peer("compare", FOLDER)
    rate, cells = rows / common.median(mine), []
    cells.append(["`trainyard predict`", "", f"{rate:,.0f}", "", "", "", "", "", ""])
    for name, bar in PEER_BARS.items():
        answering = rows / common.median(one["answering"] for one in theirs[name])
        parts = ("reading", "turning", "answering", "writing")
        files = rows / common.median(sum(one[part] for part in parts) for one in theirs[name])
        cells.append([name, f"{answering:,.0f}", f"{files:,.0f}", f"**{rate / answering:.2f}×**",
                      common.verdict(rate / answering, bar), f"**{rate / files:.2f}×**", common.verdict(rate / files, bar),
                      f"≥ {bar}×", f"{alike[name]['same']:.2%}"])
    size = theirs["onnxruntime"][-1]["size"]
    return [
        f"{rows:,} rows on one core, rows a second, medians of {rounds} rounds in turns:",
        "",
        *common.table(["who", "rows in memory", "file to file", "ours ÷ rows in memory", "verdict", "ours ÷ file to file",
                       "verdict", "bar", "same labels as ours"], cells),
        "",
        "Ours is always file to file, from the start of the program to its end. \"Rows in memory\" spares the peers reading,"
        " parsing and writing: that comparison is in our disfavour. File to file they read with pandas.read_csv and write with"
        " to_csv, without imports and loading the model.",
        f"scikit-learn learned from as many rows of the same table, {learned['learned']:,}: {learned['leaves']:,} leaves in"
        f" 100 trees. ONNX Runtime runs our exported model ({exported.stat().st_size / 1e6:.1f} MB), {size:,} rows at a time; its"
        f" probabilities differ from ours by at most {alike['onnxruntime']['gap']:.1g}.",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--peer-rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    table, model = FOLDER / "train.csv", FOLDER / "model.tym"
    write(table, ROWS_TRAINED, True)
    subprocess.run([common.built("trainyard"), "train", table, "--target", "answer", "--algorithm", "random_forest", "-o", model],
                   check=True, stdout=subprocess.DEVNULL)
    parts = [many(table, model, asked.rows)] if asked.rows else []
    if asked.peer_rows:
        parts.append(beside_peers(model, asked.peer_rows, asked.rounds))
    lines = [line for part in parts for line in ["", *part]]
    common.keep("batch", ["scikit-learn", "pandas", "onnxruntime"], lines[1:])


if __name__ == "__main__":
    main()
