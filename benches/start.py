"""From an empty folder to ready, and what an idle server keeps in memory.

`cargo xtask bench start [REPEATS] [--no-results]`. Ready means that /readyz answers 200. Every start has a new folder, so the
migrations are part of it.
"""

import http.client
import pathlib
import socket
import statistics
import subprocess
import tempfile
import time

import common

READY_BAR_MS = 500
IDLE_BAR_MB = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def memory_mb(pid, field):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"/proc/{pid}/status has no {field}")


def one_start(binary):
    """(milliseconds to ready, idle resident megabytes)."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        server = subprocess.Popen(
            [binary, "serve", "--listen", f"127.0.0.1:{port}", "--data", f"{folder}/data", "--digits", "off"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not is_ready(port):
                if server.poll() is not None or time.perf_counter() - start > 30:
                    raise SystemExit("the server did not become ready within 30 seconds")
                time.sleep(0.001)
            ready = (time.perf_counter() - start) * 1000
            time.sleep(3)
            return ready, memory_mb(server.pid, "VmRSS")
        finally:
            server.terminate()
            server.wait(30)


def main():
    repeats = common.number(0, 7)
    binary = common.built("trainyard")
    starts = [one_start(binary) for _ in range(repeats)]
    ready = statistics.median(first for first, _ in starts)
    idle = statistics.median(second for _, second in starts)
    size = binary.stat().st_size / 2**20
    rows = [
        ["empty folder to ready", f"{ready:.0f} ms", f"≤ {READY_BAR_MS} ms", common.verdict(ready, READY_BAR_MS, least=False)],
        ["idle resident memory", f"{idle:.1f} MB", f"≤ {IDLE_BAR_MB} MB", common.verdict(idle, IDLE_BAR_MB, least=False)],
        ["binary", f"{size:.1f} MB", "", ""],
    ]
    lines = common.table(["what", "median", "bar", "verdict"], rows)
    spread = ", ".join(f"{first:.0f}" for first, _ in starts)
    common.keep("start", [], [*lines, "", f"{repeats} starts, ms to ready: {spread}. Idle is 3 s after ready."])


if __name__ == "__main__":
    main()
