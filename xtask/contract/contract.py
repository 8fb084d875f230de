"""Requests nobody wrote, against the running server: schemathesis makes them from the server's own API document.

No answer may be a 5xx, and none may have a status or a media type that the document does not name. Started by
`cargo xtask test --long`; the last line is what it counts.
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request

CREDENTIALS = {"login": "contract@example.com", "password": "a password for one run"}
# These end the session that asks, or the account.
ENDINGS = ["POST /api/v1/auth/logout", "POST /api/v1/me/password", "DELETE /api/v1/me"]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"


def call(base, path, body, token=None):
    headers = {"Content-Type": "application/json", "Prefer": "wait=60"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(base + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)


def main(binary, examples, seconds):
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data", folder, "--threads", "1", "--digits", "off",
             "--log", "error", "--admin-email", CREDENTIALS["login"], "--admin-password", CREDENTIALS["password"]],
            stdout=subprocess.PIPE, text=True,
        )
        try:
            base = re.search(r"http://\S+", server.stdout.readline()).group()
            token = call(base, "/api/v1/auth/login", CREDENTIALS)["access_token"]
            # Something to find: a data set and a model.
            dataset = call(base, "/api/v1/samples/iris", {}, token)
            call(base, "/api/v1/models",
                 {"dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree"}, token)
            words = ["run", base + "/openapi.json", "--header", f"Authorization: Bearer {token}",
                     "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
                     "--max-examples", examples, "--max-time", seconds, "--seed", "42",
                     "--continue-on-failure", "--suppress-health-check", "all", "--no-color", "--warnings", "off"]
            for ending in ENDINGS:
                words += ["--exclude-name", ending]
            run = subprocess.run([sys.executable, "-m", "schemathesis.cli", *words], stdout=subprocess.PIPE, text=True)
            print(run.stdout)
            alive = server.poll() is None
        finally:
            server.terminate()
            server.wait(30)
    tested = re.search(r"Tested: (\d+)", run.stdout)
    passed = int(tested.group(1)) if tested else 0
    failed = int(run.returncode != 0 or not alive or passed == 0)
    print(f"{passed if not failed else 0} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
