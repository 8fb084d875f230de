"""Predictions over HTTP: authenticated, charged, audited, each on the disk before it is answered.

`cargo xtask bench serve [--seconds N] [--rounds N] [--no-results]`. wrk asks over loopback for one row of a forest of 100
trees, at 1, 16 and 256 connections, in turns with an authenticated route that does next to nothing (one's own account),
with /healthz (no account, nothing at all), and with a probe that only commits to the same disk. Then the same work is
asked of a FastAPI server (`serve_peer.py`); what is compared is the processor time a request costs the server, since
both share two cores with whoever asks. With TRAINYARD_BENCH_POSTGRES=postgres://… the same is asked of a server on
that database.
"""

import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import common
from start import free_port, is_ready

SAMPLES = common.ROOT / "crates/platform/samples"
TABLE, TARGET, FEATURES = "titanic", "survived", ["sex", "age", "passenger_class"]
LOGIN = {"email": "ana@example.com", "password": "a password of the bench"}
SHARE_BAR, PEER_BAR = 0.5, 50
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server that runs, and what is asked of it."""

    def __init__(self, name, process, port, path, question, token, empty):
        self.name, self.process, self.port, self.path = name, process, port, path
        self.question, self.token, self.empty = question, token, empty

    @property
    def is_ours(self):
        return self.empty.startswith("/api")

    def processor_seconds(self):
        """What the server has used so far, kernel included."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def settle(self):
        """Waits until what was asked and not waited for is done: it would take from the next go."""
        used, until = -1.0, time.monotonic() + 30
        while used != (now := self.processor_seconds()) and time.monotonic() < until:
            used = now
            time.sleep(0.3)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def call(port, method, path, body=None, token=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error


def started(words, port, environment=None, ready=is_ready):
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    until = time.monotonic() + 60
    while not ready(port):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"{words[0]} did not become ready")
        time.sleep(0.05)
    return process


def a_row():
    with (SAMPLES / f"{TABLE}.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    return {name: float(row[name]) if name == "age" else row[name] for name in FEATURES}


def ours(folder, name="Trainyard, SQLite", database=None):
    """Trainyard with one user, tokens enough, and a forest that is ready."""
    port = free_port()
    words = [str(common.built("trainyard")), "serve", "--listen", f"127.0.0.1:{port}", "--data", str(folder), "--digits", "off"]
    words += ["--database-url", database] if database else []
    process = started(words, port)
    call(port, "POST", "/api/v1/setup", LOGIN)
    login = {"login": LOGIN["email"], "password": LOGIN["password"]}
    session = call(port, "POST", "/api/v1/auth/login", login)
    token, user = session["access_token"], session["user"]["id"]
    call(port, "PATCH", "/api/v1/admin/settings", {"rate_reading": 0, "rate_predictions": 0}, token)
    grant = {"tokens": 500_000_000, "reason": "the bench"}
    call(port, "POST", f"/api/v1/admin/users/{user}/tokens", grant, token)
    dataset = call(port, "POST", f"/api/v1/samples/{TABLE}", {}, token)
    finished(port, f"/api/v1/datasets/{dataset['id']}", token)
    request = {
        "dataset_id": dataset["id"], "target": TARGET, "features": FEATURES, "algorithm": "random_forest",
        "params": {"n_estimators": 100},
    }
    model = call(port, "POST", "/api/v1/models", request, token)
    finished(port, f"/api/v1/models/{model['id']}", token)
    return Server(
        name, process, port, f"/api/v1/models/{model['id']}/predictions", {"rows": [a_row()]}, token, "/api/v1/me"
    )


def finished(port, path, token):
    until = time.monotonic() + 120
    while (status := call(port, "GET", path, token=token)["status"]) != "ready":
        if status == "failed" or time.monotonic() > until:
            raise SystemExit(f"{path} is {status}")
        time.sleep(0.1)


def peer(folder):
    """The FastAPI server, with the same table, columns and number of trees."""
    folder.mkdir(parents=True)
    with (SAMPLES / f"{TABLE}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*FEATURES, TARGET], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    port = free_port()
    environment = {
        "TRAINYARD_PEER_FOLDER": str(folder), "TRAINYARD_PEER_TABLE": str(folder / "table.csv"),
        "TRAINYARD_PEER_TARGET": TARGET, "PYTHONPATH": str(common.FOLDER), "OMP_NUM_THREADS": "1",
    }
    words = [sys.executable, "-m", "uvicorn", "serve_peer:app", "--port", str(port), "--no-access-log"]
    process = started(words, port, environment, ready=listens)
    token = (folder / "token").read_text()
    return Server("FastAPI + scikit-learn + SQLite", process, port, "/predictions", {"rows": [a_row()]}, token, "/empty")


def listens(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=2).close()
    except OSError:
        return False
    return True


SCRIPT = """
wrk.method = "{method}"
wrk.headers["Authorization"] = "Bearer {token}"
wrk.headers["Content-Type"] = "application/json"
wrk.body = {body}
"""


def asked(server, folder, path, body, connections, seconds):
    """What wrk says of one go: requests a second, and milliseconds of the middle and of the 99th of 100; with the
    server's processor microseconds a request."""
    script = folder / "ask.lua"
    text = "nil" if body is None else f"[==[{json.dumps(body)}]==]"
    script.write_text(SCRIPT.format(method="GET" if body is None else "POST", token=server.token, body=text))
    before = server.processor_seconds()
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "--latency", "-s", str(script),
         f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True, text=True, check=True,
    ).stdout
    used = server.processor_seconds() - before
    server.settle()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    if bad or "Socket errors" in done:
        raise SystemExit(f"{server.name} {path}:\n{done}")
    requests = int(re.search(r"(\d+) requests in", done)[1])
    if not requests:
        raise SystemExit(f"{server.name} {path}: no answer in {seconds} s\n{done}")
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]),
        "middle": milliseconds(re.search(r"^\s+50%\s+(\S+)", done, re.MULTILINE)[1]),
        "slow": milliseconds(re.search(r"^\s+99%\s+(\S+)", done, re.MULTILINE)[1]),
        "processor": used / requests * 1e6,
    }


def milliseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}[unit]


def commits(folder, seconds):
    """Commits a second of one SQLite connection that does nothing else: a row of as many bytes as a prediction leaves."""
    connection = sqlite3.connect(folder / "probe.db", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table if not exists rows (id integer primary key, bytes blob)")
    row, count = b"x" * 1500, 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        connection.execute("insert into rows (bytes) values (?)", (row,))
        count += 1
    connection.close()
    return count / seconds


def middle(goes, field):
    return common.median(go[field] for go in goes)


def rounds_of(server, folder, connections, options):
    """Predictions and next to nothing, in turns."""
    kinds = {"predictions": (server.path, server.question), "empty": (server.empty, None)}
    if server.is_ours:
        kinds["health"] = ("/healthz", None)
    goes = {kind: [] for kind in kinds}
    for _ in range(options.rounds):
        for kind, (path, body) in kinds.items():
            goes[kind].append(asked(server, folder, path, body, connections, options.seconds))
    return goes


def load(server, folder, options):
    """Rows of the table for one server, and its middle go at 16 connections."""
    rows, at_16 = [], None
    for connections in (1, 16, 256) if server.is_ours else (1, 16):
        probe = commits(folder, 2) if server.is_ours and connections < 256 else None
        goes = rounds_of(server, folder, connections, options)
        rate, empty = middle(goes["predictions"], "rate"), middle(goes["empty"], "rate")
        share, bar = rate / empty, SHARE_BAR if connections == 256 else None
        of_health = f"{rate / middle(goes['health'], 'rate'):.0%}" if server.is_ours else ""
        rows.append([
            server.name, connections, f"{rate:,.0f}", f"{empty:,.0f}", f"**{share:.0%}**", f"≥ {bar:.0%}" if bar else "",
            common.verdict(share, bar), of_health,
            f"{middle(goes['predictions'], 'middle'):.2f}", f"{middle(goes['predictions'], 'slow'):.2f}",
            f"{middle(goes['predictions'], 'processor'):,.0f}", f"{probe:,.0f}" if probe else "",
        ])
        if connections == 16:
            at_16 = middle(goes["predictions"], "processor")
    return rows, at_16


HEADER = [
    "server", "connections", "predictions a second", "empty route a second", "share", "bar", "verdict", "share of /healthz",
    "p50 ms", "p99 ms", "processor µs a request", "commits a second of the probe",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=8, help="of one go")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("missing: wrk. On Debian or Ubuntu: sudo apt-get install wrk")
    common.SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=common.SCRATCH) as name:
        folder = pathlib.Path(name)
        rows, mine = measured(ours(folder / "ours"), folder, options)
        database = os.environ.get("TRAINYARD_BENCH_POSTGRES")
        if database:
            more, _ = measured(ours(folder / "postgres", "Trainyard, PostgreSQL", database), folder, options)
            rows += more
        more, theirs = measured(peer(folder / "peer"), folder, options)
        rows += more
    ratio = theirs / mine
    lines = [
        *common.table(HEADER, rows), "",
        f"Processor time a request, FastAPI + scikit-learn ÷ Trainyard, at 16 connections: **{ratio:.0f}×**"
        f" (bar {PEER_BAR}×: {common.verdict(ratio, PEER_BAR)}).",
        "", f"One row of {TABLE} through 100 trees a request; {options.rounds} goes of {options.seconds} s each, in turns, medians;"
        " every prediction is debited, recorded and audited in a durable commit before it is answered. wrk, the server and"
        " everything else share the cores.",
    ]
    common.keep("serve", ["scikit-learn", "fastapi", "uvicorn"], lines)


def measured(server, folder, options):
    try:
        return load(server, folder, options)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
