"""Handwritten digits as pictures (MNIST, 20,000 to learn from and 5,000 to judge by), through the command line and over HTTP.

`cargo xtask bench pictures [--only PARTS] [--scale SHARE] [--repeats N] [--no-results]`; the parts, all unless said:

- `fit`: what the first start trains, beside scikit-learn's SVC on the raw pixels. Ours trains on all cores, from the archive
  to the model file, with calibrated probabilities as the first start does and without them as scikit-learn does; scikit-learn
  on the arrays in memory, with its parameters for raw pixels. What is compared is the same work: machines for all pairs of
  digits. Probabilities are learned from further machines on parts of the pictures. The calibration error (ECE) is over
  fifteen bins of the confidence in the answer.
- `first`: from the start of a server on an empty folder until it reads digits.
- `one`: that server is asked for one picture at a time, as a form and as base64 in JSON.
- `zip`: it is sent archives of 5,000 and of 50,000 pictures, the digits to judge by in ten places each; how many a second,
  and the most memory it takes beside what it has at rest.

The pictures are IDX files, found in the folder in TRAINYARD_BENCH_DATA, in `digits` within it, or beside it.
"""

import base64
import csv
import gzip
import http.client
import io
import json
import os
import shutil
import struct
import subprocess
import tempfile
import time
import zipfile
import zlib

import numpy as np
from digits import folder, pictures
from server import Server

import common

REPEATS = 1
PARTS = ("fit", "first", "one", "zip")
ACCURACY, TIMES, ERROR = 0.988, 5.0, 0.02
BINS = 15
FIRST_SECONDS, ONE_MILLISECONDS = 60, 10
# Pictures that are asked about one at a time, each way.
ASKED = 1_000
# By how many pixels down and right.
PLACES = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1), (0, 2)]
# What cross-validation chooses for raw pixels, see bench digits.
RAW = {"C": 5.0, "gamma": 1.5}


def archive(name, rows):
    """One of the sets as it is uploaded: a zip archive of the pair."""
    path = common.SCRATCH / f"{name}-{rows}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind, size in (("images-idx3", 28 * 28), ("labels-idx1", 1)):
            content = gzip.decompress((folder() / f"{name}-{kind}-ubyte.gz").read_bytes())
            head = content[: 4 + 4 * content[3]]
            head = head[:4] + rows.to_bytes(4, "big") + head[8:]
            packed.writestr(kind, head + content[len(head): len(head) + rows * size])
    return path


def run(*words):
    """Seconds that the program took, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run([str(common.built("trainyard")), *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{words}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start, done.stdout


def calibration_error(confidence, right):
    """How far confidence and truth are apart, by the share of answers in each bin."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    parts = (bins == place for place in range(BINS))
    return sum(abs(confidence[part].mean() - right[part].mean()) * part.mean() for part in parts if part.any())


def ours(learned, judged, truth, *more):
    """Accuracy, calibration error, and seconds to learn and to answer, files included."""
    model, answers = common.SCRATCH / "digits.tym", common.SCRATCH / "digits.csv"
    learning, said = run("train", learned, "--target", "label", "--algorithm", "svm", "--param", "C=5", *more,
                         "--no-holdout", "--json", "-o", model)
    fitting = json.loads(said)["lineage"]["fit_seconds"]
    answering, _ = run("predict", model, judged, "--proba", "-o", answers)
    with answers.open() as lines:
        rows = [(row["prediction"], row[f"probability:{row['prediction']}"]) for row in csv.DictReader(lines)]
    right = np.array([int(digit) for digit, _ in rows]) == truth
    confidence = np.array([float(share) for _, share in rows])
    return right.mean(), calibration_error(confidence, right), learning, fitting, answering


def beside_peer(asked):
    """Lines about what is learned from archives, beside the peer."""
    from sklearn.svm import SVC

    (x, y), (test, truth) = pictures("train-20k"), pictures("test-5k")
    rows = int(len(y) * asked.scale)
    x, y = x[:rows], y[:rows]
    learned, judged = archive("train-20k", rows), archive("test-5k", len(truth))
    own, plain, raw = [], [], []
    for _ in range(asked.repeats):
        own.append(ours(learned, judged, truth))
        plain.append(ours(learned, judged, truth, "--param", "probability=false"))
        machine = SVC(C=RAW["C"], gamma=RAW["gamma"] / (x.shape[1] * x.var()))
        start = time.perf_counter()
        machine.fit(x, y)
        fitted = time.perf_counter()
        right = np.mean(machine.predict(test) == truth)
        raw.append((right, fitted - start, time.perf_counter() - fitted))
    middles = lambda goes: [common.median(values) for values in zip(*goes, strict=True)]
    (good, error, learning, fitting, answering), alike, peer = middles(own), middles(plain), middles(raw)
    judge = common.verdict if asked.scale == 1 else lambda *_: ""
    lines = common.table(["who", "accuracy", "bar", "verdict", "ECE", "bar", "verdict", "fit", "bar", "verdict", "answers"], [
        ["ours, as pictures", f"**{good:.4f}**", f"≥ {ACCURACY}", judge(good, ACCURACY), f"**{error:.4f}**", f"≤ {ERROR}",
         judge(error, ERROR, False), f"{common.seconds(fitting)} ({peer[1] / fitting:.1f}×)", "", "", common.seconds(answering)],
        ["ours, without probabilities", f"{alike[0]:.4f}", "", "", "", "", "",
         f"{common.seconds(alike[3])} (**{peer[1] / alike[3]:.1f}×**)", f"≥ {TIMES:g}×", judge(peer[1] / alike[3], TIMES),
         common.seconds(alike[4])],
        ["scikit-learn, raw pixels", f"**{peer[0]:.4f}**", "", "", "", "", "", common.seconds(peer[1]), "", "",
         common.seconds(peer[2])],
    ])
    lines += ["", f"{rows:,} pictures to learn from, {len(truth):,} to judge by; from archive to model file in"
                  f" {common.seconds(learning)} with probabilities; ours on all cores; medians of {asked.repeats}."]
    return lines


def png(values):
    """28 × 28 grey values as a file."""
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    lines = b"".join(b"\0" + line.tobytes() for line in values)
    head = struct.pack(">IIBBBBB", 28, 28, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def moved(values, down, right):
    """The same on a black ground, elsewhere."""
    ground = np.zeros((32, 32), np.uint8)
    ground[2 + down: 30 + down, 2 + right: 30 + right] = values
    return ground[2:30, 2:30]


def first(data):
    """Seconds from the start of a server on an empty folder until it reads digits, and what it says of its model."""
    start = time.perf_counter()
    with Server(data) as server:
        while (status := server.json("GET", "/api/v1/digits"))["status"] == "preparing":
            time.sleep(0.1)
        if status["status"] != "ready":
            raise SystemExit(f"the digits: {status}")
        return time.perf_counter() - start, status["model"]


def unlimited(data):
    """A server whose model of digits is there already."""
    server = Server(data)
    server.json("PATCH", "/api/v1/admin/settings", {"rate_reading": 0, "rate_predictions": 0, "rate_uploads": 0})
    return server


def as_form(picture):
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="digit.png"\r\nContent-Type: image/png\r\n\r\n'
    return head + picture + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def as_json(picture):
    return json.dumps({"image": base64.b64encode(picture).decode()}), "application/json"


def one_at_a_time(data, digits, truth):
    """Lines about single pictures over one connection."""
    ways = {"a part of a form": as_form, "base64 in JSON": as_json}
    times, right = {way: [] for way in ways}, dict.fromkeys(ways, 0)
    with unlimited(data) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for place in range(-50, ASKED):  # the first fifty are not counted
            for way, written in ways.items():
                body, kind = written(png(digits[place]))
                headers = {"authorization": f"Bearer {server.token}", "content-type": kind}
                start = time.perf_counter()
                connection.request("POST", "/api/v1/digits/predictions", body, headers)
                answer = connection.getresponse()
                text = answer.read()
                took = time.perf_counter() - start
                if answer.status != 200:
                    raise SystemExit(f"{way}: {answer.status} {text[:500]!r}")
                if place >= 0:
                    times[way].append(took * 1e3)
                    right[way] += int(json.loads(text)["prediction"]["value"]) == truth[place]
    rows = []
    for way in ways:
        middle, slow = np.percentile(times[way], [50, 95])
        judged = common.verdict(slow, ONE_MILLISECONDS, least=False)
        share = right[way] / ASKED
        rows.append([way, f"{middle:.2f} ms", f"**{slow:.2f} ms**", f"≤ {ONE_MILLISECONDS} ms", judged, f"{share:.4f}"])
    about = f"{ASKED:,} PNGs of 28 × 28 each way, in turns, over one connection, paid for and recorded; seen from outside."
    return [*common.table(["one picture", "p50", "p95", "bar", "verdict", "accuracy"], rows), "", about, ""]


def packed(digits, truth, places):
    """An archive of the digits in some places, whose names say what they are."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as files:
        for number, (down, right) in enumerate(places):
            for place, (values, digit) in enumerate(zip(digits, truth, strict=True)):
                files.writestr(f"{number}/{place:05}-{digit:.0f}.png", png(moved(values, down, right)))
    return content.getvalue()


def batch(data, model, content, pictures):
    """One archive by a server that has done nothing yet: a row."""
    with unlimited(data) as server:
        time.sleep(2)
        rest = server.memory("VmRSS")
        server.forget_peak()
        start = time.perf_counter()
        path = f"/api/v1/models/{model}/batch-predictions?file_name=digits.zip"
        sent = server.json("POST", path, content, kind="application/octet-stream")
        accepted = time.perf_counter() - start
        server.ended(sent["job"]["id"])
        took = time.perf_counter() - start
        done = server.json("GET", f"/api/v1/batch-predictions/{sent['id']}")
        highest = server.memory("VmHWM")
        if done["status"] != "done" or done["rows"] != pictures:
            raise SystemExit(f"the batch: {done}")
        _, answer = server.ask("GET", f"/api/v1/batch-predictions/{sent['id']}/result")
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    right = sum(row["file"].rsplit("-", 1)[1] == f"{row['prediction']}.png" for row in rows)
    if len(rows) != pictures:
        raise SystemExit(f"{len(rows)} answers for {pictures} pictures")
    return [
        f"{pictures:,} ({len(content) / 1e6:.1f} MB)", f"{took:.2f} s", f"{accepted:.2f} s", f"**{pictures / took:,.0f}**",
        f"{rest:.0f} MB", f"**{highest:.0f} MB**", f"{highest - rest:+.0f} MB", f"{right / pictures:.4f}",
    ]


def archives(data, model, digits, truth):
    """Lines about archives, a small one and a large one."""
    rows = []
    for places in (PLACES[:1], PLACES):
        rows.append(batch(data, model, packed(digits, truth, places), len(places) * len(truth)))
    header = ["pictures", "sent to done", "of it until accepted", "pictures a second", "memory at rest", "at most",
              "difference", "accuracy"]
    about = "A stored archive of PNGs each, to a server of its own that had done nothing before; memory of the whole process."
    return [*common.table(header, rows), "", about, ""]


def main():
    # Importing the other bench pinned this process to one core.
    os.sched_setaffinity(0, range(os.cpu_count()))
    asked = common.arguments(__doc__, REPEATS)
    parts = asked.only.split(",") if asked.only else PARTS
    if unknown := set(parts) - set(PARTS):
        raise SystemExit(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    lines = [*beside_peer(asked), ""] if "fit" in parts else []
    if set(parts) & {"first", "one", "zip"}:
        common.SCRATCH.mkdir(parents=True, exist_ok=True)
        data = tempfile.mkdtemp(dir=common.SCRATCH)
        try:
            lines += over_http(data, parts)
        finally:
            shutil.rmtree(data)
    common.keep("pictures", ["scikit-learn", "numpy"], lines)


def over_http(data, parts):
    values, truth = pictures("test-5k")
    digits = values.astype(np.uint8).reshape(-1, 28, 28)
    seconds, model = first(data)
    judged = common.verdict(seconds, FIRST_SECONDS, least=False)
    lines = [f"An empty folder to a server that reads digits: **{seconds:.1f} s** (bar ≤ {FIRST_SECONDS} s: {judged}).", ""]
    if "one" in parts:
        lines += one_at_a_time(data, digits, truth)
    if "zip" in parts:
        lines += archives(data, model["id"], digits, truth)
    return lines


if __name__ == "__main__":
    main()
