"""A file of millions of rows answered: rows a second and peak memory, by the command line and by a server.

`cargo xtask bench batch [ROWS] [--no-results]`; ten million rows unless said.

A forest of 100 trees is trained on a small table; then a generated CSV file of ten columns (numbers, categories, a date,
gaps) goes through `trainyard predict`, and through a server as a batch: uploaded, counted, paid for, answered by its job
and downloaded. Peak memory is the whole process's, as the kernel counts it (VmHWM), model, server and database included.
"""

import csv
import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import time

import common

BAR = 300
FOLDER = common.SCRATCH / "batch"
ROWS_TRAINED = 20_000
PASSWORD = "correct horse battery"
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


def peak(pid):
    """Megabytes (10⁶ bytes) a process has had at most."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def by_command_line(trainyard, model, path, rows):
    answers = FOLDER / "answers.csv"
    begun = time.perf_counter()
    process = subprocess.Popen([trainyard, "predict", model, path, "--proba", "-o", answers])
    highest = 0.0
    while process.poll() is None:
        try:
            highest = max(highest, peak(process.pid))
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


class Server:
    def __init__(self, trainyard):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = FOLDER / f"data-{self.port}"
        self.token = None
        self.process = subprocess.Popen(
            [trainyard, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", data,
             "--admin-email", "admin@example.com", "--admin-password", PASSWORD, "--log", "error"],
            stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                if self.ask("GET", "/readyz", plain=True)[0] == 200:
                    break
            except OSError:
                time.sleep(0.05)
        signed_in = self.json("POST", "/api/v1/auth/login", {"login": "admin@example.com", "password": PASSWORD})
        self.token, self.user = signed_in["access_token"], signed_in["user"]["id"]
        self.json("POST", f"/api/v1/admin/users/{self.user}/tokens", {"tokens": 10_000_000, "reason": "a bench"})

    def ask(self, method, path, body=None, kind="application/json", plain=False, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        sent = {} if plain or not self.token else {"Authorization": f"Bearer {self.token}"}
        sent |= {"Content-Type": kind} if body is not None else {}
        connection.request(method, path, body, sent | (headers or {}))
        answer = connection.getresponse()
        return answer.status, answer

    def json(self, method, path, body=None, **rest):
        data = json.dumps(body) if isinstance(body, dict) else body
        status, answer = self.ask(method, path, data, **rest)
        text = answer.read()
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {text[:500]!r}")
        return json.loads(text) if text else {}


def by_server(trainyard, table, path, rows):
    server = Server(trainyard)
    try:
        wait = {"Prefer": "wait=60"}
        with open(table, "rb") as file:
            dataset = server.json("POST", "/api/v1/datasets?file_name=t.csv", file, kind="text/csv", headers=wait)
        model = server.json("POST", "/api/v1/models", {"dataset_id": dataset["id"], "target": "answer",
                            "algorithm": "random_forest"}, headers=wait)
        if model["status"] != "ready":
            raise SystemExit(f"the model is {model['status']}")
        trained = peak(server.process.pid)
        # What training took is not the batch's: the count begins anew.
        reset = pathlib.Path(f"/proc/{server.process.pid}/clear_refs")
        reset.write_text("5")
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
        return accepted, answered, peak(server.process.pid), trained, batch["charged"]
    finally:
        server.process.terminate()
        server.process.wait()


def main():
    rows = next((int(word.replace("_", "")) for word in sys.argv[1:] if word[0].isdigit()), 10_000_000)
    FOLDER.mkdir(parents=True, exist_ok=True)
    trainyard, model = common.built("trainyard"), FOLDER / "model.tym"
    table, path = FOLDER / "train.csv", FOLDER / f"rows-{rows}.csv"
    write(table, ROWS_TRAINED, True)
    if not path.exists():
        write(path, rows, False)
    subprocess.run([trainyard, "train", table, "--target", "answer", "--algorithm", "random_forest", "-o", model],
                   check=True, stdout=subprocess.DEVNULL)
    megabytes = path.stat().st_size / 1e6
    seconds, highest = by_command_line(trainyard, model, path, rows)
    accepted, answered, server, trained, charged = by_server(trainyard, table, path, rows)
    cores = os.cpu_count()
    line = "| {} | {:.1f} s | {:,.0f} | {:,.0f} | **{:.0f} MB** | ≤ {} MB | {} |"
    fits = lambda value: "ok" if value <= BAR else "BEHIND"
    common.keep("batch", [], [
        f"{rows:,} rows of {len(HEADER)} columns ({megabytes:,.0f} MB of CSV) through a forest of 100 trees, with probabilities.",
        "",
        "| way | time | rows a second | a second and core | peak memory | bar | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        line.format("`trainyard predict`", seconds, rows / seconds, rows / seconds / cores, highest, BAR, fits(highest)),
        line.format("server: the job", answered, rows / answered, rows / answered / cores, server, BAR, fits(server)),
        "",
        f"The server took {accepted:.1f} s to receive, check and count the file and charged {charged:,} tokens; training had "
        f"taken {trained:.0f} MB before the count of memory began anew.",
    ])


if __name__ == "__main__":
    main()
