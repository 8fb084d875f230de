"""A server of ours with an administrator who has tokens enough, for the benches that ask it over HTTP."""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import time

import common

LOGIN, PASSWORD = "admin@example.com", "correct horse battery"
TICKS = os.sysconf("SC_CLK_TCK")


def memory(pid, field):
    """Megabytes (10⁶ bytes) that the kernel says of a process; VmHWM is the most it has had."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


class Server:
    """Runs on a data folder until it is stopped; `words` go to `trainyard serve`, `environment` beside what is there."""

    def __init__(self, data, *words, environment=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.token = None
        self.process = subprocess.Popen(
            [common.built("trainyard"), "serve", "--listen", f"127.0.0.1:{self.port}", "--data", data,
             "--admin-email", LOGIN, "--admin-password", PASSWORD, "--log", "error", *words],
            stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        until = time.monotonic() + 60
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server did not become ready")
            time.sleep(0.05)
        signed_in = self.json("POST", "/api/v1/auth/login", {"login": LOGIN, "password": PASSWORD})
        self.token, self.user = signed_in["access_token"], signed_in["user"]["id"]
        self.json("POST", f"/api/v1/admin/users/{self.user}/tokens", {"tokens": 10_000_000, "reason": "a bench"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, kind="application/json", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
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

    def upload(self, path):
        """A data set from a file, ready."""
        with open(path, "rb") as file:
            found = self.json("POST", f"/api/v1/datasets?file_name={pathlib.Path(path).name}", file,
                              kind="application/octet-stream", headers={"Prefer": "wait=60"})
        while found["status"] == "profiling":
            time.sleep(0.2)
            found = self.json("GET", f"/api/v1/datasets/{found['id']}")
        if found["status"] != "ready":
            raise SystemExit(f"{path}: the data set is {found['status']}: {found}")
        return found

    def ended(self, job):
        """A job once it has ended, asked for often and cheaply."""
        while (found := self.json("GET", f"/api/v1/jobs/{job}"))["status"] in ("queued", "running"):
            time.sleep(0.02)
        return found

    def memory(self, field):
        return memory(self.process.pid, field)

    def forget_peak(self):
        """The count of the most memory begins anew."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def processor_seconds(self):
        """What the server has used so far, kernel included."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
