"""What `serve.py` measures beside: a FastAPI server that answers, charges and records as Trainyard does, written as such
servers usually are: scikit-learn's pipeline over a pandas frame, the standard library's SQLite, a token checked by PyJWT.

Every prediction is one durable commit (WAL, synchronous=FULL): the balance is debited under its conditions, and the
answer, the ledger's entry and the audit's entry, chained by hash, are written with it.
"""

import hashlib
import json
import os
import pathlib
import sqlite3
import threading
import time
import uuid

import fastapi
import jwt
import pandas
import pydantic
import sklearn.compose
import sklearn.ensemble
import sklearn.impute
import sklearn.pipeline
import sklearn.preprocessing

SECRET = "a secret of the bench alone, longer than the 32 bytes that are asked for"
PRICE = 5
SCHEMA = """
create table users (id text primary key, active integer, token_version integer, role text, tokens integer);
create table predictions (id text primary key, user_id text, digest text, answer text, price integer, at real);
create table ledger (id integer primary key, user_id text, delta integer, why text, reference text, balance integer, at real);
create table audit (id integer primary key, at real, actor text, action text, subject text, address text, details text,
    previous_hash text, hash text);
create index ledger_of on ledger (user_id, id);
create index predictions_of on predictions (user_id, id);
"""


class Question(pydantic.BaseModel):
    rows: list[dict]


def fitted(path, target):
    """The usual pipeline and forest over a table, with its classes."""
    table = pandas.read_csv(path)
    features = table.drop(columns=[target])
    numbers = features.select_dtypes("number").columns.tolist()
    categories = [name for name in features if name not in numbers]
    preparation = sklearn.compose.ColumnTransformer(
        [
            ("numbers", sklearn.impute.SimpleImputer(strategy="median"), numbers),
            (
                "categories",
                sklearn.pipeline.make_pipeline(
                    sklearn.impute.SimpleImputer(strategy="most_frequent"),
                    sklearn.preprocessing.OneHotEncoder(handle_unknown="ignore"),
                ),
                categories,
            ),
        ]
    )
    forest = sklearn.ensemble.RandomForestClassifier(n_estimators=100, random_state=42, n_jobs=1)
    return sklearn.pipeline.make_pipeline(preparation, forest).fit(features, table[target])


def database(folder):
    connection = sqlite3.connect(folder / "peer.db", check_same_thread=False, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.executescript(SCHEMA)
    connection.execute("insert into users values ('ana', 1, 1, 'user', 1000000000)")
    return connection


FOLDER = pathlib.Path(os.environ["TRAINYARD_PEER_FOLDER"])
MODEL = fitted(os.environ["TRAINYARD_PEER_TABLE"], os.environ["TRAINYARD_PEER_TARGET"])
DATABASE = database(FOLDER)
WRITER = threading.Lock()
HEAD = {"hash": "0" * 64}
(FOLDER / "token").write_text(jwt.encode({"sub": "ana", "ver": 1, "role": "user"}, SECRET, algorithm="HS256"))

app = fastapi.FastAPI()


def caller(authorization: str = fastapi.Header()):
    try:
        return jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise fastapi.HTTPException(401, "not signed in") from error


@app.get("/empty")
def empty(claims=fastapi.Depends(caller)):
    return {"name": claims["sub"]}


@app.post("/predictions")
def predict(question: Question, request: fastapi.Request, claims=fastapi.Depends(caller)):
    frame = pandas.DataFrame(question.rows)
    answers = MODEL.predict(frame).tolist()
    digest = hashlib.sha256(json.dumps(question.rows).encode()).hexdigest()
    identifier, now, user = str(uuid.uuid4()), time.time(), claims["sub"]
    with WRITER:
        DATABASE.execute("begin immediate")
        try:
            row = DATABASE.execute(
                "update users set tokens = tokens - ? where id = ? and active and token_version = ? and role = ? and"
                " tokens >= ? returning tokens",
                (PRICE, user, claims["ver"], claims["role"], PRICE),
            ).fetchone()
            if row is None:
                raise fastapi.HTTPException(402, "not enough tokens")
            balance = row[0]
            DATABASE.execute(
                "insert into predictions values (?, ?, ?, ?, ?, ?)", (identifier, user, digest, json.dumps(answers), PRICE, now)
            )
            DATABASE.execute(
                "insert into ledger (user_id, delta, why, reference, balance, at) values (?, ?, 'predict', ?, ?, ?)",
                (user, -PRICE, identifier, balance, now),
            )
            details = json.dumps({"rows": len(answers), "input": digest, "prediction": identifier})
            entry = json.dumps([now, user, "predict", "model", request.client.host, details, HEAD["hash"]])
            link = hashlib.sha256(entry.encode()).hexdigest()
            DATABASE.execute(
                "insert into audit (at, actor, action, subject, address, details, previous_hash, hash)"
                " values (?, ?, 'predict', 'model', ?, ?, ?, ?)",
                (now, user, request.client.host, details, HEAD["hash"], link),
            )
            DATABASE.execute("commit")
            HEAD["hash"] = link
        except BaseException:
            DATABASE.execute("rollback")
            raise
    return {"id": identifier, "predictions": answers, "charged": PRICE, "balance": balance}
