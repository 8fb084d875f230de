"""Requests nobody wrote, against the running server: schemathesis makes them from the server's own API document.

No answer may be a 5xx, none may have a status, a media type or a header that the document does not name, and each is of the
shape that the document describes. Once as somebody with an account, once as an administrator. Started by
`cargo xtask test --long`; the last line is what it counts.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import uuid

ADMIN = {"login": "contract@example.com", "password": "a password for one run"}
USER = {"user_name": "somebody", "password": ADMIN["password"]}
# These end the session that asks, or the account.
ENDINGS = ["POST /api/v1/auth/logout", "POST /api/v1/me/password", "DELETE /api/v1/me"]
# Until the first model of digits is trained, pictures are answered 503 with how far it is, as is written down and tested.
BEGINNINGS = ["POST /api/v1/admin/digits/models"]
CHECKS = ",".join([
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance",
])


def call(base, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json", "Prefer": "wait=60"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=90) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def furnish(base, token):
    """Something to find: identifiers by the noun in their path. The last of each may be deleted."""
    things = {"datasets": [], "models": [], "jobs": [], "api-keys": []}
    for name in ["iris", "titanic", "iris"]:
        dataset = call(base, "POST", f"/api/v1/samples/{name}", {}, token)
        things["datasets"].append(dataset["id"])
        things["jobs"].append(dataset["job_id"])
        target = "species" if name == "iris" else "survived"
        wanted = {"dataset_id": dataset["id"], "target": target, "algorithm": "decision_tree", "name": name}
        model = call(base, "POST", "/api/v1/models", wanted, token)
        assert model["status"] == "ready", model
        things["models"].append(model["id"])
        things["jobs"].append(model["job_id"])
        key = call(base, "POST", "/api/v1/me/api-keys", {"name": name, "scopes": ["read"]}, token)
        things["api-keys"].append(key["id"])
    return things


def knowing(document, things):
    """The document with real identifiers in paths, so that requests find something; unknown ones are tried beside them."""
    for path, item in document["paths"].items():
        parts = path.split("/")
        for method, operation in item.items():
            for parameter in operation.get("parameters", []):
                name = "{" + parameter["name"] + "}"
                known = things.get(parts[parts.index(name) - 1]) if name in parts else None
                if known:
                    some = known[-1:] if method == "delete" else known[:-1]
                    # Twice as often known as not.
                    parameter["schema"] = {"type": "string", "enum": [*some, *some, str(uuid.uuid4())][:6]}
    return document


def run(base, folder, who, token, things, examples, seconds):
    """How many operations were tested, and whether anything failed."""
    with urllib.request.urlopen(base + "/openapi.json", timeout=30) as answer:
        document = knowing(json.load(answer), things)
    place = os.path.join(folder, f"{who}.json")
    with open(place, "w") as file:
        json.dump(document, file)
    words = ["run", place, "--url", base, "--header", f"Authorization: Bearer {token}",
             "--checks", CHECKS, "--phases", "examples,coverage,fuzzing,stateful",
             "--max-examples", examples, "--max-time", seconds, "--seed", "42",
             "--continue-on-failure", "--suppress-health-check", "all", "--no-color", "--warnings", "off"]
    for left_out in ENDINGS + BEGINNINGS:
        words += ["--exclude-name", left_out]
    print(f"as {who}", flush=True)
    run = subprocess.run([sys.executable, "-m", "schemathesis.cli", *words], stdout=subprocess.PIPE, text=True)
    print(run.stdout)
    tested = re.search(r"Tested: (\d+)", run.stdout)
    return int(tested.group(1)) if tested else 0, run.returncode != 0


def main(binary, examples, seconds):
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "data"), "--threads", "1", "--digits", "off",
             "--log", "error", "--admin-email", ADMIN["login"], "--admin-password", ADMIN["password"]],
            stdout=subprocess.PIPE, text=True,
        )
        try:
            base = re.search(r"http://\S+", server.stdout.readline()).group()
            admin = call(base, "POST", "/api/v1/auth/login", ADMIN)["access_token"]
            # Limits would answer for the routes.
            settings = call(base, "GET", "/api/v1/admin/settings", token=admin)["items"]
            limits = {one["key"]: 0 for one in settings if one["key"].startswith("rate_")}
            call(base, "PATCH", "/api/v1/admin/settings", {**limits, "starting_tokens": 1_000_000}, admin)
            user = call(base, "POST", "/api/v1/auth/register", USER)
            victim = call(base, "POST", "/api/v1/auth/register", {**USER, "user_name": "victim"})
            token = user["access_token"]
            things = furnish(base, token)
            runs = [run(base, folder, "somebody", token, things, examples, seconds)]
            # What was there may be gone or changed by now. Signing in waits, after so many wrong passwords from here.
            things = furnish(base, victim["access_token"])
            things["users"] = [victim["user"]["id"], user["user"]["id"]]
            runs.append(run(base, folder, "an administrator", admin, things, examples, seconds))
            for tested, wrong in runs:
                passed += 0 if wrong else tested
                failed += wrong or tested == 0
            failed += server.poll() is not None
        finally:
            server.terminate()
            server.wait(30)
    print(f"{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
