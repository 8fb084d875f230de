"""Two of the older contracts, answered by Trainyard and by such a server as they were written for: FastAPI with scikit-learn.

`cargo xtask bench dialects [--only NAMES] [--scale SHARE] [--repeats N] [--seconds N] [--no-results]`

Predictions: wrk asks over loopback for one row at a time, at 1 and 16 connections, of models of the samples that clients of
these contracts know; both servers in turns. What is compared is the processor time a request costs the server, since both
share the cores with whoever asks. Trainings: a table of 100,000 rows and 20 columns is sent as a form, and what is compared
is the time until the answer, upload included, with default settings and with ten trees of depth 12. Every training has
a table of its own, for nobody learns the same file again. The peer (`dialects_peer.py`) does what its contract says and no
more; ours also keeps books, records and proofs as it does for everybody.
"""

import argparse
import http.client
import itertools
import json
import pathlib
import shutil
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field

import numpy as np
import pandas

import common
from serve import LOGIN, Server, asked, call, free_port, listens, middle, started

SAMPLES = common.ROOT / "crates/dialects/tests/data"
ROWS, COLUMNS = 100_000, 20
PREDICTIONS, FORESTS, LINES = 50, 10, 3
TOKENS = 500_000_000
# No limit is what is measured.
LIMITS = [
    "rate_sign_in", "rate_reading", "rate_changes", "rate_uploads", "rate_predictions", "dialect_token_platform_rate",
    "dialect_lesson_prices_rate",
]
LESSON = {
    "subject": "math", "student_level": "high_school", "lesson_minutes": 60, "teacher_experience_years": 5,
    "is_online": "yes", "city": "Tel Aviv",
}
PACKAGES = ["scikit-learn", "pandas", "fastapi", "uvicorn", "python-multipart"]


@dataclass
class Case:
    """Something to train and to ask, through one door."""

    name: str
    door: str
    kind: str
    bar: float
    params: dict = field(default_factory=dict)
    once: bool = False  # of the peer, whose training takes minutes


TREES = {"n_estimators": 10, "max_depth": 12}
ASKED = [
    Case(f"predict {title} {word}", door, kind, PREDICTIONS)
    for title, door in (("B", "token-platform"), ("E", "lesson-prices"))
    for word, kind in (("linear", "linear"), ("forest", "random_forest"))
]
TRAINED = [
    case
    for title, door in (("B", "token-platform"), ("E", "lesson-prices"))
    for case in (
        Case(f"train {title} linear", door, "linear", LINES),
        Case(f"train {title} forest 10 trees", door, "random_forest", FORESTS, TREES),
        Case(f"train {title} forest 100 trees", door, "random_forest", FORESTS, once=True),
    )
]


def ours(folder):
    """Trainyard, with somebody at each door."""
    port = free_port()
    words = [str(common.built("trainyard")), "serve", "--listen", f"127.0.0.1:{port}", "--data", str(folder), "--digits", "off"]
    process = started(words, port)
    call(port, "POST", "/api/v1/setup", LOGIN)
    login = {"login": LOGIN["email"], "password": LOGIN["password"]}
    token = call(port, "POST", "/api/v1/auth/login", login)["access_token"]
    settings = {"starting_tokens": TOKENS} | dict.fromkeys(LIMITS, 0)
    call(port, "PATCH", "/api/v1/admin/settings", settings, token)
    doors = {}
    for door, path, who in (
        ("token-platform", "/user/create", {"email": "dora@example.com", "pwd": "secret"}),
        ("lesson-prices", "/auth/signup", {"username": "dana", "password": "secret"}),
    ):
        base = f"/dialects/{door}"
        call(port, "POST", base + path, who)
        token = call(port, "POST", f"{base}/{path.split('/')[1]}/login", who)["access_token"]
        doors[door] = Server("Trainyard", process, port, base, None, token, "/api")
    # The contracts start an account with tokens of their own.
    root = call(port, "POST", "/api/v1/auth/login", login)["access_token"]
    for user in call(port, "GET", "/api/v1/admin/users", token=root)["items"]:
        if user["tokens"] < TOKENS:
            grant = {"tokens": TOKENS, "reason": "the bench"}
            call(port, "POST", f"/api/v1/admin/users/{user['id']}/tokens", grant, root)
    return doors


def peer(folder):
    folder.mkdir(parents=True)
    port = free_port()
    environment = {"TRAINYARD_PEER_FOLDER": str(folder), "PYTHONPATH": str(common.FOLDER)}
    words = [sys.executable, "-m", "uvicorn", "dialects_peer:app", "--port", str(port), "--no-access-log"]
    process = started(words, port, environment, ready=listens)
    return {
        door: Server("FastAPI + scikit-learn", process, port, f"/{door}", None, (folder / door).read_text(), "/none")
        for door in ("token-platform", "lesson-prices")
    }


def form(fields, name, content):
    """A form with one file, and what it is called on the way."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="t.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return b"".join([*parts, head.encode(), content, f"\r\n--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


def train(server, case, features, label, content):
    """Sends a table and waits: the name to ask for, R², seconds, and the server's processor seconds."""
    if case.door == "token-platform":
        fields = {
            "model_type": case.kind, "feature_cols": json.dumps(features), "label_col": label,
            "optional_params": json.dumps(case.params),
        }
        path, body = "/create", form(fields, "csv_file", content)
    else:
        fields = {"model_name": case.kind, "model_params": json.dumps(case.params)}
        path, body = "/training/train", form(fields, "file", content)
    server.settle()
    used, start = server.processor_seconds(), time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3600)
    headers = {"authorization": f"Bearer {server.token}", "content-type": body[1]}
    connection.request("POST", server.path + path, body[0], headers)
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - start
    if answer.status != 200:
        raise SystemExit(f"{server.name} {case.name}: {answer.status} {text[:500]!r}")
    server.settle()
    said, used = json.loads(text), server.processor_seconds() - used
    if case.door == "token-platform":
        return {"name": said["model_name"], "r2": said["metrics"]["r2_score"], "took": took, "used": used}
    return {"name": said["model_info"]["model_name"], "r2": said["model_info"]["metrics"]["r2"], "took": took, "used": used}


def sample(case):
    """Columns to learn from, the label, the file, a row to ask about, and the path that is asked."""
    if case.door == "token-platform":
        question = {"features": {"age": 30, "salary": 52000}}
        return ["age", "salary"], "bonus", (SAMPLES / "employees.csv").read_bytes(), question, "/predict/"
    return None, "lesson_price", (SAMPLES / "private_lessons.csv").read_bytes(), {"data": LESSON}, "/models/predict/"


def predictions(case, servers, folder, options):
    """A row for one connection and one for sixteen."""
    features, label, content, question, base = sample(case)
    paths, answers = [], []
    for server in servers:
        name = train(server, case, features, label, content)["name"]
        paths.append(f"{server.path}{base}{name}")
        answers.append(call(server.port, "POST", paths[-1], question, server.token)["prediction"])
    rows = []
    for connections in (1, 16):
        goes = ([], [])
        for _ in range(options.repeats):
            for kept, server, path in zip(goes, servers, paths, strict=True):
                kept.append(asked(server, folder, path, question, connections, options.seconds))
        mine, theirs = ({name: middle(kept, name) for name in kept[0]} for kept in goes)
        ratio = theirs["processor"] / mine["processor"]
        rows.append([
            case.name, connections, f"**{ratio:.0f}×**", f"≥ {case.bar}×", common.verdict(ratio, case.bar),
            f"{mine['processor']:,.0f}", f"{theirs['processor']:,.0f}", f"{mine['rate']:,.0f}", f"{theirs['rate']:,.1f}",
            f"{mine['middle']:.2f}, {mine['slow']:.2f}", f"{theirs['middle']:.1f}, {theirs['slow']:.1f}",
            f"{answers[0]:.2f}", f"{answers[1]:.2f}",
        ])
        print(" | ".join(str(cell) for cell in rows[-1]), flush=True)
    return rows


def numbers(rows, seed):
    """Twenty columns and a label: eighteen of numbers, two of words; lines, bends and noise."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, COLUMNS - 2)).round(5)
    table = pandas.DataFrame(x, columns=[f"x{place}" for place in range(COLUMNS - 2)])
    table["kind"] = draw.choice(["oak", "pine", "beech", "ash", "elm"], rows)
    table["side"] = draw.choice(["north", "east", "south", "west"], rows)
    straight = x[:, :6] @ np.array([3.0, -2.0, 1.5, 1.0, -0.7, 0.4])
    bent = 2.0 * np.abs(x[:, 6]) + 1.5 * (x[:, 7] > 0.3) * x[:, 8] + np.sin(2 * x[:, 9])
    words = table["kind"].map({"oak": 2.0, "pine": -1.0}).fillna(0) + (table["side"] == "south")
    table["label"] = (straight + bent + words + draw.normal(size=rows)).round(5)
    return table.columns[:-1].tolist(), "label", table.to_csv(index=False).encode()


def lessons(rows, seed):
    """The lessons' columns as they are in their sample, their price, and twelve columns that nobody reads."""
    draw = np.random.default_rng(seed)
    known = pandas.read_csv(SAMPLES / "private_lessons.csv")
    table = pandas.DataFrame({
        name: draw.choice(known[name].unique(), rows) for name in ("subject", "student_level", "is_online", "city")
    })
    table["lesson_minutes"] = draw.choice([45, 60, 90], rows)
    table["teacher_experience_years"] = draw.integers(0, 31, rows)
    table["teacher_age"] = draw.integers(22, 66, rows)
    for place in range(COLUMNS - 8):
        table[f"note{place}"] = draw.normal(size=rows).round(3)
    hour = 90 + 12 * table["subject"].rank(method="dense") + 18 * table["student_level"].rank(method="dense")
    hour += 2.2 * np.minimum(table["teacher_experience_years"], 20) + table["city"].rank(method="dense")
    hour -= 10 * (table["is_online"] == "yes")
    table["lesson_price"] = (hour * table["lesson_minutes"] / 60 + draw.normal(0, 8, rows)).round(2)
    return None, "lesson_price", table.to_csv(index=False).encode()


def trainings(case, servers, seeds, options):
    """A row: both in turns; the peer once where it is slow."""
    made, goes, size = (numbers if case.door == "token-platform" else lessons), ([], []), 0
    for turn in range(options.repeats):
        features, label, content = made(int(ROWS * options.scale), next(seeds))
        size = len(content)
        for kept, server in zip(goes, servers, strict=True):
            if turn == 0 or not case.once or server.is_ours:
                kept.append(train(server, case, features, label, content))
    mine, theirs = ({name: middle(kept, name) for name in ("took", "used", "r2")} for kept in goes)
    ratio = theirs["took"] / mine["took"]
    judged = common.verdict(ratio, case.bar) if options.scale == 1 else ""
    row = [
        case.name, f"**{ratio:.1f}×**", f"≥ {case.bar}×", judged, common.seconds(mine["took"]), common.seconds(theirs["took"]),
        f"{mine['used']:.2f} s", f"{theirs['used']:.2f} s", f"{theirs['used'] / mine['used']:.1f}×",
        f"{mine['r2']:.4f}", f"{theirs['r2']:.4f}", f"{size / 1e6:.1f} MB",
    ]
    print(" | ".join(row), flush=True)
    return row


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", help="parts of case names, separated by commas: predict, train, B forest 10 trees, …")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows to learn from, to try the script")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of one go of predictions")
    parser.add_argument("--no-results", action="store_true", help="print only; leave RESULTS.md alone")
    return parser.parse_args()


def main():
    options = parsed()
    if not shutil.which("wrk"):
        raise SystemExit("missing: wrk. On Debian or Ubuntu: sudo apt-get install wrk")
    ask, learn = common.chosen(ASKED, options), common.chosen(TRAINED, options)
    common.SCRATCH.mkdir(parents=True, exist_ok=True)
    lines = []
    with tempfile.TemporaryDirectory(dir=common.SCRATCH) as name:
        folder, running = pathlib.Path(name), []
        try:
            for begin, place in ((ours, "ours"), (peer, "peer")):
                running.append(begin(folder / place))
            of = lambda case: [doors[case.door] for doors in running]
            rows = [row for case in ask for row in predictions(case, of(case), folder, options)]
            if rows:
                lines += [*common.table(ASKED_HEADER, rows), "", ABOUT_ASKED.format(options.repeats, options.seconds), ""]
            seeds = itertools.count(1)
            rows = [trainings(case, of(case), seeds, options) for case in learn]
            if rows:
                lines += [*common.table(TRAINED_HEADER, rows), "", ABOUT_TRAINED.format(ROWS * options.scale, options.repeats)]
        finally:
            for doors in running:
                next(iter(doors.values())).stop()
    common.keep("dialects", PACKAGES, lines)


ASKED_HEADER = [
    "case", "connections", "peer ÷ ours, processor time", "bar", "verdict", "our µs a request", "theirs", "ours a second",
    "theirs", "our p50, p99 ms", "theirs", "our answer", "theirs",
]
TRAINED_HEADER = [
    "case", "peer ÷ ours, seconds", "bar", "verdict", "ours", "theirs", "our processor time", "theirs", "ratio", "our R²",
    "theirs", "upload",
]
ABOUT_ASKED = (
    "B: the token platform (employees, 2 columns); E: the lesson prices (lessons, 6 columns); forests of 100 trees. {} goes of"
    " {} s each, in turns, medians. Every prediction is paid for in a durable commit; wrk and both servers share the cores."
)
ABOUT_TRAINED = (
    "{:,.0f} rows, 20 columns, from the first byte sent to the answer; E learns from 6 of them. Medians of {} in turns; the peer's"
    " forests of 100 trees once. Settings are each side's defaults where none are named; all cores for whoever uses them."
)


if __name__ == "__main__":
    main()
